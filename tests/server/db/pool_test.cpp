#include "server/db/pool.hpp"

#include <atomic>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/slow_door.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using test::TestDatabase;

constexpr Statement one{"test_one", "SELECT 1"};
constexpr std::string_view end_others =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    "pg_backend_pid()";

std::int64_t ms_since(SteadyClock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start).count();
}

// Waits until nobody but the owner is connected.
void end_all_connections(TestDatabase& db) {
  auto owner = db.owner();
  REQUIRE(owner->run_once(end_others));
  REQUIRE(test::comes_true([&] {
    return owner
        ->run_once(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        .value()
        .empty();
  }));
}

TEST_CASE("a pool lends no more than its maximum, and says within its limit that it is busy") {
  TestDatabase db;
  PoolOptions options = db.pool_options();
  options.max = 3;
  options.wait_limit = 200ms;
  Pool pool(options);
  // Opening may take its time, refusing may not.
  const auto patient = SteadyClock::now() + 20s;
  std::vector<Lease> leases;
  leases.push_back(pool.checkout(Pool::Priority::ordinary, patient).value());
  leases.push_back(pool.checkout(Pool::Priority::ordinary, patient).value());
  const auto start = SteadyClock::now();
  const auto refused = pool.checkout(Pool::Priority::ordinary);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(refused.error().retry_after_seconds > 0);
  CHECK(ms_since(start) < 1500);
  SUBCASE("while the last connection still serves a login") {
    CHECK(pool.checkout(Pool::Priority::system, patient));
  }
  SUBCASE("and lends again what came back") {
    leases.pop_back();
    CHECK(pool.checkout(Pool::Priority::ordinary));
    CHECK(pool.figures().connects == 2);
  }
  CHECK(pool.figures().timeouts == 1);
}

TEST_CASE("who waits gets the connection that comes back") {
  TestDatabase db;
  PoolOptions options = db.pool_options();
  options.max = 1;
  options.wait_limit = 10s;
  Pool pool(options);
  Lease lease = pool.checkout(Pool::Priority::ordinary).value();
  std::atomic<bool> has_got = false;
  std::jthread waiter([&] { has_got = pool.checkout(Pool::Priority::ordinary).has_value(); });
  REQUIRE(test::comes_true([&] { return pool.figures().waiting == 1; }));
  lease = Lease();
  waiter.join();
  CHECK(has_got);
  CHECK(pool.figures().connects == 1);
  CHECK(pool.figures().waits == 1);
}

TEST_CASE("those who wait are served in the order in which they came, a login before all others") {
  TestDatabase db;
  PoolOptions options = db.pool_options();
  options.max = 1;
  options.wait_limit = 20s;
  Pool pool(options);
  Lease lease = pool.checkout(Pool::Priority::ordinary).value();
  std::mutex mutex;
  std::string order;
  std::vector<std::jthread> threads;
  for (const char name : std::string("abcdS")) {
    const int waiting = pool.figures().waiting;
    threads.emplace_back([&, name] {
      const auto priority = name == 'S' ? Pool::Priority::system : Pool::Priority::ordinary;
      const Lease own = pool.checkout(priority).value();
      const std::lock_guard lock(mutex);
      order += name;
    });
    REQUIRE(test::comes_true([&] { return pool.figures().waiting > waiting; }));
  }
  lease = Lease();
  {
    // Who comes now does not overtake those that wait.
    const Lease last = pool.checkout(Pool::Priority::ordinary).value();
    const std::lock_guard lock(mutex);
    CHECK(order == "Sabcd");
  }
  threads.clear();
  CHECK(pool.figures().connects == 1);
}

TEST_CASE("a connection with an open transaction does not go back into the pool") {
  TestDatabase db;
  Pool pool(db.pool_options());
  {
    const Lease lease = pool.checkout(Pool::Priority::ordinary).value();
    REQUIRE(lease->run_once("BEGIN"));
  }
  CHECK(pool.figures().idle == 0);
  CHECK(pool.figures().size == 0);
}

TEST_CASE(
    "connections beyond the minimum are closed when they are idle for long, and the minimum is opened") {
  TestDatabase db;
  PoolOptions options = db.pool_options();
  options.min = 2;
  options.keep_idle = 0s;
  Pool pool(options);
  pool.maintain();
  CHECK(pool.figures().idle == 2);
  {
    std::vector<Lease> leases;
    for (int count = 0; count < 5; ++count) leases.push_back(pool.checkout(Pool::Priority::ordinary).value());
  }
  CHECK(pool.figures().idle == 5);
  pool.maintain();
  CHECK(pool.figures().idle == 2);
}

TEST_CASE("idle connections that the server has closed are replaced without anybody noticing") {
  TestDatabase db;
  REQUIRE(db.database().read(Actor::of_system(), one));
  end_all_connections(db);
  CHECK(db.database().read(Actor::of_system(), one));
  end_all_connections(db);
  Transaction transaction = db.database().begin(Actor::of_system(), Access::write).value();
  CHECK(transaction.run(one));
  CHECK(transaction.commit());
  CHECK(db.database().pool_figures().reconnects == 2);
}

TEST_CASE("a transaction whose connection breaks before its first statement starts again, later ones fail") {
  TestDatabase db;
  Transaction early = db.database().begin(Actor::of_system(), Access::write).value();
  end_all_connections(db);
  CHECK(early.run(one));
  end_all_connections(db);
  const auto late = early.run(one);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::unavailable);
  CHECK(late.error().kind == "database_away");
}

TEST_CASE("a connection lost during COMMIT is reported as unknown") {
  TestDatabase db;
  Transaction transaction = db.database().begin(Actor::of_system(), Access::write).value();
  REQUIRE(transaction.run(one));
  end_all_connections(db);
  const auto done = transaction.commit();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::unavailable);
  CHECK(done.error().kind == "commit_unknown");
}

