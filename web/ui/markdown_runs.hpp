// The running text of a block, drawn and told to readers: what headings, paragraphs, boxes, summaries and
// cells have in common.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "web/ui/issue_parts.hpp"
#include "web/ui/markdown_layout.hpp"
#include "web/ui/markdown_view.hpp"

namespace dits::web {

// A text that is being drawn.
struct View {
  Flow& flow;
  MarkdownText& kept;
  MarkdownEvents& events;
  bool is_read_only = false;
  std::int64_t task_cursor = -1;
  float clip_top = 0;
  float clip_bottom = 0;
  bool is_faded = false;                // within a quote
  std::int64_t to_footnote = 0;         // its mark was pressed
  std::int64_t to_mark = 0;             // the number of a footnote was
  const BlockLayout* folded = nullptr;  // details that are to be opened or folded

  // Whether anything from `top` that is so high may be seen.
  bool is_near(float top, float height) const {
    return top + height >= clip_top - view_margin && top <= clip_bottom + view_margin;
  }
};

// Takes the link that was pressed or is pointed at, if one is.
void take_link(View& view, const RichLayout& layout);

// The parts of a paragraph or heading that are seen.
void draw_runs(View& view, const markdown::Block& block, BlockLayout& layout, SpanLook look, Reading reading);

// How far a block of this width is moved that stands at `place`: by a wheel, a finger, its bar, or, when that
// has the focus, the arrow keys. 0 where it has room.
float moved_sideways(View& view, const markdown::Block& block, Rect place, float width);

// Whether spans are told to readers part by part: they hold links, code or pictures.
bool has_parts(const std::vector<markdown::Span>& spans);

// Tells a node at `place` whose words are `spans`, which `draw`, called with what rich_text shall tell,
// draws.
template <typename Draw>
void draw_told(a11y::Node node, Rect place, const std::vector<markdown::Span>& spans, const Draw& draw) {
  node.min = place.min();
  node.max = place.max();
  if (has_parts(spans)) {
    const a11y::Scope scope(node);
    draw(node.name.empty() ? Reading::parts : Reading::links);
  } else {
    if (node.name.empty()) node.name = plain_text(spans).substr(0, longest_name);
    draw(Reading::links);
    a11y::node(node);
  }
}

}  // namespace dits::web
