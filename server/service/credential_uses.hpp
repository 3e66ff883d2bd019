// When sessions and tokens were last used, written down for many at once: a request does not wait for the
// disk to say that it was made.
#pragma once

#include <mutex>
#include <unordered_map>

#include "server/service/context.hpp"
#include "shared/model/user.hpp"

namespace dits {

// Thread-safe.
class CredentialUses {
 public:
  void note(SessionId id, Timestamp at);
  void note(ApiTokenId id, Timestamp at);

  // Writes down what was noted. What can't be written now waits for the next call, unless there is too much.
  Result<void> write_down(Database& database);

 private:
  static constexpr std::size_t most = 10'000;  // of each; others go unmentioned until their next use

  template <typename IdType>
  using Uses = std::unordered_map<IdType, Timestamp, IdHash>;

  template <typename IdType>
  static void add(Uses<IdType>& uses, IdType id, Timestamp at);

  std::mutex mutex_;
  Uses<SessionId> sessions_;
  Uses<ApiTokenId> tokens_;
};

}  // namespace dits
