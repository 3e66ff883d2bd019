// Threads that start when queued jobs exceed idle threads, and leave after ten idle seconds.
#include "server/http/worker_pool.hpp"

#include <system_error>
#include <thread>

namespace dits::http {

bool WorkerPool::submit(std::function<void()> job, bool is_urgent) {
  const std::unique_lock lock(mutex_);
  if (is_stopping_ || queue_.size() >= max_queued_) return false;
  const bool is_started = queue_.size() >= idle_ && start_thread();
  if (threads_ == streams_) return false;  // nobody would come to it
  if (is_urgent) {
    queue_.push_front(std::move(job));
  } else {
    queue_.push_back(std::move(job));
  }
  if (!is_started) wake_.notify_one();
  return true;
}

bool WorkerPool::start_thread() {
  if (threads_ - streams_ >= max_workers_) return false;
  try {
    std::thread([this] { run(); }).detach();
  } catch (const std::system_error&) {  // no more threads to be had: the ones there are will come to it
    return false;
  }
  ++threads_;
  return true;
}

void WorkerPool::run() {
  constexpr std::chrono::seconds idle_time{10};
  std::unique_lock lock(mutex_);
  for (;;) {
    if (queue_.empty()) {
      if (is_stopping_) break;
      ++idle_;
      const bool is_woken =
          wake_.wait_for(lock, idle_time, [this] { return !queue_.empty() || is_stopping_; });
      --idle_;
      if (!is_woken) break;
      continue;
    }
    std::function<void()> job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
  --threads_;
  done_.notify_all();
}

bool WorkerPool::begin_stream() {
  const std::unique_lock lock(mutex_);
  if (is_stopping_ || streams_ >= max_streams_) return false;
  ++streams_;
  if (!queue_.empty()) start_thread();
  return true;
}

void WorkerPool::end_stream() {
  const std::unique_lock lock(mutex_);
  --streams_;
}

bool WorkerPool::has_queued() const {
  const std::unique_lock lock(mutex_);
  return !queue_.empty();
}

std::size_t WorkerPool::worker_count() const {
  const std::unique_lock lock(mutex_);
  return threads_ - streams_;
}

std::size_t WorkerPool::stream_count() const {
  const std::unique_lock lock(mutex_);
  return streams_;
}

void WorkerPool::shut_down() {
  std::unique_lock lock(mutex_);
  is_stopping_ = true;
  wake_.notify_all();
  done_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace dits::http
