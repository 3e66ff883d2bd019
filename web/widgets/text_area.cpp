// The platform's long text in the colours of the theme.
#include "web/widgets/text_area.hpp"

#include "web/platform/long_text.hpp"
#include "web/platform/touch.hpp"

namespace dits::widgets {

namespace {

// The area that Tab or the app has chosen and that the caret is on its way to.
ImGuiID awaited_area = 0;
ImGuiID focused_area = 0;

bool wants_caret(ImGuiID id, bool has_caret) {
  if (!has_focus(id)) {
    if (awaited_area == id) awaited_area = 0;
    if (focused_area == id) focused_area = 0;
    return false;
  }
  if (focused_area != id) awaited_area = id;
  focused_area = id;
  if (has_caret) awaited_area = 0;
  return awaited_area == id;
}

}  // namespace

LongTextCaret caret_of_text_area(const TextAreaEvents& events) { return caret_of_long_text(events.id); }

TextAreaEvents text_area(std::string_view id, Rect r, std::string& text, const TextAreaOptions& options) {
  const theme::Palette& c = theme::colors();
  if (!options.is_bare) fill(r, c.bg_raised, 6);
  LongTextOptions area;
  area.name = options.name;
  area.placeholder = options.placeholder;
  area.mono = options.is_mono;
  area.single_line = options.is_single_line;
  area.markdown = options.is_markdown;
  area.covered = options.is_covered;
  area.font_px = options.style.size;
  area.line_height_px = options.style.line_height;
  if (options.is_bare) area.padding = {0, 0};
  area.drop_focus = options.drops_focus;
  area.text_color = options.shows_no_text ? theme::with_alpha(c.text_primary, 0) : c.text_primary;
  area.placeholder_color = c.text_tertiary;
  area.caret_color = c.accent_base;
  area.selection_color = theme::with_alpha(c.focus_ring, 0.28f);
  const float frame = options.is_bare ? 0.0f : 1.0f;
  const Rect inner = inset(r, frame);
  const ImGuiID own_id = id_of(id);
  static ImGuiID with_caret = 0;
  if (!options.is_covered) add_tab_stop(own_id, r);
  if (options.is_covered && focused_area == own_id) focused_area = 0;
  area.take_focus = !options.is_covered && (options.takes_focus || wants_caret(own_id, with_caret == own_id));
  const LongTextEvents events = long_text(own_id, inner.min(), inner.max(), text, area);
  if (events.focused && !options.is_covered) {
    with_caret = own_id;
    set_focus(own_id, false);
  } else if (with_caret == own_id) {
    with_caret = 0;
    // Tab goes on from here; what lies over it gives the caret back.
    if (has_focus(own_id) && !options.is_covered && !ImGui::IsKeyPressed(ImGuiKey_Tab)) clear_focus();
  }
  if (!options.is_bare) {
    if (events.focused) {
      outline(inset(r, -1), c.focus_ring, 7, 2);
    } else {
      outline(r, c.border_strong, 6);
    }
  }
  return {events.changed,
          events.focused,
          events.blurred,
          events.content_height > 0 ? events.content_height + 2 * frame : 0,
          static_cast<std::size_t>(events.caret),
          events.caret_moved,
          own_id};
}

Sweep sweep() {
  const Swipe& swipe_now = swipe();
  Sweep result;
  result.start = swipe_now.start;
  result.distance = swipe_now.distance;
  if (swipe_now.phase == Swipe::Phase::moving) result.phase = Sweep::Phase::moving;
  if (swipe_now.phase == Swipe::Phase::ended) result.phase = Sweep::Phase::ended;
  return result;
}

}  // namespace dits::widgets
