// Draws the blocks of shared/markdown, of any number only those that are seen. What was parsed and measured
// is kept per place.
#include "web/ui/markdown_view.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_map>
#include <utility>

#include "imgui.h"
#include "web/theme/icons.hpp"
#include "web/ui/markdown_code.hpp"
#include "web/ui/markdown_layout.hpp"
#include "web/ui/markdown_plain.hpp"
#include "web/ui/markdown_runs.hpp"
#include "web/widgets/drawing.hpp"

namespace dits::web {

namespace {

using markdown::Block;
using markdown::BlockKind;
using markdown::Span;
using markdown::SpanKind;
using markdown::Task;

constexpr std::size_t kept_texts = 64;
// A text of more bytes is parsed and measured again when it comes back into sight.
constexpr std::size_t longest_text_kept_unseen = 64 * std::size_t{1024};

struct Kept {
  std::string source;
  std::string name;                    // of the source, for drawing.hpp
  std::unique_ptr<MarkdownText> text;  // null while it is out of sight and long
  float width = 0;
  float height = 0;
  int last_frame = 0;
  ImGuiID place = 0;
  std::int64_t task_cursor = -1;
};
std::unordered_map<ImGuiID, Kept> texts;

Kept& kept_for(ImGuiID id) {
  const int frame = ImGui::GetFrameCount();
  if (texts.size() > kept_texts && !texts.contains(id))
    std::erase_if(texts, [&](const auto& entry) { return entry.second.last_frame + 1 < frame; });
  Kept& kept = texts[id];
  kept.last_frame = frame;
  return kept;
}

float end_of_runs(const BlockLayout& layout) {
  return layout.runs.empty() ? 0 : layout.runs.back().top + layout.runs.back().height;
}

Rect place_of_runs(const View& view, const BlockLayout& layout) {
  const float top = layout.runs.empty() ? 0 : layout.runs.front().top;
  return {view.flow.x, view.flow.y + top, view.flow.w, end_of_runs(layout) - top};
}

void draw_heading(View& view, const Block& block, BlockLayout& layout) {
  a11y::Node node;
  node.id = id_of("heading");
  node.role = Aria::heading;
  node.name = plain_text(block.spans);
  node.level = std::min(6, block.level + 1);
  draw_told(std::move(node), place_of_runs(view, layout), block.spans, [&](Reading reading) {
    draw_runs(view, block, layout, {heading_style(block.level)}, reading);
  });
}

void draw_paragraph(View& view, const Block& block, BlockLayout& layout) {
  a11y::Node node;
  node.id = id_of("paragraph");
  node.role = Aria::paragraph;
  draw_told(std::move(node), place_of_runs(view, layout), block.spans, [&](Reading reading) {
    draw_runs(view, block, layout, {prose_style()}, reading);
  });
}

void draw_code(View& view, const Block& block, const BlockLayout& layout) {
  auto [found, is_new] = view.kept.code.try_emplace(&block);
  if (is_new) found->second = markdown::code_spans(block.language, block.text);
  code_block(view, block, layout, found->second);
}

// ---- tables ----

void draw_cell(View& view, const Block& block, std::size_t row, std::size_t column, Rect cell) {
  const IdScope ids(static_cast<std::uint64_t>(column));
  const std::vector<Span>& spans = block.rows[row][column];
  const theme::TextStyle style = cell_style(row == 0);
  float x = cell.x + 10;
  const float width = cell.w - 20;
  if (column < block.alignments.size() && block.alignments[column] != markdown::Alignment::left) {
    const float free = width - text_width(plain_text(spans), style);
    if (free > 0) x += block.alignments[column] == markdown::Alignment::right ? free : free / 2;
  }
  const std::vector<RichSpan> rich =
      rich_spans(spans, 0, spans.size(), {.style = style, .is_faded = row == 0});
  a11y::Node node;
  node.id = id_of("told");
  node.role = row == 0 ? Aria::columnheader : Aria::cell;
  node.column_index = static_cast<int>(column) + 1;
  draw_told(std::move(node), cell, spans, [&](Reading reading) {
    take_link(view, rich_text("cell", x, cell.y + 5, width, style.line_height, rich, reading));
  });
  if (column > 0) vertical_line(cell.x, cell.y, cell.h, theme::colors().border_subtle);
}

void draw_table_row(View& view, const Block& block, const BlockLayout& layout, std::size_t row, Rect r) {
  const IdScope ids(static_cast<std::uint64_t>(row));
  const theme::Palette& c = theme::colors();
  if (row == 0) fill(r, c.bg_inset);
  a11y::Node node = scope_node(id_of("row"), r, Aria::row, {});
  node.row_index = static_cast<int>(row) + 1;
  const a11y::Scope scope(node);
  const std::size_t count = std::min(layout.columns.size() - 1, block.rows[row].size());
  for (std::size_t column = 0; column < count; ++column) {
    const Rect cell{
        r.x + layout.columns[column], r.y, layout.columns[column + 1] - layout.columns[column], r.h};
    const bool is_seen = cell.right() >= view.flow.x && cell.x <= view.flow.x + view.flow.w;
    if (is_seen) draw_cell(view, block, row, column, cell);
  }
  if (row + 1 < block.rows.size()) horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
}

void draw_table(View& view, const Block& block, BlockLayout& layout) {
  if (layout.row_tops.empty()) return;
  const float top = view.flow.y;
  const float height = layout.row_tops.back();
  const float width = layout.columns.back();
  const Rect place{view.flow.x, top, std::min(width, view.flow.w), height};
  const float x = view.flow.x - moved_sideways(view, block, place, width);
  {
    a11y::Node node = scope_node(id_of("table"), place, Aria::table, "Table");
    node.row_count = static_cast<int>(block.rows.size());
    node.column_count = static_cast<int>(layout.columns.size() - 1);
    const a11y::Scope table(node);
    const ClipScope clip(place);
    const auto behind =
        std::upper_bound(layout.row_tops.begin(), layout.row_tops.end(), view.clip_top - view_margin - top);
    auto row = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, behind - layout.row_tops.begin() - 1));
    for (; row + 1 < layout.row_tops.size(); ++row) {
      const float y = top + layout.row_tops[row];
      if (y > view.clip_bottom + view_margin) break;
      draw_table_row(
          view, block, layout, row, {x, y, width, layout.row_tops[row + 1] - layout.row_tops[row]});
    }
  }
  outline(place, theme::colors().border_default);
}

