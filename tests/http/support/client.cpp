#include "tests/http/support/client.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/http/request_head.hpp"
#include "shared/core/text.hpp"

namespace dits::test {
namespace {

using http::equals_ignoring_case;

bool has_header(const Headers& headers, std::string_view name) {
  return std::any_of(
      headers.begin(), headers.end(), [&](const auto& row) { return equals_ignoring_case(row.first, name); });
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

Json Answer::json() const {
  Result<Json> value = parse_json(body);
  return value ? std::move(value).value() : Json();
}

std::string Answer::text(std::string_view member) const {
  const Json value = json();
  if (!value.is_object()) return {};
  const auto found = value.find(std::string(member));
  return found != value.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Connection::Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

Connection::~Connection() {
  if (socket_ >= 0) ::close(socket_);
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), input_(std::move(other.input_)) {}

bool Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool Connection::fill(std::chrono::steady_clock::time_point deadline) {
  if (socket_ < 0) return false;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
          .count();
  if (left <= 0) return false;
  pollfd entry{socket_, POLLIN, 0};
  if (::poll(&entry, 1, static_cast<int>(left)) <= 0) return false;
  std::array<char, 65536> buffer;
  const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  input_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

Answer Connection::receive(std::chrono::milliseconds at_most, bool is_head) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  std::size_t end = std::string::npos;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(deadline)) return {};
  }
  Answer answer;
  std::string_view head = std::string_view(input_).substr(0, end + 2);
  if (head.size() < 12) return {};
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t colon = line.find(':');
    answer.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
    head.remove_prefix(line.size() + 2);
  }
  input_.erase(0, end + 4);
  if (is_head || answer.status == 204 || answer.status == 304) return answer;
  if (equals_ignoring_case(answer.header("Transfer-Encoding"), "chunked")) {
    http::ChunkDecoder decoder;
    while (!decoder.is_complete()) {
      const Result<std::size_t> taken = decoder.take(input_, answer.body, std::size_t{1} << 30);
      if (!taken) return {};
      input_.erase(0, *taken);
      if (!decoder.is_complete() && !fill(deadline)) return {};
    }
    return answer;
  }
  std::size_t length = 0;
  const std::string text = answer.header("Content-Length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  while (input_.size() < length) {
    if (!fill(deadline)) return {};
  }
  answer.body = input_.substr(0, length);
  input_.erase(0, length);
  return answer;
}

std::string Connection::read_until(std::string_view wanted, std::chrono::milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (input_.find(wanted) == std::string::npos && fill(deadline)) {
  }
  return std::exchange(input_, {});
}

bool Connection::wait_readable(std::chrono::milliseconds at_most) {
  pollfd entry{socket_, POLLIN, 0};
  return ::poll(&entry, 1, static_cast<int>(at_most.count())) > 0;
}

bool Connection::is_closed_by_peer(std::chrono::milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (fill(deadline)) {
  }
  char byte = 0;
  const ssize_t count = ::recv(socket_, &byte, 1, MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

Answer Client::call(const std::string& method,
                    const std::string& path,
                    const std::optional<std::string>& body,
                    const Headers& headers) const {
  return send_request(method, path, body, headers).receive(std::chrono::seconds(15), method == "HEAD");
}

Answer Client::call_for_head(const std::string& method,
                             const std::string& path,
                             const std::optional<std::string>& body,
                             const Headers& headers) const {
  return send_request(method, path, body, headers).receive(std::chrono::seconds(15), true);
}

Connection Client::send_request(const std::string& method,
                                const std::string& path,
                                const std::optional<std::string>& body,
                                const Headers& headers) const {
  std::string request = method + " " + path + " HTTP/1.1\r\n";
  Headers all = headers;
  for (const auto& row : credentials) {
    if (!has_header(headers, row.first)) all.push_back(row);
  }
  if (!has_header(all, "Host")) all.emplace_back("Host", "127.0.0.1:" + std::to_string(port_));
  if (body && !has_header(all, "Content-Type")) all.emplace_back("Content-Type", "application/json");
  if (body && !has_header(all, "Content-Length")) {
    all.emplace_back("Content-Length", std::to_string(body->size()));
  }
  for (const auto& [name, value] : all) request += name + ": " + value + "\r\n";
  Connection connection(port_);
  connection.send(request + "\r\n" + body.value_or(""));
  return connection;
}

}  // namespace dits::test
