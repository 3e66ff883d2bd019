// A label: a coloured word put on issues, unique per user whatever its case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct Label {
  LabelId id;
  std::string name;
  std::string color = "#8B8276";  // "#RRGGBB"
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
};

struct LabelPatch {
  std::optional<std::string> name;
  std::optional<std::string> color;
};

void apply(const LabelPatch& patch, Label& label);
Result<void> validate(const Label& label);  // name 1..50 code points without control characters

// "#" and six hex digits. Errors: invalid at `field`.
Result<void> validate_color(std::string_view color, std::string_view field = "color");

}  // namespace dits
