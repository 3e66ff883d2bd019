// Who a credential belongs to, kept for a few seconds, so that a burst of requests asks the database once.
// PostgreSQL is the truth; revocation clears what is kept here.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "server/base/viewer.hpp"
#include "server/cache/key_value.hpp"

namespace dits {

class SessionCache {
 public:
  explicit SessionCache(KeyValue& store, std::chrono::milliseconds life = std::chrono::seconds(2))
      : store_(store), life_(life) {}

  // `credential_hash`: the SHA-256 of the cookie or token. Address, agent and request id are not part of what
  // is kept.
  std::optional<Viewer> find(const std::string& credential_hash);

  // Call before asking the database; keep() ignores an answer that is older than the last removal.
  std::uint64_t moment() const { return removals_.load(); }
  void keep(const std::string& credential_hash, const Viewer& viewer, std::uint64_t moment);

  // Everything known of this user: after a revocation, a change of password or of role.
  void forget(UserId user_id);

 private:
  KeyValue& store_;
  const std::chrono::milliseconds life_;
  std::atomic<std::uint64_t> removals_{0};
};

}  // namespace dits
