#include "server/base/schedule.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace dits {

namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr int most_days = 5 * 366;
constexpr Timestamp leap_year{1'704'067'200'000};  // 2024: what is not due from here on never is

Error bad_field(std::string_view field) {
  return invalid({}, "'" + std::string(field) + "' is no field of a schedule.");
}

Result<int> number_of(std::string_view text, std::string_view field) {
  int number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size()) return bad_field(field);
  return number;
}

// "5", "1-5", "*/15", "0-30/10", lists of them.
template <std::size_t Size>
Result<void> read_field(std::string_view field, int lowest, int highest, std::bitset<Size>& bits) {
  std::string_view rest = field;
  while (true) {
    const std::size_t comma = rest.find(',');
    std::string_view range = rest.substr(0, comma);
    int step = 1;
    const std::size_t slash = range.find('/');
    if (slash != std::string_view::npos) step = TRY(number_of(range.substr(slash + 1), field));
    range = range.substr(0, slash);
    int first = lowest;
    int last = highest;
    if (range != "*") {
      const std::size_t dash = range.find('-');
      first = TRY(number_of(range.substr(0, dash), field));
      if (dash != std::string_view::npos) {
        last = TRY(number_of(range.substr(dash + 1), field));
      } else if (slash == std::string_view::npos) {
        last = first;
      }
    }
    if (first < lowest || last > highest || first > last || step < 1 || step > highest + 1)
      return bad_field(field);
    for (int at = first; at <= last; at += step) bits.set(static_cast<std::size_t>(at));
    if (comma == std::string_view::npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

std::optional<std::array<std::string_view, 5>> split_fields(std::string_view text) {
  std::array<std::string_view, 5> fields;
  std::size_t count = 0;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    if (count == fields.size()) return std::nullopt;
    text.remove_prefix(begin);
    const std::size_t end = text.find_first_of(" \t");
    fields[count++] = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  if (count != fields.size()) return std::nullopt;
  return fields;
}

}  // namespace

Result<Schedule> Schedule::parse(std::string_view text) {
  if (text == "off") return Schedule();
  const std::string given(text);
  if (text == "hourly") text = "0 * * * *";
  if (text == "daily") text = "0 3 * * *";
  if (text == "weekly") text = "0 3 * * 0";
  const auto fields = split_fields(text);
  if (!fields) {
    return invalid(
        {},
        "expected daily, hourly, weekly, off or five fields as of cron (minute hour day month weekday), "
        "got '" +
            std::string(text) + "'.");
  }
  Schedule schedule;
  schedule.text_ = given;
  schedule.is_off_ = false;
  std::bitset<8> weekdays;
  TRY(read_field((*fields)[0], 0, 59, schedule.minutes_));
  TRY(read_field((*fields)[1], 0, 23, schedule.hours_));
  TRY(read_field((*fields)[2], 1, 31, schedule.days_));
  TRY(read_field((*fields)[3], 1, 12, schedule.months_));
  TRY(read_field((*fields)[4], 0, 7, weekdays));
  for (std::size_t at = 0; at < 7; ++at) schedule.weekdays_[at] = weekdays[at];
  if (weekdays[7]) schedule.weekdays_.set(0);  // Sunday has two numbers
  schedule.has_all_days_ = (*fields)[2] == "*";
  schedule.has_all_weekdays_ = (*fields)[4] == "*";
  if (!schedule.next_after(leap_year))
    return invalid({}, "'" + std::string(text) + "' names a day that no year has, as the 31st of April.");
  return schedule;
}

bool Schedule::is_due_day(int month, int day, int weekday) const {
  if (!months_[static_cast<std::size_t>(month)]) return false;
  const bool fits_day = days_[static_cast<std::size_t>(day)];
  const bool fits_weekday = weekdays_[static_cast<std::size_t>(weekday)];
  if (!has_all_days_ && !has_all_weekdays_) return fits_day || fits_weekday;
  return fits_day && fits_weekday;
}

std::optional<Timestamp> Schedule::next_after(Timestamp time) const {
  if (is_off_) return std::nullopt;
  const auto seconds = static_cast<std::time_t>(time.unix_ms / ms_per_second);
  std::tm begin{};
  ::localtime_r(&seconds, &begin);
  for (int ahead = 0; ahead < most_days; ++ahead) {
    std::tm day = begin;
    day.tm_mday += ahead;
    day.tm_hour = 12;
    day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    ::mktime(&day);
    if (!is_due_day(day.tm_mon + 1, day.tm_mday, day.tm_wday)) continue;
    for (int hour = 0; hour < 24; ++hour) {
      if (!hours_[static_cast<std::size_t>(hour)]) continue;
      for (int minute = 0; minute < 60; ++minute) {
        if (!minutes_[static_cast<std::size_t>(minute)]) continue;
        std::tm due = day;
        due.tm_hour = hour;
        due.tm_min = minute;
        due.tm_isdst = -1;  // an hour that summer time leaves out becomes the next one
        const Timestamp at{static_cast<std::int64_t>(::mktime(&due)) * ms_per_second};
        if (at > time) return at;
      }
    }
  }
  return std::nullopt;
}

}  // namespace dits
