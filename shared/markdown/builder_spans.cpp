// Spans: text in its styles, links, pictures, marks of footnotes.
#include <algorithm>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/markdown/builder.hpp"
#include "shared/markdown/emoji.hpp"
#include "shared/markdown/entities.hpp"
#include "shared/markdown/links.hpp"

namespace dits::markdown {

namespace {

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

}  // namespace

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

void Builder::enter_span(MD_SPANTYPE type, void* detail) {
  finish_html();
  finish_text();
  OpenSpan span;
  span.type = type;
  span.effect = effect_of(type);
  if (type == MD_SPAN_A) span.address = address_from(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
  if (type == MD_SPAN_IMG) span.address = address_from(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
  push(std::move(span));
}

void Builder::leave_span(MD_SPANTYPE type) {
  finish_html();
  for (std::size_t at = spans_.size(); at > 0; --at) {
    if (spans_[at - 1].type == type) return close(at - 1);
  }
}

void Builder::text(MD_TEXTTYPE type, std::string_view piece) {
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

// An address that we follow, as long as there are bytes left for addresses: each piece of a link's text
// holds it again.
std::string Builder::address_from(const MD_ATTRIBUTE& attribute) const {
  if (attribute.size > address_bytes_left_) return {};
  std::string address = text_of(attribute);
  return is_safe_link(address) ? address : std::string();
}

void Builder::push(OpenSpan span) {
  ++count_of(span.effect);
  if (span.is_bold_paragraph) ++count_of(TagEffect::bold);
  spans_.push_back(std::move(span));
}

void Builder::close(std::size_t at) {
  finish_text();
  OpenSpan span = std::move(spans_[at]);
  spans_.erase(spans_.begin() + static_cast<std::ptrdiff_t>(at));
  --count_of(span.effect);
  if (span.is_bold_paragraph) --count_of(TagEffect::bold);
  if (span.effect == TagEffect::image && !has(TagEffect::image))
    add_image(std::exchange(image_text_, {}), std::move(span.address));
}

void Builder::add_image(std::string text, std::string address) {
  Span image = styled(SpanKind::image);
  image.text = std::move(text);
  if (take_address_bytes(address)) image.target = std::move(address);
  spans().push_back(std::move(image));
}

bool Builder::take_address_bytes(std::string_view address) {
  if (address.empty() || address.size() > address_bytes_left_) return false;
  address_bytes_left_ -= address.size();
  return true;
}

Span Builder::styled(SpanKind kind) const {
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

const OpenSpan* Builder::open_link() const {
  const auto found = std::find_if(
      spans_.rbegin(), spans_.rend(), [](const OpenSpan& span) { return span.effect == TagEffect::link; });
  return found == spans_.rend() ? nullptr : &*found;
}

// In a table a pipe is escaped within code too.
void Builder::add_code(std::string_view piece) {
  const bool is_cell = open_.back().block->kind == BlockKind::table;
  for (std::size_t at = 0; at < piece.size(); ++at) {
    const bool is_escape = is_cell && piece[at] == '\\' && piece.substr(at + 1, 1) == "|";
    if (!is_escape) text_ += piece[at];
  }
}

void Builder::add_line_break() {
  if (has(TagEffect::image)) {
    text_ += ' ';
    return;
  }
  finish_text();
  spans().push_back(styled(SpanKind::line_break));
}

// The text since the last change of style becomes a span.
void Builder::finish_text() {
  if (text_.empty()) return;
  if (has(TagEffect::image)) {
    image_text_ += text_;
    text_.clear();
    return;
  }
  if (!has(TagEffect::code)) text_ = with_emoji(text_);
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
void Builder::add_words(Span words) {
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
      Span mark = styled(SpanKind::footnote);
      mark.number = static_cast<std::int64_t>(number);
      mark.text = '[' + std::to_string(number) + ']';
      mark.is_raised = true;
      spans().push_back(std::move(mark));
      copied = at + length;
    }
    at += length;
  }
  add_piece(copied, text.size());
}

}  // namespace dits::markdown
