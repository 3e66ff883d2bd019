#include "server/db/pooled_database.hpp"

#include <doctest/doctest.h>

#include "server/base/clock.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using test::TestDatabase;

constexpr Statement insert_label{"test_insert_label",
                                 "INSERT INTO labels (user_id, id, name) VALUES ($1, $2, $3)"};
constexpr Statement list_labels{"test_list_labels", "SELECT name FROM labels ORDER BY name"};
constexpr Statement divide{"test_divide", "SELECT 1 / $1::int"};
constexpr Statement who{
    "test_who", "SELECT current_user, current_setting('TimeZone'), current_setting('application_name')"};

LabelId any_label() { return system_clock().new_id<LabelId>(); }

TEST_CASE("a committed row is read back, by its own user only") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  const UserId berta = db.add_user("berta@x.dev");
  {
    Transaction transaction = db.database().begin(Actor::of_user(anna), Access::write).value();
    REQUIRE(transaction.run(insert_label, {anna, any_label(), "bug"}));
    REQUIRE(transaction.commit());
  }
  CHECK(db.database().read(Actor::of_user(anna), list_labels).value()[0].text(0) == "bug");
  CHECK(db.database().read(Actor::of_user(berta), list_labels).value().empty());
  CHECK(db.database().read(Actor::of_system(), list_labels).value().empty());
}

TEST_CASE("a transaction that is not committed leaves nothing, and its connection is used again") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  {
    Transaction transaction = db.database().begin(Actor::of_user(anna), Access::write).value();
    REQUIRE(transaction.run(insert_label, {anna, any_label(), "bug"}));
  }
  CHECK(db.database().read(Actor::of_user(anna), list_labels).value().empty());
  CHECK(db.database().pool().figures().connects == 1);
}

TEST_CASE("a limited answer keeps its first rows and says that it was cut; what comes after it is whole") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  Transaction transaction = db.database().begin(Actor::of_user(anna), Access::write).value();
  transaction.limit_answers(std::size_t{1} << 20);
  const Rows wide =
      transaction
          .run_computed(
              "test_wide", "SELECT n, repeat('x', 100000), NULL::text FROM generate_series(1, 2000) AS n", {})
          .value();
  CHECK(wide.is_cut());
  REQUIRE(wide.size() > 1);
  CHECK(wide.size() < 20);
  CHECK(wide[1].int64(0) == 2);
  CHECK(wide[1].text(1).size() == 100'000);
  CHECK(wide[1].is_null(2));
  const Rows one = transaction.run_computed("test_one", "SELECT 7 AS seven", {}).value();
  CHECK_FALSE(one.is_cut());
  CHECK(one.size() == 1);
  CHECK(one.column_name(0) == "seven");
  CHECK(transaction.run_computed("test_none", "SELECT 7 WHERE false", {}).value().column_count() == 1);
  REQUIRE(transaction.run(insert_label, {anna, any_label(), "bug"}));
  const Rows touched =
      transaction.run_computed("test_touch", "UPDATE labels SET name = name RETURNING name", {}).value();
  CHECK(touched.affected() == 1);
  CHECK(touched[0].text(0) == "bug");
  CHECK_FALSE(
      transaction.run_computed("test_fail", "SELECT 1 / (5 - n) FROM generate_series(1, 9) AS n", {}));
}

TEST_CASE("what row-level security refuses to write is an error, also within a transaction of another user") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  const UserId berta = db.add_user("berta@x.dev");
  Transaction transaction = db.database().begin(Actor::of_user(anna), Access::write).value();
  CHECK_FALSE(transaction.run(insert_label, {berta, any_label(), "bug"}));
}

TEST_CASE("a read cannot write") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  CHECK_FALSE(db.database().read(Actor::of_user(anna), insert_label, {anna, any_label(), "bug"}));
  Transaction transaction = db.database().begin(Actor::of_user(anna), Access::read).value();
  CHECK_FALSE(transaction.run(insert_label, {anna, any_label(), "bug"}));
}

