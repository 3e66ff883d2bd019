// Another version of the program is offered and never forced; the address of a new issue.
#include <string>

#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"

namespace dits::web::test {

namespace {

void reload(Browser& browser) {
  browser.desk.run({"app.reload", {}, {}, false, 0, 0});
  browser.settle();
}

const Command& reload_command() { return *find_command("app.reload"); }

}  // namespace

TEST_CASE("A new version is offered by a message that stays, and loaded when it is asked for") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  CHECK_FALSE(is_available(browser.desk.state(), reload_command()));
  browser.platform.find_version();
  browser.platform.find_version();
  browser.platform.advance(60'000);
  CHECK(browser.platform.versions_loaded == 0);
  const State& state = browser.desk.state();
  REQUIRE(state.toasts.size() == 1);
  CHECK(state.toasts[0].text == "A new version is here");
  CHECK(state.toasts[0].action_command == "app.reload");
  CHECK(is_available(state, reload_command()));
  reload(browser);
  CHECK(browser.platform.versions_loaded == 1);
}

TEST_CASE("It is not loaded over words that nobody saved, nor while a file is on its way") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.platform.find_version();
  browser.desk.change(EditorOpened{{EditorKind::comment, world_issue(1), {}, "", false}});
  browser.desk.change(EditorTyped{"Half a comment", false});
  reload(browser);
  CHECK(browser.platform.versions_loaded == 0);
  CHECK(browser.has_toast("Save or discard what you write"));
  CHECK(is_available(browser.desk.state(), reload_command()));
  browser.desk.change(EditorClosed{false});
  QuickCreate form;
  form.title = "Half a title";
  browser.desk.change(QuickCreateChanged{form});
  reload(browser);
  CHECK(browser.platform.versions_loaded == 0);
  browser.desk.change(QuickCreateClosed{true});  // kept by the browser
  browser.desk.change(UploadsChanged{1});
  reload(browser);
  CHECK(browser.platform.versions_loaded == 0);
  CHECK(browser.has_toast("Files are on their way"));
  browser.desk.change(UploadsChanged{0});
  reload(browser);
  CHECK(browser.platform.versions_loaded == 1);
  CHECK(is_kept(browser, "Half a title"));
}

TEST_CASE("It is not loaded over a token that is shown only once") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.platform.find_version();
  browser.desk.change(TokenMade{"dits_pat_secret"});
  reload(browser);
  CHECK(browser.platform.versions_loaded == 0);
  CHECK(browser.has_toast("Copy the new token first"));
  browser.desk.change(TokenMade{});
  reload(browser);
  CHECK(browser.platform.versions_loaded == 1);
}

TEST_CASE("Where the browser stores nothing it is loaded only when nothing waits there") {
  FakeServer server;
  Browser browser(server);
  browser.platform.is_durable = false;
  browser.open();
  browser.platform.find_version();
  server.is_down = true;
  browser.run("issue.title.set", std::string("Nowhere else"));
  reload(browser);
  CHECK(browser.platform.versions_loaded == 0);
  CHECK(browser.has_toast("This browser cannot store what you wrote"));
  server.is_down = false;
  browser.platform.advance(70'000);
  REQUIRE(browser.desk.state().sync.waiting == 0);
  reload(browser);
  CHECK(browser.platform.versions_loaded == 1);
}

TEST_CASE("A server that was away is asked for another version") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  const int before = browser.platform.versions_asked;
  browser.platform.lose_streams(0);
  browser.settle();
  CHECK(browser.platform.versions_asked > before);
}

TEST_CASE("/issues/new opens the form of a new issue over the inbox, and a reload opens no second one") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/new");
  CHECK(browser.desk.state().quick_create.is_open);
  CHECK(browser.desk.state().quick_create.status_id.is_set());
  CHECK(browser.desk.state().route.screen == Screen::inbox);
  CHECK(browser.platform.location() == "/inbox");
  browser.platform.go_to("/today");
  browser.desk.change(QuickCreateClosed{false});
  browser.platform.go_to("/issues/new");
  CHECK(browser.desk.state().quick_create.is_open);
}

TEST_CASE("/issues/new waits for whoever has to sign in first") {
  FakeServer server;
  server.is_signed_in = false;
  Browser browser(server);
  browser.open("/issues/new");
  CHECK_FALSE(browser.desk.state().quick_create.is_open);
  browser.desk.run({"session.sign_in", Credentials{"x@dits.dev", "demo1234", ""}, {}, false, 0, 0});
  browser.settle();
  CHECK(browser.desk.state().quick_create.is_open);
  CHECK(browser.platform.location() == "/inbox");
}

}  // namespace dits::web::test
