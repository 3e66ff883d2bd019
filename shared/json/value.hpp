// JSON values, and reading them from text that anybody may have sent. The only room that names the library
// behind it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#ifndef JSON_NOEXCEPTION
#define JSON_NOEXCEPTION 1
#endif
#ifndef JSON_USE_IMPLICIT_CONVERSIONS
#define JSON_USE_IMPLICIT_CONVERSIONS 0
#endif
#include <nlohmann/json.hpp>

#include "shared/core/result.hpp"

namespace dits {

// Members keep the order in which they were written. Nothing here throws: read with find(), is_…() and
// get_ptr().
using Json = nlohmann::ordered_json;

constexpr std::size_t max_json_depth = 32;
constexpr std::size_t max_json_members = 1024;  // of one object; they are searched one by one

// Errors: invalid, with line and column: not JSON, nested deeper than max_json_depth, a name twice in one
// object or more than max_json_members, a string that is not storable text (see is_storable_text), a number
// out of range.
Result<Json> parse_json(std::string_view text);

// As parse_json for an object whose member `array_name` is a long array: each element goes to `take` as soon
// as it is complete and is then forgotten, so that the whole is never in memory at once. The answer is the
// object with that array empty. An error that `take` gives ends the reading and is passed on.
Result<Json> parse_json_stream(std::string_view text,
                               std::string_view array_name,
                               const std::function<Result<void>(const Json&)>& take);

// Compact text. Never fails: what is no UTF-8 is replaced.
std::string dump(const Json& value);
// The same over several lines, for files that people look into.
std::string dump_indented(const Json& value);

// The text of a stored JSON object as a value; an empty or broken text gives null.
Json json_from_stored(std::string_view text);

}  // namespace dits
