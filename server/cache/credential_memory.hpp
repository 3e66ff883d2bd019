// Who a credential belongs to, as this process remembers it, so that a request need not ask anybody.
//
// PostgreSQL is the truth. What is remembered counts only while this process is known to hear of every
// revocation (is_current), and all of it is forgotten with each one, whoever made it. The instance that
// revokes forgets first, and answers when the other ones have forgotten too: see revoke().
#pragma once

#include <functional>
#include <string>

#include "server/cache/bounded_memory.hpp"
#include "server/cache/session_cache.hpp"

namespace dits {

class CredentialMemory {
 public:
  using Memory = BoundedMemory<std::string, KnownCredential>;
  // Some ten thousand credentials.
  static constexpr MemoryLimits limits{std::size_t{4} * 1024 * 1024, 1024};

  struct Others {
    // Has everything that was told until a moment ago been heard?
    std::function<bool()> is_current;
    // Returns when every other instance has forgotten what it should, or can't believe its memory any more.
    std::function<void()> wait_until_told;
  };

  explicit CredentialMemory(Others others, MemoryLimits most = limits)
      : others_(std::move(others)), memory_(most) {}

  // While this is false nothing here counts.
  bool is_current() const { return others_.is_current(); }

  // `credential_hash`: the SHA-256 of the cookie or token. Nothing when it is not remembered, has ended by
  // `now`, or was asked of the database too long ago (SessionCache::longest_trust).
  std::optional<Viewer> get(const std::string& credential_hash, Timestamp now);
  // Take the moment before asking the database.
  Memory::Moment moment() const { return memory_.moment(); }
  void set(const std::string& credential_hash, const KnownCredential& known, Memory::Moment moment);

  // Something was revoked, or may have been while nobody told.
  void forget_all() { memory_.forget_all(); }
  // After the commit of a revocation, before its answer.
  void revoke();

  MemoryFigures figures() const { return memory_.figures(); }

 private:
  const Others others_;
  Memory memory_;
};

}  // namespace dits
