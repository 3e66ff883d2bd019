#include "shared/api/paths.hpp"

#include <cassert>

namespace dits::paths {

namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex_digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += hex_digits[byte >> 4U];
    encoded += hex_digits[byte & 15U];
  }
  return encoded;
}

std::string path_with(std::string_view pattern, std::initializer_list<std::string_view> values) {
  std::string path;
  for (const std::string_view value : values) {
    const std::size_t open = pattern.find('{');
    const std::size_t close = pattern.find('}');
    assert(open != std::string_view::npos && close != std::string_view::npos);
    path += pattern.substr(0, open);
    path += percent_encoded(value);
    pattern.remove_prefix(close + 1);
  }
  assert(pattern.find('{') == std::string_view::npos);
  return path += pattern;
}

std::string with_query(std::string path,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    path += separator;
    path += percent_encoded(name);
    path += '=';
    path += percent_encoded(value);
    separator = '&';
  }
  return path;
}

}  // namespace dits::paths
