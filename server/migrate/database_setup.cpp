#include "server/migrate/database_setup.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "server/base/clock.hpp"
#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "server/base/version.hpp"
#include "server/embedded/ballast.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/identity.hpp"
#include "server/migrate/roles.hpp"

namespace dits {

namespace {

constexpr std::chrono::seconds wait_for_command{30};  // that has the data directory for itself
constexpr std::string_view ask_identity =
    "SELECT system_identifier || '.' || oid FROM pg_control_system(), pg_database WHERE datname = "
    "current_database()";

constexpr int other_connections = 20;  // commands, backups, migrations beside the pool

Result<void> back_up_before_migration(const DatabasePlace& place, const Config& config) {
  log::info("backup before migration");
  const Backup backup = TRY(back_up(place, config, system_clock()));
  log::info("backup written", {{"path", backup.path}, {"bytes", backup.bytes}});
  return {};
}

// A command's log is silent, but it must be seen why it takes minutes.
void tell_upgrade(const UpgradeProgress& progress) {
  if (log::is_enabled(log::Level::info)) {
    log::info("database upgrade", {{"from", progress.from}, {"to", progress.to}, {"step", progress.text()}});
  } else {
    std::fprintf(stderr,
                 "upgrading the database from PostgreSQL %d to %d: %s\n",
                 progress.from,
                 progress.to,
                 progress.text().c_str());
  }
}

void add_session_setting(std::vector<std::string>& environment, const std::string& setting) {
  const auto given = std::ranges::find_if(
      environment, [](const std::string& variable) { return variable.starts_with("PGOPTIONS="); });
  if (given == environment.end()) {
    environment.push_back("PGOPTIONS=-c " + setting);
  } else {
    *given += " -c " + setting;
  }
}

Result<void> grant_what_is_missing(Connection& owner) {
  if (TRY(app_role_is_ready(owner))) return {};
  // One at a time: PostgreSQL refuses two that grant the same at the same moment.
  return under_migration_lock(owner, [&]() -> Result<void> {
    if (TRY(app_role_is_ready(owner))) return {};
    return grant_app_role(owner);
  });
}

Result<void> apply_pending(Connection& owner,
                           const std::vector<Migration>& known,
                           const MigrationState& state,
                           const DatabasePlace& place,
                           const Config& config) {
  if (!state.pending.empty() && !place.is_embedded() && !config.migrate) {
    return conflict("The database needs " + std::to_string(state.pending.size()) + " migration" +
                        (state.pending.size() == 1 ? "" : "s") + " (the first is " +
                        state.pending.front().name +
                        "). Back it up, then start once with --migrate to apply " +
                        (state.pending.size() == 1 ? "it." : "them."),
                    "migration_pending");
  }
  MigrateOptions options{known, std::string(version_text()), {}};
  if (place.is_embedded()) options.backup = [&] { return back_up_before_migration(place, config); };
  const std::vector<std::string> applied = TRY(migrate(owner, options));
  if (applied.empty()) return grant_what_is_missing(owner);
  // What is new in the schema, a column too, belongs to the same roles.
  return under_migration_lock(owner, [&] { return grant_app_role(owner); });
}

}  // namespace

Result<DatabasePlace> open_database_place(const Config& config, OpenedBy opened_by, const ShowUpgrade& show) {
  DatabasePlace place;
  if (!config.is_embedded()) {
    place.owner_url = config.database_url;
    return place;
  }
  embedded::ClusterOptions options{
      config.data_dir, config.pg_bindir, config.database_pool_max + other_connections};
  options.old_pg_bindir = config.old_pg_bindir;
  options.may_be_made =
      opened_by == OpenedBy::server || opened_by == OpenedBy::maker || config.seed || config.migrate;
  if (opened_by != OpenedBy::onlooker) {
    options.upgrade = [&](const embedded::FoundCluster& old, const embedded::Programs& programs) {
      return upgrade_cluster(config, old, programs, [&](const UpgradeProgress& progress) {
        tell_upgrade(progress);
        if (show) show(progress);
      });
    };
  }
  place.cluster = TRY(opened_by == OpenedBy::server ? embedded::Cluster::start(options)
                                                    : embedded::Cluster::open_for_command(options));
  place.owner_url = place.cluster->url(embedded::owner_role);
  if (place.cluster->is_first_run() && !log::is_enabled(log::Level::info))
    std::fprintf(stderr, "a new, empty database was made in %s\n", config.data_dir.c_str());
  return place;
}

Result<std::unique_ptr<Connection>> connect_as_owner(const DatabasePlace& place) {
  ConnectionOptions options;
  options.url = place.owner_url;
  options.application_name = "dits-owner";
  // Ours answers, be the machine ever so busy; another one may never.
  options.connect_timeout = std::chrono::seconds(place.is_embedded() ? 30 : 5);
  options.statement_timeout = {};
  options.idle_in_transaction_timeout = {};
  options.lock_timeout = std::chrono::seconds(60);
  return place.is_embedded() ? embedded::connect_patiently(options) : Connection::open(options);
}

Result<void> share_data_directory(DatabasePlace& place, const Config& config) {
  if (place.is_embedded() || place.directory_lock) return {};
  TRY(embedded::prepare_data_dir(config.data_dir));
  place.directory_lock = TRY(embedded::InstanceLock::share(config.data_dir, wait_for_command));
  return {};
}

Result<DirectoryCheck> look_at_directory(Connection& owner,
                                         const DatabasePlace& place,
                                         const Config& config) {
  const std::string cluster =
      place.is_embedded() ? "cluster-" + std::to_string(place.cluster->version()) : std::string();
  DirectoryCheck check;
  check.directory = TRY(read_directory(config, cluster));
  check.database = TRY(read_database(owner, config, check.directory));
  check.verdict = check_directory(check.directory, check.database);
  return check;
}

Result<void> check_encoding(Connection& owner) {
  const Rows rows = TRY(owner.run_once(
      "SELECT pg_encoding_to_char(encoding), quote_ident(datname) FROM pg_database WHERE datname = "
      "current_database()"));
  const std::string encoding(rows[0].text(0));
  if (encoding == "UTF8") return {};
  return invalid("DATABASE_URL",
                 "The database " + std::string(rows[0].text(1)) + " keeps texts as " + encoding +
                     ", and DITS needs UTF8. Make another one: CREATE DATABASE dits ENCODING 'UTF8' TEMPLATE "
                     "template0; and name it in DATABASE_URL.");
}

Result<void> bring_up_to_date(DatabasePlace& place, const Config& config, DirectoryUse use) {
  const std::vector<Migration> known = TRY(embedded_migrations());
  const auto owner = TRY(connect_as_owner(place));
  TRY(check_encoding(*owner));
  const MigrationState state = TRY(migration_state(*owner, known));
  if (use == DirectoryUse::none && !place.is_embedded())
    return apply_pending(*owner, known, state, place, config);
  const DirectoryCheck seen = TRY(look_at_directory(*owner, place, config));
  TRY(seen.verdict);
  // After that: whose the directory is says more than that somebody works in it.
  TRY(share_data_directory(place, config));
  TRY(apply_pending(*owner, known, state, place, config));
  const std::optional<Uuid> identity = TRY(read_identity(*owner));
  if (!identity) return internal("the database has no identity after its migrations");
  return claim_directory(config, seen.directory, {*identity, seen.database.place, seen.database.seat});
}

Result<PoolOptions> pool_options_for(const DatabasePlace& place, const Config& config) {
  PoolOptions options;
  options.min = config.database_pool_min;
  options.max = config.database_pool_max;
  if (place.is_embedded()) {
    options.connection.url = place.cluster->url(embedded::app_role);
    options.disk = std::make_shared<DiskSpace>(
        config.data_dir, [directory = config.data_dir] { embedded::let_go_of_ballast(directory); });
    return options;
  }
  options.connection.url = place.owner_url;
  const auto login = TRY(connect_as_owner(place));
  options.connection.role = TRY(role_for_pool(*login));
  return options;
}

Result<std::string> installation_tag(const DatabasePlace& place, const Config& config) {
  constexpr std::size_t digits = 8;
  // All embedded clusters come from one template, so that PostgreSQL's own number does not tell them apart.
  std::string name = config.data_dir;
  if (!place.is_embedded()) {
    const auto owner = TRY(connect_as_owner(place));
    name = TRY(owner->run_once(ask_identity))[0].text(0);
  }
  return hex(sha256(name)).substr(0, digits);
}

ReplicaOptions replica_options_for(const Config& config) {
  ReplicaOptions options;
  options.max_lag = std::chrono::seconds(config.database_replica_max_lag);
  options.role_of = role_for_pool;
  for (const Secret& url : config.database_replica_urls) {
    PoolOptions replica;
    replica.min = config.database_pool_min;
    replica.max = config.database_pool_max;
    replica.connection.url = url;
    replica.connection.application_name = "dits-replica-reader";
    replica.connection.connect_timeout = std::chrono::milliseconds(500);
    options.replicas.push_back(std::move(replica));
  }
  return options;
}

Result<embedded::Program> database_tool(const DatabasePlace& place,
                                        const Config& config,
                                        std::string_view name,
                                        std::vector<std::string> arguments) {
  if (place.is_embedded()) return place.cluster->tool(name, std::move(arguments));
  embedded::Program program;
  program.path = TRY(embedded::find_program(config.data_dir, config.pg_bindir, name));
  program.arguments = std::move(arguments);
  program.environment = TRY(connection_environment(place.owner_url));
  program.environment.insert(program.environment.end(), {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"});
  program.parent_death_signal = SIGKILL;
  return program;
}

Result<bool> let_read_all_rows(const DatabasePlace& place, embedded::Program& program) {
  if (place.is_embedded()) return false;  // the owner there is a superuser
  const auto owner = TRY(connect_as_owner(place));
  if (!TRY(open_tables_for_backup(*owner))) return false;
  add_session_setting(program.environment, "dits.backup=on");
  return true;
}

}  // namespace dits
