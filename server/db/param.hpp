// Parameters of a statement, in PostgreSQL's text format.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/time.hpp"

namespace dits {

// One parameter: text, or NULL. Implicit on purpose, so that a call reads run(statement, {id, title,
// due_date}).
class Param {
 public:
  // NOLINTBEGIN(google-explicit-constructor)
  Param(std::nullopt_t) {}
  Param(std::string text) : text_(std::move(text)) {}
  Param(std::string_view text) : text_(std::string(text)) {}
  Param(const char* text) : text_(std::string(text)) {}
  template <std::same_as<bool> T>
  Param(T value) : text_(value ? "t" : "f") {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Param(T value) : text_(std::to_string(value)) {}
  Param(double value);
  Param(Date date) : text_(to_string(date)) {}
  Param(Timestamp time) : text_(to_string(time)) {}
  Param(const Uuid& uuid) : text_(to_string(uuid)) {}
  // An id that is not set is NULL.
  template <typename Tag>
  Param(const Id<Tag>& id) {
    if (id.is_set()) text_ = to_string(id);
  }
  template <typename T>
  Param(const std::optional<T>& value) {
    if (value) *this = Param(*value);
  }
  // An array literal: {…} of uuids.
  template <typename Tag>
  Param(const std::vector<Id<Tag>>& ids) {
    std::string text = "{";
    for (const Id<Tag>& id : ids) {
      if (text.size() > 1) text += ',';
      text += to_string(id);
    }
    text_ = text + "}";
  }
  Param(const std::vector<std::string>& texts);     // text[] literal, quoted
  Param(const std::vector<std::int64_t>& numbers);  // bigint[] literal
  // NOLINTEND(google-explicit-constructor)

  bool is_null() const { return !text_.has_value(); }
  const std::string& text() const {
    return *text_;  // NOLINT(bugprone-unchecked-optional-access): not for NULL
  }

 private:
  std::optional<std::string> text_;
};

}  // namespace dits
