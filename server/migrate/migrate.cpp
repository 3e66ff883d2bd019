#include "server/migrate/migrate.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "server/base/log.hpp"
#include "server/migrate/identity.hpp"

namespace dits {

namespace {

using SteadyClock = std::chrono::steady_clock;

// Any number that no other program uses for an advisory lock in the same database; "DITS" in ASCII.
constexpr std::string_view try_lock = "SELECT pg_try_advisory_lock(1145656403)";
constexpr std::string_view unlock = "SELECT pg_advisory_unlock(1145656403)";
constexpr std::chrono::seconds longest_wait{120};

constexpr std::string_view create_table =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), "
    "duration_ms bigint NOT NULL, applied_by text NOT NULL DEFAULT current_user, binary_version text NOT "
    "NULL)";
constexpr std::string_view has_table = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr std::string_view list_applied =
    "SELECT name, checksum, to_char(applied_at, 'YYYY-MM-DD HH24:MI:SS'), applied_by, binary_version, "
    "duration_ms FROM schema_migrations ORDER BY name";
constexpr std::string_view insert_applied =
    "INSERT INTO schema_migrations (name, checksum, duration_ms, binary_version) VALUES ($1, $2, $3, $4)";

Result<std::vector<AppliedMigration>> applied_migrations(Connection& owner) {
  std::vector<AppliedMigration> applied;
  const Rows table = TRY(owner.run_once(has_table));
  if (!table[0].boolean(0)) return applied;
  const Rows rows = TRY(owner.run_once(list_applied));
  for (const Row row : rows) {
    applied.push_back({std::string(row.text(0)),
                       std::string(row.text(1)),
                       std::string(row.text(2)),
                       std::string(row.text(3)),
                       std::string(row.text(4)),
                       row.int64(5)});
  }
  return applied;
}

// Holds the lock that lets one process migrate; PostgreSQL frees it when the connection ends.
class MigrationLock {
 public:
  static Result<MigrationLock> take(Connection& owner) {
    const auto start = SteadyClock::now();
    bool is_told = false;
    while (true) {
      const Rows rows = TRY(owner.run_once(try_lock));
      if (rows[0].boolean(0)) return MigrationLock(&owner);
      if (SteadyClock::now() - start > longest_wait)
        return unavailable("Another DITS has been migrating this database for two minutes.");
      if (!is_told) log::info("waiting for another DITS that migrates this database");
      is_told = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  MigrationLock(MigrationLock&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
  ~MigrationLock() {
    if (owner_ != nullptr && !owner_->is_broken()) static_cast<void>(owner_->run_once(unlock));
  }

 private:
  explicit MigrationLock(Connection* owner) : owner_(owner) {}
  Connection* owner_;
};

Error failed(const Migration& migration, const Error& reason) {
  Error error = reason;
  error.message = "The migration " + migration.name + " failed and left nothing behind: " + reason.message;
  return error;
}

// Its statements and its row, in whatever transaction is open.
Result<void> apply_as_is(Connection& owner, const Migration& migration, const std::string& binary_version) {
  const auto start = SteadyClock::now();
  TRY(owner.run_script(migration.sql));
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start).count();
  TRY(owner.run_once(insert_applied, {migration.name, migration.checksum, ms, binary_version}));
  return {};
}

Result<void> apply(Connection& owner, const Migration& migration, const std::string& binary_version) {
  if (migration.is_transactional) TRY(owner.run_script("BEGIN"));
  Result<void> done = apply_as_is(owner, migration, binary_version);
  if (done && migration.is_transactional) done = owner.run_script("COMMIT");
  if (!done) {
    if (!owner.is_broken() && !owner.is_idle()) static_cast<void>(owner.run_script("ROLLBACK"));
    return failed(migration, done.error());
  }
  log::info("migration applied", {{"name", migration.name}});
  return {};
}

}  // namespace

Result<MigrationState> migration_state(Connection& owner, const std::vector<Migration>& known) {
  MigrationState state;
  state.applied = TRY(applied_migrations(owner));
  for (const AppliedMigration& applied : state.applied) {
    const auto same = std::ranges::find(known, applied.name, &Migration::name);
    if (same == known.end()) {
      return conflict(
          "The database has the migration " + applied.name + " (by DITS " + applied.binary_version +
              "), which this executable does not know: it is older than the database. Start the newer one.",
          "schema_is_newer");
    }
    if (same->checksum != applied.checksum) {
      return conflict(
          "The migration " + applied.name +
              " was changed after it was applied to this database. Restore its up.sql and write a "
              "new migration instead.",
          "migration_changed");
    }
  }
  for (const Migration& migration : known) {
    const bool is_applied =
        std::ranges::find(state.applied, migration.name, &AppliedMigration::name) != state.applied.end();
    if (!is_applied) state.pending.push_back(migration);
  }
  return state;
}

Result<std::vector<MigrationRow>> migration_rows(Connection& owner, const std::vector<Migration>& known) {
  using State = MigrationRow::State;
  std::vector<MigrationRow> rows;
  for (AppliedMigration& applied : TRY(applied_migrations(owner))) {
    const auto same = std::ranges::find(known, applied.name, &Migration::name);
    const State state = same == known.end()                  ? State::missing
                        : same->checksum != applied.checksum ? State::changed
                                                             : State::applied;
    rows.push_back({state, std::move(applied)});
  }
  const std::size_t applied_count = rows.size();
  for (const Migration& migration : known) {
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(applied_count);
    const bool is_applied = std::any_of(
        rows.begin(), end, [&](const MigrationRow& row) { return row.migration.name == migration.name; });
    if (!is_applied) rows.push_back({State::pending, {migration.name, migration.checksum, {}, {}, {}, 0}});
  }
  std::ranges::sort(rows, {}, [](const MigrationRow& row) { return row.migration.name; });
  return rows;
}

Result<std::vector<std::string>> migrate(Connection& owner, const MigrateOptions& options) {
  std::vector<std::string> names;
  if (TRY(migration_state(owner, options.known)).pending.empty()) return names;
  const MigrationLock lock = TRY(MigrationLock::take(owner));
  // Once more: while we waited, another process may have done it.
  const MigrationState state = TRY(migration_state(owner, options.known));
  if (state.pending.empty()) return names;
  if (!state.applied.empty() && options.backup) TRY(options.backup());
  TRY(owner.run_once(create_table));
  for (const Migration& migration : state.pending) {
    TRY(apply(owner, migration, options.binary_version));
    names.push_back(migration.name);
  }
  return names;
}

Result<void> under_migration_lock(Connection& owner, const std::function<Result<void>()>& work) {
  const MigrationLock lock = TRY(MigrationLock::take(owner));
  return work();
}

Result<void> apply_within_transaction(Connection& owner,
                                      const std::vector<Migration>& pending,
                                      const std::string& binary_version) {
  for (const Migration& migration : pending) {
    if (!migration.is_transactional) return {};
    if (const Result<void> done = apply_as_is(owner, migration, binary_version); !done)
      return failed(migration, done.error());
  }
  return {};
}

Result<void> make_schema(Connection& owner,
                         const std::vector<Migration>& migrations,
                         const std::string& binary_version) {
  TRY(owner.run_once(create_table));
  for (const Migration& migration : migrations) {
    if (const Result<void> done = apply_as_is(owner, migration, binary_version); !done)
      return failed(migration, done.error());
  }
  return {};
}

Result<void> drop_everything(Connection& owner) {
  const MigrationLock lock = TRY(MigrationLock::take(owner));
  const std::optional<Uuid> identity = TRY(read_identity(owner));
  TRY(owner.run_script("BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
  Result<void> done = identity ? stamp_identity(owner, *identity) : Result<void>();
  if (done) done = owner.run_script("COMMIT");
  if (!done && !owner.is_broken()) static_cast<void>(owner.run_script("ROLLBACK"));
  return done;
}

}  // namespace dits
