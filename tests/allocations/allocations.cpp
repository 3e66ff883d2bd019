// In a file of its own: seen together with its callers, the compiler takes malloc and delete for a mismatch.
#include "tests/allocations/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Of sanitizer/allocator_interface.h, which GCC does not bring.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, std::size_t),
                                                         void (*on_free)(const volatile void*));
#endif

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> bytes = 0;

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// A sanitizer has its own of all kinds of new and delete, which go together: it tells us instead.
namespace {

void note(const volatile void* /*memory*/, std::size_t size) {
  ++allocations;
  bytes += size;
}
void forget(const volatile void* /*memory*/) {}
[[maybe_unused]] const int is_noted = __sanitizer_install_malloc_and_free_hooks(note, forget);

}  // namespace
#else
void* operator new(std::size_t size) {
  ++allocations;
  bytes += size;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace dits::test {

std::size_t count_allocations() { return allocations; }
std::size_t allocated_bytes() { return bytes; }

}  // namespace dits::test
