// Where connections wait until they have a whole request: one thread and epoll for all of them, so that a
// slow client costs a descriptor and a few kilobytes, never a thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "server/http/connection.hpp"

namespace dits::http {

struct LobbyLimits {
  std::size_t max_connections = 10'000;
  std::size_t max_per_address = 256;
  // Addresses that stand for many clients, such as a proxy's, are not counted.
  std::function<bool(const std::string& address)> is_uncounted;
  // Of all that wait together, in and out. Beyond it whoever holds most goes, an address for all of its
  // connections together.
  std::size_t max_waiting_bytes = std::size_t{256} * 1024 * 1024;
};

class Lobby {
 public:
  // `dispatch` is called on the lobby's thread with a connection that holds a whole request; false: no room,
  // the client is told so.
  using Dispatch = std::function<bool(std::unique_ptr<Connection>&)>;
  // Throws std::system_error when the machine gives no file or thread.
  Lobby(const LobbyLimits& limits, Dispatch dispatch);
  ~Lobby();
  Lobby(const Lobby&) = delete;
  Lobby& operator=(const Lobby&) = delete;

  // A new client. At a limit, the connection that has waited longest makes room, first of the same address.
  void admit(std::unique_ptr<Connection> connection);
  // A client whose request was answered and who keeps the connection.
  void park(std::unique_ptr<Connection> connection);
  // Tells the counts that a connection ended outside the lobby.
  void left(const std::string& peer_address);

  std::size_t connection_count() const;
  // Closes all that wait and takes no more.
  void shut_down();

 private:
  // By counted address.
  struct Holding {
    std::size_t connections = 0;
    std::size_t waiting_bytes = 0;
  };

  void run();
  void close_files() const;
  void look_at(int socket);
  static Connection::Progress look_at(Connection& connection);
  void close_expired();
  void enter(std::unique_ptr<Connection> connection, int operation);
  void hang_up(std::unique_ptr<Connection> connection, std::string_view last_words);
  // The following want mutex_ held.
  std::unique_ptr<Connection> take_out(std::unordered_map<int, std::unique_ptr<Connection>>::iterator at);
  bool evict(const std::string* counted);  // of this counted address; null: of any
  std::unique_ptr<Connection> evict_largest_holder();
  Holding* holding_of(const Connection& connection);
  void count_out(const std::string& peer_address);

  const LobbyLimits limits_;
  const Dispatch dispatch_;
  int epoll_ = -1;
  int wake_ = -1;
  mutable std::mutex mutex_;
  std::unordered_map<int, std::unique_ptr<Connection>> waiting_;
  std::unordered_map<std::string, Holding> per_address_;
  std::size_t total_ = 0;
  std::size_t waiting_bytes_ = 0;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace dits::http
