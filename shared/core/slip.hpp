// Words that somebody may have meant by what was typed.
#pragma once

#include <string_view>

namespace dits {

// Could `typed` be `name` with a slip of the hand: one or two letters more, fewer, others or swapped? Not
// when it is the same.
bool is_slip_of(std::string_view typed, std::string_view name);

}  // namespace dits
