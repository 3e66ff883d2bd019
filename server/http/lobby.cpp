// epoll over all waiting connections, their deadlines and limits.
#include "server/http/lobby.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "server/base/ip_address.hpp"
#include "server/http/whole_answer.hpp"

namespace dits::http {
namespace {

constexpr std::chrono::milliseconds deadline_tick{500};
constexpr std::chrono::milliseconds last_flush{1000};
constexpr int flush_wait_ms = 200;

Error busy() { return unavailable("The server has too many connections or requests at the moment."); }

}  // namespace

Lobby::Lobby(const LobbyLimits& limits, Dispatch dispatch)
    : limits_(limits),
      dispatch_(std::move(dispatch)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{EPOLLIN, {}};
  event.data.fd = wake_;
  if (epoll_ < 0 || wake_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) {
    const int reason = errno;
    close_files();
    throw std::system_error(reason, std::system_category(), "waiting for connections");
  }
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    close_files();
    throw;
  }
}

Lobby::~Lobby() {
  shut_down();
  close_files();
}

void Lobby::close_files() const {
  for (const int file : {epoll_, wake_}) {
    if (file >= 0) ::close(file);
  }
}

void Lobby::admit(std::unique_ptr<Connection> connection) {
  const std::string address = connection->peer_address();
  const std::string counted = counted_address(address);
  bool has_room = true;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return;
    const std::size_t here = ++per_address_[counted].connections;
    ++total_;
    if (here > limits_.max_per_address && !limits_.is_uncounted(address)) has_room = evict(&counted);
    if (has_room && total_ > limits_.max_connections) has_room = evict(nullptr);
    if (!has_room) count_out(address);
  }
  if (!has_room) {
    connection->send_and_hang_up(last_words(*connection, busy()));
    return;
  }
  enter(std::move(connection), EPOLL_CTL_ADD);
}

void Lobby::park(std::unique_ptr<Connection> connection) { enter(std::move(connection), EPOLL_CTL_MOD); }

void Lobby::enter(std::unique_ptr<Connection> connection, int operation) {
  const int socket = connection->socket();
  std::vector<std::unique_ptr<Connection>> evicted;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) {
      count_out(connection->peer_address());
      return;
    }
    epoll_event event{EPOLLONESHOT | (connection->waits_for_writing() ? EPOLLOUT : EPOLLIN), {}};
    event.data.fd = socket;
    const bool was_empty = waiting_.empty();
    waiting_bytes_ += connection->buffered_bytes();
    if (Holding* holding = holding_of(*connection)) holding->waiting_bytes += connection->buffered_bytes();
    waiting_[socket] = std::move(connection);
    // Nobody would hear of it any more.
    if (::epoll_ctl(epoll_, operation, socket, &event) != 0)
      evicted.push_back(take_out(waiting_.find(socket)));
    if (was_empty) ::eventfd_write(wake_, 1);  // the thread sleeps without a tick while nobody waits
    while (waiting_bytes_ > limits_.max_waiting_bytes) evicted.push_back(evict_largest_holder());
  }
  // Within an answer there is no room for another one.
  for (auto& one : evicted) {
    const bool is_answered = one->has_unsent();
    const std::string words = is_answered ? std::string{} : last_words(*one, busy());
    hang_up(std::move(one), words);
  }
}

// Where the bytes of a connection count; null when it has none, or its address stands for many.
Lobby::Holding* Lobby::holding_of(const Connection& connection) {
  if (connection.buffered_bytes() == 0 || limits_.is_uncounted(connection.peer_address())) return nullptr;
  return &per_address_[counted_address(connection.peer_address())];
}

std::unique_ptr<Connection> Lobby::evict_largest_holder() {
  const auto heaviest =
      std::ranges::max_element(per_address_, {}, [](const auto& row) { return row.second.waiting_bytes; });
  const std::size_t heaviest_bytes = heaviest == per_address_.end() ? 0 : heaviest->second.waiting_bytes;
  // The largest connection of that address, and the largest of those that are judged each for itself.
  auto largest = waiting_.end();
  auto alone = waiting_.end();
  for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
    const std::size_t bytes = at->second->buffered_bytes();
    if (bytes == 0) continue;
    const bool is_alone = limits_.is_uncounted(at->second->peer_address());
    if (!is_alone && counted_address(at->second->peer_address()) != heaviest->first) continue;
    auto& best = is_alone ? alone : largest;
    if (best == waiting_.end() || bytes > best->second->buffered_bytes()) best = at;
  }
  const bool is_alone_larger = alone != waiting_.end() && alone->second->buffered_bytes() > heaviest_bytes;
  return take_out(is_alone_larger || largest == waiting_.end() ? alone : largest);
}

