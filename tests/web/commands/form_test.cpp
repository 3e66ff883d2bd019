// The form of a new issue: attributes among the words of its title, and what its pickers choose.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"
#include "tests/web/support/stage.hpp"
#include "web/commands/picker.hpp"
#include "web/store/inline_draft.hpp"
#include "web/store/layers.hpp"

namespace dits::web::test {

namespace {

Issue form_of(const Stage& stage) { return issue_of(stage.state, stage.state.quick_create); }

void type_title(Stage& stage, const std::string& title) { stage.platform.fill("textbox", "Title", title); }

}  // namespace

TEST_CASE("Attributes in the title are chips at once, and the issue is made of both") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  type_title(stage, "Fix it #bug !high @\"Home lab\" due:fri >#128 \"#docs\"");
  CHECK(stage.platform.sees("button", "Priority: High"));
  CHECK(stage.platform.sees("button", "Labels: bug"));
  CHECK(stage.platform.sees("button", "Project: Home lab"));
  CHECK(stage.platform.sees("button", "Due: Fri 17"));
  CHECK_FALSE(stage.platform.sees("button", "Start: Start"));
  stage.run("editor.save_and_leave");
  CHECK_FALSE(stage.state.quick_create.is_open);
  const Issue& made = stage.state.entities.issues.back();
  CHECK(made.title == "Fix it \"#docs\"");
  CHECK(made.priority == Priority::high);
  CHECK(made.label_ids.size() == 1);
  CHECK(made.area_id == stage.state.entities.areas[0].id);
  CHECK(made.due_date == Date{stage.state.today.days + 3});
  CHECK(made.parent_issue_id == stage.issue(128));
}

TEST_CASE("What names nothing is told once its word is ended, and stays in the title") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  type_title(stage, "Fix #nope ");
  CHECK(stage.platform.sees("status", "There is no label “nope”; it stays in the title"));
  type_title(stage, "Fix >#999 ");
  CHECK(stage.platform.sees("status", "There is no issue #999; it stays in the title"));
  stage.run("editor.save_and_leave");
  CHECK(stage.state.entities.issues.back().title == "Fix >#999");
}

TEST_CASE("Attributes alone are no title") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  type_title(stage, "#bug !low");
  const std::size_t before = stage.state.entities.issues.size();
  stage.run("editor.save_and_leave");
  CHECK(stage.state.quick_create.error == "Give it a title");
  CHECK(stage.state.entities.issues.size() == before);
}

TEST_CASE("Backspace behind an attribute takes it back: its word is a word again, until it is typed anew") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  stage.platform.type("Fix #bug");
  CHECK(form_of(stage).label_ids.size() == 1);
  stage.platform.press("Backspace");
  CHECK(stage.state.quick_create.title == "Fix #bug");
  CHECK(form_of(stage).label_ids.empty());
  CHECK(stage.platform.value_of("textbox", "Title") == "Fix #bug");
  stage.platform.press("Backspace");
  CHECK(stage.state.quick_create.title == "Fix #bu");
  stage.platform.type("g");
  CHECK(form_of(stage).label_ids.size() == 1);
  stage.platform.type(" !high");
  stage.platform.press("Backspace");
  CHECK(form_of(stage).priority == Priority::none);
  CHECK(form_of(stage).label_ids.size() == 1);
  CHECK(form_of(stage).title == "Fix !high");
}

