#include "server/jobs/alert_courier.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "server/base/back_off.hpp"
#include "server/base/log.hpp"

namespace dits {

namespace {

constexpr std::size_t most_waiting = 100;
constexpr std::chrono::milliseconds farewell{500};

}  // namespace

struct AlertCourier::State {
  State(Post post_, std::chrono::milliseconds first_pause, std::chrono::milliseconds longest_pause)
      : post(std::move(post_)), pause(first_pause, longest_pause) {}

  void work();

  const Post post;
  BackOff pause;
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable gone;
  std::deque<std::string> waiting;
  bool is_stopped = false;
  bool is_over = false;
};

void AlertCourier::State::work() {
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait(lock, [this] { return is_stopped || !waiting.empty(); });
    if (is_stopped) break;
    std::string json = std::move(waiting.front());
    waiting.pop_front();
    lock.unlock();
    const Result<void> told = post(json);
    lock.lock();
    if (is_stopped) break;
    if (told) {
      pause.reset();
      continue;
    }
    waiting.push_front(std::move(json));
    const std::chrono::milliseconds rest = pause.next();
    log::warn("the alert's webhook was not told",
              {{"reason", told.error().message}, {"next_try_ms", rest.count()}});
    wake.wait_for(lock, rest, [this] { return is_stopped; });
  }
  is_over = true;
  gone.notify_all();
}

AlertCourier::AlertCourier(Post post,
                           std::chrono::milliseconds first_pause,
                           std::chrono::milliseconds longest_pause)
    : state_(std::make_shared<State>(std::move(post), first_pause, longest_pause)) {
  std::thread([state = state_] { state->work(); }).detach();
}

AlertCourier::~AlertCourier() {
  std::unique_lock lock(state_->mutex);
  state_->is_stopped = true;
  state_->wake.notify_all();
  state_->gone.wait_for(lock, farewell, [this] { return state_->is_over; });
}

void AlertCourier::tell(std::string json) {
  const std::lock_guard lock(state_->mutex);
  state_->waiting.push_back(std::move(json));
  if (state_->waiting.size() > most_waiting) state_->waiting.pop_front();
  state_->wake.notify_all();
}

}  // namespace dits
