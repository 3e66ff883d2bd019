// What makes the tree of blocks.hpp out of what md4c tells. Of the three parts each has its file: blocks, the
// spans in them, and HTML in between.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <md4c.h>

#include "shared/markdown/blocks.hpp"
#include "shared/markdown/footnotes.hpp"
#include "shared/markdown/html.hpp"

namespace dits::markdown {

// A span that was entered and not left.
struct OpenSpan {
  int type = 0;               // MD_SPANTYPE, or html_tag
  std::string_view tag = {};  // of html_tag: its name
  TagEffect effect = TagEffect::none;
  bool is_bold_paragraph = false;
  std::string address = {};  // of a link or image; empty: none that we follow
};
constexpr int html_tag = -1;

// Types of open blocks that are no MD_BLOCKTYPE: tags that stay open over md4c's blocks.
constexpr int details_tag = -1;
constexpr int summary_tag = -2;

// Receives md4c's events, and balances them: what is left without having been entered is passed over, what
// is never left ends with its block. The stack holds the open blocks; each is the last child of the one
// below it, which gets no other child while it is open, so that the pointers stay good. Below max_block_depth
// a container stands for those inside it.
class Builder {
 public:
  // Addresses take no more than so many bytes: each piece of a link's text holds its own again. What is left
  // is for the next part of the same text.
  Builder(Footnotes& footnotes, std::size_t& address_bytes_left);
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  void enter_block(MD_BLOCKTYPE type, void* detail);
  void leave_block(MD_BLOCKTYPE type);
  void enter_span(MD_SPANTYPE type, void* detail);
  void leave_span(MD_SPANTYPE type);
  void text(MD_TEXTTYPE type, std::string_view piece);
  std::vector<Block> take();

 private:
  struct OpenBlock {
    int type = MD_BLOCK_DOC;
    Block* block = nullptr;
  };

  // ---- builder_blocks.cpp ----

  Block& open(int type, BlockKind kind);
  void close_to(std::size_t count);
  Block* open_table();
  void enter_cell(MD_BLOCKTYPE type, MD_ALIGN align);
  void end_row();
  std::vector<Span>& spans();
  // Ends all that lies within a block.
  void end_run();
  void end_paragraph();

  // ---- builder_spans.cpp ----

  std::string address_from(const MD_ATTRIBUTE& attribute) const;
  int& count_of(TagEffect effect) { return counts_[static_cast<std::size_t>(effect)]; }
  bool has(TagEffect effect) const { return counts_[static_cast<std::size_t>(effect)] > 0; }
  void push(OpenSpan span);
  void close(std::size_t at);
  void add_image(std::string text, std::string address);
  bool take_address_bytes(std::string_view address);
  Span styled(SpanKind kind) const;
  const OpenSpan* open_link() const;
  void add_code(std::string_view piece);
  void add_line_break();
  void finish_text();
  void add_words(Span words);

  // ---- builder_html.cpp ----

  void finish_html();
  void add_html_text(std::string_view text);
  bool has_words() const;
  void enter_tag(HtmlPiece& piece);
  void enter_block_tag(HtmlPiece& piece);
  bool is_summary_due() const;
  void leave_block_tag(TagEffect effect);
  void add_html_image(HtmlPiece& piece);
  void push_tag(HtmlPiece& piece);
  void leave_tag(const HtmlPiece& piece);
  void end_verbatim();

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
  std::size_t& address_bytes_left_;
  std::string html_;  // that was not read yet
  bool is_html_block_ = false;
  bool is_verbatim_ = false;
  std::string verbatim_;
};

// The text of an attribute of md4c with its entities resolved.
std::string text_of(const MD_ATTRIBUTE& attribute);

}  // namespace dits::markdown
