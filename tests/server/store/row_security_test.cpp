// The two layers that keep accounts apart in the database, each without the other: row-level security, with
// the server's own statements stripped of their conditions on the user or told of another's account; and the
// statements, by a superuser whom no policy binds. What can't be told from a database in which the other
// account never was, is kept apart.
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "server/db/all_statements.hpp"
#include "server/migrate/migrate.hpp"
#include "server/migrate/roles.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/planted_accounts.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/statement_attack.hpp"

namespace dits::test {
namespace {

// Statements whose answers tell of the server and of its tables as a whole, or that can't be asked for their
// parameters.
const std::set<std::string_view> about_nobody{
    "read_database_info", "list_studio_tables", "analyze_after_import"};

// Conditions of which these attacks don't tell whether they are there.
const std::map<std::string, std::string_view> untold{
    {"is_account_untouched 1", "asked of an account in which nothing was made"},
    {"is_account_untouched 2", "the same"},
    {"delete_default_workflows 1", "the same; the issues of others hold their workflows"},
    {"append_locked_changes 1", "has an array for each column of its rows"},
    {"update_issues 1", "the same"},
    {"is_blocked_through 1", "a walk from issue to issue"},
    {"list_issue_ancestors 2", "the same"},
};

// A superuser on a database, who may become the role that serves requests.
class Room {
 public:
  struct Outcome {
    std::string answer;  // rows, or the kind of the error
    bool has_changed = false;
    bool operator==(const Outcome&) const = default;
  };

  enum class As { superuser, stranger, nobody };

  Room(std::unique_ptr<Connection> superuser, std::string role)
      : connection_(std::move(superuser)), role_(std::move(role)) {
    state_sql_ = account_state_sql(*connection_, planted_owner);
    for (const std::string table : {"setup_links", "login_failures"})
      state_sql_ += " || coalesce((SELECT string_agg(t::text, '|') FROM " + table + " t), '-')";
    state_ = state_of_owner();
    log_name_ = ask("SELECT oid || '-' || xmin FROM pg_class WHERE oid = 'audit_logs'::regclass");
  }

  Connection& connection() { return *connection_; }

  Outcome run(const Attack& attack, As who) {
    const std::string actor = who == As::nobody ? "" : planted_stranger;
    must("BEGIN; SELECT set_config('dits.user_id', '" + actor +
         "', true), set_config('dits.system', 'off', true)" +
         (who == As::superuser ? "" : "; SET LOCAL ROLE " + role_));
    const Result<Rows> rows = connection_->run_once(attack.sql, attack.params);
    Outcome outcome{rows ? text_of(*rows) : rows.error().kind};
    if (rows && is_writing(attack.sql)) {
      must("RESET ROLE");
      outcome.has_changed = state_of_owner() != state_;
    }
    must("ROLLBACK");
    return outcome;
  }

 private:
  void must(const std::string& sql) {
    const Result<void> done = connection_->run_script(sql);
    INFO(sql);
    INFO((done ? std::string() : done.error().message));
    REQUIRE(done);
  }

  std::string ask(const std::string& sql) {
    const Result<Rows> rows = connection_->run_once(sql);
    REQUIRE(rows);
    return std::string((*rows)[0].text(0));
  }

  // Without what names the log, which is another one in each database.
  std::string text_of(const Rows& rows) const {
    std::string text = rows.column_count() == 0 ? std::to_string(rows.affected()) : std::string();
    for (const Row row : rows) {
      for (int column = 0; column < rows.column_count(); ++column)
        text += std::string(row.is_null(column) ? "-" : row.text(column)) + "|";
      text += '\n';
    }
    if (const std::size_t at = text.find(log_name_); at != std::string::npos)
      text.erase(at, log_name_.size());
    return text;
  }

  // All rows that are the owner's or the system's, digested.
  std::string state_of_owner() { return ask(state_sql_); }

  std::unique_ptr<Connection> connection_;
  std::string role_;
  std::string state_sql_;
  std::string state_;
  std::string log_name_;
};

// The same statements in a database with both accounts, and in one where the owner never was.
class Laboratory {
 public:
  using As = Room::As;

  Laboratory(Room& full, Room& bare) : full_(full), bare_(bare), attacker_(full.connection()) {}

