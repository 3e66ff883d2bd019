// A small HTTP client that sends exactly what a test says, well-formed or not.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/json/value.hpp"

namespace dits::test {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Answer {
  int status = 0;  // 0: the connection was closed without an answer
  Headers headers;
  std::string body;

  // First value by case-insensitive name, or empty.
  std::string header(std::string_view name) const;
  // The body as JSON; null when it is none.
  Json json() const;
  // Member of the body as text, or empty: "code", "detail", "id".
  std::string text(std::string_view member) const;
};

// A TCP connection to 127.0.0.1.
class Connection {
 public:
  explicit Connection(int port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&& other) noexcept;

  bool is_open() const { return socket_ >= 0; }
  bool send(std::string_view bytes);
  // One whole answer (Content-Length or chunked), without a body when `is_head`.
  Answer receive(std::chrono::milliseconds at_most = std::chrono::seconds(15), bool is_head = false);
  // What arrives until `wanted` is part of it; everything received so far when the time is over or the peer
  // closes.
  std::string read_until(std::string_view wanted, std::chrono::milliseconds at_most);
  bool wait_readable(std::chrono::milliseconds at_most);
  bool is_closed_by_peer(std::chrono::milliseconds at_most);

 private:
  bool fill(std::chrono::steady_clock::time_point deadline);

  int socket_ = -1;
  std::string input_;
};

// Calls the API as one program or browser would; a connection for each call.
class Client {
 public:
  explicit Client(int port) : port_(port) {}

  Answer get(const std::string& path, const Headers& headers = {}) const {
    return call("GET", path, std::nullopt, headers);
  }
  Answer post(const std::string& path, const Json& body, const Headers& headers = {}) const {
    return call("POST", path, dump(body), headers);
  }
  Answer patch(const std::string& path, const Json& body, const Headers& headers = {}) const {
    return call("PATCH", path, dump(body), headers);
  }
  Answer remove(const std::string& path, const Headers& headers = {}) const {
    return call("DELETE", path, std::nullopt, headers);
  }
  // Adds Host, credentials and, with a body, Content-Type and Content-Length unless `headers` has them.
  Answer call(const std::string& method,
              const std::string& path,
              const std::optional<std::string>& body,
              const Headers& headers = {}) const;

  // The same, without waiting for the body: for streams.
  Answer call_for_head(const std::string& method,
                       const std::string& path,
                       const std::optional<std::string>& body,
                       const Headers& headers) const;

  // Sent with every call: Cookie or Authorization.
  Headers credentials;

 private:
  Connection send_request(const std::string& method,
                          const std::string& path,
                          const std::optional<std::string>& body,
                          const Headers& headers) const;

  int port_;
};

}  // namespace dits::test
