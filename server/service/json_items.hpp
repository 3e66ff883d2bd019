// A text of JSON taken apart as it comes in: one value a line, values over many lines, the elements of a list
// or of several one behind the other, and of lists within a list. Only one value is held at a time. What is
// broken is handed out as it is, and costs as few of its neighbours as can be told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

struct JsonItem {
  std::string text;
  std::int64_t line = 0;  // on which it begins, from 1
  bool is_in_list = false;
};

class JsonItems {
 public:
  using Take = std::function<Result<void>(const JsonItem& item)>;

  explicit JsonItems(Take take) : take_(std::move(take)) {}

  // Errors: invalid for a value of more than 16 MB; those of `take`.
  Result<void> add(std::string_view bytes);
  // Errors: those of `take`.
  Result<void> finish();

  std::int64_t line() const { return line_; }
  // A list was begun, empty or not.
  bool has_list() const { return has_list_; }
  // After finish(): the text ends between two elements of a list.
  bool is_cut_off() const { return is_cut_off_; }

 private:
  enum class Place : std::uint8_t { between, in_value, in_words };

  Result<void> take_character(char c);
  Result<void> take_between(char c);
  Result<void> take_in_value(char c);
  void begin(Place place, char c);
  Result<void> end();

  Take take_;
  Place place_ = Place::between;
  JsonItem item_;
  int lists_ = 0;  // open around what is read
  int depth_ = 0;  // open brackets of the value
  bool is_in_string_ = false;
  bool is_escaped_ = false;
  bool is_at_line_start_ = true;
  bool may_begin_anew_ = false;  // the last character was a { at the start of a line
  std::int64_t line_ = 1;
  bool has_begun_ = false;
  bool has_list_ = false;
  bool is_cut_off_ = false;
};

}  // namespace dits
