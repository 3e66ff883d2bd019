// What was searched for, with the letters that matched on match/bg.
#include <algorithm>

#include "shared/markdown/title.hpp"
#include "web/ui/popups.hpp"
#include "web/ui/titles.hpp"
#include "web/widgets/text_runs.hpp"

namespace dits::web {

namespace {

struct Pen {
  float x = 0;
  float center_y = 0;
  theme::TextStyle style;
  ImU32 color = 0;

  void plain(std::string_view text) { x += draw_text(x, center_y, text, style, color); }
  void matched(std::string_view text) {
    const theme::Palette& c = theme::colors();
    theme::TextStyle strong = style;
    if (style.face == theme::Face::ui) strong.face = theme::Face::medium;
    fill({x, center_y - 8, text_width(text, strong), 17}, c.match_bg, 2);
    x += draw_text(x, center_y, text, strong, c.match_fg);
  }
};

// `text` begins at this byte of what was searched.
void draw_piece(Pen& pen, std::string_view text, std::size_t begin, const std::vector<MatchRange>& matches) {
  std::size_t at = 0;
  for (const auto& [from, to] : matches) {
    const std::size_t first = std::clamp(from, begin + at, begin + text.size()) - begin;
    const std::size_t last = std::clamp(to, begin + first, begin + text.size()) - begin;
    if (first == last) continue;
    pen.plain(text.substr(at, first - at));
    pen.matched(text.substr(first, last - first));
    at = last;
  }
  pen.plain(text.substr(at));
}

void draw_title_piece(Pen& pen,
                      std::string_view title,
                      const markdown::TitlePiece& piece,
                      const std::vector<MatchRange>& matches) {
  const bool is_emoji = title.substr(piece.begin, piece.end - piece.begin) != piece.text;
  if (!is_emoji) return draw_piece(pen, piece.text, piece.begin, matches);
  // The character stands for all of its name.
  const bool is_matched = std::any_of(matches.begin(), matches.end(), [&](const MatchRange& each) {
    return each.first < piece.end && each.second > piece.begin;
  });
  is_matched ? pen.matched(piece.text) : pen.plain(piece.text);
}

}  // namespace

float draw_matched(float x,
                   float center_y,
                   std::string_view text,
                   const std::vector<MatchRange>& matches,
                   theme::TextStyle style,
                   ImU32 color,
                   float max_width) {
  if (matches.empty()) {
    draw_text_in({x, center_y - 10, max_width, 20}, text, style, color);
    return std::min(max_width, text_width(text, style));
  }
  const ClipScope clip({x, center_y - 12, max_width, 24});
  Pen pen{x, center_y, style, color};
  draw_piece(pen, text, 0, matches);
  return pen.x - x;
}

float draw_matched_title(float x,
                         float center_y,
                         std::string_view title,
                         const std::vector<MatchRange>& matches,
                         theme::TextStyle style,
                         ImU32 color,
                         float max_width) {
  // Pieces beside each other would stand in the wrong order where it goes from right to left.
  if (matches.empty() || begins_right_to_left(title)) {
    title_line({x, center_y - 10, max_width, 20}, title, style, color);
    return std::min(max_width, title_width(title, style));
  }
  const ClipScope clip({x, center_y - 12, max_width, 24});
  Pen pen{x, center_y, style, color};
  for (const markdown::TitlePiece& piece : markdown::title_pieces(title)) {
    if (!piece.is_code) {
      draw_title_piece(pen, title, piece, matches);
      continue;
    }
    pen.style = code_in_title(style);
    const float width = text_width(piece.text, pen.style) + 2 * title_code_pad;
    fill({pen.x, center_y - 9, width, 18}, theme::colors().bg_sunken, 4);
    pen.x += title_code_pad;
    draw_title_piece(pen, title, piece, matches);
    pen.x += title_code_pad;
    pen.style = style;
  }
  return pen.x - x;
}

}  // namespace dits::web
