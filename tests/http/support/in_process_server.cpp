#include "tests/http/support/in_process_server.hpp"

#include <doctest/doctest.h>

#include "server/api/all_routes.hpp"
#include "server/api/idempotent.hpp"
#include "server/base/clock.hpp"
#include "server/service/account_defaults.hpp"
#include "tests/http/support/running_server.hpp"

namespace dits::test {

namespace {

constexpr const char* without_row_security = R"sql(
DO $$
DECLARE name regclass;
BEGIN
  FOR name IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity LOOP
    EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', name);
  END LOOP;
END $$;
)sql";

// A body that is there as a whole.
class TextSource : public http::BodySource {
 public:
  explicit TextSource(const std::string& text) : text_(text) {}

  Result<std::string_view> next(std::size_t max_bytes) override {
    if (is_over_) return std::string_view();
    is_over_ = true;
    return std::string_view(text_).substr(0, max_bytes);
  }

 private:
  const std::string& text_;
  bool is_over_ = false;
};

}  // namespace

InProcessServer::InProcessServer(RowSecurity row_security)
    : event_bus_(make_local_event_bus()),
      key_value_(make_memory_key_value()),
      stats_(*key_value_),
      files_(directory_.path(), AttachmentLimits{}),
      services_{database_.database(), system_clock(), *event_bus_, &stats_, nullptr, &files_},
      session_cache_(nullptr),
      auth_{services_, passwords_, session_cache_},
      admin_{services_, database_.database()} {
  if (row_security == RowSecurity::off) database_.run_as_owner(without_row_security);
  http::RouterOptions options;
  options.routes = all_routes(services_, auth_, admin_);
  options.authenticate = [this](const http::Credentials& credentials) {
    return credentials.bearer.empty() ? viewer_of_session(auth_, credentials.session)
                                      : viewer_of_token(auth_, credentials.bearer);
  };
  options.run_idempotent = [this](const http::Request& request, const http::Handler& handler) {
    return run_idempotent(services_, request, handler);
  };
  router_ = std::make_unique<http::Router>(std::move(options));
}

Account InProcessServer::add_account(const std::string& word, Role role) {
  Account account;
  account.word = word;
  Viewer viewer;
  viewer.user_id = system_clock().new_id<UserId>();
  viewer.scope = Scope::admin;
  account.id = to_string(viewer.user_id);
  database_.run_as_owner("INSERT INTO users (id, email, password_hash, name, role) VALUES ('" + account.id +
                         "', '" + word + "@x.dev', '-', '" + word + "', '" +
                         (role == Role::admin ? "ADMIN" : "USER") + "')");
  Transaction transaction = database_.database().begin(Actor{viewer.user_id, true}, Access::write).value();
  REQUIRE(create_account_defaults(transaction, system_clock(), viewer));
  REQUIRE(transaction.commit());
  sign_in(account);
  return account;
}

void InProcessServer::sign_in(Account& account) {
  const std::string secret = fresh_secret();
  database_.run_as_owner(session_sql(account.id, secret, "live"));
  account.session = {{"Cookie", "dits_session=" + secret}, {"Sec-Fetch-Site", "same-origin"}};
}

Answer InProcessServer::call(std::string_view method,
                             const std::string& target,
                             const std::optional<std::string>& body,
                             const Headers& headers) const {
  http::RequestHead head;
  head.method = method;
  head.target = target;
  head.headers = headers;
  head.headers.emplace_back("Host", "127.0.0.1");
  const std::string text = body.value_or("");
  head.content_length = text.size();
  if (body && head.header("content-type").empty())
    head.headers.emplace_back("Content-Type", "application/json");
  http::Exchange exchange;
  const bool takes_file = router_->takes_file(head);
  TextSource file(text);
  const http::Response response = router_->answer(
      head, takes_file ? std::string() : text, "127.0.0.1", false, exchange, takes_file ? &file : nullptr);
  Answer answer{response.status, response.headers, response.body};
  answer.headers.emplace_back("Content-Type", response.content_type);
  if (response.stream && response.content_type != "text/event-stream") {
    const auto take = [&](std::string_view piece) {
      answer.body += piece;
      return true;
    };
    while (response.stream(take)) {
    }
  }
  return answer;
}

std::map<std::string, std::uint64_t> InProcessServer::statement_counts() {
  std::map<std::string, std::uint64_t> counts;
  for (const StatementFigures& figures : database_.database().statement_stats().all())
    counts[figures.name] = figures.calls;
  return counts;
}

}  // namespace dits::test
