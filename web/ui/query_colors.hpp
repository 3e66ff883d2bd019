// The query's text in colours, and what may come where the caret stands.
#pragma once

#include <string_view>
#include <vector>

#include "shared/query/complete.hpp"
#include "web/store/state.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

std::vector<widgets::ColoredSpan> query_spans(const State& state, std::string_view query);

// For the caret at this byte, the best first, at most 8.
std::vector<query::Completion> query_completions(const State& state,
                                                 std::string_view text,
                                                 std::size_t caret);

}  // namespace dits::web
