#include "server/http/whole_answer.hpp"

#include <array>
#include <ctime>
#include <memory>
#include <string>

#include "server/base/log.hpp"
#include "server/http/errors.hpp"

namespace dits::http {
namespace {

constexpr std::size_t lent_bytes = std::size_t{64} * 1024;  // bodies from this size on are lent, not copied
constexpr std::size_t usual_head_bytes = 1536;

void append_header(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += ": ";
  text += value;
  text += "\r\n";
}

std::string head_of(const Response& response, std::size_t body_bytes, std::string_view connection) {
  std::string text;
  text.reserve(usual_head_bytes + (body_bytes < lent_bytes ? body_bytes : 0));
  text += "HTTP/1.1 ";
  text += std::to_string(response.status);
  text += ' ';
  text += reason_of(response.status);
  text += "\r\n";
  append_header(text, "Date", http_date());
  for (const auto& [name, value] : response.headers) append_header(text, name, value);
  if (!response.content_type.empty()) append_header(text, "Content-Type", response.content_type);
  const bool has_no_body = response.status == 204 || response.status == 304;
  if (!has_no_body) append_header(text, "Content-Length", std::to_string(body_bytes));
  if (!connection.empty()) append_header(text, "Connection", connection);
  text += "\r\n";
  return text;
}

}  // namespace

std::string_view http_date() {
  thread_local std::time_t last = 0;
  thread_local std::array<char, 32> text{};
  if (const std::time_t now = std::time(nullptr); now != last) {
    last = now;
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  }
  return text.data();
}

std::string_view connection_header(const RequestHead& head, bool keeps_alive) {
  if (!keeps_alive) return "close";
  return head.is_http_1_0 ? "keep-alive" : std::string_view();
}

std::string last_words(const Connection& connection, const Error& error) {
  std::string request_id;
  const Response response = refusal(error, request_id, connection.is_tls(), connection.head().header("host"));
  log::info("refused",
            {{"id", request_id},
             {"status", response.status},
             {"message", error.message},
             {"from", connection.peer_address()}});
  return head_of(response, response.body.size(), "close") + response.body;
}

bool send_whole(Connection& connection, Response response, bool keeps_alive) {
  const std::size_t bytes = response.static_body.empty() ? response.body.size() : response.static_body.size();
  const bool is_head = connection.head().method == "HEAD";
  const std::size_t told = is_head && response.stream_bytes ? *response.stream_bytes : bytes;
  std::string text = head_of(response, told, connection_header(connection.head(), keeps_alive));
  if (is_head) return connection.send(text);
  if (response.static_body.empty() && bytes < lent_bytes) return connection.send(text += response.body);
  std::shared_ptr<const std::string> owner;
  std::string_view body = response.static_body;
  if (body.empty()) {
    owner = std::make_shared<const std::string>(std::move(response.body));
    body = *owner;
  }
  connection.lend(body, std::move(owner));
  return connection.send(text) && connection.send(body);
}

}  // namespace dits::http
