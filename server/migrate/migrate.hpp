// Brings a database's schema to the state that this executable knows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/db/connection.hpp"
#include "server/migrate/migration_files.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct AppliedMigration {
  std::string name;
  std::string checksum;
  std::string applied_at;
  std::string applied_by;  // the role of the database
  std::string binary_version;
  std::int64_t duration_ms = 0;
};

struct MigrationState {
  std::vector<AppliedMigration> applied;
  std::vector<Migration> pending;
};

// Compares the database with `known`, changing nothing. Errors: conflict, kind "schema_is_newer" when the
// database has a migration that this executable does not know, kind "migration_changed" when the text of an
// applied one is not what was applied.
Result<MigrationState> migration_state(Connection& owner, const std::vector<Migration>& known);

// One line of what `dits db status` tells.
struct MigrationRow {
  enum class State {
    applied,
    pending,
    changed,  // applied, but its text here is not what was applied
    missing   // applied, but not in this executable: a newer DITS did it
  };
  State state = State::applied;
  AppliedMigration migration;  // of a pending one only the name
};

// Every migration that the database or this executable knows, in order. Nothing is an error but a database
// that doesn't answer.
Result<std::vector<MigrationRow>> migration_rows(Connection& owner, const std::vector<Migration>& known);

struct MigrateOptions {
  std::vector<Migration> known;
  std::string binary_version;
  // Called once, before the first pending migration of a database that holds data already. An error stops the
  // migration.
  std::function<Result<void>()> backup = {};
};

// Applies what is pending, each migration in a transaction together with its row in schema_migrations.
// Several processes may call it at the same time: one of them does the work. Answers with the names of what
// was applied. Errors: as above, and internal with PostgreSQL's message: the migration that failed has left
// nothing behind.
Result<std::vector<std::string>> migrate(Connection& owner, const MigrateOptions& options);

// Runs `work` while no other process migrates, grants or drops here. Errors: unavailable, and those of
// `work`.
Result<void> under_migration_lock(Connection& owner, const std::function<Result<void>()>& work);

// Applies `pending` within a transaction that the caller has open, up to the first one that needs to be
// outside of any: that and the later ones are for the next migrate().
Result<void> apply_within_transaction(Connection& owner,
                                      const std::vector<Migration>& pending,
                                      const std::string& binary_version);

// Makes the schema of these migrations in an empty one, within a transaction that the caller has open.
// Errors: as migrate().
Result<void> make_schema(Connection& owner,
                         const std::vector<Migration>& migrations,
                         const std::string& binary_version);

// Drops everything in the schema but the database's identity, for `dits db reset`.
Result<void> drop_everything(Connection& owner);

}  // namespace dits
