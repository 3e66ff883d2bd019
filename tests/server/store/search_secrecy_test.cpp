// The search reads a table in which row-level security does not bind its functions: what it gives, tells or
// lets be watched is the acting user's alone, and what is gone from the issues is gone from it.
#include <string>

#include <doctest/doctest.h>

#include "server/migrate/migrate.hpp"
#include "server/migrate/roles.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/planted_accounts.hpp"
#include "tests/support/postgres15.hpp"

namespace dits::test {
namespace {

std::string ask(Connection& connection, const std::string& sql) {
  const Result<Rows> rows = connection.run_once(sql);
  INFO(sql);
  INFO((rows ? std::string() : rows.error().message));
  REQUIRE(rows);
  std::string all;
  for (const Row row : *rows) all += std::string(row.is_null(0) ? "NULL" : row.text(0)) + "\n";
  return all;
}

std::string count_of(Connection& connection, const std::string& rows) {
  return ask(connection, "SELECT count(*) FROM " + rows);
}

void act_as(Connection& connection, const std::string& user) {
  ask(connection, "SELECT set_config('dits.user_id', '" + user + "', false)");
}

// Every way to ask the functions for the owner's word.
const std::vector<std::string> questions{
    "search_issue_words('zebrafish', 100)",
    "search_issue_words('zebrafish or pigeon', 100) s WHERE NOT EXISTS (SELECT FROM issues i WHERE i.id = "
    "s.issue_id)",
    "search_issue_words('-nothing', 100) s WHERE NOT EXISTS (SELECT FROM issues i WHERE i.id = s.issue_id)",
    "search_issue_words('" + std::string(planted_owner) + "', 100)",
    "search_issue_words('''" + std::string(planted_owner) + "'' | zebrafish', 100)",
    "search_issue_titles('{zebrafish,zebrafis}', 100)",
    "find_issue_titles_like('zebrafish', 100)",
    "find_issue_titles_like('zebrafish child', 100)"};

// `app`: the role that serves requests, beside both planted accounts.
void check_secrecy(Connection& app) {
  act_as(app, planted_owner);
  CHECK(count_of(app, questions[0]) == "4\n");
  CHECK(count_of(app, "search_issue_titles('{zebrafis}', 100)") == "4\n");
  CHECK(count_of(app, "find_issue_titles_like('zebrafish', 100)") == "4\n");
  for (const char* user : {planted_stranger, ""}) {
    act_as(app, user);
    for (const std::string& question : questions) {
      CAPTURE(question);
      CHECK(count_of(app, question) == "0\n");
    }
  }
  CHECK(count_of(app, "search_issue_words('pigeon', 100)") == "0\n");  // nobody is acting
  act_as(app, planted_stranger);
  CHECK(count_of(app, "search_issue_words('pigeon', 100)") == "2\n");
  // A condition that costs nothing and tells what it sees is asked about rows of one's own alone.
  REQUIRE(app.run_script(
      "CREATE FUNCTION pg_temp.sees(uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN PERFORM "
      "set_config('spy.seen', coalesce(current_setting('spy.seen', true), '') || ' ' || $1, false); RETURN "
      "true; END $$"));
  count_of(app, "search_issue_words('pigeon or zebrafish', 100) s WHERE pg_temp.sees(s.issue_id)");
  count_of(app, "search_issue_titles('{pigeon,zebrafish}', 100) s WHERE pg_temp.sees(s.issue_id)");
  count_of(app, "find_issue_titles_like('zebrafish', 100) s WHERE pg_temp.sees(s.issue_id)");
  const std::string own = ask(app, "SELECT md5('issue')::uuid");
  const std::string foreign = ask(app, "SELECT md5('lone_issue')::uuid");  // of the owner's alone
  const std::string seen = ask(app, "SELECT current_setting('spy.seen')");
  CHECK(seen.find(own.substr(0, 36)) != std::string::npos);
  CHECK(seen.find(foreign.substr(0, 36)) == std::string::npos);
  // A plan tells how many rows came out, and of other users' none.
  const std::string plan = ask(app,
                               "EXPLAIN (ANALYZE, VERBOSE, BUFFERS OFF, TIMING OFF) SELECT * FROM "
                               "search_issue_words('zebrafish', 100)");
  CHECK(plan.find("rows=0") != std::string::npos);
  CHECK(plan.find("issue_search") == std::string::npos);
  // Whatever is typed, no error carries a text of the table.
  for (const char* typed : {"'", "''':", "\\", "&", "!", "zebrafish:*", "(", "\"", "<->"}) {
    const Param param{std::string(typed)};
    CHECK(app.run_once("SELECT count(*) FROM search_issue_words($1, 10)", {&param, 1}));
  }
}

// `owner` owns the tables; it may be bound by row-level security.
void check_that_it_follows(Connection& owner) {
  act_as(owner, planted_owner);
  // Both accounts have issues of these ids.
  const std::string whose = "user_id = '" + std::string(planted_owner) + "' AND id = ";
  const std::string issue = whose + "md5('issue')::uuid";
  const std::string child = whose + "md5('child')::uuid";
  const std::string kept = "issue_search WHERE lexemes @@ 'zebrafish'";
  CHECK(count_of(owner, kept) == "4\n");  // the one in the trash is not there
  const auto change = [&](const std::string& what) { REQUIRE(owner.run_script(what)); };
  change("UPDATE issues SET title = 'Other', description = 'words' WHERE " + child);
  CHECK(count_of(owner, kept) == "3\n");
  CHECK(count_of(owner, "issue_search WHERE lexemes @@ 'other' AND title = 'other'") == "1\n");
  change("UPDATE issues SET deleted_at = now() WHERE " + issue);
  CHECK(count_of(owner, kept) == "2\n");
  change("UPDATE issues SET title = title || ' changed', updated_at = now() WHERE " + issue);
  CHECK(count_of(owner, kept) == "2\n");
  change("UPDATE issues SET deleted_at = NULL WHERE " + issue);
  CHECK(count_of(owner, kept) == "3\n");
  change("SELECT fill_issue_search()");
  CHECK(count_of(owner, "issue_search WHERE user_id = '" + std::string(planted_owner) + "'") == "4\n");
  change("UPDATE issues SET parent_issue_id = NULL WHERE " + child);
  change("DELETE FROM issues WHERE " + issue);
  CHECK(count_of(owner, kept) == "2\n");
  change("DELETE FROM issues WHERE " + child);
  CHECK(count_of(owner, "issue_search WHERE user_id = '" + std::string(planted_owner) + "'") == "2\n");
}

}  // namespace

TEST_CASE("a search gives, tells and shows nothing of another user: the role that serves requests") {
  TestDatabase db;
  const auto owner = db.owner();
  plant_accounts(*owner);
  const auto app = Connection::open(db.pool_options().connection).value();
  check_secrecy(*app);
  for (const char* sql : {"SELECT count(*) FROM issue_search",
                          "EXPLAIN SELECT * FROM issue_search WHERE lexemes @@ 'zebrafish'",
                          "SELECT fill_issue_search()",
                          "INSERT INTO issue_search SELECT * FROM issue_search",
                          "DELETE FROM issue_search",
                          "COPY issue_search TO STDOUT"}) {
    CAPTURE(sql);
    const Result<Rows> refused = app->run_once(sql);
    CHECK_FALSE(refused);
  }
  check_that_it_follows(*owner);
}

TEST_CASE("a search gives, tells and shows nothing of another user: a plain owner of PostgreSQL 15") {
  if (lacks(Need::postgres15)) return;
  const Postgres15 server;
  const auto app = connect_to(server.make_database("secrecy"));
  REQUIRE(migrate(*app, {embedded_migrations().value(), "test"}));
  plant_accounts(*app);
  check_secrecy(*app);
  check_that_it_follows(*app);
}

}  // namespace dits::test
