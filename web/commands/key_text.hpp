// Keys as the command table writes them: "j|↓" are two bindings, "p h" is a sequence of two keys, "Ctrl Shift
// Z" is one key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dits::web {

// Takes the text up to `separator` from the front of `text`.
constexpr std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

// Takes one key, with its modifiers, from the front of a binding.
constexpr std::string_view take_key(std::string_view& binding) {
  std::size_t at = 0;
  for (const std::string_view modifier :
       {std::string_view("Ctrl "), std::string_view("Shift "), std::string_view("Alt ")}) {
    if (binding.substr(at, modifier.size()) == modifier) at += modifier.size();
  }
  const std::size_t end = binding.find(' ', at);
  const std::string_view key = binding.substr(0, end);
  binding = end == std::string_view::npos ? std::string_view{} : binding.substr(end + 1);
  return key;
}

// FNV-1a: what the checks of the command table compare, since comparing texts would take the compiler too
// many steps.
constexpr std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

}  // namespace dits::web
