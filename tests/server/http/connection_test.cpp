// Connections over pairs of sockets: slow senders, slow readers, and what a lobby full of them holds.
#include "server/http/connection.hpp"

#include <array>
#include <atomic>
#include <thread>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "server/http/lobby.hpp"
#include "tests/support/comes_true.hpp"

namespace dits::http {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Ends {
  FileDescriptor client;
  std::unique_ptr<Connection> server;
};

Ends connect(const ConnectionLimits& limits, const std::string& address = "192.0.2.1") {
  std::array<int, 2> sockets{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) == 0);
  return {FileDescriptor(sockets[0]), std::make_unique<Connection>(sockets[1], address, nullptr, limits)};
}

// An upload whose pieces of `piece` bytes come every `pause`; what read_body() makes of it.
Result<std::size_t> upload(const ConnectionLimits& limits,
                           int pieces,
                           std::size_t piece,
                           std::chrono::milliseconds pause) {
  Ends ends = connect(limits);
  const std::size_t size = piece * static_cast<std::size_t>(pieces);
  const std::string head =
      "PUT /file HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  REQUIRE(write_all(ends.client.get(), head, "socket"));
  REQUIRE(ends.server->wait_readable(1000));
  REQUIRE(ends.server->receive() == Connection::Progress::complete);
  std::jthread sender([&](const std::stop_token& stop) {
    const std::string bytes(piece, 'x');
    for (int i = 0; i < pieces && !stop.stop_requested(); ++i) {
      std::this_thread::sleep_for(pause);
      if (::send(ends.client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return;
    }
  });
  std::size_t received = 0;
  while (true) {
    const Result<std::string_view> part = ends.server->read_body(1 << 20);
    if (!part) return part.error();
    if (part->empty()) return received;
    received += part->size();
  }
}

ConnectionLimits hasty() {
  ConnectionLimits limits;
  limits.has_streamed_body = [](const RequestHead&) { return true; };
  limits.request_deadline = 200ms;
  limits.upload_pace = {1000, 1000ms};
  limits.download_pace = {1000, 300ms};
  return limits;
}

// All that comes until the other side closes.
std::size_t read_all(const FileDescriptor& socket, std::size_t piece, std::chrono::milliseconds pause) {
  std::string buffer(piece, '\0');
  std::size_t received = 0;
  for (ssize_t count = 0; (count = ::read(socket.get(), buffer.data(), buffer.size())) > 0;) {
    received += static_cast<std::size_t>(count);
    std::this_thread::sleep_for(pause);
  }
  return received;
}

// A lobby in front of a server that answers "GET /1000" with so many bytes, and closes.
class Server {
 public:
  explicit Server(const LobbyLimits& limits, bool is_lending = false)
      : is_lending_(is_lending),
        lobby_(limits, [this](std::unique_ptr<Connection>& connection) { return answer(connection); }) {}

  // A client that has asked for so many bytes, and whose answer is on its way.
  FileDescriptor ask(const ConnectionLimits& limits, const std::string& address, std::size_t bytes) {
    Ends ends = connect(limits, address);
    lobby_.admit(std::move(ends.server));
    const int before = answered_;
    const std::string request = "GET /" + std::to_string(bytes) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    REQUIRE(write_all(ends.client.get(), request, "socket"));
    REQUIRE(test::comes_true([&] { return answered_ != before; }));
    return std::move(ends.client);
  }
  Lobby& lobby() { return lobby_; }
  // What the last answer held while it waited.
  std::size_t held_bytes() const { return held_bytes_; }

 private:
  bool answer(std::unique_ptr<Connection>& connection) {
    static const std::string content(2'000'000, 'y');
    const auto size = static_cast<std::size_t>(std::stoul(connection->head().target.substr(1)));
    const std::string_view body = std::string_view(content).substr(0, size);
    if (is_lending_) connection->lend(body, nullptr);
    connection->send("head");
    connection->send(body);
    connection->close_after_sending();
    connection->expect_flush();
    held_bytes_ = connection->buffered_bytes();
    lobby_.park(std::move(connection));
    ++answered_;
    return true;
  }

  const bool is_lending_;
  std::atomic<int> answered_ = 0;
  std::atomic<std::size_t> held_bytes_ = 0;
  Lobby lobby_;  // last: its thread uses the others
};

LobbyLimits small_lobby() {
  LobbyLimits limits;
  limits.is_uncounted = [](const std::string& address) { return address.starts_with("127."); };
  limits.max_waiting_bytes = 3'000'000;
  return limits;
}

}  // namespace

TEST_CASE("an upload may take as long as it needs while enough of it comes") {
  const ConnectionLimits limits = hasty();
  // 15 KB a second for two seconds, where one is wanted.
  const Result<std::size_t> slow = upload(limits, 100, 300, 20ms);
  CHECK(slow.value() == 30'000);
  const Result<std::size_t> too_slow = upload(limits, 100, 10, 20ms);
  REQUIRE_FALSE(too_slow);
  CHECK(too_slow.error().kind == "request_timeout");
}

TEST_CASE("a head has to come within its deadline, however steadily it drips") {
  const ConnectionLimits limits = hasty();
  Ends ends = connect(limits);
  Lobby lobby(small_lobby(), [](std::unique_ptr<Connection>&) { return false; });
  lobby.admit(std::move(ends.server));
  const auto start = Clock::now();
  std::jthread sender([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && ::send(ends.client.get(), "X", 1, MSG_NOSIGNAL) == 1)
      std::this_thread::sleep_for(10ms);
  });
  std::string answer(200, '\0');
  REQUIRE(::read(ends.client.get(), answer.data(), answer.size()) > 0);
  CHECK(answer.starts_with("HTTP/1.1 408 "));
  CHECK(Clock::now() - start < 2s);
}

TEST_CASE("a reader may be slow as long as it takes something; one that takes nothing is let go") {
  const ConnectionLimits limits = hasty();
  Server server(small_lobby());
  const FileDescriptor slow = server.ask(limits, "192.0.2.1", 1'000'000);
  const FileDescriptor idle = server.ask(limits, "192.0.2.2", 1'000'000);
  CHECK(read_all(slow, 20'000, 30ms) == 1'000'004);
  CHECK(test::comes_true([&] { return server.lobby().connection_count() == 0; }, 5s));
  CHECK(read_all(idle, 65'536, 0ms) < 1'000'000);
}

TEST_CASE("of what is lent no connection holds a copy, and it arrives whole") {
  const ConnectionLimits limits;
  Server lending(small_lobby(), true);
  const FileDescriptor client = lending.ask(limits, "192.0.2.1", 2'000'000);
  CHECK(lending.held_bytes() < 100);
  CHECK(read_all(client, 65'536, 0ms) == 2'000'004);
  Server copying(small_lobby());
  const FileDescriptor other = copying.ask(limits, "192.0.2.1", 2'000'000);
  CHECK(copying.held_bytes() > 1'000'000);
  CHECK(read_all(other, 65'536, 0ms) == 2'000'004);
}

TEST_CASE("what is lent with its owner counts for the connection, and lives as long as it is needed") {
  Ends ends = connect({});
  auto owned = std::make_shared<const std::string>(1'000'000, 'z');
  const std::weak_ptr<const std::string> watched = owned;
  ends.server->lend(*owned, owned);
  REQUIRE(ends.server->send(*owned));
  owned.reset();
  ends.server->finish_request();
  CHECK(ends.server->buffered_bytes() == 1'000'000);
  CHECK_FALSE(watched.expired());
  ends.server.reset();
  CHECK(watched.expired());
}

TEST_CASE("beyond the bound on waiting bytes whoever holds most goes first, by address") {
  ConnectionLimits limits;
  Server server(small_lobby());
  const FileDescriptor innocent = server.ask(limits, "198.51.100.7", 1'400'000);
  const FileDescriptor local = server.ask(limits, "127.0.0.1", 700'000);
  // Each of these holds less than the two above, together they hold more.
  std::vector<FileDescriptor> greedy;
  for (int i = 0; i < 12; ++i) greedy.push_back(server.ask(limits, "192.0.2.1", 600'000));
  CHECK(read_all(innocent, 65'536, 0ms) == 1'400'004);
  CHECK(read_all(local, 65'536, 0ms) == 700'004);
  int cut = 0;
  for (const FileDescriptor& one : greedy) cut += read_all(one, 65'536, 0ms) < 600'000 ? 1 : 0;
  CHECK(cut >= 6);
  CHECK(cut < 12);
}

TEST_CASE(
    "an address has a number of connections; a new one takes the place of the oldest, an IPv6 network is "
    "one") {
  const ConnectionLimits limits;
  LobbyLimits few = small_lobby();
  few.max_per_address = 2;
  Lobby lobby(few, [](std::unique_ptr<Connection>&) { return false; });
  std::vector<Ends> all;
  for (const char* address : {"192.0.2.1", "192.0.2.1", "198.51.100.7", "2001:db8::1", "2001:db8::2"}) {
    all.push_back(connect(limits, address));
    lobby.admit(std::move(all.back().server));
  }
  CHECK(lobby.connection_count() == 5);
  for (const char* address : {"192.0.2.1", "2001:db8::3"}) {
    all.push_back(connect(limits, address));
    lobby.admit(std::move(all.back().server));
  }
  CHECK(lobby.connection_count() == 5);
  const auto is_closed = [](const Ends& ends) {
    char byte = 0;
    return ::recv(ends.client.get(), &byte, 1, MSG_DONTWAIT) == 0;
  };
  CHECK(is_closed(all[0]));
  CHECK_FALSE(is_closed(all[1]));
  CHECK_FALSE(is_closed(all[2]));
  CHECK(is_closed(all[3]));
  CHECK_FALSE(is_closed(all[4]));
  // Those of this machine are as many as they like.
  for (int i = 0; i < 5; ++i) {
    all.push_back(connect(limits, "127.0.0.1"));
    lobby.admit(std::move(all.back().server));
  }
  CHECK(lobby.connection_count() == 10);
}

}  // namespace dits::http
