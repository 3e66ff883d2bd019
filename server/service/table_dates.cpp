#include "server/service/table_dates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "server/service/import_notes.hpp"
#include "shared/core/day_text.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

// A number of one to four digits, or a month by its name.
struct Part {
  int number = 0;
  std::size_t digits = 0;  // 0: a month's name
};

struct Reading {
  Date day;
  std::int64_t ms = 0;  // into the day, of UTC: before or behind it where an offset says so
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::optional<Part> take_part(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  Part part;
  part.digits = end;
  if (end > 4) return std::nullopt;
  for (const char c : text.substr(0, end)) part.number = part.number * 10 + (c - '0');
  if (end == 0) {
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::optional<unsigned> month = month_from_name(fold_case(text.substr(0, end)));
    if (!month) return std::nullopt;
    part.number = static_cast<int>(*month);
  }
  text.remove_prefix(end);
  return part;
}

constexpr std::int64_t ms_per_minute = 60 * 1000;

// ".5", ".123456": the milliseconds of it.
std::int64_t take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
  std::int64_t ms = 0;
  for (std::size_t at = 1; at <= 3; ++at) ms = ms * 10 + (at < end ? text[at] - '0' : 0);
  text.remove_prefix(end);
  return ms;
}

// What stands behind a time: "Z", "UTC", "+0200", "GMT+02:00 (CEST)"; in milliseconds to take away. Nothing:
// 0.
std::optional<std::int64_t> offset_from(std::string_view text) {
  std::string rest = fold_case(trim(text));
  if (const std::size_t name = rest.find('('); name != std::string::npos && rest.ends_with(')'))
    rest.resize(name);
  for (const std::string_view word : {"utc", "gmt", "z"}) {
    if (rest.starts_with(word)) rest.erase(0, word.size());
  }
  rest = trim(rest);
  if (rest.empty()) return 0;
  const bool is_west = rest[0] == '-';
  if (!is_west && rest[0] != '+') return std::nullopt;
  std::erase(rest, ':');
  if (rest.size() != 5 || rest.find_first_not_of("0123456789", 1) != std::string::npos) return std::nullopt;
  const int hours = (rest[1] - '0') * 10 + rest[2] - '0';
  const int minutes = (rest[3] - '0') * 10 + rest[4] - '0';
  if (hours > 14 || minutes > 59) return std::nullopt;
  return (is_west ? -1 : 1) * (hours * 60 + minutes) * ms_per_minute;
}

// "14:30", "14:30:07", "14:30:07.5", "3:14 PM", "14:30 +0200"; in milliseconds of the day in UTC.
std::optional<std::int64_t> time_of_day(std::string_view text) {
  std::vector<int> numbers;
  while (numbers.size() < 3) {
    const std::optional<Part> part = take_part(text);
    if (!part || part->digits == 0 || part->digits > 2) return std::nullopt;
    numbers.push_back(part->number);
    if (!text.starts_with(':')) break;
    text.remove_prefix(1);
  }
  if (numbers.size() < 2) return std::nullopt;
  const std::int64_t fraction = take_fraction(text);
  text = trim(text);
  if (const std::string half = fold_case(text.substr(0, 2)); half == "am" || half == "pm") {
    if (numbers[0] < 1 || numbers[0] > 12) return std::nullopt;
    numbers[0] = numbers[0] % 12 + (half == "pm" ? 12 : 0);
    text.remove_prefix(2);
  }
  numbers.resize(3);
  const std::optional<std::int64_t> offset = offset_from(text);
  if (!offset || numbers[0] > 23 || numbers[1] > 59 || numbers[2] > 59) return std::nullopt;
  return (numbers[0] * 60 + numbers[1]) * ms_per_minute + numbers[2] * std::int64_t{1000} + fraction -
         *offset;
}

