// What the parts of a calendar share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "web/store/calendar.hpp"
#include "web/ui/parts.hpp"

namespace dits::web {

constexpr float calendar_entry_height = 22;

std::string calendar_day_name(Date day);                       // "Thu 23 July"
std::string calendar_day_name(Date day, std::uint32_t count);  // "Thu 23 July, 1 issue"
std::string calendar_title(const State& state);                // "July 2026", "13 to 19 July 2026"

bool is_late(const State& state, Slot slot);
// Ring and title of an entry, from x on.
void draw_entry(const State& state, Slot slot, Rect r, ImU32 behind, bool has_number);
// What readers hear of it beside its name.
std::string entry_description(const State& state, const Issue& issue);

// What a press on an entry does; `day` is where the cursor goes with it.
void act_on_entry(const State& state, Outbox& out, const ItemState& hit, Slot slot, Date day);
void begin_calendar_drag(
    const State& state, Outbox& out, Slot slot, std::optional<Date> from, DragPart part = DragPart::whole);

// The days in `r`.
struct CalendarGrid {
  std::optional<Date> over;  // the day under the pointer
  Rect opened;               // the cell of the day whose issues are all to be seen; empty: none
  Rect room;                 // where the weeks are
};
CalendarGrid calendar_grid(const State& state, Outbox& out, Rect r);
// All issues of the cursor's day, over its cell.
void calendar_day_panel(const State& state, Outbox& out, Rect cell, Rect room);

constexpr float calendar_tray_width = 248;
void calendar_tray(const State& state, Outbox& out, Rect r);
constexpr float tray_row_height = 30;

}  // namespace dits::web
