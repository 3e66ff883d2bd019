#include "shared/core/time.hpp"

namespace dits {

namespace {

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

void append_padded(std::string& text, unsigned value, unsigned width) {
  char digits[10] = {};
  for (unsigned at = width; at > 0; --at) {
    digits[at - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  text.append(digits, width);
}

// Reads exactly `width` digits at `at` and moves past them; -1 when there are fewer.
int take_digits(std::string_view text, std::size_t& at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t end = at + width; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool take_char(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

// "Z" or "+01", "+0130", "+01:30" up to the end of the text, in minutes; -10000 when it is neither.
constexpr int bad_offset = -10000;
int take_offset(std::string_view text, std::size_t& at) {
  if (take_char(text, at, 'Z') || take_char(text, at, 'z')) return at == text.size() ? 0 : bad_offset;
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return bad_offset;
  const int sign = text[at++] == '-' ? -1 : 1;
  const int hours = take_digits(text, at, 2);
  int minutes = 0;
  if (at < text.size()) {
    take_char(text, at, ':');
    minutes = take_digits(text, at, 2);
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || at != text.size()) return bad_offset;
  return sign * (hours * 60 + minutes);
}

}  // namespace

// Howard Hinnant's civil calendar algorithms (days_from_civil, civil_from_days), public domain.
CivilDate civil_from_date(Date date) {
  const int shifted = date.days + 719468;
  const int era = static_cast<int>(floor_divide(shifted, 146097));
  const auto day_of_era = static_cast<unsigned>(shifted - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const int year = static_cast<int>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, day};
}

Date date_from_civil(const CivilDate& civil) {
  const int year = civil.month <= 2 ? civil.year - 1 : civil.year;
  const int era = static_cast<int>(floor_divide(year, 400));
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned shifted_month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
  const unsigned day_of_year = (153 * shifted_month + 2) / 5 + civil.day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return {era * 146097 + static_cast<int>(day_of_era) - 719468};
}

unsigned days_in_month(int year, unsigned month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

unsigned weekday_of(Date date) {
  // 1970-01-01 was a Thursday.
  const std::int64_t shifted = static_cast<std::int64_t>(date.days) + 3;
  return static_cast<unsigned>(shifted - floor_divide(shifted, 7) * 7);
}

Date date_of(Timestamp time) { return {static_cast<std::int32_t>(floor_divide(time.unix_ms, ms_per_day))}; }

Timestamp midnight_of(Date date) { return {date.days * ms_per_day}; }

std::string to_string(Date date) {
  const CivilDate civil = civil_from_date(date);
  std::string text;
  append_padded(text, static_cast<unsigned>(civil.year), 4);
  text += '-';
  append_padded(text, civil.month, 2);
  text += '-';
  append_padded(text, civil.day, 2);
  return text;
}

std::string to_string(Timestamp time) {
  const Date date = date_of(time);
  auto rest = static_cast<unsigned>(time.unix_ms - date.days * ms_per_day);
  std::string text = to_string(date);
  text += 'T';
  append_padded(text, rest / 3'600'000, 2);
  text += ':';
  append_padded(text, rest / 60'000 % 60, 2);
  text += ':';
  append_padded(text, rest / 1000 % 60, 2);
  text += '.';
  append_padded(text, rest % 1000, 3);
  text += 'Z';
  return text;
}

Result<Date> parse_date(std::string_view text) {
  std::size_t at = 0;
  const int year = take_digits(text, at, 4);
  const bool first_hyphen = take_char(text, at, '-');
  const int month = take_digits(text, at, 2);
  const bool second_hyphen = take_char(text, at, '-');
  const int day = take_digits(text, at, 2);
  if (year < 1 || !first_hyphen || month < 1 || month > 12 || !second_hyphen || day < 1 ||
      at != text.size() || static_cast<unsigned>(day) > days_in_month(year, static_cast<unsigned>(month))) {
    return invalid("date", "A date is an existing day written like 2026-02-01");
  }
  return date_from_civil({year, static_cast<unsigned>(month), static_cast<unsigned>(day)});
}

Result<Timestamp> parse_timestamp(std::string_view text) {
  const auto refuse = [] {
    return invalid("time", "A time is written like 2026-02-01T13:45:07Z (RFC 3339, with an offset)");
  };
  if (text.size() < 11) return refuse();
  const Result<Date> date = parse_date(text.substr(0, 10));
  if (!date) return refuse();
  std::size_t at = 10;
  if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') return refuse();
  ++at;
  const int hour = take_digits(text, at, 2);
  if (!take_char(text, at, ':')) return refuse();
  const int minute = take_digits(text, at, 2);
  if (!take_char(text, at, ':')) return refuse();
  const int second = take_digits(text, at, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return refuse();
  int milliseconds = 0;
  if (take_char(text, at, '.')) {
    int digits = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits) {
      if (digits < 3) milliseconds = milliseconds * 10 + (text[at] - '0');
    }
    if (digits == 0) return refuse();
    for (; digits < 3; ++digits) milliseconds *= 10;
  }
  const int offset = take_offset(text, at);
  if (offset == bad_offset) return refuse();
  const std::int64_t seconds = static_cast<std::int64_t>(hour) * 3600 + minute * 60 + second;
  return Timestamp{midnight_of(*date).unix_ms + seconds * 1000 + milliseconds -
                   static_cast<std::int64_t>(offset) * 60'000};
}

}  // namespace dits
