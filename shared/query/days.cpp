#include "shared/query/days.hpp"

#include <algorithm>

#include "shared/core/text.hpp"

namespace dits::query {

namespace {

constexpr Date earliest = {-719162};  // 0001-01-01
constexpr Date latest = {2932896};    // 9999-12-31

bool are_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "7d", "2w", "1m", "1y"; without a number before the unit nothing.
std::optional<DayValue> amount_from(std::string_view text, DayValue::Kind kind, std::int32_t sign) {
  if (text.size() < 2 || text.size() > 6 || !are_digits(text.substr(0, text.size() - 1))) return std::nullopt;
  DayValue day;
  day.kind = kind;
  switch (text.back()) {
    case 'd':
    case 'D':
      day.unit = DayValue::Unit::day;
      break;
    case 'w':
    case 'W':
      day.unit = DayValue::Unit::week;
      break;
    case 'm':
    case 'M':
      day.unit = DayValue::Unit::month;
      break;
    case 'y':
    case 'Y':
      day.unit = DayValue::Unit::year;
      break;
    default:
      return std::nullopt;
  }
  for (const char c : text.substr(0, text.size() - 1)) day.amount = day.amount * 10 + (c - '0');
  day.amount *= sign;
  if (kind == DayValue::Kind::offset && day.amount == 0) day.unit = DayValue::Unit::day;
  return day;
}

std::optional<DayValue> calendar_from(std::string_view text) {
  DayValue day;
  const bool is_year = text.size() == 4 && are_digits(text);
  const bool is_month = text.size() == 7 && text[4] == '-';
  day.kind = is_year ? DayValue::Kind::year : is_month ? DayValue::Kind::month : DayValue::Kind::day;
  const Result<Date> date = parse_date(std::string(text) + (is_year ? "-01-01" : is_month ? "-01" : ""));
  if (!date) return std::nullopt;
  day.date = *date;
  return day;
}

Date clamped(std::int64_t days) {
  return {static_cast<std::int32_t>(std::clamp<std::int64_t>(days, earliest.days, latest.days))};
}

// The same day of another month; the last one when the month is shorter.
Date moved_by_months(Date date, std::int64_t months) {
  CivilDate civil = civil_from_date(date);
  const std::int64_t total = std::int64_t{civil.year} * 12 + civil.month - 1 + months;
  if (total < 12) return earliest;
  if (total >= 10000 * 12) return latest;
  civil.year = static_cast<int>(total / 12);
  civil.month = static_cast<unsigned>(total % 12 + 1);
  civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
  return date_from_civil(civil);
}

Date moved(Date today, std::int64_t amount, DayValue::Unit unit) {
  switch (unit) {
    case DayValue::Unit::day:
      return clamped(today.days + amount);
    case DayValue::Unit::week:
      return clamped(today.days + amount * 7);
    case DayValue::Unit::month:
      return moved_by_months(today, amount);
    case DayValue::Unit::year:
      break;
  }
  return moved_by_months(today, amount * 12);
}

struct Stretch {
  Date first;
  Date last;
};

Stretch stretch_of(const DayValue& day, Date today, bool counts_back) {
  const CivilDate civil = civil_from_date(day.date);
  switch (day.kind) {
    case DayValue::Kind::day:
      return {day.date, day.date};
    case DayValue::Kind::month:
      return {day.date, date_from_civil({civil.year, civil.month, days_in_month(civil.year, civil.month)})};
    case DayValue::Kind::year:
      return {day.date, date_from_civil({civil.year, 12, 31})};
    case DayValue::Kind::offset:
    case DayValue::Kind::distance:
      break;
  }
  const bool is_back = counts_back && day.kind == DayValue::Kind::distance;
  const Date date = moved(today, is_back ? -std::int64_t{day.amount} : day.amount, day.unit);
  return {date, date};
}

Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return Comparison::greater;
    case Comparison::less_or_equal:
      return Comparison::greater_or_equal;
    case Comparison::greater:
      return Comparison::less;
    case Comparison::greater_or_equal:
      return Comparison::less_or_equal;
    case Comparison::equal:
    case Comparison::range:
      break;
  }
  return comparison;
}

}  // namespace

std::optional<DayValue> day_value_from(std::string_view text) {
  const std::string folded = fold_case(text);
  DayValue day;
  if (folded == "today") return day;
  if (folded == "tomorrow" || folded == "yesterday") {
    day.amount = folded == "tomorrow" ? 1 : -1;
    return day;
  }
  if (text.empty()) return std::nullopt;
  if (text[0] == '+') return amount_from(text.substr(1), DayValue::Kind::offset, 1);
  if (text[0] == '-') return amount_from(text.substr(1), DayValue::Kind::offset, -1);
  if (const std::optional<DayValue> distance = amount_from(text, DayValue::Kind::distance, 1))
    return distance;
  return calendar_from(text);
}

std::string to_string(const DayValue& day) {
  switch (day.kind) {
    case DayValue::Kind::day:
      return dits::to_string(day.date);
    case DayValue::Kind::month:
      return dits::to_string(day.date).substr(0, 7);
    case DayValue::Kind::year:
      return dits::to_string(day.date).substr(0, 4);
    case DayValue::Kind::offset:
      if (day.amount == 0) return "today";
      break;
    case DayValue::Kind::distance:
      break;
  }
  constexpr std::string_view units = "dwmy";
  const bool has_plus = day.kind == DayValue::Kind::offset && day.amount > 0;
  return (has_plus ? "+" : "") + std::to_string(day.amount) + units[static_cast<std::size_t>(day.unit)];
}

namespace {

DayBounds unchecked_bounds_of(const Value& value, Date today, bool counts_back) {
  const auto* first = std::get_if<DayValue>(&value.operand);
  const auto* last = std::get_if<DayValue>(&value.last);
  const auto is_mirrored = [&](const DayValue* day) {
    return counts_back && day != nullptr && day->kind == DayValue::Kind::distance;
  };
  if (value.comparison == Comparison::range) {
    // updated:7d..30d is from thirty to seven days ago.
    if (is_mirrored(first) || is_mirrored(last)) std::swap(first, last);
    DayBounds bounds;
    if (first != nullptr) bounds.first = stretch_of(*first, today, counts_back).first;
    if (last != nullptr) bounds.last = stretch_of(*last, today, counts_back).last;
    return bounds;
  }
  if (first == nullptr) return {};
  const Stretch stretch = stretch_of(*first, today, counts_back);
  switch (is_mirrored(first) ? mirrored(value.comparison) : value.comparison) {
    case Comparison::less:
      return {std::nullopt, Date{stretch.first.days - 1}};
    case Comparison::less_or_equal:
      return {std::nullopt, stretch.last};
    case Comparison::greater:
      return {Date{stretch.last.days + 1}, std::nullopt};
    case Comparison::greater_or_equal:
      return {stretch.first, std::nullopt};
    case Comparison::equal:
    case Comparison::range:
      break;
  }
  return {stretch.first, stretch.last};
}

}  // namespace

DayBounds bounds_of(const Value& value, Date today, bool counts_back) {
  const DayBounds bounds = unchecked_bounds_of(value, today, counts_back);
  // Before the first day and behind the last there is nothing, and databases do not know such days.
  if ((bounds.last && *bounds.last < earliest) || (bounds.first && latest < *bounds.first))
    return {latest, earliest};
  return bounds;
}

}  // namespace dits::query
