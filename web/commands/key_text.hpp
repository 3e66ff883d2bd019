// Keys as the command table writes them: "j|↓" are two bindings, "p h" is a sequence of two keys, "Ctrl Shift
// Z" is one key.
#pragma once

#include <cstddef>
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

// Is `prefix`, key by key, the beginning of `binding`, or all of it?
constexpr bool begins_with_keys(std::string_view binding, std::string_view prefix) {
  while (!prefix.empty()) {
    if (binding.empty() || take_key(binding) != take_key(prefix)) return false;
  }
  return true;
}

// Does any binding of `a` equal or begin one of `b`?
constexpr bool keys_clash(std::string_view a, std::string_view b) {
  while (!a.empty()) {
    const std::string_view one = take_part(a, '|');
    for (std::string_view rest = b; !rest.empty();) {
      if (begins_with_keys(take_part(rest, '|'), one)) return true;
    }
  }
  return false;
}

// Does any binding of `a` begin one of `b` that goes on?
constexpr bool keys_cut(std::string_view a, std::string_view b) {
  while (!a.empty()) {
    const std::string_view one = take_part(a, '|');
    for (std::string_view rest = b; !rest.empty();) {
      const std::string_view other = take_part(rest, '|');
      if (other != one && begins_with_keys(other, one)) return true;
    }
  }
  return false;
}

}  // namespace dits::web
