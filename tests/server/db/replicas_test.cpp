// Reads that may be stale go to a real streaming replica, and nobody misses what he wrote himself.
#include "server/db/replicas.hpp"

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/base/clock.hpp"
#include "server/db/notifications.hpp"
#include "server/db/pooled_database.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/streaming_pair.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr Statement where{"test_where", "SELECT pg_is_in_recovery()"};
constexpr Statement note{"test_note", "INSERT INTO notes (who, number) VALUES ($1, $2)"};
constexpr Statement count{"test_count", "SELECT count(*), pg_is_in_recovery() FROM notes WHERE who = $1"};

struct World {
  World() {
    if (test::lacks(test::Need::postgres15)) return;
    pair = std::make_unique<test::StreamingPair>();
    REQUIRE(pair->connect(pair->primary_url())
                ->run_script("CREATE TABLE notes (who uuid NOT NULL, number bigint NOT NULL)"));
    PoolOptions primary;
    primary.connection.url = pair->primary_url();
    database = std::make_unique<PooledDatabase>(primary, StatementLog{1h});
    ReplicaOptions options;
    options.max_lag = 300ms;
    options.watch_pause = 20ms;
    options.role_of = [](Connection&) -> Result<std::string> { return std::string{}; };
    PoolOptions replica;
    replica.connection.url = pair->replica_url();
    options.replicas = {replica};
    database->use_replicas(std::move(options), make_local_commit_marks());
    wait_until([this] { return is_up(); });
  }

  static void wait_until(const std::function<bool()>& is_so) { REQUIRE(test::comes_true(is_so)); }

  bool is_up() const { return database->replica_figures().front().is_up; }
  bool reads_replica(UserId user) const {
    return database->stale_read(Actor::of_user(user), where, std::span<const Param>{}).value()[0].boolean(0);
  }
  void write(UserId user, std::int64_t number) const {
    Transaction transaction = database->begin(Actor::of_user(user), Access::write).value();
    REQUIRE(transaction.run(note, {user, number}));
    REQUIRE(transaction.commit());
  }
  Rows stale_count(UserId user) const {
    return database->stale_read(Actor::of_user(user), count, std::vector<Param>{user}).value();
  }

  std::unique_ptr<test::StreamingPair> pair;
  std::unique_ptr<PooledDatabase> database;
  const UserId anna = system_clock().new_id<UserId>();
  const UserId berta = system_clock().new_id<UserId>();
};

TEST_CASE("stale reads go to the replica, all others to the primary") {
  const World world;
  if (!world.pair) return;
  PooledDatabase& database = *world.database;
  CHECK(world.reads_replica(world.berta));
  CHECK_FALSE(database.read(Actor::of_user(world.berta), where).value()[0].boolean(0));
  for (const auto& [access, is_replica] : {std::pair(Access::stale_read, true),
                                           std::pair(Access::read, false),
                                           std::pair(Access::write, false)}) {
    Transaction transaction = database.begin(Actor::of_user(world.berta), access).value();
    CHECK(transaction.run(where).value()[0].boolean(0) == is_replica);
    CHECK(transaction.commit());
  }
  // Credentials and the like have no user: never stale.
  CHECK_FALSE(database.stale_read(Actor::of_system(), where, std::span<const Param>{}).value()[0].boolean(0));
  CHECK(database.replica_figures().front().reads == 2);
  MetricPage page;
  add_replicas(page, database.replica_figures());
  CHECK(page.text().find("dits_replica_up{replica=\"replica1\"} 1\n") != std::string::npos);
}

TEST_CASE("a user's own writes are seen at once, from wherever they have arrived") {
  const World world;
  if (!world.pair) return;
  std::int64_t from_replica = 0;
  for (std::int64_t number = 1; number <= 300; ++number) {
    world.write(world.anna, number);
    // Now and then the replica has the time to catch up.
    if (number % 3 == 0) std::this_thread::sleep_for(5ms);
    const Rows rows = world.stale_count(world.anna);
    REQUIRE(rows[0].int64(0) == number);
    if (rows[0].boolean(1)) ++from_replica;
  }
  MESSAGE(from_replica, " of 300 reads after an own write came from the replica");
  CHECK(from_replica > 0);

  auto replica = world.pair->connect(world.pair->replica_url());
  REQUIRE(replica->run_once("SELECT pg_wal_replay_pause()"));
  world.write(world.anna, 301);
  const Rows rows = world.stale_count(world.anna);
  CHECK(rows[0].int64(0) == 301);
  CHECK_FALSE(rows[0].boolean(1));
  CHECK(world.reads_replica(world.berta));  // who wrote nothing may read what is a moment old
  REQUIRE(replica->run_once("SELECT pg_wal_replay_resume()"));
  World::wait_until([&] { return world.stale_count(world.anna)[0].boolean(1); });
}

