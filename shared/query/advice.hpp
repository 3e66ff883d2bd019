// What the parser says could stand where something else does.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "shared/query/fields.hpp"

namespace dits::query {

// "a, b or c", of the words that are printed.
std::string listed(std::span<const Word> words);

// What may stand behind the field's colon.
std::string expected(const FieldInfo& info);

// due:none and due:*, which other trackers have, are no:due and has:due: a sentence that says so, or empty.
std::string other_way(const FieldInfo& info, std::string_view text);

// The field that another tracker, or the API, calls so: "due" for dueDate and due_date, "label" for tags; or
// empty.
std::string_view field_meant_by(std::string_view name);

}  // namespace dits::query
