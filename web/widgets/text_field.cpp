// ImGui's InputText does the editing; the frame, the placeholder and the colours are ours.
#include "web/widgets/text_field.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "imgui_internal.h"
#include "misc/cpp/imgui_stdlib.h"
#include "web/theme/icons.hpp"

namespace dits::widgets {

namespace {

ImGuiID wanted_field = 0;
ImGuiID caret_field = 0;
int caret_byte = 0;
ImGuiID known_field = 0;  // the one with the caret, and the text that it holds
std::string known_text;

void draw_frame(Rect r, const TextFieldOptions& options, bool is_focused) {
  const theme::Palette& c = theme::colors();
  if (options.is_bare) return;
  fill(r, c.bg_raised, 6);
  if (is_focused) {
    outline(inset(r, -1), c.focus_ring, 7, 2);
    return;
  }
  ImU32 line = options.line ? options.line : c.border_strong;
  if (!options.error.empty()) line = c.signal_danger;
  outline(r, line, 6);
}

// The same text again in colours, over the invisible one that ImGui drew.
void draw_spans(float x, float center_y, std::string_view text, const TextFieldOptions& options) {
  std::size_t at = 0;
  const auto draw = [&](std::size_t end, ImU32 color) {
    if (end > at) x += draw_text(x, center_y, text.substr(at, end - at), options.style, color);
    at = std::max(at, end);
  };
  for (const ColoredSpan& span : options.spans) {
    if (span.begin < at || span.end > text.size()) continue;
    draw(span.begin, theme::colors().text_primary);
    const float left = x;
    if (span.background) {
      const float width = text_width(text.substr(span.begin, span.end - span.begin), options.style);
      fill({x - 2, center_y - 9, width + 4, 18}, span.background, 3);
    }
    draw(span.end, span.color);
    if (span.is_wrong) {
      for (float dot = left; dot < x - 1; dot += 4)
        fill({dot, center_y + 8, 2, 2}, theme::colors().syn_error);
    }
  }
  draw(text.size(), theme::colors().text_primary);
}

std::string label_of(std::string_view name) { return "##" + std::string(name); }

Rect inner_rect(Rect r, const TextFieldOptions& options) {
  Rect inner = options.is_bare ? r : inset(r, options.pad, 0);
  if (options.icon) {
    draw_icon(inner.x + 7, r.center_y(), options.icon, 14, theme::colors().text_tertiary);
    inner.x += 22;
    inner.w -= 22;
  }
  inner.w = std::max(8.0f, inner.w - options.room_right);
  return inner;
}

// Whether the caret shall come in now: the caller, Tab or a reader wants it.
bool begins_editing(ImGuiID id, Rect r, const TextFieldOptions& options, bool was_active) {
  if (options.is_disabled) return false;
  add_tab_stop(id, r);
  const bool has_appeared = appeared(id);
  const bool is_asked = a11y::take_click(id) || a11y::take_focus(id) || wanted_field == id;
  if (wanted_field == id) wanted_field = 0;
  if (was_active) return false;
  if ((has_appeared && options.takes_focus) || is_asked) {
    set_focus(id, false);
    return true;
  }
  return has_focus(id);
}

// Text that the caller changed (a completion, a filter that was used) goes into the field that is being typed
// in. The caret goes where the caller has placed it, else to the end.
void follow_outside_change(ImGuiID id, const std::string& text, bool was_active) {
  if (caret_field != id && was_active && known_field == id && known_text != text)
    place_caret(id, static_cast<int>(text.size()));
  if (caret_field != id) return;
  ImGuiInputTextState* state = ImGui::GetInputTextState(id);
  if (!was_active || !state) {
    caret_field = 0;
    return;
  }
  if (text == std::string_view(state->TextA.Data, static_cast<std::size_t>(state->TextLen)))
    return;  // not here yet
  state->WantReloadUserBuf = true;
  state->ReloadSelectionStart = state->ReloadSelectionEnd = caret_byte;
  caret_field = 0;
}

// Bytes behind the caret, or behind what is selected: what is typed leaves them as they are.
int bytes_behind(const ImGuiInputTextState& state) {
  return state.TextLen - std::max({state.GetCursorPos(), state.GetSelectionStart(), state.GetSelectionEnd()});
}

// At Enter ImGui selects all of a text whose field stays active. The caret goes back to where it was.
void put_caret_back(ImGuiInputTextState& state, int behind) {
  const bool is_all_selected =
      state.TextLen > 0 && state.GetSelectionStart() == 0 && state.GetSelectionEnd() == state.TextLen;
  if (!is_all_selected) return;
  state.ClearSelection();
  state.WantReloadUserBuf = true;
  state.ReloadSelectionStart = state.ReloadSelectionEnd = std::max(0, state.TextLen - behind);
  wake_within(0);
}

void tell_mirror(
    ImGuiID id, Rect r, std::string_view text, const TextFieldOptions& options, bool is_focused) {
  a11y::Node node;
  node.role = options.role;
  node.name = options.name;
  node.placeholder = options.placeholder;
  node.description = options.error;
  node.invalid = !options.error.empty();
  node.secret = options.is_secret;
  node.disabled = options.is_disabled;
  node.focused = is_focused;
  if (!options.is_secret) node.value = text;
  if (options.role == Aria::combobox) {
    node.expanded = options.is_expanded ? Tri::yes : Tri::no;
    node.controls = options.controls;
    node.active_descendant = options.active_descendant;
  }
  mirror(id, r, node);
}

void push_style(const TextFieldOptions& options, float padding_y) {
  const theme::Palette& c = theme::colors();
  const auto color = [](ImU32 value) { return ImGui::ColorConvertU32ToFloat4(value); };
  const bool is_colored = !options.spans.empty();
  ImGui::PushStyleColor(ImGuiCol_FrameBg, ImVec4(0, 0, 0, 0));
  ImGui::PushStyleColor(ImGuiCol_FrameBgHovered, ImVec4(0, 0, 0, 0));
  ImGui::PushStyleColor(ImGuiCol_FrameBgActive, ImVec4(0, 0, 0, 0));
  ImGui::PushStyleColor(ImGuiCol_NavCursor, ImVec4(0, 0, 0, 0));
  ImGui::PushStyleColor(ImGuiCol_Text, is_colored ? ImVec4(0, 0, 0, 0) : color(c.text_primary));
  ImGui::PushStyleColor(ImGuiCol_TextDisabled, color(c.text_tertiary));
  ImGui::PushStyleColor(ImGuiCol_InputTextCursor, color(c.accent_base));
  ImGui::PushStyleColor(ImGuiCol_TextSelectedBg, color(theme::with_alpha(c.focus_ring, 0.28f)));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, padding_y));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0.0f);
  ImGui::PushFont(theme::font(options.style.face), options.style.size);
}

