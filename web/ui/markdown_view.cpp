// Draws the blocks of shared/markdown. Parsing and heights are kept per place, so that a text of 200 KB costs
// only what is seen.
#include "web/ui/markdown_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "imgui.h"
#include "shared/markdown/blocks.hpp"
#include "shared/markdown/code.hpp"
#include "web/theme/icons.hpp"
#include "web/ui/markdown_code.hpp"
#include "web/widgets/picture.hpp"
#include "web/widgets/rich_text.hpp"

namespace dits::web {

namespace {

using markdown::Block;
using markdown::BlockKind;
using markdown::Span;
using markdown::SpanKind;
using markdown::Task;

constexpr std::size_t kept_texts = 64;

struct Parsed {
  std::string text;
  std::vector<Block> blocks;
  float width = 0;
  std::vector<float> heights;            // of the top blocks at this width; -1: not drawn yet
  std::vector<std::int64_t> first_task;  // boxes before each top block
  std::unordered_map<const Block*, std::vector<markdown::CodeSpan>> code;
};
std::unordered_map<ImGuiID, Parsed> texts;

std::int64_t tasks_in(const std::vector<Block>& blocks) {
  std::int64_t count = 0;
  for (const Block& block : blocks) {
    if (block.task != Task::none) ++count;
    count += tasks_in(block.children);
  }
  return count;
}

Parsed& parsed(ImGuiID id, const std::string& text, float width) {
  if (texts.size() > kept_texts && !texts.contains(id)) texts.clear();
  Parsed& kept = texts[id];
  if (kept.text != text || kept.heights.empty()) {
    kept = {};
    kept.text = text;
    kept.blocks = markdown::parse(text);
    std::int64_t before = 0;
    for (const Block& block : kept.blocks) {
      kept.first_task.push_back(before);
      before += tasks_in(std::vector<Block>{block});
    }
    kept.width = 0;
  }
  if (kept.width != width) {
    kept.width = width;
    kept.heights.assign(std::max<std::size_t>(1, kept.blocks.size()), -1.0f);
  }
  return kept;
}

struct View {
  Flow& flow;
  Parsed& parsed;
  MarkdownEvents& events;
  bool is_read_only = false;
  std::int64_t task_cursor = -1;
  std::int64_t task = 0;     // number of the next box
  std::uint64_t number = 0;  // for ids
  bool is_faded = false;     // within a quote
};

theme::TextStyle prose_style() { return is_phone() ? theme::touch_prose : theme::prose; }

RichSpan rich_span(const Span& span, theme::TextStyle base, bool is_done, bool is_faded) {
  const theme::Palette& c = theme::colors();
  RichSpan rich;
  rich.text = span.text;
  rich.style = base;
  if (span.is_bold && base.face == theme::Face::ui) rich.style.face = theme::Face::semibold;
  if (span.is_italic && !span.is_bold && base.face == theme::Face::ui) rich.style.face = theme::Face::medium;
  rich.color = is_done ? c.text_tertiary : is_faded ? c.text_secondary : c.text_primary;
  rich.is_struck = span.is_struck || is_done;
  if (span.is_code) {
    rich.style.face = theme::Face::mono;
    rich.style.size = base.size - 1;
    rich.background = c.bg_sunken;
  }
  if (span.kind == SpanKind::link || span.kind == SpanKind::image) rich.link = span.target;
  if (span.kind == SpanKind::mention) rich.link = span.text;
  if (span.kind == SpanKind::image && span.text.empty()) rich.text = "image";
  if (span.kind == SpanKind::line_break) rich.text = "\n";
  return rich;
}

std::vector<RichSpan> rich_spans(const std::vector<Span>& spans,
                                 theme::TextStyle base,
                                 bool is_done,
                                 bool is_faded) {
  std::vector<RichSpan> rich;
  rich.reserve(spans.size());
  for (const Span& span : spans) rich.push_back(rich_span(span, base, is_done, is_faded));
  return rich;
}

void take_link(View& view, const std::vector<Span>& spans, std::string_view link) {
  if (link.empty()) return;
  for (const Span& span : spans) {
    if (span.kind == SpanKind::mention && span.text == link) {
      view.events.issue_number = span.issue_number;
      return;
    }
  }
  view.events.link = link;
}

void draw_spans(View& view, const std::vector<Span>& spans, theme::TextStyle style, bool is_done = false) {
  const std::vector<RichSpan> rich = rich_spans(spans, style, is_done, view.is_faded);
  const IdScope ids(++view.number);
  const RichLayout layout =
      rich_text("spans", view.flow.x, view.flow.y, view.flow.w, style.line_height, rich);
  take_link(view, spans, layout.pressed_link);
  view.flow.y += layout.height;
}

// Only what hangs on our own issues is fetched: a picture elsewhere would tell its server who reads here.
bool is_own_picture(const Span& span) {
  return span.kind == SpanKind::image && span.target.starts_with("/api/v1/issues/") &&
         span.target.find("/attachments/") != std::string::npos &&
         span.target.find_first_of("?#") == std::string::npos;
}

// Text as it runs, with pictures on lines of their own.
void draw_paragraph(View& view,
                    const std::vector<Span>& spans,
                    theme::TextStyle style,
                    bool is_done = false) {
  std::vector<Span> run;
  const auto end_run = [&] {
    const bool has_words = std::any_of(run.begin(), run.end(), [](const Span& span) {
      return span.text.find_first_not_of(" \n") != std::string::npos;
    });
    if (has_words) draw_spans(view, run, style, is_done);
    run.clear();
  };
  for (const Span& span : spans) {
    if (!is_own_picture(span)) {
      run.push_back(span);
      continue;
    }
    end_run();
    const IdScope ids(++view.number);
    view.flow.y += picture("picture", view.flow.x, view.flow.y, view.flow.w, span.target, span.text) + 6;
  }
  end_run();
}

std::string plain_text(const std::vector<Span>& spans) {
  std::string text;
  for (const Span& span : spans) text += span.kind == SpanKind::line_break ? std::string(" ") : span.text;
  return text;
}

void draw_heading(View& view, const Block& block, bool is_first) {
  if (!is_first) view.flow.y += block.level <= 2 ? 14 : 8;
  const theme::TextStyle style = block.level == 1   ? theme::TextStyle{theme::Face::semibold, 18, 26}
                                 : block.level <= 3 ? theme::title
                                                    : theme::body_strong;
  const float top = view.flow.y;
  draw_spans(view, block.spans, style);
  const std::string name = plain_text(block.spans);
  mirror(id_of(view.number),
         {view.flow.x, top, view.flow.w, view.flow.y - top},
         {.role = Aria::heading, .name = name, .level = std::min(6, block.level + 1)});
  view.flow.y += 6;
}

void draw_code(View& view, const Block& block) {
  const IdScope ids(++view.number);
  auto [found, is_new] = view.parsed.code.try_emplace(&block);
  if (is_new) found->second = markdown::code_spans(block.language, block.text);
  code_block(view.flow, block, found->second);
}

// ---- tables ----

std::vector<float> column_widths(const Block& block, float width) {
  const std::size_t columns = block.rows.front().size();
  std::vector<float> wanted(columns, 40.0f);
  for (const auto& row : block.rows) {
    for (std::size_t i = 0; i < std::min(columns, row.size()); ++i) {
      wanted[i] = std::max(wanted[i], text_width(plain_text(row[i]), theme::body_medium) + 22);
    }
  }
  float sum = 0;
  for (const float w : wanted) sum += w;
  const float scale = width / std::max(1.0f, sum);
  for (float& w : wanted) w = std::floor(w * scale);
  return wanted;
}

void draw_table(View& view, const Block& block) {
  if (block.rows.empty() || block.rows.front().empty()) return;
  const theme::Palette& c = theme::colors();
  const std::vector<float> widths = column_widths(block, view.flow.w);
  const float top = view.flow.y;
  float table_width = 0;
  for (const float w : widths) table_width += w;
  float y = top;
  for (std::size_t row = 0; row < block.rows.size(); ++row) {
    const bool is_head = row == 0;
    const theme::TextStyle style =
        is_head ? theme::TextStyle{theme::Face::medium, 12, 18} : theme::TextStyle{theme::Face::ui, 13, 18};
    std::vector<std::vector<RichSpan>> cells;
    float height = 28;
    for (std::size_t i = 0; i < widths.size() && i < block.rows[row].size(); ++i) {
      cells.push_back(rich_spans(block.rows[row][i], style, false, is_head));
      height = std::max(height, rich_text_height(widths[i] - 20, style.line_height, cells.back()) + 10);
    }
    if (is_head) fill({view.flow.x, y, table_width, height}, c.bg_inset);
    float x = view.flow.x;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const IdScope ids(++view.number);
      float cell_x = x + 10;
      if (i < block.alignments.size() && block.alignments[i] != markdown::Alignment::left) {
        const float free = widths[i] - 20 - text_width(plain_text(block.rows[row][i]), style);
        if (free > 0) cell_x += block.alignments[i] == markdown::Alignment::right ? free : free / 2;
      }
      const RichLayout layout = rich_text("cell", cell_x, y + 5, widths[i] - 20, style.line_height, cells[i]);
      take_link(view, block.rows[row][i], layout.pressed_link);
      if (i > 0) vertical_line(x, y, height, c.border_subtle);
      x += widths[i];
    }
    y += height;
    if (row + 1 < block.rows.size()) horizontal_line(view.flow.x, y - 1, table_width, c.border_subtle);
  }
  outline({view.flow.x, top, table_width, y - top}, c.border_default);
  mirror(id_of(++view.number),
         {view.flow.x, top, table_width, y - top},
         {.role = Aria::table, .name = "Table", .row_count = static_cast<int>(block.rows.size())});
  view.flow.y = y + 12;
}

// ---- lists ----

void draw_block(View& view, const Block& block, bool is_first, bool is_tight);

void draw_task(View& view, const Block& item_block) {
  const bool phone = is_phone();
  const float size = phone ? 20.0f : 15.0f;
  const float row = phone ? 36.0f : 26.0f;
  const bool is_done = item_block.task == Task::done;
  const std::int64_t index = view.task++;
  const Rect box{view.flow.x, view.flow.y, size + 8, row};
  std::string name;
  if (!item_block.children.empty()) name = plain_text(item_block.children.front().spans);
  const IdScope ids(++view.number);
  a11y::Node node;
  node.role = Aria::checkbox;
  node.name = name;
  node.checked = is_done ? Tri::yes : Tri::no;
  node.disabled = view.is_read_only;
  const ItemState state = item(id_of("box"), box, node);
  draw_checkbox(box.x, box.center_y(), is_done ? Tri::yes : Tri::no, size);
  if (state.has_ring) focus_ring({box.x, box.center_y() - size / 2, size, size}, 4);
  if (state.clicked) view.events.ticked = index;
  if (index == view.task_cursor) {
    view.events.cursor_y = box.y;
    if (!state.has_ring) focus_ring({box.x, box.center_y() - size / 2, size, size}, 4);
  }
  const Flow outer = view.flow;
  view.flow.x += size + 8;
  view.flow.w -= size + 8;
  const theme::TextStyle style = prose_style();
  view.flow.y += (row - style.line_height) / 2;
  for (std::size_t i = 0; i < item_block.children.size(); ++i) {
    const Block& child = item_block.children[i];
    if (i == 0 && child.kind == BlockKind::paragraph) {
      draw_paragraph(view, child.spans, style, is_done);
    } else {
      draw_block(view, child, false, true);
    }
  }
  const float end = std::max(view.flow.y + (row - style.line_height) / 2, outer.y + row);
  view.flow = outer;
  view.flow.y = end;
}

void draw_list(View& view, const Block& block, bool is_tight) {
  const theme::Palette& c = theme::colors();
  std::int64_t number = block.first_number;
  const theme::TextStyle style = prose_style();
  for (const Block& item_block : block.children) {
    if (item_block.task != Task::none) {
      draw_task(view, item_block);
      continue;
    }
    const Flow outer = view.flow;
    const float middle_y = view.flow.y + style.line_height / 2;
    if (block.is_ordered) {
      const std::string mark = std::to_string(number++) + '.';
      draw_text(view.flow.x + 18 - text_width(mark, style), middle_y, mark, style, c.text_tertiary);
    } else {
      canvas().AddCircleFilled({view.flow.x + 10, middle_y}, 2, c.text_tertiary);
    }
    view.flow.x += 24;
    view.flow.w -= 24;
    if (item_block.children.empty()) view.flow.y += style.line_height;
    for (std::size_t i = 0; i < item_block.children.size(); ++i) {
      draw_block(view, item_block.children[i], i == 0, block.is_tight);
    }
    const float end = view.flow.y + (block.is_tight ? 2.0f : 0.0f);
    view.flow = outer;
    view.flow.y = end;
  }
  view.flow.y += is_tight ? 2 : 10;
}

void draw_quote(View& view, const Block& block) {
  const Flow outer = view.flow;
  const bool was_faded = view.is_faded;
  view.is_faded = true;
  view.flow.x += 14;
  view.flow.w -= 14;
  for (std::size_t i = 0; i < block.children.size(); ++i) draw_block(view, block.children[i], i == 0, false);
  const float end = view.flow.y;
  view.is_faded = was_faded;
  view.flow = outer;
  fill({outer.x, outer.y, 3, std::max(4.0f, end - outer.y - 10)}, theme::colors().border_default, 1.5f);
  view.flow.y = end;
}

void draw_block(View& view, const Block& block, bool is_first, bool is_tight) {
  switch (block.kind) {
    case BlockKind::heading:
      draw_heading(view, block, is_first);
      return;
    case BlockKind::paragraph: {
      const float top = view.flow.y;
      draw_paragraph(view, block.spans, prose_style());
      const std::string text = plain_text(block.spans);
      mirror(id_of(++view.number),
             {view.flow.x, top, view.flow.w, view.flow.y - top},
             {.role = Aria::paragraph, .name = std::string_view(text).substr(0, 2000)});
      view.flow.y += is_tight ? 0 : 10;
      return;
    }
    case BlockKind::list:
      draw_list(view, block, is_tight);
      return;
    case BlockKind::item:
      return;  // drawn by its list
    case BlockKind::quote:
      draw_quote(view, block);
      return;
    case BlockKind::code:
      draw_code(view, block);
      return;
    case BlockKind::table:
      draw_table(view, block);
      return;
    case BlockKind::rule:
      horizontal_line(view.flow.x, view.flow.y + 8, view.flow.w, theme::colors().border_default);
      view.flow.y += 20;
      return;
    case BlockKind::html: {
      view.flow.y +=
          draw_wrapped(
              view.flow.x, view.flow.y, view.flow.w, block.text, theme::mono, theme::colors().text_tertiary) +
          10;
      return;
    }
  }
}

}  // namespace

