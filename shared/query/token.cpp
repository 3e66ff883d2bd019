#include "shared/query/token.hpp"

#include "shared/core/text.hpp"
#include "shared/query/fields.hpp"

namespace dits::query {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Length in bytes of the white space at `at`; 0 when there is none. U+00A0 and U+3000, the space of a
// Japanese keyboard, count.
std::size_t space_length(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (text.substr(at, 2) == "\xC2\xA0") return 2;
  if (text.substr(at, 3) == "\xE3\x80\x80") return 3;
  return 0;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (const std::size_t space = space_length(text_, at_)) {
        at_ += space;
      } else if (text_[at_] == '(') {
        put(TokenKind::open, at_ + 1);
      } else if (text_[at_] == ')') {
        put(TokenKind::close, at_ + 1);
      } else if (text_[at_] == '"') {
        take_quoted(TokenKind::quoted);
      } else if (text_[at_] == '-' && at_ + 1 < text_.size() && space_length(text_, at_ + 1) == 0 &&
                 text_[at_ + 1] != ')') {
        put(TokenKind::minus, at_ + 1);
      } else {
        take_word();
      }
    }
    return std::move(tokens_);
  }

 private:
  void put(TokenKind kind, std::size_t end) {
    tokens_.push_back({kind, at_, end, false});
    at_ = end;
  }

  // Where a run without quotes ends that begins here: at white space, a parenthesis, a quote, or a byte of
  // `stops`.
  std::size_t end_of_run(std::string_view stops) const {
    std::size_t end = at_;
    while (end < text_.size() && space_length(text_, end) == 0 && text_[end] != '(' && text_[end] != ')' &&
           text_[end] != '"' && stops.find(text_[end]) == std::string_view::npos) {
      ++end;
    }
    return end;
  }

  void take_quoted(TokenKind kind) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"')
      end += text_[end] == '\\' && end + 1 < text_.size() ? 2 : 1;
    const bool is_terminated = end < text_.size();
    tokens_.push_back({kind, at_, is_terminated ? end + 1 : end, !is_terminated});
    at_ = tokens_.back().end;
  }

  void take_word() {
    const std::size_t end = end_of_run({});
    const std::string_view word = text_.substr(at_, end - at_);
    const std::size_t colon = field_length(word);
    if (colon != 0) {
      const std::string_view name = word.substr(0, colon);
      put(TokenKind::field, at_ + colon + 1);
      take_values(name);
    } else if (word == "OR") {
      put(TokenKind::keyword_or, end);
    } else if (word == "AND") {
      put(TokenKind::keyword_and, end);
    } else if (word == "NOT") {
      put(TokenKind::keyword_not, end);
    } else {
      put(TokenKind::word, end);
    }
  }

  // Length of the field name that the word begins with, or 0. "http://" is a word, not a field.
  static std::size_t field_length(std::string_view word) {
    std::size_t length = 0;
    while (length < word.size() && (is_letter(word[length]) || (length > 0 && word[length] == '-'))) ++length;
    if (length == 0 || length == word.size() || word[length] != ':' || word.substr(length, 3) == "://")
      return 0;
    return length;
  }

  void take_values(std::string_view name) {
    const FieldInfo* field = find_field(name);
    const bool is_sort = fold_case(name) == "sort";
    const bool has_order =
        field != nullptr && (field->kind == FieldKind::priority || field->kind == FieldKind::day ||
                             field->kind == FieldKind::number);
    while (at_ < text_.size()) {
      if (has_order && (text_[at_] == '<' || text_[at_] == '>')) {
        put(TokenKind::comparison, at_ + (text_.substr(at_ + 1, 1) == "=" ? 2 : 1));
      }
      if (is_sort && at_ < text_.size() && text_[at_] == '-') put(TokenKind::minus, at_ + 1);
      take_value(has_order);
      if (at_ >= text_.size() || text_[at_] != ',') return;
      put(TokenKind::comma, at_ + 1);
    }
  }

  void take_value(bool has_order) {
    if (at_ < text_.size() && text_[at_] == '"') {
      take_quoted(TokenKind::quoted_value);
      return;
    }
    const std::size_t end = end_of_run(",");
    const std::size_t dots = has_order ? text_.substr(0, end).find("..", at_) : std::string_view::npos;
    if (dots != std::string_view::npos) {
      if (dots > at_) put(TokenKind::value, dots);
      put(TokenKind::range, dots + 2);
    }
    if (end > at_) put(TokenKind::value, end);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view query) { return Lexer(query).run(); }

std::string text_of(std::string_view query, const Token& token) {
  const std::string_view raw = query.substr(token.begin, token.end - token.begin);
  if (token.kind != TokenKind::quoted && token.kind != TokenKind::quoted_value) return std::string(raw);
  const std::string_view inner = raw.substr(1, raw.size() - (token.is_unterminated ? 1 : 2));
  std::string text;
  for (std::size_t at = 0; at < inner.size(); ++at) {
    const bool is_escape =
        inner[at] == '\\' && at + 1 < inner.size() && (inner[at + 1] == '"' || inner[at + 1] == '\\');
    text += inner[is_escape ? ++at : at];
  }
  return text;
}

bool reads_as_word(std::string_view text) {
  if (text.empty() || text[0] == '-' || text[0] == '#' || text[0] == '.') return false;
  if (text == "OR" || text == "AND" || text == "NOT") return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_plain = is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                          c == '#' || c == '/' || c == '+' || static_cast<unsigned char>(c) >= 0x80;
    if (!is_plain || space_length(text, at) != 0) return false;
  }
  return text.find("..") == std::string_view::npos;
}

}  // namespace dits::query
