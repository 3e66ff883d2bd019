// The only place that reports.
#include "web/ui/mode_line.hpp"

#include <algorithm>
#include <cmath>

#include "shared/model/git_integration.hpp"
#include "web/commands/keymap.hpp"
#include "web/store/studio.hpp"
#include "web/theme/icons.hpp"

namespace dits::web {

namespace {

ImU32 color_of(Mode mode) {
  const theme::Palette& c = theme::colors();
  switch (mode) {
    case Mode::edit:
    case Mode::drag:
      return c.status_progress;
    case Mode::pick:
    case Mode::command:
    case Mode::query:
    case Mode::sql:
      return c.status_review;
    case Mode::normal:
    case Mode::login:
    case Mode::setup:
      return c.accent_base;
  }
  return c.accent_base;
}

float draw_mode_block(Rect r, std::string_view title, ImU32 color, ImU32 ink) {
  const float width = std::max(76.0f, text_width(title, theme::caption_strong) + 20);
  fill({r.x, r.y, width, r.h}, color);
  draw_text_in({r.x, r.y, width, r.h}, title, theme::caption_strong, ink, Align::center);
  return width;
}

struct SyncSign {
  const char* icon;
  ImU32 color;
};
SyncSign sync_sign(const State& state) {
  const theme::Palette& c = theme::colors();
  if (state.sync.phase == SyncPhase::offline) return {icons::cloud_off, c.signal_warning};
  if (state.sync.phase == SyncPhase::failed) return {icons::circle_alert, c.signal_danger};
  if (state.sync.phase == SyncPhase::loading || state.sync.waiting > 0)
    return {icons::cloud_upload, c.text_secondary};
  return {icons::cloud_check, c.signal_success};
}

// Right to left; returns the left edge of what was drawn.
float draw_right(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const std::string label = sync_label(state);
  const SyncSign sign = sync_sign(state);
  float x = r.right() - 12 - text_width(label, theme::small);
  draw_text(x, r.center_y(), label, theme::small, sign.color);
  x -= 19;
  draw_icon(x + 7, r.center_y(), sign.icon, 14, sign.color);
  const Rect all{x, r.y, r.right() - x, r.h};
  if (state.sync.phase == SyncPhase::offline || state.sync.phase == SyncPhase::failed) {
    const ItemState retry = item(id_of("sync"), all, {.role = Aria::button, .name = label});
    tooltip(retry, all, "Try again");
    if (retry.clicked) out.run("sync.now");
  } else {
    mirror(id_of("sync"), all, {.role = Aria::text, .name = label});
  }
  if (const Issue* focus = focus_issue(state)) {
    const std::string branch = branch_name_for(focus->number, focus->title);
    const std::string shown = branch.size() > 28 ? branch.substr(0, 28) : branch;
    x -= 12 + text_width(shown, theme::small);
    draw_text(x, r.center_y(), shown, theme::small, c.text_secondary);
    x -= 18;
    draw_icon(x + 6.5f, r.center_y(), icons::git_branch, 13, c.text_secondary);
    const Rect place{x, r.y, 18 + text_width(shown, theme::small), r.h};
    const std::string name = "Copy branch name " + branch;
    const ItemState copy =
        item(id_of("branch"), place, {.role = Aria::button, .name = name}, item_no_tab_stop);
    tooltip(copy, place, name);
    if (copy.clicked) out.run("issue.copy.branch", {}, {focus->id});
  }
  return x;
}

// What is open within the screen: the section of the settings, the cell of Studio, the project of an issue.
std::string place_within(const State& state) {
  if (state.route.screen == Screen::settings) return std::string(title_of(state.route.section));
  if (state.route.screen == Screen::issue) {
    const Issue* issue = opened_issue(state);
    const Project* project = issue ? find_project(state.entities, issue->project_id) : nullptr;
    return project ? project->name : std::string();
  }
  if (shows_calendar(state.route)) {
    const CivilDate day = civil_from_date(state.calendar.day);
    return std::string(full_month_name(day.month)) + ' ' + std::to_string(day.year) + "  " +
           std::string(weekday_name(weekday_of(state.calendar.day))) + ' ' + std::to_string(day.day);
  }
  if (shows_insights(state.route))
    return state.route.days == 365 ? "1 year" : std::to_string(state.route.days) + " days";
  if (shows_plan(state.route)) {
    const Issue* issue = cursor_issue(state);
    return issue != nullptr ? number_text(*issue) : std::string();
  }
  if (state.route.screen != Screen::studio) return {};
  const StudioState& studio = studio_of(state);
  const StudioTable* table = studio_table(studio);
  const std::vector<std::size_t> columns = visible_columns(studio);
  if (table == nullptr || studio.column >= columns.size() || studio.row >= studio_row_count(studio))
    return studio.table;
  return studio.table + "  row " + std::to_string(studio.row + 1) + ", " +
         table->columns[columns[studio.column]].name;
}

float draw_left(const State& state, Rect r) {
  const theme::Palette& c = theme::colors();
  float x = r.x + 12;
  std::string place = screen_title(state);
  if (state.route.screen == Screen::issue && state.route.issue_number > 0) {
    place = '#' + std::to_string(state.route.issue_number);
  }
  bool is_cut = false;
  const std::string shown(fitting_prefix(place, theme::small, 240, is_cut));
  x += draw_text(x, r.center_y(), shown, theme::small, c.text_secondary) + 12;
  if (const std::string within = place_within(state); !within.empty()) {
    const std::string part(fitting_prefix(within, theme::small, 260, is_cut));
    x += draw_text(x, r.center_y(), part, theme::small, c.text_secondary) + 12;
  }
  if (shows_issues(state.route.screen) && state.route.layout < Layout::calendar &&
      state.list.result.rows.size() > 0) {
    const std::string position =
        std::to_string(cursor_position(state)) + " of " + std::to_string(state.list.result.rows.size());
    x += draw_text(x, r.center_y(), position, theme::small, c.text_secondary) + 12;
  }
  if (!state.list.selected.empty()) {
    const std::string selected = std::to_string(state.list.selected.size()) + " selected";
    x += draw_text(x, r.center_y(), selected, theme::small, c.accent_text) + 12;
  }
  if (!state.pending.keys.empty()) {
    x += draw_keys(x, r.center_y(), joined_keys(state.pending.keys), CapStyle::waiting) + 5;
    x += draw_text(x, r.center_y(), "waiting for a second key", theme::small, c.text_primary) + 12;
  } else if (!state.pending.complaint.empty()) {
    x += draw_text(x, r.center_y(), state.pending.complaint, theme::small, c.signal_danger) + 12;
  }
  return x;
}

float hint_width(const KeyHint& hint) {
  return keys_width(joined_keys(hint.caps)) + 4 + text_width(hint.text, theme::small);
}

void draw_hints(const std::vector<KeyHint>& hints, float left, float right, float middle_x, float y) {
  const theme::Palette& c = theme::colors();
  std::size_t count = hints.size();
  float width = 0;
  for (const KeyHint& hint : hints) width += hint_width(hint) + 14;
  while (count > 0 && width > right - left) width -= hint_width(hints[--count]) + 14;
  float x = std::clamp(middle_x - width / 2, left, std::max(left, right - width));
  for (std::size_t i = 0; i < count; ++i) {
    x += draw_keys(x, y, joined_keys(hints[i].caps)) + 4;
    x += draw_text(x, y, hints[i].text, theme::small, c.text_tertiary) + 14;
  }
}

}  // namespace

void mode_line(const State& state, Outbox& out, Rect r, bool is_mac) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("mode-line");
  const std::string words = std::string(title_of(state.mode)) + ", " + screen_title(state);
  const a11y::Scope scope(scope_node(id_of("status"), r, Aria::status, words));
  fill(r, c.bg_panel);
  horizontal_line(r.x, r.y, r.w, c.border_default);
  r.y += 1;
  r.h -= 1;
  const ImU32 color = color_of(state.mode);
  const float block = draw_mode_block(
      r, title_of(state.mode), color, color == c.accent_base ? c.text_on_accent : c.bg_canvas);
  const float left = draw_left(state, {r.x + block, r.y, r.w - block, r.h});
  const float right = draw_right(state, out, r);
  draw_hints(mode_line_hints(state, is_mac), left + 12, right - 12, r.center_x(), r.center_y());
}

void plain_mode_line(const PlainModeLine& line, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("mode-line");
  fill(r, c.bg_panel);
  horizontal_line(r.x, r.y, r.w, c.border_default);
  r.y += 1;
  r.h -= 1;
  const float block = draw_mode_block(r, line.mode, c.accent_base, c.text_on_accent);
  draw_text(r.x + block + 12, r.center_y(), line.place, theme::small, c.text_secondary);
  std::vector<KeyHint> hints;
  for (const auto& [keys, text] : line.hints)
    hints.push_back({{std::string(keys.view())}, std::string(text.view()), {}});
  draw_hints(hints, r.x + block + 100, r.right() - 20, r.center_x(), r.center_y());
  mirror(id_of("status"), r, {.role = Aria::status, .name = line.place});
}

}  // namespace dits::web
