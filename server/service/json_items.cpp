#include "server/service/json_items.hpp"

#include <utility>

#include "shared/core/text.hpp"

namespace dits {

namespace {

constexpr std::size_t longest_item = std::size_t{16} * 1024 * 1024;
constexpr int most_lists = 2;  // pages, and the issues of a page

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Of the mark that some programs write before UTF-8.
bool is_of_byte_order_mark(char c) { return c == '\xEF' || c == '\xBB' || c == '\xBF'; }

}  // namespace

Result<void> JsonItems::add(std::string_view bytes) {
  for (const char c : bytes) {
    TRY(take_character(c));
    is_at_line_start_ = c == '\n';
    if (c == '\n') ++line_;
  }
  if (item_.text.size() > longest_item)
    return invalid("", "What begins on line " + std::to_string(item_.line) + " is longer than 16 MB.");
  return {};
}

Result<void> JsonItems::finish() {
  is_cut_off_ = place_ == Place::between && lists_ > 0;
  if (place_ != Place::between) TRY(end());
  return {};
}

Result<void> JsonItems::take_character(char c) {
  switch (place_) {
    case Place::between:
      return take_between(c);
    case Place::in_value:
      return take_in_value(c);
    case Place::in_words:
      break;
  }
  const bool ends = c == '\n' || (lists_ > 0 && (c == ',' || c == ']'));
  if (!ends) {
    item_.text += c;
    return {};
  }
  TRY(end());
  return take_between(c);
}

Result<void> JsonItems::take_between(char c) {
  if (is_space(c) || c == ',' || (!has_begun_ && is_of_byte_order_mark(c))) return {};
  has_begun_ = true;
  if (c == '[' && lists_ < most_lists) {
    ++lists_;
    has_list_ = true;
  } else if (c == ']' && lists_ > 0) {
    --lists_;
  } else if (c == '{' || c == '[') {
    begin(Place::in_value, c);
  } else {
    begin(Place::in_words, c);
  }
  return {};
}

Result<void> JsonItems::take_in_value(char c) {
  // The value before was cut off: a line of its own begins here.
  if (may_begin_anew_ && c == '"' && item_.text.size() > 1) {
    item_.text.pop_back();
    TRY(end());
    begin(Place::in_value, '{');
  }
  may_begin_anew_ = false;
  item_.text += c;
  if (is_in_string_) {
    const bool ends = !is_escaped_ && c == '"';
    is_escaped_ = !is_escaped_ && c == '\\';
    // Values by the line: no string goes on over the end of one that was cut off.
    if (ends || (c == '\n' && lists_ == 0)) is_in_string_ = false;
    return {};
  }
  if (c == '"') {
    is_in_string_ = true;
    is_escaped_ = false;
  } else if (c == '{' || c == '[') {
    ++depth_;
    may_begin_anew_ = c == '{' && lists_ == 0 && is_at_line_start_;
  } else if (c == '}' || c == ']') {
    --depth_;
    if (depth_ == 0) return end();
  }
  return {};
}

void JsonItems::begin(Place place, char c) {
  place_ = place;
  item_.text.assign(1, c);
  item_.line = line_;
  item_.is_in_list = lists_ > 0;
  depth_ = 1;
  is_in_string_ = false;
}

Result<void> JsonItems::end() {
  place_ = Place::between;
  const JsonItem item = std::exchange(item_, {});
  return take_(item);
}

}  // namespace dits
