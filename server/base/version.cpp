#include "server/base/version.hpp"

#include "server/base/embedded_files.hpp"

namespace dits {

std::string_view version_text() { return DITS_VERSION; }

std::vector<PartVersion> part_versions() {
  std::vector<PartVersion> parts;
  const auto file = find_embedded_file("versions.txt");
  if (!file) return parts;
  std::string_view rest = file->text();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos) parts.push_back({line.substr(0, tab), line.substr(tab + 1)});
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return parts;
}

}  // namespace dits
