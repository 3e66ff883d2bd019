// What stands beside a backup: dits_backup_….json says what the backup holds and how to know that it is
// whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/backup/dump_reader.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct Manifest {
  std::string file;        // "dits_backup_20251007_120000.sql.gz", in the manifest's own directory
  std::int64_t bytes = 0;  // of that file
  std::string sha256;      // of that file, hex
  bool is_encrypted = false;
  Timestamp written_at;
  std::string program_version;  // of the DITS that wrote it
  DumpContents contents;
  std::vector<std::string> missing_attachments;  // named by the database, but not in the store: sha256, hex

  // The newest migration: what the schema is called by.
  std::string schema_version() const;
};

std::string manifest_to_text(const Manifest& manifest);

// Errors: invalid, kind "bad_archive", for a text that is no manifest of ours, or of a later form.
Result<Manifest> manifest_from_text(std::string_view text);

}  // namespace dits
