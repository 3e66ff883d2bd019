// What several nouns ask of a text or a colour. The messages are read by people beside the field they speak
// of.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/refusals.hpp"
#include "shared/core/time.hpp"

namespace dits {

constexpr std::size_t max_long_text_bytes = 256 * 1024;

// What somebody typed as a name: without white space at both ends, in normal form.
std::string name_from(std::string_view typed);

// What has no place in one line: controls, the ends of lines and paragraphs.
bool is_control_character(char32_t c);
// One line of 1..`max_code_points` characters without control characters, of which at least one can be seen.
void check_name(Refusals& refusals,
                std::string_view field,
                std::string_view value,
                std::size_t max_code_points);
// Any number of lines of at most `max_bytes`; may be empty.
void check_long_text(Refusals& refusals,
                     std::string_view field,
                     std::string_view value,
                     std::size_t max_bytes);
// `last` is refused when it lies before `first`.
void check_order(Refusals& refusals,
                 std::string_view field,
                 const std::optional<Date>& first,
                 const std::optional<Date>& last);

}  // namespace dits
