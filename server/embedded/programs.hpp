// PostgreSQL's programs: the ones that this executable carries, those of the machine, and, for a cluster of
// an earlier version, those that an earlier executable unpacked.
#pragma once

#include <string>
#include <string_view>

#include "server/base/embedded_files.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

struct Programs {
  std::string directory;  // holds postgres; `initdb`, `pg_dump` and `psql` too when they are the current ones
  int version = 0;        // the major one
  std::string full_version;  // "15.14"
  bool is_of_host = false;   // not unpacked by a DITS
};

// Unpacks the carried ones where they are missing; with `pg_bindir` (as in Config) looks at those instead.
// Errors: unavailable, saying what to do.
Result<Programs> prepare_programs(const std::string& data_dir, const std::string& pg_bindir);

// The major version that prepare_programs() would answer with; unpacks nothing.
Result<int> version_of_programs(const std::string& pg_bindir);

// Programs that open a cluster of this earlier version: `old_pg_bindir` (as in Config) when it is given, else
// the newest that an earlier executable unpacked beside the current ones, else the machine's. Errors:
// unavailable, kind "old_programs_missing", with a sentence that says where they may come from; invalid, when
// `old_pg_bindir` holds another version.
Result<Programs> find_old_programs(const std::string& data_dir,
                                   const std::string& old_pg_bindir,
                                   int version);

// The path of one of PostgreSQL's programs, for an external database too.
Result<std::string> find_program(const std::string& data_dir,
                                 const std::string& pg_bindir,
                                 std::string_view name);

// The archive of an empty cluster for the carried programs.
Result<EmbeddedFile> carried_template();

// May anybody walk down to `path`?
bool is_open_to_all(const std::string& path);

}  // namespace dits::embedded
