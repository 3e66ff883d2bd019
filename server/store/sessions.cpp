#include "server/store/sessions.hpp"

#include "server/db/array_text.hpp"
#include "server/store/sessions.sql.hpp"

namespace dits::store {
namespace {

Session session_from_row(Row row) {
  return {row.id<SessionTag>(0),
          row.id<UserTag>(1),
          std::string(row.text(2)),
          std::string(row.text(3)),
          row.timestamp(4),
          row.timestamp(5),
          row.timestamp(6),
          row.timestamp(7)};
}

}  // namespace

Result<void> insert_session(Transaction& transaction, const Session& session, const std::string& token_hash) {
  TRY(transaction.run(sql::insert_session,
                      {session.id,
                       session.user_id,
                       token_hash,
                       session.user_agent,
                       session.ip_address,
                       session.created_at,
                       session.expires_at,
                       session.absolute_expires_at}));
  return {};
}

Result<std::optional<SessionOfUser>> find_session_by_hash(Database& database,
                                                          const std::string& token_hash,
                                                          Timestamp now) {
  return first_of(
      TRY(database.read(Actor::of_system(), sql::find_session_by_hash, {token_hash, now})), [](Row row) {
        return SessionOfUser{
            session_from_row(row), row.text(8) == "ADMIN" ? Role::admin : Role::user, row.int64(9)};
      });
}

Result<std::vector<Session>> list_sessions(Reader reader, UserId user_id, Timestamp now) {
  return all_of(TRY(reader.run(sql::list_sessions, {user_id, now})), session_from_row);
}

Result<void> touch_sessions(Transaction& transaction, const std::vector<SessionUse>& uses) {
  ArrayText ids;
  ArrayText times;
  ArrayText ends;
  for (const SessionUse& use : uses) {
    ids.add(use.id);
    times.add(use.at);
    ends.add(use.expires_at);
  }
  TRY(transaction.run(sql::touch_sessions, {ids.take(), times.take(), ends.take()}));
  return {};
}

Result<std::int64_t> find_session_epoch(Database& database) {
  const Rows rows = TRY(database.read(Actor::of_system(), sql::find_session_epoch));
  return rows.empty() ? 0 : rows[0].int64(0);
}

Result<std::int64_t> delete_session(Transaction& transaction, UserId user_id, SessionId id) {
  return TRY(transaction.run(sql::delete_session, {user_id, id})).affected();
}

Result<std::int64_t> delete_other_sessions(Transaction& transaction, UserId user_id, SessionId spared) {
  return TRY(transaction.run(sql::delete_other_sessions, {user_id, spared})).affected();
}

Result<std::int64_t> delete_ended_sessions(Transaction& transaction, Timestamp now) {
  return TRY(transaction.run(sql::delete_ended_sessions, {now})).affected();
}

}  // namespace dits::store
