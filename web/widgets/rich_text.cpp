// Breaks spans into words and lays the words into lines.
#include "web/widgets/rich_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "imgui_internal.h"
#include "web/platform/touch.hpp"
#include "web/widgets/text_runs.hpp"

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
  // Whether anything from `margin` outside of the clip rectangle on may be seen.
  bool is_seen(float margin = 0) const {
    return draws && y + line_height >= clip_top - margin && y <= clip_bottom + margin;
  }
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

// Words that go from right to left stay together with what has no direction, since the next one stands left
// of them; in a text that goes that way, with those of the other direction, too.
std::size_t backwards_end(std::string_view text, std::size_t end, bool is_all_backwards) {
  if (is_all_backwards) return std::min(text.find('\n', end), text.size());
  while (end < text.size() && text[end] == ' ') {
    const std::size_t word = std::min(text.find_first_not_of(' ', end), text.size());
    const std::size_t word_end = std::min(text.find_first_of(" \n", word), text.size());
    const std::string_view next = text.substr(word, word_end - word);
    if (next.empty() || (has_letters(next) && !begins_right_to_left(next))) break;
    end = word_end;
  }
  return end;
}

// The next piece of `text`: a newline, a run of spaces, or a word. Between CJK characters a line may break
// anywhere.
std::string_view take_piece(std::string_view& text, bool is_backwards = false) {
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
      if (is_backwards || begins_right_to_left(text.substr(0, end)))
        end = backwards_end(text, end, is_backwards);
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

// Follow each other in one part: a link of several styles, code, or words without either.
bool are_one_part(const RichSpan& a, const RichSpan& b) {
  if (a.link.view() != b.link.view()) return false;
  return !a.link.empty() || (a.background == 0) == (b.background == 0);
}

Rect united(Rect a, Rect b) {
  const float x = std::min(a.x, b.x);
  const float y = std::min(a.y, b.y);
  return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

constexpr std::size_t longest_part = 2000;  // that is read out

// What readers are told as one.
struct Part {
  ItemState state;  // of a link: the keyboard's, and of its first piece the mouse's
  Rect place;  // of a link, whose other lines must not be in the way of what is beside it: its first line
  Rect line;   // what it takes of the line on which the pen is
  std::string name;
};

// Takes the spans word by word. What the pen does not see is measured only.
class LayOut {
 public:
  LayOut(Pen& pen, BreakNotes notes, Reading reading = Reading::links)
      : pen_(pen), notes_(notes), reading_(reading) {}

  // The link that was pressed.
  RichLayout run(std::span<const RichSpan> spans) {
    is_right_aligned_ = spans.size() == 1 && begins_right_to_left(spans[0].text);
    for (index_ = 0; index_ < spans.size(); ++index_) {
      const RichSpan& span = spans[index_];
      const bool is_first = index_ == 0 || !are_one_part(spans[index_ - 1], span);
      const bool is_last = index_ + 1 == spans.size() || !are_one_part(span, spans[index_ + 1]);
      if (is_first && pen_.draws) begin_part();
      place_span(span);
      if (is_last && pen_.draws) end_part(span);
    }
    layout_.pressed_link = pressed_;
    return std::move(layout_);
  }

 private:
  void begin_part() {
    part_ = {};
    part_.state.id = id_of(std::uint64_t{1} << 40u | ++part_count_);
  }

  void end_part(const RichSpan& span) {
    end_part_line();
    const bool is_link = !span.link.empty();
    const bool is_told =
        is_link || (reading_ == Reading::parts && part_.name.find_first_not_of(' ') != std::string::npos);
    if (!is_told || part_.place.w <= 0) return;
    a11y::Node node;
    node.role = is_link ? Aria::link : span.background ? Aria::code : Aria::text;
    node.name = std::move(part_.name);
    if (is_link) node.value = span.link;
    mirror(part_.state, part_.place, std::move(node));
  }

  void end_part_line() {
    if (part_.state.has_ring && part_.line.w > 0) focus_ring(part_.line, 2);
    part_.line = {};
  }

  // A piece of the part stands here, or so near that Tab may go there. Returns whether the mouse is over it.
  bool add_to_part(const RichSpan& span, Rect piece) {
    bool is_hovered = false;
    const bool is_first = part_.place.w <= 0;
    if (!span.link.empty()) {
      const ItemState state =
          is_first ? hit(part_.state.id, piece) : hit(id_of(number_ + 1), piece, item_no_tab_stop);
      if (is_first) part_.state = state;
      take_press(state, span.link);
      if (span.has_card) {
        point_at(state, piece, span.link);
      } else if (span.link.view() != span.text.view()) {
        tooltip(state, piece, span.link);
      }
      is_hovered = state.hovered;
    }
    if (part_.line.w > 0 && part_.line.y != piece.y) end_part_line();
    part_.line = part_.line.w > 0 ? united(part_.line, piece) : piece;
    if (is_first || span.link.empty() || piece.y == part_.place.y)
      part_.place = is_first ? piece : united(part_.place, piece);
    return is_hovered;
  }

  // Over a link's first line the browser sees these clicks itself, and takes them: there stands an element of
  // the mirror. Over its other lines nothing does.
  void take_press(const ItemState& state, std::string_view link) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool is_middle = state.hovered && ImGui::IsMouseReleased(ImGuiMouseButton_Middle);
    if (!state.clicked && !is_middle) return;
    pressed_ = link;
    layout_.opens_tab = is_middle || io.KeyCtrl || io.KeySuper || io.KeyShift;
  }

  void point_at(const ItemState& state, Rect piece, std::string_view link) {
    constexpr int rest_ms = 400;  // as for tooltips
    const bool is_pointed = (state.hovered && !state.held && !is_touch()) || state.has_ring;
    if (!is_pointed || !has_waited(state.id, rest_ms)) return;
    layout_.pointed_link = link;
    layout_.pointed_place = piece;
  }

  void place_span(const RichSpan& span) {
    std::string_view text = span.text;
    const bool is_told = pen_.draws && (reading_ == Reading::parts || !span.link.empty());
    if (is_told && part_.name.size() < longest_part)
      part_.name += text == "\n" ? std::string_view(" ") : text.substr(0, longest_part);
    begin_ = text.data();
    if (span.background && !pen_.is_at_start) pen_.x += code_pad;
    needs_ground_ = true;
    while (!text.empty()) {
      const std::string_view rest = text;
      const std::string_view piece = take_piece(text, is_right_aligned_);
      ++number_;
      notes_.bytes += piece.size();
      if (piece[0] == '\n') {
        begin_line(text.data());
      } else if (piece[0] == ' ') {
        place_space(span, piece, rest);
      } else {
        place_word(span, piece, rest);
      }
    }
    if (span.background) pen_.x += code_pad;
  }

  // What begins at `text` is the first on the next line.
  void begin_line(const char* text) {
    pen_.new_line();
    notes_.at_line(pen_, index_, static_cast<std::size_t>(text - begin_));
    needs_ground_ = true;
  }

  void place_space(const RichSpan& span, std::string_view piece, std::string_view rest) {
    if (pen_.is_at_start && !span.background) return;
    const float width = text_width(piece, span.style);
    lay_ground(span, rest);
    if (is_wanted(span) && (span.background || !span.link.empty() || span.is_struck))
      draw(span, piece, width);
    pen_.x += width;
  }

  void place_word(const RichSpan& span, std::string_view piece, std::string_view rest) {
    if (is_right_aligned_ && bytes_within(piece, span.style, pen_.width) < piece.size()) {
      place_long_word(span, piece);
      needs_ground_ = true;
      return;
    }
    const float width = text_width(piece, span.style);
    if (!pen_.is_at_start && pen_.x + width > pen_.left + pen_.width) begin_line(piece.data());
    if (width > pen_.width) {
      place_long_word(span, piece);
      needs_ground_ = true;
      return;
    }
    if (span.background && pen_.is_at_start) pen_.x += code_pad;
    if (is_right_aligned_ && pen_.is_at_start) align_line(width);
    lay_ground(span, rest);
    if (is_wanted(span)) draw(span, piece, width);
    pen_.x += width;
    pen_.is_at_start = false;
  }

  // A line of a text that goes from right to left ends at the left, and begins at the right.
  // Half a pixel is for what adding widths rounds.
  void align_line(float width) { pen_.x += std::max(0.0f, pen_.width - width - 0.5f); }

  // A word longer than a line is broken where the line is full.
  void place_long_word(const RichSpan& span, std::string_view piece) {
    while (!piece.empty()) {
      std::size_t length = bytes_within(piece, span.style, pen_.width);
      const std::size_t blank = length < piece.size() ? piece.rfind(' ', length) : std::string_view::npos;
      if (blank != std::string_view::npos && blank > 0) length = blank + 1;
      if (length == 0) length = 1;
      while (length < piece.size() && (static_cast<unsigned char>(piece[length]) & 0xC0u) == 0x80u) ++length;
      const std::string_view part = piece.substr(0, length);
      const float width = text_width(part, span.style);
      if (is_right_aligned_) align_line(width);
      draw_ground(pen_, width, span);
      if (is_wanted(span)) draw(span, part, width);
      piece.remove_prefix(length);
      pen_.x += width;
      pen_.is_at_start = false;
      if (piece.empty()) break;
      pen_.new_line();
      notes_.bytes += length;
      // Not within code: there its ground would begin anew.
      if (!span.background) notes_.at_line(pen_, index_, static_cast<std::size_t>(piece.data() - begin_));
    }
  }

  void lay_ground(const RichSpan& span, std::string_view rest) {
    if (!std::exchange(needs_ground_, false) || !span.background || !pen_.is_seen()) return;
    draw_ground(pen_, width_on_line(pen_, rest, span.style), span);
  }

  // Links are met by Tab where they are not seen yet.
  bool is_wanted(const RichSpan& span) const { return pen_.is_seen(span.link.empty() ? 0 : view_margin); }

  void draw(const RichSpan& span, std::string_view piece, float width) {
    const float middle_y = pen_.y + pen_.line_height / 2;
    const bool is_link = !span.link.empty();
    const bool is_hovered = add_to_part(span, {pen_.x, pen_.y, width, pen_.line_height});
    const ImU32 color = is_link      ? theme::colors().accent_text
                        : span.color ? span.color
                                     : theme::colors().text_primary;
    if (is_hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      horizontal_line(pen_.x, middle_y + 8, width, color);
    }
    draw_text(pen_.x, middle_y - span.rise, piece, span.style, color);
    if (span.is_struck) horizontal_line(pen_.x, middle_y, width, color);
  }

  Pen& pen_;
  BreakNotes notes_;
  Reading reading_;
  Part part_;
  std::uint64_t part_count_ = 0;
  std::size_t index_ = 0;        // of the span
  const char* begin_ = nullptr;  // of its text
  std::size_t number_ = 0;       // of the piece, for ids
  bool needs_ground_ = true;
  bool is_right_aligned_ = false;
  std::string_view pressed_;
  RichLayout layout_;
};

}  // namespace

RichLayout rich_text(std::string_view id,
                     float x,
                     float y,
                     float width,
                     float line_height,
                     std::span<const RichSpan> spans,
                     Reading reading) {
  const IdScope ids(id);
  const ImDrawList& list = canvas();
  Pen pen{x, y, x, width, line_height, true, list.GetClipRectMin().y, list.GetClipRectMax().y};
  RichLayout layout = LayOut(pen, {}, reading).run(spans);
  layout.height = pen.y + line_height - y;
  return layout;
}

float rich_text_height(float width, float line_height, std::span<const RichSpan> spans) {
  Pen pen{.width = width, .line_height = line_height};
  LayOut(pen, {}).run(spans);
  return pen.y + line_height;
}

float rich_text_height(float width,
                       float line_height,
                       std::span<const RichSpan> spans,
                       std::size_t distance,
                       std::vector<RichBreak>& breaks) {
  Pen pen{.width = width, .line_height = line_height};
  LayOut(pen, {.distance = distance, .breaks = &breaks}).run(spans);
  return pen.y + line_height;
}

}  // namespace dits::widgets
