// What several nouns ask of a text or a colour. The messages are read by people beside the field they speak
// of.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "shared/core/refusals.hpp"
#include "shared/core/time.hpp"

namespace dits {

constexpr std::size_t max_long_text_bytes = 256 * 1024;

// One line of 1..`max_code_points` characters that is not only white space and has no control characters.
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