void Lobby::left(const std::string& peer_address) {
  const std::lock_guard lock(mutex_);
  count_out(peer_address);
}

void Lobby::count_out(const std::string& peer_address) {
  --total_;
  const auto found = per_address_.find(counted_address(peer_address));
  if (found != per_address_.end() && --found->second.connections == 0) per_address_.erase(found);
}

bool Lobby::evict(const std::string* counted) {
  auto oldest = waiting_.end();
  for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
    if (counted != nullptr && counted_address(it->second->peer_address()) != *counted) continue;
    if (oldest == waiting_.end() || it->second->deadline() < oldest->second->deadline()) oldest = it;
  }
  if (oldest == waiting_.end()) return false;
  count_out(take_out(oldest)->peer_address());
  return true;
}

std::unique_ptr<Connection> Lobby::take_out(
    std::unordered_map<int, std::unique_ptr<Connection>>::iterator at) {
  std::unique_ptr<Connection> connection = std::move(at->second);
  waiting_bytes_ -= connection->buffered_bytes();
  if (Holding* holding = holding_of(*connection)) holding->waiting_bytes -= connection->buffered_bytes();
  waiting_.erase(at);
  return connection;
}

std::size_t Lobby::connection_count() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

void Lobby::run() {
  std::array<epoll_event, 256> events;
  SteadyTime next_tick = std::chrono::steady_clock::now() + deadline_tick;
  for (;;) {
    bool is_idle = false;
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) return;
      is_idle = waiting_.empty();
    }
    const int count = ::epoll_wait(epoll_,
                                   events.data(),
                                   static_cast<int>(events.size()),
                                   is_idle ? -1 : static_cast<int>(deadline_tick.count()));
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == wake_) {
        eventfd_t ignored = 0;
        ::eventfd_read(wake_, &ignored);
      } else {
        look_at(socket);
      }
    }
    if (const SteadyTime now = std::chrono::steady_clock::now(); now >= next_tick) {
      close_expired();
      next_tick = now + deadline_tick;
    }
  }
}

// Sends what is left of an answer, then takes what has come.
Connection::Progress Lobby::look_at(Connection& connection) {
  if (connection.has_unsent()) {
    const Connection::Progress progress = connection.flush();
    if (progress != Connection::Progress::complete) return progress;
    if (connection.closes_after_sending()) return Connection::Progress::closed;
  }
  return connection.receive();
}

void Lobby::look_at(int socket) {
  std::unique_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(socket);
    if (found == waiting_.end()) return;
    connection = take_out(found);
  }
  switch (look_at(*connection)) {
    case Connection::Progress::waiting:
      park(std::move(connection));
      return;
    case Connection::Progress::closed:
      hang_up(std::move(connection), {});
      return;
    case Connection::Progress::refused: {
      const std::string words = last_words(*connection, connection->refusal());
      hang_up(std::move(connection), words);
      return;
    }
    case Connection::Progress::complete:
      if (!dispatch_(connection)) {
        const std::string words = last_words(*connection, busy());
        hang_up(std::move(connection), words);
      }
      return;
  }
}

void Lobby::hang_up(std::unique_ptr<Connection> connection, std::string_view last_words) {
  left(connection->peer_address());
  if (!last_words.empty()) connection->send_and_hang_up(last_words);
}

void Lobby::close_expired() {
  const SteadyTime now = std::chrono::steady_clock::now();
  std::vector<std::unique_ptr<Connection>> expired;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (it->second->deadline() > now) {
        ++it;
        continue;
      }
      expired.push_back(take_out(it++));
    }
  }
  Error error = invalid({}, "The whole request must arrive within ten seconds.");
  error.kind = "request_timeout";
  for (auto& connection : expired) {
    const std::string words =
        connection->has_partial_request() ? last_words(*connection, error) : std::string{};
    hang_up(std::move(connection), words);
  }
}

void Lobby::shut_down() {
  std::unordered_map<int, std::unique_ptr<Connection>> left;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return;
    is_stopping_ = true;
    left = std::exchange(waiting_, {});
  }
  ::eventfd_write(wake_, 1);
  thread_.join();
  // Answers that are on their way are sent to those who take them now.
  const SteadyTime deadline = std::chrono::steady_clock::now() + last_flush;
  for (auto& [socket, connection] : left) {
    while (connection->has_unsent() && std::chrono::steady_clock::now() < deadline) {
      if (connection->flush() != Connection::Progress::waiting || !connection->wait_writable(flush_wait_ms))
        break;
    }
  }
}

}  // namespace dits::http
