#include "server/backup/backup_owner.hpp"

#include "server/backup/backup.hpp"

namespace dits {

Belonging belonging_of(const Backup& backup, const BackupOwner& owner) {
  if (!backup.manifest) return Belonging::unknown;
  const DumpContents& contents = backup.manifest->contents;
  if (!contents.database.empty())
    return contents.database == owner.database ? Belonging::own : Belonging::foreign;
  const auto migrations = contents.tables.find("schema_migrations");
  if (migrations == contents.tables.end()) return Belonging::foreign;
  const std::int64_t rows = migrations->second.rows;
  const bool is_own =
      rows > 0 && rows <= static_cast<std::int64_t>(owner.migration_digests.size()) &&
      owner.migration_digests[static_cast<std::size_t>(rows) - 1] == migrations->second.sha256;
  return is_own ? Belonging::own : Belonging::foreign;
}

}  // namespace dits
