// Every screen as the text that a screen reader meets, and what a press does.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

TEST_CASE("The list names its groups and rows, in order") {
  Stage stage;
  stage.go("/projects/" + to_string(stage.state.entities.projects.front().id));
  check_golden("ui/list", stage.platform.mirror_text());
}

TEST_CASE("The board is a list box for each status") {
  Stage stage;
  stage.go("/projects/" + to_string(stage.state.entities.projects.front().id) + "?layout=board");
  check_golden("ui/board", stage.platform.mirror_text());
}

TEST_CASE("The page of an issue tells its text, properties and links") {
  Stage stage;
  stage.go("/issues/128");
  check_golden("ui/issue", stage.platform.mirror_text());
}

TEST_CASE("Today shows what is late and what is due") {
  Stage stage;
  stage.go("/today");
  check_golden("ui/today", stage.platform.mirror_text());
}

TEST_CASE("On a phone the list has tabs below and two-line rows") {
  Stage stage(390, 844);
  stage.go("/inbox");
  check_golden("ui/phone_inbox", stage.platform.mirror_text());
  stage.go("/issues/128");
  check_golden("ui/phone_issue", stage.platform.mirror_text());
}

TEST_CASE("Settings have their sections as tabs") {
  Stage stage;
  for (const char* section : {"appearance", "labels", "workflow", "projects"}) {
    stage.go(std::string("/settings/") + section);
    check_golden(std::string("ui/settings_") + section, stage.platform.mirror_text());
  }
}

TEST_CASE("Without a session there is a form to sign in") {
  Stage stage;
  stage.change(SignedOut{});
  stage.go("/login");
  CHECK(stage.platform.sees("textbox", "Email"));
  CHECK(stage.platform.sees("textbox", "Password"));
  stage.platform.fill("textbox", "Email", "marek@dits.dev");
  stage.platform.fill("textbox", "Password", "demo1234");
  stage.platform.click("button", "Sign in");
  CHECK(stage.has_run("session.sign_in"));
  stage.change(SignedIn{stage.state.session.me});
  stage.change(SignedOut{});
  stage.go("/login");
  CHECK(stage.platform.value_of("textbox", "Email") == "");
}

TEST_CASE("What is typed in one go with Tab lands in the fields in its order") {
  Stage stage;
  stage.change(SignedOut{});
  stage.go("/login");
  stage.platform.click("textbox", "Email");
  stage.platform.press_at_once({"a", "@", "b", "Tab", "c", "d", "Enter"});
  CHECK(stage.platform.value_of("textbox", "Email") == "a@b");
  REQUIRE(stage.has_run("session.sign_in"));
  CHECK(std::get<Credentials>(stage.ran.back().argument).password == "cd");
}

TEST_CASE("Enter in a form that is not sent leaves the caret where it is") {
  Stage stage;
  const auto has_caret = [&](const std::string& name) {
    return stage.platform.mirror_text().find("textbox \"" + name + "\" [focused]") != std::string::npos;
  };
  stage.change(SignedOut{});
  stage.go("/login");
  stage.platform.click("textbox", "Email");
  stage.platform.press_at_once({"a", "Enter", "b"});
  CHECK(has_caret("Email"));
  CHECK(stage.platform.value_of("textbox", "Email") == "ab");
  stage.platform.press_at_once({"Tab", "c", "Enter", "d"});
  CHECK(stage.has_run("session.sign_in"));
  CHECK(has_caret("Password"));
  stage.change(FormSent{FormKind::login});
  Error wrong;
  wrong.message = "Wrong email or password";
  stage.change(FormAnswered{FormKind::login, wrong});
  CHECK(stage.platform.mirror_text().find("textbox \"Password\" [invalid] [focused]") != std::string::npos);
  stage.ran.clear();
  stage.platform.press_at_once({"e", "Enter"});
  REQUIRE(stage.has_run("session.sign_in"));
  CHECK(std::get<Credentials>(stage.ran.back().argument).password == "cde");
  stage.change(SignedIn{stage.state.session.me});
  stage.go("/settings/profile");
  stage.platform.click("textbox", "Current password");
  stage.platform.press_at_once({"x", "Enter", "y"});
  CHECK(has_caret("Current password"));
}

