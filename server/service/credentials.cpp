#include "server/service/credentials.hpp"

#include "server/base/crypto.hpp"
#include "server/service/audit.hpp"
#include "shared/json/writer.hpp"

namespace dits {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t prefix_length =
    10;  // "dits_" and five more: enough to recognise, far from enough to guess

Scope scope_of(TokenScope scope) {
  switch (scope) {
    case TokenScope::read:
      return Scope::read;
    case TokenScope::write:
      return Scope::write;
    case TokenScope::admin:
      return Scope::admin;
  }
  return Scope::read;
}

// For the audit log: nothing secret.
Json token_values(const ApiToken& token) {
  ObjectValue out;
  out.put("id", token.id);
  out.put("name", token.name);
  out.put("scope", store::name_of_scope(token.scope));
  out.put("prefix", token.prefix);
  out.put("expiresAt", token.expires_at);
  out.put("createdAt", token.created_at);
  return out.take();
}

}  // namespace

Result<std::vector<Session>> list_sessions(ServiceContext& context, const Viewer& viewer) {
  return store::list_sessions({context.database, viewer.user_id}, viewer.user_id, context.clock.now());
}

Result<void> end_session(AuthContext& auth, const Viewer& viewer, SessionId id) {
  Transaction transaction =
      TRY(auth.services.database.begin(Actor::of_user(viewer.user_id), Access::urgent_write));
  if (TRY(store::delete_session(transaction, viewer.user_id, id)) == 0)
    return not_found("There is no such session.");
  TRY(transaction.commit());
  tell_of_revocation(auth);
  return {};
}

Result<std::int64_t> end_other_sessions(AuthContext& auth, const Viewer& viewer) {
  Transaction transaction =
      TRY(auth.services.database.begin(Actor::of_user(viewer.user_id), Access::urgent_write));
  const std::int64_t count =
      TRY(store::delete_other_sessions(transaction, viewer.user_id, viewer.session_id));
  TRY(transaction.commit());
  tell_of_revocation(auth);
  return count;
}

Result<std::vector<ApiToken>> list_tokens(ServiceContext& context, const Viewer& viewer) {
  return store::list_api_tokens({context.database, viewer.user_id}, viewer.user_id);
}

Result<NewToken> create_token(ServiceContext& context, const Viewer& viewer, const TokenBody& body) {
  if (viewer.credential == CredentialKind::token) return forbidden("A token can not make another one.");
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer));
  if (body.expires_at && *body.expires_at <= work.now())
    return invalid("expiresAt", "Must lie in the future");
  const std::string secret = "dits_" + base64url(context.clock.random_bytes(token_bytes));
  const ApiToken token{work.new_id<ApiTokenId>(),
                       viewer.user_id,
                       body.name,
                       secret.substr(0, prefix_length),
                       scope_of(body.scope),
                       body.expires_at,
                       std::nullopt,
                       work.now()};
  TRY(store::insert_api_token(work.transaction(), token, hex(sha256(secret))));
  work.record({AuditAction::create, EntityType::api_token, token.id.uuid, nullptr, token_values(token)});
  TRY(work.commit());
  return NewToken{token, secret};
}

Result<void> revoke_token(ServiceContext& context, const Viewer& viewer, ApiTokenId id) {
  Transaction transaction = TRY(context.database.begin(Actor::of_user(viewer.user_id), Access::urgent_write));
  const std::optional<ApiToken> token = TRY(store::find_api_token(transaction, viewer.user_id, id));
  const Timestamp now = context.clock.now();
  if (!token || TRY(store::revoke_api_token(transaction, viewer.user_id, id, now)) == 0)
    return not_found("There is no such token.");
  AuditEntry entry;
  entry.action = AuditAction::remove;
  entry.entity_type = EntityType::api_token;
  entry.entity_id = id.uuid;
  entry.old_values = dump(token_values(*token));
  entry.metadata = "{}";
  entry.created_at = now;
  TRY(record_waiting_change(transaction, viewer, context.clock, std::move(entry)));
  return transaction.commit();
}

Result<void> revoke_token(AuthContext& auth, const Viewer& viewer, ApiTokenId id) {
  TRY(revoke_token(auth.services, viewer, id));
  tell_of_revocation(auth);
  settle_waiting_changes(auth.services, viewer.user_id);
  return {};
}

}  // namespace dits
