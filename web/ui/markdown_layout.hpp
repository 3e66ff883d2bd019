// Where the blocks of a text stand at one width: measured once, so that a frame lays out and draws only what
// is seen of a text of any length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "imgui.h"
#include "shared/markdown/blocks.hpp"
#include "shared/markdown/code.hpp"
#include "web/widgets/rich_text.hpp"

namespace dits::web {

// A part of a paragraph: running text, or a picture on a line of its own.
struct TextRun {
  std::size_t first = 0;  // of the spans
  std::size_t last = 0;   // behind the last one
  bool is_picture = false;
  float top = 0;  // below the top of its block
  float height = 0;
  std::vector<widgets::RichBreak> breaks = {};  // where the drawing of a long one may begin
};

struct BlockLayout {
  float top = 0;  // below the top of the block that it lies in
  float height = 0;
  std::uint32_t number = 0;      // of the block in its text
  std::uint32_t first_task = 0;  // boxes before it
  std::vector<BlockLayout> children = {};
  std::vector<TextRun> runs = {};    // of a paragraph or heading, or of a summary
  std::uint64_t fold = 0;            // of details: their name in their place
  bool is_open = false;              // likewise
  std::vector<float> row_tops = {};  // of a table, and where its last row ends
  // Of a table: where each begins, and where the last one ends; of code: 0, and how wide it is.
  std::vector<float> columns = {};
};

// A picture that a frame has drawn.
struct ShownPicture {
  TextRun* run;
  float width;  // that it has room for
  const std::string* url;
};

// How far a table or code that is wider than the text is moved.
struct Sideways {
  float offset = 0;
  float before_finger = 0;  // the offset when a finger came
};

// A text that was parsed and measured.
struct MarkdownText {
  ImGuiID place = 0;  // where it stands: what was folded there stays so while the page is open
  float width = 0;
  bool is_phone = false;
  int fonts = -1;  // theme::fonts_version
  bool is_plain = false;
  std::vector<markdown::Block> blocks = {};
  BlockLayout layout = {};  // of all: its children are those of `blocks`
  std::unordered_map<const markdown::Block*, Sideways> sideways = {};
  std::vector<ShownPicture> shown_pictures = {};  // in the last frame
  std::unordered_map<const markdown::Block*, std::vector<markdown::CodeSpan>> code = {};
  std::int64_t entered_footnote = 0;  // gets the keyboard when it is drawn next
};

// Parses the text the first time, and measures it where the width is new. A plain text is one block of what
// was written.
void prepare(MarkdownText& kept, const std::string& text, float width, bool is_plain);

// Folds details, or shows what is within.
void set_open(MarkdownText& kept, std::uint64_t fold, bool is_open);
// Opens whatever this box of the text (from 0) lies in.
void reveal_task(MarkdownText& kept, std::int64_t task);

// Whether one of the pictures that were shown has another height now; then all below them has moved.
bool follow_pictures(MarkdownText& kept);

// Where this box of the text (from 0) stands below its top; -1: nowhere.
float top_of_task(const MarkdownText& kept, std::int64_t task);

// Where this footnote stands below the top of its text, and where its mark does that comes first.
std::optional<float> top_of_footnote(const MarkdownText& kept, std::int64_t number);
std::optional<float> top_of_footnote_mark(const MarkdownText& kept, std::int64_t number);
constexpr std::string_view footnote_link = "#footnote-";  // and the number: what its mark links to

// ---- what measuring and drawing have in common ----

theme::TextStyle prose_style();
theme::TextStyle heading_style(int level);
theme::TextStyle cell_style(bool is_head);
float task_box_size();
float task_row_height();
constexpr float item_indent = 24;
constexpr float quote_indent = 14;
constexpr float details_indent = 20;
float summary_space();  // above and below the words of a summary: as high as a box, to be met by a finger
float summary_height(const BlockLayout& layout);
constexpr std::size_t longest_name = 2000;
// What a reader hears of the spans, at its longest a page.
std::string plain_text(const std::vector<markdown::Span>& spans);

struct SpanLook {
  theme::TextStyle style;
  bool is_done = false;   // of a ticked box: struck
  bool is_faded = false;  // within a quote
};
widgets::RichSpan rich_span(const markdown::Span& span, const SpanLook& look);
// Those from `first` up to `last`.
std::vector<widgets::RichSpan> rich_spans(const std::vector<markdown::Span>& spans,
                                          std::size_t first,
                                          std::size_t last,
                                          const SpanLook& look);

}  // namespace dits::web
