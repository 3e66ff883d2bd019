// Tells open event streams that a user's log has grown; carries no data, since readers fetch the changes from
// the log itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "shared/core/id.hpp"

namespace dits {

class EventBus {
 public:
  virtual ~EventBus() = default;

  // After the commit of change `change_id` of this user. Never blocks for long, never fails: readers also
  // poll.
  virtual void publish(UserId user_id, std::int64_t change_id) = 0;

  // Blocks until a change later than `seen` is known, the time is over, or stop() was called; the newest
  // change_id known, or `seen`.
  virtual std::int64_t wait(UserId user_id, std::int64_t seen, std::chrono::milliseconds at_most) = 0;

  // Wakes every waiter for good: the server is shutting down.
  virtual void stop() = 0;
  virtual bool is_stopped() const = 0;
};

// Within this process. The instance across processes (Redis, LISTEN/NOTIFY) has the same interface.
std::unique_ptr<EventBus> make_local_event_bus();

}  // namespace dits
