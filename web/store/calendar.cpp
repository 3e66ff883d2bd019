#include "web/store/calendar.hpp"

#include <algorithm>
#include <span>

#include "shared/core/sorting.hpp"
#include "web/store/state.hpp"

namespace dits::web {

namespace {

// More days than these between the first and the last entry are sorted by comparing.
constexpr int counted_days = 1 << 16;

// By first day; equal ones keep their order.
void sort_entries(std::vector<CalendarEntry>& entries) {
  if (entries.empty()) return;
  const auto by_day = [](const CalendarEntry& a, const CalendarEntry& b) {
    return a.days.first < b.days.first;
  };
  const auto [low, high] = std::minmax_element(entries.begin(), entries.end(), by_day);
  const int base = low->days.first.days;
  const int range = high->days.first.days - base + 1;
  if (range > counted_days) return sort_stably(entries, by_day);
  std::vector<std::uint32_t> begins(static_cast<std::size_t>(range) + 1);
  const auto bucket = [&](const CalendarEntry& entry) {
    return static_cast<std::size_t>(entry.days.first.days - base);
  };
  for (const CalendarEntry& entry : entries) ++begins[bucket(entry) + 1];
  for (std::size_t at = 1; at < begins.size(); ++at) begins[at] += begins[at - 1];
  std::vector<CalendarEntry> sorted(entries.size());
  for (const CalendarEntry& entry : entries) sorted[begins[bucket(entry)]++] = entry;
  entries = std::move(sorted);
}

// What touches the days from `first` to `last`.
std::vector<CalendarEntry> entries_between(const CalendarIndex& index, DaySpan days) {
  const auto reaches = std::lower_bound(index.reach.begin(), index.reach.end(), days.first);
  auto at = index.entries.begin() + (reaches - index.reach.begin());
  std::vector<CalendarEntry> found;
  for (; at != index.entries.end() && at->days.first <= days.last; ++at) {
    if (at->days.last >= days.first) found.push_back(*at);
  }
  return found;
}

void put_in(std::vector<CalendarEntry>& entries, const CalendarEntry& changed, DaySpan days) {
  std::erase_if(entries, [&](const CalendarEntry& entry) { return entry.slot == changed.slot; });
  if (changed.days.first > days.last || changed.days.last < days.first) return;
  const auto later = std::find_if(entries.begin(), entries.end(), [&](const CalendarEntry& entry) {
    return entry.days.first > changed.days.first;
  });
  entries.insert(later, changed);
}

// Which lanes of each column are taken, a bit each.
using Lanes = std::array<std::uint64_t, 7>;

void take_lane(Lanes& lanes, CalendarPiece& piece) {
  std::uint64_t taken = 0;
  for (unsigned column = piece.from; column <= piece.to; ++column) taken |= lanes[column];
  piece.lane = lane_limit;
  if (~taken == 0) return;
  piece.lane = static_cast<std::uint8_t>(__builtin_ctzll(~taken));
  for (unsigned column = piece.from; column <= piece.to; ++column)
    lanes[column] |= std::uint64_t{1} << piece.lane;
}

bool covers(const CalendarPiece& piece, unsigned column) {
  return piece.from <= column && column <= piece.to;
}

std::vector<Slot> cut(const std::vector<Slot>& slots) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(slots.size(), tray_limit));
  return {slots.begin(), slots.begin() + count};
}

}  // namespace

std::optional<DaySpan> days_of(const Issue& issue) {
  if (!issue.start_date && !issue.due_date) return std::nullopt;
  const Date last = issue.due_date.value_or(issue.start_date.value_or(Date{}));
  return DaySpan{std::min(issue.start_date.value_or(last), last), last};
}

