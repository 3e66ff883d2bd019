// Read replicas: connections to servers that follow the primary, watched for being alive and up to date.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/base/metrics.hpp"
#include "server/db/commit_marks.hpp"
#include "server/db/pool.hpp"

namespace dits {

struct ReplicaOptions {
  std::vector<PoolOptions> replicas;
  // The role that a session of this login must take (see role_for_pool), asked of each replica before it is
  // used: its login may be another one than the primary's.
  std::function<Result<std::string>(Connection&)> role_of;
  std::chrono::milliseconds max_lag{10'000};  // what lags more is left out
  std::chrono::milliseconds watch_pause{500};
};

struct ReplicaFigures {
  std::string name;         // its address, without login and password
  bool is_up = false;       // in use
  std::string why_not;      // when it is not
  double lag_seconds = 0;   // since when the primary has something that it has not; as last seen
  std::uint64_t reads = 0;  // transactions and statements that went there
};

class ReadReplica;

// A lent connection to a replica; empty when the primary has to be asked.
struct ReplicaLease {
  Lease lease;
  ReadReplica* replica = nullptr;
  explicit operator bool() const { return replica != nullptr; }
};

// Thread-safe.
class Replicas {
 public:
  // Watches in a thread of its own until it is destroyed. `primary` and `marks` outlive it.
  Replicas(ReplicaOptions options, Pool& primary, CommitMarks& marks);
  ~Replicas();
  Replicas(const Replicas&) = delete;
  Replicas& operator=(const Replicas&) = delete;

  // A replica that is up and has replayed all that this user has committed. Never waits for long.
  ReplicaLease checkout(UserId user_id);

  // The connection to it broke: not used again before the watch has seen it alive.
  static void leave_out(ReadReplica& replica);

  std::vector<ReplicaFigures> figures() const;

 private:
  struct Sample {
    std::chrono::steady_clock::time_point at;
    LogPosition position;
  };

  void watch();
  void look_at_primary();
  void look_at(ReadReplica& replica);
  std::chrono::milliseconds lag_of(LogPosition replayed) const;

  const ReplicaOptions options_;
  Pool& primary_;
  CommitMarks& marks_;
  std::vector<std::unique_ptr<ReadReplica>> replicas_;
  std::atomic<std::size_t> next_{0};
  // Of the watching thread.
  std::deque<Sample> samples_;  // where the primary was, and when that was first seen
  std::string system_identifier_;
  // Other servers write to the primary, and this one does not hear where: no replica is known to have it all.
  std::atomic<bool> is_blind_{false};
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool is_over_ = false;
  std::thread thread_;
};

// For /metrics.
void add_replicas(MetricPage& page, const std::vector<ReplicaFigures>& replicas);

}  // namespace dits
