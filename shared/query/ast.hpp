// The syntax tree of a query. Trees are equal when they mean the same words; positions in the text are not
// compared.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/core/time.hpp"
#include "shared/model/issue.hpp"
#include "shared/query/fields.hpp"

namespace dits::query {

// Text or a name. With `has_wildcard`, every * in it stands for any run of characters.
struct Pattern {
  std::string text;
  bool has_wildcard = false;
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

// A stretch of days, possibly told from today: see docs/query.md.
struct DayValue {
  enum class Kind : std::uint8_t {
    day,       // 2026-02-01
    month,     // 2026-02
    year,      // 2026
    offset,    // today, +7d, -2w: a day so far from today
    distance,  // 7d without a sign: ahead of today for start and due, back from today for created, updated
               // and completed
  };
  enum class Unit : std::uint8_t { day, week, month, year };

  Kind kind = Kind::offset;
  Date date;                // the first day, for day, month and year
  std::int32_t amount = 0;  // for offset and distance; negative only for offset
  Unit unit = Unit::day;
  friend bool operator==(const DayValue& a, const DayValue& b) {
    return a.kind == b.kind && a.date == b.date && a.amount == b.amount && a.unit == b.unit;
  }
};

struct AnyIssue {  // parent:*
  friend bool operator==(const AnyIssue&, const AnyIssue&) { return true; }
};

// One side of a comparison; monostate is the open end of a range.
using Operand =
    std::variant<std::monostate, Pattern, State, Part, Priority, std::int64_t, DayValue, AnyIssue>;

enum class Comparison : std::uint8_t { equal, less, less_or_equal, greater, greater_or_equal, range };

struct Value {
  Comparison comparison = Comparison::equal;
  Operand operand;
  Operand last;  // of a range
  friend bool operator==(const Value& a, const Value& b) {
    return a.comparison == b.comparison && a.operand == b.operand && a.last == b.last;
  }
};

// field:value,value: true when one of the values fits. A bare word is a term of Field::text.
struct Term {
  Field field = Field::text;
  std::vector<Value> values;
  std::size_t begin = 0;  // bytes in the text it was read from
  std::size_t end = 0;
};

struct Node {
  enum class Kind : std::uint8_t { all, any, negation, term };

  Kind kind = Kind::all;
  std::vector<Node> children;  // of all and any; the one of negation
  Term term;
};
bool operator==(const Node& a, const Node& b);

struct SortTerm {
  SortKey key = SortKey::updated;
  bool is_descending = false;
  friend bool operator==(const SortTerm& a, const SortTerm& b) {
    return a.key == b.key && a.is_descending == b.is_descending;
  }
};

struct Query {
  Node root;  // an empty `all` fits every issue
  std::vector<SortTerm> sort;
};
inline bool operator==(const Query& a, const Query& b) { return a.root == b.root && a.sort == b.sort; }

// Visits every term.
template <typename Visit>
void for_each_term(const Node& node, const Visit& visit) {
  if (node.kind == Node::Kind::term) visit(node.term);
  for (const Node& child : node.children) for_each_term(child, visit);
}

}  // namespace dits::query