MarkdownEvents markdown_view(std::string_view id,
                             Flow& flow,
                             const std::string& text,
                             const MarkdownOptions& options) {
  const IdScope ids(id);
  const ImGuiID own = id_of("text");
  Parsed& kept = parsed(own, text, flow.w);
  MarkdownEvents events;
  View view{flow, kept, events, options.is_read_only, options.task_cursor};
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const float clip_top = list.GetClipRectMin().y;
  const float clip_bottom = list.GetClipRectMax().y;
  for (std::size_t i = 0; i < kept.blocks.size(); ++i) {
    float& height = kept.heights[i];
    const std::int64_t next_task =
        i + 1 < kept.first_task.size() ? kept.first_task[i + 1] : kept.first_task[i] + 1;
    const bool holds_cursor = options.task_cursor >= kept.first_task[i] && options.task_cursor < next_task;
    const bool is_out = height >= 0 && !holds_cursor && (flow.y + height < clip_top || flow.y > clip_bottom);
    if (is_out) {
      flow.y += height;
      continue;
    }
    const float top = flow.y;
    view.task = kept.first_task[i];
    view.number = (i + 1) << 20u;
    draw_block(view, kept.blocks[i], i == 0, false);
    height = flow.y - top;
  }
  return events;
}

}  // namespace dits::web
