// Several accounts in one browser, and a server whose data was replaced: kept words are their owner's until
// they are sent or dropped, and nobody else reads them.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"

namespace dits::web::test {

namespace {

User berta() {
  User user = world_snapshot().me;
  user.id = UserId{world_uuid(3)};
  user.name = "Berta";
  user.email = "berta@dits.dev";
  return user;
}

void sign_in(Browser& browser) {
  browser.desk.run({"session.sign_in", Credentials{"x@dits.dev", "demo1234", ""}, {}, false, 0, 0});
  browser.settle();
}

void type_comment(Browser& browser, const std::string& words) {
  browser.desk.change(EditorOpened{{EditorKind::comment, world_issue(1), {}, "", false}});
  browser.desk.change(EditorTyped{words, false});
  browser.settle();
}

bool shows(const Browser& browser, const std::string& words) {
  const State& state = browser.desk.state();
  const auto has = [&](const std::string& text) { return text.find(words) != std::string::npos; };
  return has(state.editor.text) || has(state.quick_create.title) ||
         std::any_of(state.drafts.begin(), state.drafts.end(), [&](const auto& draft) {
           return has(draft.second.text);
         });
}

// Marek writes a title offline and half a comment; then his cookies are gone.
std::map<std::string, std::string> storage_of_marek(FakeServer& server) {
  Browser browser(server);
  browser.open("/issues/1");
  server.is_down = true;
  browser.run("issue.title.set", std::string("Marek's title"));
  type_comment(browser, "Marek's half comment");
  server.is_down = false;
  server.is_signed_in = false;
  return browser.platform.storage();
}

}  // namespace

TEST_CASE("Another account signs in: what the first one wrote is kept, not sent, not shown, and counted") {
  FakeServer server;
  const auto kept = storage_of_marek(server);
  Browser browser(server);
  browser.platform.storage() = kept;
  browser.open();
  const User marek = *server.snapshot.user;
  server.snapshot.user = berta();
  sign_in(browser);
  browser.settle();
  CHECK(browser.desk.state().session.me.email == "berta@dits.dev");
  CHECK(server.writes.size() == 1);  // signing in
  CHECK(browser.desk.state().sync.waiting == 0);
  CHECK(browser.desk.state().undo_depth == 0);
  CHECK_FALSE(shows(browser, "Marek's"));
  CHECK(is_kept(browser, "Marek's title"));
  CHECK(is_kept(browser, "Marek's half comment"));
  CHECK(browser.has_toast("1 change and 1 draft of marek@dits.dev wait in this browser until that account"));
  for (const auto& [key, text] : browser.platform.storage())
    CHECK((key.starts_with("of:" + to_string(marek.id)) || text.find("Marek's") == std::string::npos));
  // Hers are hers, beside his.
  type_comment(browser, "Berta's remark");
  CHECK(is_kept(browser, "Berta's remark"));
  CHECK(is_kept(browser, "Marek's half comment"));
  // He is back: his words go out and stand where he left them.
  server.is_signed_in = false;
  browser.platform.lose_streams(401);
  server.snapshot.user = marek;
  sign_in(browser);
  browser.settle();
  CHECK(server.snapshot.issues[0].title == "Marek's title");
  CHECK(shows(browser, "Marek's half comment"));
  CHECK_FALSE(shows(browser, "Berta's remark"));
  CHECK(is_kept(browser, "Berta's remark"));
  CHECK(browser.has_toast("1 draft of berta@dits.dev waits in this browser"));
}

TEST_CASE(
    "A tab of the first account follows when another one signs in beside it, and sends nothing as her") {
  FakeServer server;
  Browser one(server);
  one.open();
  Browser two(server);
  two.platform.share_storage(one.platform);
  two.platform.tab = "tab-2";
  two.platform.living_tabs = {"tab-1"};
  two.open();
  server.is_down = true;
  two.run("issue.title.set", std::string("Of two"), 2);
  two.settle();
  server.is_down = false;
  server.is_signed_in = false;
  one.platform.lose_streams(401);
  server.snapshot.user = berta();
  sign_in(one);
  two.settle();
  one.settle();
  CHECK(two.desk.state().session.me.email == "berta@dits.dev");
  CHECK(server.writes.size() == 1);
  CHECK(two.desk.state().sync.waiting == 0);
  CHECK(count_kept(two, "queue") == 1);
}

TEST_CASE("Signing out with unsent words says so first and keeps them; what was only a copy goes") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  type_comment(browser, "A lone draft");
  browser.run("session.sign_out");
  browser.settle();
  REQUIRE(browser.desk.state().dialog.kind == DialogKind::confirm);
  CHECK(browser.desk.state().dialog.title == "Sign out with 1 draft not sent?");
  CHECK(server.is_signed_in);
  browser.run("session.sign_out", std::string("confirmed"));
  browser.settle();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_out);
  CHECK_FALSE(shows(browser, "A lone draft"));
  for (const auto& [key, text] : browser.platform.storage()) {
    const std::string kind = kept_name(key).kind;
    CHECK_MESSAGE((kind == "draft" || kind == "name" || key == "look"), key);
  }
  CHECK(is_kept(browser, "A lone draft"));
  sign_in(browser);
  CHECK(shows(browser, "A lone draft"));
}

