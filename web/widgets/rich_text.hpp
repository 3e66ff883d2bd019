// Running text in several styles, wrapped at words: what markdown and the history are drawn with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/platform/held_text.hpp"
#include "web/widgets/item.hpp"

namespace dits::widgets {

struct RichSpan {
  HeldText text;
  theme::TextStyle style = theme::prose;
  ImU32 color = 0;       // 0: text/primary
  ImU32 background = 0;  // inline code
  bool is_struck = false;
  float rise = 0;         // above the others' middle
  HeldText link = {};     // address; drawn in the accent colour and clickable
  bool has_card = false;  // the caller tells more of what the link leads to than its address
};

// What readers are told of a text: its links, which can be followed, and with `parts` code and the words
// between them too, for one that has no name as a whole.
enum class Reading : std::uint8_t { links, parts };

struct RichLayout {
  float height = 0;
  std::string pressed_link = {};
  bool opens_tab = false;  // pressed with the middle button, Ctrl, Cmd or Shift
  // Of a link that has a card, while the mouse or the keyboard rests on it: its address and where it stands.
  std::string pointed_link = {};
  Rect pointed_place = {};
};

// Draws the spans from (x, y), lines `line_height` apart, at most `width` wide. A newline in a span breaks
// the line. Lines outside of the clip rectangle are passed over. Tab stops at each link, however many spans
// and lines it has.
RichLayout rich_text(std::string_view id,
                     float x,
                     float y,
                     float width,
                     float line_height,
                     std::span<const RichSpan> spans,
                     Reading reading = Reading::links);
// Only measures.
float rich_text_height(float width, float line_height, std::span<const RichSpan> spans);

// The beginning of a line, from where the rest may be drawn on its own.
struct RichBreak {
  std::size_t span = 0;
  std::size_t byte = 0;  // of the span's text
  float y = 0;           // below the top of the whole
};
// Also tells beginnings of lines, about `distance` bytes apart: so that of a long text only what is seen need
// be laid out.
float rich_text_height(float width,
                       float line_height,
                       std::span<const RichSpan> spans,
                       std::size_t distance,
                       std::vector<RichBreak>& breaks);

}  // namespace dits::widgets
