// The data directory and the database must belong together: the database's identity stands in it and in its
// attachments/. What belongs to another database is never swept, expired, overwritten or served.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/base/config.hpp"
#include "server/base/directory_owner.hpp"
#include "server/db/connection.hpp"
#include "server/embedded/instance_lock.hpp"
#include "shared/core/id.hpp"
#include "shared/core/result.hpp"

namespace dits {

// What lies there.
struct DirectoryFacts {
  std::string path;
  std::optional<DirectoryOwner> owner;              // by its own file
  std::optional<DirectoryOwner> attachments_owner;  // by the file in attachments/
  bool has_attachments = false;
  bool has_backups = false;
  std::vector<std::string> clusters;  // "cluster-17": those of the PostgreSQL inside, but for the one in use
};

// And what is about to be used there.
struct DatabaseFacts {
  std::optional<Uuid> identity;  // none: new, or from before there were identities
  std::string place;             // as in DirectoryOwner, and so is the next one
  std::string seat = {};
  bool has_accounts = false;
  bool knows_attachments = false;  // one of those that lie in the directory, at least
};

// May this database be served, backed up and swept with this directory? One that nobody has claimed is
// adopted when nothing contradicts. Errors: conflict, kind "foreign_directory", with the sentence that names
// both and says what to do.
Result<void> check_directory(const DirectoryFacts& directory, const DatabaseFacts& database);

// The same for a restore, which moves a database to another place or makes it anew: `restored` is the
// identity in the backup, empty when it has none.
Result<void> check_directory_for_restore(const DirectoryFacts& directory,
                                         const DatabaseFacts& database,
                                         const std::string& restored);

Result<DirectoryFacts> read_directory(const Config& config, const std::string& cluster_in_use);
Result<DatabaseFacts> read_database(Connection& owner, const Config& config, const DirectoryFacts& directory);

// From now on the directory is this database's. Errors: conflict, kind "foreign_directory", when somebody
// else was faster; unavailable.
Result<void> claim_directory(const Config& config, const DirectoryFacts& seen, const DirectoryOwner& owner);

// Where the configured database is, for the file and for a person.
std::string place_text(const Config& config);

}  // namespace dits
