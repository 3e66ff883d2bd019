// Which details are open, and where boxes lie in them.
#include "web/ui/markdown_folds.hpp"

#include <algorithm>
#include <unordered_map>

namespace dits::web {

namespace {

using markdown::Block;
using markdown::BlockKind;
using markdown::Task;

// What somebody has opened or folded, by name; all else is as its text says.
std::unordered_map<std::uint64_t, bool>& folds() {
  static std::unordered_map<std::uint64_t, bool> all;
  return all;
}

// The details that this box lies in, from the outermost; false when it is nowhere. `before`: boxes so far.
bool find_folds(const std::vector<Block>& blocks,
                std::int64_t task,
                std::int64_t& before,
                std::vector<const Block*>& within) {
  for (const Block& block : blocks) {
    if (block.task != Task::none && before++ == task) return true;
    const bool is_fold = block.kind == BlockKind::details;
    if (is_fold) within.push_back(&block);
    if (find_folds(block.children, task, before, within)) return true;
    if (is_fold) within.pop_back();
  }
  return false;
}

const BlockLayout* layout_of(const std::vector<Block>& blocks,
                             const std::vector<BlockLayout>& layouts,
                             const Block* wanted) {
  for (std::size_t at = 0; at < std::min(blocks.size(), layouts.size()); ++at) {
    if (&blocks[at] == wanted) return &layouts[at];
    if (const BlockLayout* found = layout_of(blocks[at].children, layouts[at].children, wanted)) return found;
  }
  return nullptr;
}

}  // namespace

std::uint64_t fold_name(ImGuiID place, const Block& block, std::uint32_t number) {
  std::uint64_t hash = 14695981039346656037ULL ^ place;
  const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211ULL; };
  for (const markdown::Span& span : block.spans) {
    for (const char c : span.text) add(static_cast<unsigned char>(c));
  }
  add(0x100U + number);
  return hash;
}

bool was_left_open(std::uint64_t fold, bool by_its_text) {
  const auto chosen = folds().find(fold);
  return chosen != folds().end() ? chosen->second : by_its_text;
}

void leave_open(std::uint64_t fold, bool is_open) { folds()[fold] = is_open; }

std::uint32_t count_blocks(const std::vector<Block>& blocks) {
  auto count = static_cast<std::uint32_t>(blocks.size());
  for (const Block& block : blocks) count += count_blocks(block.children);
  return count;
}

void reveal_task(MarkdownText& kept, std::int64_t task) {
  std::int64_t before = 0;
  std::vector<const Block*> within;
  if (task < 0 || !find_folds(kept.blocks, task, before, within)) return;
  for (const Block* block : within) {
    const BlockLayout* layout = layout_of(kept.blocks, kept.layout.children, block);
    if (layout != nullptr && !layout->is_open) set_open(kept, layout->fold, true);
  }
}

}  // namespace dits::web
