#include "shared/model/saved_view.hpp"

#include "shared/model/checks.hpp"

namespace dits {

Result<void> validate(const SavedView& view) {
  Refusals refusals;
  check_name(refusals, "name", view.name, 100);
  check_long_text(refusals, "query", view.query, 4096);
  return refusals.result();
}

}  // namespace dits
