#include "shared/query/parser.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/query/advice.hpp"
#include "shared/query/days.hpp"
#include "shared/query/signs.hpp"
#include "shared/query/token.hpp"

namespace dits::query {

namespace {

constexpr std::int64_t max_issue_number = 999'999'999'999;

std::optional<std::int64_t> number_from(std::string_view text) {
  if (plain_at(text, 0) == '#') text.remove_prefix(sign_at(text, 0).length);
  if (text.empty() || text.size() > 12) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number <= max_issue_number ? std::optional(number) : std::nullopt;
}

std::vector<std::string_view> names_of(std::span<const Word> words) {
  std::vector<std::string_view> names;
  for (const Word& word : words) names.push_back(word.name);
  return names;
}

// Recursive descent. After a problem every function unwinds; the first problem is kept.
// A key that stands there already decides before this one could.
void add_sort_term(std::vector<SortTerm>& sort, const SortTerm& term) {
  const bool is_known =
      std::any_of(sort.begin(), sort.end(), [&](const SortTerm& known) { return known.key == term.key; });
  if (!is_known) sort.push_back(term);
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

  Parsed run() {
    Parsed parsed;
    if (text_.size() > max_query_bytes) {
      refuse(max_query_bytes, text_.size(), "A query has at most 4096 bytes");
    } else if (!is_storable_text(text_)) {
      refuse(0, text_.size(), "A query must be valid UTF-8 without a NUL character");
    } else if (!tokens_.empty()) {
      parsed.query.root = simplified(alternatives(0));
      if (!problem_ && at_ < tokens_.size()) refuse_token("Unexpected )");
    }
    parsed.query.sort = std::move(sort_);
    parsed.problem = std::move(problem_);
    return parsed;
  }

 private:
  bool is_at(TokenKind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }
  bool take(TokenKind kind) {
    if (!is_at(kind)) return false;
    ++at_;
    return true;
  }
  std::string current_text() const { return text_of(text_, tokens_[at_]); }

  void refuse(std::size_t begin,
              std::size_t end,
              const std::string& message,
              std::string_view suggestion = {}) {
    if (problem_) return;
    const std::size_t column = count_code_points(text_.substr(0, begin)) + 1;
    problem_ = Problem{begin, end, column, with_marks_named(message), std::string(suggestion)};
  }
  void refuse_token(const std::string& message, std::string_view suggestion = {}) {
    if (at_ < tokens_.size()) {
      refuse(tokens_[at_].begin, tokens_[at_].end, message, suggestion);
    } else {
      refuse(text_.size(), text_.size(), message);
    }
  }
  // `known` is what the current token could have been.
  void refuse_word(const std::string& start,
                   const std::string& rest,
                   const std::vector<std::string_view>& known) {
    const std::string_view closest = closest_name(current_text(), known);
    refuse_token(start + (closest.empty() ? rest : "; did you mean " + std::string(closest) + "?"), closest);
  }

  // Groups of one are their only member, groups in groups of the same kind are one: so that what is printed
  // reads as the same tree.
  static Node simplified(Node node) {
    if (node.kind != Node::Kind::all && node.kind != Node::Kind::any) return node;
    if (node.children.size() == 1) {
      Node only = std::move(node.children[0]);
      return only;
    }
    Node flat;
    flat.kind = node.kind;
    for (Node& child : node.children) {
      if (child.kind == node.kind) {
        std::move(child.children.begin(), child.children.end(), std::back_inserter(flat.children));
      } else {
        flat.children.push_back(std::move(child));
      }
    }
    return flat;
  }

  Node alternatives(int depth) {
    Node any;
    any.kind = Node::Kind::any;
    do {
      any.children.push_back(conjunction(depth));
      const Node& last = any.children.back();
      const bool is_empty = last.kind == Node::Kind::all && last.children.empty();
      if (is_empty && (any.children.size() > 1 || is_at(TokenKind::keyword_or)))
        refuse_token("Expected a term beside OR");
    } while (!problem_ && take(TokenKind::keyword_or));
    return simplified(std::move(any));
  }

  Node conjunction(int depth) {
    Node all;
    bool has_term = false;
    while (!problem_ && at_ < tokens_.size() && !is_at(TokenKind::keyword_or) && !is_at(TokenKind::close)) {
      if (is_at(TokenKind::keyword_and)) {
        if (!has_term) refuse_token("Expected a term before AND");
        ++at_;
        if (!problem_ && (at_ == tokens_.size() || is_at(TokenKind::keyword_or) ||
                          is_at(TokenKind::keyword_and) || is_at(TokenKind::close))) {
          refuse_token("Expected a term after AND");
        }
        continue;
      }
      has_term = true;
      if (is_sort()) {
        take_sort(depth);
      } else {
        all.children.push_back(negatable(depth));
      }
    }
    if (!problem_ && !has_term) {
      const bool is_stray = depth == 0 && is_at(TokenKind::close);
      refuse_token(is_stray ? "Unexpected )" : depth == 0 ? "Expected a term beside OR" : "Expected a term");
    }
    return simplified(std::move(all));
  }

  Node negatable(int depth) {
    if (depth > max_query_depth) {
      refuse_token("The query is nested too deeply");
      return {};
    }
    if (take(TokenKind::keyword_not) || take(TokenKind::minus)) {
      Node negation;
      negation.kind = Node::Kind::negation;
      if (at_ == tokens_.size() || is_at(TokenKind::close) || is_at(TokenKind::keyword_or) ||
          is_at(TokenKind::keyword_and)) {
        refuse_token("Expected a term after NOT");
      } else if (is_sort()) {
        refuse_token("sort: cannot be negated; write sort:-key for the other direction");
      } else {
        negation.children.push_back(negatable(depth + 1));
      }
      return negation;
    }
    if (is_at(TokenKind::open)) return group(depth);
    Node node;
    node.kind = Node::Kind::term;
    node.term = term();
    return node;
  }

  Node group(int depth) {
    const Token opening = tokens_[at_++];
    Node inner = alternatives(depth + 1);
    if (!problem_ && !take(TokenKind::close)) refuse(opening.begin, opening.end, "This ( has no )");
    return inner;
  }

  bool is_sort() const {
    return is_at(TokenKind::field) && fold_case(name_of_field(text_, tokens_[at_])) == "sort";
  }

  void take_sort(int depth) {
    if (depth > 0) return refuse_token("sort: stands outside of parentheses");
    ++at_;
    do {
      SortTerm term;
      term.is_descending = take(TokenKind::minus);
      if (!is_at(TokenKind::value))
        return refuse_token("Expected a key right behind sort: " + listed(sort_words()));
      const std::optional<std::uint8_t> key = find_word(sort_words(), current_text());
      if (!key) {
        return refuse_word("Unknown sort key \"" + current_text() + "\"",
                           "; expected " + listed(sort_words()),
                           names_of(sort_words()));
      }
      term.key = static_cast<SortKey>(*key);
      add_sort_term(sort_, term);
      ++at_;
    } while (take(TokenKind::comma));
  }

  Term term() {
    Term term;
    term.begin = tokens_[at_].begin;
    if (is_at(TokenKind::field)) {
      fielded(term);
    } else {
      const Token& token = tokens_[at_];
      const std::string text = current_text();
      if (token.is_unterminated) refuse_token("This quote has no end");
      // #128 means the issue of that number.
      const std::optional<std::int64_t> number =
          token.kind == TokenKind::word && plain_at(text, 0) == '#' ? number_from(text) : std::nullopt;
      Value value;
      if (number) {
        term.field = Field::number;
        value.operand = *number;
      } else {
        value.operand = pattern(token);
      }
      term.values.push_back(std::move(value));
      ++at_;
    }
    term.end = at_ > 0 ? tokens_[at_ - 1].end : term.begin;
    return term;
  }

  Pattern pattern(const Token& token) const {
    const bool is_quoted = token.kind == TokenKind::quoted || token.kind == TokenKind::quoted_value;
    std::string text = text_of(text_, token);
    const bool has_wildcard = !is_quoted && text.find('*') != std::string::npos;
    return {std::move(text), has_wildcard};
  }

  void fielded(Term& term) {
    const Token& name_token = tokens_[at_];
    const std::string name(name_of_field(text_, name_token));
    const FieldInfo* info = find_field(name);
    if (info == nullptr) {
      std::vector<std::string_view> known = {"sort"};
      for (const FieldInfo& field : all_fields()) known.push_back(field.name);
      const std::string_view other = field_meant_by(name);
      const std::string_view closest = other.empty() ? closest_name(name, known) : other;
      return refuse(name_token.begin,
                    name_token.begin + name.size(),
                    "Unknown field \"" + name + "\"; " +
                        (closest.empty() ? "put it in quotes to look for the text"
                                         : "did you mean " + std::string(closest) + "?"),
                    closest);
    }
    term.field = info->field;
    ++at_;
    do {
      term.values.push_back(value(*info));
    } while (!problem_ && take(TokenKind::comma));
  }

  Value value(const FieldInfo& info) {
    Value value;
    if (is_at(TokenKind::comparison)) {
      const std::string sign = current_text();
      value.comparison = sign == "<"    ? Comparison::less
                         : sign == "<=" ? Comparison::less_or_equal
                         : sign == ">"  ? Comparison::greater
                                        : Comparison::greater_or_equal;
      ++at_;
    }
    if (is_at(TokenKind::value) || is_at(TokenKind::quoted_value)) value.operand = operand(info);
    if (problem_) return value;
    if (is_at(TokenKind::range)) {
      range(info, value);
    } else if (value.operand.index() == 0) {
      refuse_missing(info);
    }
    return value;
  }

  void range(const FieldInfo& info, Value& value) {
    if (value.comparison != Comparison::equal)
      return refuse_token("A comparison and a range do not go together");
    value.comparison = Comparison::range;
    ++at_;
    if (is_at(TokenKind::value) || is_at(TokenKind::quoted_value)) value.last = operand(info);
    if (!problem_ && value.operand.index() == 0 && value.last.index() == 0) {
      --at_;
      return refuse_token("A range needs a value on one side of ..");
    }
    const auto* first = std::get_if<DayValue>(&value.operand);
    const auto* last = std::get_if<DayValue>(&value.last);
    const auto is_distance = [](const DayValue& day) { return day.kind == DayValue::Kind::distance; };
    if (!problem_ && first != nullptr && last != nullptr && is_distance(*first) != is_distance(*last)) {
      --at_;
      refuse_token("Both sides of a range need a sign (+7d, -7d) or neither");
    }
  }

  // What stands behind the colon is missing: say what could.
  void refuse_missing(const FieldInfo& info) {
    refuse_token("Expected a value right behind " + std::string(info.name) + ": (" + expected(info) + ")");
  }
  Operand operand(const FieldInfo& info) {
    const Token& token = tokens_[at_];
    if (token.is_unterminated) {
      refuse_token("This quote has no end");
      return {};
    }
    const Operand read = read_operand(info, token);
    if (problem_) return {};
    ++at_;
    return read;
  }

  Operand read_operand(const FieldInfo& info, const Token& token) {
    const std::string text = current_text();
    switch (info.kind) {
      case FieldKind::state:
        return word<State>(state_words(), text, "state");
      case FieldKind::part:
        return word<Part>(part_words(), text, "part");
      case FieldKind::priority:
        if (text == "*") break;
        return word<Priority>(priority_words(), text, "priority");
      case FieldKind::name:
      case FieldKind::text:
        if (text.empty()) refuse_token("Expected " + expected(info));
        if (info.kind == FieldKind::name && token.kind == TokenKind::value && plain_at(text, 0) == '\'')
          refuse_single_quotes(info, text);
        return pattern(token);
      case FieldKind::issue:
        if (text == "*") return AnyIssue{};
        [[fallthrough]];
      case FieldKind::number:
        if (const std::optional<std::int64_t> number = number_from(text)) return *number;
        break;
      case FieldKind::day:
        if (const std::optional<DayValue> day = day_value_from(text)) return *day;
        break;
    }
    const std::string other = other_way(info, text);
    refuse_token("\"" + text + "\" is not what " + std::string(info.name) + ": takes; " +
                 (other.empty() ? "expected " + expected(info) : other));
    return {};
  }

  void refuse_single_quotes(const FieldInfo& info, const std::string& text) {
    std::string_view inner = text;
    inner.remove_prefix(sign_at(inner, 0).length);
    const std::string_view open = inner;
    for (const std::size_t length : {1U, 3U}) {
      const Sign last = inner.size() > length ? sign_at(inner, inner.size() - length) : Sign{};
      if (last.plain == '\'' && last.length == length) inner.remove_suffix(length);
    }
    const std::string quoted = '"' + std::string(inner) + '"';
    const bool is_whole = inner.size() < open.size() && inner.find('\\') == std::string_view::npos;
    refuse_token("Quotes are double ones, as in " + std::string(info.name) + ":" +
                     (is_whole ? quoted : "\"two words\""),
                 is_whole ? quoted : std::string());
  }

  template <typename Enum>
  Operand word(std::span<const Word> words, const std::string& text, const std::string& what) {
    if (const std::optional<std::uint8_t> found = find_word(words, text)) return static_cast<Enum>(*found);
    refuse_word("Unknown " + what + " \"" + text + "\"", "; expected " + listed(words), names_of(words));
    return {};
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<SortTerm> sort_;
  std::optional<Problem> problem_;
};

}  // namespace

Result<std::vector<SortTerm>> parse_sort(std::string_view text) {
  std::vector<SortTerm> sort;
  while (true) {
    const std::size_t comma = text.find(',');
    std::string_view name = trim(text.substr(0, comma));
    SortTerm term;
    term.is_descending = !name.empty() && name[0] == '-';
    if (term.is_descending) name.remove_prefix(1);
    const std::optional<std::uint8_t> key = find_word(sort_words(), name);
    if (!key)
      return invalid("sort", "Expected keys such as -updated or priority,-due: " + listed(sort_words()));
    term.key = static_cast<SortKey>(*key);
    add_sort_term(sort, term);
    if (comma == std::string_view::npos) return sort;
    text.remove_prefix(comma + 1);
  }
}

Parsed read_query(std::string_view text) { return Parser(text).run(); }

Result<Query> parse_query(std::string_view text) {
  Parsed parsed = read_query(text);
  if (!parsed.problem) return std::move(parsed.query);
  Error error =
      invalid("q", "Column " + std::to_string(parsed.problem->column) + ": " + parsed.problem->message);
  error.kind = "query_syntax";
  return error;
}

}  // namespace dits::query
