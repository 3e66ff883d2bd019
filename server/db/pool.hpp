// Connections that are opened when they are needed, kept, checked, and lent to one user at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "server/base/disk_space.hpp"
#include "server/db/connection.hpp"
#include "server/db/server_watch.hpp"

namespace dits {

struct PoolOptions {
  ConnectionOptions connection;
  int min = 2;
  int max = 10;
  std::chrono::milliseconds wait_limit{1500};       // for a free connection, and for a database that is away
  std::chrono::seconds keep_idle{60};               // connections beyond `min` are closed after this time
  std::shared_ptr<const DiskSpace> disk = nullptr;  // whose reserves writes leave alone
};

struct PoolFigures {
  int size = 0;
  int idle = 0;
  int waiting = 0;
  int max = 0;
  std::uint64_t checkouts = 0;
  std::uint64_t waits = 0;     // checkouts that had to wait
  std::uint64_t wait_us = 0;   // and for how long, all together
  std::uint64_t timeouts = 0;  // that waited in vain
  std::uint64_t connects = 0;
  std::uint64_t failed_connects = 0;
  std::uint64_t reconnects = 0;  // connections found dead and replaced
  bool is_away = false;          // the last attempt to connect failed, and nothing was heard since
};

class Pool;

// A lent connection; goes back when it is destroyed, or is closed when it is not idle any more.
class Lease {
 public:
  Lease() = default;
  Lease(Pool* pool, std::unique_ptr<Connection> connection);
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  Connection* operator->() const { return connection_.get(); }
  explicit operator bool() const { return connection_ != nullptr; }

 private:
  void give_back();
  Pool* pool_ = nullptr;
  std::unique_ptr<Connection> connection_;
};

// Thread-safe.
class Pool {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Who asks: a pool that is busy with users' requests keeps its last connection for logins and sessions.
  enum class Priority { ordinary, system };

  explicit Pool(PoolOptions options);
  // Waits at most as long as an attempt to connect takes.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Errors: unavailable: all connections are in use, or the database is away (kind "database_away"). Never
  // waits longer than `deadline` and a tenth of a second; a database that has been away for the wait limit
  // already is not waited for much longer, nor by a request that began that long ago.
  // Rather one whose session is `reader`'s already.
  Result<Lease> checkout(Priority priority, TimePoint deadline, const std::optional<Actor>& reader = {});
  Result<Lease> checkout(Priority priority) { return checkout(priority, deadline_from_now()); }
  // The wait limit from now; in a request from its beginning, so that its waits together keep to the limit,
  // but for a moment each.
  TimePoint deadline_from_now() const;

  // Closes what has been idle for long and opens what `min` promises. Called now and then, from any thread.
  void maintain();

  // Closes the idle connections: the database is about to stop.
  void close_idle();

  PoolFigures figures() const;

 private:
  friend class Lease;
  struct Idle {
    std::unique_ptr<Connection> connection;
    TimePoint since;
  };
  // One that waits for a connection: whoever gives one back hands it to the one that has waited longest, who
  // alone wakes.
  struct Waiter {
    std::condition_variable wake;
    std::unique_ptr<Connection> given;
    bool is_called = false;  // something has changed: look again
  };
  using Waiters = std::deque<std::shared_ptr<Waiter>>;

  void give_back(std::unique_ptr<Connection> connection);
  std::shared_ptr<Waiter> offer(std::unique_ptr<Connection> connection);
  Waiters* next_waiters();
  void call_waiters();
  std::unique_ptr<Connection> wait(std::unique_lock<std::mutex>& lock, Priority priority, TimePoint until);
  std::unique_ptr<Connection> take_idle(std::unique_lock<std::mutex>& lock,
                                        const std::optional<Actor>& reader);
  Result<std::unique_ptr<Connection>> open_one(std::unique_lock<std::mutex>& lock,
                                               std::chrono::milliseconds at_most);
  void hand_over(std::unique_ptr<Connection> connection);
  void keep_knocking();
  bool has_to_knock() const;
  void note_silence();
  bool may_take(Priority priority) const;
  bool is_away() const;
  void note_failure();
  TimePoint patience(TimePoint start, TimePoint deadline) const;

  const PoolOptions options_;
  mutable std::mutex mutex_;
  ServerWatch watch_;      // of all connections, those lent as well
  std::deque<Idle> idle_;  // the back was used last
  Waiters ordinary_waiters_;
  Waiters system_waiters_;
  int lent_ = 0;
  int opening_ = 0;
  int failures_ = 0;  // attempts to connect in a row
  TimePoint next_attempt_{};
  TimePoint away_since_{};
  TimePoint failed_at_{};  // the last one
  TimePoint lost_at_{};    // when a lent connection last came back broken
  PoolFigures figures_;
  std::condition_variable knocking_;
  bool is_over_ = false;
  // Tries to reach a database that is away, each time as long as an attempt may take: what is left of the
  // patience of one who asks can be too short for a server that lets in slowly, however often it is tried.
  std::thread knocker_;
};

}  // namespace dits
