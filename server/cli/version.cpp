// `dits version`: which DITS this is, and the versions of what is inside it.
#include "server/base/version.hpp"

#include <cstdio>
#include <string>

#include "server/cli/commands.hpp"
#include "shared/json/value.hpp"

namespace dits::cli {

namespace {

std::string as_json() {
  Json parts = Json::object();
  for (const PartVersion& part : part_versions()) parts[std::string(part.name)] = std::string(part.version);
  return dump(Json{{"version", std::string(version_text())}, {"parts", std::move(parts)}});
}

}  // namespace

Result<void> version(const CommandLine& line, const ConfigSources& /*sources*/) {
  if (line.has("--json")) {
    std::printf("%s\n", as_json().c_str());
    return {};
  }
  std::printf("dits %s\n", std::string(version_text()).c_str());
  for (const PartVersion& part : part_versions())
    std::printf("  %-14s  %s\n", std::string(part.name).c_str(), std::string(part.version).c_str());
  return {};
}

}  // namespace dits::cli
