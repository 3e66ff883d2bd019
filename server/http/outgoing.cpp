#include "server/http/outgoing.hpp"

#include <cctype>
#include <optional>

#include <httplib.h>

namespace dits::http {

namespace {

constexpr std::size_t max_answer_bytes = std::size_t{64} * 1024;

struct WebAddress {
  std::string origin;  // "https://host:port"
  std::string host;
  std::string path;  // with its query
};

std::optional<WebAddress> parse_web_address(const std::string& url) {
  const std::size_t host_at = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (host_at == 0) return std::nullopt;
  for (const char c : url) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7F) return std::nullopt;
  }
  const std::size_t end = std::min(url.find_first_of("/?#", host_at), url.size());
  const std::string authority = url.substr(host_at, end - host_at);
  if (authority.empty() || authority.find('@') != std::string::npos) return std::nullopt;
  WebAddress address;
  address.origin = url.substr(0, end);
  address.host =
      authority.substr(0, authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':'));
  address.path = url.substr(end, url.find('#', end) - end);
  if (!address.path.starts_with('/')) address.path.insert(0, "/");
  return address;
}

// Sends it with a limit to its time, and takes no more than `max_answer_bytes`.
httplib::Result ask(httplib::Client& client,
                    httplib::Request& request,
                    std::string& body,
                    std::chrono::milliseconds time_limit) {
  client.set_connection_timeout(time_limit);
  client.set_read_timeout(time_limit);
  client.set_write_timeout(time_limit);
  client.set_max_timeout(time_limit);
  client.set_follow_location(false);
  request.set_header("User-Agent", "DITS");
  request.start_time_ = std::chrono::steady_clock::now();  // set_max_timeout counts from it
  request.content_receiver = [&body](const char* bytes, std::size_t count, std::uint64_t, std::uint64_t) {
    body.append(bytes, count);
    return body.size() <= max_answer_bytes;
  };
  return client.send(request);
}

}  // namespace

Result<void> post_json(const Secret& url, const std::string& json, std::chrono::milliseconds time_limit) {
  const std::optional<WebAddress> address = parse_web_address(url.reveal());
  if (!address) return invalid({}, "This is no address of the web.");
  httplib::Client client(address->origin);
  httplib::Request request;
  request.method = "POST";
  request.path = address->path;
  request.set_header("Content-Type", "application/json");
  request.body = json;
  std::string unread;
  const httplib::Result answer = ask(client, request, unread, time_limit);
  if (!answer)
    return unavailable(address->host + " does not answer: " + httplib::to_string(answer.error()) + ".");
  if (answer->status < 200 || answer->status > 299) {
    return unavailable(address->host + " answers " + std::to_string(answer->status) + ".");
  }
  return {};
}

std::string ServerAddress::url() const {
  const std::string here = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host;
  const bool is_v6 = here.find(':') != std::string::npos;
  return (is_tls ? "https://" : "http://") + (is_v6 ? "[" + here + "]" : here) + ":" + std::to_string(port);
}

namespace {

Error why_unanswered(const ServerAddress& server,
                     httplib::Error reason,
                     std::chrono::milliseconds time_limit,
                     std::chrono::nanoseconds waited) {
  Error error = unavailable("What listens at " + server.url() +
                            " does not speak as it is asked to: " + httplib::to_string(reason) + ".");
  // The library counts in whole milliseconds.
  if (waited + std::chrono::milliseconds(50) >= time_limit) {
    error.message = "What listens at " + server.url() + " does not answer within " +
                    std::to_string((time_limit.count() + 999) / 1000) + " s.";
    error.kind = no_answer_in_time;
  } else if (reason == httplib::Error::Connection) {
    error.message = "Nobody answers at " + server.url() + ": " + httplib::to_string(reason) + ".";
    error.kind = nobody_listens;
  }
  return error;
}

}  // namespace

Result<OwnAnswer> get_from(const ServerAddress& server,
                           const std::string& path,
                           std::chrono::milliseconds time_limit) {
  httplib::Client client(server.url());
  client.enable_server_certificate_verification(false);
  httplib::Request request;
  request.method = "GET";
  request.path = path;
  OwnAnswer own;
  const auto start = std::chrono::steady_clock::now();
  const httplib::Result answer = ask(client, request, own.body, time_limit);
  if (!answer)
    return why_unanswered(server, answer.error(), time_limit, std::chrono::steady_clock::now() - start);
  own.status = answer->status;
  return own;
}

}  // namespace dits::http