CalendarIndex index_by_day(const State& state, const std::vector<Slot>& ordered) {
  static std::uint64_t made = 0;
  CalendarIndex index;
  index.version = ++made;
  std::vector<CalendarEntry> late;
  for (const Slot slot : ordered) {
    const Issue& issue = state.entities.issues[slot];
    if (const auto days = days_of(issue)) index.entries.push_back({*days, slot});
    const bool is_late = issue.due_date && *issue.due_date < state.today;
    if ((issue.due_date && !is_late) || state.entities.facts[slot].is_closed) continue;
    if (is_late) {
      late.push_back({{*issue.due_date, *issue.due_date}, slot});
    } else {
      index.undated.push_back(slot);
    }
  }
  sort_entries(index.entries);
  sort_entries(late);
  index.overdue.reserve(late.size());
  for (const CalendarEntry& entry : late) index.overdue.push_back(entry.slot);
  index.reach.reserve(index.entries.size());
  for (const CalendarEntry& entry : index.entries) {
    index.reach.push_back(index.reach.empty() ? entry.days.last
                                              : std::max(index.reach.back(), entry.days.last));
  }
  return index;
}

CalendarWeek week_of(const CalendarIndex& index, Date first, const CalendarEntry* changed) {
  const DaySpan days{first, Date{first.days + 6}};
  std::vector<CalendarEntry> entries = entries_between(index, days);
  if (changed != nullptr) put_in(entries, *changed, days);
  const auto length = [](const CalendarEntry& entry) { return entry.days.last.days - entry.days.first.days; };
  const auto bars_end = std::stable_partition(
      entries.begin(), entries.end(), [&](const CalendarEntry& entry) { return length(entry) > 0; });
  const auto bars = std::span(entries).first(static_cast<std::size_t>(bars_end - entries.begin()));
  sort_stably(bars, [&](const CalendarEntry& a, const CalendarEntry& b) {
    return a.days.first != b.days.first ? a.days.first < b.days.first : length(a) > length(b);
  });
  CalendarWeek week;
  week.first = first;
  Lanes lanes{};
  for (const CalendarEntry& entry : entries) {
    CalendarPiece piece;
    piece.slot = entry.slot;
    piece.is_bar = length(entry) > 0;
    piece.begins = entry.days.first >= first;
    piece.ends = entry.days.last <= days.last;
    piece.from = static_cast<std::uint8_t>(piece.begins ? entry.days.first.days - first.days : 0);
    piece.to = static_cast<std::uint8_t>(piece.ends ? entry.days.last.days - first.days : 6);
    take_lane(lanes, piece);
    for (unsigned column = piece.from; column <= piece.to; ++column) ++week.counts[column];
    week.pieces.push_back(piece);
  }
  sort_stably(week.pieces, [](const CalendarPiece& a, const CalendarPiece& b) {
    return a.lane != b.lane ? a.lane < b.lane : a.from < b.from;
  });
  return week;
}

void fit_lanes(CalendarWeek& week, unsigned lanes) {
  lanes = std::clamp(lanes, 1U, lane_limit);
  const auto hide = [&](CalendarPiece& piece) {
    piece.is_hidden = true;
    for (unsigned column = piece.from; column <= piece.to; ++column) ++week.hidden[column];
  };
  for (CalendarPiece& piece : week.pieces) {
    if (piece.lane >= lanes) hide(piece);
  }
  // What is left out of the last lane takes it from days beside it, which then have to tell that too.
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (CalendarPiece& piece : week.pieces) {
      if (piece.is_hidden || piece.lane + 1U != lanes) continue;
      bool is_in_the_way = false;
      for (unsigned column = piece.from; column <= piece.to; ++column)
        is_in_the_way |= week.hidden[column] > 0;
      if (!is_in_the_way) continue;
      hide(piece);
      has_changed = true;
    }
  }
}

std::vector<Slot> issues_on(const CalendarIndex& index, Date day, unsigned week_start) {
  const CalendarWeek week = week_of(index, week_begin(day, week_start));
  const auto column = static_cast<unsigned>(day.days - week.first.days);
  std::vector<Slot> slots;
  for (const CalendarPiece& piece : week.pieces) {
    if (covers(piece, column)) slots.push_back(piece.slot);
  }
  return slots;
}

