#include "server/base/metric_text.hpp"

#include <array>
#include <cstdio>

namespace dits {

std::string metric_number(double value) {
  std::array<char, 40> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.10g", value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string metric_head(std::string_view name, std::string_view type, std::string_view help) {
  const std::string metric(name);
  return "# HELP " + metric + " " + std::string(help) + "\n# TYPE " + metric + " " + std::string(type) + "\n";
}

std::string metric_lines(std::string_view name, std::string_view type, std::string_view help, double value) {
  return metric_head(name, type, help) + std::string(name) + " " + metric_number(value) + "\n";
}

}  // namespace dits
