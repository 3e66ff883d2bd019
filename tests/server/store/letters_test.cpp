// The same letters are the same text in the browser and in every database: the embedded one, and a PostgreSQL
// 15 in its locale C and in Turkish, where lower() makes ı of I.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "server/db/pooled_database.hpp"
#include "server/migrate/migrate.hpp"
#include "server/service/accounts.hpp"
#include "server/service/figures.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/workflows.hpp"
#include "server/store/issue_lists.hpp"
#include "server/store/users.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/query/parser.hpp"
#include "tests/shared/support/random_query.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

using query::test::Random;

constexpr const char* turkish = "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'";
void migrate_to_now(Connection& owner) { REQUIRE(migrate(owner, {embedded_migrations().value(), "test"})); }

std::string ask(Connection& connection, std::string_view sql, std::span<const Param> params = {}) {
  const Result<Rows> rows = connection.run_once(sql, params);
  INFO((rows ? std::string() : rows.error().message));
  REQUIRE(rows);
  return std::string((*rows)[0].text(0));
}

// How many code points differ, in texts that should be equal.
std::size_t differences(std::string_view expected, std::string_view found) {
  std::size_t count = 0;
  std::size_t here = 0;
  std::size_t there = 0;
  while (here < expected.size() && there < found.size()) {
    const char32_t a = take_code_point(expected, here);
    const char32_t b = take_code_point(found, there);
    if (a != b && ++count < 10)
      MESSAGE("expected " << static_cast<std::uint32_t>(a) << " but is " << static_cast<std::uint32_t>(b));
  }
  return count + (here == expected.size() && there == found.size() ? 0 : 1);
}

// What the database makes of each code point c, in their order; some at a time, however slow the machine.
std::string of_every_code_point(Connection& owner, const std::string& expression) {
  std::string all;
  for (int plane = 0; plane < 0x11; ++plane) {
    all += ask(owner,
               "SELECT string_agg(" + expression + ", '' ORDER BY c) FROM generate_series(" +
                   std::to_string(std::max(plane * 0x10000, 1)) + ", " +
                   std::to_string(plane * 0x10000 + 0xFFFF) + ") c WHERE c NOT BETWEEN 55296 AND 57343");
  }
  return all;
}

std::string random_text(Random& random, std::size_t length) {
  static const std::vector<char32_t> letters = {U'a', U'K', U'i', U'I',   U'ı', U'İ', U'Σ', U'ς',
                                                U'ß', U'ẞ', U'Ж', U'é',   U'É', U'Ǆ', U'ǅ', U'中',
                                                U'K', U'Å', U'𐐀', U'Ა', U' ', U'-', U'%'};
  std::string text;
  for (std::size_t count = 0; count < length; ++count) {
    const char32_t any = static_cast<char32_t>(0x80 + random.below(0x1FFF));
    append_code_point(text, random.chance(80) ? random.pick(letters) : any);
  }
  return text;
}

void check_folding(Connection& owner) {
  std::string all;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) append_code_point(all, c);
  }
  CHECK(differences(fold_case(all), of_every_code_point(owner, "fold_text(chr(c))")) == 0);
  // The function takes another way through a text of many capitals.
  const std::string together =
      ask(owner, "SELECT fold_text(string_agg(chr(c), '' ORDER BY c)) FROM generate_series(1, 55295) c");
  CHECK(differences(fold_case(all.substr(0, all.find("\uE000"))), together) == 0);
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const std::string text = random_text(random, 1 + static_cast<std::size_t>(random.below(200)));
    const Param param(text);
    REQUIRE(ask(owner, "SELECT fold_text($1)", {&param, 1}) == fold_case(text));
  }
}

// A fresh database of PostgreSQL 15 under the services, owned by a plain role.
class ForeignWorld {
 public:
  ForeignWorld(const test::Postgres15& server, const std::string& name, const std::string& options) {
    pool_.connection.url = server.make_database(name, options);
    owner = test::connect_to(pool_.connection.url);
    migrate_to_now(*owner);
    database_.emplace(pool_, StatementLog{});
    context.emplace(ServiceContext{*database_, clock_, *bus_});
  }

  Result<Viewer> add_account(const std::string& email) {
    Viewer viewer;
    viewer.user_id = clock_.new_id<UserId>();
    viewer.scope = Scope::admin;
    Transaction transaction = TRY(database_->begin(Actor{viewer.user_id, true}, Access::write));
    TRY(insert_account(*context, transaction, viewer, viewer.user_id, {email, "Somebody", "", {}}, "-"));
    TRY(transaction.commit());
    return viewer;
  }

  Database& database() { return *database_; }

  std::unique_ptr<Connection> owner;
  std::optional<ServiceContext> context;

 private:
  PoolOptions pool_;
  test::TestClock clock_;
  std::unique_ptr<EventBus> bus_ = make_local_event_bus();
  std::optional<PooledDatabase> database_;
};

std::size_t count_found(ForeignWorld& world, const Viewer& viewer, const std::string& query) {
  store::IssueListRequest request;
  request.query = query::parse_query(query).value();
  request.limit = 200;
  const auto list = store::list_issues({world.database(), viewer.user_id}, viewer.user_id, request, {});
  REQUIRE(list);
  return list->issues.size();
}

}  // namespace

