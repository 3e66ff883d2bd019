// Sessions in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/user.hpp"

namespace dits::store {

struct Session {
  SessionId id;
  UserId user_id;
  std::string user_agent;
  std::string ip_address;
  Timestamp created_at;
  Timestamp last_seen_at;
  Timestamp expires_at;           // moves on with use
  Timestamp absolute_expires_at;  // does not
};

struct SessionOfUser {
  Session session;
  Role role = Role::user;
  std::int64_t epoch = 0;  // of all revocations so far
};

// `token_hash`: SHA-256 of the cookie's value, in hex.
Result<void> insert_session(Transaction& transaction, const Session& session, const std::string& token_hash);
// As Actor::of_system, since nobody is known yet. Nothing when it has ended by `now`.
Result<std::optional<SessionOfUser>> find_session_by_hash(Database& database,
                                                          const std::string& token_hash,
                                                          Timestamp now);
Result<std::vector<Session>> list_sessions(Reader reader, UserId user_id, Timestamp now);
struct SessionUse {
  SessionId id;
  Timestamp at;
  Timestamp expires_at;  // by that use
};
Result<void> touch_sessions(Transaction& transaction, const std::vector<SessionUse>& uses);
// Moved on by every revocation of a session or token, in its transaction.
Result<std::int64_t> find_session_epoch(Database& database);
// How many there were.
Result<std::int64_t> delete_session(Transaction& transaction, UserId user_id, SessionId id);
Result<std::int64_t> delete_other_sessions(Transaction& transaction, UserId user_id, SessionId spared);
Result<std::int64_t> delete_ended_sessions(Transaction& transaction, Timestamp now);

}  // namespace dits::store
