#include "web/ui/markdown_layout.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/markdown/tasks.hpp"
#include "web/ui/markdown_code.hpp"
#include "web/ui/markdown_folds.hpp"
#include "web/widgets/picture.hpp"

namespace dits::web {

namespace {

using markdown::Block;
using markdown::BlockKind;
using markdown::Span;
using markdown::SpanKind;
using markdown::Task;

constexpr std::size_t bytes_between_breaks = 2048;
constexpr float narrowest_column = 96;  // of those that hold as much

// Only what hangs on our own issues is fetched: a picture elsewhere would tell its server who reads here.
bool is_own_picture(const Span& span) {
  return span.kind == SpanKind::image && span.target.starts_with("/api/v1/issues/") &&
         span.target.find("/attachments/") != std::string::npos &&
         span.target.find_first_of("?#") == std::string::npos;
}

bool has_words(const std::vector<Span>& spans, std::size_t first, std::size_t last) {
  return std::any_of(spans.begin() + static_cast<std::ptrdiff_t>(first),
                     spans.begin() + static_cast<std::ptrdiff_t>(last),
                     [](const Span& span) {
                       return span.kind == SpanKind::image ||
                              span.text.find_first_not_of(" \n") != std::string::npos;
                     });
}

// What the block is told by those around it.
struct Place {
  float width = 0;
  bool is_first = false;
  bool is_tight = false;
  bool is_done = false;
};

// Walks over blocks and layouts side by side. Texts are measured once; that everything is put below what is
// before it is done again when a picture has arrived.
class Measurer {
 public:
  Measurer(MarkdownText& kept, bool measures_text) : kept_(kept), measures_text_(measures_text) {}

  void run() {
    float y = 0;
    same_folds_.clear();
    BlockLayout& all = kept_.layout;
    all.children.resize(kept_.blocks.size());
    for (std::size_t i = 0; i < kept_.blocks.size(); ++i) {
      place(kept_.blocks[i], all.children[i], y, {.width = kept_.width, .is_first = i == 0});
    }
    all.height = y;
  }

 private:
  void place(const Block& block, BlockLayout& layout, float& y, const Place& place) {
    layout.top = y;
    layout.number = ++number_;
    layout.first_task = task_;
    if (block.task != Task::none) ++task_;
    layout.height = height_of(block, layout, place);
    y += layout.height;
  }

  float height_of(const Block& block, BlockLayout& layout, const Place& place) {
    switch (block.kind) {
      case BlockKind::heading: {
        const float space = place.is_first ? 0.0f : block.level <= 2 ? 14.0f : 8.0f;
        return runs(block, layout, space, {place.width, {heading_style(block.level)}}) + 6;
      }
      case BlockKind::paragraph: {
        const float end = runs(block, layout, 0, {place.width, {prose_style(), place.is_done}});
        return end + (place.is_tight ? 0.0f : 10.0f);
      }
      case BlockKind::list:
        return list(block, layout, place);
      case BlockKind::item:
        return 0;  // by its list
      case BlockKind::quote: {
        layout.children.resize(block.children.size());
        float y = 0;
        for (std::size_t i = 0; i < block.children.size(); ++i) {
          this->place(block.children[i],
                      layout.children[i],
                      y,
                      {.width = place.width - quote_indent, .is_first = i == 0});
        }
        return y;
      }
      case BlockKind::details:
        return details(block, layout, place);
      case BlockKind::code:
        if (!measures_text_) return layout.height;
        layout.columns = {0, code_block_width(block)};
        return code_block_height(block) + 12;
      case BlockKind::table:
        return table(block, layout, place.width);
      case BlockKind::rule:
        return 20;
    }
    return 0;
  }

  // ---- details ----

  float details(const Block& block, BlockLayout& layout, const Place& place) {
    const std::uint64_t name = fold_name(kept_.place, block, 0);
    layout.fold = fold_name(kept_.place, block, same_folds_[name]++);
    layout.is_open = was_left_open(layout.fold, block.is_open);
    runs(block, layout, summary_space(), {place.width - details_indent, {prose_style()}});
    float y = summary_height(layout);
    if (!layout.is_open) {
      layout.children.clear();
      pass_over(block.children);
      return y + 8;
    }
    layout.children.resize(block.children.size());
    for (std::size_t i = 0; i < block.children.size(); ++i) {
      this->place(block.children[i], layout.children[i], y, {.width = place.width - details_indent});
    }
    return y + 2;
  }

