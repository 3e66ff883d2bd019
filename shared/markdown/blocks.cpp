#include "shared/markdown/blocks.hpp"

#include <md4c.h>

#include "shared/markdown/builder.hpp"

namespace dits::markdown {

namespace {

std::vector<Block> blocks_of(std::string_view text,
                             Footnotes& footnotes,
                             std::size_t& address_bytes_left,
                             unsigned flags) {
  Builder builder(footnotes, address_bytes_left);
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
  // Of the text and its footnotes together: there may be as many of them as lines.
  std::size_t address_bytes_left = 4 * text.size() + 64 * std::size_t{1024};
  std::vector<Block> blocks = blocks_of(source, footnotes, address_bytes_left, MD_DIALECT_GITHUB);
  if (footnotes.used().empty()) return blocks;
  Block list;
  list.kind = BlockKind::list;
  list.is_ordered = true;
  list.is_tight = true;
  list.is_footnotes = true;
  // One may use others. A box in it would have no place in the text.
  constexpr unsigned flags = MD_DIALECT_GITHUB & ~static_cast<unsigned>(MD_FLAG_TASKLISTS);
  for (std::size_t at = 0; at < footnotes.used().size(); ++at) {
    Block& item = list.children.emplace_back();
    item.kind = BlockKind::item;
    item.children = blocks_of(footnotes[footnotes.used()[at]].text, footnotes, address_bytes_left, flags);
  }
  blocks.emplace_back().kind = BlockKind::rule;
  blocks.push_back(std::move(list));
  return blocks;
}

}  // namespace dits::markdown
