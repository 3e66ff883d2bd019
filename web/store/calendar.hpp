// Issues on days: an index of the shown list by day, and where what falls into a week stands in it. The index
// is made when the list changes; a week is then found in time that hangs on what lies near it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "shared/core/time.hpp"
#include "web/store/entities.hpp"

namespace dits::web {

struct State;

// The days that an issue takes: from its start to its due date; one of them alone is both.
struct DaySpan {
  Date first;
  Date last;
  friend bool operator==(const DaySpan&, const DaySpan&) = default;
};
std::optional<DaySpan> days_of(const Issue& issue);

struct CalendarEntry {
  DaySpan days;
  Slot slot = no_slot;
};

struct CalendarIndex {
  std::uint64_t version = 0;           // another one each time it is made
  std::vector<CalendarEntry> entries;  // by first day; those of one day in the list's order
  std::vector<Date> reach;             // the latest last day of the entries up to this one
  std::vector<Slot> overdue;           // open and due before today, longest first
  std::vector<Slot> undated;           // open and without a due date, in the list's order
};
CalendarIndex index_by_day(const State& state, const std::vector<Slot>& ordered);

// An entry in one week, from column to column (0 to 6).
struct CalendarPiece {
  Slot slot = no_slot;
  std::uint8_t from = 0;
  std::uint8_t to = 0;
  std::uint8_t lane = 0;  // from the top; all that finds no lane has lane_limit
  bool is_bar = false;    // takes several days
  bool begins = true;     // its first day is in this week
  bool ends = true;       // its last one
  bool is_hidden = false;
};
constexpr unsigned lane_limit = 64;

struct CalendarWeek {
  Date first;
  std::vector<CalendarPiece> pieces;      // lane after lane, in a lane from the left
  std::array<std::uint32_t, 7> counts{};  // of issues on each day
  std::array<std::uint32_t, 7> hidden{};  // of these, that fit_lanes left out
};
// Spans take the highest free lane first, earlier and longer ones before others; then what has one day.
// `changed` stands for the entry of its issue: what it would be if it was let go here.
CalendarWeek week_of(const CalendarIndex& index, Date first, const CalendarEntry* changed = nullptr);
// Leaves out what has no room in `lanes`. A day that hides something needs its last lane to say so.
void fit_lanes(CalendarWeek& week, unsigned lanes);
// The issues of a day, from the top of its cell.
std::vector<Slot> issues_on(const CalendarIndex& index, Date day, unsigned week_start);

// ---- days and periods ----

constexpr Date first_calendar_day{-719'162};  // 0001-01-01
constexpr Date last_calendar_day{2'932'896};  // 9999-12-31
Date day_after(Date day, int days);           // not beyond those two
Date month_after(Date day, int months);       // the same day of another month, or that one's last
Date week_begin(Date day, unsigned week_start);
unsigned iso_week(Date day);

// What is shown around a day: its week, or the weeks that its month touches.
struct CalendarPeriod {
  Date first;
  int weeks = 1;
  bool contains(Date day) const { return day >= first && day.days < first.days + 7 * weeks; }
};
CalendarPeriod period_around(Date day, bool by_week, unsigned week_start);
CalendarPeriod shown_period(const State& state);

// ---- the cursor ----

struct CalendarState {
  Date day;
  IssueId issue;  // of that day, that keys act on; unset: there is none
  IssueId tray_issue;
  std::size_t tray_at = 0;   // where that one stands in the tray
  bool is_day_open = false;  // the day shows all its issues
};

// What the tray holds: overdue, then without a due date; no more of each than this.
constexpr std::size_t tray_limit = 200;
std::vector<Slot> tray_issues(const State& state);
// Does the tray have the keyboard?
bool is_in_tray(const State& state);
// The issue that keys act on; no_slot on an empty day.
Slot calendar_slot(const State& state);
// After the list or the day changed: the cursor follows its issue within what is shown, else it stays on its
// day and takes what is there.
void settle_calendar(State& state);

}  // namespace dits::web
