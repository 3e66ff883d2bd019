// The keymap reads the command table; there is no second list of keys.
#include "web/commands/keymap.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "web/commands/key_text.hpp"
#include "web/commands/plans.hpp"
#include "web/store/layers.hpp"

namespace dits::web {

namespace {

constexpr std::int64_t which_key_ms = 200;

struct KeyName {
  std::string_view browser;
  std::string_view ours;
};
constexpr std::array key_names{
    KeyName{"ArrowDown", "↓"},
    KeyName{"ArrowUp", "↑"},
    KeyName{"ArrowLeft", "←"},
    KeyName{"ArrowRight", "→"},
    KeyName{" ", "Space"},
    KeyName{"Escape", "Esc"},
    KeyName{"ContextMenu", "Menu"},
};
constexpr std::array lone_modifiers{std::string_view("Control"),
                                    std::string_view("Shift"),
                                    std::string_view("Alt"),
                                    std::string_view("Meta"),
                                    std::string_view("CapsLock"),
                                    std::string_view("AltGraph"),
                                    std::string_view("Dead"),
                                    std::string_view("Process"),
                                    std::string_view("Unidentified")};

bool is_one_character(std::string_view key) {
  if (key.empty()) return false;
  const auto first = static_cast<unsigned char>(key[0]);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return key.size() == length;
}

// Are these keys, pressed one after the other, the beginning (or all) of a binding of the command?
enum class Fit { no, begins, whole };
Fit fit(std::string_view keys, const std::vector<std::string>& pressed) {
  Fit best = Fit::no;
  while (!keys.empty()) {
    std::string_view binding = take_part(keys, '|');
    bool fits = true;
    for (const std::string& key : pressed) {
      if (binding.empty() || take_key(binding) != key) {
        fits = false;
        break;
      }
    }
    if (fits && binding.empty()) return Fit::whole;
    if (fits) best = Fit::begins;
  }
  return best;
}

std::string joined(const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) text += (text.empty() ? "" : " ") + key;
  return text;
}

bool has_modifier(std::string_view name) {
  return name.substr(0, 5) == "Ctrl " || name.substr(0, 4) == "Alt ";
}

// In a text field only what no field needs is a shortcut.
bool is_live_in_text(std::string_view name) {
  return has_modifier(name) || name == "Esc" || name == "Enter" || name == "Tab" || name == "↑" ||
         name == "↓" || name == "PageUp" || name == "PageDown";
}

Chord chord_without_letter_case(Chord chord) {
  if (chord.key.size() == 1 && chord.key[0] >= 'a' && chord.key[0] <= 'z') {
    chord.key[0] = static_cast<char>(chord.key[0] - 'a' + 'A');
  }
  return chord;
}

// Enter belongs to buttons and to long texts: it confirms from the one-line fields of a dialog, and from the
// title.
bool takes_key(const State& state, const Command& command, const Chord& chord, std::string_view name) {
  if (name != "Enter") return true;
  if (command.scope == Scope::dialog) return chord.in_text;
  // Of Studio's fields only a cell of one line takes it; the others are told by the field itself.
  if (command.scope == Scope::studio_text)
    return studio_of(state).is_editing && !edits_long_text(studio_of(state));
  return command.scope != Scope::editor ||
         (top_part(state) == Part::editor && state.editor.kind == EditorKind::title);
}

bool is_current_value(const State& state, const Command& command) {
  const Issue* issue = cursor_issue(state);
  return issue != nullptr && command.traits.is_set != nullptr && command.traits.is_set(state, *issue);
}

}  // namespace

std::string_view title_of(Scope scope) {
  constexpr std::array<std::string_view, scope_count> words{"Everywhere",
                                                            "Issue",
                                                            "List",
                                                            "Board",
                                                            "Calendar",
                                                            "Plan",
                                                            "Issue page",
                                                            "Query field",
                                                            "Palette",
                                                            "Text editor",
                                                            "Drag",
                                                            "Sidebar",
                                                            "Picker",
                                                            "Choices at the caret",
                                                            "Dialog",
                                                            "Studio",
                                                            "Studio, typing",
                                                            "Insights"};
  return words[static_cast<std::size_t>(scope)];
}

