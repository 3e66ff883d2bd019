// Steps that our code takes, counted instead of timed: each branch that is run is one (the programs are
// compiled with -fsanitize-coverage=trace-pc). So "linear in the text" is the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace dits::fuzz {

inline std::uint64_t steps_taken = 0;

// While it lives, no more than so many steps for each byte may be taken, and some for a text of none.
class Budget {
 public:
  Budget(std::size_t bytes, std::uint64_t for_each_byte, std::uint64_t for_none = 200'000)
      : bytes_(bytes), most_(for_none + for_each_byte * bytes), begun_(steps_taken) {}
  ~Budget() {
    const std::uint64_t taken = steps_taken - begun_;
    if (std::getenv("DITS_FUZZ_SHOW_STEPS") != nullptr) {
      static std::uint64_t worst = 0;
      const std::uint64_t each = bytes_ < 64 ? 0 : taken / bytes_;
      if (each > worst)
        std::fprintf(
            stderr, "%llu steps a byte, of %zu\n", static_cast<unsigned long long>(worst = each), bytes_);
    }
    if (taken <= most_) return;
    std::fprintf(stderr,
                 "%llu steps for %zu bytes, where %llu are allowed\n",
                 static_cast<unsigned long long>(taken),
                 bytes_,
                 static_cast<unsigned long long>(most_));
    std::abort();
  }
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

 private:
  std::size_t bytes_;
  std::uint64_t most_;
  std::uint64_t begun_;
};

inline void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace dits::fuzz

// libFuzzer has one of this name itself: the linker is told to call ours instead (--wrap).
extern "C" inline __attribute__((no_sanitize("coverage"), used)) void __wrap___sanitizer_cov_trace_pc() {
  ++dits::fuzz::steps_taken;
}
