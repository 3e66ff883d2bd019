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

}  // namespace dits::query
