// The two directions between an enum class and its words: the words stand in a constexpr array in the order
// of the enumerators.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

template <std::size_t N>
using Names = std::array<std::string_view, N>;

template <typename Enum, std::size_t N>
constexpr std::string_view name_in(const Names<N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

// Errors: invalid at `field`, naming every word that is known.
template <typename Enum, std::size_t N>
Result<Enum> value_in(const Names<N>& names, std::string_view name, std::string_view field) {
  std::string known;
  for (std::size_t at = 0; at < N; ++at) {
    if (names[at] == name) return static_cast<Enum>(at);
    known += at == 0 ? "" : at + 1 == N ? " or " : ", ";
    known += names[at];
  }
  return invalid(std::string(field), "Must be " + known);
}

}  // namespace dits
