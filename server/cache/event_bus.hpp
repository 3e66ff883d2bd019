// Tells open event streams that a user's log has grown; carries no data, since readers fetch the changes from
// the log itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"

namespace dits {

class EventBus {
 public:
  virtual ~EventBus() = default;

  // After the commit of change `change_id` of this user. Never blocks for long, never fails: what does not
  // arrive is found by looking.
  virtual void publish(UserId user_id, std::int64_t change_id) = 0;

  // Blocks until a change later than `seen` is known, the time is over, or stop() was called. True when it is
  // worth looking into the log: there is such a change, or there may be one that nobody could tell of.
  virtual bool wait(UserId user_id, std::int64_t seen, std::chrono::milliseconds at_most) = 0;

  // Wakes every waiter for good: the server is shutting down.
  virtual void stop() = 0;
  virtual bool is_stopped() const = 0;
};

// Within this process.
std::unique_ptr<EventBus> make_local_event_bus();

// Across instances: what is published here goes out over the first courier that takes it, and what others
// published comes in by receive(). While one of the ways in is closed, wait() asks to look each time, which
// makes readers poll.
class SharedEventBus final : public EventBus {
 public:
  // Takes a message for all instances; false when it can't at the moment. Does not block for long.
  using Courier = std::function<bool(const std::string& message)>;

  SharedEventBus();
  ~SharedEventBus() override;

  // Before the first publish(). Couriers are tried in the order in which they were added.
  void add_courier(Courier courier);
  // What a courier brought, of this instance or another.
  void receive(std::string_view message);
  // `way`: a name of the caller's. A way in counts as closed from when it is first named until it is open.
  void set_open(const std::string& way, bool is_open);
  // True while a way in is closed.
  bool is_deaf() const;

  void publish(UserId user_id, std::int64_t change_id) override;
  bool wait(UserId user_id, std::int64_t seen, std::chrono::milliseconds at_most) override;
  void stop() override;
  bool is_stopped() const override;

 private:
  // Readers look once more after a way has opened: something may have passed before.
  static constexpr std::chrono::seconds after_opening{5};

  bool may_have_missed() const;

  struct Way {
    std::string name;
    bool is_open = false;
    std::chrono::steady_clock::time_point since;
  };

  const std::unique_ptr<EventBus> local_;
  std::vector<Courier> couriers_;
  mutable std::mutex mutex_;
  std::vector<Way> ways_;
};

}  // namespace dits