TEST_CASE("Enter that leaves the caret in a field leaves it at its place") {
  Stage stage;
  stage.change(SignedOut{});
  stage.go("/login");
  stage.platform.click("textbox", "Email");
  stage.platform.type("abc");
  stage.platform.press("ArrowLeft");
  stage.platform.press("Enter");
  stage.platform.type("x");
  CHECK(stage.platform.value_of("textbox", "Email") == "abxc");
  stage.platform.press_at_once({"y", "Enter", "z"});
  CHECK(stage.platform.value_of("textbox", "Email") == "abxyzc");
  stage.platform.press("Enter");
  stage.platform.press("Enter");
  stage.platform.type("w");
  CHECK(stage.platform.value_of("textbox", "Email") == "abxyzwc");
}

TEST_CASE("What leaves the list by what was done to it is not selected any more") {
  Stage stage;
  stage.go("/issues?q=is:open");
  stage.change(SelectionChanged{{stage.issue(128), stage.issue(141), stage.issue(150)}, std::nullopt});
  REQUIRE(stage.state.list.selected.size() == 3);
  stage.run("issue.status.done");
  CHECK(stage.state.list.selected.empty());
  stage.change(SelectionChanged{{stage.issue(133), stage.issue(137)}, std::nullopt});
  stage.run("issue.priority.low");
  CHECK(stage.state.list.selected.size() == 2);
}

TEST_CASE("The editor of a description tells how long it is") {
  Stage stage;
  stage.go("/issues/128");
  stage.run("issue.edit");
  stage.change(EditorTyped{"Zwölf Wörter,\n\nfast", false});
  CHECK(stage.platform.sees("note", "3 words, 19 characters"));
  stage.change(EditorTyped{"x", false});
  CHECK(stage.platform.sees("note", "1 word, 1 character"));
  stage.change(EditorTyped{"", false});
  CHECK(stage.platform.count("note") == 0);
}

TEST_CASE("Who has no account yet is told where the first one comes from") {
  Stage stage;
  stage.change(SignedOut{});
  stage.go("/login");
  CHECK(stage.platform.mirror_text().find("made with the link that DITS printed") != std::string::npos);
}

TEST_CASE("The first account's form tells every mistake at once, each at its field") {
  Stage stage;
  stage.change(SignedOut{});
  stage.change(SetupNeeded{});
  stage.go("/setup/abc");
  stage.platform.fill("textbox", "Name", "Marek");
  stage.platform.fill("textbox", "Email", "not an address");
  stage.platform.fill("textbox", "Password", "short");
  stage.platform.fill("textbox", "Password again", "other");
  stage.ran.clear();
  stage.platform.click("button", "Make the account");
  CHECK_FALSE(stage.has_run("session.set_up"));
  std::string text = stage.platform.mirror_text();
  std::vector<std::string> wrong;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    for (const char* field : {"\"Name\"", "\"Email\"", "\"Password\"", "\"Password again\""}) {
      if (line.find(field) != std::string::npos && line.find("invalid") != std::string::npos)
        wrong.emplace_back(field);
    }
  }
  CHECK(wrong == std::vector<std::string>{"\"Email\"", "\"Password\"", "\"Password again\""});
  stage.platform.fill("textbox", "Email", "marek@dits.dev");
  stage.platform.fill("textbox", "Password", "demo1234");
  stage.platform.fill("textbox", "Password again", "demo1234");
  stage.platform.click("button", "Make the account");
  CHECK(stage.has_run("session.set_up"));
}

TEST_CASE("On a phone all choices of a new issue are on the screen, without hints for keys") {
  Stage stage(390, 844);
  stage.go("/inbox");
  stage.run("issue.new");
  stage.platform.advance(50);
  stage.platform.click("button", "Due: Due");
  CHECK(stage.platform.sees("dialog", "Set due date: fri, +3d, 31 jul"));
  CHECK(stage.platform.mirror_text().find("keyshortcuts=Control") == std::string::npos);
}

TEST_CASE("A press on a row moves the cursor, a double press opens it") {
  Stage stage;
  stage.go("/projects/" + to_string(stage.state.entities.projects.front().id));
  stage.platform.click("row", "#133 Outbox survives a crash between write and fsync");
  REQUIRE(cursor_issue(stage.state) != nullptr);
  CHECK(cursor_issue(stage.state)->number == 133);
  stage.platform.double_click("row", "#133 Outbox survives a crash between write and fsync");
  CHECK(stage.has_run("issue.open"));
  CHECK(stage.state.route.screen == Screen::issue);
}

