// PostgreSQL ends and comes back, again and again, while many threads work: nobody waits for long, nobody
// gets a wrong answer, nothing that was promised is lost.
#include <algorithm>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/base/config.hpp"
#include "server/db/pooled_database.hpp"
#include "server/embedded/cluster.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using SteadyClock = std::chrono::steady_clock;

constexpr int worker_count = 8;
constexpr int account_count = 4;

constexpr Statement twice{"test_twice", "SELECT $1::bigint * 2"};
constexpr Statement sum{"test_sum", "SELECT sum(amount) FROM accounts"};
constexpr Statement add{"test_add", "UPDATE accounts SET amount = amount + $2 WHERE id = $1"};
constexpr Statement note{"test_note", "INSERT INTO notes (worker, number) VALUES ($1, $2)"};

// One thread's work, and what became of it.
struct Worker {
  std::set<std::int64_t> confirmed;
  std::set<std::int64_t> unknown;
  std::set<std::int64_t> refused;
  std::int64_t reads = 0;
  std::int64_t refused_reads = 0;
  std::int64_t wrong = 0;
  std::chrono::milliseconds longest{0};
};

void keep(Worker& worker, const Error& error) {
  const bool is_orderly = error.code == ErrorCode::unavailable || error.kind == "serialization_failure";
  if (!is_orderly) {
    ++worker.wrong;
    MESSAGE(error.message);
  }
}

void read_something(PooledDatabase& database, Worker& worker, std::int64_t number) {
  const auto rows = database.read(Actor::of_system(), twice, {number});
  if (!rows) {
    ++worker.refused_reads;
    return keep(worker, rows.error());
  }
  ++worker.reads;
  if (rows->size() != 1 || (*rows)[0].int64(0) != 2 * number) ++worker.wrong;
}

// Both sums come from one snapshot and no transfer changes them.
void read_sums(PooledDatabase& database, Worker& worker) {
  auto transaction = database.begin(Actor::of_system(), Access::read);
  if (!transaction) return keep(worker, transaction.error());
  for (int times = 0; times < 2; ++times) {
    const auto rows = transaction->run(sum);
    if (!rows) {
      ++worker.refused_reads;
      return keep(worker, rows.error());
    }
    if ((*rows)[0].int64(0) != 0) ++worker.wrong;
  }
  ++worker.reads;
}

Result<void> transfer(PooledDatabase& database, int worker, std::int64_t number) {
  Transaction transaction = TRY(database.begin(Actor::of_system(), Access::write));
  // Always in the order of the accounts, so that no two wait for each other.
  const std::int64_t from = number % account_count;
  const std::int64_t to = (number + worker) % account_count;
  TRY(transaction.run(add, {std::min(from, to), from < to ? -1 : 1}));
  TRY(transaction.run(add, {std::max(from, to), from < to ? 1 : -1}));
  TRY(transaction.run(note, {worker, number}));
  return transaction.commit();
}

void write_something(PooledDatabase& database, Worker& worker, int index, std::int64_t number) {
  const Result<void> done = transfer(database, index, number);
  if (done) {
    worker.confirmed.insert(number);
  } else if (done.error().kind == "commit_unknown") {
    worker.unknown.insert(number);
  } else {
    worker.refused.insert(number);
    keep(worker, done.error());
  }
}

void work(PooledDatabase& database, Worker& worker, int index, const std::stop_token& stop) {
  for (std::int64_t number = 0; !stop.stop_requested(); ++number) {
    const auto start = SteadyClock::now();
    switch (number % 3) {
      case 0:
        read_something(database, worker, number);
        break;
      case 1:
        read_sums(database, worker);
        break;
      default:
        write_something(database, worker, index, number);
    }
    worker.longest = std::max(
        worker.longest, std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start));
  }
}

// A PostgreSQL of this test alone, which it may kill.
struct OwnCluster {
  OwnCluster()
      : cluster(embedded::Cluster::start(
                    {directory.path() + "/data", environment_variable("DITS_PG_BINDIR").value_or("")})
                    .value()),
        cluster_dir(directory.path() + "/data/cluster-" + std::to_string(cluster->version())) {}

  Secret url() const { return cluster->url(embedded::owner_role); }
  void kill(int signal) const {
    REQUIRE(::kill(std::stoi(read_file(cluster_dir + "/postmaster.pid").value()), signal) == 0);
  }
  bool answers() const {
    ConnectionOptions options;
    options.url = url();
    return embedded::is_ready(cluster_dir) && Connection::open(options);
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<embedded::Cluster> cluster;
  std::string cluster_dir;
};

// Ends PostgreSQL and waits until the pool serves again; how long after PostgreSQL's own return that was.
std::chrono::milliseconds restart(OwnCluster& own, PooledDatabase& database, int signal) {
  const std::uint64_t connects = database.pool_figures().connects;
  own.kill(signal);
  REQUIRE(comes_true([&] { return !own.answers(); }, 30s));
  REQUIRE(comes_true(
      [&] {
        own.cluster->watch();
        return own.answers();
      },
      30s));
  const auto returned = SteadyClock::now();
  // A connection of before the end proves nothing.
  REQUIRE(comes_true(
      [&] {
        return database.pool_figures().connects > connects &&
               database.read(Actor::of_system(), twice, {21}).has_value();
      },
      30s));
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - returned);
}

