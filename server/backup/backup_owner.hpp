// Whose a backup is: by the identity in its manifest, or, when it is from before there were identities, by
// the migrations that it names with the moments at which they were applied.
#pragma once

#include <string>
#include <vector>

namespace dits {

struct Backup;

// A database, as its backups are known.
struct BackupOwner {
  std::string database;  // its identity; empty: it has none yet
  // [n - 1]: SHA-256, hex, of the first n rows of schema_migrations as COPY writes them, and of no more rows
  // than that.
  std::vector<std::string> migration_digests;
};

enum class Belonging {
  own,
  foreign,
  unknown  // there is no manifest that could say it
};

Belonging belonging_of(const Backup& backup, const BackupOwner& owner);

}  // namespace dits
