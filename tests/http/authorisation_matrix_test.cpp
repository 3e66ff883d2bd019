// The authorisation matrix: every route of the server's own table, called by everybody who may come, on their
// own things, on another's, on what hangs elsewhere, on what is missing and on what is no id. What has to
// come of it is read from the route's row. A route that route_entries.cpp does not know fails.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "tests/http/support/account_things.hpp"
#include "tests/http/support/callers.hpp"
#include "tests/http/support/route_entries.hpp"
#include "tests/support/planted_accounts.hpp"

namespace dits::test {
namespace {

enum class Target { own, foreign, foreign_parent, foreign_part, misplaced, missing, malformed };

constexpr std::string_view name_of(Target target) {
  constexpr std::string_view names[] = {"own",
                                        "foreign",
                                        "own under a foreign parent",
                                        "foreign under an own parent",
                                        "own under another parent",
                                        "missing",
                                        "malformed"};
  return names[static_cast<std::size_t>(target)];
}

std::vector<Target> targets_of(const RouteEntry& entry) {
  const std::vector<std::string> names = names_in(entry);
  if (names.empty()) return {Target::own};
  std::vector<Target> targets{Target::own, Target::foreign, Target::missing, Target::malformed};
  const auto in_path =
      std::count_if(names.begin(), names.end(), [&](const auto& name) { return is_in_path(entry, name); });
  if (in_path < 2) return targets;
  targets.insert(targets.end(), {Target::foreign_parent, Target::foreign_part});
  // Taking off a label that the issue does not wear is no mistake.
  if (names[1] != "worn_label") targets.push_back(Target::misplaced);
  return targets;
}

class Matrix {
 public:
  Matrix()
      : accounts_(server_),
        passive_(server_.add_account("salamander", Role::user)),
        foreign_(server_, passive_) {
    for (const RouteEntry& entry : route_entries()) {
      for (const std::string& name : names_in(entry)) foreign_.id(name);
    }
    state_sql_ = account_state_sql(server_.database(), passive_.id);
    state_ = state_of_passive();
    callers_ = make_callers(server_, accounts_);
  }

  const std::vector<http::Route>& routes() const { return server_.routes(); }
  std::size_t caller_count() const { return callers_.size(); }
  std::size_t count() const { return count_; }
  bool is_passive_untouched() { return state_of_passive() == state_; }

  void check_row(const http::Route& route, const RouteEntry& entry) {
    for (std::size_t i = 0; i < callers_.size(); ++i) {
      const int refusal = callers_[i].refusal_by(route);
      for (const Target target : targets_of(entry)) {
        const Caller caller = callers_[i];
        CAPTURE(caller.name);
        CAPTURE(name_of(target));
        check(route, entry, caller, target, refusal);
        ++count_;
        // It may have ended the sessions of its account.
        if (refusal == 0 && route.limits.needs_session) renew();
      }
    }
  }

 private:
  std::string state_of_passive() { return server_.database().ask_as_owner(state_sql_); }

  void renew() {
    for (Account* account : {&accounts_.owner, &accounts_.stranger, &accounts_.administrator})
      server_.sign_in(*account);
    callers_ = make_callers(server_, accounts_);
  }

  // What the names of the entry stand for.
  std::string id_for(Target target, const RouteEntry& entry, const std::string& name, AccountThings& own) {
    const std::vector<std::string> names = names_in(entry);
    const bool is_parent = name == names.front();
    switch (target) {
      case Target::own:
        return own.id(name);
      case Target::foreign:
        return name == "change" ? missing_id(name) : foreign_.id(name);
      case Target::foreign_parent:
        return is_parent ? foreign_.id(name) : own.id(name);
      case Target::foreign_part:
        return is_parent ? own.id(name) : foreign_.id(name);
      case Target::misplaced: {
        if (!is_parent || &own == &foreign_) return own.id(name);
        AccountThings another(server_, *acting_);
        return another.id(name == "workflow" ? "workflow" : "loner");
      }
      case Target::missing:
        return missing_id(name);
      case Target::malformed:
        break;
    }
    return "not-an-id";
  }

