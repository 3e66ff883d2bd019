#include "server/base/embedded_files.hpp"

#include <algorithm>

namespace dits {

std::optional<EmbeddedFile> find_embedded_file(std::string_view name) {
  const auto found = std::ranges::find(embedded_table, name, &EmbeddedFile::name);
  if (found == embedded_table.end()) return std::nullopt;
  return *found;
}

std::vector<EmbeddedFile> embedded_files_under(std::string_view prefix) {
  std::vector<EmbeddedFile> found;
  std::ranges::copy_if(embedded_table, std::back_inserter(found), [prefix](const EmbeddedFile& file) {
    return file.name.starts_with(prefix);
  });
  std::ranges::sort(found, {}, &EmbeddedFile::name);
  return found;
}

}  // namespace dits
