#include "web/ui/titles.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "shared/markdown/title.hpp"
#include "web/widgets/text_runs.hpp"

namespace dits::web {

using namespace widgets;

namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

// Words or code on one line.
struct Part {
  std::string_view text;
  bool is_code = false;
};

// A title as it is read.
struct Shown {
  std::string source;
  std::vector<Part> parts;
  std::string words;  // of all parts
  // Drawn as any text is: it has no code, or goes from right to left, which parts beside each other would
  // not.
  bool is_plain = true;
};

// Most titles hold neither code nor emoji, and are not looked at more closely.
bool may_have_signs(std::string_view title) { return title.find_first_of("`:") != std::string_view::npos; }

// Of the title that was asked for last: each is measured, and drawn right after that.
const Shown& shown(std::string_view title) {
  static Shown last;
  if (last.source == title) return last;
  last = {};
  last.source = title;
  for (const markdown::TitlePiece& piece : markdown::title_pieces(last.source)) {
    last.parts.push_back({piece.text, piece.is_code});
    last.words += piece.text;
    if (piece.is_code) last.is_plain = false;
  }
  last.is_plain = last.is_plain || begins_right_to_left(last.words);
  return last;
}

theme::TextStyle style_of(const Part& part, theme::TextStyle style) {
  return part.is_code ? code_in_title(style) : style;
}

float width_of(const Part& part, theme::TextStyle style) {
  return text_width(part.text, style_of(part, style)) + (part.is_code ? 2 * title_code_pad : 0);
}

float width_of(const std::vector<Part>& parts, theme::TextStyle style) {
  float width = 0;
  for (const Part& part : parts) width += width_of(part, style);
  return width;
}

// On one line in `r`, with an ellipsis where there is no room for all; then true.
bool draw_parts(Rect r, const std::vector<Part>& parts, theme::TextStyle style, ImU32 color) {
  const bool is_cut = width_of(parts, style) > r.w + 0.5f;
  const float behind = is_cut ? text_width(ellipsis, style) : 0;
  float x = r.x;
  for (const Part& part : parts) {
    const float pad = part.is_code ? title_code_pad : 0;
    const float width = width_of(part, style);
    const float room = std::max(0.0f, r.right() - x);
    const bool is_last = is_cut && width + behind > room;
    if (part.is_code) fill({x, r.center_y() - 9, std::min(width, room), 18}, theme::colors().bg_sunken, 4);
    if (is_last) {
      const Rect place{x + pad, r.y, room - 2 * pad, r.h};
      draw_text_in(place, std::string(part.text) + std::string(ellipsis), style_of(part, style), color);
      return true;
    }
    draw_text(x + pad, r.center_y(), part.text, style_of(part, style), color);
    x += width;
  }
  return is_cut;
}

std::vector<RichSpan> rich_spans(const Shown& title, theme::TextStyle style, ImU32 color) {
  std::vector<RichSpan> spans;
  for (const Part& part : title.parts) {
    RichSpan& span = spans.emplace_back();
    span.text = part.text;
    span.style = style_of(part, style);
    span.color = color;
    if (part.is_code) span.background = theme::colors().bg_sunken;
  }
  return spans;
}

float limited(float height, theme::TextStyle style, int max_lines) {
  return max_lines > 0 ? std::min(height, style.line_height * static_cast<float>(max_lines)) : height;
}

// Lines of which the last one allowed ends in an ellipsis when more follows.
void draw_lines(Rect place, const Shown& title, theme::TextStyle style, ImU32 color, int max_lines) {
  std::vector<RichSpan> spans = rich_spans(title, style, color);
  std::vector<RichBreak> breaks;
  const float height = rich_text_height(place.w, style.line_height, spans, 0, breaks);
  if (limited(height, style, max_lines) < height) {
    const float last = style.line_height * static_cast<float>(max_lines - 1);
    const auto found = std::find_if(
        breaks.begin(), breaks.end(), [&](const RichBreak& each) { return std::abs(each.y - last) < 1; });
    // None: there goes on a word of code that is longer than a line.
    const RichBreak at = found != breaks.end() ? *found : RichBreak{};
    if (found != breaks.end() || max_lines == 1) {
      std::vector<Part> rest;
      for (std::size_t i = at.span; i < title.parts.size(); ++i) rest.push_back(title.parts[i]);
      rest.front().text.remove_prefix(at.byte);
      draw_parts({place.x, place.y + last, place.w, style.line_height}, rest, style, color);
      spans.resize(at.span + 1);
      spans.back().text = title.parts[at.span].text.substr(0, at.byte);
    }
  }
  rich_text("title", place.x, place.y, place.w, style.line_height, spans);
}

}  // namespace

theme::TextStyle code_in_title(theme::TextStyle style) {
  style.face = theme::Face::mono;
  style.size -= 1;
  return style;
}

std::string title_words(std::string_view title) {
  return may_have_signs(title) ? shown(title).words : std::string(title);
}

float title_width(std::string_view title, theme::TextStyle style) {
  if (!may_have_signs(title)) return text_width(title, style);
  const Shown& known = shown(title);
  return known.is_plain ? text_width(known.words, style) : width_of(known.parts, style);
}

void title_line(Rect r, std::string_view title, theme::TextStyle style, ImU32 color) {
  if (!may_have_signs(title)) return text_line(r, title, style, color);
  const Shown& known = shown(title);
  if (known.is_plain) return text_line(r, known.words, style, color);
  if (r.w <= 0 || !draw_parts(r, known.parts, style, color)) return;
  ItemState whole;
  whole.id = id_of(title);
  whole.hovered = is_hovered(r);
  tooltip(whole, r, known.words);
}

float draw_title(Rect place, std::string_view title, theme::TextStyle style, ImU32 color, int max_lines) {
  if (!may_have_signs(title)) return draw_wrapped(place.x, place.y, place.w, title, style, color, max_lines);
  const Shown& known = shown(title);
  if (known.is_plain) return draw_wrapped(place.x, place.y, place.w, known.words, style, color, max_lines);
  const float height = title_height(place.w, title, style, max_lines);
  const ClipScope clip({place.x - title_code_pad, place.y, place.w + 2 * title_code_pad, height});
  draw_lines(place, known, style, color, max_lines);
  return height;
}

float title_height(float width, std::string_view title, theme::TextStyle style, int max_lines) {
  if (!may_have_signs(title)) return wrapped_height(width, title, style, max_lines);
  const Shown& known = shown(title);
  if (known.is_plain) return wrapped_height(width, known.words, style, max_lines);
  return limited(rich_text_height(width, style.line_height, rich_spans(known, style, 0)), style, max_lines);
}

}  // namespace dits::web
