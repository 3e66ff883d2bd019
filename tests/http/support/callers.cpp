#include "tests/http/support/callers.hpp"

#include "tests/http/support/running_server.hpp"

namespace dits::test {

namespace {

using Header = std::pair<std::string, std::string>;

const Header same_site{"Sec-Fetch-Site", "same-origin"};

Header cookie(const std::string& secret, const std::string& name = "dits_session") {
  return {"Cookie", name + "=" + secret};
}
Header bearer(const std::string& secret) { return {"Authorization", "Bearer " + secret}; }

// Writes credentials into the database, all at once.
class Credentials {
 public:
  explicit Credentials(TestDatabase& database) : database_(database) {}
  ~Credentials() { database_.run_as_owner(sql_); }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  std::string session(const Account& account, std::string_view state = "live") {
    const std::string secret = fresh_secret();
    sql_ += session_sql(account.id, secret, state) + ";";
    return secret;
  }
  // Used again and again, but not allowed for ever.
  std::string session_at_its_absolute_end(const Account& account) {
    const std::string secret = session(account);
    sql_ +=
        "UPDATE sessions SET absolute_expires_at = now() - interval '1 second' WHERE token_hash = sha256('" +
        secret + "');";
    return secret;
  }
  std::string token(const Account& account, std::string_view scope, std::string_view state = "live") {
    std::string secret = "dits_" + fresh_secret();
    sql_ += token_sql(account.id, secret, scope, state) + ";";
    return secret;
  }
  // Both of an account that is not there any more.
  std::pair<std::string, std::string> of_removed_account() {
    const Account gone{"0199c1f2-9999-7000-8000-000000000009", "gone", {}};
    sql_ += "INSERT INTO users (id, email, password_hash, name) VALUES ('" + gone.id +
            "', 'gone@x.dev', '-', 'gone');";
    auto both = std::pair(session(gone), token(gone, "ADMIN"));
    sql_ += "DELETE FROM users WHERE id = '" + gone.id + "';";
    return both;
  }