TEST_CASE("The ring of a row opens its status picker, and a choice changes the status") {
  Stage stage;
  stage.go("/projects/" + to_string(stage.state.entities.projects.front().id));
  stage.platform.click("button", "Status: In Review");
  CHECK(stage.state.picker.kind == PickerKind::status);
  CHECK(stage.platform.sees("option", "Done"));
  stage.platform.click("option", "Done");
  const Issue* issue = find_issue(stage.state.entities, 133);
  REQUIRE(issue != nullptr);
  CHECK(issue->status_id == stage.status("Done"));
  CHECK(stage.state.picker.kind == PickerKind::none);
}

TEST_CASE("A choice by the mouse closes its menu, as Enter does; labels stay for more") {
  Stage stage;
  stage.go("/issues");
  stage.change(IssuesTrashed{{stage.issue(133)}, stage.state.now});
  stage.go("/trash");
  stage.run("menu.open");
  stage.platform.click("menuitem", "Delete for ever…");
  CHECK(stage.state.picker.kind == PickerKind::none);
  CHECK(stage.platform.sees("alertdialog", "Delete #133 for ever?"));
  stage.platform.click("button", "Cancel");
  stage.go("/issues");
  stage.run("view.group");
  stage.platform.click("menuitem", "Priority");
  CHECK(stage.state.picker.kind == PickerKind::none);
  CHECK(stage.state.list.display.grouping == Grouping::priority);
  stage.run("menu.open");
  stage.platform.click("menuitem", "Labels…");
  CHECK(stage.state.picker.kind == PickerKind::labels);
  stage.platform.click("option", "docs");
  CHECK(stage.state.picker.kind == PickerKind::labels);
}

TEST_CASE("On a phone every property of an issue can be seen and set, and files be added") {
  Stage stage(390, 844);
  stage.go("/issues/128");
  for (const char* chip : {"Start: No start date", "Area: No area", "Parent: No parent"})
    CHECK(stage.platform.sees("button", chip));
  CHECK(stage.platform.sees("button", "Attach a file"));
  stage.platform.click("button", "Parent: No parent");
  CHECK(stage.state.picker.kind == PickerKind::parent);
}

TEST_CASE("A comment that waits as a draft says so where it is gone on with") {
  for (const float width : {1440.0f, 390.0f}) {
    Stage stage(width, 844);
    stage.go("/issues/128");
    CHECK(stage.platform.sees("button", "Comment"));
    stage.run("issue.comment");
    stage.change(EditorTyped{"Half a sentence", false});
    stage.run("editor.leave");
    CHECK(stage.platform.sees("button", "Comment, a draft waits"));
  }
}

TEST_CASE("Typing into the query field filters in the same frame") {
  Stage stage;
  stage.go("/issues");
  stage.platform.fill("combobox", "Filter issues", "label:docs");
  CHECK(stage.state.list.query_text == "label:docs");
  CHECK(stage.platform.sees("row", "#122 Document the wire protocol"));
  CHECK_FALSE(stage.platform.sees("row", "#128 WebSocket reconnect drops queued edits after sleep"));
}

TEST_CASE("Tab passes through the query field, and completes only what was typed or chosen") {
  Stage stage;
  stage.go("/issues");
  const std::string before = stage.state.list.query_text;
  stage.platform.click("combobox", "Filter issues");
  REQUIRE(stage.state.mode == Mode::query);
  stage.platform.press("Tab");
  CHECK(stage.state.list.query_text == before);
  CHECK(stage.state.mode == Mode::normal);
  stage.platform.fill("combobox", "Filter issues", "");
  stage.platform.click("combobox", "Filter issues");
  stage.platform.type("labe");
  stage.platform.press("Tab");
  CHECK(stage.state.list.query_text == "label:");
  CHECK(stage.state.mode == Mode::query);
}

TEST_CASE("After an empty result the cursor comes back to an issue, not to a heading") {
  Stage stage;
  stage.go("/issues");
  stage.change(QueryTyped{"zzzz"});
  REQUIRE(stage.state.list.result.rows.empty());
  stage.change(QueryTyped{"label:docs"});
  REQUIRE(cursor_issue(stage.state) != nullptr);
  CHECK(cursor_issue(stage.state)->number == 122);
}

TEST_CASE("An empty result names the term without which most issues match") {
  Stage stage;
  stage.go("/issues?q=zzzz%20is:open%20label:bug");
  CHECK(stage.platform.sees("button", "Drop zzzz"));
  stage.platform.click("button", "Drop zzzz");
  CHECK(stage.state.list.query_text == "is:open label:bug");
  stage.change(QueryTyped{"zzzz yyyy"});
  CHECK_FALSE(stage.platform.sees("button", "Drop yyyy"));
  CHECK(stage.platform.sees("button", "Clear query"));
}

