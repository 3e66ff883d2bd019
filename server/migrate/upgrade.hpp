// Bringing the embedded database over from an earlier version of PostgreSQL: a backup of it, loaded into a
// new cluster under another name, compared table by table, and put in its place. Until the last step the old
// cluster is what it was, whatever happens; afterwards it is kept for a while (embedded/clusters_here.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/config.hpp"
#include "server/embedded/clusters_here.hpp"
#include "server/embedded/programs.hpp"
#include "shared/core/result.hpp"

namespace dits {

enum class UpgradeStep {
  check,    // space, programs, what is in the old cluster
  back_up,  // the old cluster runs with its own programs
  make,     // an empty cluster of the new version
  load,     // and compare
  put,      // in the place of the old one
};

struct UpgradeProgress {
  int from = 0;  // the major versions
  int to = 0;
  UpgradeStep step = UpgradeStep::check;
  int percent = -1;  // of this step; -1: nobody knows

  // "loading the rows and comparing them, 45 %".
  std::string text() const;
};

using ShowUpgrade = std::function<void(const UpgradeProgress&)>;

// What an upgrade of this data directory takes.
struct UpgradePlan {
  embedded::FoundCluster old;
  embedded::Programs old_programs;
  int to = 0;
  std::int64_t old_bytes = 0;
  std::int64_t needed_bytes = 0;
  std::int64_t free_bytes = 0;
  std::chrono::seconds estimate{0};
};

// Errors: those of find_old_programs(). Changes nothing.
Result<UpgradePlan> plan_upgrade(const Config& config, const embedded::FoundCluster& old, int to);

// Too little of it is told with what is needed: unavailable, kind "disk_full".
Result<void> check_space(const UpgradePlan& plan, const std::string& data_dir);

// Does it. On the main thread, by the holder of the instance lock. Errors: those above; conflict, when the
// old database has a newer schema than this executable, or holds what is not of DITS and would stay behind;
// those of back_up() and restore(). The old cluster is what it was then, and nothing else is left but its
// backup.
Result<void> upgrade_cluster(const Config& config,
                             const embedded::FoundCluster& old,
                             const embedded::Programs& programs,
                             const ShowUpgrade& show);

// How far an upgrade is, or was when it ended before its end: from a file in the data directory.
struct UpgradeStatus {
  int from = 0;
  int to = 0;
  std::string what;    // UpgradeProgress::text()
  std::string backup;  // the path of the one that it has written
};
std::optional<UpgradeStatus> upgrade_status_in(const std::string& data_dir);

}  // namespace dits
