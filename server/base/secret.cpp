#include "server/base/secret.hpp"

namespace dits {

std::string without_password(std::string_view url) {
  std::string text(url);
  const std::size_t scheme = text.find("://");
  if (scheme != std::string::npos) {
    const std::size_t end = text.find_first_of("/?#", scheme + 3);
    const std::size_t at = text.rfind('@', end);
    const std::size_t colon = text.find(':', scheme + 3);
    if (at != std::string::npos && colon != std::string::npos && colon < at)
      text.replace(colon + 1, at - colon - 1, "***");
  }
  for (std::size_t found = text.find("password="); found != std::string::npos;
       found = text.find("password=", found + 12)) {
    const std::size_t start = found + 9;
    std::size_t end = text.find_first_of("& ", start);
    if (end == std::string::npos) end = text.size();
    text.replace(start, end - start, "***");
  }
  return text;
}

}  // namespace dits
