#include "web/ui/calendar_parts.hpp"

#include "web/theme/icons.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

std::string day_and_month(Date day) {
  const CivilDate civil = civil_from_date(day);
  return std::to_string(civil.day) + ' ' + std::string(full_month_name(civil.month));
}

}  // namespace

std::string calendar_day_name(Date day) {
  return std::string(weekday_name(weekday_of(day))) + ' ' + day_and_month(day);
}

std::string calendar_day_name(Date day, std::uint32_t count) {
  return calendar_day_name(day) + ", " + (count == 0 ? std::string("no") : std::to_string(count)) +
         (count == 1 ? " issue" : " issues");
}

std::string calendar_title(const State& state) {
  const CivilDate shown = civil_from_date(state.calendar.day);
  if (!state.list_route.by_week)
    return std::string(full_month_name(shown.month)) + ' ' + std::to_string(shown.year);
  const Date first = shown_period(state).first;
  const Date last{first.days + 6};
  const CivilDate from = civil_from_date(first);
  const CivilDate to = civil_from_date(last);
  std::string title = from.month == to.month ? std::to_string(from.day) : day_and_month(first);
  if (from.year != to.year) title += ' ' + std::to_string(from.year);
  return title + " to " + day_and_month(last) + ' ' + std::to_string(to.year);
}

bool is_late(const State& state, Slot slot) {
  const Issue& issue = issue_at(state, slot);
  return !facts_at(state, slot).is_closed && issue.due_date && *issue.due_date < state.today;
}

void draw_entry(const State& state, Slot slot, Rect r, ImU32 behind, bool has_number) {
  const theme::Palette& c = theme::colors();
  const Issue& issue = issue_at(state, slot);
  const IssueFacts& facts = facts_at(state, slot);
  if (is_selected(state, slot)) {
    draw_icon(r.x + 10, r.center_y(), icons::check, 13, c.accent_text);
  } else {
    draw_ring(r.x + 10, r.center_y(), ring_of(facts.kind), 12, behind);
  }
  float right = r.right() - 4;
  if (facts.is_pending && r.w > 60) {
    draw_icon(right - 6, r.center_y(), icons::cloud_upload, 12, c.text_tertiary);
    right -= 16;
  }
  const ImU32 ink = is_late(state, slot) ? c.signal_danger
                    : facts.is_closed    ? c.text_tertiary
                                         : c.text_primary;
  const float x = r.x + 21;
  const std::string words =
      has_number && issue.number > 0 ? std::to_string(issue.number) + ' ' + issue.title : issue.title;
  if (right > x + 6) title_line({x, r.y, right - x, r.h}, words, theme::small, ink);
}

std::string entry_description(const State& state, const Issue& issue) {
  const Status* status = status_of(state, issue);
  std::string text = status != nullptr ? status->name : "";
  if (const auto days = days_of(issue)) {
    text += ", " + calendar_day_name(days->first);
    if (days->last > days->first) text += " to " + calendar_day_name(days->last);
  }
  const Slot slot = find_slot(state.entities, issue.id);
  if (slot != no_slot && is_late(state, slot)) text += ", overdue";
  return text;
}

void act_on_entry(const State& state, Outbox& out, const ItemState& hit, Slot slot, Date day) {
  const Issue& issue = issue_at(state, slot);
  const ImGuiIO& io = ImGui::GetIO();
  const auto put_cursor = [&] {
    CalendarState calendar = state.calendar;
    calendar.is_day_open = calendar.is_day_open && calendar.day == day;
    calendar.day = day;
    calendar.issue = issue.id;
    out.change(RegionFocused{Region::body});
    out.change(CalendarChanged{calendar});
  };
  if (open_tab_by_click(out, hit, issue)) {
    // Shift selects.
  } else if (hit.context) {
    put_cursor();
    out.run_at(mouse().x, mouse().y, "menu.open");
  } else if (hit.double_clicked) {
    out.run("issue.open", {}, {issue.id});
  } else if (hit.clicked && io.KeyShift) {
    out.change(SelectionToggled{issue.id});
  } else if (hit.clicked) {
    put_cursor();
  }
}

void begin_calendar_drag(
    const State& state, Outbox& out, Slot slot, std::optional<Date> from, DragPart part) {
  BoardDrag drag;
  drag.issues.push_back(issue_at(state, slot).id);
  if (part == DragPart::whole && is_selected(state, slot)) {
    for (const Slot each : state.list.selected) {
      if (each != slot) drag.issues.push_back(issue_at(state, each).id);
    }
  }
  drag.part = part;
  drag.from_day = from;
  out.change(DragChanged{std::move(drag)});
}

}  // namespace dits::web
