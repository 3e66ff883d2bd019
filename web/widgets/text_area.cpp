// The platform's long text in the colours of the theme.
#include "web/widgets/text_area.hpp"

#include "web/platform/long_text.hpp"
#include "web/platform/touch.hpp"

namespace dits::widgets {

TextAreaEvents text_area(std::string_view id, Rect r, std::string& text, const TextAreaOptions& options) {
  const theme::Palette& c = theme::colors();
  if (!options.is_bare) fill(r, c.bg_raised, 6);
  LongTextOptions area;
  area.name = options.name;
  area.placeholder = options.placeholder;
  area.mono = options.is_mono;
  area.take_focus = options.takes_focus;
  area.single_line = options.is_single_line;
  area.hidden = options.is_covered;
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
  const LongTextEvents events = long_text(id_of(id), inner.min(), inner.max(), text, area);
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
          static_cast<std::size_t>(events.caret)};
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
