// What the form of a new issue tells below its title: issues that may be the same one, and, where several
// lines were pasted, the issues that they could be.
#pragma once

#include <vector>

#include "web/ui/parts.hpp"

namespace dits::web {

// The issues like the one that the form would make; kept from frame to frame as long as its title is the
// same.
const std::vector<Slot>& similar_to(const State& state, const Issue& issue);
float similar_height(const std::vector<Slot>& similar);
void draw_similar(const State& state, Outbox& out, Rect r, const std::vector<Slot>& similar);

float lines_height(const QuickCreate& form);
void draw_lines_offer(const State& state, Outbox& out, Rect r, const QuickCreate& form);

}  // namespace dits::web
