#include "shared/core/day_text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "shared/core/text.hpp"

namespace dits {

namespace {

constexpr Date first_day{-719162};  // 0001-01-01
constexpr Date last_day{2932896};   // 9999-12-31

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : fold_case(text)) {
    if (c == ' ' || c == ',' || c == '\t') {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::optional<int> number_in(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<unsigned> weekday_in(std::string_view word) {
  constexpr std::array<std::string_view, 7> names{
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  if (word.size() < 2) return std::nullopt;
  for (unsigned at = 0; at < names.size(); ++at) {
    if (names[at].rfind(word, 0) == 0) return at;
  }
  return std::nullopt;
}

Date add_months(Date from, int months) {
  CivilDate civil = civil_from_date(from);
  const int month = static_cast<int>(civil.month) - 1 + months;
  civil.year += month >= 0 ? month / 12 : -((11 - month) / 12);
  civil.month = static_cast<unsigned>(((month % 12) + 12) % 12 + 1);
  civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
  return date_from_civil(civil);
}

std::optional<Date> shifted(Date today, int amount, char unit) {
  switch (unit) {
    case 'd':
      return Date{today.days + amount};
    case 'w':
      return Date{today.days + 7 * amount};
    case 'm':
      return add_months(today, amount);
    case 'y':
      return add_months(today, 12 * amount);
    default:
      return std::nullopt;
  }
}

// "+3d", "-1w", "2m", "+5": a sign or a unit is needed, so that "31" stays a day of the month.
std::optional<Date> shift_in(std::string_view word, Date today) {
  const bool has_sign = word[0] == '+' || word[0] == '-';
  const int sign = word[0] == '-' ? -1 : 1;
  if (has_sign) word.remove_prefix(1);
  if (word.empty()) return std::nullopt;
  const char last = word.back();
  const bool has_unit = last == 'd' || last == 'w' || last == 'm' || last == 'y';
  if (!has_sign && !has_unit) return std::nullopt;
  const auto amount = number_in(has_unit ? word.substr(0, word.size() - 1) : word);
  if (!amount) return std::nullopt;
  return shifted(today, sign * *amount, has_unit ? last : 'd');
}

// A day of a month; without a year the next one that is not past.
std::optional<Date> day_of_month(int day, unsigned month, std::optional<int> year, Date today) {
  const int first_year = year.value_or(civil_from_date(today).year);
  for (int at = first_year; at <= first_year + (year ? 0 : 4); ++at) {
    if (day < 1 || static_cast<unsigned>(day) > days_in_month(at, month)) continue;
    const Date date = date_from_civil({at, month, static_cast<unsigned>(day)});
    if (year || date >= today) return date;
  }
  return std::nullopt;
}

Date coming(Date today, unsigned weekday) {
  const unsigned ahead = (weekday + 7 - weekday_of(today)) % 7;
  return Date{today.days + static_cast<int>(ahead == 0 ? 7 : ahead)};
}

std::optional<Date> one_word(const std::string& word, Date today) {
  if (word == "today" || word == "tod" || word == "now") return today;
  if (word == "tomorrow" || word == "tom" || word == "tmr") return Date{today.days + 1};
  if (word == "yesterday") return Date{today.days - 1};
  if (word == "eow") return Date{today.days + static_cast<int>((4 + 7 - weekday_of(today)) % 7)};
  const CivilDate civil = civil_from_date(today);
  if (word == "eom")
    return date_from_civil({civil.year, civil.month, days_in_month(civil.year, civil.month)});
  if (word == "eoy") return date_from_civil({civil.year, 12, 31});
  if (const auto shift = shift_in(word, today)) return shift;
  if (const auto weekday = weekday_in(word)) return coming(today, *weekday);
  if (const auto date = parse_date(word)) return *date;
  if (const auto day = number_in(word); day && *day >= 1 && *day <= 31) {
    Date month = date_from_civil({civil.year, civil.month, 1});
    for (int tries = 0; tries < 12; ++tries, month = add_months(month, 1)) {
      const CivilDate at = civil_from_date(month);
      if (static_cast<unsigned>(*day) > days_in_month(at.year, at.month)) continue;
      const Date date = date_from_civil({at.year, at.month, static_cast<unsigned>(*day)});
      if (date >= today) return date;
    }
  }
  return std::nullopt;
}

std::optional<char> unit_in(std::string_view word) {
  if (word == "day" || word == "days") return 'd';
  if (word == "week" || word == "weeks") return 'w';
  if (word == "month" || word == "months") return 'm';
  if (word == "year" || word == "years") return 'y';
  return std::nullopt;
}

std::optional<Date> day_in(std::string_view text, Date today) {
  std::vector<std::string> words = words_of(text);
  if (words.empty()) return std::nullopt;
  if (words.size() == 1) return one_word(words[0], today);
  if (words[0] == "in") words.erase(words.begin());
  if (words[0] == "next" && words.size() == 2) {
    if (words[1] == "week") return coming(today, 0);
    if (const auto unit = unit_in(words[1])) {
      const CivilDate civil = civil_from_date(add_months(today, *unit == 'y' ? 12 : 1));
      if (*unit == 'm') return date_from_civil({civil.year, civil.month, 1});
      if (*unit == 'y') return date_from_civil({civil.year, 1, 1});
      return Date{today.days + 1};
    }
    if (const auto weekday = weekday_in(words[1])) {
      // The one of the week after this one.
      return Date{coming(today, 0).days + static_cast<int>(*weekday)};
    }
    return std::nullopt;
  }
  if (words.size() == 2) {
    const auto amount = number_in(words[0] == "a" || words[0] == "an" ? "1" : words[0]);
    const auto unit = unit_in(words[1]);
    if (amount && unit) return shifted(today, *amount, *unit);
  }
  if (words.size() == 1) return one_word(words[0], today);
  if (words.size() > 3) return std::nullopt;
  std::optional<int> year;
  if (words.size() == 3) {
    year = number_in(words[2]);
    if (!year || *year < 1970) return std::nullopt;
  }
  const bool month_first = month_from_name(words[0]).has_value();
  const auto month = month_from_name(month_first ? words[0] : words[1]);
  const auto day = number_in(month_first ? words[1] : words[0]);
  if (!month || !day) return std::nullopt;
  return day_of_month(*day, *month, year, today);
}

}  // namespace

std::optional<unsigned> month_from_name(std::string_view word) {
  constexpr std::array<std::string_view, 12> names{"january",
                                                   "february",
                                                   "march",
                                                   "april",
                                                   "may",
                                                   "june",
                                                   "july",
                                                   "august",
                                                   "september",
                                                   "october",
                                                   "november",
                                                   "december"};
  if (word.size() < 3) return std::nullopt;
  for (unsigned at = 0; at < names.size(); ++at) {
    if (names[at].rfind(word, 0) == 0) return at + 1;
  }
  return std::nullopt;
}

std::optional<Date> parse_day(std::string_view text, Date today) {
  const std::optional<Date> day = day_in(text, today);
  return day && first_day <= *day && *day <= last_day ? day : std::nullopt;
}

}  // namespace dits
