// Alerts on their way to a receiver that is slow, away, or back again.
#include "server/jobs/alert_courier.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include <doctest/doctest.h>

using namespace dits;
using namespace std::chrono_literals;

namespace {

// Notes what it is told; refuses or keeps silent when it is asked to. Shared with the courier's thread.
struct Receiver {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> tried;
  std::vector<std::string> taken;
  int refuses = 0;
  bool is_silent = false;

  Result<void> take(const std::string& json) {
    std::unique_lock lock(mutex);
    tried.push_back(json);
    changed.notify_all();
    changed.wait(lock, [this] { return !is_silent; });
    if (refuses > 0) {
      --refuses;
      return unavailable("nobody there");
    }
    taken.push_back(json);
    changed.notify_all();
    return {};
  }
  bool waits_for(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 10s, condition);
  }
};

AlertCourier::Post post_to(const std::shared_ptr<Receiver>& receiver) {
  return [receiver](const std::string& json) { return receiver->take(json); };
}

}  // namespace

TEST_CASE("what a receiver did not take is told again until it does, in order") {
  const auto receiver = std::make_shared<Receiver>();
  receiver->refuses = 3;
  AlertCourier courier(post_to(receiver), 1ms, 4ms);
  courier.tell("firing");
  courier.tell("resolved");
  REQUIRE(receiver->waits_for([&] { return receiver->taken.size() == 2; }));
  CHECK(receiver->taken == std::vector<std::string>{"firing", "resolved"});
  CHECK(receiver->tried.size() == 5);
}

TEST_CASE("a receiver that is silent holds up neither those who tell nor the end") {
  const auto receiver = std::make_shared<Receiver>();
  receiver->is_silent = true;
  const auto start = std::chrono::steady_clock::now();
  {
    AlertCourier courier(post_to(receiver));
    courier.tell("firing");
    REQUIRE(receiver->waits_for([&] { return receiver->tried.size() == 1; }));
    courier.tell("resolved");
  }
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  const std::lock_guard lock(receiver->mutex);
  receiver->is_silent = false;
  receiver->changed.notify_all();
}