TEST_CASE("Several lines pasted into the title are offered as an issue each, as the form would make them") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  stage.run("form.set", stage.state.entities.projects[0].id);
  const auto paste = [&](const std::string& text) {
    stage.platform.copy_text(text);
    stage.platform.press("Ctrl+V");
  };
  paste("- [ ] Fix it #bug !high\n\n2. Second due:fri\r\n* Third\n");
  CHECK(stage.state.quick_create.lines ==
        std::vector<std::string>{"Fix it #bug !high", "Second due:fri", "Third"});
  CHECK(stage.platform.sees("listitem", "Fix it, High, bug, Relay 2.0"));
  CHECK(stage.platform.sees("listitem", "Second, Relay 2.0, Fri 17"));
  CHECK(stage.platform.sees("listitem", "Third, Relay 2.0"));

  SUBCASE("all are made at once") {
    const std::size_t before = stage.state.entities.issues.size();
    stage.platform.click("button", "Make 3 issues");
    REQUIRE(stage.state.entities.issues.size() == before + 3);
    const Issue& first = stage.state.entities.issues[before];
    CHECK(first.title == "Fix it");
    CHECK(first.priority == Priority::high);
    CHECK(first.project_id == stage.state.entities.projects[0].id);
    CHECK(stage.state.entities.issues[before + 1].due_date == Date{stage.state.today.days + 3});
    CHECK(stage.state.entities.issues[before + 2].title == "Third");
    CHECK_FALSE(stage.state.quick_create.is_open);
    CHECK(stage.state.quick_create.title.empty());
  }
  SUBCASE("or they stay one title") {
    stage.platform.click("button", "Keep one title");
    CHECK_FALSE(stage.platform.sees("button", "Make 3 issues"));
    CHECK(stage.state.quick_create.title.find("Third") != std::string::npos);
  }
  SUBCASE("which also typing on says") {
    stage.platform.press("End");
    stage.platform.type("x");
    CHECK(stage.state.quick_create.lines.empty());
  }
  SUBCASE("what is wrong with one of them is told, and none is made") {
    stage.platform.fill("textbox", "Title", "");
    paste("One\n#bug\n");
    const std::size_t before = stage.state.entities.issues.size();
    stage.run("issue.create_lines");
    CHECK(stage.state.entities.issues.size() == before);
    CHECK(stage.state.quick_create.error.starts_with("“#bug”"));
  }
  SUBCASE("lines within other words are a title, as is one line") {
    stage.platform.fill("textbox", "Title", "Words ");
    paste("One\nTwo");
    CHECK(stage.state.quick_create.lines.empty());
    stage.platform.fill("textbox", "Title", "");
    paste("- One\n\n");
    CHECK(stage.state.quick_create.lines.empty());
  }
}

TEST_CASE("Issues made of lines are undone by one step") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.run("issue.new");
  QuickCreate form = browser.desk.state().quick_create;
  form.lines = {"One", "Two", "Three"};
  browser.desk.change(QuickCreateChanged{form});
  const auto count = [&] {
    const std::vector<Issue>& issues = browser.desk.state().entities.issues;
    return std::count_if(issues.begin(), issues.end(), [](const Issue& issue) {
      return issue.id.is_set() && !issue.deleted_at;
    });
  };
  const auto before = count();
  browser.run("issue.create_lines");
  CHECK(count() == before + 3);
  CHECK(browser.has_toast("Created 3 issues"));
  browser.run("edit.undo");
  CHECK(count() == before);
}

TEST_CASE("An issue like the one that is typed is shown, and opens; what was typed is kept") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  type_title(stage, "Websocket reconnect drops edits after sleep #bug");
  const char* found = "Open #128 WebSocket reconnect drops queued edits after sleep";
  CHECK(stage.platform.sees("link", found));
  stage.platform.click("link", found);
  CHECK_FALSE(stage.state.quick_create.is_open);
  CHECK(stage.state.route.issue_number == 128);
  CHECK(stage.state.quick_create.title == "Websocket reconnect drops edits after sleep #bug");
  stage.run("issue.new");
  type_title(stage, "Websocket");
  CHECK_FALSE(stage.platform.sees("link", found));
}

TEST_CASE("A choice takes the place of what the title says") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  type_title(stage, "Fix #bug !high due:fri it");
  stage.run("form.set", Priority::low);
  stage.run("form.due", Date{stage.state.today.days + 1});
  stage.run("form.set", stage.state.entities.labels[0].id);
  CHECK(stage.state.quick_create.title == "Fix it");
  CHECK(form_of(stage).priority == Priority::low);
  CHECK(form_of(stage).due_date == Date{stage.state.today.days + 1});
  CHECK(form_of(stage).label_ids.empty());
  stage.run("form.due");
  CHECK_FALSE(form_of(stage).due_date.has_value());
}

TEST_CASE("Tab goes through the form in order, and comes back from its choices") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  stage.platform.press("Tab");  // the description
  for (const char* chip : {"Status", "Priority", "Project", "Labels", "Due"}) {
    stage.platform.press("Tab");
    stage.platform.press("Enter");
    CAPTURE(chip);
    REQUIRE(stage.state.picker.is_for_form);
    stage.change(PickerClosed{});
  }
  stage.platform.press("Tab");
  stage.platform.press("Enter");
  CHECK(stage.state.quick_create.is_open);  // Create is disabled: no title
  stage.platform.press("Tab");
  stage.platform.type("x");
  CHECK(stage.state.quick_create.title.empty());
}

