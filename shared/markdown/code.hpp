// Colours for code: a small lexer that is driven by a table of languages. It knows words, strings, numbers
// and comments, not grammar.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace dits::markdown {

enum class CodeKind : std::uint8_t { keyword, string, number, comment, inserted, deleted };

struct CodeSpan {
  CodeKind kind = CodeKind::keyword;
  std::size_t begin = 0;  // bytes
  std::size_t end = 0;
};

// In order, without overlaps; what lies between is plain. `language` is Block::language; nothing is coloured
// in one that is not known.
std::vector<CodeSpan> code_spans(std::string_view language, std::string_view code);

}  // namespace dits::markdown