TEST_CASE("Signing out without unsent words asks nothing and leaves nothing but how the browser looks") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.run("issue.title.set", std::string("Sent"));
  browser.settle();
  browser.run("session.sign_out");
  browser.settle();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_out);
  for (const auto& [key, text] : browser.platform.storage()) CHECK_MESSAGE(key == "look", key);
}

TEST_CASE("Signing out succeeded only when the server says so") {
  for (const int status : {403, 429, 500, 503}) {
    CAPTURE(status);
    FakeServer server;
    Browser browser(server);
    browser.open();
    server.answers = {FakeServer::problem(status, "unavailable", "Not now.")};
    browser.run("session.sign_out");
    browser.settle();
    CHECK(browser.desk.state().session.phase == SessionPhase::signed_in);
    CHECK(browser.has_toast("You are still signed in. Not now."));
    CHECK(browser.desk.state().entities.issues.size() == 5);
  }
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.answers = {FakeServer::problem(401, "unauthorized", "Sign in first")};
  server.is_signed_in = false;
  browser.run("session.sign_out");
  browser.settle();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_out);
}

TEST_CASE("Where nothing can be stored, signing out says that the words are lost") {
  FakeServer server;
  Browser browser(server);
  browser.platform.is_durable = false;
  browser.open("/issues/1");
  type_comment(browser, "Nowhere to keep");
  browser.run("session.sign_out");
  browser.settle();
  CHECK(browser.desk.state().dialog.title == "Sign out and lose 1 draft?");
}

TEST_CASE("A second tab signs out with the first, and writes nothing back but what was not sent") {
  FakeServer server;
  Browser one(server);
  one.open();
  Browser two(server);
  two.platform.share_storage(one.platform);
  two.platform.tab = "tab-2";
  two.platform.living_tabs = {"tab-1"};
  two.open("/issues/1");
  one.run("session.sign_out", std::string("confirmed"));
  one.platform.draw();
  // Typed before the second tab hears of it.
  two.desk.change(EditorOpened{{EditorKind::comment, world_issue(1), {}, "", false}});
  two.desk.change(EditorTyped{"Typed in two", false});
  two.settle();
  one.settle();
  CHECK(two.desk.state().session.phase == SessionPhase::signed_out);
  CHECK(two.platform.location() == "/login");
  CHECK_FALSE(shows(two, "Typed in two"));
  for (int round = 0; round < 20; ++round) two.platform.advance(500);
  for (const auto& [key, text] : one.platform.storage()) {
    const std::string kind = kept_name(key).kind;
    CHECK_MESSAGE((kind == "draft" || kind == "name" || key == "look"), key);
  }
}

