// One run of PostgreSQL's main process over a cluster directory.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "server/embedded/cluster_user.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

struct PostmasterOptions {
  std::string program;      // …/bin/postgres
  std::string cluster_dir;  // absolute, without symbolic links
  ClusterUser user;
  bool is_named_by_path =
      false;  // else by its working directory, which needs no way to it, but PostgreSQL 16
  int max_connections = 40;
  std::vector<std::string> more_settings = {};
};

// Can `user`, who may be another than we, make files in `directory`? Containers and chroots often have no
// shared memory, or one for root alone.
bool has_shared_memory(const std::string& directory, const ClusterUser& user);

// Processes of PostgreSQL that still have this cluster as their working directory, from an earlier run that
// was killed. Nobody else's process counts, wherever it works.
std::vector<pid_t> left_over_processes(const std::string& cluster_dir);

// Asks the orphans of a killed PostgreSQL to end; they do so by themselves as soon as they look up.
void hurry_left_overs(const std::vector<pid_t>& processes, std::int64_t waited_ms);

// Waits until nothing of an earlier run is left, then removes its files. For the holder of the instance lock.
// Errors: unavailable, when a process does not end.
Result<void> clear_earlier_run(const std::string& cluster_dir);

// Removes the pid file and socket of an earlier run. Only when nothing of it is left, and by the holder of
// the instance lock.
void remove_stale_files(const std::string& cluster_dir);

// Is a PostgreSQL ready for connections here, by its own word?
bool is_ready(const std::string& cluster_dir);

// The last line that says why it could not start, within the last megabyte of the log; or empty.
std::string last_complaint(const std::string& cluster_dir);

// Where PostgreSQL's messages go. Cut when it grows too long.
std::string log_path(const std::string& cluster_dir);
void limit_log(const std::string& cluster_dir);

class Postmaster {
 public:
  // Starts it without waiting. From the main thread only: it ends when the thread that started it ends.
  static Result<Postmaster> start(const PostmasterOptions& options);

  pid_t process() const { return process_; }
  // The exit code when it has ended since; asks without waiting.
  std::optional<int> ended();
  // Is one of its processes at recovery, or writing the log, as the one or the other is while it recovers and
  // while it serves? True, too, where that can't be seen. It is neither while sessions are brought to an end
  // after one of them crashed, for 5 s at most; and for ever where recovery's own process crashes after that:
  // PostgreSQL 18 takes such an end for one that it asked for (HandleChildCrash returns at once under
  // FatalError) and waits, "in recovery mode", for nothing.
  bool recovers_or_serves() const;
  // Ends it as a crash would, without waiting: the next start recovers. Asked again, without mercy.
  void end_at_once();
  // Ends all sessions, saves, stops; when that takes longer than `at_most`, stops at once (the next start
  // recovers). Returns some seconds later even when the kernel keeps the process.
  void stop(std::chrono::milliseconds at_most);

 private:
  explicit Postmaster(pid_t process) : process_(process) {}
  pid_t process_ = -1;
  std::optional<int> code_;
  bool is_ending_ = false;
};

}  // namespace dits::embedded
