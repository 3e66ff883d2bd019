// The server's router with all its routes and services over a database of its own, called without a socket:
// thousands of requests a second, and every statement is counted.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/http/router.hpp"
#include "server/service/admin.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/auth.hpp"
#include "tests/http/support/client.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {

// An account of an in-process server.
struct Account {
  std::string id;
  std::string word;  // stands in every text of what is made for it (account_things.hpp)
  Headers session;   // signed in, as a browser on the same site
};

// Off: what keeps accounts apart is the application alone.
enum class RowSecurity { on, off };

class InProcessServer {
 public:
  explicit InProcessServer(RowSecurity row_security = RowSecurity::on);
  InProcessServer(const InProcessServer&) = delete;
  InProcessServer& operator=(const InProcessServer&) = delete;

  // With a session, and the workflow that every account begins with.
  Account add_account(const std::string& word, Role role);
  // Anew: its session may have been ended.
  void sign_in(Account& account);

  // A stream is read to its end, but for the one that has none. With a body, Content-Type is that of JSON
  // unless `headers` say otherwise.
  Answer call(std::string_view method,
              const std::string& target,
              const std::optional<std::string>& body,
              const Headers& headers) const;

  const std::vector<http::Route>& routes() const { return router_->routes(); }
  TestDatabase& database() { return database_; }
  // How often each statement ran.
  std::map<std::string, std::uint64_t> statement_counts();

 private:
  TestDatabase database_;
  TemporaryDirectory directory_;
  std::unique_ptr<EventBus> event_bus_;
  std::unique_ptr<KeyValue> key_value_;
  StatsCache stats_;
  AttachmentFiles files_;
  ServiceContext services_;
  PasswordHasher passwords_;
  SessionCache session_cache_;
  AuthContext auth_;
  AdminContext admin_;
  std::unique_ptr<http::Router> router_;
};

}  // namespace dits::test
