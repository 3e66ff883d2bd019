// A thread that waits for what other threads of its kind do says so: whoever lends it may put another one to
// work meanwhile.
#pragma once

namespace dits {

// Who lends threads, and counts those that are at work.
class ThreadLender {
 public:
  virtual ~ThreadLender() = default;
  virtual void begin_wait() = 0;
  virtual void end_wait() = 0;

  // Whose thread this one is, from now on.
  static void lend_this_thread(ThreadLender* lender) { lender_ = lender; }

 private:
  friend class LongWait;
  static inline thread_local ThreadLender* lender_ = nullptr;
};

// From here to the end of the scope this thread waits. Not nested.
class LongWait {
 public:
  LongWait() {
    if (ThreadLender::lender_ != nullptr) ThreadLender::lender_->begin_wait();
  }
  ~LongWait() {
    if (ThreadLender::lender_ != nullptr) ThreadLender::lender_->end_wait();
  }
  LongWait(const LongWait&) = delete;
  LongWait& operator=(const LongWait&) = delete;
};

}  // namespace dits
