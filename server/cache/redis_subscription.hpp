// What other instances say over Redis: one connection of its own, subscribed to one channel, made again
// whenever it is lost.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "server/cache/redis_link.hpp"

namespace dits {

class RedisSubscription {
 public:
  struct Handlers {
    std::function<void(std::string_view message)> on_message;
    std::function<void(bool is_open)> on_state;
  };

  // The handlers are called on a thread of its own.
  RedisSubscription(RedisUrl url, std::string channel, Handlers handlers);
  ~RedisSubscription();
  RedisSubscription(const RedisSubscription&) = delete;
  RedisSubscription& operator=(const RedisSubscription&) = delete;

 private:
  void run(const std::stop_token& stop);
  // Until the link is lost; why.
  Error listen(RedisLink& link, const std::stop_token& stop);

  const RedisUrl url_;
  const std::string channel_;
  const Handlers handlers_;
  std::jthread thread_;
};

}  // namespace dits
