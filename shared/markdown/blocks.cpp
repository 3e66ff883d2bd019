#include "shared/markdown/blocks.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <md4c.h>

#include "shared/core/text.hpp"
#include "shared/markdown/emoji.hpp"
#include "shared/markdown/entities.hpp"
#include "shared/markdown/footnotes.hpp"
#include "shared/markdown/html.hpp"
#include "shared/markdown/links.hpp"

namespace dits::markdown {

namespace {

// The text of an attribute with its entities resolved.
std::string text_of(const MD_ATTRIBUTE& attribute) {
  std::string text;
  for (std::size_t at = 0; attribute.text != nullptr && attribute.substr_offsets[at] < attribute.size; ++at) {
    const std::size_t begin = attribute.substr_offsets[at];
    const std::string_view piece(attribute.text + begin, attribute.substr_offsets[at + 1] - begin);
    switch (attribute.substr_types[at]) {
      case MD_TEXT_ENTITY:
        text += resolved_entity(piece);
        break;
      case MD_TEXT_NULLCHAR:
        append_code_point(text, 0xFFFD);
        break;
      default:
        text += piece;
        break;
    }
  }
  return text;
}

bool is_container(BlockKind kind) {
  return kind == BlockKind::list || kind == BlockKind::item || kind == BlockKind::quote ||
         kind == BlockKind::details;
}

// Types of open blocks that are no MD_BLOCKTYPE: tags that stay open over md4c's blocks.
constexpr int details_tag = -1;
constexpr int summary_tag = -2;

// A span that was entered and not left.
struct OpenSpan {
  int type = 0;               // MD_SPANTYPE, or html_tag
  std::string_view tag = {};  // of html_tag: its name
  TagEffect effect = TagEffect::none;
  bool is_bold_paragraph = false;
  std::string address = {};  // of a link or image; empty: none that we follow
};
constexpr int html_tag = -1;

TagEffect effect_of(MD_SPANTYPE type) {
  switch (type) {
    case MD_SPAN_STRONG:
      return TagEffect::bold;
    case MD_SPAN_EM:
      return TagEffect::italic;
    case MD_SPAN_DEL:
      return TagEffect::struck;
    case MD_SPAN_CODE:
      return TagEffect::code;
    case MD_SPAN_A:
      return TagEffect::link;
    case MD_SPAN_IMG:
      return TagEffect::image;
    default:
      return TagEffect::none;
  }
}

// Receives md4c's events, and balances them: what is left without having been entered is passed over, what
// is never left ends with its block. The stack holds the open blocks; each is the last child of the one
// below it, which gets no other child while it is open, so that the pointers stay good. Below max_block_depth
// a container stands for those inside it.
class Builder {
 public:
  Builder(std::size_t source_bytes, Footnotes& footnotes)
      : footnotes_(footnotes), address_bytes_left_(4 * source_bytes + 64 * std::size_t{1024}) {
    open_.push_back({MD_BLOCK_DOC, &document_});
  }

  std::vector<Block> take() {
    end_run();
    close_to(1);
    return std::move(document_.children);
  }