std::string chord_name(const Chord& given) {
  if (std::find(lone_modifiers.begin(), lone_modifiers.end(), given.key) != lone_modifiers.end()) return {};
  const Chord chord = given.control ? chord_without_letter_case(given) : given;
  std::string key = chord.key;
  for (const KeyName& name : key_names) {
    if (name.browser == key) key = name.ours;
  }
  if (key.empty()) return {};
  std::string text;
  if (chord.control) text += "Ctrl ";
  // A plain character says by itself whether Shift was held.
  const bool is_plain = is_one_character(chord.key) && chord.key != " " && !chord.control && !chord.alt;
  if (chord.shift && !is_plain) text += "Shift ";
  if (chord.alt) text += "Alt ";
  return text + key;
}

std::vector<Scope> live_scopes(const State& state) {
  if (state.session.phase != SessionPhase::signed_in) return {};
  const bool is_studio = state.route.screen == Screen::studio;
  switch (top_part(state)) {
    case Part::drag:
      return {Scope::drag};
    case Part::picker:
      return {Scope::picker};
    case Part::palette:
      return {Scope::palette};
    case Part::dialog:
      return {Scope::dialog};
    case Part::menu:
      return {Scope::caret, Scope::editor};
    case Part::form:
    case Part::editor:
      return {Scope::editor};
    case Part::field:
      return {is_studio ? Scope::studio_text : Scope::editor};
    case Part::page:
      break;
  }
  if (state.region == Region::query) return {Scope::query};
  if (state.region == Region::sidebar) return {Scope::sidebar, Scope::global};
  std::vector<Scope> scopes;
  if (state.route.screen == Screen::issue) {
    scopes.push_back(Scope::issue_page);
  } else if (is_studio) {
    scopes.push_back(Scope::studio);
  } else if (state.route.screen == Screen::system || shows_insights(state.route)) {
    return {Scope::insights, Scope::global};  // no issue is seen
  } else if (shows_issues(state.route.screen)) {
    scopes.push_back(state.route.layout == Layout::board ? Scope::board
                     : shows_calendar(state.route)       ? Scope::calendar
                     : shows_plan(state.route)           ? Scope::plan
                                                         : Scope::list);
  }
  if (cursor_issue(state) != nullptr || !state.list.selected.empty()) scopes.push_back(Scope::issue);
  scopes.push_back(Scope::global);
  return scopes;
}

KeyAnswer answer_key(const State& state, const Chord& chord) {
  KeyAnswer answer;
  const std::string name = chord_name(chord);
  if (name.empty()) return answer;
  const std::vector<Scope> scopes = live_scopes(state);
  if (scopes.empty()) return answer;
  const bool is_field_key = chord.in_text && !is_live_in_text(name);
  if (is_field_key) return answer;

  std::vector<std::string> pressed = state.pending.keys;
  if (!pressed.empty() && (name == "Esc" || name == "Backspace")) {
    pressed.pop_back();
    if (name == "Esc") pressed.clear();
    answer.is_taken = true;
    answer.changes.emplace_back(KeysPending{{pressed, state.now, ""}});
    return answer;
  }
  pressed.push_back(name);

  // The palette can be called from any field, but not over a question.
  const bool calls_palette =
      name == "Ctrl K" && (scopes.front() == Scope::query || scopes.back() == Scope::editor);
  bool begins = false;
  for (const Scope scope : scopes) {
    for (const Command& command : all_commands()) {
      if (command.scope != scope || command.keys.empty() || !takes_key(state, command, chord, name)) continue;
      const Fit found = fit(command.keys, pressed);
      if (found == Fit::begins) begins = true;
      if (found != Fit::whole) continue;
      answer.is_taken = true;
      answer.invocation = Invocation{std::string(command.id), {}, {}, false, 0, 0};
      if (!state.pending.keys.empty() || !state.pending.complaint.empty())
        answer.changes.emplace_back(KeysPending{});
      return answer;
    }
  }
  if (calls_palette) {
    answer.is_taken = true;
    answer.invocation = Invocation{"palette.open", {}, {}, false, 0, 0};
    return answer;
  }
  if (begins && !chord.in_text) {
    answer.is_taken = true;
    answer.changes.emplace_back(KeysPending{{pressed, state.now, ""}});
    return answer;
  }
  if (!state.pending.keys.empty()) {
    answer.is_taken = true;
    answer.changes.emplace_back(KeysPending{{{}, state.now, joined(pressed) + " means nothing"}});
  } else if (!state.pending.complaint.empty()) {
    answer.changes.emplace_back(KeysPending{});
  }
  return answer;
}

