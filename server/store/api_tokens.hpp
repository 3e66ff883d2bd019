// Tokens for programs in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/base/viewer.hpp"
#include "server/store/reader.hpp"
#include "shared/model/user.hpp"

namespace dits::store {

struct ApiToken {
  ApiTokenId id;
  UserId user_id;
  std::string name;
  std::string prefix;
  Scope scope = Scope::read;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used_at;
  Timestamp created_at;
};

struct ApiTokenOfUser {
  ApiToken token;
  Role role = Role::user;
  std::int64_t epoch = 0;  // of all revocations so far
};

// `token_hash`: SHA-256 of the whole token, in hex.
Result<void> insert_api_token(Transaction& transaction, const ApiToken& token, const std::string& token_hash);
// As Actor::of_system, since nobody is known yet. Nothing when it is revoked or has ended by `now`.
Result<std::optional<ApiTokenOfUser>> find_api_token_by_hash(Database& database,
                                                             const std::string& token_hash,
                                                             Timestamp now);
Result<std::vector<ApiToken>> list_api_tokens(Reader reader, UserId user_id);
Result<std::optional<ApiToken>> find_api_token(Reader reader, UserId user_id, ApiTokenId id);
struct ApiTokenUse {
  ApiTokenId id;
  Timestamp at;
};
Result<void> touch_api_tokens(Transaction& transaction, const std::vector<ApiTokenUse>& uses);
// How many it ended: none, when another call was quicker.
Result<std::int64_t> revoke_api_token(Transaction& transaction, UserId user_id, ApiTokenId id, Timestamp now);

std::string_view name_of_scope(Scope scope);  // "READ", "WRITE", "ADMIN"

}  // namespace dits::store
