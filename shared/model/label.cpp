#include "shared/model/label.hpp"

#include <algorithm>

#include "shared/model/checks.hpp"

namespace dits {

void apply(const LabelPatch& patch, Label& label) {
  if (patch.name) label.name = *patch.name;
  if (patch.color) label.color = *patch.color;
}

Result<void> validate(const Label& label) {
  Refusals refusals;
  check_name(refusals, "name", label.name, 50);
  refusals.add(validate_color(label.color));
  return refusals.result();
}

Result<void> validate_color(std::string_view color, std::string_view field) {
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  if (color.size() == 7 && color[0] == '#' && std::all_of(color.begin() + 1, color.end(), is_hex)) return {};
  return invalid(std::string(field), "Must be a colour such as #1A2B3C");
}

}  // namespace dits