  void check_all() {
    for (const auto statements : sql::all_statements) {
      for (const Statement* statement : statements) {
        if (!about_nobody.contains(statement->name)) check(*statement);
      }
    }
  }

  // Statements that would reach another's rows, were it not for row-level security.
  int reaching() const { return reaching_; }
  // Conditions on the user that were taken out one by one, and those of them of which nobody would notice.
  int conditions() const { return conditions_; }
  const std::set<std::string>& unnoticed() const { return unnoticed_; }

 private:
  bool is_reached(const Attack& attack, As who) {
    const Room::Outcome outcome = full_.run(attack, who);
    return outcome.has_changed || outcome.answer != bare_.run(attack, who).answer;
  }

  // The attempt that reaches the owner's rows without row-level security, else the first one.
  std::pair<Attack, bool> best_attack(const Statement& statement, Aim aim, int condition) {
    for (int attempt = 0; attempt < Attacker::attempts; ++attempt) {
      Attack attack = attacker_.attack(statement, aim, attempt, condition);
      if (is_reached(attack, As::superuser)) return {std::move(attack), true};
    }
    return {attacker_.attack(statement, aim, 0, condition), false};
  }

  // Row-level security alone.
  void check_refused(const Attack& attack) {
    CHECK_FALSE(is_reached(attack, As::stranger));
    CHECK_FALSE(is_reached(attack, As::nobody));
  }

  void check(const Statement& statement) {
    CAPTURE(statement.name);
    const auto [named, is_reaching] = best_attack(statement, Aim::named, 0);
    check_refused(named);
    reaching_ += is_reaching ? 1 : 0;
    const int count = count_conditions(statement.sql);
    // The statement alone.
    if (count > 0) CHECK_FALSE(best_attack(statement, Aim::honest, 0).second);
    for (int condition = 1; condition <= count; ++condition) {
      CAPTURE(condition);
      const auto [stripped, is_noticed] = best_attack(statement, Aim::stripped, condition);
      check_refused(stripped);
      ++conditions_;
      if (!is_noticed) unnoticed_.insert(std::string(statement.name) + " " + std::to_string(condition));
    }
    if (count > 1) check_refused(best_attack(statement, Aim::stripped, 0).first);
  }

  Room& full_;
  Room& bare_;
  Attacker attacker_;
  int reaching_ = 0;
  int conditions_ = 0;
  std::set<std::string> unnoticed_;
};

void check_layers(Room& full, Room& bare) {
  Laboratory laboratory(full, bare);
  laboratory.check_all();
  MESSAGE(laboratory.reaching(), " statements would reach another's rows without row-level security");
  MESSAGE("of ",
          laboratory.conditions(),
          " conditions on the user all but ",
          laboratory.unnoticed().size(),
          " are missed");
  for (const std::string& condition : laboratory.unnoticed()) {
    CAPTURE(condition);
    CHECK(untold.contains(condition));
  }
  CHECK(laboratory.reaching() > 150);
  CHECK(laboratory.conditions() > 150);
}

TEST_CASE(
    "no statement of the server reaches another's rows past row-level security, nor without it when it is "
    "told who asks") {
  if (lacks(Need::own_cluster)) return;
  TestDatabase with_owner;
  TestDatabase without;
  plant_accounts(*with_owner.owner());
  plant_accounts(*without.owner(), Planted::stranger_alone);
  Room full(with_owner.owner(), "dits_app");
  Room bare(without.owner(), "dits_app");
  check_layers(full, bare);
}

TEST_CASE("nor does any where the requests are served by a plain owner of PostgreSQL 15") {
  if (lacks(Need::postgres15)) return;
  const Postgres15 server;
  for (const auto& [name, planted] :
       {std::pair("full_one", Planted::both), std::pair("bare_one", Planted::stranger_alone)}) {
    const auto owner = connect_to(server.make_database(name));
    REQUIRE(migrate(*owner, {embedded_migrations().value(), "test"}));
    REQUIRE(grant_app_role(*owner));
    plant_accounts(*owner, planted);
  }
  Room full(connect_to(server.superuser_url("full_one")), "plain");
  Room bare(connect_to(server.superuser_url("bare_one")), "plain");
  check_layers(full, bare);
}

}  // namespace
}  // namespace dits::test
