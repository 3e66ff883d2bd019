// The event bus within one process: the newest change_id of each user who has a listener, and a condition
// variable for each.
#include "server/cache/event_bus.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <unordered_map>

namespace dits {
namespace {

class LocalEventBus final : public EventBus {
 public:
  void publish(UserId user_id, std::int64_t change_id) override {
    const std::lock_guard lock(mutex_);
    const auto found = channels_.find(user_id);
    if (found == channels_.end())
      return;  // nobody listens; a later listener reads the log from where it stands
    found->second->newest = std::max(found->second->newest, change_id);
    found->second->changed.notify_all();
  }

  std::int64_t wait(UserId user_id, std::int64_t seen, std::chrono::milliseconds at_most) override {
    std::unique_lock lock(mutex_);
    std::shared_ptr<Channel>& entry = channels_[user_id];
    if (!entry) entry = std::make_shared<Channel>();
    const std::shared_ptr<Channel> channel = entry;
    ++channel->listeners;
    channel->changed.wait_for(lock, at_most, [&] { return is_stopped_ || channel->newest > seen; });
    // The channel outlives short pauses between two waits, in which a listener sends: what is published then
    // must be found later. Channels without a listener are cleared when they have become many.
    --channel->listeners;
    if (channels_.size() > max_idle_channels)
      std::erase_if(channels_, [](const auto& row) { return row.second->listeners == 0; });
    return std::max(seen, channel->newest);
  }

  void stop() override {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    for (const auto& [user_id, channel] : channels_) channel->changed.notify_all();
  }

  bool is_stopped() const override {
    const std::lock_guard lock(mutex_);
    return is_stopped_;
  }

 private:
  static constexpr std::size_t max_idle_channels = 10'000;

  struct Channel {
    std::condition_variable changed;
    std::int64_t newest = 0;
    int listeners = 0;
  };

  mutable std::mutex mutex_;
  std::unordered_map<UserId, std::shared_ptr<Channel>, IdHash> channels_;
  bool is_stopped_ = false;
};

}  // namespace

std::unique_ptr<EventBus> make_local_event_bus() { return std::make_unique<LocalEventBus>(); }

}  // namespace dits
