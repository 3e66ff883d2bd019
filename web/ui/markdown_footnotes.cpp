// Where footnotes and their marks stand in a text that was laid out.
#include <algorithm>

#include "web/ui/markdown_layout.hpp"

namespace dits::web {

using markdown::Block;
using markdown::Span;
using markdown::SpanKind;

namespace {

// The first span of a text that is the mark of this footnote; its place among them, or npos.
std::size_t find_mark(const std::vector<Span>& spans, std::int64_t number) {
  const auto found = std::find_if(spans.begin(), spans.end(), [&](const Span& span) {
    return span.kind == SpanKind::footnote && span.number == number;
  });
  return found == spans.end() ? std::string::npos : static_cast<std::size_t>(found - spans.begin());
}

// Below the top of `block`, of which no more may have been laid out than its top: it may lie in what is
// folded.
std::optional<float> mark_in(const Block& block, const BlockLayout& layout, std::int64_t number) {
  if (const std::size_t at = find_mark(block.spans, number); at != std::string::npos) {
    const auto run = std::find_if(
        layout.runs.begin(), layout.runs.end(), [&](const TextRun& each) { return at < each.last; });
    return run == layout.runs.end() ? 0 : run->top;
  }
  for (std::size_t row = 0; row < block.rows.size(); ++row) {
    for (const std::vector<Span>& cell : block.rows[row]) {
      if (find_mark(cell, number) != std::string::npos)
        return row < layout.row_tops.size() ? layout.row_tops[row] : 0;
    }
  }
  static const BlockLayout nowhere;
  for (std::size_t at = 0; at < block.children.size(); ++at) {
    const BlockLayout& child = at < layout.children.size() ? layout.children[at] : nowhere;
    if (const auto y = mark_in(block.children[at], child, number)) return child.top + *y;
  }
  return std::nullopt;
}

}  // namespace

std::optional<float> top_of_footnote(const MarkdownText& kept, std::int64_t number) {
  if (kept.blocks.empty() || !kept.blocks.back().is_footnotes) return std::nullopt;
  const BlockLayout& notes = kept.layout.children.back();
  if (number < 1 || static_cast<std::size_t>(number) > notes.children.size()) return std::nullopt;
  return notes.top + notes.children[static_cast<std::size_t>(number - 1)].top;
}

std::optional<float> top_of_footnote_mark(const MarkdownText& kept, std::int64_t number) {
  for (std::size_t at = 0; at < kept.blocks.size(); ++at) {
    const BlockLayout& layout = kept.layout.children[at];
    if (const auto y = mark_in(kept.blocks[at], layout, number)) return layout.top + *y;
  }
  return std::nullopt;
}

}  // namespace dits::web
