// What lists ask of an issue many times (IssueFacts), and what is counted by it: made from the issue, and
// taken into the counts or out of them. Only the index uses it.
#pragma once

#include <cstddef>
#include <vector>

#include "web/store/state.hpp"

namespace dits::web {

constexpr std::size_t counted_views = 32;

bool is_live(const Issue& issue);  // there, and not in the trash

inline void add(std::uint32_t& count, int sign) {
  count = static_cast<std::uint32_t>(static_cast<int>(count) + sign);
}
inline void add(std::uint16_t& count, int sign) {
  count = static_cast<std::uint16_t>(static_cast<int>(count) + sign);
}

// What statuses mean, found out once for many issues.
class StatusFacts {
 public:
  explicit StatusFacts(const Entities& entities);
  void read(const Issue& issue, IssueFacts& facts) const;

 private:
  struct Meaning {
    StatusId id;
    StatusKind kind;
    bool is_closed;
  };
  std::vector<Meaning> meanings_;
};

// Those that hang on the issue alone.
void read_own_facts(State& state, Slot slot);
void read_own_facts(State& state, Slot slot, const StatusFacts& statuses);
// Those that hang on its own and its neighbours' facts: smart views, saved views, what is in progress or due.
void refresh_derived(State& state, Slot slot);
// Adds (or with -1 takes back) what the issue counts for, by its facts as they stand.
void contribute(State& state, Slot slot, int sign);

}  // namespace dits::web
