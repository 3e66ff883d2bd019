// HTML: what its tags mean for blocks and spans.
#include <utility>

#include "shared/markdown/builder.hpp"
#include "shared/markdown/links.hpp"

namespace dits::markdown {

void Builder::finish_html() {
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

void Builder::add_html_text(std::string_view text) {
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
bool Builder::has_words() const {
  const bool is_in_summary = open_.back().type == summary_tag && !open_.back().block->spans.empty();
  return !text_.empty() || has_loose_paragraph_ || is_in_summary;
}

void Builder::enter_tag(HtmlPiece& piece) {
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

void Builder::enter_block_tag(HtmlPiece& piece) {
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

bool Builder::is_summary_due() const {
  const OpenBlock& top = open_.back();
  return top.type == details_tag && top.block->kind == BlockKind::details && top.block->children.empty() &&
         top.block->spans.empty();
}

// What was opened by a tag, and lies within no block of md4c that is still open.
void Builder::leave_block_tag(TagEffect effect) {
  end_paragraph();
  if (open_.back().type == summary_tag) close_to(open_.size() - 1);
  if (effect == TagEffect::details && open_.back().type == details_tag) close_to(open_.size() - 1);
}

void Builder::add_html_image(HtmlPiece& piece) {
  finish_text();
  if (has(TagEffect::image)) {
    text_ += piece.text;
  } else {
    add_image(std::move(piece.text), is_safe_link(piece.address) ? std::move(piece.address) : "");
  }
}

void Builder::push_tag(HtmlPiece& piece) {
  if (spans_.size() >= max_open_tags) return;
  OpenSpan span;
  span.type = html_tag;
  span.tag = piece.tag;
  span.effect = piece.effect;
  span.is_bold_paragraph = piece.is_bold_paragraph;
  if (is_safe_link(piece.address)) span.address = std::move(piece.address);
  push(std::move(span));
}

void Builder::leave_tag(const HtmlPiece& piece) {
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

void Builder::end_verbatim() {
  if (!std::exchange(is_verbatim_, false)) return;
  Block& block = open_.back().block->children.emplace_back();
  block.kind = BlockKind::code;
  block.text = std::exchange(verbatim_, {});
  if (block.text.starts_with('\n')) block.text.erase(0, 1);
}

}  // namespace dits::markdown
