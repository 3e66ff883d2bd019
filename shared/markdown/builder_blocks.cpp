// Blocks: which are open, and where text goes.
#include <iterator>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/markdown/builder.hpp"

namespace dits::markdown {

namespace {

bool is_container(BlockKind kind) {
  return kind == BlockKind::list || kind == BlockKind::item || kind == BlockKind::quote ||
         kind == BlockKind::details;
}

bool opens_nothing(MD_BLOCKTYPE type) {
  return type == MD_BLOCK_HTML || type == MD_BLOCK_TR || type == MD_BLOCK_TH || type == MD_BLOCK_TD ||
         type == MD_BLOCK_THEAD || type == MD_BLOCK_TBODY;
}

Alignment alignment_of(MD_ALIGN align) {
  return align == MD_ALIGN_RIGHT    ? Alignment::right
         : align == MD_ALIGN_CENTER ? Alignment::center
                                    : Alignment::left;
}

Span plain_span(SpanKind kind, std::string text) {
  Span span;
  span.kind = kind;
  span.text = std::move(text);
  return span;
}

void add_words(std::vector<Span>& words, Block& block) {
  if (!words.empty() && !block.spans.empty()) words.push_back(plain_span(SpanKind::line_break, {}));
  std::move(block.spans.begin(), block.spans.end(), std::back_inserter(words));
  if (!block.text.empty()) words.push_back(plain_span(SpanKind::text, std::move(block.text)));
  for (Block& child : block.children) add_words(words, child);
  for (auto& row : block.rows) {
    for (auto& cell : row) std::move(cell.begin(), cell.end(), std::back_inserter(words));
  }
}

// What stands in the summary, its last child until now, becomes the words of the details.
void end_summary(Block& details) {
  Block summary = std::move(details.children.back());
  details.children.pop_back();
  add_words(details.spans, summary);
}

}  // namespace

Builder::Builder(Footnotes& footnotes, std::size_t& address_bytes_left)
    : footnotes_(footnotes), address_bytes_left_(address_bytes_left) {
  open_.push_back({MD_BLOCK_DOC, &document_});
}

std::vector<Block> Builder::take() {
  end_run();
  close_to(1);
  return std::move(document_.children);
}

void Builder::enter_block(MD_BLOCKTYPE type, void* detail) {
  end_run();
  switch (type) {
    case MD_BLOCK_QUOTE:
      open(type, BlockKind::quote);
      break;
    case MD_BLOCK_UL:
      open(type, BlockKind::list).is_tight = static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0;
      break;
    case MD_BLOCK_OL: {
      const auto* list = static_cast<MD_BLOCK_OL_DETAIL*>(detail);
      Block& block = open(type, BlockKind::list);
      block.is_ordered = true;
      block.is_tight = list->is_tight != 0;
      block.first_number = list->start;
      break;
    }
    case MD_BLOCK_LI: {
      const auto* item = static_cast<MD_BLOCK_LI_DETAIL*>(detail);
      Block& block = open(type, BlockKind::item);
      if (item->is_task == 0) break;
      block.task = item->task_mark == ' ' ? Task::open : Task::done;
      block.task_offset = item->task_mark_offset;
      break;
    }
    case MD_BLOCK_HR:
      open(type, BlockKind::rule);
      break;
    case MD_BLOCK_H:
      open(type, BlockKind::heading).level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
      break;
    case MD_BLOCK_CODE:
      open(type, BlockKind::code).language =
          fold_case(text_of(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang));
      break;
    case MD_BLOCK_P:
      open(type, BlockKind::paragraph);
      break;
    case MD_BLOCK_TABLE:
      open(type, BlockKind::table);
      break;
    case MD_BLOCK_TR:
      if (Block* table = open_table()) table->rows.emplace_back();
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      enter_cell(type, static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align);
      break;
    case MD_BLOCK_HTML:
      is_html_block_ = true;
      break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
      break;
  }
}

void Builder::leave_block(MD_BLOCKTYPE type) {
  end_run();
  if (type == MD_BLOCK_TR) end_row();
  if (opens_nothing(type)) return;  // and many may lie in what tags have opened
  for (std::size_t at = open_.size(); at > 1; --at) {
    if (open_[at - 1].type == type) return close_to(at - 1);
  }
}

Block& Builder::open(int type, BlockKind kind) {
  Block& outer = *open_.back().block;
  const bool is_item_of_list = kind == BlockKind::item && outer.kind == BlockKind::list;
  if (is_container(kind) && open_.size() > max_block_depth && !is_item_of_list) {
    open_.push_back({type, &outer});
    return scratch_ = Block{};
  }
  Block& block = outer.children.emplace_back();
  block.kind = kind;
  open_.push_back({type, &block});
  return block;
}

void Builder::close_to(std::size_t count) {
  while (open_.size() > count) {
    const OpenBlock closed = open_.back();
    open_.pop_back();
    if (closed.type == summary_tag) end_summary(*open_.back().block);
    const bool is_unnamed =
        closed.type == details_tag && closed.block->kind == BlockKind::details && closed.block->spans.empty();
    if (is_unnamed) closed.block->spans.push_back(plain_span(SpanKind::text, "Details"));
  }
}

Block* Builder::open_table() {
  Block* block = open_.back().block;
  return block->kind == BlockKind::table ? block : nullptr;
}

void Builder::enter_cell(MD_BLOCKTYPE type, MD_ALIGN align) {
  Block* table = open_table();
  if (table == nullptr) return;
  if (type == MD_BLOCK_TH) table->alignments.push_back(alignment_of(align));
  if (table->rows.empty()) table->rows.emplace_back();
  table->rows.back().emplace_back();
}

// A short row of a wide table is filled up by md4c: 10 KB would become a million cells.
void Builder::end_row() {
  Block* table = open_table();
  if (table == nullptr || table->rows.size() < 2) return;
  auto& row = table->rows.back();
  while (!row.empty() && row.back().empty()) row.pop_back();
  row.shrink_to_fit();
}

// Where running text goes: the open cell, heading or paragraph; in a tight item, which has none, one is
// made.
std::vector<Span>& Builder::spans() {
  Block& block = *open_.back().block;
  if (block.kind == BlockKind::table) {
    if (block.rows.empty()) block.rows.emplace_back();
    if (block.rows.back().empty()) block.rows.back().emplace_back();
    return block.rows.back().back();
  }
  if (!is_container(block.kind) && open_.size() > 1) return block.spans;
  if (!has_loose_paragraph_) block.children.emplace_back();
  has_loose_paragraph_ = true;
  return block.children.back().spans;
}

// Ends all that lies within a block.
void Builder::end_run() {
  finish_html();
  end_paragraph();
  is_html_block_ = false;
}

void Builder::end_paragraph() {
  if (is_html_block_ && text_.ends_with(' ')) text_.pop_back();
  while (!spans_.empty()) close(spans_.size() - 1);
  finish_text();
  has_loose_paragraph_ = false;
}

}  // namespace dits::markdown
