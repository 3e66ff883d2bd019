// Elements are always quoted: within quotes only the quote and the backslash mean anything.
#include "server/db/array_text.hpp"

#include <utility>

namespace dits {

void ArrayText::add(const Param& element) {
  if (!elements_.empty()) elements_ += ',';
  if (element.is_null()) {
    elements_ += "NULL";
    return;
  }
  elements_ += '"';
  for (char c : element.text()) {
    if (c == '"' || c == '\\') elements_ += '\\';
    elements_ += c;
  }
  elements_ += '"';
}

void ArrayText::append(const ArrayText& other) {
  if (!elements_.empty() && !other.elements_.empty()) elements_ += ',';
  elements_ += other.elements_;
}

Param ArrayText::take() { return Param("{" + std::exchange(elements_, {}) + "}"); }

}  // namespace dits
