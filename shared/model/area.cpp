#include "shared/model/area.hpp"

#include "shared/model/checks.hpp"
#include "shared/model/label.hpp"

namespace dits {

void apply(const AreaPatch& patch, Area& area) {
  if (patch.name) area.name = *patch.name;
  if (patch.description) area.description = *patch.description;
  if (patch.color) area.color = *patch.color;
  if (patch.settings) area.settings = *patch.settings;
}

Result<void> validate(const Area& area) {
  Refusals refusals;
  check_name(refusals, "name", area.name, 200);
  check_long_text(refusals, "description", area.description, max_long_text_bytes);
  refusals.add(validate_color(area.color));
  return refusals.result();
}

}  // namespace dits
