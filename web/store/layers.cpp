#include "web/store/layers.hpp"

namespace dits::web {

namespace {

constexpr auto modal_parts = {Part::picker, Part::palette, Part::dialog, Part::form};

}  // namespace

bool is_open(const State& state, Part part) {
  switch (part) {
    case Part::page:
      return true;
    case Part::field:
      return state.is_typing;
    case Part::editor:
      return state.editor.kind != EditorKind::none;
    case Part::form:
      return state.quick_create.is_open;
    case Part::menu:
      return state.caret_menu.sign != 0;
    case Part::dialog:
      return state.dialog.kind != DialogKind::none;
    case Part::palette:
      return state.palette.is_open;
    case Part::picker:
      return state.picker.kind != PickerKind::none;
    case Part::drag:
      return !state.drag.issues.empty();
  }
  return false;
}

Part top_part(const State& state) {
  for (auto at = static_cast<int>(Part::drag); at > 0; --at) {
    if (is_open(state, static_cast<Part>(at))) return static_cast<Part>(at);
  }
  return Part::page;
}

bool is_covered(const State& state, Part part) {
  for (const Part modal : modal_parts) {
    if (modal > part && is_open(state, modal)) return true;
  }
  return false;
}

}  // namespace dits::web
