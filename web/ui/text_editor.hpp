// Writing long text: a real text area in a frame, Write and Preview, Save and Cancel.
#pragma once

#include "web/ui/issue_parts.hpp"

namespace dits::web {

struct TextEditorOptions {
  HeldText name;
  HeldText placeholder;
  HeldText save;  // the button's word
  float min_height = 120;
};

// Edits State::editor.
void text_editor(const State& state, Outbox& out, Flow& flow, const TextEditorOptions& options);

}  // namespace dits::web
