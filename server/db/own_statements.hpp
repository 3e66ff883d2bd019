// What server/db itself says to PostgreSQL, and how a batch is put together, for its files alone.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "server/base/disk_space.hpp"
#include "server/db/connection.hpp"
#include "server/db/database.hpp"
#include "server/db/pool.hpp"

namespace dits {

// Names with a dot are ours; a name in a .sql file has none.
// The session may be a reader's (set_reader).
inline constexpr Statement begin_write{"dits.begin_write", "BEGIN READ WRITE"};
inline constexpr Statement begin_read{"dits.begin_read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
inline constexpr Statement set_actor{
    "dits.set_actor", "SELECT set_config('dits.user_id', $1, true), set_config('dits.system', $2, true)"};
// What writes is planned once for any number of rows: it looks them up one by one.
inline constexpr Statement set_writer{
    "dits.set_writer",
    "SELECT set_config('dits.user_id', $1, true), set_config('dits.system', $2, true), "
    "set_config('plan_cache_mode', 'force_generic_plan', true)"};
// For the session, and for the transaction that it begins.
inline constexpr Statement set_reader{
    "dits.set_reader",
    "SELECT set_config('dits.user_id', $1, false), set_config('dits.system', $2, false), "
    "set_config('default_transaction_read_only', 'on', false), set_config('transaction_read_only', 'on', "
    "true)"};
inline constexpr Statement commit_statement{"dits.commit", "COMMIT"};
// Not before the commit's own record, wherever exactly that lies.
inline constexpr Statement commit_mark{"dits.commit_mark", "SELECT pg_current_wal_insert_lsn()"};
inline constexpr Statement rollback_statement{"dits.rollback", "ROLLBACK"};
inline constexpr std::array<Statement, 2> make_savepoint = {
    Statement{"dits.savepoint_even", "SAVEPOINT dits_even"},
    Statement{"dits.savepoint_odd", "SAVEPOINT dits_odd"}};
inline constexpr std::array<Statement, 2> release_savepoint = {
    Statement{"dits.release_even", "RELEASE SAVEPOINT dits_even"},
    Statement{"dits.release_odd", "RELEASE SAVEPOINT dits_odd"}};
inline constexpr std::array<Statement, 2> return_to_savepoint = {
    Statement{"dits.return_even", "ROLLBACK TO SAVEPOINT dits_even"},
    Statement{"dits.return_odd", "ROLLBACK TO SAVEPOINT dits_odd"}};

inline Command command_for(const Statement& statement, std::span<const Param> params = {}) {
  return {statement.name, statement.sql, params, false};
}

inline std::array<Param, 2> actor_params(const Actor& actor) {
  return {Param(actor.user_id.is_set() ? to_string(actor.user_id) : std::string{}),
          Param(actor.system ? "on" : "off")};
}

inline Pool::Priority priority_of(const Actor& actor) {
  return actor.system ? Pool::Priority::system : Pool::Priority::ordinary;
}

inline bool is_write(Access access) { return access != Access::read && access != Access::stale_read; }

inline DiskUse disk_use_of(Access access) {
  if (access == Access::bulk_write) return DiskUse::bulk;
  if (access == Access::freeing_write) return DiskUse::freeing;
  return access == Access::urgent_write ? DiskUse::urgent : DiskUse::write;
}

inline bool is_away(const Error& error) { return error.kind == "database_away"; }

// What a replica may fail with where the primary would not: it died, it was too slow, the query stood in the
// way of its recovery, or it does not know a newer schema yet.
inline bool is_replica_trouble(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::internal ||
         error.kind == "serialization_failure";
}

// The name under which a statement is prepared whose text is computed.
std::string name_of_computed(std::string_view name, std::string_view sql);

}  // namespace dits
