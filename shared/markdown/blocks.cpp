#include "shared/markdown/blocks.hpp"

#include <utility>

#include <md4c.h>

#include "shared/core/text.hpp"
#include "shared/markdown/entities.hpp"
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
  return kind == BlockKind::list || kind == BlockKind::item || kind == BlockKind::quote;
}

// Receives md4c's events. The stack holds the open blocks; each is the last child of the one below it, which
// gets no other child while it is open, so that the pointers stay good. Below max_block_depth a container
// stands for those inside it.
class Builder {
 public:
  Builder() { open_.push_back(&document_); }

  std::vector<Block> take() { return std::move(document_.children); }

  void enter_block(MD_BLOCKTYPE type, void* detail) {
    finish_text();
    has_loose_paragraph_ = false;
    switch (type) {
      case MD_BLOCK_QUOTE:
        open(BlockKind::quote);
        break;
      case MD_BLOCK_UL:
        open(BlockKind::list).is_tight = static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0;
        break;
      case MD_BLOCK_OL: {
        const auto* list = static_cast<MD_BLOCK_OL_DETAIL*>(detail);
        Block& block = open(BlockKind::list);
        block.is_ordered = true;
        block.is_tight = list->is_tight != 0;
        block.first_number = list->start;
        break;
      }
      case MD_BLOCK_LI: {
        const auto* item = static_cast<MD_BLOCK_LI_DETAIL*>(detail);
        Block& block = open(BlockKind::item);
        if (item->is_task == 0) break;
        block.task = item->task_mark == ' ' ? Task::open : Task::done;
        block.task_offset = item->task_mark_offset;
        break;
      }
      case MD_BLOCK_HR:
        open(BlockKind::rule);
        break;
      case MD_BLOCK_H:
        open(BlockKind::heading).level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
        break;
      case MD_BLOCK_CODE:
        open(BlockKind::code).language = fold_case(text_of(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang));
        break;
      case MD_BLOCK_HTML:
        open(BlockKind::html);
        break;
      case MD_BLOCK_P:
        open(BlockKind::paragraph);
        break;
      case MD_BLOCK_TABLE:
        open(BlockKind::table);
        break;
      case MD_BLOCK_TR:
        open_.back()->rows.emplace_back();
        break;
      case MD_BLOCK_TH:
        open_.back()->alignments.push_back(alignment_of(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align));
        [[fallthrough]];
      case MD_BLOCK_TD:
        open_.back()->rows.back().emplace_back();
        break;
      case MD_BLOCK_DOC:
      case MD_BLOCK_THEAD:
      case MD_BLOCK_TBODY:
        break;
    }
  }

  void leave_block(MD_BLOCKTYPE type) {
    finish_text();
    has_loose_paragraph_ = false;
    switch (type) {
      case MD_BLOCK_DOC:
      case MD_BLOCK_THEAD:
      case MD_BLOCK_TBODY:
      case MD_BLOCK_TR:
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        return;
      default:
        open_.pop_back();
    }
  }

