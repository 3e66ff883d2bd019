#include "server/backup/restore.hpp"

#include <utility>
#include <vector>

#include "server/backup/bad_archive.hpp"
#include "server/backup/bare_tables.hpp"
#include "server/base/log.hpp"

namespace dits {

namespace {

constexpr std::string_view replaced_prefix = "dits_replaced_";

// The lock under which migrations run, too.
constexpr std::string_view take_lock = "SELECT pg_try_advisory_xact_lock(1145656403)";
constexpr std::string_view ask_extensions =
    "SELECT quote_ident(extname) FROM pg_extension WHERE extnamespace = $1::regnamespace ORDER BY 1";
constexpr std::string_view ask_has_tables =
    "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', "
    "'v', 'm'))";
constexpr std::string_view ask_schema_owner =
    "SELECT nspowner = 'pg_database_owner'::regrole FROM pg_namespace WHERE nspname = 'public'";
constexpr std::string_view ask_is_open_to_all =
    "SELECT EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'public' AND grantee = 0 "
    "AND "
    "privilege_type = 'USAGE')";
constexpr std::string_view ask_is_taken = "SELECT to_regnamespace($1) IS NOT NULL";
constexpr std::string_view ask_replaced =
    "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname LIKE 'dits\\_replaced\\_%' ORDER BY 1";
// Their prepared statements and caches belong to the replaced schema; they connect again.
constexpr std::string_view end_other_sessions =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND "
    "pid <> "
    "pg_backend_pid() AND application_name LIKE 'dits%' AND pg_has_role(current_user, usesysid, 'MEMBER')";

// What they remember of sessions and names is told to be outdated with the commit itself.
constexpr const char* tell_servers = "NOTIFY dits_sessions; NOTIFY dits_names";

constexpr std::string_view ask_is_superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";

// Tables take their indexes, constraints, triggers, policies and sequences along.
constexpr const char* move_everything = R"sql(
DO $$
DECLARE command text;
BEGIN
  FOR command IN
    SELECT 'ALTER TABLE ' || oid::regclass FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
    UNION ALL
    SELECT 'ALTER TYPE ' || oid::regtype FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
    UNION ALL
    SELECT 'ALTER ROUTINE ' || oid::regprocedure FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
  LOOP
    EXECUTE command || ' SET SCHEMA ' || current_setting('dits.replaced');
  END LOOP;
END $$;
)sql";

// Ends the transaction when it is not committed.
class OpenTransaction {
 public:
  explicit OpenTransaction(Connection& connection) : connection_(&connection) {}
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;
  ~OpenTransaction() {
    if (connection_ != nullptr && !connection_->is_broken())
      static_cast<void>(connection_->run_script("ROLLBACK"));
  }
  Result<void> commit() {
    Connection& connection = *std::exchange(connection_, nullptr);
    return connection.run_script("COMMIT");
  }

 private:
  Connection* connection_;
};

// Sends the rows of a dump to the server; its statements were looked at, and are left alone.
class Loader : public DumpHandler {
 public:
  Loader(Connection& owner, const BareTables& tables) : owner_(owner), missing_(tables.names()) {}

  Result<void> take_sql(std::string_view) override { return {}; }
  Result<void> begin_rows(const CopyHead& head) override {
    is_passed_over_ = head.table.substr(head.table.find('.') + 1) == derived_table;
    if (is_passed_over_) return {};
    if (missing_.erase(head.table.substr(head.table.find('.') + 1)) == 0) {
      return bad_archive("It holds the table " + head.table +
                         ", which its migrations do not make, or holds it twice. Nothing was restored.");
    }
    heads_.push_back(head);
    return owner_.begin_copy_in("COPY " + head.target + " FROM STDIN");
  }
  Result<void> take_rows(std::string_view lines) override {
    return is_passed_over_ ? Result<void>() : owner_.put_copy_data(lines);
  }
  Result<void> end_rows() override {
    if (is_passed_over_) return {};
    TRY(owner_.end_copy_in());
    return {};
  }
  Result<void> finish() const {
    if (missing_.empty()) return {};
    return bad_archive("It lacks the table " + *missing_.begin() + ". Nothing was restored.");
  }
  const std::vector<CopyHead>& heads() const { return heads_; }

