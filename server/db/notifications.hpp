// LISTEN and NOTIFY: short messages between the programs that use one database, over a connection of its own
// that is made again whenever it is lost.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/db/connection.hpp"

namespace dits {

// The advisory lock that the listener of every server holds, shared, in its database: whoever counts it knows
// how many servers there are.
inline constexpr std::int64_t server_lock = 1145656404;

class Notifications {
 public:
  struct Handlers {
    std::function<void(const Notice& notice, Notifications& answers)> on_notice;
    std::function<void(bool is_open)> on_state;
    bool holds_server_lock = false;
  };

  // Listens to `channels`, which are names of our own, and calls the handlers on a thread of its own. Without
  // channels it connects only when there is something to send.
  Notifications(ConnectionOptions options, std::vector<std::string> channels, Handlers handlers);
  // Sends what is left, unless the database is away.
  ~Notifications();
  Notifications(const Notifications&) = delete;
  Notifications& operator=(const Notifications&) = delete;

  // Goes out soon, after anything sent before; kept while the database is away, up to ten thousand.
  void send(const std::string& channel, const std::string& payload);

  // Has everything that was told until `longest_trust` ago been handled? Known by asking the server again and
  // again over the same connection, as long as somebody wants to know: after a pause the first answer is no.
  // Costs next to nothing.
  static constexpr std::chrono::milliseconds longest_trust{1000};
  bool is_current();

 private:
  void run(const std::stop_token& stop);
  Result<void> serve(Connection& connection, const std::stop_token& stop);
  Result<void> exchange(Connection& connection, const std::stop_token& stop);
  Result<void> handle_notices(Connection& connection, std::chrono::milliseconds at_most);
  Result<void> send_waiting(Connection& connection);
  bool has_waiting() const;
  // Until somebody sends, the time is over, or the end.
  void pause(std::chrono::milliseconds at_most) const;
  void wake() const;
  void clear_wakes() const;

  const ConnectionOptions options_;
  const std::vector<std::string> channels_;
  const Handlers handlers_;
  const int wake_;  // an eventfd: poll() waits for it beside the connection
  mutable std::mutex mutex_;
  std::vector<Notice> waiting_;
  bool is_told_lost_ = false;  // of the thread alone: the log's last word
  // Of the steady clock: until when is_current() is true, and until when somebody wants to know.
  std::atomic<std::chrono::steady_clock::rep> current_until_{0};
  std::atomic<std::chrono::steady_clock::rep> wanted_until_{0};
  std::atomic<bool> is_asked_{false};  // since the thread last looked
  std::jthread thread_;
};

}  // namespace dits
