#include "server/migrate/identity.hpp"

#include <algorithm>

#include "server/base/crypto.hpp"
#include "server/migrate/migration_files.hpp"

namespace dits {

namespace {

constexpr std::string_view identity_migration = "20261129150000_database_identity";

constexpr std::string_view has_table = "SELECT to_regclass($1) IS NOT NULL";
constexpr std::string_view ask_identity = "SELECT id FROM database_identity";
constexpr std::string_view set_identity = "UPDATE database_identity SET id = $1";
constexpr std::string_view ask_clock_witness = "SELECT seen_at, hidden_ms, doubted_until FROM clock_witness";
constexpr std::string_view ask_accounts = "SELECT id FROM users";
constexpr std::string_view ask_hashes = "SELECT DISTINCT encode(sha256, 'hex') FROM attachments";

Result<bool> has(Connection& owner, std::string_view table) {
  return TRY(owner.run_once(has_table, {table}))[0].boolean(0);
}

}  // namespace

Result<std::optional<Uuid>> read_identity(Connection& owner) {
  if (!TRY(has(owner, "public.database_identity"))) return std::optional<Uuid>();
  const Rows rows = TRY(owner.run_once(ask_identity));
  if (rows.empty()) return std::optional<Uuid>();
  return std::optional<Uuid>(rows[0].uuid(0));
}

Result<void> stamp_identity(Connection& owner, const Uuid& identity) {
  const std::vector<Migration> known = TRY(embedded_migrations());
  const auto migration = std::ranges::find(known, identity_migration, &Migration::name);
  if (migration == known.end()) return internal("the migration of identities is not in this executable");
  TRY(owner.run_script("SET client_min_messages = warning; " + migration->sql));
  TRY(owner.run_once(set_identity, {identity}));
  return {};
}

Result<BackupOwner> read_backup_owner(Connection& owner) {
  BackupOwner known;
  if (const auto identity = TRY(read_identity(owner))) known.database = to_string(*identity);
  if (!TRY(has(owner, "public.schema_migrations"))) return known;
  std::string rows;
  TRY(owner.copy_out("COPY public.schema_migrations TO STDOUT", [&](std::string_view row) {
    rows += row;
    known.migration_digests.push_back(hex(sha256(rows)));
    return Result<void>();
  }));
  return known;
}

Result<ClockWitness> read_clock_witness(Connection& owner) {
  if (!TRY(has(owner, "public.clock_witness"))) return ClockWitness();
  const Rows rows = TRY(owner.run_once(ask_clock_witness));
  if (rows.empty()) return ClockWitness();
  const Row row = rows[0];
  return ClockWitness{row.optional_timestamp(0), row.int64(1), row.optional_timestamp(2)};
}

// Row-level security binds a plain owner: it sees accounts as the server's own work does, and what is theirs
// as each of them.
Result<std::vector<Uuid>> list_accounts(Connection& owner) {
  std::vector<Uuid> accounts;
  if (!TRY(has(owner, "public.users"))) return accounts;
  TRY(owner.run_script("SET dits.system = 'on'"));
  const Rows rows = TRY(owner.run_once(ask_accounts));
  TRY(owner.run_script("RESET dits.system"));
  for (const Row row : rows) accounts.push_back(row.uuid(0));
  return accounts;
}

Result<bool> names_attachment(Connection& owner,
                              const std::vector<Uuid>& accounts,
                              const std::function<bool(const std::string& sha256)>& is_there) {
  if (!TRY(has(owner, "public.attachments"))) return false;
  bool is_named = false;
  for (const Uuid& account : accounts) {
    TRY(owner.run_script("SET dits.user_id = '" + to_string(account) + "'"));
    const Rows hashes = TRY(owner.run_once(ask_hashes));
    for (const Row row : hashes) is_named = is_named || is_there(std::string(row.text(0)));
    if (is_named) break;
  }
  TRY(owner.run_script("RESET dits.user_id"));
  return is_named;
}

}  // namespace dits
