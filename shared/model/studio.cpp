#include "shared/model/studio.hpp"

#include <algorithm>

#include "shared/core/names.hpp"
#include "shared/core/text.hpp"
#include "shared/model/sql_text.hpp"

namespace dits {
namespace {

constexpr Names<9> kind_names = {
    "text", "number", "boolean", "date", "time", "uuid", "json", "choice", "other"};
constexpr Names<9> operator_names = {"=", "<>", "<", "<=", ">", ">=", "~", "is null", "is not null"};
constexpr Names<3> action_names = {"insert", "update", "delete"};
constexpr std::size_t max_filter_bytes = 4096;
constexpr std::size_t max_conditions = 20;

// The text as pieces that mean something: names, values, operators of one or two characters.
struct Piece {
  SqlPiece piece = SqlPiece::name;
  std::string_view text;
  bool is_open = false;  // a string without its closing quote
};

// What stands between blanks and operators is one piece: dates, ids and words need no quotes.
std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    SqlPiece piece = SqlPiece::name;
    bool is_open = false;
    if (c == '\'' || c == '"') {
      piece = SqlPiece::string;
      for (++at; at < text.size(); ++at) {
        if (text[at] != c) continue;
        if (at + 1 >= text.size() || text[at + 1] != c) break;
        ++at;
      }
      is_open = at == text.size();
      at = std::min(at + 1, text.size());
    } else if (c == '<' || c == '>' || c == '=' || c == '!' || c == '~') {
      piece = SqlPiece::symbol;
      ++at;
      if (at < text.size() && (text[at] == '=' || (c == '<' && text[at] == '>'))) ++at;
    } else {
      // A quote within a word is an apostrophe.
      while (at < text.size() && std::string_view(" \t\n\r<>=!~").find(text[at]) == std::string_view::npos)
        ++at;
    }
    pieces.push_back({piece, text.substr(begin, at - begin), is_open});
  }
  return pieces;
}

bool is_word(const Piece& piece, std::string_view word) {
  return piece.piece == SqlPiece::name && fold_case(piece.text) == word;
}

bool is_plain_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::optional<FilterOperator> operator_of(std::string_view text) {
  if (text == "!=") return FilterOperator::differs;
  for (std::size_t at = 0; at <= static_cast<std::size_t>(FilterOperator::contains); ++at) {
    if (operator_names[at] == text) return static_cast<FilterOperator>(at);
  }
  return std::nullopt;
}

// Without its quotes. Errors: the closing one is missing.
Result<std::string> value_of(const Piece& piece) {
  if (piece.piece != SqlPiece::string) return std::string(piece.text);
  const char quote = piece.text.front();
  if (piece.is_open)
    return invalid(
        "filter",
        "The text that begins with " + std::string(piece.text.substr(0, 20)) + " has no closing quote.");
  std::string value;
  const std::string_view inner = piece.text.substr(1, piece.text.size() - 2);
  for (std::size_t at = 0; at < inner.size(); ++at) {
    value += inner[at];
    if (inner[at] == quote) ++at;
  }
  return value;
}

