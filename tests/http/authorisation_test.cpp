// Who may call what, over real connections to the real executable: that its wiring is the one whose whole
// matrix authorisation_matrix_test.cpp tries.
#include <doctest/doctest.h>

#include "tests/http/support/in_process_server.hpp"
#include "tests/http/support/route_entries.hpp"
#include "tests/http/support/running_server.hpp"

namespace dits::test {
namespace {

// On objects that do not exist: whoever is let in learns that, or changes something small of alice's own.
std::optional<std::string> body_of(const RouteEntry& entry) {
  if (entry.body.empty()) return std::nullopt;
  return filled(entry.body, missing_id);
}

Headers headers_of(const RouteEntry& entry, Headers headers = {}) {
  if (entry.is_file) headers.emplace_back("Content-Type", "application/octet-stream");
  return headers;
}

struct Visitor {
  std::string name;
  Headers credentials;
  // The highest scope that is let in; none: never.
  Scope scope = Scope::none;
  bool is_session = false;
};

// All kinds of visitors, each with fresh credentials, so that a call that ends a session ends nobody else's.
std::vector<Visitor> make_visitors(SharedServer& shared) {
  std::string sql;
  const auto session = [&](std::string_view state) {
    const std::string secret = fresh_secret();
    sql += session_sql(shared.alice_id, secret, state) + ";";
    return secret;
  };
  const auto token = [&](std::string_view scope, std::string_view state) {
    const std::string secret = "dits_" + fresh_secret();
    sql += token_sql(shared.alice_id, secret, scope, state) + ";";
    return secret;
  };
  const auto cookie = [](const std::string& secret) {
    return std::pair<std::string, std::string>{"Cookie", "dits_session=" + secret};
  };
  const auto bearer = [](const std::string& secret) {
    return std::pair<std::string, std::string>{"Authorization", "Bearer " + secret};
  };
  const std::string live_token = token("ADMIN", "live");
  const std::string live_session = session("live");
  std::vector<Visitor> visitors{
      {"nobody", {}},
      {"a session", {cookie(session("live"))}, Scope::admin, true},
      {"a revoked session", {cookie(session("revoked"))}},
      {"an expired session", {cookie(session("expired"))}},
      {"a read token", {bearer(token("READ", "live"))}, Scope::read},
      {"a write token", {bearer(token("WRITE", "live"))}, Scope::write},
      {"an admin token", {bearer(token("ADMIN", "live"))}, Scope::admin},
      {"an expired token", {bearer(token("ADMIN", "expired"))}},
      {"a revoked token", {bearer(token("ADMIN", "revoked"))}},
      {"a token in a cookie", {cookie(live_token)}},
      {"a token in another header", {{"X-Api-Key", live_token}}},
      {"a token with another scheme", {{"Authorization", "Basic " + live_token}}},
      {"a token without a scheme", {{"Authorization", live_token}}},
      {"a session as a bearer", {bearer(live_session)}},
      {"a bad token beside a good session", {bearer("dits_" + fresh_secret()), cookie(live_session)}},
      {"a session in the cookie of TLS", {{"Cookie", "__Host-dits_session=" + live_session}}},
  };
  shared.server.database().run_as_owner(sql);
  return visitors;
}

TEST_CASE("each caller gets in exactly where the route's row says so") {
  SharedServer& shared = shared_server();
  const InProcessServer table;
  const Client client = shared.server.client();
  for (const http::Route& route : table.routes()) {
    const RouteEntry* entry = entry_of(route);
    if (entry == nullptr || route.who == http::Who::anyone) continue;
    CAPTURE(entry->method);
    CAPTURE(entry->path);
    const std::string target = filled(entry->target, missing_id);
    const std::optional<std::string> body = body_of(*entry);
    for (const Visitor& caller : make_visitors(shared)) {
      CAPTURE(caller.name);
      const Answer answer = client.call_for_head(
          std::string(entry->method), target, body, headers_of(*entry, caller.credentials));
      if (caller.scope == Scope::none) {
        CHECK(answer.status == 401);
      } else if (caller.scope < route.scope || (route.limits.needs_session && !caller.is_session)) {
        CHECK(answer.status == 403);
      } else {
        CHECK(answer.status != 0);
        CHECK(answer.status != 401);
        CHECK(answer.status != 403);
        CHECK(answer.status < 500);
      }
    }
  }
  shared.alice = shared.server.signed_in(shared.alice_id);
}

TEST_CASE("a route for administrators refuses everybody else, whatever their scope") {
  SharedServer& shared = shared_server();
  const InProcessServer table;
  const Client token = shared.server.with_token(shared.bob_id, "ADMIN");
  std::size_t count = 0;
  for (const http::Route& route : table.routes()) {
    const RouteEntry* entry = entry_of(route);
    CAPTURE(route.path);
    if (entry == nullptr || route.who != http::Who::admin) continue;
    const std::string target = filled(entry->target, missing_id);
    for (const Client& caller : {shared.bob, token}) {
      const Answer answer = caller.call(std::string(entry->method), target, body_of(*entry));
      CHECK(answer.status == 403);
      CHECK(answer.text("detail") == "Only an administrator may do this.");
    }
    ++count;
  }
  CHECK(count > 0);
}

}  // namespace
}  // namespace dits::test