TEST_CASE("servers that can't tell each other of writes leave the replica out while there are several") {
  const World world;
  if (!world.pair) return;
  ConnectionOptions listening;
  listening.url = world.pair->primary_url();
  const Notifications::Handlers of_server{{}, {}, true};
  const Notifications first(listening, {"test"}, of_server);
  CHECK(world.reads_replica(world.anna));
  {
    const Notifications second(listening, {"test"}, of_server);
    World::wait_until([&] { return !world.is_up(); });
    CHECK(world.database->replica_figures().front().why_not.find("Redis") != std::string::npos);
    CHECK_FALSE(world.reads_replica(world.anna));
  }
  World::wait_until([&] { return world.is_up(); });
  CHECK(world.reads_replica(world.anna));
}

TEST_CASE("a replica that lags too much is left out, and used again when it has caught up") {
  const World world;
  if (!world.pair) return;
  auto replica = world.pair->connect(world.pair->replica_url());
  REQUIRE(replica->run_once("SELECT pg_wal_replay_pause()"));
  world.write(world.anna, 1);
  World::wait_until([&] { return !world.is_up(); });
  const ReplicaFigures figures = world.database->replica_figures().front();
  CHECK(figures.lag_seconds > 0.3);
  CHECK(figures.why_not.find("lags") != std::string::npos);
  CHECK_FALSE(world.reads_replica(world.berta));
  REQUIRE(replica->run_once("SELECT pg_wal_replay_resume()"));
  World::wait_until([&] { return world.is_up(); });
  CHECK(world.reads_replica(world.berta));
}

TEST_CASE("a replica that dies under load is no error for anybody, and comes back") {
  World world;
  if (!world.pair) return;
  std::atomic<std::int64_t> reads = 0;
  std::atomic<std::int64_t> failures = 0;
  std::atomic<std::int64_t> longest_ms = 0;
  std::vector<std::jthread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto start = SteadyClock::now();
        const auto answer = world.database->stale_read(
            Actor::of_user(world.berta), [&](Transaction& transaction) -> Result<std::int64_t> {
              TRY(transaction.run(where));
              return TRY(transaction.run(count, {world.berta}))[0].int64(0);
            });
        const auto ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start).count();
        if (ms > longest_ms) longest_ms = ms;
        ++reads;
        if (!answer) {
          ++failures;
          MESSAGE(answer.error().message, " ", answer.error().kind);
        }
      }
    });
  }
  const auto work_on = [&] {
    const std::int64_t before = reads;
    World::wait_until([&] { return reads > before + 500; });
  };
  work_on();
  for (int round = 0; round < 3; ++round) {
    world.pair->kill_replica();
    World::wait_until([&] { return !world.is_up(); });
    work_on();
    world.pair->start_replica();
    World::wait_until([&] { return world.is_up(); });
    work_on();
  }
  threads.clear();
  CHECK(failures == 0);
  CHECK(world.reads_replica(world.berta));
  MESSAGE("3 deaths of the replica: ",
          reads.load(),
          " reads, ",
          failures.load(),
          " failures, the slowest ",
          longest_ms.load(),
          " ms, ",
          world.database->replica_figures().front().reads,
          " from the replica");
}

TEST_CASE("positions in the log are read and written as PostgreSQL does") {
  CHECK(parse_log_position("16/B374D848") == 0x16B374D848ULL);
  CHECK(to_text(0x16B374D848ULL) == "16/B374D848");
  for (const char* bad : {"", "/", "16", "16/", "x/1", "1/2x"}) CHECK_FALSE(parse_log_position(bad));
  const auto marks = make_local_commit_marks();
  const auto user = system_clock().new_id<UserId>();
  CHECK(marks->last(user) == LogPosition{0});
  marks->note(user, 7);
  marks->note(user, 5);
  CHECK(marks->last(user) == LogPosition{7});
}

}  // namespace
}  // namespace dits