TEST_CASE(
    "the database folds every character as fold_case does, whatever its version, provider and language") {
  test::TestDatabase database;
  check_folding(*database.owner());
  if (test::lacks(test::Need::postgres15)) return;
  const test::Postgres15 server;
  for (const char* options : {"", "LOCALE 'C.UTF-8'", turkish}) {
    CAPTURE(options);
    static int count = 0;
    const auto owner = test::connect_to(server.make_database("folding" + std::to_string(++count), options));
    migrate_to_now(*owner);
    check_folding(*owner);
  }
}

TEST_CASE("normal form is PostgreSQL's, for every character and in any order of marks") {
  test::TestDatabase database;
  const auto owner = database.owner();
  std::string all;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string one;
    append_code_point(one, c);
    all += normal_form(one) + "|";
  }
  CHECK(differences(all, of_every_code_point(*owner, "normalize(chr(c)) || '|'")) == 0);
  Random random(2);
  std::vector<char32_t> marks;
  for (char32_t c = 0x300; c < 0x370; ++c) marks.push_back(c);
  for (const char32_t c : {0x5B0,
                           0x64B,
                           0x653,
                           0x93C,
                           0x9BE,
                           0xB3E,
                           0xDCA,
                           0x1161,
                           0x1175,
                           0x11A8,
                           0x11C2,
                           0x3099,
                           0x110BA,
                           0x1D165})
    marks.push_back(static_cast<char32_t>(c));
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int count = 0; count < 12; ++count) {
      const bool is_mark = random.chance(60);
      append_code_point(text,
                        is_mark
                            ? random.pick(marks)
                            : static_cast<char32_t>(0x41 + random.below(random.chance(50) ? 0x60 : 0xAC00)));
    }
    const Param param(text);
    REQUIRE(ask(*owner, "SELECT normalize($1)", {&param, 1}) == normal_form(text));
  }
}

TEST_CASE(
    "a Turkish database has one rule of case with all others: for accounts, labels, statuses, queries and "
    "search") {
  if (test::lacks(test::Need::postgres15)) return;
  const test::Postgres15 server;
  ForeignWorld world(server, "turkish", turkish);
  REQUIRE(ask(*world.owner, "SELECT lower('I')") == "ı");  // else this tests nothing
  ServiceContext& context = *world.context;

  const Result<Viewer> added = world.add_account("ISIL@example.org");
  REQUIRE(added);
  const Viewer viewer = *added;
  CHECK(world.add_account("isil@example.org").error().kind == "email_taken");
  CHECK(world.add_account("ısıl@example.org"));
  {
    Transaction transaction = world.database().begin(Actor::of_system(), Access::read).value();
    const auto found = store::find_user_by_email(transaction, "isil@EXAMPLE.org").value();
    REQUIRE(found);
    CHECK(found->user.id == viewer.user_id);
  }

  Label label;
  label.name = "FIX IT";
  REQUIRE(create_label(context, viewer, label));
  label.name = "fix it";
  CHECK_FALSE(create_label(context, viewer, label));
  label.name = "fıx ıt";
  CHECK(create_label(context, viewer, label));
  const Workflow workflow = list_workflows(context, viewer).value().at(0);
  Status status;
  status.name = "IDLE";
  status.color = "#112233";
  REQUIRE(create_status(context, viewer, workflow.id, status));
  status.name = "idle";
  CHECK_FALSE(create_status(context, viewer, workflow.id, status));

  for (const char* title : {"INITIAL IMPORT", "İstanbul guide", "ısı pump", "GRÖSSE ÄNDERN"}) {
    Issue draft;
    draft.title = title;
    REQUIRE(create_issue(context, viewer, draft));
  }
  CHECK(count_found(world, viewer, "initial") == 1);
  CHECK(count_found(world, viewer, "INITIAL") == 1);
  CHECK(count_found(world, viewer, "istanbul") == 1);
  CHECK(count_found(world, viewer, "größe") == 0);
  CHECK(count_found(world, viewer, "grösse") == 1);
  CHECK(count_found(world, viewer, "label:\"fix it\"") == 0);
  for (const char* text : {"initial", "INITIAL", "Import", "istanbul", "İSTANBUL", "ısı", "ändern"}) {
    CAPTURE(text);
    const SearchAnswer answer = search(context, viewer, text, 10).value();
    CHECK(answer.hits.size() == 1);
    CHECK_FALSE(answer.is_loose);
  }
  const SearchAnswer loose = search(context, viewer, "INITAIL", 10).value();
  CHECK(loose.is_loose);
  CHECK(loose.hits.size() == 1);
}

TEST_CASE("nothing in the schema names a collation that another PostgreSQL may lack") {
  test::TestDatabase database;
  CHECK(database.ask_as_owner(
            "SELECT count(*) FROM pg_depend d JOIN pg_collation c ON d.refclassid = 'pg_collation'::regclass "
            "AND d.refobjid = c.oid WHERE c.collname NOT IN ('C', 'default')") == "0");
  CHECK(database.ask_as_owner(
            "SELECT count(*) FROM pg_depend d WHERE d.refclassid = 'pg_collation'::regclass") != "");
  CHECK(database.ask_as_owner("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND "
                              "prosrc ~* 'collate \"(?!C\")'") == "0");
}

}  // namespace dits
