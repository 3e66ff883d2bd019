// The query language over the local store: parsed once, names resolved once, then asked of every issue.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/query/ast.hpp"
#include "shared/query/plan.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// nullptr for an empty query (everything) and for one with an error, which then is in `error`.
std::shared_ptr<const CompiledQuery> compile_query(const State& state,
                                                   std::string_view text,
                                                   std::optional<QueryError>* error);

bool matches(const State& state, const CompiledQuery& compiled, Slot slot);

// As the text says; empty without `sort:`.
std::vector<query::SortTerm> sort_terms_of(const CompiledQuery& compiled);

// The texts looked for, folded. They may stand in a description that is not here: the server is asked for
// each.
std::vector<std::string> texts_of(const CompiledQuery& compiled);

// What queries can name: also for completion in the query field.
query::Names query_names(const State& state);

}  // namespace dits::web
