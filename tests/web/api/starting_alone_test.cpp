// A start without the server: it goes on with the copy of the account that was signed in last, and with
// nothing of one that signed out or that the server did not know any more.
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"

namespace dits::web::test {

namespace {

using Stored = std::map<std::string, std::string>;

// What the browser has after somebody worked and something happened.
template <typename Happens>
Stored stored_after(FakeServer& server, Happens happens) {
  Browser browser(server);
  browser.open();
  browser.settle();
  happens(browser);
  browser.settle();
  return browser.platform.storage();
}

// A start with that storage.
struct Start {
  Start(FakeServer& server, Stored storage, const std::string& url = "/issues") : browser(server) {
    browser.platform.storage() = std::move(storage);
    browser.open(url);
    browser.settle();
  }
  const State& state() const { return browser.desk.state(); }
  bool shows_account() const {
    return state().session.phase == SessionPhase::signed_in ||
           document_title(state()).find("#1") != std::string::npos;
  }
  Browser browser;
};

void lose_session(FakeServer& server, Browser& browser) {
  server.is_signed_in = false;
  browser.platform.lose_streams(401);
}

void sign_in(Browser& browser) {
  browser.desk.run({"session.sign_in", Credentials{"x@dits.dev", "demo1234", ""}, {}, false, 0, 0});
  browser.settle();
}

}  // namespace

TEST_CASE("A start without the server goes on with the copy; what is written then is sent once it is back") {
  FakeServer server;
  const Stored kept = stored_after(server, [](Browser&) {});
  server.is_down = true;
  Start start(server, kept);
  REQUIRE(start.shows_account());
  CHECK(start.state().sync.phase == SyncPhase::offline);
  CHECK(start.state().entities.issues.size() == 5);
  start.browser.run("issue.title.set", std::string("Written alone"));
  start.browser.settle();
  CHECK(server.writes.empty());
  server.is_down = false;
  start.browser.platform.advance(70'000);
  CHECK(start.state().sync.phase == SyncPhase::synced);
  CHECK(server.writes.size() == 1);
  CHECK(server.snapshot.issues[0].title == "Written alone");
}

TEST_CASE("After signing out a start without the server has nothing of the account to show") {
  FakeServer server;
  const Stored kept = stored_after(server, [](Browser& browser) {
    browser.desk.run({"session.sign_out", {}, {}, false, 0, 0});
  });
  server.is_down = true;
  Start start(server, kept, "/issues/1");
  CHECK_FALSE(start.shows_account());
  CHECK(start.state().entities.issues.empty());
}

TEST_CASE("A copy whose account the server refused is shown to nobody before that account is back") {
  for (const bool at_start : {false, true}) {
    CAPTURE(at_start);
    FakeServer server;
    Stored kept;
    if (at_start) {
      kept = stored_after(server, [](Browser&) {});
      server.is_signed_in = false;
      kept = Start(server, kept).browser.platform.storage();
    } else {
      kept = stored_after(server, [&](Browser& browser) { lose_session(server, browser); });
    }
    server.is_down = true;
    Start alone(server, kept, "/issues/1");
    CHECK_FALSE(alone.shows_account());
    alone.browser.platform.advance(70'000);
    CHECK_FALSE(alone.shows_account());
    // The copy is good again with its account: nothing is loaded anew.
    server.is_down = false;
    const int before = server.snapshots_asked;
    Start back(server, alone.browser.platform.storage());
    CHECK_FALSE(back.shows_account());
    sign_in(back.browser);
    CHECK(back.shows_account());
    CHECK(server.snapshots_asked == before);
    server.is_down = true;
    Start again(server, back.browser.platform.storage());
    CHECK(again.shows_account());
  }
}

TEST_CASE("A store that is too full for the mark lets go of the copy whose account was refused") {
  FakeServer server;
  const Stored kept = stored_after(server, [&](Browser& browser) {
    browser.platform.storage_is_full = true;
    lose_session(server, browser);
  });
  server.is_down = true;
  Start alone(server, kept, "/issues/1");
  CHECK_FALSE(alone.shows_account());
  CHECK(alone.state().entities.issues.empty());
}

TEST_CASE("A tab that was signed out shows nothing when it hears of a sign-in and can't ask who it is") {
  FakeServer server;
  Browser one(server);
  one.open();
  one.settle();
  lose_session(server, one);
  one.settle();
  REQUIRE(one.desk.state().session.phase == SessionPhase::signed_out);
  HeadlessPlatform two;
  two.share_storage(one.platform);
  server.is_down = true;
  two.tell_tabs("signed-in " + to_string(world_uuid(2)));
  one.settle();
  CHECK(one.desk.state().session.phase == SessionPhase::signed_out);
}

TEST_CASE("A server that takes requests and answers none is waited for with the copy on the screen") {
  FakeServer server;
  const Stored kept = stored_after(server, [](Browser&) {});
  Browser browser(server);
  browser.platform.storage() = kept;
  browser.platform.hold_answers = true;
  browser.open();
  browser.settle();
  REQUIRE(browser.desk.state().session.phase == SessionPhase::signed_in);
  CHECK(browser.desk.state().sync.phase == SyncPhase::offline);
  CHECK(browser.desk.state().entities.issues.size() == 5);
  browser.run("issue.title.set", std::string("While it was silent"));
  browser.settle();
  CHECK(server.writes.empty());
  browser.platform.hold_answers = false;
  browser.platform.deliver_answers();
  browser.settle();
  CHECK(browser.desk.state().sync.phase == SyncPhase::synced);
  CHECK(server.writes.size() == 1);
  CHECK(server.snapshot.issues[0].title == "While it was silent");
}

TEST_CASE("A silent server that says in the end that nobody is signed in is believed") {
  FakeServer server;
  const Stored kept = stored_after(server, [](Browser&) {});
  server.is_signed_in = false;
  Browser browser(server);
  browser.platform.storage() = kept;
  browser.platform.hold_answers = true;
  browser.open();
  browser.settle();
  REQUIRE(browser.desk.state().session.phase == SessionPhase::signed_in);
  browser.platform.hold_answers = false;
  browser.platform.deliver_answers();
  browser.settle();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_out);
}

TEST_CASE("The title tells no name before it is known who is signed in") {
  FakeServer server;
  const Stored kept = stored_after(server, [](Browser&) {});
  server.is_signed_in = false;
  Start out(server, kept, "/issues/1");
  CHECK(document_title(out.state()) == "Sign in · dits");
  server.is_signed_in = true;
  Start in(server, kept, "/issues/1");
  CHECK(document_title(in.state()).starts_with("#1 "));
}

}  // namespace dits::web::test