void pop_style() {
  ImGui::PopFont();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor(8);
}

}  // namespace

void place_caret(ImGuiID id, int byte) {
  caret_field = id;
  caret_byte = byte;
}
void leave_text_field() {
  ImGui::ClearActiveID();
  clear_focus();
}
void focus_text_field(ImGuiID id) { wanted_field = id; }

ImGuiID text_field_id(std::string_view name) { return ImGui::GetID(label_of(name).c_str()); }

TextFieldEvents text_field(std::string_view id_text,
                           Rect r,
                           std::string& text,
                           const TextFieldOptions& options) {
  TextFieldEvents events;
  const std::string label = label_of(id_text);
  const ImGuiID id = ImGui::GetID(label.c_str());
  ImGuiContext& context = *ImGui::GetCurrentContext();
  const bool was_active = context.ActiveId == id;
  if (a11y::take_value(id, text)) {
    events.changed = true;
    if (ImGuiInputTextState* state = ImGui::GetInputTextState(id); state && was_active)
      state->ReloadUserBufAndMoveToEnd();
  }
  follow_outside_change(id, text, was_active);
  const bool is_wanted = begins_editing(id, r, options, was_active);

  draw_frame(r, options, was_active || is_wanted);
  const Rect inner = inner_rect(r, options);
  ImFont* font = theme::font(options.style.face);
  const float padding_y = std::max(0.0f, std::floor((r.h - options.style.size) / 2));
  const float baseline = std::round(r.center_y() + options.style.size * 0.364f);
  ImGui::SetCursorScreenPos({inner.x, baseline - font->GetFontBaked(options.style.size)->Ascent - padding_y});
  push_style(options, padding_y);
  ImGui::SetNextItemWidth(inner.w);
  ImGuiInputTextFlags flags = options.is_secret ? ImGuiInputTextFlags_Password : 0;
  if (options.selects_all) flags |= ImGuiInputTextFlags_AutoSelectAll;
  if (options.is_disabled) flags |= ImGuiInputTextFlags_ReadOnly;
  if (is_wanted) {
    context.NavActivateId = id;
    context.NavActivateFlags = ImGuiActivateFlags_PreferInput | ImGuiActivateFlags_TryToPreserveState;
  }
  const std::string before = text;
  const ImGuiInputTextState* state_before = was_active ? ImGui::GetInputTextState(id) : nullptr;
  const int behind = state_before != nullptr ? bytes_behind(*state_before) : 0;
  const bool is_escape = was_active && ImGui::IsKeyPressed(ImGuiKey_Escape);
  events.submitted =
      was_active && (ImGui::IsKeyPressed(ImGuiKey_Enter) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter));
  ImGui::GetIO().ConfigInputTextEnterKeepActive = options.keeps_caret;
  const bool is_paste = was_active && ImGui::IsKeyChordPressed(ImGuiMod_Ctrl | ImGuiKey_V);
  events.changed |= ImGui::InputText(label.c_str(), &text, flags);
  if (is_paste && events.changed) {
    const char* pasted = ImGui::GetClipboardText();
    if (pasted != nullptr && std::strchr(pasted, '\n') != nullptr) events.pasted = pasted;
  }
  if (is_escape) {  // ImGui would put back what was there before the typing
    text = before;
    events.changed = false;
  }
  if (is_wanted) context.NavActivateId = 0;
  pop_style();

  ImGuiInputTextState* state = ImGui::GetInputTextState(id);
  events.focused = context.ActiveId == id;
  if (events.submitted && events.focused && state) put_caret_back(*state, behind);
  events.blurred = was_active && !events.focused;
  if (events.focused) {
    set_focus(id, false);
    known_field = id;
    known_text = text;
  }
  if (events.blurred && has_focus(id)) clear_focus();
  if (is_wanted && state && !options.selects_all) state->ReloadUserBufAndMoveToEnd();
  const float scroll = events.focused && state ? state->Scroll.x : 0;
  if (events.focused && state) {
    events.caret = std::min(state->GetCursorPos(), static_cast<int>(text.size()));
    events.caret_x =
        inner.x - scroll +
        text_width(std::string_view(text).substr(0, static_cast<std::size_t>(events.caret)), options.style);
  }
  const ClipScope clip(inner);
  if (text.empty()) draw_text_in(inner, options.placeholder, options.style, theme::colors().text_tertiary);
  if (!options.spans.empty() && !text.empty()) draw_spans(inner.x - scroll, r.center_y(), text, options);
  tell_mirror(id, r, text, options, events.focused);
  return events;
}

void field_error(float x, float y, float width, std::string_view sentence) {
  const theme::Palette& c = theme::colors();
  draw_icon(x + 7, y + 10, icons::circle_alert, 13, c.signal_danger);
  text_line({x + 20, y, width - 20, 20}, sentence, theme::small, c.signal_danger);
}

}  // namespace dits::widgets