std::vector<WhichKeyRow> which_key_rows(const State& state) {
  std::vector<WhichKeyRow> rows;
  if (state.pending.keys.empty()) return rows;
  const std::vector<Scope> scopes = live_scopes(state);
  for (const Scope scope : scopes) {
    for (const Command& command : all_commands()) {
      if (command.scope != scope) continue;
      for (std::string_view keys = command.keys; !keys.empty();) {
        std::string_view binding = take_part(keys, '|');
        if (fit(binding, state.pending.keys) != Fit::begins) continue;
        for (std::size_t at = 0; at < state.pending.keys.size(); ++at) take_key(binding);
        rows.push_back({std::string(binding), &command, is_current_value(state, command)});
      }
    }
  }
  return rows;
}

bool shows_which_key(const State& state) {
  return !state.pending.keys.empty() && state.now.unix_ms - state.pending.since.unix_ms >= which_key_ms;
}

std::vector<std::string> key_caps(const Command& command, bool is_mac) {
  std::vector<std::string> caps;
  std::string_view keys = command.keys;
  std::string_view binding = take_part(keys, '|');
  while (!binding.empty()) {
    std::string_view key = take_key(binding);
    while (!key.empty()) {
      const std::string_view cap = take_part(key, ' ');
      caps.emplace_back(cap == "Ctrl" && is_mac ? "Cmd" : cap);
    }
  }
  return caps;
}

std::vector<std::string> key_caps(std::string_view command_id, bool is_mac) {
  const Command* command = find_command(command_id);
  return command != nullptr ? key_caps(*command, is_mac) : std::vector<std::string>{};
}

std::vector<KeyHint> mode_line_hints(const State& state, bool is_mac) {
  std::vector<KeyHint> hints;
  const auto add = [&](std::string_view id, std::string_view text = {}) {
    const Command* command = find_command(id);
    if (command == nullptr) return;
    std::vector<std::string> caps = key_caps(*command, is_mac);
    std::replace(caps.begin(), caps.end(), std::string("Enter"), std::string("⏎"));
    hints.push_back({std::move(caps), std::string(text.empty() ? command->hint : text), std::string(id)});
  };
  const auto add_caps = [&](std::vector<std::string> caps, std::string text) {
    hints.push_back({std::move(caps), std::move(text), ""});
  };
  switch (state.mode) {
    case Mode::login:
    case Mode::setup:
      add_caps({"Tab"}, "next field");
      add_caps({"⏎"}, "send");
      return hints;
    case Mode::edit:
      if (state.dialog.kind != DialogKind::none) {
        add("dialog.confirm");
        add("dialog.close");
      } else if (state.route.screen == Screen::studio) {
        const bool is_long = edits_long_text(studio_of(state));
        if (is_long) add("studio.text_run", "keep");
        if (!is_long) add("studio.keep");
        if (!is_long) add("studio.keep_next");
        add("studio.cancel");
        add("studio.save");
      } else {
        add("editor.save_and_leave", state.quick_create.is_open ? "create" : "save");
        add("editor.leave", "leave, draft kept");
      }
      return hints;
    case Mode::sql:
      add("studio.text_run", "run SQL");
      add("studio.cancel", "back to the rows");
      return hints;
    case Mode::query:
      if (state.route.screen == Screen::studio) {
        add_caps({"⏎"}, "apply");
        add("studio.cancel", "back to the rows");
        return hints;
      }
      add_caps({"Tab"}, "complete");
      add("query.accept");
      add("query.save");
      add("query.leave");
      return hints;
    case Mode::pick:
      if (state.picker.kind == PickerKind::none && state.caret_menu.sign == 0) {
        add_caps({"Esc"}, "cancel");
        add_caps({"⌫"}, "back");
        return hints;
      }
      add_caps({"↑", "↓"}, "choose");
      add("picker.choose");
      add("picker.close");
      return hints;
    case Mode::command:
      add_caps({"↑", "↓"}, "choose");
      add("palette.run");
      add("palette.argument");
      add("palette.close");
      return hints;
    case Mode::drag:
      add("drag.cancel");
      return hints;
    case Mode::normal:
      break;
  }
  if (state.route.screen == Screen::studio) {
    add("studio.edit");
    add("studio.follow");
    add("studio.focus_filter");
    add("studio.save");
    add("studio.console");
    add("studio.run");
  } else if (state.route.screen == Screen::system) {
    add_caps({"1", "-", "9"}, "chart");
    add_caps({"h", "l"}, "read values");
    add_caps({"+", "-"}, "range");
    add("insights.copy");
  } else if (shows_insights(state.route)) {
    add_caps({"1", "-", "4"}, "focus chart");
    add_caps({"h", "l"}, "read values");
    add("insights.list");
    add("insights.copy");
  } else if (state.route.screen == Screen::issue) {
    add("issue.edit");
    add("issue.comment");
    add_caps({"s"}, "status");
    add_caps({"J", "K"}, "next, previous");
    add("app.back");
  } else if (state.route.layout == Layout::board && shows_issues(state.route.screen)) {
    add_caps({"h", "j", "k", "l"}, "move");
    add_caps({"H", "L"}, "move card");
    add("board.select");
    add("issue.open");
  } else if (shows_calendar(state.route)) {
    if (is_in_tray(state)) {
      add_caps({"j", "k"}, "move");
      add("calendar.place", "to " + day_label(state, state.calendar.day));
      add("issue.due.pick");
      add_caps({"h"}, "back to the days");
    } else {
      add_caps({"h", "j", "k", "l"}, "day");
      add_caps({"H", "L"}, state.route.by_week ? "week" : "month");
      add("issue.new", "new on this day");
      add_caps({"Shift", "←", "→"}, "move issue");
    }
  } else if (shows_plan(state.route)) {
    if (is_in_next(state)) {
      add_caps({"j", "k"}, "move");
      add("issue.start");
      add("issue.open");
      add_caps({"h"}, "back to the bars");
    } else {
      add_caps({"h", "l"}, "along links");
      add_caps({"j", "k"}, "rows");
      add_caps({"Shift", "←", "→"}, "move bar");
      add("issue.relation.blocks", "add blocks");
      add("plan.fit");
    }
  } else if (state.route.screen == Screen::settings) {
    add_caps({"Tab"}, "move");
    add_caps({"⏎"}, "change");
    add("app.back");
  } else if (state.route.screen == Screen::trash) {
    add_caps({"j", "k"}, "move");
    add("list.select");
    add("issue.restore");
    add_caps({"⏎"}, "open");
  } else if (shows_issues(state.route.screen)) {
    add_caps({"j", "k"}, "move");
    add("list.select");
    add_caps({"s"}, "status");
    add_caps({"p"}, "priority");
    add_caps({"⏎"}, "open");
  }
  add("palette.open");
  return hints;
}

