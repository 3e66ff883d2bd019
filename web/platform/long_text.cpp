// What each text area is known to hold, so that a change by the caller and one by the user are told apart.
#include "web/platform/long_text.hpp"

#include <iterator>
#include <unordered_map>
#include <utility>

#include "imgui_internal.h"
#include "web/platform/long_text_frame.hpp"

namespace dits {

namespace {

struct Known {
  std::string text;  // what the area holds, or will when it has seen the revision
  int revision = 0;
  LongTextEvents events;
  bool called = true;
};

std::unordered_map<ImGuiID, Known>& known_areas() {
  static std::unordered_map<ImGuiID, Known> areas;
  return areas;
}

}  // namespace

void begin_long_text_frame() {
  long_text_areas().clear();
  for (auto entry = known_areas().begin(); entry != known_areas().end();) {
    const bool was_called = std::exchange(entry->second.called, false);
    entry = was_called ? std::next(entry) : known_areas().erase(entry);
  }
}

std::vector<LongTextArea>& long_text_areas() {
  static std::vector<LongTextArea> areas;
  return areas;
}

void push_long_text_change(ImGuiID id, std::string text, int caret) {
  const auto found = known_areas().find(id);
  if (found == known_areas().end()) return;
  found->second.text = std::move(text);
  found->second.events.changed = found->second.events.caret_moved = true;
  found->second.events.caret = caret;
}

void push_long_text_caret(ImGuiID id, int caret) {
  const auto found = known_areas().find(id);
  if (found == known_areas().end() || found->second.events.caret == caret) return;
  found->second.events.caret_moved = true;
  found->second.events.caret = caret;
}

void push_long_text_focus(ImGuiID id, bool focused) {
  const auto found = known_areas().find(id);
  if (found == known_areas().end()) return;
  found->second.events.blurred = found->second.events.focused && !focused;
  found->second.events.focused = focused;
}

void push_long_text_height(ImGuiID id, float content_height) {
  const auto found = known_areas().find(id);
  if (found != known_areas().end()) found->second.events.content_height = content_height;
}

void cover_long_texts(ImVec2 min, ImVec2 max) {
  const ImRect hole(min, max);
  for (LongTextArea& area : long_text_areas()) {
    if (hole.Overlaps(ImRect(area.min, area.max))) area.holes.push_back(hole);
  }
}

LongTextEvents long_text(
    ImGuiID id, ImVec2 min, ImVec2 max, std::string& text, const LongTextOptions& options) {
  const auto [entry, is_new] = known_areas().try_emplace(id);
  Known& known = entry->second;
  known.called = true;

  const LongTextEvents events = known.events;
  known.events.changed = known.events.blurred = known.events.caret_moved = false;
  if (events.changed) {
    text = known.text;
  } else if (is_new || text != known.text) {
    static int last_revision = 0;
    known.text = text;
    known.revision = ++last_revision;
  }

  const ImRect clip = ImGui::GetCurrentWindowRead()->ClipRect;
  long_text_areas().push_back({.id = id,
                               .min = min,
                               .max = max,
                               .clip_min = clip.Min,
                               .clip_max = clip.Max,
                               .name = std::string(options.name),
                               .placeholder = std::string(options.placeholder),
                               .mono = options.mono,
                               .take_focus = options.take_focus,
                               .drop_focus = options.drop_focus,
                               .single_line = options.single_line,
                               .read_only = options.read_only,
                               .markdown = options.markdown,
                               .covered = options.covered,
                               .font_px = options.font_px,
                               .line_height_px = options.line_height_px,
                               .padding = options.padding,
                               .text_color = options.text_color,
                               .placeholder_color = options.placeholder_color,
                               .caret_color = options.caret_color,
                               .selection_color = options.selection_color,
                               .text = text,
                               .revision = known.revision});
  return events;
}

}  // namespace dits
