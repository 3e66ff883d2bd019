// The database as a whole: which server, how large, how busy.
#pragma once

#include <cstdint>
#include <string>

#include "server/db/database.hpp"
#include "shared/core/time.hpp"

namespace dits::store {

struct DatabaseInfo {
  std::string server_version;
  Timestamp started_at;
  std::int64_t max_connections = 0;
  std::int64_t connections = 0;  // to this database, ours and others
  std::string name;
  std::int64_t size_bytes = 0;
  bool has_checksums = false;
  // Since the server's statistics were last reset.
  std::int64_t blocks_hit = 0;  // found in memory
  std::int64_t blocks_read = 0;
  std::int64_t commits = 0;
  std::int64_t rollbacks = 0;
  std::int64_t deadlocks = 0;
  std::int64_t temporary_bytes = 0;
};

// As the server tells it now. Errors: unavailable.
Result<DatabaseInfo> read_database_info(Database& database);

}  // namespace dits::store
