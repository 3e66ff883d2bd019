#include "server/store/admin.hpp"

#include "server/store/admin.sql.hpp"

namespace dits::store {

Result<DatabaseInfo> read_database_info(Database& database) {
  const Rows rows = TRY(database.read(Actor::of_system(), sql::read_database_info));
  if (rows.empty()) return internal("the database has no statistics");
  const Row row = rows[0];
  DatabaseInfo info;
  info.server_version = row.text(0);
  info.started_at = row.timestamp(1);
  info.max_connections = row.int64(2);
  info.connections = row.int64(3);
  info.name = row.text(4);
  info.size_bytes = row.int64(5);
  info.has_checksums = row.boolean(6);
  info.blocks_hit = row.int64(7);
  info.blocks_read = row.int64(8);
  info.commits = row.int64(9);
  info.rollbacks = row.int64(10);
  info.deadlocks = row.int64(11);
  info.temporary_bytes = row.int64(12);
  return info;
}

}  // namespace dits::store
