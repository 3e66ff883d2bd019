// Who a credential belongs to, kept for up to a day, so that most requests need not ask the database for it.
//
// PostgreSQL is the truth. Every revocation there, by whomever, moves one number on: the epoch. An entry
// counts only while the epoch it was read at is the present one, and the present one is known for a second at
// a time (the lease), by whoever asked the database last. A revocation sets the new epoch here before it is
// answered; when it can't, since Redis is away, it waits until every lease that others may hold has ended. So
// no instance accepts a credential after its revocation was answered, whatever Redis does.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "server/base/viewer.hpp"
#include "server/cache/hit_rate.hpp"
#include "server/cache/key_value.hpp"
#include "shared/core/time.hpp"

namespace dits {

// What the database said of a credential.
struct KnownCredential {
  Viewer viewer;           // without address, agent and request id
  std::int64_t epoch = 0;  // read in the same statement
  Timestamp checked_at;    // when that was
  Timestamp ends_at;       // when it ends by itself
};

// Has it not ended by `now`, and was the database asked lately (SessionCache::longest_trust)?
bool is_live(const KnownCredential& known, Timestamp now);

class SessionCache {
 public:
  using Moment = std::optional<std::chrono::milliseconds>;
  static constexpr std::chrono::hours longest_life{24};
  static constexpr std::chrono::milliseconds lease{1000};
  // An answer of the database that is older than this, by the store's clock, is not believed any more.
  static constexpr std::chrono::milliseconds longest_write{500};
  // After so long the database is asked again, which also writes down that the credential is in use.
  static constexpr std::chrono::milliseconds longest_trust{60'000};
  static constexpr const char* lease_key = "session-epoch";

  // Without a store nothing is kept. `store` outlives it.
  explicit SessionCache(KeyValue* store) : store_(store) {}

  // `credential_hash`: the SHA-256 of the cookie or token.
  std::optional<Viewer> get(const std::string& credential_hash, Timestamp now);
  // Call before asking the database: what it says is worth something for a while from here on. Not set when
  // the store is away.
  Moment moment();
  void set(const std::string& credential_hash,
           const KnownCredential& known,
           Moment moment,
           std::chrono::milliseconds life = longest_life);
  void remove(const std::string& credential_hash);
  void refresh(const std::string& credential_hash, std::chrono::milliseconds life = longest_life);

  // After the commit of a revocation; `epoch` as the database had it after `moment`, nothing when it did not
  // say. Waits for lease + longest_write when others could not be told.
  void revoke(std::optional<std::int64_t> epoch, Moment moment);
  // Something was revoked elsewhere: the database is asked before anything here is believed again.
  void doubt();

  bool is_used() const { return store_ != nullptr; }
  HitFigures figures() const { return counter_.figures(); }

 private:
  KeyValue* const store_;
  HitCounter counter_;
};

}  // namespace dits
