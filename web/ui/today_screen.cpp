// The focus card over the list of today's sections, the week at the right.
#include "web/ui/today_screen.hpp"

#include <cmath>

#include "shared/model/git_integration.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/header.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/list_screen.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

const Issue* next_sub_issue(const State& state, const Issue& issue) {
  for (const Issue* child : sub_issues_of(state, issue)) {
    if (kind_of(state, *child) != StatusKind::done) return child;
  }
  return nullptr;
}

void focus_card(const State& state, Outbox& out, const Issue& issue, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("focus");
  const std::string name = "In progress: " + issue_name(issue);
  const a11y::Scope scope(scope_node(id_of("card"), r, Aria::article, name));
  fill(r, c.bg_raised, 8);
  outline(r, c.accent_line, 8);
  Rect row = inset(r, 14, 0);
  const Progress progress = sub_issue_progress(state, find_slot(state.entities, issue.id));
  const float done =
      progress.total() ? static_cast<float>(progress.closed) / static_cast<float>(progress.total()) : 0;
  draw_progress_ring(row.x + 18, row.center_y(), done, 36);
  row.x += 50;
  row.w -= 50;
  if (r.w > 520) {
    if (button_right(row, "open", "Open", {.kind = ButtonKind::primary, .keys = "⏎"}, 14))
      out.run("issue.open", {}, {issue.id});
    if (button_right(row, "down", "Put down", {.icon = icons::pause}, 14))
      out.run("issue.put_down", {}, {issue.id});
  } else {
    const ItemState whole = item(id_of("whole"), r, {.role = Aria::link, .name = name});
    if (whole.clicked) out.run("issue.open", {}, {issue.id});
  }
  const float first = r.y + 23;
  const float second = r.y + 45;
  draw_bars(row.x + 7, first, bars_of(issue.priority));
  float x = row.x + 22;
  x += draw_text(x, first, std::to_string(issue.number), theme::mono, c.text_tertiary) + 8;
  title_line({x, first - 11, std::max(0.0f, row.right() - x), 22}, issue.title, theme::title, c.text_primary);
  draw_icon(row.x + 6.5f, second, icons::git_branch, 13, c.text_secondary);
  const std::string branch = branch_name_for(issue.number, issue.title);
  x = row.x + 18;
  bool is_cut = false;
  const std::string_view shown = fitting_prefix(branch, theme::mono, 220, is_cut);
  x += draw_text(x, second, shown, theme::mono, c.text_secondary) + 14;
  if (const Issue* next = next_sub_issue(state, issue)) {
    const std::string words = "next: " + next->title;
    const float room = std::max(0.0f, row.right() - x - 90);
    const float width = std::min(room, title_width(words, theme::small));
    title_line({x, second - 8, width + 1, 16}, words, theme::small, c.text_secondary);
    x += width + 14;
  }
  if (progress.total() > 0 && x + 80 < row.right()) {
    draw_text(x,
              second,
              std::to_string(progress.closed) + " of " + std::to_string(progress.total()) + " done",
              theme::small,
              c.text_secondary);
  }
}

// A day takes the rows that are let go over it.
void day_row(const State& state, Outbox& out, const DayLoad& load, Rect r, bool is_today) {
  const theme::Palette& c = theme::colors();
  const bool takes = !state.drag.issues.empty() && is_hovered(r);
  if (is_today) fill(r, c.bg_selected, 6);
  if (takes) outline(r, c.accent_base, 6, 1.5f);
  const std::string day =
      std::string(weekday_name(weekday_of(load.day))) + ' ' + std::to_string(civil_from_date(load.day).day);
  const std::string count = load.issues.empty() ? "free" : std::to_string(load.issues.size());
  const std::string name = long_day_label(load.day) + ": " + count;
  mirror(id_of(name), r, {.role = Aria::listitem, .name = name});
  draw_text(r.x + 8,
            r.center_y(),
            day,
            is_today ? theme::body_medium : theme::body,
            load.issues.empty() ? c.text_tertiary : c.text_primary);
  float x = r.x + 74;
  for (const Slot slot : load.issues) {
    if (x > r.right() - 50) break;
    const bool is_late = signal_of(state, slot) == Signal::danger;
    fill({x, r.center_y() - 4, 14, 8},
         is_late ? c.signal_danger : ring_color(ring_of(facts_at(state, slot).kind)),
         2);
    x += 17;
  }
  draw_text_in({r.right() - 50, r.y, 42, r.h}, count, theme::mono_small, c.text_tertiary, Align::right);
  if (takes && ImGui::IsMouseReleased(0)) {
    out.run("issue.due.set", load.day, state.drag.issues);
    out.change(DragChanged{});
  }
}

void fact_line(Flow& flow,
               const char* icon,
               ImU32 color,
               std::string_view strong,
               std::string_view rest,
               std::string_view at_right) {
  const theme::Palette& c = theme::colors();
  const Rect r = flow.take(28);
  draw_icon(r.x + 7.5f, r.center_y(), icon, 15, color);
  float x = r.x + 24;
  x += draw_text(x, r.center_y(), strong, theme::small_medium, c.text_primary) + 4;
  draw_text(x, r.center_y(), rest, theme::small, c.text_secondary);
  draw_text_in(r, at_right, theme::small, c.text_tertiary, Align::right);
}

