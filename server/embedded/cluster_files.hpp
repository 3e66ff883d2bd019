// What must lie on the disk before PostgreSQL can start: the data directory, the programs, the cluster.
#pragma once

#include <string>

#include "server/embedded/cluster_user.hpp"
#include "server/embedded/programs.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

struct ClusterFiles {
  std::string cluster_dir;        // absolute, without symbolic links
  std::string program_dir;        // holds postgres
  std::string tool_dir;           // holds pg_dump and psql: never older than postgres
  int version = 0;                // the major one
  ClusterUser user;               // who PostgreSQL runs as
  bool is_named_by_path = false;  // see PostmasterOptions
  bool is_new = false;            // the cluster was made just now
};

// Creates the data directory (0700) or refuses it. Errors: unavailable, saying what to do.
Result<void> prepare_data_dir(const std::string& data_dir);

// The cluster `cluster_dir` of this data directory with these programs, made where it is missing: under a
// temporary name, synced, then renamed, so that a power cut leaves all or nothing. Only the holder of the
// instance lock may call it.
Result<ClusterFiles> prepare_cluster_files(const std::string& data_dir,
                                           const Programs& programs,
                                           const std::string& cluster_dir);

// A cluster of an earlier version with the programs that read it, and the current tools.
Result<ClusterFiles> old_cluster_files(const std::string& data_dir,
                                       const Programs& old_programs,
                                       const std::string& cluster_dir,
                                       const Programs& tools);

// For a command that joins a running server: nothing is made but the programs, when they are missing.
Result<ClusterFiles> find_cluster_files(const std::string& data_dir, const std::string& pg_bindir);

}  // namespace dits::embedded
