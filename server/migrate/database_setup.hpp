// From a configuration to a database that is ready to be used: the embedded one or an external one, migrated,
// with its roles.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/config.hpp"
#include "server/db/pool.hpp"
#include "server/db/replicas.hpp"
#include "server/embedded/cluster.hpp"
#include "server/embedded/instance_lock.hpp"
#include "server/migrate/data_directory.hpp"
#include "server/migrate/migrate.hpp"
#include "server/migrate/upgrade.hpp"
#include "shared/core/result.hpp"

namespace dits {

// Where the database is.
struct DatabasePlace {
  std::unique_ptr<embedded::Cluster> cluster;  // null: external
  Secret owner_url;
  std::optional<embedded::InstanceLock> directory_lock =
      {};  // of an external one: see share_data_directory()

  bool is_embedded() const { return cluster != nullptr; }
};

enum class OpenedBy {
  server,
  maker,    // a command that begins with a new database where there is none
  command,  // without a database inside there is nothing for it to do, nor for the next one, unless
            // config.seed or config.migrate ask for one
  onlooker  // a command that changes nothing: a database that has to be upgraded first is an error to it
};

// Starts the embedded PostgreSQL (a command joins a running server's), or takes the configured URL. One of an
// earlier version is upgraded before, and where there is none a new one is made, which is told in the log, or
// on the terminal where the log is silent; an upgrade to `show` as well. Main thread only. Errors: those of
// Cluster.
Result<DatabasePlace> open_database_place(const Config& config,
                                          OpenedBy opened_by,
                                          const ShowUpgrade& show = {});

// As the owner of the schema, without limits on the time of a statement.
// Texts are UTF-8 throughout; a database that keeps them in another encoding would refuse or change some.
// Errors: invalid, with what to do; those of the connection.
Result<void> check_encoding(Connection& owner);

Result<std::unique_ptr<Connection>> connect_as_owner(const DatabasePlace& place);

// What a caller does with the data directory. The PostgreSQL inside lies in it: there it is always used.
enum class DirectoryUse { files, none };

// Applies what is pending: always when the database is ours, after a backup; an external one only when
// config.migrate says so. Who uses the files of the data directory claims it for the database, before
// anything is changed and only when it is not another's. Errors: conflict, kind "migration_pending", with the
// sentence that says to pass --migrate; see check_directory(), share_data_directory() and migrate().
Result<void> bring_up_to_date(DatabasePlace& place, const Config& config, DirectoryUse use);

// Servers and commands on one external database share a data directory, until the place is gone; with the
// PostgreSQL inside, or with another database, nobody does. Does nothing for an embedded place, whose cluster
// has the directory for itself. Errors: conflict, kind "server_is_running"; see prepare_data_dir().
Result<void> share_data_directory(DatabasePlace& place, const Config& config);

// The facts for check_directory(), and what it says. Errors: see there.
struct DirectoryCheck {
  DirectoryFacts directory;
  DatabaseFacts database;
  Result<void> verdict;
};
Result<DirectoryCheck> look_at_directory(Connection& owner, const DatabasePlace& place, const Config& config);

// How the server's pool logs in.
Result<PoolOptions> pool_options_for(const DatabasePlace& place, const Config& config);

// A few digits that are the same for all servers of this database, whatever their ports, and others for those
// of another one.
Result<std::string> installation_tag(const DatabasePlace& place, const Config& config);

// How stale reads go to the replicas of this configuration.
ReplicaOptions replica_options_for(const Config& config);

// pg_dump, psql: ready to run on this database, its password in the environment instead of the arguments.
Result<embedded::Program> database_tool(const DatabasePlace& place,
                                        const Config& config,
                                        std::string_view name,
                                        std::vector<std::string> arguments);

// Lets such a program read every row of an external database whose login is bound by row-level security (see
// open_tables_for_backup()). True when that was needed.
Result<bool> let_read_all_rows(const DatabasePlace& place, embedded::Program& program);

}  // namespace dits
