// An area: an ongoing sphere of responsibility, without an end.
#pragma once

#include <optional>
#include <string>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct Area {
  AreaId id;
  std::string name;
  std::string description;
  std::string color = "#2E83E6";  // "#RRGGBB"
  std::string settings = "{}";    // JSON object
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
};

struct AreaPatch {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> color;
  std::optional<std::string> settings;
};

void apply(const AreaPatch& patch, Area& area);
Result<void> validate(const Area& area);

}  // namespace dits
