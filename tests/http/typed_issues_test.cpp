// POST /issues?parse=1: the title is read as a person types it.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "shared/core/time.hpp"
#include "tests/http/support/running_server.hpp"

namespace dits::test {

namespace {

std::string made(const Client& client, const std::string& path, const Json& body) {
  const Answer answer = client.post("/api/v1/" + path, body);
  REQUIRE(answer.status == 201);
  return answer.text("id");
}

}  // namespace

TEST_CASE("attributes leave a typed title and lie over what the body says") {
  const Client& alice = shared_server().alice;
  const std::string label = made(alice, "labels", {{"name", "typed, label"}});
  const std::string other_label = made(alice, "labels", {{"name", "typed-body"}});
  const std::string project = made(alice, "projects", {{"name", "Typed Project"}});
  const std::string area = made(alice, "areas", {{"name", "Typed Area"}});
  const Answer parent = alice.post("/api/v1/issues", {{"title", "typed parent"}});
  const std::string number = std::to_string(parent.json()["number"].get<std::int64_t>());
  const Answer answer =
      alice.post("/api/v1/issues?parse=1&today=2026-07-14",
                 {{"title",
                   "Fix #\"Typed, Label\" it !high @typed-project @TypedArea due:fri start:+1d >#" + number +
                       " \"see #nope\" \\#kept"},
                  {"priority", "LOW"},
                  {"dueDate", "2026-12-24"},
                  {"labelIds", {other_label}}});
  REQUIRE(answer.status == 201);
  const Json issue = answer.json();
  CHECK(issue["title"] == "Fix it \"see #nope\" #kept");
  CHECK(issue["priority"] == "HIGH");
  CHECK(issue["projectId"] == project);
  CHECK(issue["areaId"] == area);
  CHECK(issue["startDate"] == "2026-07-15");
  CHECK(issue["dueDate"] == "2026-07-17");
  CHECK(issue["parentIssueId"] == parent.json()["id"]);
  CHECK(issue["labelIds"].size() == 2);
  CHECK(issue["labelIds"] ==
        Json(std::min(label, other_label) == label ? Json{label, other_label} : Json{other_label, label}));
}

TEST_CASE("a typed title that names what is not there is refused whole, with how to keep the words") {
  const Client& alice = shared_server().alice;
  const Client& bob = shared_server().bob;
  made(bob, "labels", {{"name", "of-bob"}});
  const Json body = {{"title", "Untaken #of-bob @nowhere due:soon >#999999"}};
  const Answer answer = alice.post("/api/v1/issues?parse=true", body);
  CHECK(answer.status == 400);
  CHECK(answer.text("code") == "unknown_attribute");
  const Json errors = answer.json()["errors"];
  REQUIRE(errors.size() == 4);
  CHECK(errors[0]["field"] == "title");
  CHECK(errors[0]["message"] ==
        "There is no label “of-bob”; to leave it in the title, write \\#of-bob instead.");
  CHECK(errors[1]["message"] ==
        "There is no project or area “nowhere”; to leave it in the title, write \\@nowhere instead.");
  CHECK(errors[2]["message"] ==
        "“soon” is no day: write due:fri, due:+3d or due:2026-07-31; to leave it in the title, write "
        "\\due:soon instead.");
  CHECK(errors[3]["message"] ==
        "There is no issue #999999; to leave it in the title, write \\>#999999 instead.");
  CHECK(alice.get("/api/v1/issues?q=Untaken").json()["items"].empty());

  CHECK(alice.post("/api/v1/issues?parse=0", body).json()["title"] == body["title"]);
}

TEST_CASE("a parent in the trash is none, and attributes alone are no title") {
  const Client& alice = shared_server().alice;
  const Answer gone = alice.post("/api/v1/issues", {{"title", "typed and gone"}});
  REQUIRE(alice.remove("/api/v1/issues/" + gone.text("id")).status == 204);
  const std::string number = std::to_string(gone.json()["number"].get<std::int64_t>());
  CHECK(alice.post("/api/v1/issues?parse=1", {{"title", "below >#" + number}}).text("code") ==
        "unknown_attribute");
  const Answer empty = alice.post("/api/v1/issues?parse=1", {{"title", "!high due:fri"}});
  CHECK(empty.status == 400);
  CHECK(empty.json()["errors"][0]["field"] == "title");
}

TEST_CASE("what stands in the query beside a new issue is checked") {
  const Client& alice = shared_server().alice;
  const Json body = {{"title", "never made"}};
  for (const char* query : {"parse=yes", "today=2026-07-14", "parse=1&today=friday", "parsed=1"}) {
    CAPTURE(query);
    CHECK(alice.post(std::string("/api/v1/issues?") + query, body).status == 400);
  }
}

// Kiritimati is a day ahead of Pago Pago at every moment but an hour a day, in which it is two.
TEST_CASE("the header Time-Zone says whose days a list and a typed title mean") {
  const Client& alice = shared_server().alice;
  const auto typed = [&](const char* zone) {
    const Answer answer =
        alice.post("/api/v1/issues?parse=1", {{"title", "zoned due:today"}}, {{"Time-Zone", zone}});
    REQUIRE(answer.status == 201);
    return *parse_date(answer.text("dueDate"));
  };
  const auto listed = [&](const char* zone) {
    std::set<std::string> days;
    const Json found = alice.get("/api/v1/issues?q=zoned%20due:today", {{"Time-Zone", zone}}).json();
    for (const Json& issue : found["items"]) days.insert(issue["dueDate"].get<std::string>());
    return days;
  };
  for (bool has_day_ended = true; has_day_ended;) {
    const Date west = typed("Pacific/Pago_Pago");
    const Date east = typed("Pacific/Kiritimati");
    const std::set<std::string> western = listed("Pacific/Pago_Pago");
    const std::set<std::string> eastern = listed("+14:00");
    has_day_ended = typed("Pacific/Pago_Pago") != west || typed("Pacific/Kiritimati") != east;
    if (has_day_ended) continue;
    CHECK(east.days > west.days);
    CHECK(western == std::set<std::string>{to_string(west)});
    CHECK(eastern == std::set<std::string>{to_string(east)});
  }
  const Answer refused = alice.get("/api/v1/issues?q=due:today", {{"Time-Zone", "Mars/Olympus"}});
  CHECK(refused.status == 400);
  CHECK(refused.json()["errors"][0]["field"] == "Time-Zone");
  CHECK(alice.get("/api/v1/issues?q=is:open", {{"Time-Zone", "Mars/Olympus"}}).status == 200);
  CHECK(alice.get("/api/v1/issues?q=due:today", {{"Time-Zone", "CET"}}).status == 200);
  // One that says nothing, or two things, is not passed over.
  for (const Headers& wrong :
       {Headers{{"Time-Zone", ""}}, Headers{{"Time-Zone", "UTC"}, {"time-zone", "CET"}}}) {
    const Answer answer = alice.get("/api/v1/issues?q=is:open", wrong);
    CHECK(answer.status == 400);
    CHECK(answer.text("detail") == "Time-Zone must name one time zone, as Europe/Vienna, UTC or +02:00.");
    CHECK(alice.post("/api/v1/issues?parse=1", {{"title", "zoned"}}, wrong).status == 400);
  }
}

TEST_CASE("a refused parameter is named in the sentence, too") {
  const Client& alice = shared_server().alice;
  const auto detail = [&](const std::string& query) {
    const Answer answer = alice.get("/api/v1/issues?" + query);
    CHECK(answer.status == 400);
    return answer.text("detail");
  };
  CHECK(detail("limit=0") == "limit must be a whole number from 1 to 200.");
  CHECK(detail("limit=1&limit=2") == "The query parameter \"limit\" is given more than once.");
  CHECK(detail("limti=1") == "There is no query parameter \"limti\" here.");
  CHECK(alice.get("/api/v1/export?format=pdf").text("detail").find("format must be") == 0);
}

}  // namespace dits::test
