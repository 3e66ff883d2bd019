// How many threads are at work at once, and when one more is put to work.
#include "server/http/worker_pool.hpp"

#include <atomic>
#include <latch>
#include <optional>
#include <semaphore>

#include <doctest/doctest.h>

#include "tests/support/comes_true.hpp"

namespace dits::http {
namespace {

using namespace std::chrono_literals;

WorkerLimits limits(std::size_t busy, std::chrono::milliseconds standstill = 1h) {
  WorkerLimits limits;
  limits.busy = busy;
  limits.standstill = standstill;
  return limits;
}

TEST_CASE("as many jobs as there are places are at work at once, and all are done in the end") {
  std::atomic<int> at_work = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  {
    WorkerPool pool(limits(3));
    for (int i = 0; i < 200; ++i) {
      REQUIRE(pool.submit(
          [&] {
            const int now = ++at_work;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::yield();
            --at_work;
            ++done;
          },
          false));
    }
    CHECK(dits::test::comes_true([&] { return done == 200; }));
  }
  CHECK(done == 200);
  CHECK(most <= 3);
}

TEST_CASE("a job that says that it waits gives its place to another one") {
  constexpr int jobs = 5;
  std::latch all(jobs);
  std::atomic<int> done = 0;
  WorkerPool pool(limits(1));
  for (int i = 0; i < jobs; ++i) {
    REQUIRE(pool.submit(
        [&] {
          const LongWait waits;
          all.arrive_and_wait();
          ++done;
        },
        false));
  }
  CHECK(dits::test::comes_true([&] { return done == jobs; }));
}

TEST_CASE("jobs that stand still without a word do not keep the others waiting") {
  std::binary_semaphore end(0);
  std::atomic<int> done = 0;
  WorkerPool pool(limits(1, 2ms));
  REQUIRE(pool.submit([&] { end.acquire(); }, false));
  for (int i = 0; i < 5; ++i) REQUIRE(pool.submit([&] { ++done; }, false));
  CHECK(dits::test::comes_true([&] { return done == 5; }));
  end.release();
}

TEST_CASE("an urgent job waits for no place") {
  std::binary_semaphore end(0);
  std::atomic<bool> is_done = false;
  std::atomic<bool> is_begun = false;
  WorkerPool pool(limits(1));
  REQUIRE(pool.submit(
      [&] {
        is_begun = true;
        end.acquire();
      },
      false));
  REQUIRE(dits::test::comes_true([&] { return is_begun.load(); }));
  CHECK_FALSE(pool.has_room());
  REQUIRE(pool.submit([&] { is_done = true; }, true));
  CHECK(dits::test::comes_true([&] { return is_done.load(); }));
  end.release();
}

TEST_CASE("a thread that streams and waits meanwhile is left out once") {
  std::binary_semaphore end(0);
  std::atomic<bool> is_waiting = false;
  std::atomic<int> done = 0;
  WorkerPool pool(limits(1));
  REQUIRE(pool.submit(
      [&] {
        REQUIRE(pool.begin_stream());
        {
          const LongWait waits;
          is_waiting = true;
          end.acquire();
        }
        pool.end_stream();
      },
      false));
  REQUIRE(dits::test::comes_true([&] { return is_waiting.load(); }));
  CHECK(pool.has_room());
  for (int i = 0; i < 5; ++i) CHECK(pool.submit([&] { ++done; }, false));
  CHECK(dits::test::comes_true([&] { return done == 5; }));
  end.release();
}

TEST_CASE("a pool that shuts down finishes what is queued, and takes nothing more") {
  std::binary_semaphore end(0);
  std::atomic<int> done = 0;
  std::optional<WorkerPool> pool(std::in_place, limits(1));
  REQUIRE(pool->submit([&] { end.acquire(); }, false));
  for (int i = 0; i < 5; ++i) REQUIRE(pool->submit([&] { ++done; }, false));
  end.release();
  pool->shut_down();
  CHECK(done == 5);
  CHECK_FALSE(pool->submit([] {}, true));
}

}  // namespace
}  // namespace dits::http
