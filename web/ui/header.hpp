// The bar of 44 over every screen, and the banner under the query bar when the connection is gone.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

// Where one is, List or Board, and New issue.
void list_header(const State& state, Outbox& out, Rect r);
// An icon and a title; what remains at the right is returned for buttons.
Rect plain_header(Rect r, const char* icon, std::string_view title, std::string_view more = {});
// On the trash: cuts 32 px off the top of `r` and says how long things stay there.
void trash_hint(const State& state, Rect& r);
// Cuts 32 px off the top of `r` while offline or when the server answers nonsense.
void connection_banner(const State& state, Outbox& out, Rect& r);

}  // namespace dits::web
