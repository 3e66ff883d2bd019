// Text -> syntax tree. Linear in the text; nesting is limited.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"
#include "shared/query/ast.hpp"

namespace dits::query {

constexpr std::size_t max_query_bytes = 4096;
constexpr int max_query_depth = 24;

// What is wrong, where, and what would be right.
struct Problem {
  std::size_t begin = 0;  // bytes; begin == end at the end of the text
  std::size_t end = 0;
  std::size_t column = 1;  // characters, from 1
  std::string message;     // "Unknown field \"lable\"; did you mean label?"
  std::string suggestion;  // what the text between begin and end should be, when that is known
};

struct Parsed {
  Query query;  // meaningful when there is no problem
  std::optional<Problem> problem;
};

Parsed read_query(std::string_view text);

// Errors: invalid at "q", kind "query_syntax": "Column 7: …".
Result<Query> parse_query(std::string_view text);

// What `?sort=` says: "-updated" or "priority,-due". Errors: invalid at "sort".
Result<std::vector<SortTerm>> parse_sort(std::string_view text);

}  // namespace dits::query
