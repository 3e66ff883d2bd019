// Migrations as they lie in the repository and in the executable: a folder YYYYMMDDHHMMSS_name with up.sql
// and migration.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"

namespace dits {

struct Migration {
  std::string name;  // "20251007011629_init"
  std::string sql;
  std::string checksum;  // SHA-256 of up.sql, hex
  bool is_transactional =
      true;  // migration.json may say "transaction": false, for CREATE INDEX CONCURRENTLY and the like
};

// Those inside the executable, in order.
Result<std::vector<Migration>> embedded_migrations();

// One migration from the texts of its two files. Errors: invalid, naming the migration.
Result<Migration> parse_migration(std::string name, std::string sql, std::string_view json);

// Fourteen digits of a time, an underscore, and a name in snake_case.
bool is_migration_name(std::string_view name);

// Writes the folder of a new migration into `directory`; its path. Errors: invalid for a bad name,
// unavailable.
Result<std::string> write_new_migration(const std::string& directory,
                                        std::string_view name,
                                        std::string_view timestamp);

}  // namespace dits