TEST_CASE("PostgreSQL restarts again and again under load: no hang, no wrong answer, back within a second") {
  OwnCluster own;
  ConnectionOptions as_owner;
  as_owner.url = own.url();
  REQUIRE(Connection::open(as_owner).value()->run_script(
      "CREATE TABLE accounts (id bigint PRIMARY KEY, amount bigint NOT NULL); "
      "INSERT INTO accounts SELECT id, 0 FROM generate_series(0, 3) id; "
      "CREATE TABLE notes (worker int, number bigint, PRIMARY KEY (worker, number))"));
  PoolOptions options;
  options.connection.url = own.url();
  options.max = 6;  // fewer than there are workers
  PooledDatabase database(options, {std::chrono::hours(1)});
  std::vector<Worker> workers(worker_count);
  std::vector<std::jthread> threads;
  for (int index = 0; index < worker_count; ++index)
    threads.emplace_back([&, index](const std::stop_token& stop) {
      work(database, workers[static_cast<std::size_t>(index)], index, stop);
    });

  std::chrono::milliseconds slowest_return{0};
  for (const int signal : {SIGKILL, SIGINT, SIGKILL, SIGINT, SIGKILL}) {
    // Under way: work was done since the last time.
    const std::uint64_t before = database.pool_figures().checkouts;
    REQUIRE(comes_true([&] { return database.pool_figures().checkouts >= before + 2000; }, 30s));
    const auto took = restart(own, database, signal);
    CHECK(took < 1s);
    slowest_return = std::max(slowest_return, took);
  }
  threads.clear();

  Worker all;
  std::set<std::pair<int, std::int64_t>> kept;
  const auto owner = Connection::open(as_owner).value();
  const Rows notes = owner->run_once("SELECT worker, number FROM notes").value();
  for (const Row row : notes) kept.emplace(static_cast<int>(row.int64(0)), row.int64(1));
  for (int index = 0; index < worker_count; ++index) {
    const Worker& worker = workers[static_cast<std::size_t>(index)];
    for (const std::int64_t number : worker.confirmed) CHECK(kept.contains({index, number}));
    for (const std::int64_t number : worker.refused) CHECK_FALSE(kept.contains({index, number}));
    CHECK(worker.wrong == 0);
    CHECK(worker.longest < 3s);
    all.reads += worker.reads;
    all.refused_reads += worker.refused_reads;
    all.longest = std::max(all.longest, worker.longest);
  }
  CHECK(owner->run_once("SELECT sum(amount) FROM accounts").value()[0].int64(0) == 0);
  std::size_t confirmed = 0;
  std::size_t unknown = 0;
  std::size_t refused = 0;
  for (const Worker& worker : workers) {
    confirmed += worker.confirmed.size();
    unknown += worker.unknown.size();
    refused += worker.refused.size();
  }
  const PoolFigures figures = database.pool_figures();
  MESSAGE("5 restarts: ",
          all.reads,
          " reads, ",
          all.refused_reads,
          " refused; ",
          confirmed,
          " transactions committed, ",
          refused,
          " refused, ",
          unknown,
          " unknown; the slowest call ",
          all.longest.count(),
          " ms, the slowest return ",
          slowest_return.count(),
          " ms; ",
          figures.reconnects,
          " connections replaced, ",
          figures.failed_connects,
          " attempts failed");
}

TEST_CASE("a PostgreSQL that is frozen is said to be away within two seconds, and is back within one") {
  OwnCluster own;
  PoolOptions options;
  options.connection.url = own.url();
  PooledDatabase database(options, {std::chrono::hours(1)});
  database.pool().maintain();
  REQUIRE(database.read(Actor::of_system(), twice, {21}));
  Transaction waiting = database.begin(Actor::of_system(), Access::write).value();
  const std::vector<pid_t> processes = embedded::left_over_processes(own.cluster_dir);
  REQUIRE(processes.size() > 3);
  for (const pid_t process : processes) REQUIRE(::kill(process, SIGSTOP) == 0);
  for (int times = 0; times < 3; ++times) {
    const auto start = SteadyClock::now();
    const auto rows = database.read(Actor::of_system(), twice, {21});
    CHECK_FALSE(rows);
    CHECK(SteadyClock::now() - start < 2s);
  }
  // Its connection is gone and there is no other one: it stays failed, whatever is asked of it.
  CHECK_FALSE(waiting.run(twice, {21}));
  CHECK_FALSE(waiting.run(twice, {21}));
  CHECK_FALSE(waiting.commit());
  for (const pid_t process : processes) REQUIRE(::kill(process, SIGCONT) == 0);
  const auto start = SteadyClock::now();
  REQUIRE(comes_true([&] { return database.read(Actor::of_system(), twice, {21}).has_value(); }, 10s));
  CHECK(SteadyClock::now() - start < 1s);
}

TEST_CASE("a slow statement is not taken for a frozen server") {
  test::TestDatabase db;
  constexpr Statement slow{"test_slow", "SELECT pg_sleep(2.5)"};
  CHECK(db.database().read(Actor::of_system(), slow));
  CHECK(db.database().pool_figures().reconnects == 0);
}

}  // namespace
}  // namespace dits