Date day_after(Date day, int days) {
  return std::clamp(Date{day.days + days}, first_calendar_day, last_calendar_day);
}

Date month_after(Date day, int months) {
  CivilDate civil = civil_from_date(day);
  const int month = civil.year * 12 + static_cast<int>(civil.month) - 1 + months;
  civil.year = std::clamp(month / 12, 1, 9999);
  civil.month = static_cast<unsigned>(month % 12) + 1;
  civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
  return date_from_civil(civil);
}

Date week_begin(Date day, unsigned week_start) {
  return Date{day.days - static_cast<int>((weekday_of(day) + 7 - week_start) % 7)};
}

unsigned iso_week(Date day) {
  const Date thursday{day.days - static_cast<int>(weekday_of(day)) + 3};
  const Date new_year = date_from_civil({civil_from_date(thursday).year, 1, 1});
  return static_cast<unsigned>((thursday.days - new_year.days) / 7) + 1;
}

CalendarPeriod period_around(Date day, bool by_week, unsigned week_start) {
  if (by_week) return {week_begin(day, week_start), 1};
  const CivilDate civil = civil_from_date(day);
  const Date first = date_from_civil({civil.year, civil.month, 1});
  const int days = static_cast<int>(days_in_month(civil.year, civil.month));
  const Date begin = week_begin(first, week_start);
  return {begin, (first.days + days - begin.days + 6) / 7};
}

CalendarPeriod shown_period(const State& state) {
  return period_around(state.calendar.day, state.list_route.by_week, state.week_start);
}

std::vector<Slot> tray_issues(const State& state) {
  std::vector<Slot> slots = cut(state.list.by_day.overdue);
  const std::vector<Slot> undated = cut(state.list.by_day.undated);
  slots.insert(slots.end(), undated.begin(), undated.end());
  return slots;
}

bool is_in_tray(const State& state) {
  return state.region == Region::detail && state.detail_open && shows_calendar(state.list_route);
}

Slot calendar_slot(const State& state) {
  return find_slot(state.entities, is_in_tray(state) ? state.calendar.tray_issue : state.calendar.issue);
}

void settle_calendar(State& state) {
  if (!shows_calendar(state.list_route)) return;
  CalendarState& calendar = state.calendar;
  const CalendarIndex& index = state.list.by_day;
  const auto id_at = [&](const std::vector<Slot>& slots, std::size_t at) {
    return slots.empty() ? IssueId{} : state.entities.issues[slots[std::min(at, slots.size() - 1)]].id;
  };
  const auto place_in = [&](const std::vector<Slot>& slots, IssueId id) {
    return std::find(slots.begin(), slots.end(), find_slot(state.entities, id)) - slots.begin();
  };
  const Slot slot = find_slot(state.entities, calendar.issue);
  const auto days = slot == no_slot ? std::nullopt : days_of(state.entities.issues[slot]);
  if (days && (calendar.day < days->first || calendar.day > days->last)) {
    const Date to = std::clamp(calendar.day, days->first, days->last);
    const bool is_here = std::any_of(index.entries.begin(),
                                     index.entries.end(),
                                     [&](const CalendarEntry& entry) { return entry.slot == slot; });
    if (is_here && shown_period(state).contains(to)) calendar.day = to;
  }
  const std::vector<Slot> here = issues_on(index, calendar.day, state.week_start);
  const auto at = static_cast<std::size_t>(place_in(here, calendar.issue));
  // What comes first is known only when all is here.
  if (at == here.size() || state.sync.phase == SyncPhase::loading) calendar.issue = id_at(here, 0);
  if (here.empty()) calendar.is_day_open = false;
  const std::vector<Slot> tray = tray_issues(state);
  const auto tray_at = static_cast<std::size_t>(place_in(tray, calendar.tray_issue));
  if (tray_at == tray.size()) calendar.tray_issue = id_at(tray, calendar.tray_at);
  calendar.tray_at = static_cast<std::size_t>(place_in(tray, calendar.tray_issue));
}

}  // namespace dits::web