 private:
  Connection& owner_;
  std::set<std::string> missing_;  // tables whose rows have not come yet
  bool is_passed_over_ = false;    // these rows
  std::vector<CopyHead> heads_;
};

// The live schema under another name, an empty one in its place. Nobody waits for this: rows are not locked.
Result<void> rename_schema(Connection& owner, const std::string& replaced, bool is_database_owners) {
  const Rows extensions = TRY(owner.run_once(ask_extensions, {"public"}));
  const bool is_open_to_all = TRY(owner.run_once(ask_is_open_to_all))[0].boolean(0);
  TRY(owner.run_script("ALTER SCHEMA public RENAME TO " + replaced +
                       "; CREATE SCHEMA public; COMMENT ON SCHEMA public IS 'standard public schema'"));
  for (const Row row : extensions)
    TRY(owner.run_script("ALTER EXTENSION " + std::string(row.text(0)) + " SET SCHEMA public"));
  if (is_database_owners) TRY(owner.run_script("ALTER SCHEMA public OWNER TO pg_database_owner"));
  if (is_open_to_all) TRY(owner.run_script("GRANT USAGE ON SCHEMA public TO PUBLIC"));
  return {};
}

// Only a superuser may move an extension to another schema; without one everything else is moved away from
// it, and the tables are locked until the restore is over.
Result<void> empty_schema(Connection& owner, const std::string& replaced) {
  TRY(owner.run_script("CREATE SCHEMA " + replaced + "; SET LOCAL dits.replaced = '" + replaced + "'"));
  return owner.run_script(move_everything);
}

// A change that is under way is answered before the commit of the restore or not at all: none is answered
// that went into the replaced data afterwards. Every change holds its user's counters to its end.
Result<void> wait_for_writers(Connection& owner, const std::string& replaced) {
  const std::string counters = replaced + ".user_counters";
  const Rows found = TRY(owner.run_once("SELECT to_regclass($1) IS NOT NULL", {counters}));
  if (!found[0].boolean(0)) return {};
  const Result<void> locked = owner.run_script("LOCK TABLE " + counters + " IN EXCLUSIVE MODE");
  if (locked || locked.error().kind != "timeout") return locked;
  return unavailable(
      "Somebody has been writing one change for a minute, perhaps an import. Nothing was restored: wait "
      "until it has "
      "ended, and restore again.");
}

Result<void> set_schema_aside(Connection& owner, const std::string& replaced) {
  const Rows owned = TRY(owner.run_once(ask_schema_owner));
  if (owned.empty()) return owner.run_script("CREATE SCHEMA public; CREATE SCHEMA " + replaced);
  const Rows login = TRY(owner.run_once(ask_is_superuser));
  if (!login[0].boolean(0)) return empty_schema(owner, replaced);
  return rename_schema(owner, replaced, owned[0].boolean(0));
}

// Reads every table back, in the order in which it lies, and compares it with the backup row by row.
Result<void> prove(Connection& owner, const std::vector<CopyHead>& heads, const DumpContents& contents) {
  std::map<std::string, TableDigest> found;
  for (const CopyHead& head : heads) {
    TableDigest digest;
    Sha256 hash;
    TRY(owner.copy_out("COPY " + head.target + " TO STDOUT", [&](std::string_view row) {
      hash.add(row);
      ++digest.rows;
      return Result<void>();
    }));
    digest.sha256 = hex(hash.finish());
    const std::string table = head.table.substr(head.table.find('.') + 1);
    const auto wanted = contents.tables.find(table);
    if (wanted == contents.tables.end() || digest != wanted->second) {
      return internal("The table " + table + " does not hold after the restore what the backup holds: " +
                      std::to_string(digest.rows) + " rows of " +
                      std::to_string(wanted == contents.tables.end() ? 0 : wanted->second.rows) + ".");
    }
    TRY(owner.run_script("ANALYZE " + head.table));
  }
  return {};
}

Result<void> load(
    Connection& owner, const Backup& backup, SealKeys& keys, const RestoreSteps& steps, Loader& loader) {
  DumpReader reader(loader);
  std::int64_t done = 0;
  const auto take = [&](std::string_view piece) -> Result<void> {
    TRY(steps.check_room());
    TRY(reader.add(piece));
    done += static_cast<std::int64_t>(piece.size());
    steps.show(done);
    return {};
  };
  TRY(read_backup(backup.path, keys, take));
  TRY(reader.finish());
  TRY(loader.finish());
  // As pg_dump has read them.
  return owner.run_script(
      "SET dits.backup = 'on'; SET synchronize_seqscans = off; SET IntervalStyle = postgres; SET DateStyle = "
      "ISO; SET "
      "TimeZone = 'UTC'; SET extra_float_digits = 3");
}

// Two restores within a second have the same time.
Result<std::string> free_schema_name(Connection& owner, const std::string& wanted) {
  std::string name = wanted;
  for (int count = 2; TRY(owner.run_once(ask_is_taken, {name}))[0].boolean(0); ++count)
    name = wanted + "_" + std::to_string(count);
  return name;
}

}  // namespace

