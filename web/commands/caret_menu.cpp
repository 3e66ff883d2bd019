#include "web/commands/caret_menu.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/core/day_text.hpp"
#include "shared/core/text.hpp"
#include "shared/markdown/emoji.hpp"
#include "shared/markdown/writing.hpp"
#include "web/commands/plans.hpp"

namespace dits::web {

namespace {

constexpr std::size_t most_rows = 8;

struct Block {
  std::string_view name;
  std::string_view icon;
  std::string_view written;
  std::size_t back;
};
constexpr std::array blocks{
    Block{"Heading", "heading", "## ", 0},
    Block{"Smaller heading", "heading", "### ", 0},
    Block{"Bulleted list", "list", "- ", 0},
    Block{"Numbered list", "list-ordered", "1. ", 0},
    Block{"Check list", "square-check", "- [ ] ", 0},
    Block{"Quote", "quote", "> ", 0},
    Block{"Code block", "code", "```\n\n```", 4},
    Block{"Table", "table-2", "|  |  |\n| --- | --- |\n|  |  |", 28},
    Block{"Divider", "minus", "---\n", 0},
    Block{"Details", "chevron-right", "<details>\n<summary></summary>\n\n</details>", 22}};

// Whether the issue can be named: it has a number and is not in the trash.
bool can_be_named(const State& state, Slot slot) {
  const Issue& issue = issue_at(state, slot);
  return issue.id.is_set() && !issue.deleted_at && issue.number > 0;
}

// What `typed` names by number or by a part of the title: the exact number, then open ones, the newest first.
std::vector<Slot> issues_named(const State& state, std::string_view typed) {
  const std::string wanted = fold_case(typed);
  const bool is_number = !wanted.empty() && wanted.find_first_not_of("0123456789") == std::string::npos;
  std::vector<Slot> slots;
  const auto add = [&](Slot slot) {
    if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
  };
  if (is_number && wanted.size() < 10) {
    const Slot exact = find_slot(state.entities, static_cast<std::int64_t>(std::stoll(wanted)));
    if (exact != no_slot && can_be_named(state, exact)) add(exact);
  }
  const auto fits = [&](Slot slot) {
    return facts_at(state, slot).folded_title.find(wanted) != std::string::npos ||
           (is_number && std::to_string(issue_at(state, slot).number).starts_with(wanted));
  };
  for (const bool closed : {false, true}) {
    for (Slot at = static_cast<Slot>(state.entities.issues.size()); at-- > 0 && slots.size() < most_rows;) {
      if (can_be_named(state, at) && facts_at(state, at).is_closed == closed && fits(at)) add(at);
    }
  }
  return slots;
}

void add_issues(const State& state, const CaretMenu& menu, std::vector<CaretRow>& rows) {
  for (const Slot slot : issues_named(state, menu.typed)) {
    const Issue& issue = issue_at(state, slot);
    CaretRow row;
    row.text = issue.title;
    row.matches = fuzzy_match(issue.title, menu.typed).ranges;
    row.slot = slot;
    row.written = "#" + std::to_string(issue.number) + " ";
    rows.push_back(std::move(row));
  }
}

void add_days(const State& state, const CaretMenu& menu, std::vector<CaretRow>& rows) {
  const auto add = [&](Date day, std::string text, std::vector<MatchRange> matches) {
    CaretRow row;
    row.text = std::move(text);
    row.matches = std::move(matches);
    row.detail = day_label(state, day);
    row.icon = "calendar";
    row.written = to_string(day) + " ";
    rows.push_back(std::move(row));
  };
  if (const auto day = parse_day(menu.typed, state.today)) return add(*day, full_date_label(*day), {});
  for (const char* name : {"Today", "Tomorrow", "Next week", "Next month"}) {
    FuzzyMatch match = fuzzy_match(name, menu.typed);
    if (match.score > 0) add(*parse_day(name, state.today), name, std::move(match.ranges));
  }
}

void add_emoji(const CaretMenu& menu, std::vector<CaretRow>& rows) {
  const std::string wanted = fold_case(menu.typed);
  for (const bool begins : {true, false}) {
    std::string_view rest = markdown::all_emoji();
    for (markdown::Emoji emoji; rows.size() < most_rows && markdown::take_emoji(rest, emoji);) {
      const std::size_t found = emoji.name.find(wanted);
      if (found == std::string_view::npos || (found == 0) != begins) continue;
      CaretRow row;
      row.text = ":" + std::string(emoji.name) + ":";
      row.matches = {{found + 1, found + 1 + wanted.size()}};
      row.emoji = emoji.character;
      row.written = row.emoji + " ";
      rows.push_back(std::move(row));
    }
  }
}

void add_blocks(const CaretMenu& menu, std::vector<CaretRow>& rows) {
  for (const Block& block : blocks) {
    FuzzyMatch match = fuzzy_match(block.name, menu.typed);
    if (match.score == 0) continue;
    CaretRow row;
    row.text = block.name;
    row.matches = std::move(match.ranges);
    row.icon = block.icon;
    row.written = block.written;
    row.back = block.back;
    rows.push_back(std::move(row));
  }
}

// The sign and what is typed behind it, which a menu that was put away keeps.
std::string written_sign(char sign, const std::string& typed) { return sign + typed; }

// Typed on, or taken back letter by letter.
bool is_same_sign(const std::string& put_away, const markdown::TypedSign& found) {
  const std::string written = written_sign(found.sign, found.typed);
  return written.starts_with(put_away) || put_away.starts_with(written);
}

}  // namespace

std::vector<CaretRow> caret_rows(const State& state, const CaretMenu& menu) {
  std::vector<CaretRow> rows;
  switch (menu.sign) {
    case '#':
      add_issues(state, menu, rows);
      break;
    case '@':
      add_days(state, menu, rows);
      break;
    case ':':
      add_emoji(menu, rows);
      break;
    case '/':
      add_blocks(menu, rows);
      break;
    default:
      break;
  }
  return rows;
}

CaretMenu caret_menu_for(const State& state, std::string_view text, std::size_t caret) {
  CaretMenu menu;
  std::optional<markdown::TypedSign> found = markdown::sign_before(text, caret);
  if (!found) return menu;
  const CaretMenu& before = state.caret_menu;
  menu.begin = found->begin;
  // What was put away at this sign stays away, as long as it is the same one: whoever types fast has begun
  // another text within a frame.
  if (before.is_put_away && before.begin == found->begin && is_same_sign(before.typed, *found)) {
    menu.is_put_away = true;
    menu.typed = before.typed;
    return menu;
  }
  menu.sign = found->sign;
  menu.typed = std::move(found->typed);
  if (before.sign == menu.sign && before.begin == menu.begin) {
    menu.x = before.x;
    menu.y = before.y;
    menu.line_height = before.line_height;
    if (before.typed == menu.typed) menu.cursor = before.cursor;
  }
  if (caret_rows(state, menu).empty()) menu.sign = 0;
  return menu;
}

Plan plan_caret_step(const State& state, const Invocation&, int step) {
  CaretMenu menu = state.caret_menu;
  const std::size_t count = caret_rows(state, menu).size();
  if (count == 0) return {};
  menu.cursor = (menu.cursor + count + static_cast<std::size_t>(step + static_cast<int>(count))) % count;
  return change_view(CaretMenuChanged{std::move(menu)});
}

Plan plan_caret_take(const State& state, const Invocation& invocation) {
  const CaretMenu& menu = state.caret_menu;
  const std::vector<CaretRow> rows = caret_rows(state, menu);
  const auto* given = argument_as<std::int64_t>(invocation);
  const std::size_t at = given != nullptr ? static_cast<std::size_t>(*given) : menu.cursor;
  Plan plan = change_view(CaretMenuChanged{});
  if (at < rows.size()) {
    plan.effects.emplace_back(WriteInPlace{menu.sign + menu.typed, rows[at].written, rows[at].back});
  }
  return plan;
}

Plan plan_caret_close(const State& state, const Invocation&) {
  CaretMenu menu;
  menu.begin = state.caret_menu.begin;
  menu.typed = written_sign(state.caret_menu.sign, state.caret_menu.typed);
  menu.is_put_away = true;
  return change_view(CaretMenuChanged{std::move(menu)});
}

}  // namespace dits::web
