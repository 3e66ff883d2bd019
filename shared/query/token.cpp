#include "shared/query/token.hpp"

#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/query/fields.hpp"
#include "shared/query/signs.hpp"

namespace dits::query {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (const std::size_t space = space_length(text_, at_)) {
        at_ += space;
        continue;
      }
      if (const std::size_t mark = mark_length(text_, at_)) {
        at_ += mark;
        continue;
      }
      const Sign sign = sign_at(text_, at_);
      const std::size_t next = at_ + sign.length;
      const std::size_t seen = behind_marks(text_, next);
      if (sign.plain == '(') {
        put(TokenKind::open, next);
      } else if (sign.plain == ')') {
        put(TokenKind::close, next);
      } else if (sign.plain == '"') {
        take_quoted(TokenKind::quoted);
      } else if (sign.plain == '-' && seen < text_.size() && space_length(text_, seen) == 0 &&
                 plain_at(text_, seen) != ')') {
        put(TokenKind::minus, next);
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

  // Where a run without quotes ends that begins here: at white space, a parenthesis, a quote, or a sign of
  // `stops`. Marks before it are not part of it.
  std::size_t end_of_run(std::string_view stops) const {
    std::size_t end = at_;
    while (end < text_.size() && space_length(text_, end) == 0) {
      const Sign sign = sign_at(text_, end);
      const bool is_stop = sign.plain == '(' || sign.plain == ')' || sign.plain == '"' ||
                           (sign.plain != '\0' && stops.find(sign.plain) != std::string_view::npos);
      if (is_stop) break;
      end += sign.length;
    }
    return at_ + without_outer_marks(text_.substr(at_, end - at_)).size();
  }

  void skip_marks() { at_ = behind_marks(text_, at_); }

  // A plain quote is ended by a plain one, any other by any.
  void take_quoted(TokenKind kind) {
    const bool is_plain = text_[at_] == '"';
    std::size_t end = at_ + sign_at(text_, at_).length;
    while (end < text_.size() && (is_plain ? text_[end] : plain_at(text_, end)) != '"')
      end += text_[end] == '\\' && end + 1 < text_.size() ? 2 : 1;
    const bool is_terminated = end < text_.size();
    tokens_.push_back({kind, at_, is_terminated ? end + sign_at(text_, end).length : end, !is_terminated});
    at_ = tokens_.back().end;
  }

  void take_word() {
    const std::size_t end = end_of_run({});
    const std::string_view word = text_.substr(at_, end - at_);
    const std::size_t name_length = field_length(word);
    if (name_length != 0) {
      const std::size_t colon = behind_marks(word, name_length);
      put(TokenKind::field, at_ + colon + sign_at(word, colon).length);
      take_values(word.substr(0, name_length));
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
    while (length < word.size() &&
           (is_letter(word[length]) || (length > 0 && (word[length] == '-' || word[length] == '_')))) {
      ++length;
    }
    if (length == 0 || plain_at(word, behind_marks(word, length)) != ':' || word.substr(length, 3) == "://")
      return 0;
    return length;
  }

  void take_values(std::string_view name) {
    const FieldInfo* field = find_field(name);
    const bool is_sort = fold_case(name) == "sort";
    const bool has_order =
        field != nullptr && (field->kind == FieldKind::priority || field->kind == FieldKind::day ||
                             field->kind == FieldKind::number);
    for (skip_marks(); at_ < text_.size(); skip_marks()) {
      const Sign sign = sign_at(text_, at_);
      if (has_order && (sign.plain == '<' || sign.plain == '>')) {
        const Sign equals = sign_at(text_, at_ + sign.length);
        const bool has_equals = !sign.has_equals && equals.plain == '=';
        put(TokenKind::comparison, at_ + sign.length + (has_equals ? equals.length : 0));
      }
      if (is_sort && sign.plain == '-') put(TokenKind::minus, at_ + sign.length);
      skip_marks();
      take_value(has_order);
      skip_marks();
      const Sign comma = sign_at(text_, at_);
      if (comma.plain != ',') return;
      put(TokenKind::comma, at_ + comma.length);
    }
  }

  void take_value(bool has_order) {
    if (plain_at(text_, at_) == '"') {
      take_quoted(TokenKind::quoted_value);
      return;
    }
    const std::size_t end = end_of_run(",");
    const std::size_t dots = has_order ? text_.substr(0, end).find("..", at_) : std::string_view::npos;
    if (dots != std::string_view::npos) {
      if (dots > at_) put(TokenKind::value, at_ + without_outer_marks(text_.substr(at_, dots - at_)).size());
      at_ = dots;
      put(TokenKind::range, dots + 2);
      skip_marks();
    }
    if (end > at_) put(TokenKind::value, end);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

std::string with_plain_stars(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const Sign sign = sign_at(text, at);
    if (sign.plain == '*') {
      plain += '*';
    } else {
      plain.append(text, at, sign.length);
    }
    at += sign.length;
  }
  return plain;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view query) { return Lexer(query).run(); }

std::string text_of(std::string_view query, const Token& token) {
  const std::string_view raw = query.substr(token.begin, token.end - token.begin);
  if (token.kind == TokenKind::comparison) {
    std::string plain;
    for (std::size_t at = 0; at < raw.size();) {
      const Sign sign = sign_at(raw, at);
      plain += sign.plain;
      if (sign.has_equals) plain += '=';
      at += sign.length;
    }
    return plain;
  }
  if (token.kind != TokenKind::quoted && token.kind != TokenKind::quoted_value)
    return with_plain_stars(normal_form(raw));
  const std::size_t opening = sign_at(raw, 0).length;
  std::string_view inner = raw.substr(opening);
  if (!token.is_unterminated) {
    std::size_t closing = 1;
    while (plain_at(inner, inner.size() - closing) != '"') ++closing;
    inner.remove_suffix(closing);
  }
  // French puts spaces within its quotes.
  if (opening > 1) inner = without_outer_space(inner);
  std::string text;
  for (std::size_t at = 0; at < inner.size(); ++at) {
    const bool is_escape =
        inner[at] == '\\' && at + 1 < inner.size() && (inner[at + 1] == '"' || inner[at + 1] == '\\');
    text += inner[is_escape ? ++at : at];
  }
  return normal_form(text);
}

std::string_view name_of_field(std::string_view query, const Token& token) {
  std::size_t length = token.end - token.begin - 1;
  while (plain_at(query, token.begin + length) != ':') --length;
  return without_outer_marks(query.substr(token.begin, length));
}

std::string_view without_quote(std::string_view typed) {
  return plain_at(typed, 0) == '"' ? typed.substr(sign_at(typed, 0).length) : typed;
}

bool reads_as_word(std::string_view text) {
  if (text.empty() || plain_at(text, 0) == '-' || text[0] == '#' || text[0] == '.') return false;
  if (without_outer_marks(text).size() != text.size()) return false;
  if (text == "OR" || text == "AND" || text == "NOT") return false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const Sign sign = sign_at(text, at);
    const bool is_plain = is_letter(c) || (c >= '0' && c <= '9') || sign.plain == '-' || c == '_' ||
                          c == '.' || c == '#' || c == '/' || c == '+' ||
                          (static_cast<unsigned char>(c) >= 0x80 && sign.plain == '\0');
    if (!is_plain || space_length(text, at) != 0) return false;
    at += sign.length;
  }
  return text.find("..") == std::string_view::npos;
}

}  // namespace dits::query