  void enter_span(MD_SPANTYPE type, void* detail) {
    finish_text();
    change_style(type, 1);
    if (type == MD_SPAN_A) {
      const std::string address = text_of(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
      links_.push_back(is_safe_link(address) ? address : std::string());
    } else if (type == MD_SPAN_IMG && image_depth_++ == 0) {
      const std::string address = text_of(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
      image_ = is_safe_link(address) ? address : std::string();
    }
  }

  void leave_span(MD_SPANTYPE type) {
    finish_text();
    change_style(type, -1);
    if (type == MD_SPAN_A) links_.pop_back();
    if (type == MD_SPAN_IMG && --image_depth_ == 0) {
      Span span = styled(SpanKind::image);
      span.text = std::move(image_text_);
      span.target = std::move(image_);
      image_text_.clear();
      spans().push_back(std::move(span));
    }
  }

  void text(MD_TEXTTYPE type, std::string_view piece) {
    Block& block = *open_.back();
    if (block.kind == BlockKind::code || block.kind == BlockKind::html) {
      block.text += piece;
      return;
    }
    switch (type) {
      case MD_TEXT_NULLCHAR:
        append_code_point(text_, 0xFFFD);
        break;
      case MD_TEXT_BR:
        add_line_break();
        break;
      case MD_TEXT_SOFTBR:
        text_ += ' ';
        break;
      case MD_TEXT_ENTITY:
        text_ += resolved_entity(piece);
        break;
      case MD_TEXT_HTML:
        if (fold_case(piece.substr(0, 3)) == "<br") {
          add_line_break();
        } else {
          text_ += piece;
        }
        break;
      default:
        text_ += piece;
        break;
    }
  }

 private:
  static Alignment alignment_of(MD_ALIGN align) {
    return align == MD_ALIGN_RIGHT    ? Alignment::right
           : align == MD_ALIGN_CENTER ? Alignment::center
                                      : Alignment::left;
  }

  Block& open(BlockKind kind) {
    const bool is_item_of_list = kind == BlockKind::item && open_.back()->kind == BlockKind::list;
    if (is_container(kind) && open_.size() > max_block_depth && !is_item_of_list) {
      open_.push_back(open_.back());
      return scratch_ = Block{};
    }
    Block& block = open_.back()->children.emplace_back();
    block.kind = kind;
    open_.push_back(&block);
    return block;
  }

  void change_style(MD_SPANTYPE type, int by) {
    if (type == MD_SPAN_STRONG) bold_ += by;
    if (type == MD_SPAN_EM) italic_ += by;
    if (type == MD_SPAN_DEL) struck_ += by;
    if (type == MD_SPAN_CODE) code_ += by;
  }

  Span styled(SpanKind kind) const {
    Span span;
    span.kind = kind;
    span.is_bold = bold_ > 0;
    span.is_italic = italic_ > 0;
    span.is_struck = struck_ > 0;
    span.is_code = code_ > 0;
    return span;
  }

  // Where running text goes: the open cell, heading or paragraph; in a tight item, which has none, one is
  // made.
  std::vector<Span>& spans() {
    Block& block = *open_.back();
    if (block.kind == BlockKind::table) return block.rows.back().back();
    if (!is_container(block.kind) && open_.size() > 1) return block.spans;
    if (!has_loose_paragraph_) block.children.emplace_back();
    has_loose_paragraph_ = true;
    return block.children.back().spans;
  }

  void add_line_break() {
    if (image_depth_ > 0) {
      text_ += ' ';
      return;
    }
    finish_text();
    spans().push_back(styled(SpanKind::line_break));
  }

  // The text since the last change of style becomes a span.
  void finish_text() {
    if (text_.empty()) return;
    if (image_depth_ > 0) {
      image_text_ += text_;
    } else if (!links_.empty() && !links_.back().empty()) {
      Span span = styled(SpanKind::link);
      span.text = std::move(text_);
      span.target = links_.back();
      spans().push_back(std::move(span));
    } else {
      Span span = styled(SpanKind::text);
      span.text = std::move(text_);
      if (code_ > 0 || !links_.empty()) {
        spans().push_back(std::move(span));
      } else {
        append_with_mentions(spans(), span);
      }
    }
    text_.clear();
  }

  Block document_;
  Block scratch_;  // stands for containers that are nested too deeply
  std::vector<Block*> open_;
  bool has_loose_paragraph_ = false;
  std::string text_;
  std::vector<std::string> links_;  // of the open links; empty when the address is none that we follow
  std::string image_;
  std::string image_text_;
  int image_depth_ = 0;
  int bold_ = 0;
  int italic_ = 0;
  int struck_ = 0;
  int code_ = 0;
};

}  // namespace

std::vector<Block> parse(std::string_view text) {
  Builder builder;
  MD_PARSER parser{};
  parser.flags = MD_DIALECT_GITHUB;
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

}  // namespace dits::markdown
