// A saved view: a query with a name and how its result is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct SavedView {
  SavedViewId id;
  std::string name;
  std::string query;            // the text of shared/query
  std::string settings = "{}";  // JSON object: layout, grouping, columns
  std::int32_t position = 0;
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
};

struct SavedViewPatch {
  std::optional<std::string> name;
  std::optional<std::string> query;
  std::optional<std::string> settings;
  std::optional<std::int32_t> position;
};

void apply(const SavedViewPatch& patch, SavedView& view);
Result<void> validate(const SavedView& view);  // name 1..100 code points, query at most 4 KiB

}  // namespace dits
