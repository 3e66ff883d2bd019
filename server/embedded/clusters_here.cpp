#include "server/embedded/clusters_here.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <sys/stat.h>
#include <unistd.h>

#include "server/base/clock.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/embedded/complete_directory.hpp"
#include "server/embedded/postmaster.hpp"

namespace dits::embedded {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "cluster-";
constexpr std::string_view upgrade_suffix = ".upgrade";
constexpr std::string_view mark_name = "/dits-upgraded-from";
constexpr std::int64_t kept_days = 7;

constexpr std::pair<std::string_view, KeptFor> kept_marks[] = {{".upgraded-", KeptFor::upgraded},
                                                               {".empty-", KeptFor::empty}};

Error doubt(std::string message) {
  Error error = unavailable(std::move(message));
  error.kind = "clusters_in_doubt";
  return error;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "20261129T151200Z".
std::string compact(Timestamp time) {
  std::string text;
  for (const char c : to_string(time).substr(0, 19)) {
    if (c != '-' && c != ':') text += c;
  }
  return text + "Z";
}

std::optional<Timestamp> time_from_compact(std::string_view text) {
  constexpr std::string_view form = "########T######Z";
  if (text.size() < form.size()) return std::nullopt;
  const std::string d(text.substr(0, form.size()));
  const Result<Timestamp> time =
      parse_timestamp(d.substr(0, 4) + "-" + d.substr(4, 2) + "-" + d.substr(6, 2) + "T" + d.substr(9, 2) +
                      ":" + d.substr(11, 2) + ":" + d.substr(13, 2) + "Z");
  if (!time) return std::nullopt;
  return *time;
}

std::optional<KeptCluster> kept_from_name(const std::string& path, std::string_view name) {
  for (const auto& [mark, reason] : kept_marks) {
    const std::size_t at = name.find(mark);
    if (at == std::string_view::npos) continue;
    const std::optional<Timestamp> since = time_from_compact(name.substr(at + mark.size()));
    if (since) return KeptCluster{path, leading_number(name.substr(prefix.size())), reason, *since};
  }
  return std::nullopt;
}

// 0: not a whole cluster. Errors: whatever keeps us from knowing.
Result<int> version_in(const std::string& path) {
  const Result<std::string> text = read_file(path + "/PG_VERSION");
  if (!text && text.error().code != ErrorCode::not_found) return text.error();
  if (!text || !TRY(path_exists(path + "/global/pg_control"))) return 0;
  return leading_number(*text);
}

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

// "cluster-15 (PostgreSQL 15) and cluster-18 (PostgreSQL 18)".
std::string list_of(const std::vector<FoundCluster>& clusters) {
  std::string text;
  for (std::size_t at = 0; at < clusters.size(); ++at) {
    text += at == 0 ? "" : at + 1 == clusters.size() ? " and " : ", ";
    text += name_of(clusters[at].path) + " (PostgreSQL " + std::to_string(clusters[at].version) + ")";
  }
  return text;
}

Result<std::string> control_of(const std::string& cluster_dir) {
  return hex(sha256(TRY(read_file(cluster_dir + "/global/pg_control"))));
}

// Stands in the new cluster before it gets its name: whatever happens afterwards, nobody has to guess which
// of the two counts.
struct UpgradeMark {
  std::string from;     // "cluster-15"
  std::string control;  // its control_of() after its last stop: the same as long as nobody uses it
};

std::optional<UpgradeMark> read_mark(const std::string& cluster_dir) {
  const Result<std::string> text = read_file(cluster_dir + std::string(mark_name));
  if (!text) return std::nullopt;
  const std::size_t space = text->find(' ');
  const std::size_t end = text->find('\n');
  if (space == std::string::npos || end == std::string::npos || end < space) return std::nullopt;
  return UpgradeMark{text->substr(0, space), text->substr(space + 1, end - space - 1)};
}

// The old one of a switch that lacks its last step.
std::optional<FoundCluster> replaced_one(const std::vector<FoundCluster>& clusters) {
  for (const FoundCluster& newer : clusters) {
    const std::optional<UpgradeMark> mark = read_mark(newer.path);
    if (!mark) continue;
    for (const FoundCluster& old : clusters) {
      if (old.version >= newer.version || name_of(old.path) != mark->from) continue;
      const Result<std::string> control = control_of(old.path);
      if (control && *control == mark->control) return old;
    }
  }
  return std::nullopt;
}

Result<void> write_mark(const std::string& cluster_dir, const UpgradeMark& mark) {
  const std::string path = cluster_dir + std::string(mark_name);
  TRY(write_file_atomically(path, mark.from + " " + mark.control + "\n"));
  struct stat status {};
  if (::stat(cluster_dir.c_str(), &status) != 0 || ::lchown(path.c_str(), status.st_uid, status.st_gid) != 0)
    return system_error("cannot change the owner of " + path);
  return {};
}

Error newer_than_programs(const std::string& data_dir, const FoundCluster& cluster, int version) {
  const std::string number = std::to_string(cluster.version);
  Error error = unavailable("The database in " + data_dir + " was made by PostgreSQL " + number +
                            ", which the programs of PostgreSQL " + std::to_string(version) +
                            " can't read. Nothing was changed. Start the dits that made it or a newer one, "
                            "without --pg-bindir, or give the programs of PostgreSQL " +
                            number + " with --pg-bindir.");
  error.kind = "cluster_is_newer";
  return error;
}

// Waits for what is left of PostgreSQL in a directory that nobody will use again.
void end_left_overs(const std::string& directory) {
  std::error_code ignored;
  const std::string resolved = fs::canonical(directory, ignored).string();
  if (!ignored) static_cast<void>(clear_earlier_run(resolved));
}

}  // namespace

std::string cluster_path(const std::string& data_dir, int version) {
  return data_dir + "/" + std::string(prefix) + std::to_string(version);
}

std::string upgrade_path(const std::string& data_dir, int version) {
  return cluster_path(data_dir, version) + std::string(upgrade_suffix);
}

Result<ClustersHere> clusters_in(const std::string& data_dir) {
  ClustersHere here;
  // One that is not seen would be replaced by a new, empty one.
  for (const std::string& name : TRY(names_in(data_dir))) {
    const std::string path = data_dir + "/" + name;
    if (!name.starts_with(prefix) || !is_directory(path)) continue;
    if (std::optional<KeptCluster> kept = kept_from_name(path, name)) {
      here.kept.push_back(std::move(*kept));
      continue;
    }
    if (!is_number(std::string_view(name).substr(prefix.size()))) continue;
    if (const int version = TRY(version_in(path)); version > 0) {
      here.clusters.push_back({path, version});
    } else if (!TRY(names_in(path)).empty()) {
      return doubt(
          path +
          " is no whole database of PostgreSQL: PG_VERSION or global/pg_control is missing or can't be "
          "read. Bring back what is missing, or move the directory away and restore a backup.");
    }
  }
  std::ranges::sort(here.clusters, {}, &FoundCluster::version);
  std::ranges::sort(here.kept, {}, &KeptCluster::path);
  const auto twin = std::ranges::adjacent_find(here.clusters, {}, &FoundCluster::version);
  if (twin != here.clusters.end())
    return doubt("The data directory " + data_dir + " holds two databases of one version: " + twin->path +
                 " and " + std::next(twin)->path + ". Move the one away that does not count.");
  return here;
}

Result<void> set_aside(const std::string& data_dir, const FoundCluster& cluster, KeptFor reason) {
  const auto row = std::ranges::find(kept_marks, reason, &std::pair<std::string_view, KeptFor>::second);
  const std::string kept = cluster.path + std::string(row->first) + compact(system_clock().now());
  if (::rename(cluster.path.c_str(), kept.c_str()) != 0) return system_error("cannot rename " + cluster.path);
  TRY(sync_directory(data_dir));
  log::info("database cluster set aside", {{"path", kept}, {"version", cluster.version}});
  return {};
}

Result<void> clear_killed_upgrade(const std::string& data_dir) {
  std::vector<std::string> half_made;
  for (const std::string& name : TRY(names_in(data_dir))) {
    if (name.starts_with(prefix) && name.find(upgrade_suffix) != std::string::npos &&
        !kept_from_name({}, name))
      half_made.push_back(data_dir + "/" + name);
  }
  for (const std::string& path : half_made) {
    end_left_overs(path);
    std::error_code problem;
    fs::remove_all(path, problem);
    if (problem) return system_error("cannot remove " + path, problem.value());
    log::info("unfinished upgrade removed", {{"path", path}});
  }
  const ClustersHere here = TRY(clusters_in(data_dir));
  if (const std::optional<FoundCluster> old = replaced_one(here.clusters))
    TRY(set_aside(data_dir, *old, KeptFor::upgraded));
  return {};
}

Result<void> switch_clusters(const std::string& data_dir, const FoundCluster& old, int version) {
  const std::string made = upgrade_path(data_dir, version);
  const std::string path = cluster_path(data_dir, version);
  const std::string control = TRY(control_of(old.path));
  TRY(write_mark(made, {name_of(old.path), control}));
  // All of it, before it counts.
  TRY(sync_file_system(data_dir));
  if (::rename(made.c_str(), path.c_str()) != 0) return system_error("cannot rename " + made);
  TRY(sync_directory(data_dir));
  return set_aside(data_dir, old, KeptFor::upgraded);
}

Result<ClusterChoice> choose_cluster(const std::string& data_dir, int version) {
  const ClustersHere here = TRY(clusters_in(data_dir));
  std::vector<FoundCluster> clusters = here.clusters;
  if (const std::optional<FoundCluster> old = replaced_one(clusters))
    std::erase_if(clusters, [&](const FoundCluster& one) { return one.path == old->path; });
  ClusterChoice choice;
  if (clusters.empty()) {
    const auto kept = std::ranges::find(here.kept, KeptFor::upgraded, &KeptCluster::reason);
    if (kept == here.kept.end()) return choice;
    return doubt("The data directory " + data_dir + " holds " + name_of(kept->path) +
                 ", which is only kept, and the database that took its place is not there. Bring it back, or "
                 "restore a backup into a new --data-dir; to go back to the kept one rename it to " +
                 std::string(prefix) + std::to_string(kept->version) + ".");
  }
  const FoundCluster& newest = clusters.back();
  if (newest.version > version) return newer_than_programs(data_dir, newest, version);
  if (clusters.size() > 1) {
    return doubt("The data directory " + data_dir + " holds more than one database: " + list_of(clusters) +
                 ", and nothing says which one counts. Nothing was changed. Move the others out of " +
                 data_dir + " and start again; one of an earlier version is then upgraded.");
  }
  (newest.version == version ? choice.current : choice.older) = newest;
  return choice;
}

Result<std::string> path_of_current(const std::string& data_dir, int version) {
  const ClusterChoice choice = TRY(choose_cluster(data_dir, version));
  return choice.current ? choice.current->path : cluster_path(data_dir, version);
}

Timestamp kept_until(const KeptCluster& kept) { return {kept.since.unix_ms + kept_days * ms_per_day}; }

void remove_kept_clusters(const std::string& data_dir, Timestamp backed_up_at, Timestamp now) {
  const Result<ClustersHere> here = clusters_in(data_dir);
  if (!here || here->clusters.empty()) return;
  for (const KeptCluster& kept : here->kept) {
    if (now < kept_until(kept) || backed_up_at <= kept.since) continue;
    std::error_code problem;
    fs::remove_all(kept.path, problem);
    if (problem) {
      log::warn("cannot remove a kept database cluster",
                {{"path", kept.path}, {"reason", problem.message()}});
    } else {
      log::info("kept database cluster removed", {{"path", kept.path}, {"version", kept.version}});
    }
  }
}

}  // namespace dits::embedded