  void check(
      const http::Route& route, const RouteEntry& entry, const Caller& caller, Target target, int refusal) {
    // Whoever is refused is refused whatever they name.
    acting_ = caller.account != nullptr ? caller.account : &accounts_.owner;
    AccountThings fresh(server_, *acting_);
    AccountThings& own = refusal == 0 ? fresh : foreign_;
    const auto id_of = [&](const std::string& name) { return id_for(target, entry, name, own); };
    std::string address = filled(entry.target, id_of);
    if (!caller.query.empty()) address += (address.find('?') == std::string::npos ? "?" : "&") + caller.query;
    const std::optional<std::string> body =
        entry.body.empty() ? std::nullopt : std::optional(filled(entry.body, id_of));
    Headers headers = caller.headers;
    if (entry.is_file) headers.emplace_back("Content-Type", "application/octet-stream");
    const Answer answer = server_.call(entry.method, address, body, headers);
    CAPTURE(address);
    CAPTURE(answer.body);
    check_silence(route, answer);
    if (refusal != 0) {
      CHECK(answer.status == refusal);
      return;
    }
    if (route.who == http::Who::anyone) {
      CHECK((answer.status == 200 || answer.status == 400 || answer.status == 404));
    } else if (route.who == http::Who::admin || names_in(entry).empty()) {
      // Parts of the wiring that are not here are said to be away.
      const bool is_let_in = answer.status != 401 && answer.status != 403;
      CHECK((is_let_in && (answer.status < 500 || answer.status == 503)));
    } else if (target == Target::own) {
      CHECK(answer.status / 100 == 2);
    } else if (target == Target::foreign_part && names_in(entry)[1] == "worn_label") {
      CHECK(answer.status == 200);
    } else {
      const bool is_named_in_path = is_in_path(entry, names_in(entry).front());
      CHECK((answer.status == 404 ||
             (answer.status == 400 && (!is_named_in_path || target == Target::malformed))));
    }
  }

  // Nobody hears of an account that they are not, but for administrators, who see the tables.
  void check_silence(const http::Route& route, const Answer& answer) {
    if (route.who == http::Who::admin) return;
    CHECK(answer.body.find(passive_.word) == std::string::npos);
    CHECK(answer.body.find(passive_.id) == std::string::npos);
    for (const Account* other : {&accounts_.owner, &accounts_.stranger, &accounts_.administrator}) {
      if (other != acting_) CHECK(answer.body.find(other->word) == std::string::npos);
    }
  }

  InProcessServer server_;
  ThreeAccounts accounts_;
  Account passive_;
  AccountThings foreign_;
  std::vector<Caller> callers_;
  const Account* acting_ = nullptr;
  std::string state_sql_;
  std::string state_;
  std::size_t count_ = 0;
};

TEST_CASE("every route is in the authorisation matrix, and nothing else is") {
  const InProcessServer server;
  std::set<std::string> known;
  for (const http::Route& route : server.routes()) {
    CAPTURE(name_of(route.method));
    CAPTURE(route.path);
    CHECK(entry_of(route) != nullptr);
    known.insert(std::string(name_of(route.method)) + " " + std::string(route.path));
  }
  for (const RouteEntry& entry : route_entries()) {
    CAPTURE(entry.path);
    CHECK(known.contains(std::string(entry.method) + " " + std::string(entry.path)));
  }
}

TEST_CASE("a route for anyone is outside of the user's data") {
  const InProcessServer server;
  for (const http::Route& route : server.routes()) {
    if (route.who != http::Who::anyone) continue;
    CAPTURE(route.path);
    const bool is_account = route.path.starts_with("/api/v1/auth/");
    const bool is_document = route.path == "/api/openapi.json" || route.path.starts_with("/api/docs");
    CHECK((is_account || is_document));
    CHECK(route.scope == Scope::none);
  }
}

TEST_CASE("a route that changes something needs more than a read token") {
  const InProcessServer server;
  for (const http::Route& route : server.routes()) {
    CAPTURE(route.path);
    CHECK((route.who == http::Who::admin) == route.path.starts_with("/api/v1/admin/"));
    if (route.who == http::Who::admin) CHECK(route.scope == Scope::admin);
    if (route.who == http::Who::anyone || route.method == http::Method::get) continue;
    CHECK((route.scope >= Scope::write || route.limits.needs_session));
  }
}

TEST_CASE(
    "everybody gets in exactly where the route's row says so, on their own things and on nobody else's") {
  Matrix matrix;
  for (const http::Route& route : matrix.routes()) {
    for (const RouteEntry& entry : route_entries()) {
      if (entry.method != name_of(route.method) || entry.path != route.path) continue;
      CAPTURE(entry.method);
      CAPTURE(entry.path);
      matrix.check_row(route, entry);
    }
  }
  CHECK(matrix.is_passive_untouched());
  MESSAGE(
      matrix.count(), " calls by ", matrix.caller_count(), " callers of ", matrix.routes().size(), " routes");
  CHECK(matrix.count() > 15'000);
}

}  // namespace
}  // namespace dits::test
