// Which database this is: one row that is made with the schema, goes along in dumps, and stands in the data
// directory, its attachments and every backup too.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/backup/backup_owner.hpp"
#include "server/base/clock_witness.hpp"
#include "server/db/connection.hpp"
#include "shared/core/id.hpp"
#include "shared/core/result.hpp"

namespace dits {

// None: there is no schema yet, or one from before there were identities.
Result<std::optional<Uuid>> read_identity(Connection& owner);

// From now on the database has this one. Within a transaction when one is open.
Result<void> stamp_identity(Connection& owner, const Uuid& identity);

// By what this database's backups are known.
Result<BackupOwner> read_backup_owner(Connection& owner);

// What the servers on this database have seen of their clocks; nothing, when it is from before they did.
Result<ClockWitness> read_clock_witness(Connection& owner);

// The ids of all accounts; none, when there is no schema yet.
Result<std::vector<Uuid>> list_accounts(Connection& owner);

// Does an attachment of these accounts have a file of which `is_there` says that it is there?
Result<bool> names_attachment(Connection& owner,
                              const std::vector<Uuid>& accounts,
                              const std::function<bool(const std::string& sha256)>& is_there);

}  // namespace dits