  // What is not laid out is counted all the same: what follows keeps its numbers.
  void pass_over(const std::vector<Block>& blocks) {
    number_ += count_blocks(blocks);
    task_ += static_cast<std::uint32_t>(markdown::count_tasks(blocks).all);
    pass_over_folds(blocks);
  }
  void pass_over_folds(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      if (block.kind == BlockKind::details) ++same_folds_[fold_name(kept_.place, block, 0)];
      pass_over_folds(block.children);
    }
  }

  // ---- lists ----

  float list(const Block& block, BlockLayout& layout, const Place& place) {
    layout.children.resize(block.children.size());
    float y = 0;
    for (std::size_t i = 0; i < block.children.size(); ++i) {
      const Block& item_block = block.children[i];
      BlockLayout& item_layout = layout.children[i];
      item_layout.top = y;
      item_layout.number = ++number_;
      item_layout.first_task = task_;
      if (item_block.task != Task::none) {
        ++task_;
        item_layout.height = task(item_block, item_layout, place.width);
      } else {
        item_layout.height = item(item_block, item_layout, place.width, block.is_tight);
      }
      y += item_layout.height;
    }
    return y + (place.is_tight ? 2.0f : 10.0f);
  }

  float item(const Block& block, BlockLayout& layout, float width, bool is_tight) {
    layout.children.resize(block.children.size());
    float y = block.children.empty() ? prose_style().line_height : 0;
    for (std::size_t i = 0; i < block.children.size(); ++i) {
      place(block.children[i],
            layout.children[i],
            y,
            {.width = width - item_indent, .is_first = i == 0, .is_tight = is_tight});
    }
    return y + (is_tight ? 2.0f : 0.0f);
  }

  float task(const Block& block, BlockLayout& layout, float width) {
    const float space = (task_row_height() - prose_style().line_height) / 2;
    layout.children.resize(block.children.size());
    float y = space;
    for (std::size_t i = 0; i < block.children.size(); ++i) {
      const bool is_words = i == 0 && block.children[i].kind == BlockKind::paragraph;
      place(block.children[i],
            layout.children[i],
            y,
            {.width = width - task_box_size() - 8,
             .is_tight = true,
             .is_done = is_words && block.task == Task::done});
    }
    return std::max(y + space, task_row_height());
  }

  // ---- running text ----

  struct RunPlace {
    float width = 0;
    SpanLook look;
  };

  // Returns where the last one ends.
  float runs(const Block& block, BlockLayout& layout, float y, const RunPlace& place) const {
    if (measures_text_) {
      const std::vector<TextRun> former = std::exchange(layout.runs, measured_runs(block, place));
      // A picture that has come keeps its room.
      for (std::size_t i = 0; i < std::min(former.size(), layout.runs.size()); ++i) {
        TextRun& run = layout.runs[i];
        if (run.is_picture && former[i].is_picture && run.first == former[i].first)
          run.height = former[i].height;
      }
    }
    for (TextRun& run : layout.runs) {
      run.top = y;
      y += run.height + (run.is_picture ? 6.0f : 0.0f);
    }
    return y;
  }

  static std::vector<TextRun> measured_runs(const Block& block, const RunPlace& place) {
    std::vector<TextRun> runs;
    std::size_t first = 0;
    for (std::size_t i = 0; i <= block.spans.size(); ++i) {
      const bool is_end = i == block.spans.size();
      if (!is_end && !is_own_picture(block.spans[i])) continue;
      std::size_t last = i;
      while (first < last && block.spans[first].kind == SpanKind::line_break) ++first;
      while (first < last && block.spans[last - 1].kind == SpanKind::line_break) --last;
      if (has_words(block.spans, first, last)) runs.push_back(text_run(block, first, last, place));
      if (!is_end) runs.push_back({.first = i, .last = i + 1, .is_picture = true, .height = 56});
      first = i + 1;
    }
    return runs;
  }

