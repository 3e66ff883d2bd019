// Elements are always quoted: within quotes only the quote and the backslash mean anything.
#include "server/store/array_text.hpp"

#include <utility>

namespace dits::store {

void ArrayText::add(const Param& element) {
  if (text_.size() > 1) text_ += ',';
  if (element.is_null()) {
    text_ += "NULL";
    return;
  }
  text_ += '"';
  for (char c : element.text()) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

Param ArrayText::take() {
  std::string text = std::exchange(text_, "{");
  text += '}';
  return Param(std::move(text));
}

}  // namespace dits::store
