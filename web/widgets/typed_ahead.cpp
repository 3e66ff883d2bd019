#include "web/widgets/typed_ahead.hpp"

#include "imgui_internal.h"

namespace dits::widgets {

namespace {

// Two until a field has the caret; when none has it by then, the letters were for nobody.
constexpr int frames_until_ready = 4;

int frames_left = 0;

ImGuiInputEvent letter(ImWchar character) {
  ImGuiInputEvent event;
  event.Type = ImGuiInputEventType_Text;
  event.Source = ImGuiInputSource_Keyboard;
  event.EventId = ImGui::GetCurrentContext()->InputEventsNextEventId++;
  event.Text.Char = character;
  return event;
}

}  // namespace

void begin_typed_ahead() { frames_left = frames_until_ready + 1; }

bool keep_typed_ahead() {
  if (frames_left == 0) return false;
  const bool is_frame_of_tab = frames_left-- == frames_until_ready + 1;
  ImGuiContext& context = *ImGui::GetCurrentContext();
  // In the frame in which it gets the caret, a field passes letters over.
  const bool is_ready = context.ActiveId != 0 && !context.ActiveIdIsJustActivated;
  if (is_ready) frames_left = 0;
  const ImVector<ImWchar>& letters = context.IO.InputQueueCharacters;
  if (is_ready || is_frame_of_tab || letters.empty()) return false;
  for (int at = 0; at < letters.Size; ++at)
    context.InputEventsQueue.insert(context.InputEventsQueue.begin() + at, letter(letters[at]));
  // Keys that come after them wait for them, as they do in a field.
  context.WantTextInputNextFrame = 1;
  return true;
}

}  // namespace dits::widgets
