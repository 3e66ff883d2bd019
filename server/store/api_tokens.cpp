#include "server/store/api_tokens.hpp"

#include "server/db/array_text.hpp"
#include "server/store/api_tokens.sql.hpp"

namespace dits::store {
namespace {

Scope scope_from_text(std::string_view text) {
  if (text == "ADMIN") return Scope::admin;
  return text == "WRITE" ? Scope::write : Scope::read;
}

ApiToken token_from_row(Row row) {
  return {row.id<ApiTokenTag>(0),
          row.id<UserTag>(1),
          std::string(row.text(2)),
          std::string(row.text(3)),
          scope_from_text(row.text(4)),
          row.optional_timestamp(5),
          row.optional_timestamp(6),
          row.timestamp(7)};
}

}  // namespace

std::string_view name_of_scope(Scope scope) {
  switch (scope) {
    case Scope::admin:
      return "ADMIN";
    case Scope::write:
      return "WRITE";
    default:
      return "READ";
  }
}

Result<void> insert_api_token(Transaction& transaction,
                              const ApiToken& token,
                              const std::string& token_hash) {
  TRY(transaction.run(sql::insert_api_token,
                      {token.id,
                       token.user_id,
                       token.name,
                       token_hash,
                       token.prefix,
                       name_of_scope(token.scope),
                       token.expires_at,
                       token.created_at}));
  return {};
}

Result<std::optional<ApiTokenOfUser>> find_api_token_by_hash(Database& database,
                                                             const std::string& token_hash,
                                                             Timestamp now) {
  return first_of(TRY(database.read(Actor::of_system(), sql::find_api_token_by_hash, {token_hash, now})),
                  [](Row row) {
                    return ApiTokenOfUser{
                        token_from_row(row), row.text(8) == "ADMIN" ? Role::admin : Role::user, row.int64(9)};
                  });
}

Result<std::vector<ApiToken>> list_api_tokens(Reader reader, UserId user_id) {
  return all_of(TRY(reader.run(sql::list_api_tokens, {user_id})), token_from_row);
}

Result<std::optional<ApiToken>> find_api_token(Reader reader, UserId user_id, ApiTokenId id) {
  return first_of(TRY(reader.run(sql::find_api_token, {user_id, id})), token_from_row);
}

Result<void> touch_api_tokens(Transaction& transaction, const std::vector<ApiTokenUse>& uses) {
  ArrayText ids;
  ArrayText times;
  for (const ApiTokenUse& use : uses) {
    ids.add(use.id);
    times.add(use.at);
  }
  TRY(transaction.run(sql::touch_api_tokens, {ids.take(), times.take()}));
  return {};
}

Result<std::int64_t> revoke_api_token(Transaction& transaction,
                                      UserId user_id,
                                      ApiTokenId id,
                                      Timestamp now) {
  return TRY(transaction.run(sql::revoke_api_token, {user_id, id, now})).affected();
}

}  // namespace dits::store