TEST_CASE(
    "a session that is one user's for reads shows nothing of it to the next one, whatever came between") {
  TestDatabase db;
  PoolOptions options = db.pool_options();
  options.min = 1;
  options.max = 1;
  PooledDatabase database(options, StatementLog{});
  const UserId anna = db.add_user("anna@x.dev");
  const UserId berta = db.add_user("berta@x.dev");
  const auto write = [&](UserId user_id, const char* name) {
    Transaction transaction = database.begin(Actor::of_user(user_id), Access::write).value();
    REQUIRE(transaction.run(insert_label, {user_id, any_label(), name}));
    REQUIRE(transaction.commit());
  };
  const auto seen_by = [&](const Actor& actor) {
    std::string names;
    const Rows rows = database.read(actor, list_labels).value();
    for (const Row row : rows) names += std::string(row.text(0)) + " ";
    return names;
  };
  const auto check_all = [&] {
    for (int round = 0; round < 2; ++round) {
      for (const bool is_twice : {false, true}) {
        CHECK(seen_by(Actor::of_user(anna)) == "hers ");
        if (is_twice) CHECK(seen_by(Actor::of_user(anna)) == "hers ");
        CHECK(seen_by(Actor::of_user(berta)) == "theirs ");
        if (is_twice) CHECK(seen_by(Actor::of_user(berta)) == "theirs ");
        CHECK(seen_by(Actor::of_system()).empty());
        CHECK(seen_by(Actor{}).empty());
      }
    }
  };
  write(anna, "hers");
  write(berta, "theirs");
  check_all();
  for (const Actor& failing : {Actor::of_user(anna), Actor::of_user(berta), Actor::of_system()}) {
    // By itself on a session that is the reader's, and together with what makes it so.
    CHECK_FALSE(database.read(failing, divide, {0}));
    CHECK(seen_by(Actor::of_user(berta)) == "theirs ");
    CHECK_FALSE(database.read(failing, divide, {0}));
    CHECK(seen_by(Actor::of_user(anna)) == "hers ");
    CHECK_FALSE(database.read(failing, insert_label, {anna, any_label(), "bug"}));
    check_all();
  }
  for (const Access access : {Access::read, Access::write}) {
    seen_by(Actor::of_user(anna));
    Transaction transaction = database.begin(Actor::of_user(berta), access).value();
    CHECK(transaction.run(list_labels).value()[0].text(0) == "theirs");
    if (access == Access::write) {
      REQUIRE(transaction.run(insert_label, {berta, any_label(), "gone again"}));
      CHECK_FALSE(transaction.run(divide, {0}));
    }
    { const Transaction ended = std::move(transaction); }
    CHECK(seen_by(Actor::of_user(anna)) == "hers ");
    check_all();
  }
  seen_by(Actor::of_user(anna));
  write(berta, "theirs too");
  CHECK(seen_by(Actor::of_user(anna)) == "hers ");
  CHECK(seen_by(Actor::of_user(berta)) == "theirs theirs too ");
  CHECK(database.pool().figures().connects == 1);
}

TEST_CASE("a pool gives a reader the connection that is theirs already") {
  TestDatabase db;
  PooledDatabase database(db.pool_options(), StatementLog{});
  const Actor anna = Actor::of_user(db.add_user("anna@x.dev"));
  const Actor berta = Actor::of_user(db.add_user("berta@x.dev"));
  {
    Transaction other = database.begin(anna, Access::read).value();
    REQUIRE(other.run(list_labels));
    REQUIRE(database.read(berta, list_labels));
  }
  REQUIRE(database.read(anna, list_labels));
  REQUIRE(database.read(berta, list_labels));
  REQUIRE(database.read(anna, list_labels));
  const Traffic before = database.traffic();
  for (const Actor& actor : {anna, berta, berta, anna, berta}) REQUIRE(database.read(actor, list_labels));
  CHECK(database.traffic().commands - before.commands == 5);
}

TEST_CASE("errors of PostgreSQL have the documented codes and kinds") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  const auto attempt = [&](const Statement& statement, std::initializer_list<Param> params) {
    Transaction transaction = db.database().begin(Actor::of_user(anna), Access::write).value();
    return transaction.run(statement, params).error();
  };
  {
    Transaction transaction = db.database().begin(Actor::of_user(anna), Access::write).value();
    REQUIRE(transaction.run(insert_label, {anna, any_label(), "bug"}));
    REQUIRE(transaction.commit());
  }
  const Error taken = attempt(insert_label, {anna, any_label(), "BUG"});
  CHECK(taken.code == ErrorCode::conflict);
  CHECK(taken.kind == "unique_violation");
  CHECK(taken.field == "labels_user_id_name_key");
  const Error too_short = attempt(insert_label, {anna, any_label(), ""});
  CHECK(too_short.code == ErrorCode::invalid);
  CHECK(too_short.kind == "check_violation");
  const Error null = attempt(insert_label, {anna, any_label(), std::nullopt});
  CHECK(null.code == ErrorCode::invalid);
  CHECK(null.field == "name");
  CHECK(attempt(divide, {0}).code == ErrorCode::invalid);
  constexpr Statement link{"test_link",
                           "INSERT INTO issue_labels (user_id, issue_id, label_id) VALUES ($1, $2, $3)"};
  const Error missing = attempt(link, {anna, any_label(), any_label()});
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.kind == "foreign_key_violation");
  constexpr Statement broken{"test_broken", "SELECT nothing FROM nowhere"};
  CHECK(attempt(broken, {}).code == ErrorCode::internal);
  constexpr Statement told{"test_told",
                           "DO $$ BEGIN RAISE EXCEPTION 'not this way' USING ERRCODE = 'DT001'; END $$"};
  const Error told_error = attempt(told, {});
  CHECK(told_error.code == ErrorCode::invalid);
  CHECK(told_error.message == "not this way");
}

