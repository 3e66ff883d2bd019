// Breaks spans into words and lays the words into lines.
#include "web/widgets/rich_text.hpp"

#include <cmath>
#include <utility>

#include "imgui_internal.h"

namespace dits::widgets {

namespace {

constexpr float code_pad = 4;

struct Pen {
  float x = 0;
  float y = 0;
  float left = 0;
  float width = 0;
  float line_height = 0;
  bool draws = false;
  float clip_top = 0;  // of what is drawn
  float clip_bottom = 0;
  bool is_at_start = true;

  void new_line() {
    x = left;
    y += line_height;
    is_at_start = true;
  }
  bool is_seen() const { return draws && y + line_height >= clip_top && y <= clip_bottom; }
};

// Takes note of beginnings of lines.
struct BreakNotes {
  std::size_t distance = 0;
  std::vector<RichBreak>* breaks = nullptr;
  std::size_t bytes = 0;  // since the last one

  void at_line(const Pen& pen, std::size_t span, std::size_t byte) {
    if (breaks == nullptr || bytes < distance) return;
    breaks->push_back({span, byte, pen.y});
    bytes = 0;
  }
};

// The next piece of `text`: a newline, a run of spaces, or a word. Between CJK characters a line may break
// anywhere.
std::string_view take_piece(std::string_view& text) {
  std::size_t end = 1;
  if (text[0] == '\n') {
    end = 1;
  } else if (text[0] == ' ') {
    while (end < text.size() && text[end] == ' ') ++end;
  } else {
    const auto is_wide_lead = [](char c) {
      const auto lead = static_cast<unsigned char>(c);
      return lead >= 0xE3 && lead <= 0xED;
    };
    if (is_wide_lead(text[0])) {
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) ++end;
    } else {
      while (end < text.size() && text[end] != ' ' && text[end] != '\n' && !is_wide_lead(text[end])) ++end;
    }
  }
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end);
  return piece;
}

// How much of `text` stands on the pen's line: to its end, or to the last word before the line is full.
float width_on_line(const Pen& pen, std::string_view text, theme::TextStyle style) {
  float width = 0;
  float to_word = 0;
  while (!text.empty() && text[0] != '\n') {
    const std::string_view piece = take_piece(text);
    const float with_piece = width + text_width(piece, style);
    if (piece[0] != ' ') {
      if (to_word > 0 && pen.x + with_piece > pen.left + pen.width) return to_word;
      to_word = with_piece;
    }
    width = with_piece;
  }
  return width;
}

// The ground of inline code, once for all words of it on a line: the next word's would cover the one before.
void draw_ground(const Pen& pen, float width, const RichSpan& span) {
  if (!pen.is_seen() || !span.background) return;
  fill({pen.x - code_pad, pen.y + pen.line_height / 2 - 9, width + 2 * code_pad, 18}, span.background, 4);
}

struct LinkPress {
  std::string_view pressed = {};
};

void draw_piece(const Pen& pen,
                std::string_view piece,
                float width,
                const RichSpan& span,
                std::size_t number,
                LinkPress& press) {
  const float middle_y = pen.y + pen.line_height / 2;
  ImU32 color = span.color ? span.color : theme::colors().text_primary;
  if (!span.link.empty()) {
    const Rect r{pen.x, pen.y, width, pen.line_height};
    const ItemState state = hit(id_of(number + 1), r, item_no_tab_stop);
    color = theme::colors().accent_text;
    if (state.hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      horizontal_line(pen.x, middle_y + 8, width, color);
    }
    if (state.clicked) press.pressed = span.link;
  }
  draw_text(pen.x, middle_y, piece, span.style, color);
  if (span.is_struck) horizontal_line(pen.x, middle_y, width, color);
}

