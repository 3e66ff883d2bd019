// Messages that pass: one at a time, with the number of its issue, and away from what is being typed.
#include <doctest/doctest.h>

#include "imgui.h"
#include "tests/web/support/browser.hpp"
#include "tests/web/support/stage.hpp"

namespace dits::web::test {

namespace {

Toast undo_of(std::string text, std::uint32_t depth) {
  Toast toast;
  toast.kind = ToastKind::success;
  toast.text = std::move(text);
  toast.action_label = "Undo";
  toast.action_command = "edit.undo";
  toast.undo_depth = depth;
  return toast;
}

std::vector<std::string> texts_of(const State& state) {
  std::vector<std::string> texts;
  for (const Toast& toast : state.toasts) texts.push_back(toast.text);
  return texts;
}

// The middle of the toast with this text.
float height_of(Stage& stage, const std::string& text) {
  stage.platform.click("listitem", text);
  return ImGui::GetIO().MousePos.y;
}

}  // namespace

TEST_CASE("Each change takes the place of the message before it; warnings and what stays are kept") {
  Stage stage;
  stage.go("/inbox");
  Toast warning;
  warning.kind = ToastKind::warning;
  warning.text = "Not stored";
  Toast error;
  error.kind = ToastKind::error;
  error.text = "Refused";
  error.stays = true;
  stage.change(ToastShown{warning});
  stage.change(ToastShown{error});
  stage.change(ToastShown{undo_of("First", 1)});
  stage.change(ToastShown{undo_of("Second", 2)});
  CHECK(texts_of(stage.state) == std::vector<std::string>{"Not stored", "Refused", "Second"});
}

TEST_CASE("A message offers to undo its own step only, as long as that is the last one") {
  Stage stage;
  stage.go("/inbox");
  stage.change(UndoStackChanged{2, 0, "Second"});
  stage.change(ToastShown{undo_of("Second", 2)});
  CHECK(stage.platform.sees("button", "Undo"));
  stage.change(UndoStackChanged{3, 0, "From another tab"});
  CHECK_FALSE(stage.platform.sees("button", "Undo"));
}

TEST_CASE("While a text is written messages stand at the head of the page, else at its end") {
  for (const float width : {1440.0f, 390.0f}) {
    INFO(width);
    Stage stage(width, 844);
    stage.go("/issues/128");
    stage.change(ToastShown{undo_of("Second", 0)});
    CHECK(height_of(stage, "Second") > 600);
    const auto names_key = [&] {
      return stage.platform.mirror_text().find("button \"Undo\" [keyshortcuts=u]") != std::string::npos;
    };
    CHECK(names_key() == (width > 1000));
    stage.run("issue.comment");
    CHECK(height_of(stage, "Second") < 160);
    CHECK(stage.platform.sees("button", "Undo"));
    CHECK_FALSE(names_key());
  }
}

TEST_CASE("What was done is told with the number of the issue") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  const auto told = [&] {
    const std::vector<std::string> texts = texts_of(browser.desk.state());
    return texts.size() == 1 ? texts.front() : std::string("not one");
  };
  browser.run("issue.priority.set", Priority::urgent, 2);
  browser.run("issue.priority.set", Priority::low, 2);
  CHECK(told() == "Set priority: Low on #2");
  browser.run("issue.title.set", std::string("Other"), 3);
  CHECK(told() == "Edited title on #3");
  browser.run("issue.priority.set", Priority::low, 1);
  browser.desk.run({"issue.priority.set", Priority::high, {world_issue(1), world_issue(2)}, false, 0, 0});
  CHECK(told() == "Set priority: High on 2 issues");
  browser.run("issue.due.today", {}, 1);
  browser.run("issue.due.clear", {}, 1);
  CHECK(told() == "Cleared due date on #1");
  browser.run("issue.trash", {}, 4);
  CHECK(told() == "Moved #4 to trash");
}

TEST_CASE("A deleted label, project or view is offered back, and comes back") {
  FakeServer server;
  Browser browser(server);
  browser.open("/settings/labels");
  const Label label = browser.desk.state().entities.labels.front();
  browser.desk.run({"noun.delete", label.id, {}, false, 0, 0});
  REQUIRE(browser.desk.state().toasts.size() == 1);
  const Toast toast = browser.desk.state().toasts.front();
  CHECK(toast.text == "Deleted label “" + label.name + "”");
  CHECK(toast.action_command == "edit.undo");
  CHECK(toast.undo_depth == browser.desk.state().undo_depth);
  CHECK(find_label(browser.desk.state().entities, label.id)->deleted_at);
  browser.run("edit.undo");
  CHECK_FALSE(find_label(browser.desk.state().entities, label.id)->deleted_at);
}

}  // namespace dits::web::test