 private:
  TestDatabase& database_;
  std::string sql_ = "SELECT 1;";
};

void add_refused(Credentials& make, const Account& owner, std::vector<Caller>& callers) {
  const std::string token = make.token(owner, "ADMIN");
  const std::string session = make.session(owner);
  const auto [gone_session, gone_token] = make.of_removed_account();
  const auto add = [&](std::string name, Headers headers, std::string query = {}) {
    headers.push_back(same_site);
    callers.push_back({std::move(name), std::move(headers), std::move(query)});
  };
  add("nobody", {});
  add("an empty session", {cookie("")});
  add("an empty token", {bearer("")});
  add("a session that never was", {cookie(fresh_secret())});
  add("a token that never was", {bearer("dits_" + fresh_secret())});
  add("a revoked session", {cookie(make.session(owner, "revoked"))});
  add("an expired session", {cookie(make.session(owner, "expired"))});
  add("a session at its absolute end", {cookie(make.session_at_its_absolute_end(owner))});
  add("a session of an account that is gone", {cookie(gone_session)});
  add("a token of an account that is gone", {bearer(gone_token)});
  add("an expired token", {bearer(make.token(owner, "ADMIN", "expired"))});
  add("a revoked token", {bearer(make.token(owner, "ADMIN", "revoked"))});
  add("a token in the session's cookie", {cookie(token)});
  add("a token in a cookie of its own", {cookie(token, "token")});
  add("a token in another header", {{"X-Api-Key", token}});
  add("a token in a proxy's header", {{"Proxy-Authorization", "Bearer " + token}});
  add("a token with another scheme", {{"Authorization", "Basic " + token}});
  add("a token with a scheme as long as the right one", {{"Authorization", "Digest " + token}});
  add("a token without a scheme", {{"Authorization", token}});
  add("a token in the query", {}, "token=" + token);
  add("a token as access_token", {}, "access_token=" + token);
  add("a session in the query", {}, "dits_session=" + session);
  add("a session as a bearer", {bearer(session)});
  add("a session in a header", {{"X-Session", session}});
  add("a session in the cookie of TLS", {cookie(session, "__Host-dits_session")});
  add("a session in another installation's cookie", {cookie(session, "dits_session_other")});
  add("a bad token beside a good session", {bearer("dits_" + fresh_secret()), cookie(session)});
  add("a bad scheme beside a good session", {{"Authorization", "Basic eDp5"}, cookie(session)});
  add("whoever says to be somebody",
      {{"X-Forwarded-User", owner.id}, {"X-User-Id", owner.id}, {"Dits-User-Id", owner.id}});
}

void add_forged(Credentials& make, const Account& owner, std::vector<Caller>& callers) {
  const auto add = [&](std::string name, Headers headers) {
    headers.push_back(cookie(make.session(owner)));
    Caller caller{std::move(name), std::move(headers), {}, &owner, Scope::admin, true};
    caller.is_from_elsewhere = true;
    callers.push_back(std::move(caller));
  };
  add("another site's page", {{"Sec-Fetch-Site", "cross-site"}});
  add("a neighbour's page", {{"Sec-Fetch-Site", "same-site"}});
  add("a request of the address bar", {{"Sec-Fetch-Site", "none"}});
  add("another origin", {{"Origin", "https://example.net"}});
  add("our host by another scheme", {{"Origin", "https://127.0.0.1"}});
  add("a page without an origin", {{"Origin", "null"}});
  add("a referring page elsewhere", {{"Referer", "http://127.0.0.1.example.net/x"}});
  add("a browser that says nothing", {{"User-Agent", "Mozilla/5.0"}});
  add("another site's page with our origin",
      {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://127.0.0.1"}});
}

}  // namespace

int Caller::refusal_by(const http::Route& route) const {
  const bool is_forged = route.method != http::Method::get && is_from_elsewhere;
  if (route.who == http::Who::anyone) return is_forged ? 403 : 0;
  if (account == nullptr) return 401;
  if (route.who == http::Who::admin && !is_admin) return 403;
  if (scope < route.scope || (route.limits.needs_session && !is_session)) return 403;
  return is_forged && is_session ? 403 : 0;
}

ThreeAccounts::ThreeAccounts(InProcessServer& server)
    : owner(server.add_account("zebrafish", Role::user)),
      stranger(server.add_account("pigeon", Role::user)),
      administrator(server.add_account("heron", Role::admin)) {}

std::vector<Caller> make_callers(InProcessServer& server, const ThreeAccounts& accounts) {
  std::vector<Caller> callers;
  Credentials make(server.database());
  add_refused(make, accounts.owner, callers);
  add_forged(make, accounts.owner, callers);
  for (const Account* account : {&accounts.owner, &accounts.stranger, &accounts.administrator}) {
    const bool is_admin = account == &accounts.administrator;
    const std::string whose = account->word + "'s ";
    callers.push_back({whose + "session",
                       {cookie(make.session(*account)), same_site},
                       {},
                       account,
                       Scope::admin,
                       true,
                       is_admin});
    const auto add_token =
        [&](const std::string& name, std::string_view scope, Scope value, Headers more = {}) {
          more.push_back(bearer(make.token(*account, scope)));
          callers.push_back({whose + name, std::move(more), {}, account, value, false, is_admin});
        };
    add_token("read token", "READ", Scope::read);
    add_token("write token", "WRITE", Scope::write);
    add_token("admin token", "ADMIN", Scope::admin);
  }
  // The token says who it is, whatever else is brought, and a page elsewhere can't make it up.
  const Account& stranger = accounts.stranger;
  callers.push_back({"pigeon's token beside zebrafish's session",
                     {cookie(make.session(accounts.owner)),
                      bearer(make.token(stranger, "WRITE")),
                      {"Sec-Fetch-Site", "cross-site"}},
                     {},
                     &stranger,
                     Scope::write});
  callers.back().is_from_elsewhere = true;
  callers.push_back(
      {"pigeon's read token beside heron's session",
       {bearer(make.token(stranger, "READ")), cookie(make.session(accounts.administrator)), same_site},
       {},
       &stranger,
       Scope::read});
  callers.push_back(
      {"pigeon's session and zebrafish's, in this order",
       {{"Cookie",
         "dits_session=" + make.session(stranger) + "; dits_session=" + make.session(accounts.owner)},
        same_site},
       {},
       &stranger,
       Scope::admin,
       true});
  callers.push_back({"our own page by its origin",
                     {cookie(make.session(accounts.owner)), {"Origin", "http://127.0.0.1"}},
                     {},
                     &accounts.owner,
                     Scope::admin,
                     true});
  callers.push_back({"a program with zebrafish's cookie",
                     {cookie(make.session(accounts.owner)), {"User-Agent", "curl/8"}},
                     {},
                     &accounts.owner,
                     Scope::admin,
                     true});
  return callers;
}

}  // namespace dits::test
