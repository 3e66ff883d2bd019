// One connection to Redis: the only place that sees hiredis. Every wait has an end; what can't be had in time
// is a loss of the connection, told in words.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/secret.hpp"
#include "shared/core/result.hpp"

struct redisContext;

namespace dits {

struct RedisUrl {
  std::string socket_path;
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string user;
  Secret password;
  int database = 0;

  // "127.0.0.1:6379" or the socket's path: for the log.
  std::string place() const;
};

// "redis://[user:password@]host[:port][/database]" or "unix:///path". Errors: invalid.
Result<RedisUrl> parse_redis_url(std::string_view text);

// What Redis answered.
struct RedisValue {
  enum class Kind { nothing, text, number, list, error };
  Kind kind = Kind::nothing;
  std::string text;         // of a text, a status or an error
  std::int64_t number = 0;  // of a number
  std::vector<RedisValue> list;
};

class RedisLink {
 public:
  // Connects, signs in, chooses the database and waits for an answer to PING. Errors: unavailable, with the
  // reason.
  static Result<std::unique_ptr<RedisLink>> open(const RedisUrl& url, std::chrono::milliseconds timeout);

  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // One command and its answer, which may be an error of Redis' own. Errors: unavailable: the link is lost;
  // kind "closed" when Redis had closed it, which it does with links that were idle for long.
  Result<RedisValue> run(const std::vector<std::string>& words);

  // For a link that has subscribed: the next message, nothing when none came in time. Errors: unavailable.
  Result<std::optional<RedisValue>> next_message(std::chrono::milliseconds at_most);
  // Sends without waiting for an answer, which then comes as a message.
  Result<void> send(const std::vector<std::string>& words);

 private:
  struct Free {
    void operator()(redisContext* context) const;
  };
  explicit RedisLink(std::unique_ptr<redisContext, Free> context);
  Error lost() const;

  std::unique_ptr<redisContext, Free> context_;
};

}  // namespace dits
