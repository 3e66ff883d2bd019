// Keys, the palette, pickers and days as they are typed.
#include "web/commands/keymap.hpp"

#include <set>

#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"
#include "tests/web/support/world.hpp"
#include "web/commands/issue_plans.hpp"
#include "web/commands/palette.hpp"
#include "web/commands/picker.hpp"
#include "web/store/reduce.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

namespace {

std::string press(State& state, const Chord& chord) {
  const KeyAnswer answer = answer_key(state, chord);
  for (const Change& change : answer.changes) reduce(state, change);
  if (!answer.is_taken) return "left";
  return answer.invocation ? answer.invocation->command : "taken";
}

std::string press(State& state, const std::string& key) {
  return press(state, Chord{key, "", false, false, false, false});
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("The table of commands is the one in tests/golden/commands.txt") {
    std::string text;
    for (const Command& command : all_commands()) {
      std::string line(command.id);
      line.resize(std::max(line.size() + 1, std::size_t{32}), ' ');
      line += std::string(title_of(command.scope)) + ": " + std::string(command.title);
      if (!command.keys.empty()) line += " [" + std::string(command.keys) + "]";
      text += line + (command.in_palette ? "\n" : " (not in the palette)\n");
    }
    check_golden("commands", text);
  }
}

TEST_CASE("On the page of an issue title and text have a key each, in a list too") {
  Stage stage;
  stage.go("/issues/128");
  CHECK(press(stage.state, "e") == "issue.edit");
  CHECK(press(stage.state, "E") == "page.edit_title");
  for (const auto& [command, kind] :
       {std::pair{"issue.edit", EditorKind::description}, std::pair{"page.edit_title", EditorKind::title}}) {
    stage.run(command);
    CHECK(stage.state.editor.kind == kind);
    stage.run("editor.leave");
  }
  stage.go("/issues");
  CHECK(press(stage.state, "E") == "issue.edit_text");
  for (const auto& [command, kind] :
       {std::pair{"issue.edit", EditorKind::title}, std::pair{"issue.edit_text", EditorKind::description}}) {
    stage.run(command);
    CHECK(stage.state.editor.kind == kind);
    stage.run("editor.leave");
  }
}

TEST_CASE("A long issue is scrolled to its ends and by pages with the keys of browsers and of editors") {
  Stage stage(1440, 500);
  IssuePatch patch;
  patch.description = std::string{};
  for (int line = 1; line <= 80; ++line) *patch.description += "Paragraph " + std::to_string(line) + "\n\n";
  stage.change(IssuesPatched{{{stage.issue(128), patch}}, stage.state.now});
  stage.go("/issues/128");
  const auto sees = [&](int line) {
    return stage.platform.sees("paragraph", "Paragraph " + std::to_string(line));
  };
  const auto presses = [&](const char* key) {
    stage.run(press(stage.state, key));
    stage.platform.advance(50);
  };
  REQUIRE(sees(1));
  REQUIRE_FALSE(sees(80));
  presses("PageDown");
  CHECK_FALSE(sees(1));
  presses("PageUp");
  CHECK(sees(1));
  for (const auto& [end, top] : {std::pair{"End", "Home"}, std::pair{"G", "g"}}) {
    presses(end);
    CHECK_FALSE(sees(1));
    CHECK(stage.platform.sees("button", "Comment"));
    if (top == std::string("g")) press(stage.state, "g");
    presses(top);
    CHECK(sees(1));
  }
}

TEST_CASE("Every command has a title, an icon and something to do") {
  std::set<std::string_view> ids;
  for (const Command& command : all_commands()) {
    CAPTURE(command.id);
    CHECK_FALSE(command.title.empty());
    CHECK_FALSE(command.hint.empty());
    CHECK_FALSE(command.icon.empty());
    CHECK(static_cast<bool>(command.plan));
    CHECK(ids.insert(command.id).second);
    CHECK(find_command(command.id) == &command);
  }
}

TEST_CASE("A view is saved, new or open, only with a query that can be read") {
  State state = make_world(5);
  SavedView view;
  view.id = SavedViewId{parse_uuid("019c0000-0000-7000-8000-00000000aaaa").value()};
  view.name = "Mine";
  state.entities.views.push_back(view);
  state.route.screen = Screen::view;
  state.route.entity_id = view.id.uuid;
  state.list.query_text = "is:open";
  CHECK(find_command("view.update")->plan(state, {}).complaint.empty());
  state.list.error = QueryError{0, 5, "Unknown field \"lable\"", ""};
  for (const std::string_view id : {"view.update", "view.save"}) {
    CAPTURE(id);
    const Plan plan = find_command(id)->plan(state, {});
    CHECK(plan.complaint == "The query has an error: Unknown field \"lable\"");
    CHECK(plan.changes.empty());
  }
}

TEST_CASE("A command is offered where it can be run, and nowhere else") {
  const auto offered = [](const State& state, std::string_view id) {
    return is_available(state, *find_command(id));
  };
  State state = make_world(5);
  for (const std::string_view id : {"view.update",
                                    "project.edit",
                                    "project.archive",
                                    "area.edit",
                                    "edit.undo",
                                    "edit.redo",
                                    "issue.restore",
                                    "issue.purge"}) {
    CAPTURE(id);
    CHECK_FALSE(offered(state, id));
  }
  for (const std::string_view id : {"project.new", "area.new", "view.save", "issue.trash"}) {
    CAPTURE(id);
    CHECK(offered(state, id));
  }
  for (const Role role : {Role::user, Role::admin}) {
    state.session.me.role = role;
    CHECK(offered(state, "go.studio") == (role == Role::admin));
    CHECK(offered(state, "go.system") == (role == Role::admin));
  }
  state.undo_depth = 1;
  CHECK(offered(state, "edit.undo"));
  CHECK_FALSE(offered(state, "edit.redo"));
  state.route.screen = Screen::project;
  CHECK(offered(state, "project.archive"));
  CHECK_FALSE(offered(state, "area.edit"));
  state.route.screen = Screen::view;
  CHECK(offered(state, "view.update"));
  state = make_world(5);
  state.route.screen = Screen::issue;
  state.route.issue_number = find_issue(state.entities, world_issue(1))->number;
  CHECK_FALSE(offered(state, "issue.restore"));
  reduce(state, IssuesTrashed{{world_issue(1)}, world_now});
  CHECK(offered(state, "issue.restore"));
  CHECK(offered(state, "issue.purge"));
}

TEST_CASE("What the issue has is marked among the keys that would set it") {
  State state = make_world(5);
  const Issue* issue = cursor_issue(state);
  REQUIRE(issue != nullptr);
  for (const auto& [priority, key] :
       {std::pair{Priority::urgent, "u"}, std::pair{Priority::none, "n"}, std::pair{Priority::low, "l"}}) {
    IssuePatch patch;
    patch.priority = priority;
    reduce(state, IssuesPatched{{{issue->id, patch}}, world_now});
    issue = cursor_issue(state);
    press(state, "p");
    for (const WhichKeyRow& row : which_key_rows(state)) {
      CAPTURE(row.key);
      CHECK(row.is_current == (row.key == key));
    }
    press(state, "Escape");
  }
  press(state, "s");
  const StatusKind kind = kind_of(state, *cursor_issue(state));
  const std::string has = kind == StatusKind::backlog    ? "b"
                          : kind == StatusKind::todo     ? "t"
                          : kind == StatusKind::progress ? "p"
                          : kind == StatusKind::review   ? "r"
                                                         : "d";
  for (const WhichKeyRow& row : which_key_rows(state)) CHECK(row.is_current == (row.key == has));
}

TEST_CASE("A sequence runs its command, and waits without a limit") {
  State state = make_world(5);
  CHECK(press(state, "p") == "taken");
  CHECK(state.mode == Mode::pick);
  CHECK_FALSE(which_key_rows(state).empty());
  CHECK_FALSE(shows_which_key(state));
  reduce(state, Ticked{Timestamp{world_now.unix_ms + 60'000}, {}, 1, 1});
  CHECK(shows_which_key(state));
  CHECK(press(state, "h") == "issue.priority.high");
  CHECK(state.mode == Mode::normal);
  CHECK(press(state, "g") == "taken");
  CHECK(press(state, "g") == "list.top");
}

TEST_CASE("Esc cancels a sequence, Backspace takes a key back, another key says that it means nothing") {
  State state = make_world(5);
  press(state, "s");
  CHECK(press(state, "Escape") == "taken");
  CHECK(state.pending.keys.empty());
  press(state, "s");
  CHECK(press(state, "Backspace") == "taken");
  CHECK(state.pending.keys.empty());
  press(state, "p");
  CHECK(press(state, "k") == "taken");
  CHECK(state.pending.complaint == "p k means nothing");
  CHECK(press(state, "j") == "list.down");
  CHECK(state.pending.complaint.empty());
}

TEST_CASE("The narrow scope wins: J selects in a list, moves a card on a board, turns the page on an issue") {
  State state = make_world(5);
  CHECK(press(state, "J") == "list.extend_down");
  Route route = state.route;
  route.layout = Layout::board;
  reduce(state, Navigated{route});
  CHECK(press(state, "J") == "board.move_down");
  route.screen = Screen::issue;
  route.issue_number = 1;
  reduce(state, Navigated{route});
  CHECK(press(state, "J") == "page.next_issue");
}

TEST_CASE("No single key fires while a text field has the caret") {
  State state = make_world(5);
  reduce(state, QuickCreateChanged{});
  CHECK(press(state, Chord{"j", "KeyJ", false, false, false, true}) == "left");
  CHECK(press(state, Chord{"Enter", "Enter", true, false, false, true}) == "editor.save_and_leave");
  CHECK(press(state, Chord{"z", "KeyZ", true, false, false, true}) == "left");
  CHECK(press(state, Chord{"k", "KeyK", true, false, false, true}) == "palette.open");
  reduce(state, QuickCreateClosed{});
  reduce(state, ModeChanged{Mode::query});
  CHECK(press(state, Chord{"x", "KeyX", false, false, false, true}) == "left");
  CHECK(press(state, Chord{"Escape", "Escape", false, false, false, true}) == "query.leave");
}

TEST_CASE("Chords are named as the table writes them") {
  CHECK(chord_name({"z", "KeyZ", true, true, false, false}) == "Ctrl Shift Z");
  CHECK(chord_name({"ArrowDown", "ArrowDown", false, false, true, false}) == "Alt ↓");
  CHECK(chord_name({"?", "Slash", false, true, false, false}) == "?");
  CHECK(chord_name({" ", "Space", false, false, false, false}) == "Space");
  CHECK(chord_name({"Tab", "Tab", false, true, false, false}) == "Shift Tab");
  CHECK(chord_name({"Shift", "ShiftLeft", false, true, false, false}).empty());
  CHECK(key_caps("edit.redo", false) == std::vector<std::string>{"U"});
  CHECK(key_caps("palette.open", true) == std::vector<std::string>{"Cmd", "K"});
}

TEST_CASE("Word starts count more than runs, and runs more than scattered letters") {
  const int starts = fuzzy_match("Set due date…", "sdd").score;
  const int run = fuzzy_match("Sudden", "sudd").score;
  CHECK(starts > 0);
  CHECK(run > 0);
  CHECK(fuzzy_match("Set due: today", "setdu").score >
        fuzzy_match("Reset, then dump and merge", "setdu").score);
  CHECK(fuzzy_match("Set due date", "xyz").score == 0);
  CHECK(fuzzy_match("Übersicht", "über").score > 0);
  const FuzzyMatch match = fuzzy_match("Set due date", "setdu");
  REQUIRE(match.ranges.size() == 2);
  CHECK(match.ranges[0] == MatchRange{0, 3});
  CHECK(match.ranges[1] == MatchRange{4, 6});
}

TEST_CASE("The palette finds commands, issues and places, each with its prefix") {
  State state = make_world(20);
  PaletteState palette;
  palette.text = "setdu";
  reduce(state, PaletteChanged{palette});
  PaletteAnswer answer = palette_answer(state);
  REQUIRE_FALSE(answer.sections.empty());
  CHECK(answer.sections[0].rows[0].text.rfind("Set due", 0) == 0);
  palette.text = "#3";
  reduce(state, PaletteChanged{palette});
  answer = palette_answer(state);
  REQUIRE(answer.sections.size() == 1);
  CHECK(issue_at(state, answer.sections[0].rows[0].slot).number == 3);
  palette.text = "@relay";
  reduce(state, PaletteChanged{palette});
  answer = palette_answer(state);
  REQUIRE(answer.sections.size() == 1);
  CHECK(answer.sections[0].rows[0].text == "Relay 2.0");
  palette.text = "zzqqxx";
  reduce(state, PaletteChanged{palette});
  answer = palette_answer(state);
  REQUIRE(answer.shown == 1);
  CHECK(palette_row(answer, 0)->invocation.command == "issue.create");
  CHECK(palette_row(answer, 1) == nullptr);
}

TEST_CASE("A command whose words are begun stands above issues, which match by words and not by letters") {
  State state = make_world(3);
  IssuesPatched titles{{{world_issue(1), {}}, {world_issue(2), {}}}, world_now};
  titles.edits[0].patch.title = "Nine weak parrots roam objects";
  titles.edits[1].patch.title = "New projections are wrong";
  reduce(state, titles);
  PaletteState palette;
  palette.text = "new proj";
  reduce(state, PaletteChanged{palette});
  const PaletteAnswer answer = palette_answer(state);
  REQUIRE(answer.shown > 1);
  CHECK(palette_row(answer, 0)->text == "New project");
  std::vector<std::string> issues;
  for (const PaletteSection& section : answer.sections) {
    for (const PaletteRow& row : section.rows) {
      if (row.kind == PaletteRow::Kind::issue) issues.push_back(row.text);
    }
  }
  CHECK(issues == std::vector<std::string>{"New projections are wrong"});
}

TEST_CASE("What was run lately comes first among equals") {
  State state = make_world(3);
  PaletteState palette;
  palette.text = "set priority";
  reduce(state, CommandRemembered{"issue.priority.low"});
  reduce(state, PaletteChanged{palette});
  const PaletteAnswer answer = palette_answer(state);
  CHECK(answer.sections[0].rows[0].command->id == "issue.priority.low");
}

TEST_CASE("A status that the workflow does not allow is refused with a sentence") {
  State state = make_world(3);
  Workflow workflow = state.entities.workflows[0];
  workflow.transitions = {{world_status(0), {world_status(1)}}, {world_status(1), {world_status(2)}}};
  reduce(state, WorkflowSaved{state.entities.workflows[0], workflow});
  IssuePatch backlog;
  backlog.status_id = world_status(0);
  reduce(state, IssuesPatched{{{world_issue(1), backlog}}, world_now});
  Invocation invocation;
  invocation.command = "issue.status.done";
  invocation.targets = {world_issue(1)};
  CHECK(find_command(invocation.command)->plan(state, invocation).complaint ==
        "The workflow does not allow Backlog → Done");
  invocation.command = "issue.status.todo";
  CHECK(find_command(invocation.command)->plan(state, invocation).changes.size() == 1);
}

TEST_CASE("Down and up pass the headers of open groups and stop at folded ones") {
  State state = make_world(40);
  const auto step = [&](const char* id) {
    for (const Change& change : find_command(id)->plan(state, {}).changes) reduce(state, change);
  };
  REQUIRE(state.list.result.groups.size() > 2);
  const ListGroup second = state.list.result.groups[1];
  reduce(state, CursorMoved{second.first_line - 1, false});
  step("list.down");
  CHECK(state.list.cursor == second.first_line + 1);
  step("list.up");
  CHECK(state.list.cursor == second.first_line - 1);
  reduce(state, GroupFolded{second.key, true});
  step("list.down");
  CHECK(state.list.cursor == second.first_line);
}

TEST_CASE("A picker shows what fits, ticks what is so, and offers to create a label") {
  State state = make_world(4);
  Picker picker;
  picker.kind = PickerKind::labels;
  picker.command = "issue.labels.toggle";
  picker.targets = {world_issue(1)};
  reduce(state, PickerOpened{picker});
  CHECK(picker_rows(state).size() == 3);
  reduce(state, PickerChanged{"re", 0, {}});
  const std::vector<PickerRow> rows = picker_rows(state);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].creates);
  CHECK(rows[0].text == "Create label “re”");
}

TEST_CASE("Check boxes are found outside of code") {
  const std::string text =
      "- [ ] one\n* [x] two\n```\n- [ ] code\n```\n1. [X] three\n- [y] no\n-[ ] no\ntext [ ] no\n> - [ ] "
      "four";
  const std::vector<ChecklistItem> items = checklist_items(text);
  REQUIRE(items.size() == 4);
  CHECK_FALSE(items[0].is_ticked);
  CHECK(items[1].is_ticked);
  CHECK(items[2].is_ticked);
  CHECK(text[items[3].offset] == ' ');
}

}  // namespace dits::web::test
