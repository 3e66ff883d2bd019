// `dits doctor --find ID`: where a thing still stands, after it was deleted for ever.
#pragma once

#include <string>
#include <vector>

#include "server/backup/backup.hpp"
#include "server/cli/doctor_report.hpp"
#include "server/db/connection.hpp"

namespace dits::cli {

// Every table is searched, as the owner of the schema and for every account. Bad are values that the log
// still has of something that is gone.
void look_for(Connection& owner, const Uuid& id, Report& report);
// Those of the backups that hold the id, each read to its end.
void look_for_in_backups(const std::vector<Backup>& backups, SealKeys& keys, const Uuid& id, Report& report);

}  // namespace dits::cli
