// Restoring: all of it in one transaction, which sets the live schema aside under another name, fills a new
// one from the backup, proves that it holds what the backup holds, and only then commits. Whatever happens
// before the commit leaves the live data as it was, because PostgreSQL rolls it back.
#pragma once

#include <functional>
#include <string>

#include "server/backup/backup.hpp"
#include "server/db/connection.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct RestoreSteps {
  // In an empty schema "public": makes the tables into which the backup's rows go, as the migrations that it
  // names made them. Of the backup's own statements none is run, so that a file of a stranger can give
  // nothing but rows.
  std::function<Result<void>(Connection&)> make_schema;
  // After the rows are there, before they are read back: lets this login see them all.
  std::function<Result<void>(Connection&)> before_reading;
  // After they were read back and are right: migrations, grants.
  std::function<Result<void>(Connection&)> before_commit;
  // Asked before each piece is loaded; an error ends the restore.
  std::function<Result<void>()> check_room = [] { return Result<void>(); };
  // Bytes of SQL loaded so far.
  std::function<void(std::int64_t)> show = [](std::int64_t) {};
};

// Replaces the schema "public" of the owner's database with what `backup` holds. `contents` is what
// check_backup found in it. Answers with the name under which the replaced schema is kept, empty when it was
// empty. Errors: invalid, kind "bad_archive"; conflict when another DITS migrates or restores; internal with
// PostgreSQL's message. The live data is untouched then.
Result<std::string> restore_backup(Connection& owner,
                                   const Backup& backup,
                                   const DumpContents& contents,
                                   SealKeys& keys,
                                   Clock& clock,
                                   const RestoreSteps& steps);

// Removes what earlier restores set aside. The number of removed schemas.
Result<int> drop_replaced_schemas(Connection& owner);

}  // namespace dits
