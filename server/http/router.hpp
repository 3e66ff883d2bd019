// From a whole request to a whole answer: finds the route's row, checks who, scope, origin and body in one
// place, calls the handler.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/http/proxies.hpp"
#include "server/http/request_head.hpp"
#include "server/http/route.hpp"
#include "server/http/static_files.hpp"
#include "server/http/target.hpp"

namespace dits::http {

// What a request brought to say who it is; exactly one of the two is not empty.
struct Credentials {
  std::string session;  // the session cookie's value
  std::string bearer;   // from "Authorization: Bearer …"
  std::string ip_address;
  std::string user_agent;
  std::string request_id;
};

// Errors: unauthorized, when the credentials are unknown, expired or revoked; unavailable.
using Authenticator = std::function<Result<Viewer>(const Credentials&)>;
// Runs `handler` for a write with an Idempotency-Key, or answers what the first such request was answered.
using IdempotentRunner = std::function<Result<Response>(const Request&, const Handler& handler)>;
// May this viewer make an expensive call now? Errors: unavailable, kind "rate_limited".
using HeavyGate = std::function<Result<void>(const Viewer&)>;

struct RouterOptions {
  std::vector<Route> routes;
  Authenticator authenticate;
  IdempotentRunner run_idempotent;  // empty: the header is ignored
  HeavyGate admit_heavy;            // empty: no limit
  TrustedProxies trusted_proxies;
  std::string cookie_tag;  // of the session's cookie: see session_cookie_name()
  std::vector<std::string>
      allowed_origins;  // pages of other sites that may use the API ("https://example.org")
  const StaticFiles* static_files = nullptr;
  std::function<Error()> elsewhere;  // what an address without a route answers; empty: not found
};

// What the access log and the metrics say about an answer.
struct Exchange {
  std::string request_id;
  std::string remote_address;
  std::string path;
  std::string_view route = "(none)";  // the pattern
  UserId user_id;
};

// A body that is read while it arrives.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // As Request::read_body, at most `max_bytes` in all.
  virtual Result<std::string_view> next(std::size_t max_bytes) = 0;
};

class Router {
 public:
  // Two rows for the same method and shape are our own bug and end the process.
  explicit Router(RouterOptions options);

  // `file` stands for the body on a route that takes a file, where `body` is empty; else it is null.
  Response answer(const RequestHead& head,
                  const std::string& body,
                  const std::string& peer_address,
                  bool is_tls,
                  Exchange& exchange,
                  BodySource* file = nullptr) const;

  // Is this the head of a request whose route takes a file?
  bool takes_file(const RequestHead& head) const;

  const std::vector<Route>& routes() const { return options_.routes; }
  // The most that any route takes which does not take a file.
  std::size_t max_body_bytes() const;
  bool is_trusted_proxy(const std::string& address) const {
    return options_.trusted_proxies.contains(address);
  }

 private:
  struct Shape {
    const Route* route = nullptr;
    std::vector<std::string_view> segments;
  };

  Result<Response> dispatch(const RequestHead& head,
                            const std::string& body,
                            BodySource* file,
                            Request& request,
                            Exchange& exchange) const;
  Result<Response> run(const Route& route,
                       const RequestHead& head,
                       Request& request,
                       Exchange& exchange) const;
  Result<Response> answer_unrouted(const RequestHead& head,
                                   const Request& request,
                                   const std::vector<std::string>& segments) const;
  static Result<Credentials> credentials_of(const Request& request);
  Result<void> identify(const Route& route, Request& request) const;
  void guard_stream(const Request& request, Response& response) const;
  void guard_upload(Request& request) const;
  Result<void> check_origin(const Request& request) const;
  void allow_origin(const Request& request, Response& response) const;
  const Shape* find(Method method, const std::vector<std::string>& segments) const;

  RouterOptions options_;
  std::vector<Shape>
      shapes_;  // literal segments before parameters, so that the first match is the most exact
};

}  // namespace dits::http
