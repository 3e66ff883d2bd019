#include "web/ui/markdown_code.hpp"

#include <algorithm>
#include <span>

#include "imgui.h"
#include "web/theme/icons.hpp"

namespace dits::web {

namespace {

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

// Bytes [begin, end) of the code from (x, middle_y) on. `span`: the first coloured one that may be there.
void draw_code_row(ImVec2 at_pixel,
                   std::string_view code,
                   std::size_t begin,
                   std::size_t end,
                   std::span<const markdown::CodeSpan> spans) {
  float x = at_pixel.x;
  std::size_t next = 0;
  for (std::size_t at = begin; at < end;) {
    const bool is_colored = next < spans.size() && spans[next].begin <= at;
    std::size_t stop = end;
    if (next < spans.size()) stop = std::min(end, is_colored ? spans[next].end : spans[next].begin);
    const ImU32 color = is_colored ? color_of(spans[next].kind) : theme::colors().text_primary;
    x += draw_text(x, at_pixel.y, code.substr(at, stop - at), theme::mono, color);
    if (is_colored) ++next;
    at = stop;
  }
}

// Calls `take` with the bytes of each line; one after the last line break is none.
template <typename Take>
void for_each_line(std::string_view code, const Take& take) {
  std::size_t begin = 0;
  do {
    const std::size_t end = std::min(code.find('\n', begin), code.size());
    take(begin, end);
    begin = end + 1;
  } while (begin < code.size());
}

constexpr float row_height = 18;
constexpr float margin = 12;

// The lines that are seen through `view`, the first of which is at its top, moved by `sideways`; of each the
// part that is seen.
void draw_code(Rect view, std::string_view code, float sideways, std::span<const markdown::CodeSpan> spans) {
  const ClipScope clip(view);
  const float clip_top = canvas().GetClipRectMin().y;
  const float clip_bottom = canvas().GetClipRectMax().y;
  float y = view.y;
  for_each_line(code, [&](std::size_t begin, std::size_t end) {
    if (y + row_height >= clip_top && y <= clip_bottom) {
      const std::string_view line = code.substr(begin, end - begin);
      const std::size_t hidden = bytes_within(line, theme::mono, sideways);
      const std::string_view rest = line.substr(hidden);
      const std::size_t seen =
          std::min(bytes_within(rest, theme::mono, view.w + 2 * margin) + 4, rest.size());
      const float x = view.x - sideways + text_width(line.substr(0, hidden), theme::mono);
      while (!spans.empty() && spans.front().end <= begin + hidden) spans = spans.subspan(1);
      draw_code_row({x, y + row_height / 2}, code, begin + hidden, begin + hidden + seen, spans);
    }
    y += row_height;
  });
}

// Above the code: language and copy.
float bar_height() { return is_phone() ? 40.0f : 28.0f; }

}  // namespace

float code_block_height(const markdown::Block& block) {
  float height = bar_height() + 20;
  for_each_line(block.text, [&](std::size_t, std::size_t) { height += row_height; });
  return height;
}

float code_block_width(const markdown::Block& block) {
  float width = 0;
  for_each_line(block.text, [&](std::size_t begin, std::size_t end) {
    const std::string_view line = std::string_view(block.text).substr(begin, end - begin);
    width = std::max(width, text_width(line, theme::mono));
  });
  return width + 2 * margin;
}

void code_block(View& view,
                const markdown::Block& block,
                const BlockLayout& layout,
                const std::vector<markdown::CodeSpan>& spans) {
  const theme::Palette& c = theme::colors();
  const float bar = bar_height();
  const Rect r{view.flow.x, view.flow.y, view.flow.w, layout.height - 12};
  const float copy_size = bar - 2;
  const Rect copy{r.right() - copy_size - 3, r.y + 1, copy_size, copy_size};
  fill(r, c.bg_inset, 6);
  outline(r, c.border_subtle, 6);
  mirror(
      id_of("code"), r, {.role = Aria::code, .name = std::string_view(block.text).substr(0, longest_name)});
  draw_text_in(
      {r.x + margin, r.y, copy.x - r.x - 16, bar}, block.language, theme::mono_small, c.text_tertiary);
  horizontal_line(r.x + 1, r.y + bar - 1, r.w - 2, c.border_subtle);
  if (icon_button("copy",
                  copy,
                  icons::copy,
                  "Copy code",
                  {.size = copy_size, .icon_size = 12, .color = c.text_tertiary})) {
    ImGui::SetClipboardText(block.text.c_str());
  }
  const Rect lines{r.x + margin, r.y + bar + 10, r.w - 2 * margin, r.h - bar - 20};
  const float sideways = moved_sideways(view, block, r, layout.columns.back());
  draw_code(lines, block.text, sideways, spans);
}

}  // namespace dits::web
