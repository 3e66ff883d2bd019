// What was typed in Studio is kept as other words are.
#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"
#include "web/store/studio.hpp"

namespace dits::web::test {

TEST_CASE("A statement that was typed in Studio, and changes that were not saved, outlive a reload") {
  FakeServer server;
  server.snapshot.user->role = Role::admin;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open("/studio/labels");
    auto next = std::make_shared<StudioState>(studio_of(browser.desk.state()));
    next->sql = "select 'typed for an hour'";
    next->edits = {
        {StudioAction::update, {{"id", "l1"}}, "700", {{"name", "net"}, {"deleted_at", std::nullopt}}}};
    next->other_edits["areas"] = {{StudioAction::insert, {}, {}, {{"name", "Garden"}}}};
    browser.desk.change(StudioChanged{std::move(next)});
    browser.settle();
    kept = browser.platform.storage();
  }
  Browser again(server);
  again.platform.storage() = kept;
  again.open("/studio/labels");
  const StudioState& studio = studio_of(again.desk.state());
  CHECK(studio.sql == "select 'typed for an hour'");
  REQUIRE(studio.edits.size() == 1);
  CHECK(studio.edits[0].version == "700");
  CHECK(studio.edits[0].values.at("name") == "net");
  CHECK_FALSE(studio.edits[0].values.at("deleted_at").has_value());
  REQUIRE(studio.other_edits.count("areas") == 1);
  CHECK(studio.other_edits.at("areas")[0].values.at("name") == "Garden");
  // What was discarded does not come back.
  again.run("studio.discard");
  again.settle();
  Browser third(server);
  third.platform.storage() = again.platform.storage();
  third.open("/studio/labels");
  CHECK(studio_of(third.desk.state()).edits.empty());
}

TEST_CASE("A save in Studio that nobody answered is repeated under the same key") {
  FakeServer server;
  server.snapshot.user->role = Role::admin;
  Browser browser(server);
  browser.open("/studio/labels");
  auto next = std::make_shared<StudioState>(studio_of(browser.desk.state()));
  next->edits = {{StudioAction::insert, {}, {}, {{"name", "net"}}}};
  browser.desk.change(StudioChanged{std::move(next)});
  server.answers = {FetchResponse{0, FetchFailure::network, {}, {}}, FakeServer::ok(R"({"applied":1})")};
  browser.run("studio.save");
  browser.settle();
  REQUIRE(studio_of(browser.desk.state()).edits.size() == 1);
  browser.run("studio.save");
  browser.settle();
  REQUIRE(server.writes.size() == 2);
  CHECK_FALSE(header_of(server.writes[0], "idempotency-key").empty());
  CHECK(header_of(server.writes[0], "idempotency-key") == header_of(server.writes[1], "idempotency-key"));
  CHECK(studio_of(browser.desk.state()).edits.empty());
}

}  // namespace dits::web::test
