// The PostgreSQL inside: made ready, started, watched and stopped; or, for a command beside a running server,
// joined.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/files.hpp"
#include "server/base/secret.hpp"
#include "server/db/connection.hpp"
#include "server/embedded/cluster_files.hpp"
#include "server/embedded/clusters_here.hpp"
#include "server/embedded/instance_lock.hpp"
#include "server/embedded/postmaster.hpp"
#include "server/embedded/programs.hpp"
#include "server/embedded/subprocess.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

inline constexpr std::string_view owner_role = "dits_owner";  // makes the schema, writes backups
inline constexpr std::string_view app_role = "dits_app";      // what requests run as
inline constexpr std::string_view database_name = "dits";

struct ClusterOptions {
  std::string data_dir;
  std::string pg_bindir;
  int max_connections = 40;
  std::vector<std::string> more_settings = {};  // "name=value", after and over ours
  std::string old_pg_bindir = {};  // programs for a cluster of an earlier version; empty: look for some
  bool may_be_made = true;         // false: where there is no cluster, none is made
  // Brings the cluster of an earlier version over to these programs' version: a start calls it before
  // anything else, with the instance lock held. Empty: such a cluster is an error, kind "upgrade_needed".
  std::function<Result<void>(const FoundCluster& old, const Programs& programs)> upgrade = {};
};

// All of it from the main thread: PostgreSQL ends with the thread that started it.
class Cluster {
 public:
  // For the server: takes the data directory for itself, and waits until PostgreSQL is ready.
  // A cluster of another version is upgraded or refused, never passed over: see choose_cluster(). Errors:
  // conflict, kind "server_is_running"; unavailable with a sentence that says what to do.
  static Result<std::unique_ptr<Cluster>> start(const ClusterOptions& options);

  // For a command: uses the running server's cluster, or starts it until the command ends. Errors: as
  // start(); not_found, kind "nothing_there", where there is none and none may be made: not even the
  // directory is then.
  static Result<std::unique_ptr<Cluster>> open_for_command(const ClusterOptions& options);

  // These files as they are, for the holder of the instance lock.
  static Result<std::unique_ptr<Cluster>> start_files(const ClusterOptions& options, ClusterFiles files);

  ~Cluster();  // stops what it started

  // "host=… user=… dbname=…", over the private socket.
  Secret url(std::string_view role, std::string_view database = database_name) const;
  // psql, pg_dump, …: ready to run as the owner.
  Program tool(std::string_view name, std::vector<std::string> arguments) const;

  // Looks after PostgreSQL: starts it again when it ended. Call again after the time it answers.
  std::chrono::milliseconds watch();
  bool is_joined() const { return is_joined_; }
  bool is_first_run() const { return files_.is_new; }
  int version() const { return files_.version; }

  void stop(std::chrono::milliseconds at_most);

 private:
  Cluster(ClusterOptions options, ClusterFiles files)
      : options_(std::move(options)), files_(std::move(files)) {}

  static Result<std::unique_ptr<Cluster>> start_locked(const ClusterOptions& options,
                                                       InstanceLock lock,
                                                       InstanceKind kind);
  static Result<std::string> bring_cluster_over(const ClusterOptions& options, const InstanceLock& lock);
  static Result<bool> set_empty_ones_aside(const ClusterOptions& options);
  static Result<bool> has_accounts(const ClusterOptions& options,
                                   const Programs& programs,
                                   const FoundCluster& found);
  Result<void> open_directory();
  Result<void> launch();
  void end_when_it_stands_still();
  Result<void> wait_until_ready(std::chrono::milliseconds at_most);
  Result<void> make_database();
  PostmasterOptions postmaster_options() const;

  ClusterOptions options_;
  ClusterFiles files_;
  std::optional<InstanceLock> lock_;
  bool is_joined_ = true;
  FileDescriptor directory_;  // paths of sockets end at 107 bytes: ours goes through /proc/self/fd
  std::optional<Postmaster> postmaster_;
  std::chrono::steady_clock::time_point restart_at_{};
  std::chrono::steady_clock::time_point ended_at_{};
  std::chrono::steady_clock::time_point files_looked_at_{};
  std::optional<std::chrono::steady_clock::time_point> still_since_;  // neither serves nor recovers
  int failed_starts_ = 0;
  bool is_announced_ = true;
};

// For who comes first after a start. On a full disk PostgreSQL refuses whoever comes while it tries in vain
// to lengthen its log, which takes what room there is meanwhile: then it is asked again, for half a minute at
// most.
Result<std::unique_ptr<Connection>> connect_patiently(const ConnectionOptions& options);

}  // namespace dits::embedded