TEST_CASE("The choices are filtered while typing, and all that fits is seen") {
  Stage stage;
  stage.go("/inbox");
  for (int number = 0; number < 30; ++number) {
    Label label;
    label.id = LabelId{make_uuid_v7(1, 0, 9000 + static_cast<std::uint64_t>(number))};
    label.name = "label " + std::to_string(number);
    stage.change(LabelSaved{std::nullopt, label});
  }
  stage.run("issue.new");
  stage.platform.click("button", "Labels: Labels");
  CHECK(stage.platform.count("option") >= 12);
  stage.platform.type("bug");
  CHECK(stage.platform.count("option") == 1);
  stage.run("picker.choose");
  CHECK(form_of(stage).label_ids == std::vector<LabelId>{stage.state.entities.labels[0].id});
  CHECK(stage.state.picker.kind == PickerKind::labels);
  stage.platform.type("brand new");
  stage.run("picker.choose");
  REQUIRE(form_of(stage).label_ids.size() == 2);
  stage.run("picker.close");
  CHECK(stage.state.quick_create.is_open);
  CHECK(stage.platform.sees("button", "Labels: bug, brand new"));
}

TEST_CASE("The due field understands what d d does") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  stage.platform.click("button", "Due: Due");
  stage.platform.type("+3d");
  stage.run("picker.choose");
  CHECK(form_of(stage).due_date == Date{stage.state.today.days + 3});
}

TEST_CASE("A sub-issue's words are its parent's: they are no new issue, and wait for the next sub-issue") {
  Stage stage;
  stage.go("/issues/128");
  stage.run("issue.new_sub_issue");
  type_title(stage, "Half a sub-issue");
  stage.change(QuickCreateClosed{});
  stage.run("issue.new");
  CHECK(stage.state.quick_create.title.empty());
  CHECK_FALSE(stage.state.quick_create.parent_issue_id.is_set());
  type_title(stage, "Half an issue");
  stage.change(QuickCreateClosed{});
  CHECK(stage.platform.sees("button", "New issue, a draft waits"));
  stage.run("issue.new_sub_issue");
  CHECK(stage.state.quick_create.title == "Half a sub-issue");
  CHECK(stage.state.quick_create.parent_issue_id == stage.issue(128));
  stage.change(QuickCreateClosed{});
  stage.run("issue.new");
  CHECK(stage.state.quick_create.title == "Half an issue");
  CHECK_FALSE(stage.state.quick_create.parent_issue_id.is_set());
}

TEST_CASE("A text and a comment say that a draft of them waits") {
  Stage stage;
  stage.go("/issues/128");
  stage.run("issue.comment");
  stage.platform.fill("textbox", "Comment", "Half a comment");
  stage.change(EditorClosed{true});
  stage.run("issue.edit");
  stage.platform.fill("textbox", "Description", "Half a text");
  stage.change(EditorClosed{true});
  CHECK(stage.platform.sees("button", "A draft of this text waits: go on writing"));
  stage.platform.click("button", "A draft of this text waits: go on writing");
  CHECK(stage.state.editor.text == "Half a text");
}

TEST_CASE("Every part has the keys when it is on top, and no other, whatever lies beneath") {
  // Each set of open parts.
  constexpr int parts = static_cast<int>(Part::drag);
  for (int set = 0; set < (1 << parts); ++set) {
    State state;
    const auto is_in = [&](Part part) { return (set >> (static_cast<int>(part) - 1) & 1) != 0; };
    state.is_typing = is_in(Part::field);
    if (is_in(Part::editor)) state.editor.kind = EditorKind::description;
    state.quick_create.is_open = is_in(Part::form);
    if (is_in(Part::menu)) state.caret_menu.sign = '#';
    if (is_in(Part::dialog)) state.dialog.kind = DialogKind::confirm;
    state.palette.is_open = is_in(Part::palette);
    if (is_in(Part::picker)) state.picker.kind = PickerKind::status;
    if (is_in(Part::drag)) state.drag.issues = {IssueId{}};
    Part top = Part::page;
    for (int at = 1; at <= parts; ++at) {
      if (is_in(static_cast<Part>(at))) top = static_cast<Part>(at);
    }
    CAPTURE(set);
    CHECK(top_part(state) == top);
    for (int at = 0; at <= parts; ++at) {
      const auto part = static_cast<Part>(at);
      bool covered = false;
      for (const Part modal : {Part::form, Part::dialog, Part::palette, Part::picker})
        covered |= modal > part && is_in(modal);
      CHECK(is_covered(state, part) == covered);
    }
  }
}

}  // namespace dits::web::test
