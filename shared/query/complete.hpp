// Help while a query is typed: the colour of every piece, and what could stand at the caret.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/query/plan.hpp"

namespace dits::query {

enum class SpanKind : std::uint8_t {
  field,       // known field with its colon
  bad_field,   // unknown field
  comparison,  // < >= .. , - OR NOT AND
  value,       // word behind a field
  label,       // value of label:
  number,      // number or day behind a field
  text,        // bare word
  quoted,      // in quotes
  parenthesis,
};

struct Span {
  SpanKind kind = SpanKind::text;
  std::size_t begin = 0;  // bytes
  std::size_t end = 0;
};

// In order, without overlaps; white space belongs to none.
std::vector<Span> spans_of(std::string_view query);

struct Completion {
  std::string text;         // stands for the bytes from `begin` to `end`
  std::string description;  // one line of help
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What could stand at the byte `caret`, best first, at most `limit`.
std::vector<Completion> completions_at(std::string_view query,
                                       std::size_t caret,
                                       const Names& names,
                                       std::size_t limit = 12);

}  // namespace dits::query
