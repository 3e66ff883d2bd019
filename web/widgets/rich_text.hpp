// Running text in several styles, wrapped at words: what markdown and the history are drawn with.
#pragma once

#include <span>
#include <string_view>

#include "web/platform/held_text.hpp"
#include "web/widgets/item.hpp"

namespace dits::widgets {

struct RichSpan {
  HeldText text;
  theme::TextStyle style = theme::prose;
  ImU32 color = 0;       // 0: text/primary
  ImU32 background = 0;  // inline code
  bool is_struck = false;
  HeldText link = {};  // address; drawn in the accent colour and clickable
};

struct RichLayout {
  float height = 0;
  std::string_view pressed_link = {};
};

// Draws the spans from (x, y), lines `line_height` apart, at most `width` wide. A newline in a span breaks
// the line.
RichLayout rich_text(
    std::string_view id, float x, float y, float width, float line_height, std::span<const RichSpan> spans);
// Only measures.
float rich_text_height(float width, float line_height, std::span<const RichSpan> spans);

}  // namespace dits::widgets
