// Result<T>: a value or an Error. A subset of std::expected (C++23), under the same names, that may not be
// ignored.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "shared/core/error.hpp"

namespace dits {

template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose, so that "return label;" and "return not_found(...);" both work.
  // NOLINTBEGIN(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  // NOLINTEND(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor): as above

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  void value() const { assert(has_value()); }
  const Error& error() const& {
    assert(!has_value());
    return *error_;  // NOLINT(bugprone-unchecked-optional-access): asserted
  }
  Error&& error() && {
    assert(!has_value());
    return std::move(*error_);  // NOLINT(bugprone-unchecked-optional-access): asserted
  }

 private:
  std::optional<Error> error_;
};

}  // namespace dits

// TRY(expr): the value of a Result, or return its error from this function.
// __extension__ allows the statement expression that both g++ and emcc know.
#define TRY(expression)                                                \
  __extension__({                                                      \
    auto try_result = (expression);                                    \
    if (!try_result.has_value()) return std::move(try_result).error(); \
    std::move(try_result).value();                                     \
  })