  static TextRun text_run(const Block& block, std::size_t first, std::size_t last, const RunPlace& place) {
    TextRun run{.first = first, .last = last};
    const std::vector<RichSpan> spans = rich_spans(block.spans, first, last, place.look);
    run.height =
        rich_text_height(place.width, place.look.style.line_height, spans, bytes_between_breaks, run.breaks);
    return run;
  }

  // ---- tables ----

  float table(const Block& block, BlockLayout& layout, float width) const {
    if (block.rows.empty() || block.rows.front().empty()) return 0;
    if (!measures_text_) return layout.height;
    layout.columns = column_places(block, width);
    layout.row_tops.clear();
    float y = 0;
    for (std::size_t row = 0; row < block.rows.size(); ++row) {
      layout.row_tops.push_back(y);
      y += row_height(block.rows[row], layout.columns, cell_style(row == 0));
    }
    layout.row_tops.push_back(y);
    return y + 12;
  }

  // As wide as what they hold, in all as wide as the text, and none too narrow for a word: such a table is
  // moved sideways.
  static std::vector<float> column_places(const Block& block, float width) {
    const std::size_t count = block.rows.front().size();
    std::vector<float> wanted(count, 40.0f);
    for (const auto& row : block.rows) {
      for (std::size_t i = 0; i < std::min(count, row.size()); ++i) {
        float cell_width = 22;
        for (const Span& span : row[i]) cell_width += text_width(span.text, theme::body_medium);
        wanted[i] = std::max(wanted[i], cell_width);
      }
    }
    float sum = 0;
    for (const float w : wanted) sum += w;
    const float scale = width / std::max(1.0f, sum);
    std::vector<float> places{0};
    for (const float w : wanted)
      places.push_back(places.back() + std::max(std::min(w, narrowest_column), std::floor(w * scale)));
    return places;
  }

  static float row_height(const std::vector<std::vector<Span>>& row,
                          const std::vector<float>& columns,
                          theme::TextStyle style) {
    float height = 28;
    for (std::size_t i = 0; i + 1 < columns.size() && i < row.size(); ++i) {
      const std::vector<RichSpan> spans = rich_spans(row[i], 0, row[i].size(), {style});
      const float width = columns[i + 1] - columns[i] - 20;
      height = std::max(height, rich_text_height(width, style.line_height, spans) + 10);
    }
    return height;
  }

  MarkdownText& kept_;
  bool measures_text_;
  std::uint32_t number_ = 0;
  std::uint32_t task_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> same_folds_;  // that came so far
};

}  // namespace

void prepare(MarkdownText& kept, const std::string& text, float width, bool is_plain) {
  const bool is_new = kept.width == 0 || kept.is_plain != is_plain;
  const bool is_measured =
      kept.width == width && kept.is_phone == is_phone() && kept.fonts == theme::fonts_version();
  if (!is_new && is_measured) return;
  if (is_new) {
    kept = {.place = kept.place};
    kept.is_plain = is_plain;
    if (is_plain) {
      Block& block = kept.blocks.emplace_back();
      block.kind = BlockKind::code;
      block.text = text;
    } else {
      kept.blocks = markdown::parse(text);
    }
  }
  kept.width = width;
  kept.is_phone = is_phone();
  kept.fonts = theme::fonts_version();
  kept.shown_pictures.clear();
  Measurer(kept, true).run();
}

void set_open(MarkdownText& kept, std::uint64_t fold, bool is_open) {
  leave_open(fold, is_open);
  kept.shown_pictures.clear();
  Measurer(kept, true).run();
}

std::string plain_text(const std::vector<Span>& spans) {
  std::string text;
  for (const Span& span : spans) {
    text += span.kind == SpanKind::line_break ? std::string_view(" ")
                                              : std::string_view(span.text).substr(0, longest_name);
    if (text.size() > longest_name) break;
  }
  return text;
}

float summary_space() { return (task_row_height() - prose_style().line_height) / 2; }

float summary_height(const BlockLayout& layout) {
  float end = summary_space() + prose_style().line_height;
  for (const TextRun& run : layout.runs) end = std::max(end, run.top + run.height);
  return end + summary_space();
}