Result<std::string> restore_backup(Connection& owner,
                                   const Backup& backup,
                                   const DumpContents& contents,
                                   SealKeys& keys,
                                   Clock& clock,
                                   const RestoreSteps& steps) {
  const std::string name = backup_name(clock.now());
  TRY(owner.run_script("BEGIN"));
  OpenTransaction transaction(owner);
  if (!TRY(owner.run_once(take_lock))[0].boolean(0))
    return conflict("Another DITS is migrating or restoring this database.");
  const std::string replaced =
      TRY(free_schema_name(owner, std::string(replaced_prefix) + name.substr(name.find("_2") + 1, 15)));
  TRY(set_schema_aside(owner, replaced));
  TRY(steps.make_schema(owner));
  const BareTables tables = TRY(BareTables::strip(owner));
  Loader loader(owner, tables);
  TRY(load(owner, backup, keys, steps, loader));
  TRY(tables.put_back(owner));
  TRY(steps.before_reading(owner));
  TRY(prove(owner, loader.heads(), contents));
  TRY(steps.before_commit(owner));
  const bool is_kept = TRY(owner.run_once(ask_has_tables, {replaced}))[0].boolean(0);
  TRY(wait_for_writers(owner, replaced));
  if (!is_kept) TRY(owner.run_script("DROP SCHEMA " + replaced + " CASCADE"));
  TRY(owner.run_script(tell_servers));
  if (const Result<void> committed = transaction.commit(); !committed) {
    if (committed.error().kind != "database_away") return committed.error();
    Error unknown = unavailable(
        "The connection to the database broke at the last step: the data may be the restored or the earlier "
        "one. dits db status and dits db info show it; restoring once more is safe.");
    unknown.kind = "commit_unknown";
    return unknown;
  }
  if (const auto ended = owner.run_once(end_other_sessions); !ended)
    log::warn("running servers could not be told; restart them", {{"reason", ended.error().message}});
  return is_kept ? replaced : std::string{};
}

Result<int> drop_replaced_schemas(Connection& owner) {
  int dropped = 0;
  const Rows schemas = TRY(owner.run_once(ask_replaced));
  for (const Row row : schemas) {
    TRY(owner.run_script("DROP SCHEMA IF EXISTS " + std::string(row.text(0)) + " CASCADE"));
    ++dropped;
  }
  return dropped;
}

}  // namespace dits
