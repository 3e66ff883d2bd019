// The field that filters the list: coloured while it is typed, with completion under the term and the error
// under the text.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

// The bar of 44: field, count, Group, Display, Save view.
void query_bar(const State& state, Outbox& out, Rect r);
// The field alone, 38 high on a phone.
void query_field(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