  void enter_block(MD_BLOCKTYPE type, void* detail) {
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
        open(type, BlockKind::heading).level =
            static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
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

  static bool opens_nothing(MD_BLOCKTYPE type) {
    return type == MD_BLOCK_HTML || type == MD_BLOCK_TR || type == MD_BLOCK_TH || type == MD_BLOCK_TD ||
           type == MD_BLOCK_THEAD || type == MD_BLOCK_TBODY;
  }

  void leave_block(MD_BLOCKTYPE type) {
    end_run();
    if (type == MD_BLOCK_TR) end_row();
    if (opens_nothing(type)) return;  // and many may lie in what tags have opened
    for (std::size_t at = open_.size(); at > 1; --at) {
      if (open_[at - 1].type == type) return close_to(at - 1);
    }
  }

  void enter_span(MD_SPANTYPE type, void* detail) {
    finish_html();
    finish_text();
    OpenSpan span;
    span.type = type;
    span.effect = effect_of(type);
    if (type == MD_SPAN_A) span.address = address_from(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
    if (type == MD_SPAN_IMG) span.address = address_from(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
    push(std::move(span));
  }

  void leave_span(MD_SPANTYPE type) {
    finish_html();
    for (std::size_t at = spans_.size(); at > 0; --at) {
      if (spans_[at - 1].type == type) return close(at - 1);
    }
  }

  void text(MD_TEXTTYPE type, std::string_view piece) {
    if (type == MD_TEXT_HTML || is_html_block_) {
      html_ += piece;
      return;
    }
    finish_html();
    Block& block = *open_.back().block;
    if (block.kind == BlockKind::code) {
      block.text += piece;
      return;
    }
    switch (type) {
      case MD_TEXT_NULLCHAR:
        append_code_point(text_, 0xFFFD);
        break;
      case MD_TEXT_BR:
      case MD_TEXT_SOFTBR:
        add_line_break();
        break;
      case MD_TEXT_ENTITY:
        text_ += resolved_entity(piece);
        break;
      case MD_TEXT_CODE:
        add_code(piece);
        break;
      default:
        text_ += piece;
        break;
    }
  }

 private:
  struct OpenBlock {
    int type = MD_BLOCK_DOC;
    Block* block = nullptr;
  };

  static Alignment alignment_of(MD_ALIGN align) {
    return align == MD_ALIGN_RIGHT    ? Alignment::right
           : align == MD_ALIGN_CENTER ? Alignment::center
                                      : Alignment::left;
  }

  // ---- blocks ----

  Block& open(int type, BlockKind kind) {
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

  void close_to(std::size_t count) {
    while (open_.size() > count) {
      const OpenBlock closed = open_.back();
      open_.pop_back();
      if (closed.type == summary_tag) end_summary(*open_.back().block);
      const bool is_unnamed = closed.type == details_tag && closed.block->kind == BlockKind::details &&
                              closed.block->spans.empty();
      if (is_unnamed) closed.block->spans.push_back(plain_span(SpanKind::text, "Details"));
    }
  }

  // What stands in the summary, its last child until now, becomes the words of the details.
  static void end_summary(Block& details) {
    Block summary = std::move(details.children.back());
    details.children.pop_back();
    add_words(details.spans, summary);
  }

  static Span plain_span(SpanKind kind, std::string text) {
    Span span;
    span.kind = kind;
    span.text = std::move(text);
    return span;
  }

  static void add_words(std::vector<Span>& words, Block& block) {
    if (!words.empty() && !block.spans.empty()) words.push_back(plain_span(SpanKind::line_break, {}));
    std::move(block.spans.begin(), block.spans.end(), std::back_inserter(words));
    if (!block.text.empty()) words.push_back(plain_span(SpanKind::text, std::move(block.text)));
    for (Block& child : block.children) add_words(words, child);
    for (auto& row : block.rows) {
      for (auto& cell : row) std::move(cell.begin(), cell.end(), std::back_inserter(words));
    }
  }

  Block* open_table() {
    Block* block = open_.back().block;
    return block->kind == BlockKind::table ? block : nullptr;
  }

  void enter_cell(MD_BLOCKTYPE type, MD_ALIGN align) {
    Block* table = open_table();
    if (table == nullptr) return;
    if (type == MD_BLOCK_TH) table->alignments.push_back(alignment_of(align));
    if (table->rows.empty()) table->rows.emplace_back();
    table->rows.back().emplace_back();
  }

  // A short row of a wide table is filled up by md4c: 10 KB would become a million cells.
  void end_row() {
    Block* table = open_table();
    if (table == nullptr || table->rows.size() < 2) return;
    auto& row = table->rows.back();
    while (!row.empty() && row.back().empty()) row.pop_back();
    row.shrink_to_fit();
  }

  // Where running text goes: the open cell, heading or paragraph; in a tight item, which has none, one is
  // made.
  std::vector<Span>& spans() {
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
  void end_run() {
    finish_html();
    end_paragraph();
    is_html_block_ = false;
  }

  void end_paragraph() {
    if (is_html_block_ && text_.ends_with(' ')) text_.pop_back();
    while (!spans_.empty()) close(spans_.size() - 1);
    finish_text();
    has_loose_paragraph_ = false;
  }

  // ---- spans ----

  // An address that we follow, as long as there are bytes left for addresses: each piece of a link's text
  // holds it again.
  std::string address_from(const MD_ATTRIBUTE& attribute) const {
    if (attribute.size > address_bytes_left_) return {};
    std::string address = text_of(attribute);
    return is_safe_link(address) ? address : std::string();
  }

  int& count_of(TagEffect effect) { return counts_[static_cast<std::size_t>(effect)]; }
  bool has(TagEffect effect) const { return counts_[static_cast<std::size_t>(effect)] > 0; }

  void push(OpenSpan span) {
    ++count_of(span.effect);
    if (span.is_bold_paragraph) ++count_of(TagEffect::bold);
    spans_.push_back(std::move(span));
  }

  void close(std::size_t at) {
    finish_text();
    OpenSpan span = std::move(spans_[at]);
    spans_.erase(spans_.begin() + static_cast<std::ptrdiff_t>(at));
    --count_of(span.effect);
    if (span.is_bold_paragraph) --count_of(TagEffect::bold);
    if (span.effect == TagEffect::image && !has(TagEffect::image))
      add_image(std::exchange(image_text_, {}), std::move(span.address));
  }

  void add_image(std::string text, std::string address) {
    Span image = styled(SpanKind::image);
    image.text = std::move(text);
    if (take_address_bytes(address)) image.target = std::move(address);
    spans().push_back(std::move(image));
  }

  bool take_address_bytes(std::string_view address) {
    if (address.empty() || address.size() > address_bytes_left_) return false;
    address_bytes_left_ -= address.size();
    return true;
  }

  Span styled(SpanKind kind) const {
    Span span;
    span.kind = kind;
    span.is_bold = has(TagEffect::bold);
    span.is_italic = has(TagEffect::italic);
    span.is_struck = has(TagEffect::struck);
    span.is_code = has(TagEffect::code);
    span.is_raised = has(TagEffect::raised);
    span.is_lowered = has(TagEffect::lowered);
    return span;
  }

  const OpenSpan* open_link() const {
    const auto found = std::find_if(
        spans_.rbegin(), spans_.rend(), [](const OpenSpan& span) { return span.effect == TagEffect::link; });
    return found == spans_.rend() ? nullptr : &*found;
  }

  // ---- text ----

  // In a table a pipe is escaped within code too.
  void add_code(std::string_view piece) {
    const bool is_cell = open_.back().block->kind == BlockKind::table;
    for (std::size_t at = 0; at < piece.size(); ++at) {
      const bool is_escape = is_cell && piece[at] == '\\' && piece.substr(at + 1, 1) == "|";
      if (!is_escape) text_ += piece[at];
    }
  }

  void add_line_break() {
    if (has(TagEffect::image)) {
      text_ += ' ';
      return;
    }
    finish_text();
    spans().push_back(styled(SpanKind::line_break));
  }

  // The text since the last change of style becomes a span.
  void finish_text() {
    if (text_.empty()) return;
    if (has(TagEffect::image)) {
      image_text_ += text_;
      text_.clear();
      return;
    }
    if (!has(TagEffect::code)) text_ = with_emoji(std::move(text_));
    const OpenSpan* link = has(TagEffect::link) ? open_link() : nullptr;
    if (link != nullptr && take_address_bytes(link->address)) {
      Span span = styled(SpanKind::link);
      span.text = std::move(text_);
      span.target = link->address;
      spans().push_back(std::move(span));
    } else {
      Span span = styled(SpanKind::text);
      span.text = std::move(text_);
      if (has(TagEffect::code) || link != nullptr) {
        spans().push_back(std::move(span));
      } else {
        add_words(std::move(span));
      }
    }
    text_.clear();
  }

  // With the numbers of the footnotes that they use.
  void add_words(Span words) {
    const std::string text = std::move(words.text);
    const auto add_piece = [&](std::size_t begin, std::size_t end) {
      words.text = text.substr(begin, end - begin);
      append_with_mentions(spans(), words);
    };
    std::size_t copied = 0;
    std::size_t at = footnotes_.is_empty() ? std::string::npos : text.find("[^");
    for (; at != std::string::npos; at = text.find("[^", at)) {
      std::size_t length = 2;
      const std::size_t number = footnotes_.use(std::string_view(text).substr(at), length);
      if (number > 0) {
        add_piece(copied, at);
        Span mark = styled(SpanKind::text);
        mark.text = '[' + std::to_string(number) + ']';
        mark.is_raised = true;
        spans().push_back(std::move(mark));
        copied = at + length;
      }
      at += length;
    }
    add_piece(copied, text.size());
  }

  // ---- HTML ----

  void finish_html() {
    if (html_.empty()) return;
    const std::string html = std::exchange(html_, {});
    for (HtmlPiece& piece : html_pieces(html)) {
      if (piece.kind == HtmlPiece::Kind::text) {
        add_html_text(piece.text);
      } else if (piece.kind == HtmlPiece::Kind::opening) {
        enter_tag(piece);
      } else {
        leave_tag(piece);
      }
    }
    end_verbatim();
  }

  void add_html_text(std::string_view text) {
    if (is_verbatim_) {
      verbatim_ += text;
      return;
    }
    for (const char c : text) {
      const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
      if (!is_space) {
        text_ += c;
      } else if (!is_html_block_ || has_words()) {
        if (text_.empty() || text_.back() != ' ') text_ += ' ';
      }
    }
  }

  // Something stands in the paragraph already.
  bool has_words() const {
    const bool is_in_summary = open_.back().type == summary_tag && !open_.back().block->spans.empty();
    return !text_.empty() || has_loose_paragraph_ || is_in_summary;
  }

  void enter_tag(HtmlPiece& piece) {
    if (is_verbatim_) return;
    switch (piece.effect) {
      case TagEffect::none:
        return;
      case TagEffect::line:
        return add_line_break();
      case TagEffect::space:
        if (has_words()) text_ += ' ';
        return;
      case TagEffect::image:
        return add_html_image(piece);
      case TagEffect::rule:
      case TagEffect::verbatim:
      case TagEffect::paragraph:
      case TagEffect::item:
      case TagEffect::details:
      case TagEffect::summary:
        if (is_html_block_) enter_block_tag(piece);
        return;
      default:
        finish_text();
        return push_tag(piece);
    }
  }

  void enter_block_tag(HtmlPiece& piece) {
    end_paragraph();
    if (piece.effect == TagEffect::details) {
      open(details_tag, BlockKind::details).is_open = piece.is_open;
      return;
    }
    if (piece.effect == TagEffect::summary && is_summary_due()) {
      open(summary_tag, BlockKind::paragraph);
      return;
    }
    if (piece.effect == TagEffect::rule) open_.back().block->children.emplace_back().kind = BlockKind::rule;
    if (piece.effect == TagEffect::verbatim) is_verbatim_ = true;
    if (piece.effect == TagEffect::item) text_ += "\xE2\x80\xA2 ";
    if (piece.is_bold_paragraph) push_tag(piece);
  }

  bool is_summary_due() const {
    const OpenBlock& top = open_.back();
    return top.type == details_tag && top.block->kind == BlockKind::details && top.block->children.empty() &&
           top.block->spans.empty();
  }

  // What was opened by a tag, and lies within no block of md4c that is still open.
  void leave_block_tag(TagEffect effect) {
    end_paragraph();
    if (open_.back().type == summary_tag) close_to(open_.size() - 1);
    if (effect == TagEffect::details && open_.back().type == details_tag) close_to(open_.size() - 1);
  }

  void add_html_image(HtmlPiece& piece) {
    finish_text();
    if (has(TagEffect::image)) {
      text_ += piece.text;
    } else {
      add_image(std::move(piece.text), is_safe_link(piece.address) ? std::move(piece.address) : "");
    }
  }

  void push_tag(HtmlPiece& piece) {
    if (spans_.size() >= max_open_tags) return;
    OpenSpan span;
    span.type = html_tag;
    span.tag = piece.tag;
    span.effect = piece.effect;
    span.is_bold_paragraph = piece.is_bold_paragraph;
    if (is_safe_link(piece.address)) span.address = std::move(piece.address);
    push(std::move(span));
  }

  void leave_tag(const HtmlPiece& piece) {
    if (is_verbatim_) {
      if (piece.effect == TagEffect::verbatim) end_verbatim();
      return;
    }
    const bool ends_block = piece.effect == TagEffect::details || piece.effect == TagEffect::summary;
    if (ends_block && is_html_block_) return leave_block_tag(piece.effect);
    const bool ends_paragraph = piece.effect == TagEffect::paragraph || piece.effect == TagEffect::item;
    if (ends_paragraph && is_html_block_) return end_paragraph();
    for (std::size_t at = spans_.size(); at > 0; --at) {
      if (spans_[at - 1].type == html_tag && spans_[at - 1].tag == piece.tag) return close(at - 1);
    }
  }

  void end_verbatim() {
    if (!std::exchange(is_verbatim_, false)) return;
    Block& block = open_.back().block->children.emplace_back();
    block.kind = BlockKind::code;
    block.text = std::exchange(verbatim_, {});
    if (block.text.starts_with('\n')) block.text.erase(0, 1);
  }

  static constexpr std::size_t max_open_tags = 64;  // more of them are passed over

  Footnotes& footnotes_;
  Block document_;
  Block scratch_;  // stands for containers that are nested too deeply
  std::vector<OpenBlock> open_;
  bool has_loose_paragraph_ = false;
  std::string text_;
  std::vector<OpenSpan> spans_;
  std::array<int, 20> counts_{};  // open spans of each effect
  std::string image_text_;
  std::size_t address_bytes_left_;
  std::string html_;  // that was not read yet
  bool is_html_block_ = false;
  bool is_verbatim_ = false;
  std::string verbatim_;
};

std::vector<Block> blocks_of(std::string_view text, Footnotes& footnotes, unsigned flags) {
  Builder builder(text.size(), footnotes);
  MD_PARSER parser{};
  parser.flags = flags;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    static_cast<Builder*>(user)->enter_block(type, detail);
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
    static_cast<Builder*>(user)->leave_block(type);
    return 0;
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
    static_cast<Builder*>(user)->enter_span(type, detail);
    return 0;
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
    static_cast<Builder*>(user)->leave_span(type);
    return 0;
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* piece, MD_SIZE size, void* user) {
    static_cast<Builder*>(user)->text(type, {piece, size});
    return 0;
  };
  md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &builder);
  return builder.take();
}

}  // namespace

std::vector<Block> parse(std::string_view text) {
  std::string source(text);
  Footnotes footnotes(source);
  std::vector<Block> blocks = blocks_of(source, footnotes, MD_DIALECT_GITHUB);
  if (footnotes.used().empty()) return blocks;
  Block list;
  list.kind = BlockKind::list;
  list.is_ordered = true;
  list.is_tight = true;
  // One may use others. A box in it would have no place in the text.
  constexpr unsigned flags = MD_DIALECT_GITHUB & ~static_cast<unsigned>(MD_FLAG_TASKLISTS);
  for (std::size_t at = 0; at < footnotes.used().size(); ++at) {
    Block& item = list.children.emplace_back();
    item.kind = BlockKind::item;
    item.children = blocks_of(footnotes[footnotes.used()[at]].text, footnotes, flags);
  }
  blocks.emplace_back().kind = BlockKind::rule;
  blocks.push_back(std::move(list));
  return blocks;
}

}  // namespace dits::markdown
