#include "web/ui/titles.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "shared/markdown/title.hpp"

namespace dits::web {

using namespace widgets;

namespace {

constexpr float code_pad = 4;

// Most titles hold neither code nor emoji, and are not looked at more closely.
bool is_plain(std::string_view title) { return title.find_first_of("`:") == std::string_view::npos; }

std::vector<RichSpan> spans_of(std::string_view title, theme::TextStyle style, ImU32 color) {
  std::vector<RichSpan> spans;
  for (markdown::Span& span : markdown::title_spans(title)) {
    RichSpan& rich = spans.emplace_back();
    rich.text = std::move(span.text);
    rich.style = style;
    rich.color = color;
    if (!span.is_code) continue;
    rich.style.face = theme::Face::mono;
    rich.style.size = style.size - 1;
    rich.background = theme::colors().bg_sunken;
  }
  return spans;
}

float width_of(const RichSpan& span) {
  return text_width(span.text, span.style) + (span.background ? 2 * code_pad : 0);
}

float height_of(const std::vector<RichSpan>& spans, float width, theme::TextStyle style, int max_lines) {
  const float height = rich_text_height(width, style.line_height, spans);
  return max_lines > 0 ? std::min(height, style.line_height * static_cast<float>(max_lines)) : height;
}

}  // namespace

float title_width(std::string_view title, theme::TextStyle style) {
  if (is_plain(title)) return text_width(title, style);
  float width = 0;
  for (const RichSpan& span : spans_of(title, style, 0)) width += width_of(span);
  return width;
}

void title_line(Rect r, std::string_view title, theme::TextStyle style, ImU32 color) {
  if (is_plain(title)) return text_line(r, title, style, color);
  float x = r.x;
  for (const RichSpan& span : spans_of(title, style, color)) {
    const float pad = span.background ? code_pad : 0;
    const float room = std::max(0.0f, r.right() - x);
    const Rect place{x + pad, r.y, std::min(width_of(span) - 2 * pad + 1, room - pad), r.h};
    if (span.background) fill({x, r.center_y() - 9, std::min(width_of(span), room), 18}, span.background, 4);
    const bool is_cut = room <= pad || draw_text_in(place, span.text, span.style, color);
    x += width_of(span);
    if (!is_cut) continue;
    ItemState whole;
    whole.id = id_of(title);
    whole.hovered = is_hovered(r);
    return tooltip(whole, r, title);
  }
}

float draw_title(Rect place, std::string_view title, theme::TextStyle style, ImU32 color, int max_lines) {
  if (is_plain(title)) return draw_wrapped(place.x, place.y, place.w, title, style, color, max_lines);
  const std::vector<RichSpan> spans = spans_of(title, style, color);
  const float height = height_of(spans, place.w, style, max_lines);
  const ClipScope clip({place.x - code_pad, place.y, place.w + 2 * code_pad, height});
  rich_text("title", place.x, place.y, place.w, style.line_height, spans);
  return height;
}

float title_height(float width, std::string_view title, theme::TextStyle style, int max_lines) {
  if (is_plain(title)) return wrapped_height(width, title, style, max_lines);
  return height_of(spans_of(title, style, 0), width, style, max_lines);
}

}  // namespace dits::web