TEST_CASE("What was written over data that was replaced waits for its owner to send or drop it") {
  for (const bool sends : {true, false}) {
    CAPTURE(sends);
    FakeServer server;
    server.snapshot.log = "before";
    std::map<std::string, std::string> kept;
    {
      Browser browser(server);
      browser.open("/issues/1");
      browser.settle();
      server.is_down = true;
      browser.run("issue.title.set", std::string("Over the old data"));
      type_comment(browser, "Half a comment");
      kept = browser.platform.storage();
    }
    server.is_down = false;
    server.snapshot.log = "after";
    Browser browser(server);
    browser.platform.storage() = kept;
    browser.open("/issues/1");
    browser.settle();
    CHECK(server.writes.empty());
    CHECK(browser.desk.state().sync.waiting == 0);
    CHECK(browser.has_toast("1 change of yours was made before the server's data was replaced, and waits"));
    CHECK(shows(browser, "Half a comment"));
    browser.run(sends ? "words.send_older" : "words.drop_older", std::string("confirmed"));
    browser.settle();
    CHECK(server.writes.size() == (sends ? 1 : 0));
    CHECK((server.snapshot.issues[0].title == "Over the old data") == sends);
    CHECK(count_kept(browser, "queue") == 0);
  }
}

TEST_CASE("Data that is replaced while the tab is open puts its queue aside before anything of it is sent") {
  FakeServer server;
  server.snapshot.log = "before";
  Browser browser(server);
  browser.open();
  server.is_down = true;
  browser.run("issue.title.set", std::string("Over the old data"));
  browser.settle();
  server.snapshot.log = "after";
  server.is_down = false;
  for (int round = 0; round < 40; ++round) browser.platform.advance(500);
  CHECK(server.writes.empty());
  CHECK(browser.has_toast("1 change of yours was made before the server's data was replaced"));
  CHECK(count_kept(browser, "queue") == 1);
}

TEST_CASE("Words that an older version kept without a name are those of the account beside them") {
  FakeServer server;
  std::map<std::string, std::string> kept = storage_of_marek(server);
  std::map<std::string, std::string> unnamed;
  for (const auto& [key, text] : kept) {
    const KeptName name = kept_name(key);
    if (name.kind.empty()) unnamed[key] = text;
    if (name.kind == "draft") unnamed["draft:" + name.rest] = text;
    if (name.kind == "queue") unnamed["queue:" + name.tab + ":" + name.rest] = text;
  }
  SUBCASE("and go out when it signs in") {
    Browser browser(server);
    browser.platform.storage() = unnamed;
    browser.open("/issues/1");
    sign_in(browser);
    browser.settle();
    CHECK(server.snapshot.issues[0].title == "Marek's title");
    CHECK(shows(browser, "Marek's half comment"));
  }
  SUBCASE("and wait when another one does") {
    Browser browser(server);
    browser.platform.storage() = unnamed;
    browser.open("/issues/1");
    server.snapshot.user = berta();
    sign_in(browser);
    browser.settle();
    CHECK(server.writes.size() == 1);
    CHECK_FALSE(shows(browser, "Marek's"));
    CHECK(is_kept(browser, "Marek's half comment"));
    CHECK(browser.has_toast("1 change and 1 draft of another account wait"));
  }
}

TEST_CASE("A store that is taken away under the page is written again from memory") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  server.is_down = true;
  browser.run("issue.title.set", std::string("Kept twice"));
  type_comment(browser, "Half a comment");
  browser.platform.take_storage_away();
  browser.settle();
  CHECK(is_kept(browser, "Kept twice"));
  CHECK(is_kept(browser, "Half a comment"));
  CHECK(count_kept(browser, "queue") == 1);
  Browser again(server);
  again.platform.storage() = browser.platform.storage();
  again.open("/issues/1");
  CHECK(again.desk.state().sync.waiting == 1);
}

TEST_CASE("Kept is only said of what the storage has taken") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.is_down = true;
  browser.run("issue.title.set", std::string("One"), 1);
  browser.settle();
  CHECK(sync_label(browser.desk.state()) == "Offline, 1 change kept");
  browser.platform.storage_is_full = true;
  browser.run("issue.title.set", std::string("Two"), 2);
  browser.settle();
  CHECK(sync_label(browser.desk.state()) == "Offline, 2 changes not stored");
}

}  // namespace dits::web::test
