// The event bus within one process: the newest change_id of each user who has a listener, and a condition
// variable for each. Across processes a message is "<user> <change_id>".
#include "server/cache/event_bus.hpp"

#include <algorithm>
#include <charconv>
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

  bool wait(UserId user_id, std::int64_t seen, std::chrono::milliseconds at_most) override {
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
    return channel->newest > seen;
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

SharedEventBus::SharedEventBus() : local_(make_local_event_bus()) {}
SharedEventBus::~SharedEventBus() = default;

void SharedEventBus::add_courier(Courier courier) { couriers_.push_back(std::move(courier)); }

void SharedEventBus::receive(std::string_view message) {
  const std::size_t space = message.find(' ');
  if (space == std::string_view::npos) return;
  const Result<UserId> user_id = parse_id<UserTag>(message.substr(0, space));
  std::int64_t change_id = 0;
  const auto [end, status] =
      std::from_chars(message.data() + space + 1, message.data() + message.size(), change_id);
  if (user_id && status == std::errc{} && end == message.data() + message.size())
    local_->publish(*user_id, change_id);
}

void SharedEventBus::set_open(const std::string& way, bool is_open) {
  const std::lock_guard lock(mutex_);
  auto found = std::find_if(ways_.begin(), ways_.end(), [&](const Way& one) { return one.name == way; });
  if (found == ways_.end()) found = ways_.insert(ways_.end(), Way{way, false, {}});
  if (is_open && !found->is_open) found->since = std::chrono::steady_clock::now();
  found->is_open = is_open;
}

bool SharedEventBus::is_deaf() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(ways_.begin(), ways_.end(), [](const Way& way) { return !way.is_open; });
}

bool SharedEventBus::may_have_missed() const {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  return std::any_of(ways_.begin(), ways_.end(), [&](const Way& way) {
    return !way.is_open || now - way.since < after_opening;
  });
}

void SharedEventBus::publish(UserId user_id, std::int64_t change_id) {
  local_->publish(user_id, change_id);
  const std::string message = to_string(user_id) + " " + std::to_string(change_id);
  for (const Courier& courier : couriers_) {
    if (courier(message)) return;
  }
}

bool SharedEventBus::wait(UserId user_id, std::int64_t seen, std::chrono::milliseconds at_most) {
  const bool is_news = local_->wait(user_id, seen, at_most);
  return is_news || (!is_stopped() && may_have_missed());
}

void SharedEventBus::stop() { local_->stop(); }
bool SharedEventBus::is_stopped() const { return local_->is_stopped(); }

}  // namespace dits