TEST_CASE("A card that is dragged to another column takes its status") {
  Stage stage;
  stage.go("/projects/" + to_string(stage.state.entities.projects.front().id) + "?layout=board");
  stage.platform.drag("option", "#122 Document the wire protocol", "listbox", "In Review, 1");
  const Issue* issue = find_issue(stage.state.entities, 122);
  REQUIRE(issue != nullptr);
  CHECK(issue->status_id == stage.status("In Review"));
}

TEST_CASE("A box in the text can be ticked") {
  Stage stage;
  stage.go("/issues/128");
  stage.platform.click("checkbox", "Token is refreshed");
  const Issue* issue = find_issue(stage.state.entities, 128);
  CHECK(issue->description.find("- [x] Token is refreshed") != std::string::npos);
}

TEST_CASE("Quick create takes a title and closes when the issue is made") {
  Stage stage;
  stage.go("/inbox");
  stage.platform.click("button", "New issue");
  REQUIRE(stage.state.quick_create.is_open);
  stage.platform.fill("textbox", "Title", "Write the tests");
  CHECK(stage.state.quick_create.title == "Write the tests");
  stage.platform.click("button", "Create");
  CHECK(stage.has_run("issue.create"));
  CHECK(stage.platform.sees("row", "#182 Write the tests"));
}

TEST_CASE("The palette runs what is pressed") {
  Stage stage;
  stage.go("/inbox");
  stage.run("palette.open");
  CHECK(stage.platform.sees("dialog", "Command palette"));
  stage.platform.fill("combobox", "Command", "today");
  stage.platform.click("option", "Go to Today");
  CHECK(stage.state.route.screen == Screen::today);
  CHECK_FALSE(stage.platform.sees("dialog", "Command palette"));
}

TEST_CASE("Nothing is drawn while nothing changes") {
  Stage stage;
  stage.go("/projects/" + to_string(stage.state.entities.projects.front().id));
  stage.platform.advance(50);  // heights that show only when they are drawn settle in the next frame
  const auto frames_in = [&](int ms) {
    const int before = stage.platform.frame_stats().frames;
    stage.platform.advance(ms);
    return stage.platform.frame_stats().frames - before;
  };
  const int by_moving_the_clock = frames_in(1);
  CHECK(frames_in(5000) == by_moving_the_clock);
}

TEST_CASE("An empty list says so and offers what helps") {
  Stage stage;
  stage.go("/issues?q=label:docs%20priority:urgent");
  CHECK(stage.platform.sees("heading", "No issue matches"));
  stage.platform.click("button", "Clear query");
  CHECK(stage.platform.sees("row", "#122 Document the wire protocol"));
}

TEST_CASE("A number that does not exist is told with the last one that does") {
  Stage stage;
  stage.change(Navigated{parse_route("/issues/999")});
  stage.change(IssueMissing{});
  CHECK(stage.platform.sees("heading", "#999 does not exist"));
  const std::string sentence =
      "The last issue is #" + std::to_string(last_number(stage.state.entities)) + '.';
  CHECK(stage.platform.mirror_text().find(sentence) != std::string::npos);
  std::int64_t last = 0;
  for (const Issue& issue : stage.state.entities.issues) last = std::max(last, issue.number);
  CHECK(last_number(stage.state.entities) == last);
}

TEST_CASE("Offline is told, with how much waits") {
  Stage stage;
  stage.go("/inbox");
  stage.change(SyncChanged{SyncPhase::offline, {}});
  stage.change(QueueChanged{4, false, {}, 4});
  CHECK(stage.platform.mirror_text().find("4 changes wait and will be sent in order.") != std::string::npos);
}

TEST_CASE("On a phone the settings are a list, and each section a page with a way back") {
  Stage stage(390, 844);
  stage.go("/settings");
  CHECK(stage.platform.sees("tab", "Backups"));
  CHECK_FALSE(stage.platform.sees("button", "Back"));
  stage.go("/settings/views");
  CHECK_FALSE(stage.platform.sees("tab", "Backups"));
  CHECK(stage.platform.sees("heading", "Saved views"));
  stage.platform.click("button", "Back");
  CHECK(stage.has_run("go.route"));
}

}  // namespace dits::web::test
