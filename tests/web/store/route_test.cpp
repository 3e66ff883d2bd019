// URLs and routes.
#include "web/store/route.hpp"

#include <doctest/doctest.h>

#include "web/store/undo.hpp"

namespace dits::web {

TEST_CASE("A route is read back from its URL") {
  for (const char* url : {"/inbox",
                          "/today",
                          "/upcoming",
                          "/next",
                          "/logbook",
                          "/issues",
                          "/trash",
                          "/login",
                          "/issues/128",
                          "/issues/new",
                          "/projects/0199c1f2-0000-7000-8000-000000000001?layout=board",
                          "/views/0199c1f2-0000-7000-8000-000000000001",
                          "/settings/tokens",
                          "/settings/backups",
                          "/setup/abc_DEF-1",
                          "/issues?q=is%3Aopen%20%22a%20b%22",
                          "/labels/0199c1f2-0000-7000-8000-000000000001?layout=board&q=x",
                          "/upcoming?layout=calendar",
                          "/upcoming?layout=calendar&day=2026-07-23",
                          "/issues?layout=calendar&span=week&day=2026-07-23&q=is%3Aopen"}) {
    CAPTURE(url);
    CHECK(format_route(parse_route(url)) == url);
  }
}

TEST_CASE("What is not known is not found, with its path") {
  for (const char* url : {"/nothing", "/issues/abc", "/issues/0", "/projects/1", "/settings/nothing"}) {
    CAPTURE(url);
    CHECK(parse_route(url).screen == Screen::not_found);
    CHECK(parse_route(url).path == url);
  }
  CHECK(parse_route("/").screen == Screen::inbox);
  CHECK(parse_route("").screen == Screen::inbox);
  CHECK(parse_route("/today/").screen == Screen::today);
}

TEST_CASE("A day that does not exist is today's, and the trash has no calendar") {
  CHECK_FALSE(parse_route("/issues?layout=calendar&day=2026-02-30").day.has_value());
  CHECK_FALSE(parse_route("/issues?layout=calendar&day=").day.has_value());
  CHECK_FALSE(shows_calendar(parse_route("/trash?layout=calendar")));
  CHECK_FALSE(shows_calendar(parse_route("/settings/profile?layout=calendar")));
  CHECK(format_route(parse_route("/issues?day=2026-07-23&span=week")) == "/issues");
}

TEST_CASE("Steps that the server confirmed are kept as text; others are not") {
  UndoStack stack;
  UndoStep first;
  first.title = "Set priority: High";
  first.token = 1;
  UndoStep second;
  second.title = "Not sent yet";
  second.token = 2;
  stack.push(first);
  stack.push(second);
  stack.confirm(1, 41);
  const auto kept = UndoStack::from_text(stack.to_text());
  REQUIRE(kept.has_value());
  REQUIRE(kept->undo_depth() == 1);
  CHECK(kept->steps()[0].title == "Set priority: High");
  CHECK(kept->steps()[0].change_ids == std::vector<std::int64_t>{41});
  stack.forget(2);
  CHECK(stack.undo_depth() == 1);
  CHECK_FALSE(UndoStack::from_text("[{}]").has_value());
}

}  // namespace dits::web
