// Threads that start when they are needed, and leave after ten idle seconds.
#include "server/http/worker_pool.hpp"

#include <exception>

namespace dits::http {

// Does this thread stream? It is left out of the count already, whether it waits or not.
static thread_local bool is_streaming = false;

WorkerPool::WorkerPool(const WorkerLimits& limits) : limits_(limits), overseer_([this] { oversee(); }) {}

bool WorkerPool::submit(std::function<void()> job, bool is_urgent) {
  const std::unique_lock lock(mutex_);
  if (is_stopping_ || queue_.size() >= limits_.queued) return false;
  if (is_urgent || busy() < limits_.busy) call_one();
  if (threads_ == streams_) return false;  // nobody would come to it
  if (queue_.empty()) overseer_wake_.notify_one();
  if (is_urgent) {
    queue_.push_front(std::move(job));
  } else {
    queue_.push_back(std::move(job));
  }
  return true;
}

void WorkerPool::call_one() {
  if (idle_ > called_) {
    ++called_;
    wake_.notify_one();
    return;
  }
  if (threads_ - streams_ >= limits_.workers) return;
  try {
    std::thread([this] { run(); }).detach();
    ++threads_;
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): those there are will come to it
  }
}

void WorkerPool::call_one_for_queue() {
  if (!queue_.empty() && busy() < limits_.busy) call_one();
}

void WorkerPool::run() {
  constexpr std::chrono::seconds idle_time{10};
  ThreadLender::lend_this_thread(this);
  bool is_called = true;  // for what is queued, whoever else is at work
  std::unique_lock lock(mutex_);
  for (;;) {
    if (queue_.empty() || (busy() > limits_.busy && !is_called && !is_stopping_)) {
      if (is_stopping_) break;
      ++idle_;
      is_called = wake_.wait_for(lock, idle_time, [this] { return called_ > 0 || is_stopping_; });
      --idle_;
      if (called_ > 0) --called_;
      if (!is_called) break;
      continue;
    }
    is_called = false;
    std::function<void()> job = std::move(queue_.front());
    queue_.pop_front();
    ++taken_;
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
  --threads_;
  done_.notify_all();
}

void WorkerPool::oversee() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    overseer_wake_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
    const std::uint64_t taken = taken_;
    overseer_wake_.wait_for(lock, limits_.standstill, [this] { return is_stopping_; });
    if (!queue_.empty() && taken_ == taken) call_one();
  }
}

bool WorkerPool::begin_stream() {
  const std::unique_lock lock(mutex_);
  if (is_stopping_ || streams_ >= limits_.streams) return false;
  ++streams_;
  is_streaming = true;
  call_one_for_queue();
  return true;
}

void WorkerPool::end_stream() {
  const std::unique_lock lock(mutex_);
  --streams_;
  is_streaming = false;
}

void WorkerPool::begin_wait() {
  if (is_streaming) return;
  const std::unique_lock lock(mutex_);
  ++waiting_;
  call_one_for_queue();
}

void WorkerPool::end_wait() {
  if (is_streaming) return;
  const std::unique_lock lock(mutex_);
  --waiting_;
}

bool WorkerPool::has_room() const {
  const std::unique_lock lock(mutex_);
  return queue_.empty() && busy() < limits_.busy;
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
  {
    std::unique_lock lock(mutex_);
    is_stopping_ = true;
    wake_.notify_all();
    overseer_wake_.notify_all();
    done_.wait(lock, [this] { return threads_ == 0; });
  }
  if (overseer_.joinable()) overseer_.join();
}

}  // namespace dits::http
