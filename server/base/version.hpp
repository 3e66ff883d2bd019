// Which DITS this is, and what is inside it.
#pragma once

#include <string_view>
#include <vector>

namespace dits {

std::string_view version_text();  // "0.1.0"

struct PartVersion {
  std::string_view name;     // "PostgreSQL"
  std::string_view version;  // "18.6"; empty when the build could not tell
};

// Everything that was built or linked into the executable, in the order of build/versions.txt, which
// scripts/deps writes.
std::vector<PartVersion> part_versions();

}  // namespace dits
