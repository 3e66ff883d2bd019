// Markdown as a tree of blocks to be drawn: GitHub's dialect as it is drawn in an issue (a new line is one),
// with #128 as a mention of an issue, and footnotes below the rest. Of HTML the words are kept, and what
// html.hpp says about them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dits::markdown {

constexpr std::size_t max_block_depth = 16;  // deeper quotes and lists are drawn at this depth

enum class SpanKind : std::uint8_t {
  text,
  link,        // `target` is the address; what links.hpp says is none is no link at all
  image,       // `text` is the alternative text, `target` the address, which may be empty
  mention,     // #128: `number`
  footnote,    // the mark of one, which has a `number`
  line_break,  // a new line is meant here
};

// A run of text in one style.
struct Span {
  SpanKind kind = SpanKind::text;
  bool is_bold = false;
  bool is_italic = false;
  bool is_struck = false;
  bool is_code = false;
  bool is_raised = false;  // <sup>, and the number of a footnote
  bool is_lowered = false;
  std::string text;
  std::string target = {};
  std::int64_t number = 0;
};

enum class BlockKind : std::uint8_t {
  heading,    // level, spans
  paragraph,  // spans
  list,       // children are items
  item,       // children; task, task_offset
  quote,      // children
  details,    // spans are its summary, children what it folds away, is_open
  code,       // text, language
  table,      // rows, alignments
  rule,
};

enum class Task : std::uint8_t { none, open, done };
enum class Alignment : std::uint8_t { left, center, right };

struct Block {
  BlockKind kind = BlockKind::paragraph;
  int level = 0;                  // of a heading: 1..6
  bool is_ordered = false;        // of a list
  bool is_tight = false;          // of a list: items without space between them
  bool is_footnotes = false;      // of a list: they are its items, in the order of their numbers
  std::int64_t first_number = 1;  // of an ordered list
  bool is_open = false;           // of details: shown as long as nobody has folded them
  Task task = Task::none;         // of an item
  std::size_t task_offset = 0;    // byte of the mark between [ and ] in the text: for toggled_task
  std::string language;           // of code: the first word behind the fence, in lower case
  std::string text;
  std::vector<Span> spans;
  std::vector<Block> children;
  std::vector<Alignment> alignments;  // of a table's columns
  // Of a table; the first is the head. A row ends with its last cell that holds something.
  std::vector<std::vector<std::vector<Span>>> rows;
};

// Never fails: what is not markdown is text. `text` must be valid UTF-8. What it returns holds at most a
// fixed number of bytes for each byte of the text.
std::vector<Block> parse(std::string_view text);

}  // namespace dits::markdown
