#include "server/cli/doctor_database.hpp"

#include <chrono>
#include <cmath>

#include "server/base/clock.hpp"
#include "server/cli/terminal.hpp"
#include "server/embedded/clusters_here.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/identity.hpp"
#include "server/migrate/roles.hpp"

namespace dits::cli {

namespace {

constexpr std::string_view ask_settings =
    "SELECT current_setting('server_version'), current_setting('fsync'), "
    "current_setting('full_page_writes'), current_setting('data_checksums'), "
    "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int, "
    "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
    "extract(epoch FROM clock_timestamp()) * 1000, "
    "(SELECT max(age(datfrozenxid)) FROM pg_database), pg_is_in_recovery()";
constexpr std::string_view ask_hanging =
    "SELECT pid, application_name, state, extract(epoch FROM now() - coalesce(xact_start, "
    "query_start))::bigint, "
    "cardinality(pg_blocking_pids(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    "pg_backend_pid() AND backend_type = 'client backend' AND ((state = 'active' AND query_start < now() - "
    "interval '1 minute') OR (state LIKE 'idle in transaction%' AND xact_start < now() - interval '5 "
    "minutes')) ORDER BY 4 DESC LIMIT 5";
constexpr std::string_view ask_migration_lock =
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 1145656403 AND granted AND pid <> "
    "pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
constexpr std::string_view ask_slots =
    "SELECT slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint FROM pg_replication_slots "
    "WHERE NOT active AND restart_lsn IS NOT NULL";
// Only with the extension, which an administrator may have installed.
constexpr std::string_view has_statements = "SELECT to_regclass('pg_stat_statements') IS NOT NULL";
constexpr std::string_view ask_statements =
    "SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 100), calls, round(mean_exec_time) FROM "
    "pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
    "mean_exec_time > 200 ORDER BY total_exec_time DESC LIMIT 3";

constexpr std::int64_t much_log = 1024LL * 1024 * 1024;
constexpr std::int64_t old_transactions = 1'500'000'000;  // PostgreSQL stops at 2.1 billion

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

void look_at_settings(Connection& owner, const DatabasePlace& place, const Config& config, Report& report) {
  const Result<Rows> rows = owner.run_once(ask_settings);
  if (!rows) return report.bad("the server's settings can't be read: " + rows.error().message);
  const Row row = (*rows)[0];
  report.good(
      "PostgreSQL " + std::string(row.text(0)) +
      (place.is_embedded() ? " inside dits" : " at " + without_password(config.database_url.reveal())));
  if (row.boolean(8))
    report.bad("this server is a read replica", "give the primary's address as DATABASE_URL");
  if (row.text(1) != "on" || row.text(2) != "on") {
    report.bad("fsync or full_page_writes is off: a power cut destroys the database",
               "ALTER SYSTEM SET fsync = on; ALTER SYSTEM SET full_page_writes = on; then reload");
  }
  if (row.text(3) != "on") {
    report.note("data checksums are off: a dying disk is noticed late",
                "pg_checksums --enable, while PostgreSQL is stopped");
  }
  const std::int64_t allowed = row.int64(4);
  const std::int64_t others = row.int64(5);
  const std::string connections = std::to_string(others) + " connections of " + std::to_string(allowed);
  if (allowed < config.database_pool_max + 5) {
    report.bad(connections + ", and the pool may want " + std::to_string(config.database_pool_max),
               "lower DATABASE_POOL_MAX or raise max_connections");
  } else if (others * 10 > allowed * 9) {
    report.bad(connections, "something else holds them: SELECT * FROM pg_stat_activity in dits db shell");
  } else {
    report.good(connections + " in use");
  }
  const double apart = std::abs(row.number(6) - static_cast<double>(system_clock().now().unix_ms));
  if (apart > 5000) {
    report.bad("the clocks of PostgreSQL and of this machine are " +
                   std::to_string(static_cast<std::int64_t>(apart / 1000)) + " seconds apart",
               "let both follow a time server (timedatectl set-ntp true)");
  }
  if (row.int64(7) > old_transactions)
    report.bad("transaction numbers run out", "vacuum every database: vacuumdb --all --freeze");
}

void look_at_what_hangs(Connection& owner, Report& report) {
  const Result<Rows> hanging = owner.run_once(ask_hanging);
  if (!hanging) return report.bad("the sessions can't be read: " + hanging.error().message);
  for (const Row row : *hanging) {
    report.note("session " + std::string(row.text(0)) + " (" + std::string(row.text(1)) + ") is " +
                    std::string(row.text(2)) + " for " + std::to_string(row.int64(3)) + " seconds" +
                    (row.int64(4) > 0 ? ", waiting for a lock" : ""),
                "SELECT query FROM pg_stat_activity WHERE pid = " + std::string(row.text(0)) +
                    "; in dits db shell; pg_terminate_backend() ends it");
  }
  if (hanging->empty()) report.good("no statement runs for longer than a minute");
  const Result<Rows> slots = owner.run_once(ask_slots);
  if (!slots) return;
  for (const Row row : *slots) {
    const std::string what = "the replication slot " + std::string(row.text(0)) + " is not used and keeps " +
                             readable_size(row.int64(1)) + " of the log";
    const std::string advice =
        "start its replica again, or SELECT pg_drop_replication_slot('" + std::string(row.text(0)) + "')";
    (row.int64(1) > much_log ? report.bad(what, advice) : report.note(what, advice));
  }
}

void look_at_slow_statements(Connection& owner, const Config& config, Report& report) {
  const Result<Rows> is_there = owner.run_once(has_statements);
  if (!is_there || !(*is_there)[0].boolean(0)) {
    report.good("slow statements (over " + std::to_string(config.slow_query_ms) +
                " ms) are in the server's log, each with its plan; all of them with --dev");
    return;
  }
  const Result<Rows> rows = owner.run_once(ask_statements);
  if (!rows) return;
  for (const Row row : *rows) {
    report.note("slow: " + std::string(row.text(0)) + " (" + grouped(row.int64(1)) + " times, " +
                    std::string(row.text(2)) + " ms each)",
                "EXPLAIN (ANALYZE, BUFFERS) it in dits db shell");
  }
  if (rows->empty()) report.good("no statement takes 200 ms on average (pg_stat_statements)");
}

void look_at_migrations(Connection& owner, const DatabasePlace& place, Report& report) {
  const auto known = embedded_migrations();
  const auto state = known ? migration_state(owner, *known) : Result<MigrationState>(known.error());
  if (!state) return report.bad(state.error().message, "dits db status shows all of them");
  const std::size_t pending = state->pending.size();
  if (pending == 0)
    return report.good(std::to_string(state->applied.size()) +
                       (state->applied.size() == 1 ? " migration" : " migrations") +
                       " applied, none pending");
  report.note(std::to_string(pending) + (pending == 1 ? " migration is" : " migrations are") + " pending",
              place.is_embedded() ? "the next start applies them, after a backup"
                                  : "back up, then start once with --migrate; one that fails leaves nothing "
                                    "behind and says why");
}

}  // namespace

std::string advice_for_connection(const Error& error, const Config& config) {
  for (const char* told :
       {"cluster_is_newer", "clusters_in_doubt", "old_programs_missing", "upgrade_is_running"}) {
    if (error.kind == told) return {};
  }
  const std::string& reason = error.message;
  const std::string url = without_password(config.database_url.reveal());
  if (config.is_embedded())
    return "its own words are in " + config.data_dir +
           "/cluster-*/postgresql.log; a full disk and a wrong owner are the usual reasons";
  if (has(reason, "password authentication failed") || has(reason, "no password supplied"))
    return "check user and password in DATABASE_URL (now " + url + ")";
  if (has(reason, "does not exist"))
    return "make it: CREATE ROLE and CREATE DATABASE, or correct DATABASE_URL (now " + url + ")";
  if (has(reason, "could not translate host name") || has(reason, "Name or service not known"))
    return "check the host in DATABASE_URL (now " + url + ")";
  if (has(reason, "Connection refused") || has(reason, "No such file"))
    return "is it running, and is the port right? docker ps; systemctl status postgresql; DATABASE_URL is " +
           url;
  if (has(reason, "starting up") || has(reason, "shutting down") || has(reason, "recovery"))
    return "wait: it is starting, stopping or recovering";
  if (has(reason, "too many clients") || has(reason, "remaining connection slots"))
    return "raise max_connections, or lower DATABASE_POOL_MAX of those who use it";
  if (has(reason, "pg_hba.conf")) return "let this machine in: a line in PostgreSQL's pg_hba.conf";
  return "check that this answers: psql '" + url + "'";
}

void look_at_clusters(const Config& config, Report& report) {
  const Result<embedded::ClustersHere> here = embedded::clusters_in(config.data_dir);
  if (!here) return;  // whoever opens the database says why not
  for (const embedded::FoundCluster& one : here->clusters)
    report.good("database " + one.path + ", made by PostgreSQL " + std::to_string(one.version));
  for (const embedded::KeptCluster& one : here->kept) {
    report.note(
        one.path + " does not count any more" +
            (one.reason == embedded::KeptFor::upgraded ? " (it was upgraded)" : " (it held no account)"),
        "it is removed with the first backup after " + to_string(date_of(embedded::kept_until(one))) +
            "; or remove it yourself");
  }
}

void look_at_server(Connection& owner, const DatabasePlace& place, const Config& config, Report& report) {
  look_at_settings(owner, place, config, report);
  if (const Result<void> encoding = check_encoding(owner); !encoding) report.bad(encoding.error().message);
  look_at_what_hangs(owner, report);
  look_at_slow_statements(owner, config, report);
}

void look_at_schema(Connection& owner, const DatabasePlace& place, Report& report) {
  look_at_migrations(owner, place, report);
  if (const auto lock = owner.run_once(ask_migration_lock); lock && !lock->empty()) {
    report.note(
        "session " + std::string((*lock)[0].text(0)) + " is migrating this database",
        "when no DITS is starting: SELECT pg_terminate_backend(" + std::string((*lock)[0].text(0)) + ")");
  }
  const Result<bool> ready = app_role_is_ready(owner);
  if (ready && *ready) return report.good("the role of requests has its rights, and no more");
  if (!ready) return;  // without a schema there is nothing to have rights on
  report.bad("the role dits_app lacks rights on this schema",
             "dits doctor --fix grants them, and so does the next start",
             [&owner]() -> Result<std::string> {
               TRY(grant_app_role(owner));
               return std::string("granted");
             });
}

void look_at_identity(Connection& owner, const DatabasePlace& place, const Config& config, Report& report) {
  const auto seen = look_at_directory(owner, place, config);
  if (!seen) return report.bad(seen.error().message);
  if (!seen->verdict) report.bad(seen->verdict.error().message);
  const std::optional<Uuid>& identity = seen->database.identity;
  if (!identity) return report.note("the database has no identity yet", "the next start gives it one");
  const std::string name = "the database " + to_string(*identity);
  if (!seen->directory.owner) {
    report.note("the data directory does not say yet that it belongs to " + name,
                "the next start writes it there");
  } else if (seen->verdict) {
    report.good("data directory and attachments belong to " + name);
  }
  const auto known = read_backup_owner(owner);
  if (!known) return report.bad(known.error().message);
  std::int64_t others = 0;
  for (const Backup& one : list_backups(backup_directory(config)))
    if (belonging_of(one, *known) != Belonging::own) ++others;
  if (others == 0) return;
  report.note(
      counted(others, "backup") + (others == 1 ? " is" : " are") +
          " of another database, or without a manifest that could say of which",
      "the server never removes such a one: dits backup --list shows them, and those that nobody needs "
      "can be deleted by hand");
}

void look_at_replicas(const Config& config, Report& report) {
  for (const Secret& url : config.database_replica_urls) {
    const std::string name = "replica " + without_password(url.reveal());
    ConnectionOptions options;
    options.url = url;
    const auto connection = Connection::open(options);
    if (!connection) {
      report.bad(name + ": " + connection.error().message,
                 "reads go to the primary until it answers; is it running?");
      continue;
    }
    const auto rows =
        (*connection)
            ->run_once(
                "SELECT pg_is_in_recovery(), coalesce(extract(epoch FROM now() - "
                "pg_last_xact_replay_timestamp()), 0)::bigint, EXISTS (SELECT FROM pg_stat_wal_receiver)");
    if (!rows) {
      report.bad(name + ": " + rows.error().message);
    } else if (!(*rows)[0].boolean(0)) {
      report.bad(name + " is no replica, or was promoted",
                 "take it out of DATABASE_REPLICA_URLS, or make it anew with pg_basebackup -R");
    } else if (!(*rows)[0].boolean(2)) {
      report.bad(
          name + " is not connected to its primary",
          "look at primary_conninfo and at its log; it lags " + std::to_string((*rows)[0].int64(1)) + " s");
    } else {
      report.good(name + " follows its primary");
    }
  }
}

}  // namespace dits::cli