TEST_CASE("a database that is not there is said to be away within two seconds") {
  PoolOptions options;
  options.connection.url = Secret("host=/nonexistent port=1 user=x dbname=x");
  Pool pool(options);
  const auto start = SteadyClock::now();
  const auto refused = pool.checkout(Pool::Priority::ordinary);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == "database_away");
  CHECK(ms_since(start) < 2000);
  CHECK(pool.figures().is_away);
  // A request asks several times: the others are told soon.
  const auto again = SteadyClock::now();
  CHECK_FALSE(pool.checkout(Pool::Priority::ordinary));
  CHECK(ms_since(again) < 1000);
}

TEST_CASE("a database that lets in slowly is reached again while many ask, each for a moment") {
  if (test::lacks(test::Need::own_cluster)) return;
  TestDatabase db;
  const test::TemporaryDirectory directory;
  PoolOptions options = db.pool_options();
  const std::string& url = options.connection.url.reveal();
  const std::size_t port = url.find(" port=5432");
  REQUIRE(url.rfind("host=", 0) == 0);
  REQUIRE(port != std::string::npos);
  // Longer than who asks waits for a database that has been away for long.
  test::SlowDoor door(directory.path(), url.substr(5, port - 5) + "/.s.PGSQL.5432", 600ms);
  options.connection.url = Secret("host=" + directory.path() + url.substr(port));
  options.connection.connect_timeout = 10s;
  Pool pool(options);
  REQUIRE(pool.checkout(Pool::Priority::ordinary, SteadyClock::now() + 10s));
  std::atomic<int> answered = 0;
  std::vector<std::jthread> asking;
  for (int number = 0; number < 4; ++number) {
    asking.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto lease = pool.checkout(Pool::Priority::ordinary);
        if (lease && (*lease)->run_once("SELECT 1")) ++answered;
      }
    });
  }
  door.shut();
  REQUIRE(test::comes_true([&] { return pool.figures().is_away; }));
  std::this_thread::sleep_for(options.wait_limit);  // whoever asked before has given up
  const int before = answered;
  door.open();
  CHECK(test::comes_true([&] { return answered > before; }, 15s));
}

TEST_CASE("a transaction that is left open and idle is ended, and what it held is free") {
  TestDatabase db;
  ConnectionOptions options = db.pool_options().connection;
  options.idle_in_transaction_timeout = 100ms;
  const auto forgetful = Connection::open(options).value();
  REQUIRE(forgetful->run_script("BEGIN; SELECT pg_advisory_xact_lock(4711)"));
  const auto other = db.owner();
  REQUIRE(other->run_script("SET lock_timeout = '10s'"));
  const auto start = SteadyClock::now();
  CHECK(other->run_once("SELECT pg_advisory_lock(4711)"));
  CHECK(ms_since(start) < 5000);
  CHECK_FALSE(forgetful->run_once("SELECT 1"));
  CHECK(forgetful->is_broken());
}

TEST_CASE("statements that run or wait too long are ended") {
  TestDatabase db;
  PoolOptions options = db.pool_options();
  options.connection.statement_timeout = 100ms;
  PooledDatabase database(options, {});
  constexpr Statement sleep{"test_sleep", "SELECT pg_sleep(30)"};
  const auto start = SteadyClock::now();
  const auto result = database.read(Actor::of_system(), sleep);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == "timeout");
  CHECK(ms_since(start) < 5000);
}

TEST_CASE(
    "under load every answer is a row or an orderly error while connections are killed again and again") {
  TestDatabase db;
  PooledDatabase& database = db.database();
  std::atomic<int> answered = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int number = 0; number < 6; ++number) {
    threads.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto rows = database.read(Actor::of_system(), one);
        if (rows && rows->size() == 1) ++answered;
        if (!rows && rows.error().code != ErrorCode::unavailable) ++wrong;
      }
    });
  }
  auto owner = db.owner();
  for (int round = 0; round < 20; ++round) {
    REQUIRE(owner->run_once(end_others));
    const int before = answered;
    CHECK(test::comes_true([&] { return answered >= before + 20; }));
  }
  threads.clear();
  CHECK(wrong == 0);
}

TEST_CASE(
    "a server that takes no more connections is not away: those that are open serve, and it is said so") {
  if (test::lacks(test::Need::own_cluster)) return;
  TestDatabase db;
  const std::string role = "narrow_" + std::to_string(::getpid());
  db.run_as_owner("CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 1");
  {
    PoolOptions options = db.pool_options();
    const std::string& url = options.connection.url.reveal();
    const std::size_t user = url.find(" user=");
    options.connection.url =
        Secret(url.substr(0, user) + " user=" + role + url.substr(url.find(' ', user + 1)));
    options.connection.role.clear();
    options.min = 1;
    options.max = 5;
    options.wait_limit = 10s;
    Pool pool(options);
    {
      const Lease lease = pool.checkout(Pool::Priority::ordinary).value();
      CHECK_FALSE(pool.checkout(Pool::Priority::ordinary, SteadyClock::now() + 300ms));
      CHECK(pool.figures().failed_connects > 0);
      REQUIRE(lease->run_once("SELECT 1"));
      CHECK_FALSE(pool.figures().is_away);
      const auto second = pool.checkout(Pool::Priority::ordinary, SteadyClock::now());
      REQUIRE_FALSE(second);
      CHECK(second.error().kind != "database_away");
    }
    CHECK(pool.checkout(Pool::Priority::ordinary));
    CHECK_FALSE(pool.figures().is_away);
  }
  db.run_as_owner("DROP ROLE " + role);
}

}  // namespace
}  // namespace dits
