// How often the program has asked for memory: what a frame costs, without a clock.
#pragma once

#include <cstddef>

namespace dits::web::test {

std::size_t count_allocations();

}  // namespace dits::web::test