void week_pane(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("week");
  const a11y::Scope scope(scope_node(id_of("side"), r, Aria::complementary, "The next seven days"));
  fill(r, c.bg_inset);
  vertical_line(r.x, r.y, r.h, c.border_default);
  Scroll scroll("side", r);
  Flow flow{r.x + 18, scroll.top() + 16, r.w - 36};
  draw_text(flow.x, flow.take(18).center_y(), "The next seven days", theme::body_strong, c.text_primary);
  draw_text(flow.x,
            flow.take(18).center_y(),
            "Drag a row onto a day to move its due date",
            theme::small,
            c.text_tertiary);
  flow.y += 10;
  std::uint32_t planned = 0;
  const std::vector<DayLoad> days = next_seven_days(state);
  {
    constexpr float day_height = 34;
    const Rect place{flow.x - 8, flow.y, flow.w + 16, day_height * static_cast<float>(days.size())};
    const a11y::Scope list(scope_node(id_of("days"), place, Aria::list, "Days"));
    for (const DayLoad& load : days) {
      const Rect row = flow.take(day_height);
      planned += static_cast<std::uint32_t>(load.issues.size());
      day_row(state, out, load, {row.x - 8, row.y, row.w + 16, row.h}, load.day == state.today);
    }
  }
  section_title(flow, "Today", {});
  const std::uint32_t done = state.counts.done_today;
  fact_line(flow,
            icons::circle_check,
            c.signal_success,
            std::to_string(done) + (done == 1 ? " issue" : " issues"),
            "closed",
            "today");
  if (state.counts.inbox > 0) {
    const Rect place{flow.x, flow.y, flow.w, 28};
    const ItemState inbox = item(id_of("inbox"), place, {.role = Aria::link, .name = "Triage the inbox"});
    if (inbox.hovered) fill(inset(place, -8, 0), c.bg_hover, 6);
    if (inbox.has_ring) focus_ring(place, 4);
    fact_line(
        flow, icons::inbox, c.text_tertiary, std::to_string(state.counts.inbox), "in the Inbox", "triage");
    if (inbox.clicked) out.run("go.inbox");
  }
  const std::string of = std::to_string(planned) + " of " + std::to_string(state.counts.open) + " open";
  const Rect bar = section_title(flow, "This week", {});
  draw_text_in(bar, of, theme::small, c.text_tertiary, Align::right);
  flow.y += 4;
  const Rect track = flow.take(6);
  fill(track, c.border_default, 3);
  if (state.counts.open > 0 && planned > 0) {
    fill({track.x,
          track.y,
          std::max(
              6.0f,
              track.w * std::min(1.0f, static_cast<float>(planned) / static_cast<float>(state.counts.open))),
          6},
         c.accent_base,
         3);
  }
  scroll.end_at(flow.y + 24);
}

}  // namespace

void today_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  Rect rest = r;
  Rect bar =
      plain_header(cut_top(rest, theme::header_height), icons::sun, "Today", long_day_label(state.today));
  if (button_right(
          bar, "new", "New issue", {.kind = ButtonKind::primary, .icon = icons::plus, .keys = "c"}, 14))
    out.run("issue.new");
  connection_banner(state, out, rest);
  if (rest.w > 760) week_pane(state, out, cut_right(rest, 300));
  if (const Issue* focus = focus_issue(state)) {
    const Rect strip = cut_top(rest, 96);
    focus_card(state, out, *focus, {strip.x + 16, strip.y + 15, strip.w - 32, 66});
    horizontal_line(strip.x, strip.bottom() - 1, strip.w, c.border_subtle);
  }
  issue_list(state, out, rest);
}

void phone_today_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  Rect rest = r;
  connection_banner(state, out, rest);
  const std::vector<DayLoad> days = next_seven_days(state);
  const Rect strip = cut_top(rest, 56);
  const float step = strip.w / 7;
  for (std::size_t i = 0; i < days.size() && i < 7; ++i) {
    const Rect cell = inset({strip.x + step * static_cast<float>(i), strip.y + 4, step, 48}, 3, 0);
    const bool is_today = days[i].day == state.today;
    if (is_today) fill(cell, c.bg_selected, 6);
    draw_text_in({cell.x, cell.y + 5, cell.w, 14},
                 weekday_name(weekday_of(days[i].day)),
                 theme::caption,
                 c.text_tertiary,
                 Align::center);
    draw_text_in({cell.x, cell.y + 18, cell.w, 16},
                 std::to_string(civil_from_date(days[i].day).day),
                 is_today ? theme::body_strong : theme::body,
                 c.text_primary,
                 Align::center);
    const std::size_t dots = std::min<std::size_t>(3, days[i].issues.size());
    for (std::size_t k = 0; k < dots; ++k) {
      const float x = cell.center_x() + (static_cast<float>(k) - static_cast<float>(dots - 1) / 2) * 7;
      canvas().AddCircleFilled(
          {x, cell.bottom() - 7}, 2.5f, ring_color(ring_of(facts_at(state, days[i].issues[k]).kind)));
    }
  }
  horizontal_line(strip.x, strip.bottom() - 1, strip.w, c.border_subtle);
  if (const Issue* focus = focus_issue(state)) {
    const Rect card = cut_top(rest, 90);
    focus_card(state, out, *focus, {card.x + 12, card.y + 12, card.w - 24, 66});
    horizontal_line(card.x, card.bottom() - 1, card.w, c.border_subtle);
  }
  issue_list(state, out, rest);
}

}  // namespace dits::web
