// What all platforms share.
#include "web/platform/platform.hpp"

namespace dits {

std::string_view FetchResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace dits
