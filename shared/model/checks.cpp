#include "shared/model/checks.hpp"

#include <string>

#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"

namespace dits {

bool is_control_character(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

namespace {

bool has_control_character(std::string_view value) {
  for (std::size_t at = 0; at < value.size();) {
    if (is_control_character(take_code_point(value, at))) return true;
  }
  return false;
}

constexpr std::string_view not_storable = "Must be valid UTF-8 without a NUL character";

}  // namespace

std::string name_from(std::string_view typed) { return normal_form(trim(typed)); }

void check_name(Refusals& refusals,
                std::string_view field,
                std::string_view value,
                std::size_t max_code_points) {
  if (!is_storable_text(value)) {
    refusals.add(field, std::string(not_storable));
  } else if (trim(value).empty()) {
    refusals.add(field, "Must not be empty");
  } else if (has_control_character(value)) {
    refusals.add(field, "Must be one line without control characters");
  } else if (!is_visible(value)) {
    refusals.add(field, "Must have at least one character that can be seen");
  } else if (const std::size_t count = count_code_points(value); count > max_code_points) {
    refusals.add(
        field,
        "Must have at most " + std::to_string(max_code_points) + " characters, not " + std::to_string(count));
  }
}

void check_long_text(Refusals& refusals,
                     std::string_view field,
                     std::string_view value,
                     std::size_t max_bytes) {
  if (value.size() > max_bytes) {
    refusals.add(field, "Must have at most " + std::to_string(max_bytes / 1024) + " KiB");
  } else if (!is_storable_text(value)) {
    refusals.add(field, std::string(not_storable));
  }
}

void check_order(Refusals& refusals,
                 std::string_view field,
                 const std::optional<Date>& first,
                 const std::optional<Date>& last) {
  if (first && last && *last < *first) refusals.add(field, "Must not be before " + to_string(*first));
}

}  // namespace dits
