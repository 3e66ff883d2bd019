// The figures of a user, which take long to count, kept for five minutes. What is kept names the change at
// which it was counted, and is of no use after the next one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "server/cache/hit_rate.hpp"
#include "server/cache/key_value.hpp"
#include "shared/core/id.hpp"

namespace dits {

class StatsCache {
 public:
  static constexpr std::chrono::minutes life{5};

  // `store` outlives it.
  explicit StatsCache(KeyValue& store) : store_(store) {}

  // `head`: the newest change of the user, read in the transaction that would count.
  std::optional<std::string> get(UserId user_id, std::int64_t head);
  void set(UserId user_id, std::int64_t head, const std::string& text);
  // After a change. One whose removal Redis misses is still told by its head.
  void remove(UserId user_id);

  HitFigures figures() const { return counter_.figures(); }

 private:
  KeyValue& store_;
  HitCounter counter_;
};

}  // namespace dits
