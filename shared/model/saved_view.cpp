#include "shared/model/saved_view.hpp"

#include "shared/model/checks.hpp"

namespace dits {

void apply(const SavedViewPatch& patch, SavedView& view) {
  if (patch.name) view.name = *patch.name;
  if (patch.query) view.query = *patch.query;
  if (patch.settings) view.settings = *patch.settings;
  if (patch.position) view.position = *patch.position;
}

Result<void> validate(const SavedView& view) {
  Refusals refusals;
  check_name(refusals, "name", view.name, 100);
  check_long_text(refusals, "query", view.query, 4096);
  return refusals.result();
}

}  // namespace dits
