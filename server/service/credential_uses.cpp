#include "server/service/credential_uses.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/service/auth.hpp"
#include "server/store/api_tokens.hpp"
#include "server/store/sessions.hpp"

namespace dits {

void CredentialUses::note(SessionId id, Timestamp at) {
  const std::lock_guard lock(mutex_);
  add(sessions_, id, at);
}

void CredentialUses::note(ApiTokenId id, Timestamp at) {
  const std::lock_guard lock(mutex_);
  add(tokens_, id, at);
}

template <typename IdType>
void CredentialUses::add(Uses<IdType>& uses, IdType id, Timestamp at) {
  if (uses.size() >= most && !uses.contains(id)) return;
  Timestamp& last = uses[id];
  last = std::max(last, at);
}

Result<void> CredentialUses::write_down(Database& database) {
  Uses<SessionId> sessions;
  Uses<ApiTokenId> tokens;
  {
    const std::lock_guard lock(mutex_);
    sessions.swap(sessions_);
    tokens.swap(tokens_);
  }
  if (sessions.empty() && tokens.empty()) return {};
  const auto write = [&]() -> Result<void> {
    Transaction transaction = TRY(database.begin(Actor::of_system(), Access::write));
    std::vector<store::SessionUse> used_sessions;
    for (const auto& [id, at] : sessions)
      used_sessions.push_back({id, at, Timestamp{at.unix_ms + session_idle_ms}});
    if (!used_sessions.empty()) TRY(store::touch_sessions(transaction, used_sessions));
    std::vector<store::ApiTokenUse> used_tokens;
    for (const auto& [id, at] : tokens) used_tokens.push_back({id, at});
    if (!used_tokens.empty()) TRY(store::touch_api_tokens(transaction, used_tokens));
    return transaction.commit();
  };
  const Result<void> written = write();
  if (written) return {};
  for (const auto& [id, at] : sessions) note(id, at);
  for (const auto& [id, at] : tokens) note(id, at);
  return written;
}

}  // namespace dits
