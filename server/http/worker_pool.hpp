// Threads that answer requests. As many are at work at once as get something done side by side; the others'
// jobs wait in their order, which costs less than threads that wait for one another. One that waits for long
// (LongWait), that streams, or that just does not come to an end is not counted on: another one is put to
// work, up to a cap.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "server/base/long_wait.hpp"

namespace dits::http {

struct WorkerLimits {
  std::size_t workers = 256;
  std::size_t busy = 16;  // at work at once
  std::size_t queued = 1'024;
  std::size_t streams = 2'000;
  // So long the queue may stand still before a thread more is put to work.
  std::chrono::milliseconds standstill{2};
};

class WorkerPool final : private ThreadLender {
 public:
  explicit WorkerPool(const WorkerLimits& limits);
  ~WorkerPool() override { shut_down(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool is shut down. `is_urgent` goes before the others, and waits for
  // no place among those at work.
  bool submit(std::function<void()> job, bool is_urgent);

  // Called by the job that is about to stream for long: its thread no longer counts as a worker. False at the
  // cap of streams.
  bool begin_stream();
  void end_stream();

  // Could another job begin at once? If so, a thread may rather wait for what its client asks next.
  bool has_room() const;
  std::size_t worker_count() const;
  std::size_t stream_count() const;

  // Runs what is queued to its end and waits for all threads.
  void shut_down();

 private:
  void begin_wait() override;
  void end_wait() override;

  void run();
  // Puts another thread to work when nobody else comes to the queue.
  void oversee();
  // With mutex_ held.
  std::size_t busy() const { return threads_ - (idle_ - called_) - streams_ - waiting_; }
  void call_one();
  void call_one_for_queue();

  const WorkerLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::condition_variable overseer_wake_;
  std::deque<std::function<void()>> queue_;
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;
  std::size_t called_ = 0;  // of the idle ones
  std::size_t streams_ = 0;
  std::size_t waiting_ = 0;
  std::uint64_t taken_ = 0;  // jobs
  bool is_stopping_ = false;
  std::thread overseer_;
};

}  // namespace dits::http