// ---- blocks in blocks ----

void draw_block(View& view, const Block& block, BlockLayout& layout);

// Calls `draw` for each of `layouts` that may be seen, with the flow at its top.
template <typename Draw>
void for_each_near(View& view, std::vector<BlockLayout>& layouts, const Draw& draw) {
  const float top = view.flow.y;
  const float edge = view.clip_top - view_margin - top;
  const auto first = std::partition_point(layouts.begin(), layouts.end(), [&](const BlockLayout& layout) {
    return layout.top + layout.height < edge;
  });
  for (auto at = static_cast<std::size_t>(first - layouts.begin()); at < layouts.size(); ++at) {
    if (top + layouts[at].top > view.clip_bottom + view_margin) break;
    view.flow.y = top + layouts[at].top;
    const IdScope ids(static_cast<std::uint64_t>(layouts[at].number));
    draw(at, layouts[at]);
  }
  view.flow.y = top;
}

void draw_children(View& view, const Block& block, BlockLayout& layout) {
  for_each_near(view, layout.children, [&](std::size_t at, BlockLayout& child) {
    draw_block(view, block.children[at], child);
  });
}

void draw_task(View& view, const Block& item_block, BlockLayout& layout) {
  const float size = task_box_size();
  const bool is_done = item_block.task == Task::done;
  const auto index = static_cast<std::int64_t>(layout.first_task);
  const Rect box{view.flow.x, view.flow.y, size + 8, task_row_height()};
  a11y::Node node;
  node.role = Aria::checkbox;
  if (!item_block.children.empty()) node.name = plain_text(item_block.children.front().spans);
  node.checked = is_done ? Tri::yes : Tri::no;
  node.disabled = view.is_read_only;
  const ItemState state = item(id_of("box"), box, node);
  draw_checkbox(box.x, box.center_y(), is_done ? Tri::yes : Tri::no, size);
  const bool is_cursor = index == view.task_cursor;
  if (state.has_ring || is_cursor) focus_ring({box.x, box.center_y() - size / 2, size, size}, 4);
  if (state.clicked) view.events.ticked = index;
  const Flow outer = view.flow;
  view.flow.x += size + 8;
  view.flow.w -= size + 8;
  for_each_near(view, layout.children, [&](std::size_t at, BlockLayout& child) {
    const Block& block = item_block.children[at];
    if (at == 0 && block.kind == BlockKind::paragraph) {
      draw_runs(view, block, child, {.style = prose_style(), .is_done = is_done}, Reading::links);
    } else {
      draw_block(view, block, child);
    }
  });
  view.flow = outer;
}