bool follow_pictures(MarkdownText& kept) {
  bool is_moved = false;
  for (const ShownPicture& shown : std::exchange(kept.shown_pictures, {})) {
    const float height = picture_height(shown.width, *shown.url);
    is_moved = is_moved || height != shown.run->height;
    shown.run->height = height;
  }
  if (is_moved) Measurer(kept, false).run();
  return is_moved;
}

float top_of_task(const MarkdownText& kept, std::int64_t task) {
  if (task < 0) return -1;
  const std::vector<Block>* blocks = &kept.blocks;
  const std::vector<BlockLayout>* layouts = &kept.layout.children;
  float y = 0;
  while (!layouts->empty()) {
    // The last one before which there are not more boxes.
    const auto behind = std::upper_bound(
        layouts->begin(), layouts->end(), task, [](std::int64_t number, const BlockLayout& each) {
          return number < static_cast<std::int64_t>(each.first_task);
        });
    if (behind == layouts->begin()) return -1;
    const auto at = static_cast<std::size_t>(behind - layouts->begin() - 1);
    const BlockLayout& layout = (*layouts)[at];
    const Block& block = (*blocks)[at];
    y += layout.top;
    if (block.task != Task::none && layout.first_task == task) return y;
    blocks = &block.children;
    layouts = &layout.children;
  }
  return -1;
}

theme::TextStyle prose_style() { return is_phone() ? theme::touch_prose : theme::prose; }

theme::TextStyle heading_style(int level) {
  constexpr theme::TextStyle styles[] = {{theme::Face::semibold, 19, 28},
                                         {theme::Face::semibold, 17, 25},
                                         theme::title,
                                         {theme::Face::semibold, 13, 20},
                                         theme::small_strong,
                                         theme::caption_strong};
  theme::TextStyle style = styles[std::clamp(level, 1, 6) - 1];
  const float more = prose_style().size - theme::prose.size;
  style.size += more;
  style.line_height += more;
  return style;
}

theme::TextStyle cell_style(bool is_head) {
  return is_head ? theme::TextStyle{theme::Face::medium, 12, 18} : theme::TextStyle{theme::Face::ui, 13, 18};
}

float task_box_size() { return is_phone() ? 20.0f : 15.0f; }
float task_row_height() { return is_phone() ? 36.0f : 26.0f; }

RichSpan rich_span(const Span& span, const SpanLook& look) {
  const theme::Palette& c = theme::colors();
  RichSpan rich;
  rich.text = span.text;
  rich.style = look.style;
  if (span.is_bold && look.style.face == theme::Face::ui) rich.style.face = theme::Face::semibold;
  rich.style.is_slanted = span.is_italic;
  rich.color = look.is_done ? c.text_tertiary : look.is_faded ? c.text_secondary : c.text_primary;
  rich.is_struck = span.is_struck || look.is_done;
  if (span.is_code) {
    rich.style.face = theme::Face::mono;
    rich.style.size = look.style.size - 1;
    rich.background = c.bg_sunken;
  }
  if (span.is_raised || span.is_lowered) {
    rich.style.size = std::round(rich.style.size * 0.8f);
    rich.rise = span.is_raised ? 4.0f : -3.0f;
  }
  if (span.kind == SpanKind::link || span.kind == SpanKind::image) rich.link = span.target;
  if (span.kind == SpanKind::mention) rich.link = "/issues/" + std::to_string(span.number);
  if (span.kind == SpanKind::footnote) rich.link = std::string(footnote_link) + std::to_string(span.number);
  // Their addresses would tell nothing.
  rich.has_card = span.kind == SpanKind::mention || span.kind == SpanKind::footnote;
  if (span.kind == SpanKind::image && span.text.empty()) rich.text = "image";
  if (span.kind == SpanKind::line_break) rich.text = "\n";
  return rich;
}

std::vector<RichSpan> rich_spans(const std::vector<Span>& spans,
                                 std::size_t first,
                                 std::size_t last,
                                 const SpanLook& look) {
  std::vector<RichSpan> rich;
  rich.reserve(last - first);
  for (std::size_t at = first; at < last; ++at) rich.push_back(rich_span(spans[at], look));
  return rich;
}

}  // namespace dits::web
