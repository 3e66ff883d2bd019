#include "web/ui/markdown_code.hpp"

#include <algorithm>

#include "imgui.h"
#include "web/theme/icons.hpp"

namespace dits::web {

namespace {

struct CodePen {
  float x = 0;
  float y = 0;
  std::size_t columns = 1;
  std::size_t span = 0;  // in the coloured spans
};

ImU32 color_of(markdown::CodeKind kind) {
  const theme::Palette& c = theme::colors();
  switch (kind) {
    case markdown::CodeKind::keyword:
      return c.syn_op;
    case markdown::CodeKind::string:
      return c.syn_string;
    case markdown::CodeKind::number:
      return c.syn_number;
    case markdown::CodeKind::comment:
      return c.syn_comment;
    case markdown::CodeKind::inserted:
      return c.signal_success;
    case markdown::CodeKind::deleted:
      return c.signal_danger;
  }
  return c.text_primary;
}

// Bytes [begin, end) of the code on one drawn row.
void draw_code_row(CodePen& pen,
                   std::string_view code,
                   std::size_t begin,
                   std::size_t end,
                   const std::vector<markdown::CodeSpan>& spans) {
  while (pen.span < spans.size() && spans[pen.span].end <= begin) ++pen.span;
  float x = pen.x;
  std::size_t at = begin;
  std::size_t next = pen.span;
  const float middle_y = pen.y + 9;
  while (at < end) {
    if (next < spans.size() && spans[next].begin <= at) {
      const std::size_t stop = std::min(end, spans[next].end);
      x += draw_text(x, middle_y, code.substr(at, stop - at), theme::mono, color_of(spans[next].kind));
      at = stop;
      ++next;
    } else {
      const std::size_t stop = next < spans.size() ? std::min(end, spans[next].begin) : end;
      x += draw_text(x, middle_y, code.substr(at, stop - at), theme::mono, theme::colors().text_primary);
      at = stop;
    }
  }
}

// Rows that the code takes when lines are broken after `columns`; draws those in sight when `pen` is given.
std::size_t lay_code(std::string_view code,
                     std::size_t columns,
                     CodePen* pen,
                     const std::vector<markdown::CodeSpan>& spans) {
  std::size_t rows = 0;
  std::size_t begin = 0;
  const float clip_top = ImGui::GetWindowDrawList()->GetClipRectMin().y;
  const float clip_bottom = ImGui::GetWindowDrawList()->GetClipRectMax().y;
  const float top = pen ? pen->y : 0;
  while (begin <= code.size()) {
    std::size_t end = code.find('\n', begin);
    if (end == std::string_view::npos) end = code.size();
    if (end == code.size() && begin == end && rows > 0) break;
    std::size_t at = begin;
    do {
      std::size_t stop = std::min(end, at + columns);
      while (stop < end && (static_cast<unsigned char>(code[stop]) & 0xC0u) == 0x80u) ++stop;
      if (pen) {
        pen->y = top + 18 * static_cast<float>(rows);
        if (pen->y + 18 >= clip_top && pen->y <= clip_bottom) draw_code_row(*pen, code, at, stop, spans);
      }
      ++rows;
      at = stop;
    } while (at < end);
    begin = end + 1;
  }
  return rows;
}

std::size_t columns_in(float width) {
  return static_cast<std::size_t>(std::max(8.0f, (width - 24) / text_width("0", theme::mono)));
}

// Above the code: language and copy.
float bar_height() { return is_phone() ? 40.0f : 28.0f; }

}  // namespace

float code_block_height(float width, const markdown::Block& block) {
  const std::size_t rows = lay_code(block.text, columns_in(width), nullptr, {});
  return bar_height() + 20 + 18 * static_cast<float>(rows);
}

void code_block(Flow& flow, const markdown::Block& block, const std::vector<markdown::CodeSpan>& spans) {
  const theme::Palette& c = theme::colors();
  const std::size_t columns = columns_in(flow.w);
  const float bar = bar_height();
  const Rect r{flow.x, flow.y, flow.w, code_block_height(flow.w, block)};
  const float copy_size = bar - 2;
  const Rect copy{r.right() - copy_size - 3, r.y + 1, copy_size, copy_size};
  fill(r, c.bg_inset, 6);
  outline(r, c.border_subtle, 6);
  mirror(id_of("code"), r, {.role = Aria::code, .name = std::string_view(block.text).substr(0, 400)});
  draw_text_in({r.x + 12, r.y, copy.x - r.x - 16, bar}, block.language, theme::mono_small, c.text_tertiary);
  horizontal_line(r.x + 1, r.y + bar - 1, r.w - 2, c.border_subtle);
  CodePen pen{r.x + 12, r.y + bar + 10, columns, 0};
  lay_code(block.text, columns, &pen, spans);
  if (icon_button("copy",
                  copy,
                  icons::copy,
                  "Copy code",
                  {.size = copy_size, .icon_size = 12, .color = c.text_tertiary})) {
    ImGui::SetClipboardText(block.text.c_str());
  }
  flow.y = r.bottom() + 12;
}

}  // namespace dits::web
