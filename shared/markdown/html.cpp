#include "shared/markdown/html.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/markdown/entities.hpp"

namespace dits::markdown {

namespace {

struct KnownTag {
  std::string_view name;
  TagEffect effect;
};

constexpr KnownTag known_tags[] = {
    {"a", TagEffect::link},           {"abbr", TagEffect::none},
    {"b", TagEffect::bold},           {"blockquote", TagEffect::paragraph},
    {"br", TagEffect::line},          {"caption", TagEffect::paragraph},
    {"center", TagEffect::paragraph}, {"cite", TagEffect::italic},
    {"code", TagEffect::code},        {"dd", TagEffect::paragraph},
    {"del", TagEffect::struck},       {"details", TagEffect::details},
    {"dfn", TagEffect::italic},       {"div", TagEffect::paragraph},
    {"dl", TagEffect::paragraph},     {"dt", TagEffect::paragraph},
    {"em", TagEffect::italic},        {"figcaption", TagEffect::paragraph},
    {"figure", TagEffect::paragraph}, {"font", TagEffect::none},
    {"h1", TagEffect::paragraph},     {"h2", TagEffect::paragraph},
    {"h3", TagEffect::paragraph},     {"h4", TagEffect::paragraph},
    {"h5", TagEffect::paragraph},     {"h6", TagEffect::paragraph},
    {"hr", TagEffect::rule},          {"i", TagEffect::italic},
    {"img", TagEffect::image},        {"ins", TagEffect::none},
    {"kbd", TagEffect::code},         {"li", TagEffect::item},
    {"mark", TagEffect::none},        {"ol", TagEffect::paragraph},
    {"p", TagEffect::paragraph},      {"picture", TagEffect::none},
    {"pre", TagEffect::verbatim},     {"q", TagEffect::none},
    {"rp", TagEffect::none},          {"rt", TagEffect::none},
    {"ruby", TagEffect::none},        {"s", TagEffect::struck},
    {"samp", TagEffect::code},        {"section", TagEffect::paragraph},
    {"small", TagEffect::none},       {"source", TagEffect::none},
    {"span", TagEffect::none},        {"strike", TagEffect::struck},
    {"strong", TagEffect::bold},      {"sub", TagEffect::lowered},
    {"summary", TagEffect::summary},  {"sup", TagEffect::raised},
    {"table", TagEffect::paragraph},  {"tbody", TagEffect::none},
    {"td", TagEffect::space},         {"tfoot", TagEffect::none},
    {"th", TagEffect::space},         {"thead", TagEffect::none},
    {"tr", TagEffect::paragraph},     {"tt", TagEffect::code},
    {"u", TagEffect::none},           {"ul", TagEffect::paragraph},
    {"var", TagEffect::italic},
};

const KnownTag* find_tag(std::string_view name) {
  constexpr std::size_t longest_name = 10;
  if (name.size() > longest_name) return nullptr;
  const std::string folded = fold_case(name);
  const auto found = std::find_if(std::begin(known_tags), std::end(known_tags), [&](const KnownTag& known) {
    return known.name == folded;
  });
  return found == std::end(known_tags) ? nullptr : &*found;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string with_entities_resolved(std::string_view text) {
  constexpr std::size_t longest_entity = 32;
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t ampersand = std::min(text.find('&', at), text.size());
    out += text.substr(at, ampersand - at);
    at = ampersand;
    if (at == text.size()) break;
    const std::size_t semicolon = text.substr(at, longest_entity).find(';');
    const std::size_t length = semicolon == std::string_view::npos ? 1 : semicolon + 1;
    out += resolved_entity(text.substr(at, length));
    at += length;
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view html) : html_(html) {}

  std::vector<HtmlPiece> run() {
    while (at_ < html_.size()) {
      const std::size_t begin = std::min(html_.find('<', at_), html_.size());
      take_text(begin);
      if (begin == html_.size()) break;
      if (html_.substr(begin, 4) == "<!--") {
        skip_comment();
      } else {
        take_tag();
      }
    }
    end_text();
    return std::move(pieces_);
  }

 private:
  void take_text(std::size_t end) {
    text_ += html_.substr(at_, end - at_);
    at_ = end;
  }

  void end_text() {
    if (text_.empty()) return;
    HtmlPiece piece;
    piece.text = with_entities_resolved(text_);
    pieces_.push_back(std::move(piece));
    text_.clear();
  }

  // One without an end hides all that follows, as on GitHub.
  void skip_comment() {
    const std::size_t end = html_.find("-->", at_ + 4);
    at_ = end == std::string_view::npos ? html_.size() : end + 3;
  }

  // What looks like a tag up to where it fails to be one is text, in one go: so that no byte is read twice.
  void take_tag() {
    const std::size_t begin = at_;
    std::size_t at = begin + 1;
    const bool is_closing = at < html_.size() && html_[at] == '/';
    if (is_closing) ++at;
    const std::size_t name_begin = at;
    while (at < html_.size() &&
           (is_letter(html_[at]) || (at > name_begin && html_[at] >= '0' && html_[at] <= '9')))
      ++at;
    HtmlPiece piece;
    piece.kind = is_closing ? HtmlPiece::Kind::closing : HtmlPiece::Kind::opening;
    const KnownTag* known = find_tag(html_.substr(name_begin, at - name_begin));
    if (known == nullptr) return take_text(std::max(at, begin + 1));
    piece.tag = known->name;
    piece.effect = known->effect;
    const bool is_heading =
        known->effect == TagEffect::paragraph && known->name.size() == 2 && known->name[0] == 'h';
    piece.is_bold_paragraph = is_heading || known->effect == TagEffect::summary;
    if (!take_attributes(at, piece)) return take_text(at);
    at_ = at + 1;
    end_text();
    pieces_.push_back(std::move(piece));
  }

  // Reads to the > of the tag. False, and `at` where it ends, when there is none.
  bool take_attributes(std::size_t& at, HtmlPiece& piece) {
    while (at < html_.size() && html_[at] != '>') {
      if (html_[at] == '<') return false;
      if (is_space(html_[at]) || html_[at] == '/') {
        ++at;
        continue;
      }
      const std::size_t name_begin = at;
      while (at < html_.size() && !is_space(html_[at]) && html_[at] != '=' && html_[at] != '>' &&
             html_[at] != '<' && html_[at] != '/')
        ++at;
      const std::string_view name = html_.substr(name_begin, at - name_begin);
      if (piece.effect == TagEffect::details && fold_case(name) == "open") piece.is_open = true;
      if (at == html_.size() || html_[at] != '=') continue;
      ++at;
      take_value(at, name, piece);
    }
    return at < html_.size();
  }

  void take_value(std::size_t& at, std::string_view name, HtmlPiece& piece) {
    std::size_t begin = at;
    std::size_t end = at;
    if (at < html_.size() && (html_[at] == '"' || html_[at] == '\'')) {
      begin = at + 1;
      end = std::min(html_.find(html_[at], begin), html_.size());
      at = std::min(end + 1, html_.size());
    } else {
      while (end < html_.size() && !is_space(html_[end]) && html_[end] != '>') ++end;
      at = end;
    }
    const std::string_view value = html_.substr(begin, end - begin);
    const bool is_address = (piece.effect == TagEffect::link && name == "href") ||
                            (piece.effect == TagEffect::image && name == "src");
    if (is_address) piece.address = with_entities_resolved(value);
    if (piece.effect == TagEffect::image && name == "alt") piece.text = with_entities_resolved(value);
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string text_;
  std::vector<HtmlPiece> pieces_;
};

}  // namespace

std::vector<HtmlPiece> html_pieces(std::string_view html) { return Reader(html).run(); }

}  // namespace dits::markdown
