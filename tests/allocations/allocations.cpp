// In a file of its own: seen together with its callers, the compiler takes malloc and delete for a mismatch.
#include "tests/allocations/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> bytes = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  bytes += size;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace dits::test {

std::size_t count_allocations() { return allocations; }
std::size_t allocated_bytes() { return bytes; }

}  // namespace dits::test