// "Sat ", "Saturday, ": the day that follows says it again.
std::string_view without_weekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> days = {
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  const std::size_t end = text.find_first_of(" ,");
  if (end == std::string_view::npos || end < 3) return text;
  const std::string word = fold_case(text.substr(0, end));
  const auto is_it = [&](std::string_view day) { return day == word || day.substr(0, 3) == word; };
  if (std::ranges::none_of(days, is_it)) return text;
  return text.substr(std::min(text.find_first_not_of(" ,", end), text.size()));
}

// Two digits mean 1970 to 2069.
int whole_year(const Part& year) {
  return year.digits > 2 ? year.number : year.number + (year.number >= 70 ? 1900 : 2000);
}

std::optional<Date> day_of(int year, int month, int day) {
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const CivilDate civil{year, static_cast<unsigned>(month), static_cast<unsigned>(day)};
  if (civil.day > days_in_month(year, civil.month)) return std::nullopt;
  return date_from_civil(civil);
}

std::optional<Date> day_of(const std::array<Part, 3>& parts, DateOrder order) {
  const auto& [first, second, third] = parts;
  const bool is_day_last = third.digits == 1 || third.digits == 2;
  if (first.digits >= 3)
    return is_day_last ? day_of(first.number, second.number, third.number) : std::nullopt;
  if (first.digits == 0 && second.digits == 0) return std::nullopt;
  const bool is_named = first.digits == 0 || second.digits == 0;
  const bool is_certain = is_named && third.digits == 4;
  if (third.digits == 0 || third.digits == 1 || (!is_certain && order == DateOrder::unknown))
    return std::nullopt;
  const bool is_month_first = first.digits == 0 || (second.digits != 0 && order == DateOrder::month_first);
  const Part& month = is_month_first ? first : second;
  const Part& day = is_month_first ? second : first;
  return day_of(whole_year(third), month.number, day.number);
}

std::optional<Reading> read(std::string_view text, DateOrder order) {
  std::array<Part, 3> parts;
  text = without_weekday(text);
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at > 0) {
      const std::size_t next = text.find_first_not_of("./-, ");
      if (next == 0 || next == std::string_view::npos) return std::nullopt;
      text.remove_prefix(next);
    }
    const std::optional<Part> part = take_part(text);
    if (!part) return std::nullopt;
    parts[at] = *part;
  }
  const std::optional<Date> day = day_of(parts, order);
  if (!day) return std::nullopt;
  Reading reading{*day};
  if (text.empty()) return reading;
  if (text[0] != ' ' && text[0] != 'T' && text[0] != ',') return std::nullopt;
  const std::optional<std::int64_t> time =
      time_of_day(text.substr(std::min(text.find_first_not_of(" T,"), text.size())));
  if (!time) return std::nullopt;
  reading.ms = *time;
  return reading;
}

Result<Reading> reading_of(std::string_view text, DateOrder order) {
  if (const std::optional<Reading> reading = read(text, order)) return *reading;
  Error error = invalid("", beginning_of(text) + " is no date such as 2026-02-28");
  if (order == DateOrder::unknown && (read(text, DateOrder::day_first) || read(text, DateOrder::month_first)))
    error.kind = needs_date_order;
  return error;
}

}  // namespace

Result<DateOrder> date_order_from_text(std::string_view text) {
  if (text.empty()) return DateOrder::unknown;
  if (text == "day-first") return DateOrder::day_first;
  if (text == "month-first") return DateOrder::month_first;
  return invalid("dates", "Must be day-first or month-first.");
}

Result<Date> day_from_cell(std::string_view text, DateOrder order) {
  if (const Result<Date> day = parse_date(text)) return *day;
  if (parse_timestamp(text)) return parse_date(text.substr(0, 10));  // the day where it was written
  return TRY(reading_of(text, order)).day;
}

Result<Timestamp> moment_from_cell(std::string_view text, DateOrder order) {
  if (Result<Timestamp> moment = parse_timestamp(text)) return moment;
  const Reading reading = TRY(reading_of(text, order));
  return Timestamp{std::int64_t{reading.day.days} * 24 * 3600 * 1000 + reading.ms};
}

}  // namespace dits
