#include "server/db/param.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace dits {

Param::Param(double value) {
  if (std::isnan(value)) {
    text_ = "NaN";
    return;
  }
  std::array<char, 32> digits{};
  const auto [end, code] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  text_ = std::string(digits.data(), end);
}

Param::Param(const std::vector<std::string>& texts) {
  std::string literal = "{";
  for (const std::string& text : texts) {
    if (literal.size() > 1) literal += ',';
    literal += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  text_ = literal + "}";
}

Param::Param(const std::vector<std::int64_t>& numbers) {
  std::string literal = "{";
  for (const std::int64_t number : numbers) {
    if (literal.size() > 1) literal += ',';
    literal += std::to_string(number);
  }
  text_ = literal + "}";
}

}  // namespace dits
