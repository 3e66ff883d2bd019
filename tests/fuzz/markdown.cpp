// Whatever the text, markdown is parsed without harm, boxes can be ticked, and no dangerous address becomes a
// link.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "shared/core/text.hpp"
#include "shared/markdown/blocks.hpp"
#include "shared/markdown/code.hpp"
#include "shared/markdown/links.hpp"
#include "shared/markdown/tasks.hpp"
#include "tests/fuzz/support/steps.hpp"

namespace {

using namespace dits::markdown;

constexpr std::size_t depth_of_footnotes = 2;  // each is an item of the list below the text

void check_spans(const std::vector<Span>& spans) {
  for (const Span& span : spans) {
    const bool has_target =
        span.kind == SpanKind::link || (span.kind == SpanKind::image && !span.target.empty());
    if (has_target && !is_safe_link(span.target)) std::abort();
  }
}

void check(const std::vector<Block>& blocks, std::string_view text, std::size_t depth) {
  if (depth > max_block_depth + 4 + depth_of_footnotes) std::abort();
  for (const Block& block : blocks) {
    if (block.task != Task::none && !toggled_task(text, block.task_offset)) std::abort();
    std::size_t end = 0;
    for (const CodeSpan& span : code_spans(block.language, block.text)) {
      if (span.begin < end || span.end > block.text.size()) std::abort();
      end = span.end;
    }
    check_spans(block.spans);
    for (const auto& row : block.rows) {
      for (const auto& cell : row) check_spans(cell);
    }
    check(block.children, text, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 20'000);
  if (dits::is_storable_text(text)) check(parse(text), text, 0);
  return 0;
}
