#include "shared/query/ast.hpp"

namespace dits::query {

bool operator==(const Node& a, const Node& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Node::Kind::term) return a.term.field == b.term.field && a.term.values == b.term.values;
  return a.children == b.children;
}

}  // namespace dits::query
