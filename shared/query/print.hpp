// Syntax tree -> text. Reading the text gives the same tree.
#pragma once

#include <string>

#include "shared/query/ast.hpp"

namespace dits::query {

std::string print_query(const Query& query);
// One term as it would stand in a query: `label:"in doubt"`.
std::string print_term(const Term& term);

}  // namespace dits::query