std::string in_quotes(std::string_view text) {
  // "x is null" as three words would be read as a condition.
  const bool is_keyword = fold_case(text) == "and" || fold_case(text) == "is";
  const bool is_plain =
      !text.empty() && !is_keyword && text.find_first_of(" \t\n\r<>=!~'\"") == std::string_view::npos;
  if (is_plain) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

class FilterParser {
 public:
  explicit FilterParser(std::string_view text) : pieces_(pieces_of(text)) {}

  Result<StudioFilter> parse() {
    while (at_ < pieces_.size()) {
      if (is_word(pieces_[at_], "and")) {
        ++at_;
      } else if (is_condition()) {
        TRY(take_condition());
      } else if (pieces_[at_].piece == SqlPiece::symbol) {
        return invalid("filter", "A column's name must stand before " + std::string(pieces_[at_].text) + ".");
      } else {
        filter_.words.push_back(TRY(value_of(pieces_[at_++])));
      }
    }
    if (filter_.conditions.size() > max_conditions || filter_.words.size() > max_conditions)
      return invalid("filter", "At most " + std::to_string(max_conditions) + " conditions, please.");
    return std::move(filter_);
  }

 private:
  bool is_condition() const {
    if (at_ + 1 >= pieces_.size() || pieces_[at_].piece != SqlPiece::name) return false;
    return pieces_[at_ + 1].piece == SqlPiece::symbol ||
           (is_word(pieces_[at_ + 1], "is") && is_null_at(at_ + 2));
  }
  bool is_null_at(std::size_t at) const {
    if (at < pieces_.size() && is_word(pieces_[at], "not")) ++at;
    return at < pieces_.size() && is_word(pieces_[at], "null");
  }

  Result<void> take_condition() {
    StudioCondition condition;
    condition.column = pieces_[at_].text;
    if (!is_plain_name(condition.column))
      return invalid("filter", "\"" + condition.column + "\" is no column.");
    const Piece& sign = pieces_[at_ + 1];
    if (sign.piece != SqlPiece::symbol) {
      const bool is_negated = is_word(pieces_[at_ + 2], "not");
      condition.op = is_negated ? FilterOperator::is_set : FilterOperator::is_null;
      at_ += is_negated ? 4 : 3;
    } else {
      const std::optional<FilterOperator> op = operator_of(sign.text);
      if (!op)
        return invalid("filter",
                       "\"" + std::string(sign.text) + "\" is no comparison: = <> < <= > >= ~ are.");
      if (at_ + 2 >= pieces_.size() || pieces_[at_ + 2].piece == SqlPiece::symbol)
        return invalid("filter",
                       "A value is missing after " + condition.column + " " + std::string(sign.text) + ".");
      condition.op = *op;
      condition.value = TRY(value_of(pieces_[at_ + 2]));
      at_ += 3;
    }
    filter_.conditions.push_back(std::move(condition));
    return {};
  }

  std::vector<Piece> pieces_;
  std::size_t at_ = 0;
  StudioFilter filter_;
};

}  // namespace

std::string_view name_of(CellKind kind) { return name_in(kind_names, kind); }
Result<CellKind> cell_kind_from_name(std::string_view name) {
  return value_in<CellKind>(kind_names, name, "kind");
}

std::string_view name_of(FilterOperator op) { return name_in(operator_names, op); }

std::string_view name_of(StudioAction action) { return name_in(action_names, action); }
Result<StudioAction> studio_action_from_name(std::string_view name) {
  return value_in<StudioAction>(action_names, name, "action");
}

std::size_t StudioTable::index_of(std::string_view column) const {
  std::size_t at = 0;
  while (at < columns.size() && columns[at].name != column) ++at;
  return at;
}

const StudioColumn* StudioTable::find(std::string_view column) const {
  const std::size_t at = index_of(column);
  return at < columns.size() ? &columns[at] : nullptr;
}

const StudioForeignKey* StudioTable::reference_of(std::string_view column) const {
  const StudioForeignKey* found = nullptr;
  for (const StudioForeignKey& key : foreign_keys) {
    // Keys between owned tables are (user_id, x_id): the last column is the one that tells rows apart.
    if (key.columns.empty() || key.columns.back() != column) continue;
    if (found == nullptr || key.columns.size() > found->columns.size()) found = &key;
  }
  return found;
}

Result<StudioFilter> parse_studio_filter(std::string_view text) {
  if (text.size() > max_filter_bytes) return invalid("filter", "The filter is too long.");
  return FilterParser(text).parse();
}

std::string condition_text(const StudioCondition& condition) {
  std::string text = condition.column + " " + std::string(name_of(condition.op));
  if (condition.op < FilterOperator::is_null) text += " " + in_quotes(condition.value);
  return text;
}

std::string filter_text(const StudioFilter& filter) {
  std::string text;
  for (const StudioCondition& condition : filter.conditions) {
    text += (text.empty() ? "" : " and ") + condition_text(condition);
  }
  for (const std::string& word : filter.words) text += (text.empty() ? "" : " ") + in_quotes(word);
  return text;
}

}  // namespace dits
