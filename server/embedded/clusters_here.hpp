// The clusters of a data directory: which ones lie there, and which of them counts.
//   cluster-18                              counts
//   cluster-18.upgrade                      is being made by an upgrade, or was when it was killed
//   cluster-15.upgraded-20261129T151200Z    was brought over into another one, and is kept for a while
//   cluster-18.empty-20261129T151200Z       held no account beside one that does, and is kept as long
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits::embedded {

struct FoundCluster {
  std::string path;
  int version = 0;  // as its own file PG_VERSION says
};

enum class KeptFor { upgraded, empty };

// One that does not count any more.
struct KeptCluster {
  std::string path;
  int version = 0;
  KeptFor reason = KeptFor::upgraded;
  Timestamp since;
};

struct ClustersHere {
  std::vector<FoundCluster> clusters;  // oldest version first
  std::vector<KeptCluster> kept;       // in the order of their names
};

// Changes nothing; without a data directory there are none. Errors: unavailable, kind "clusters_in_doubt",
// for a cluster that is not whole, and for two of one version.
Result<ClustersHere> clusters_in(const std::string& data_dir);

// "…/cluster-18", where the one of this version is or will be.
std::string cluster_path(const std::string& data_dir, int version);
// "…/cluster-18.upgrade".
std::string upgrade_path(const std::string& data_dir, int version);

// The last step of an upgrade: what was made at upgrade_path() takes the place of `old`, which is stopped for
// good. Killed anywhere it leaves the one or the other, and the next start knows which. Errors: unavailable.
Result<void> switch_clusters(const std::string& data_dir, const FoundCluster& old, int version);

// Takes away what a killed upgrade left half made, and finishes one that was killed after its switch. Only
// for the holder of the instance lock. Errors: unavailable.
Result<void> clear_killed_upgrade(const std::string& data_dir);

// Gives it the name of one that is kept. Errors: unavailable.
Result<void> set_aside(const std::string& data_dir, const FoundCluster& cluster, KeptFor reason);

// What there is to do for programs of this version; nothing of it: no cluster is there, one is to be made.
struct ClusterChoice {
  std::optional<FoundCluster> current;  // to be used
  std::optional<FoundCluster> older;    // to be upgraded
};

// Errors: unavailable, kind "cluster_is_newer", when these programs can't read it, naming what can;
// "clusters_in_doubt", when nothing says which of several counts, or when the one that counts was taken away.
Result<ClusterChoice> choose_cluster(const std::string& data_dir, int version);

// The path of the cluster in use, for who joins a running server.
Result<std::string> path_of_current(const std::string& data_dir, int version);

// When a kept cluster may be removed at the earliest.
Timestamp kept_until(const KeptCluster& kept);

// Removes those that have been kept for long enough and are older than a backup that was written and read
// back at `backed_up_at`. Each is told in the log.
void remove_kept_clusters(const std::string& data_dir, Timestamp backed_up_at, Timestamp now);

}  // namespace dits::embedded
