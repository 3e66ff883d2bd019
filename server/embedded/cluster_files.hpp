// What must lie on the disk before PostgreSQL can start: the data directory, the programs, the cluster.
#pragma once

#include <string>
#include <string_view>

#include "server/embedded/cluster_user.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

struct ClusterFiles {
  std::string cluster_dir;  // absolute, without symbolic links
  std::string program_dir;  // holds postgres, pg_dump, psql
  int version = 17;         // the major one
  ClusterUser user;         // who PostgreSQL runs as
  bool is_new = false;      // the cluster was made just now
};

// Creates the data directory (0700) or refuses it. Errors: unavailable, saying what to do.
Result<void> prepare_data_dir(const std::string& data_dir);

// The programs and the cluster of this data directory, unpacked or made where they are missing: under a
// temporary name, synced, then renamed, so that a power cut leaves all or nothing. `pg_bindir` as in Config.
// Only the holder of the instance lock may call it.
Result<ClusterFiles> prepare_cluster_files(const std::string& data_dir, const std::string& pg_bindir);

// The same for a command that joins a running server: nothing is made but the programs, when they are
// missing.
Result<ClusterFiles> find_cluster_files(const std::string& data_dir, const std::string& pg_bindir);

// The path of one of PostgreSQL's programs, for an external database too.
Result<std::string> find_program(const std::string& data_dir,
                                 const std::string& pg_bindir,
                                 std::string_view name);

}  // namespace dits::embedded
