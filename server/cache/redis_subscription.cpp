#include "server/cache/redis_subscription.hpp"

#include <condition_variable>
#include <mutex>

#include "server/base/back_off.hpp"
#include "server/base/log.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_timeout = 500ms;
constexpr auto ask_interval = 250ms;      // how often a silent link is asked whether it lives
constexpr auto steady_after = 1s;         // a link that lasted so long was a good one
constexpr auto longest_silence = 1500ms;  // after which it is given up

}  // namespace

RedisSubscription::RedisSubscription(RedisUrl url, std::string channel, Handlers handlers)
    : url_(std::move(url)),
      channel_(std::move(channel)),
      handlers_(std::move(handlers)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

RedisSubscription::~RedisSubscription() = default;

void RedisSubscription::run(const std::stop_token& stop) {
  BackOff back_off(50ms, 5s);
  bool was_open = true;  // so that the first failure is told
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    Result<std::unique_ptr<RedisLink>> link = RedisLink::open(url_, connect_timeout);
    Error why;
    if (link) {
      const auto start = std::chrono::steady_clock::now();
      why = listen(**link, stop);
      was_open = std::chrono::steady_clock::now() - start > steady_after;
      if (was_open) back_off.reset();
    } else {
      why = link.error();
    }
    handlers_.on_state(false);
    if (stop.stop_requested()) return;
    if (was_open) {
      log::warn("redis subscription away", {{"channel", channel_}, {"reason", why.message}});
      was_open = false;
    }
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, back_off.next(), [] { return false; });
  }
}

Error RedisSubscription::listen(RedisLink& link, const std::stop_token& stop) {
  if (const Result<void> sent = link.send({"SUBSCRIBE", channel_}); !sent) return sent.error();
  auto last_heard = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    Result<std::optional<RedisValue>> found = link.next_message(ask_interval);
    if (!found) return found.error();
    if (!*found) {
      if (std::chrono::steady_clock::now() - last_heard > longest_silence) return unavailable("silence");
      if (const Result<void> sent = link.send({"PING"}); !sent) return sent.error();
      continue;
    }
    last_heard = std::chrono::steady_clock::now();
    const std::vector<RedisValue>& words = (*found)->list;
    if (words.size() != 3) continue;  // the answer to a PING
    if (words[0].text == "message") handlers_.on_message(words[2].text);
    if (words[0].text == "subscribe") {
      log::info("redis subscribed", {{"channel", channel_}});
      handlers_.on_state(true);
    }
  }
  return {};
}

}  // namespace dits
