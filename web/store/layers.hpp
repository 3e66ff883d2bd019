// What lies over what, and who has the keys. The parts of the app stand here from the bottom to the top; keys
// go to the topmost that is open, and what lies under a modal one neither answers nor has the caret. When the
// topmost closes, the one beneath has them again, with its text and caret as they were.
#pragma once

#include <cstdint>

#include "web/store/state.hpp"

namespace dits::web {

enum class Part : std::uint8_t {
  page,
  field,   // a field of the page has the caret
  editor,  // of a title, text or comment
  form,    // a new issue; modal, as all above but the menu and the drag
  menu,    // choices at the caret of a text, beside which it stays open
  dialog,
  palette,
  picker,
  drag
};

bool is_open(const State& state, Part part);
// The one that has the keys.
Part top_part(const State& state);
// Does something modal lie over the part?
bool is_covered(const State& state, Part part);

}  // namespace dits::web
