// How often a program of tests has asked for memory, and for how much: what work costs, without a clock.
#pragma once

#include <cstddef>

namespace dits::test {

std::size_t count_allocations();
std::size_t allocated_bytes();  // of all since the program began, freed or not

}  // namespace dits::test