// The number of a footnote leads back to its mark.
void draw_footnote_number(View& view, std::int64_t number, std::string_view mark) {
  const theme::Palette& c = theme::colors();
  const theme::TextStyle style = prose_style();
  const float width = text_width(mark, style);
  const Rect place{view.flow.x + 18 - width, view.flow.y, width, style.line_height};
  const ItemState back =
      item(id_of("back"), place, {.role = Aria::link, .name = "Back to note " + std::to_string(number)});
  if (view.kept.entered_footnote == number) {
    view.kept.entered_footnote = 0;
    set_focus(back.id, true);
    wake_within(0);  // told and drawn so
  }
  if (back.has_ring) focus_ring(place, 2);
  if (back.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  tooltip(back, place, "Back to the text");
  if (back.clicked) view.to_mark = number;
  draw_text(place.x, place.center_y(), mark, style, c.accent_text);
}

void draw_list(View& view, const Block& block, BlockLayout& layout) {
  if (layout.children.empty()) return;
  const auto node_of = [&](float height, Aria role) {
    return scope_node(id_of("told"), {view.flow.x, view.flow.y, view.flow.w, height}, role, {});
  };
  const a11y::Scope list(node_of(layout.children.back().top + layout.children.back().height, Aria::list));
  const theme::Palette& c = theme::colors();
  const theme::TextStyle style = prose_style();
  for_each_near(view, layout.children, [&](std::size_t at, BlockLayout& item_layout) {
    const Block& item_block = block.children[at];
    const a11y::Scope told(node_of(item_layout.height, Aria::listitem));
    if (item_block.task != Task::none) {
      draw_task(view, item_block, item_layout);
      return;
    }
    const Flow outer = view.flow;
    const float middle_y = view.flow.y + style.line_height / 2;
    if (block.is_ordered) {
      const std::int64_t number = block.first_number + static_cast<std::int64_t>(at);
      const std::string mark = std::to_string(number) + '.';
      if (block.is_footnotes) {
        draw_footnote_number(view, number, mark);
      } else {
        draw_text(view.flow.x + 18 - text_width(mark, style), middle_y, mark, style, c.text_tertiary);
      }
    } else {
      canvas().AddCircleFilled({view.flow.x + 10, middle_y}, 2, c.text_tertiary);
    }
    view.flow.x += item_indent;
    view.flow.w -= item_indent;
    draw_children(view, item_block, item_layout);
    view.flow = outer;
  });
}

void draw_quote(View& view, const Block& block, BlockLayout& layout) {
  const Flow outer = view.flow;
  const bool was_faded = view.is_faded;
  view.is_faded = true;
  const Rect place{outer.x, outer.y, outer.w, std::max(4.0f, layout.height - 10)};
  const a11y::Scope quote(scope_node(id_of("quote"), place, Aria::blockquote, {}));
  view.flow.x += quote_indent;
  view.flow.w -= quote_indent;
  draw_children(view, block, layout);
  view.is_faded = was_faded;
  view.flow = outer;
  fill({place.x, place.y, 3, place.h}, theme::colors().border_default, 1.5f);
}

// The whole line of the summary opens and folds, but for links in it.
void draw_details(View& view, const Block& block, BlockLayout& layout) {
  const Flow outer = view.flow;
  const Rect line{outer.x, outer.y, outer.w, summary_height(layout)};
  view.flow.x += details_indent;
  view.flow.w -= details_indent;
  draw_runs(view, block, layout, {prose_style()}, Reading::links);
  const ItemState state = item(id_of("summary"),
                               line,
                               {.role = Aria::button,
                                .name = plain_text(block.spans),
                                .expanded = layout.is_open ? Tri::yes : Tri::no});
  const theme::Palette& c = theme::colors();
  draw_icon(outer.x + 8,
            outer.y + summary_space() + prose_style().line_height / 2,
            layout.is_open ? icons::chevron_down : icons::chevron_right,
            14,
            state.hovered ? c.text_primary : c.text_tertiary);
  if (state.has_ring) focus_ring(line, 4);
  if (state.clicked) view.folded = &layout;
  if (layout.is_open) draw_children(view, block, layout);
  view.flow = outer;
}

void draw_block(View& view, const Block& block, BlockLayout& layout) {
  switch (block.kind) {
    case BlockKind::heading:
      return draw_heading(view, block, layout);
    case BlockKind::paragraph:
      return draw_paragraph(view, block, layout);
    case BlockKind::list:
      return draw_list(view, block, layout);
    case BlockKind::item:
      return;  // drawn by its list
    case BlockKind::quote:
      return draw_quote(view, block, layout);
    case BlockKind::details:
      return draw_details(view, block, layout);
    case BlockKind::code:
      return draw_code(view, block, layout);
    case BlockKind::table:
      return draw_table(view, block, layout);
    case BlockKind::rule:
      mirror(id_of("rule"), {view.flow.x, view.flow.y, view.flow.w, 16}, {.role = Aria::separator});
      return horizontal_line(view.flow.x, view.flow.y + 8, view.flow.w, theme::colors().border_default);
  }
}

// To a footnote whose mark was pressed, or back.
void follow_footnote(View& view, float top) {
  const std::optional<float> y = view.to_footnote > 0 ? top_of_footnote(view.kept, view.to_footnote)
                                 : view.to_mark > 0   ? top_of_footnote_mark(view.kept, view.to_mark)
                                                      : std::nullopt;
  if (!y) return;
  view.kept.entered_footnote = view.to_footnote;
  reveal({view.flow.x, top + *y, view.flow.w, 2 * prose_style().line_height});
  wake_within(0);
}

void draw_text_of(Kept& kept, Flow& flow, const MarkdownOptions& options, MarkdownEvents& events) {
  const ImDrawList& list = canvas();
  const float clip_top = list.GetClipRectMin().y;
  const float clip_bottom = list.GetClipRectMax().y;
  const float top = flow.y;
  const auto is_out = [&](float height) {
    return top + height < clip_top - view_margin || top > clip_bottom + view_margin;
  };
  const bool is_plain = has_ended_drawing(kept.name);
  if (!kept.text && kept.width == flow.w && is_out(kept.height) && options.task_cursor < 0) {
    flow.y = top + kept.height;
    return;
  }
  if (!kept.text) {
    kept.text = std::make_unique<MarkdownText>();
    kept.text->place = kept.place;
  }
  prepare(*kept.text, kept.source, flow.w, is_plain);
  if (follow_pictures(*kept.text)) wake_within(0);
  if (std::exchange(kept.task_cursor, options.task_cursor) != options.task_cursor)
    reveal_task(*kept.text, options.task_cursor);
  kept.width = flow.w;
  kept.height = kept.text->layout.height;
  if (const float task = top_of_task(*kept.text, options.task_cursor); task >= 0)
    events.cursor_y = top + task;
  if (!is_out(kept.height)) {
    View view{.flow = flow,
              .kept = *kept.text,
              .events = events,
              .is_read_only = options.is_read_only,
              .task_cursor = options.task_cursor,
              .clip_top = clip_top,
              .clip_bottom = clip_bottom};
    for_each_near(view, kept.text->layout.children, [&](std::size_t at, BlockLayout& layout) {
      draw_block(view, kept.text->blocks[at], layout);
    });
    follow_footnote(view, top);
    if (view.folded != nullptr) {
      set_open(*kept.text, view.folded->fold, !view.folded->is_open);
      wake_within(0);
    }
  } else if (kept.source.size() > longest_text_kept_unseen) {
    kept.text.reset();
  }
  flow.y = top + kept.height;
}

}  // namespace

MarkdownEvents markdown_view(std::string_view id,
                             Flow& flow,
                             const std::string& text,
                             const MarkdownOptions& options) {
  const IdScope ids(id);
  Kept& kept = kept_for(id_of("text"));
  if (kept.name.empty() || kept.source != text) {
    kept = {};
    kept.source = text;
    kept.name = drawing_name(text);
    kept.place = id_of("text");
    kept.last_frame = ImGui::GetFrameCount();
  }
  MarkdownEvents events;
  if (has_ended_drawing(kept.name)) {
    draw_plain_notice(flow, kept.name);
    draw_text_of(kept, flow, options, events);
  } else {
    const Drawing drawing(kept.name);
    draw_text_of(kept, flow, options, events);
  }
  return events;
}

}  // namespace dits::web
