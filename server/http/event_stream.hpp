// Server-sent events: a response that stays open and tells what happens.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/http/message.hpp"

namespace dits::http {

// One event as it goes over the wire. `data` may hold several lines.
std::string format_event(std::string_view id, std::string_view name, std::string_view data);

// Last-Event-ID as a number, from the header or, for clients that can't set it, the query parameter
// "lastEventId"; nullopt when there is none. Errors: invalid, when it is no number.
Result<std::optional<std::int64_t>> last_event_id(const Request& request);

// What a stream does between two heartbeats.
enum class StreamStep {
  idle,  // nothing to tell
  sent,  // something was written
  over,  // the stream ends: shutdown, revoked session, lost database
};
using StreamWrite = std::function<bool(std::string_view)>;
// Waits at most the given time for something to tell and writes it. A `write` that gives false means that the
// client is gone: answer `over`. `write("")` only asks whether the client is still there.
using StreamPoll = std::function<StreamStep(const StreamWrite& write, std::chrono::milliseconds at_most)>;

// An open stream: calls `poll` again and again on the connection's thread, with a heartbeat after each 15 s
// of silence.
Response event_stream(StreamPoll poll);

// How many streams each user has open.
class StreamCounts {
 public:
  explicit StreamCounts(std::size_t max_per_user) : max_per_user_(max_per_user) {}

  // Held as long as the stream is open.
  class Ticket {
   public:
    Ticket(StreamCounts& counts, UserId user_id) : counts_(counts), user_id_(user_id) {}
    ~Ticket() { counts_.give_back(user_id_); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

   private:
    StreamCounts& counts_;
    UserId user_id_;
  };

  // Errors: unavailable, kind "rate_limited".
  Result<std::shared_ptr<Ticket>> take(UserId user_id);

 private:
  void give_back(UserId user_id);

  const std::size_t max_per_user_;
  std::mutex mutex_;
  std::unordered_map<UserId, std::size_t, IdHash> open_;
};

}  // namespace dits::http
