// What the browser does when the log, the stream or an answer is not what it goes on from.
#include <doctest/doctest.h>

#include "tests/web/support/refusals.hpp"

namespace dits::web::test {

TEST_CASE("A stream that the server has reset is closed before the snapshot is read again") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  CHECK(server.snapshots_asked == 1);
  browser.platform.lose_streams(409);
  browser.settle();
  CHECK(server.snapshots_asked == 2);
  CHECK(browser.platform.streams().size() == 1);
}

TEST_CASE(
    "A copy of the log that a restore has replaced is not continued, whatever the numbers of its changes") {
  FakeServer server;
  server.snapshot.log = "before";
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    CHECK(browser.platform.streams().at(0).url.ends_with("?log=before"));
    kept = browser.platform.storage();
  }
  server.snapshot.log = "after";
  server.snapshot.issues.at(0).title = "As it was backed up";
  Browser browser(server);
  browser.platform.storage() = kept;
  browser.open();
  browser.settle();
  CHECK(server.snapshots_asked == 2);
  CHECK(find_issue(browser.desk.state().entities, world_issue(1))->title == "As it was backed up");
  REQUIRE(browser.platform.streams().size() == 1);
  CHECK(browser.platform.streams()[0].url.ends_with("?log=after"));
}

TEST_CASE("What was done in a log that a restore has replaced is not undone in the new one") {
  FakeServer server;
  server.snapshot.log = "before";
  Browser browser(server);
  browser.open();
  browser.run("issue.title.set", std::string("Before"));
  browser.settle();
  CHECK(browser.desk.state().undo_depth == 1);
  browser.platform.lose_streams(409);
  browser.settle();
  CHECK(browser.desk.state().undo_depth == 1);
  server.snapshot.log = "after";
  browser.platform.lose_streams(409);
  browser.settle();
  CHECK(browser.desk.state().undo_depth == 0);
}

TEST_CASE("A snapshot that the server fails to give is asked for again") {
  FakeServer server;
  Browser browser(server);
  server.sync_answers = {FakeServer::problem(503, "unavailable", "Too busy")};
  browser.open();
  wait(browser, 5);
  CHECK(browser.desk.state().sync.phase == SyncPhase::synced);
  CHECK(browser.platform.streams().size() == 1);
}

TEST_CASE(
    "Changes that the server fails to give are asked for again, and synced means that a stream is open") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    kept = browser.platform.storage();
  }
  Browser browser(server);
  browser.platform.storage() = kept;
  for (int times = 0; times < 3; ++times)
    server.sync_answers.push_back(FakeServer::problem(503, "unavailable", "Too busy"));
  browser.open();
  CHECK(browser.platform.streams().empty());
  browser.run("issue.title.set", std::string("Still writing"));
  browser.platform.draw();
  const bool claims_too_much =
      browser.desk.state().sync.phase == SyncPhase::synced && browser.platform.streams().empty();
  CHECK_FALSE(claims_too_much);
  wait(browser, 40);
  CHECK(browser.desk.state().sync.phase == SyncPhase::synced);
  CHECK(browser.platform.streams().size() == 1);
  CHECK(server.snapshot.issues[0].title == "Still writing");
}

TEST_CASE("An answer from before the session was lost takes no other write off the queue") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.platform.hold_answers = true;
  browser.run("issue.title.set", std::string("One"), 1);
  browser.run("issue.title.set", std::string("Two"), 2);
  browser.platform.draw();
  browser.platform.lose_streams(401);
  browser.desk.run({"session.sign_in", Credentials{"marek@dits.dev", "demo1234", ""}, {}, false, 0, 0});
  browser.platform.deliver_answers("/auth/login");
  server.answers = {FakeServer::ok(dump(issue_to_json(server.snapshot.issues[0]))),
                    FakeServer::ok(dump(issue_to_json(server.snapshot.issues[0]))),
                    refusal()};
  browser.platform.deliver_answers("/issues/");
  browser.platform.hold_answers = false;
  browser.settle();
  CHECK(server.writes.size() == 4);  // signing in, the first one twice, the second
  CHECK(browser.has_toast("The server does not like this"));
  CHECK(browser.desk.state().sync.waiting == 0);
}

}  // namespace dits::web::test