// A word longer than a line is broken where the line is full.
void place_long_word(Pen& pen,
                     std::string_view piece,
                     const RichSpan& span,
                     std::size_t number,
                     LinkPress& press,
                     BreakNotes& notes,
                     std::size_t span_index) {
  while (!piece.empty()) {
    const char* rest = nullptr;
    theme::font(span.style.face)
        ->CalcTextSizeA(span.style.size, pen.width, 0, piece.data(), piece.data() + piece.size(), &rest);
    auto length = static_cast<std::size_t>(rest - piece.data());
    if (length == 0) length = 1;
    while (length < piece.size() && (static_cast<unsigned char>(piece[length]) & 0xC0u) == 0x80u) ++length;
    const std::string_view part = piece.substr(0, length);
    const float width = text_width(part, span.style);
    draw_ground(pen, width, span);
    if (pen.is_seen()) draw_piece(pen, part, width, span, number, press);
    piece.remove_prefix(length);
    pen.x += width;
    pen.is_at_start = false;
    if (piece.empty()) break;
    pen.new_line();
    notes.bytes += length;
    // Not within code: there its ground would begin anew.
    const auto byte = static_cast<std::size_t>(piece.data() - span.text.view().data());
    if (!span.background) notes.at_line(pen, span_index, byte);
  }
}

LinkPress lay_out(Pen& pen, std::span<const RichSpan> spans, BreakNotes notes = {}) {
  LinkPress press;
  std::size_t number = 0;
  for (std::size_t index = 0; index < spans.size(); ++index) {
    const RichSpan& span = spans[index];
    std::string_view text = span.text;
    const char* begin = text.data();
    if (span.background && !pen.is_at_start) pen.x += code_pad;
    bool needs_ground = true;
    while (!text.empty()) {
      const std::string_view rest = text;
      const std::string_view piece = take_piece(text);
      ++number;
      notes.bytes += piece.size();
      if (piece[0] == '\n') {
        pen.new_line();
        notes.at_line(pen, index, static_cast<std::size_t>(text.data() - begin));
        needs_ground = true;
        continue;
      }
      const float width = text_width(piece, span.style);
      if (piece[0] == ' ') {
        if (!pen.is_at_start || span.background) {
          if (std::exchange(needs_ground, false))
            draw_ground(pen, width_on_line(pen, rest, span.style), span);
          if (pen.is_seen() && (span.background || !span.link.empty() || span.is_struck))
            draw_piece(pen, piece, width, span, number, press);
          pen.x += width;
        }
        continue;
      }
      if (!pen.is_at_start && pen.x + width > pen.left + pen.width) {
        pen.new_line();
        notes.at_line(pen, index, static_cast<std::size_t>(rest.data() - begin));
        needs_ground = true;
      }
      if (width > pen.width) {
        place_long_word(pen, piece, span, number, press, notes, index);
        needs_ground = true;
        continue;
      }
      if (span.background && pen.is_at_start) pen.x += code_pad;
      if (std::exchange(needs_ground, false)) draw_ground(pen, width_on_line(pen, rest, span.style), span);
      if (pen.is_seen()) draw_piece(pen, piece, width, span, number, press);
      pen.x += width;
      pen.is_at_start = false;
    }
    if (span.background) pen.x += code_pad;
  }
  return press;
}

}  // namespace

RichLayout rich_text(
    std::string_view id, float x, float y, float width, float line_height, std::span<const RichSpan> spans) {
  const IdScope ids(id);
  const ImDrawList& list = canvas();
  Pen pen{x, y, x, width, line_height, true, list.GetClipRectMin().y, list.GetClipRectMax().y};
  const LinkPress press = lay_out(pen, spans);
  return {pen.y + line_height - y, std::string(press.pressed)};
}

float rich_text_height(float width, float line_height, std::span<const RichSpan> spans) {
  Pen pen{.width = width, .line_height = line_height};
  lay_out(pen, spans);
  return pen.y + line_height;
}

float rich_text_height(float width,
                       float line_height,
                       std::span<const RichSpan> spans,
                       std::size_t distance,
                       std::vector<RichBreak>& breaks) {
  Pen pen{.width = width, .line_height = line_height};
  lay_out(pen, spans, {.distance = distance, .breaks = &breaks});
  return pen.y + line_height;
}

}  // namespace dits::widgets
