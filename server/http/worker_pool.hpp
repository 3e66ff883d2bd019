// Threads that answer requests. A job never waits while another thread could be started for it, up to a cap;
// a job that turns into a long stream gives its place in the cap back.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace dits::http {

class WorkerPool {
 public:
  WorkerPool(std::size_t max_workers, std::size_t max_queued, std::size_t max_streams)
      : max_workers_(max_workers), max_queued_(max_queued), max_streams_(max_streams) {}
  ~WorkerPool() { shut_down(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool is shut down. `is_urgent` goes before the others.
  bool submit(std::function<void()> job, bool is_urgent);

  // Called by the job that is about to stream for long: its thread no longer counts as a worker. False at the
  // cap of streams.
  bool begin_stream();
  void end_stream();

  bool has_queued() const;
  std::size_t worker_count() const;
  std::size_t stream_count() const;

  // Runs what is queued to its end and waits for all threads.
  void shut_down();

 private:
  void run();
  bool start_thread();  // with mutex_ held; false at the cap

  const std::size_t max_workers_;
  const std::size_t max_queued_;
  const std::size_t max_streams_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::deque<std::function<void()>> queue_;
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;
  std::size_t streams_ = 0;
  bool is_stopping_ = false;
};

}  // namespace dits::http