TEST_CASE("after a failed statement nothing more is done and nothing is committed") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  Transaction transaction = db.database().begin(Actor::of_user(anna), Access::write).value();
  REQUIRE(transaction.run(insert_label, {anna, any_label(), "bug"}));
  REQUIRE_FALSE(transaction.run(divide, {0}));
  CHECK_FALSE(transaction.run(list_labels));
  CHECK_FALSE(transaction.commit());
  CHECK(db.database().read(Actor::of_user(anna), list_labels).value().empty());
}

TEST_CASE("a session has the app role, UTC and a name") {
  TestDatabase db;
  const Rows rows = db.database().read(Actor::of_system(), who).value();
  if (test::test_cluster() != nullptr) CHECK(rows[0].text(0) == "dits_app");
  CHECK(rows[0].text(1) == "UTC");
  CHECK(rows[0].text(2) == "dits");
}

TEST_CASE("a statement is prepared once and works after it failed while it was prepared") {
  TestDatabase db;
  CHECK_FALSE(db.database().read(Actor::of_system(), divide, {0}));
  CHECK(db.database().read(Actor::of_system(), divide, {1}).value()[0].int64(0) == 1);
  CHECK(db.database().read(Actor::of_system(), divide, {1}).value()[0].int64(0) == 1);
}

TEST_CASE("hundreds of computed statements do not pile up in the server") {
  TestDatabase db;
  Transaction transaction = db.database().begin(Actor::of_system(), Access::read).value();
  for (int number = 0; number < 250; ++number) {
    const std::string sql = "SELECT $1::int + " + std::to_string(number);
    const Rows rows = transaction.run_computed("sum", sql, std::vector<Param>{1}).value();
    REQUIRE(rows[0].int64(0) == 1 + number);
  }
  constexpr Statement count{"test_count",
                            "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'sum.%'"};
  CHECK(transaction.run(count).value()[0].int64(0) <= 100);
  REQUIRE(transaction.run_computed("sum", "SELECT $1::int + 0", std::vector<Param>{1}));
}

TEST_CASE("values come back as they went in") {
  TestDatabase db;
  constexpr Statement echo{"test_echo",
                           "SELECT $1::text, $2::bigint, $3::boolean, $4::date, $5::timestamptz, $6::uuid, "
                           "$7::float8, $8::uuid[], $9::text[], "
                           "$10::text, cardinality($9::text[])"};
  const LabelId id = any_label();
  const std::vector<LabelId> ids = {id, any_label()};
  const Timestamp time = parse_timestamp("2026-02-01T13:45:07.123Z").value();
  const std::string odd = "a\"b\\c,{}' \n \xC3\xA4";
  const Rows rows = db.database()
                        .read(Actor::of_system(),
                              echo,
                              {odd,
                               std::int64_t{-42},
                               true,
                               parse_date("2026-02-28").value(),
                               time,
                               id,
                               0.1,
                               ids,
                               std::vector<std::string>{odd, "", "NULL"},
                               std::nullopt})
                        .value();
  const Row row = rows[0];
  CHECK(row.text(0) == odd);
  CHECK(row.int64(1) == -42);
  CHECK(row.boolean(2));
  CHECK(row.date(3) == parse_date("2026-02-28").value());
  CHECK(row.timestamp(4) == time);
  CHECK(row.id<struct LabelTag>(5) == id);
  CHECK(row.number(6) == 0.1);
  CHECK(row.ids<struct LabelTag>(7) == ids);
  CHECK(row.is_null(9));
  CHECK_FALSE(row.optional_text(9).has_value());
  CHECK(row.int64(10) == 3);
}

TEST_CASE("statements are counted with their errors and rows") {
  TestDatabase db;
  REQUIRE(db.database().read(Actor::of_system(), divide, {1}));
  REQUIRE_FALSE(db.database().read(Actor::of_system(), divide, {0}));
  for (const StatementFigures& figures : db.database().statement_stats().all()) {
    if (figures.name != divide.name) continue;
    CHECK(figures.calls == 2);
    CHECK(figures.errors == 1);
    CHECK(figures.rows == 1);
  }
}

}  // namespace
}  // namespace dits
