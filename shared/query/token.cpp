#include "shared/query/token.hpp"

#include "shared/core/normal_form.hpp"
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

// A character that means something to the language, and how many bytes it has.
struct Sign {
  char plain = '\0';  // what a plain keyboard has for it; '\0': a letter like any other
  std::size_t length = 1;
};

// Quotes and dashes as word processors and phones set them, and the wide forms of East Asian keyboards, are
// the plain ones.
struct SignForms {
  char plain;
  std::u32string_view forms;
};
constexpr SignForms sign_forms[] = {{'"', U"\u201C\u201D\u201E\u201F\u00AB\u00BB\uFF02"},
                                    {'-', U"\u2010\u2011\u2012\u2013\u2014\u2212\uFE63\uFF0D"},
                                    {':', U"\uFE55\uFF1A"},
                                    {',', U"\u3001\uFE50\uFF0C"},
                                    {'(', U"\uFF08"},
                                    {')', U"\uFF09"},
                                    {'<', U"\uFF1C"},
                                    {'=', U"\uFF1D"},
                                    {'>', U"\uFF1E"}};

Sign sign_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {'\0', 0};
  if (static_cast<unsigned char>(text[at]) < 0x80) return {text[at], 1};
  const std::size_t begin = at;
  const char32_t c = take_code_point(text, at);
  for (const SignForms& sign : sign_forms) {
    if (sign.forms.find(c) != std::u32string_view::npos) return {sign.plain, at - begin};
  }
  return {'\0', at - begin};
}

char plain_at(std::string_view text, std::size_t at) { return sign_at(text, at).plain; }

std::string_view without_outer_space(std::string_view text) {
  while (!text.empty() && space_length(text, 0) != 0) text.remove_prefix(space_length(text, 0));
  for (const std::size_t length : {3U, 2U, 1U}) {
    while (text.size() >= length && space_length(text, text.size() - length) == length)
      text.remove_suffix(length);
  }
  return text;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (const std::size_t space = space_length(text_, at_)) {
        at_ += space;
        continue;
      }
      const Sign sign = sign_at(text_, at_);
      const std::size_t next = at_ + sign.length;
      if (sign.plain == '(') {
        put(TokenKind::open, next);
      } else if (sign.plain == ')') {
        put(TokenKind::close, next);
      } else if (sign.plain == '"') {
        take_quoted(TokenKind::quoted);
      } else if (sign.plain == '-' && next < text_.size() && space_length(text_, next) == 0 &&
                 plain_at(text_, next) != ')') {
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
  // `stops`.
  std::size_t end_of_run(std::string_view stops) const {
    std::size_t end = at_;
    while (end < text_.size() && space_length(text_, end) == 0) {
      const Sign sign = sign_at(text_, end);
      const bool is_stop = sign.plain == '(' || sign.plain == ')' || sign.plain == '"' ||
                           (sign.plain != '\0' && stops.find(sign.plain) != std::string_view::npos);
      if (is_stop) break;
      end += sign.length;
    }
    return end;
  }

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
    const std::size_t colon = field_length(word);
    if (colon != 0) {
      const std::string_view name = word.substr(0, colon);
      put(TokenKind::field, at_ + colon + sign_at(word, colon).length);
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
    if (length == 0 || plain_at(word, length) != ':' || word.substr(length, 3) == "://") return 0;
    return length;
  }

  void take_values(std::string_view name) {
    const FieldInfo* field = find_field(name);
    const bool is_sort = fold_case(name) == "sort";
    const bool has_order =
        field != nullptr && (field->kind == FieldKind::priority || field->kind == FieldKind::day ||
                             field->kind == FieldKind::number);
    while (at_ < text_.size()) {
      const Sign sign = sign_at(text_, at_);
      if (has_order && (sign.plain == '<' || sign.plain == '>')) {
        const Sign equals = sign_at(text_, at_ + sign.length);
        put(TokenKind::comparison, at_ + sign.length + (equals.plain == '=' ? equals.length : 0));
      }
      if (is_sort && sign.plain == '-') put(TokenKind::minus, at_ + sign.length);
      take_value(has_order);
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
  if (token.kind == TokenKind::comparison) {
    std::string plain;
    for (std::size_t at = 0; at < raw.size(); at += sign_at(raw, at).length) plain += plain_at(raw, at);
    return plain;
  }
  if (token.kind != TokenKind::quoted && token.kind != TokenKind::quoted_value) return normal_form(raw);
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
  return query.substr(token.begin, length);
}

std::string_view without_quote(std::string_view typed) {
  return plain_at(typed, 0) == '"' ? typed.substr(sign_at(typed, 0).length) : typed;
}

bool reads_as_word(std::string_view text) {
  if (text.empty() || plain_at(text, 0) == '-' || text[0] == '#' || text[0] == '.') return false;
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
