// The server's own backups: on the schedule and when somebody asks, one at a time, on a thread of its own.
// What it knows is what the alerts, /metrics and the administrator's page tell.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "server/backup/backup.hpp"
#include "server/base/clock.hpp"
#include "server/base/schedule.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct BackupState {
  bool is_running = false;
  std::optional<Timestamp> last_good_at;  // absent: there is no backup
  std::optional<Timestamp> next_due_at;   // absent: the schedule is off
  std::string last_problem;               // of the last one, when it failed
  std::int64_t failures = 0;              // since this process began
  std::int64_t last_bytes = 0;
};

class BackupKeeper {
 public:
  struct Options {
    std::string directory;
    Schedule schedule;
    // Writes one; gives up soon when the flag is set.
    std::function<Result<Backup>(const std::atomic<bool>& is_stopped)> write;
    std::string database = {};  // whose backups count, by its identity; empty: any
  };

  BackupKeeper(Options options, Clock& clock);
  ~BackupKeeper();
  BackupKeeper(const BackupKeeper&) = delete;
  BackupKeeper& operator=(const BackupKeeper&) = delete;

  // Starts one now, without waiting for it. Errors: conflict, kind "backup_is_running".
  Result<void> start();
  // Until none is asked for or running, or the time is over.
  void wait(std::chrono::milliseconds at_most);
  // Of this moment: what commands and other servers have written meanwhile is looked at.
  BackupState state();
  // Gives a running one up; the destructor waits for it.
  void ask_to_stop();

 private:
  void work();
  void write_one();
  void look_at_directory();
  std::optional<Timestamp> due_at() const;

  Options options_;
  Clock& clock_;
  Timestamp began_at_;
  std::atomic<bool> is_stopped_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable rest_;
  bool is_asked_ = false;
  bool is_running_ = false;
  std::optional<Timestamp> last_good_at_;
  std::optional<Timestamp> failed_at_;
  std::optional<Timestamp> busy_at_;  // when another one was found writing
  std::string last_problem_;
  std::int64_t failures_ = 0;
  std::int64_t last_bytes_ = 0;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace dits
