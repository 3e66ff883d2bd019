// In a file of its own: seen together with its callers, the compiler takes malloc and delete for a mismatch.
#include "tests/web/support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace dits::web::test {

std::size_t count_allocations() { return allocations; }

}  // namespace dits::web::test
