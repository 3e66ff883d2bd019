#include "shared/query/print.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "shared/query/days.hpp"
#include "shared/query/parser.hpp"
#include "shared/query/token.hpp"

namespace dits::query {

namespace {

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

std::string print_pattern(const Pattern& pattern) {
  return pattern.has_wildcard || reads_as_word(pattern.text) ? pattern.text : in_quotes(pattern.text);
}

// Read on its own, is this pattern one word to look for, and no field or keyword? (A * is in it: #12* is no
// number.)
bool reads_as_bare_word(std::string_view text) {
  const std::vector<Token> tokens = tokens_of(text);
  return tokens.size() == 1 && tokens[0].kind == TokenKind::word && tokens[0].begin == 0 &&
         tokens[0].end == text.size();
}

struct OperandPrinter {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(const Pattern& pattern) const { return print_pattern(pattern); }
  std::string operator()(State state) const {
    return std::string(word_of(state_words(), static_cast<std::uint8_t>(state)));
  }
  std::string operator()(Part part) const {
    return std::string(word_of(part_words(), static_cast<std::uint8_t>(part)));
  }
  std::string operator()(Priority priority) const {
    return std::string(word_of(priority_words(), static_cast<std::uint8_t>(priority)));
  }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(const DayValue& day) const { return to_string(day); }
  std::string operator()(AnyIssue) const { return "*"; }
};

std::string print_value(const Value& value) {
  std::string operand = std::visit(OperandPrinter{}, value.operand);
  switch (value.comparison) {
    case Comparison::less:
      return "<" + operand;
    case Comparison::less_or_equal:
      return "<=" + operand;
    case Comparison::greater:
      return ">" + operand;
    case Comparison::greater_or_equal:
      return ">=" + operand;
    case Comparison::range:
      return operand + ".." + std::visit(OperandPrinter{}, value.last);
    case Comparison::equal:
      break;
  }
  return operand;
}

// Terms beside an OR are read together without parentheses; with them they are easier to read.
enum class Style : std::uint8_t { clear, tight };

bool has_parentheses(const Node& node, const Node* outer, Style style) {
  if (outer == nullptr || node.children.empty()) return false;
  if (node.kind != Node::Kind::all && node.kind != Node::Kind::any) return false;
  const bool is_beside_or = node.kind == Node::Kind::all && outer->kind == Node::Kind::any;
  return style == Style::clear || !is_beside_or;
}

// How deeply what is printed will be nested, as the parser counts: parentheses and negations.
int depth_of(const Node& node, const Node* outer, Style style) {
  int depth = 0;
  for (const Node& child : node.children) depth = std::max(depth, depth_of(child, &node, style));
  const bool is_level = node.kind == Node::Kind::negation || has_parentheses(node, outer, style);
  return depth + (is_level ? 1 : 0);
}

void print_node(std::string& out, const Node& node, const Node* outer, Style style) {
  if (node.kind == Node::Kind::term) {
    out += print_term(node.term);
    return;
  }
  if (node.kind == Node::Kind::negation) {
    out += '-';
    print_node(out, node.children[0], &node, style);
    return;
  }
  const bool is_group = has_parentheses(node, outer, style);
  if (is_group) out += '(';
  for (std::size_t at = 0; at < node.children.size(); ++at) {
    if (at > 0) out += node.kind == Node::Kind::any ? " OR " : " ";
    print_node(out, node.children[at], &node, style);
  }
  if (is_group) out += ')';
}

}  // namespace

std::string print_term(const Term& term) {
  const auto* only = term.values.size() == 1 ? std::get_if<Pattern>(&term.values[0].operand) : nullptr;
  if (term.field == Field::text && only != nullptr &&
      (!only->has_wildcard || reads_as_bare_word(only->text))) {
    return print_pattern(*only);
  }
  std::string out = std::string(info_of(term.field).name) + ":";
  for (std::size_t at = 0; at < term.values.size(); ++at) {
    if (at > 0) out += ',';
    out += print_value(term.values[at]);
  }
  return out;
}

std::string print_query(const Query& query) {
  std::string out;
  // What was read may be nested as deeply as can be read: then nothing is added.
  const bool has_room = depth_of(query.root, nullptr, Style::clear) < max_query_depth;
  print_node(out, query.root, nullptr, has_room ? Style::clear : Style::tight);
  for (const SortTerm& term : query.sort) {
    if (!out.empty()) out += ' ';
    out += term.is_descending ? "sort:-" : "sort:";
    out += word_of(sort_words(), static_cast<std::uint8_t>(term.key));
  }
  return out;
}

}  // namespace dits::query
