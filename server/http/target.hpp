// The request target: percent-decoding and query parameters, strictly.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.hpp"

namespace dits::http {

struct Target {
  std::string path;                   // decoded
  std::vector<std::string> segments;  // decoded one by one: "%2F" inside a segment does not split it
  std::vector<std::pair<std::string, std::string>> query;
};

// Errors: invalid, for a broken percent escape, a NUL byte, invalid UTF-8, or more than 100 parameters.
Result<Target> parse_target(std::string_view target);

}  // namespace dits::http