std::vector<HelpSection> keyboard_help(const State& state) {
  // The dialog itself is open: what is live below it counts.
  State below = {};
  below.session.phase = SessionPhase::signed_in;
  below.route = state.route;
  std::vector<Scope> order = live_scopes(below);
  if (std::find(order.begin(), order.end(), Scope::issue) == order.end()) {
    order.insert(order.end() - 1, Scope::issue);
  }
  for (int at = 0; at < scope_count; ++at) {
    const auto scope = static_cast<Scope>(at);
    if (std::find(order.begin(), order.end(), scope) == order.end()) order.push_back(scope);
  }
  std::vector<HelpSection> sections;
  for (const Scope scope : order) {
    HelpSection section{scope, {}};
    for (const Command& command : all_commands()) {
      if (command.scope == scope && !command.keys.empty()) section.commands.push_back(&command);
    }
    if (!section.commands.empty()) sections.push_back(std::move(section));
  }
  return sections;
}

bool is_available(const State& state, const Command& command) {
  if (command.needs_issue && target_issues(state).empty()) return false;
  const Screen screen = state.route.screen;
  if (command.scope == Scope::list && !shows_issues(screen)) return false;
  if (command.scope == Scope::board && (!shows_issues(screen) || state.route.layout != Layout::board))
    return false;
  if (command.scope == Scope::calendar && !shows_calendar(state.route)) return false;
  if (command.scope == Scope::plan && !shows_plan(state.route)) return false;
  if (command.scope == Scope::issue_page && screen != Screen::issue) return false;
  if (command.scope == Scope::query && !shows_issues(screen)) return false;
  if (command.scope == Scope::studio || command.scope == Scope::studio_text) return screen == Screen::studio;
  if (command.scope == Scope::insights && screen != Screen::system && !shows_insights(state.route))
    return false;
  if (command.traits.is_for_trash && !is_any_trashed(state, target_issues(state))) return false;
  return command.traits.may_run == nullptr || command.traits.may_run(state);
}

}  // namespace dits::web
