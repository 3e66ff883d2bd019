// PostgreSQL that is there and says nothing: every request ends within two seconds, however many statements
// it has, with an answer that says when to come back.
#include <csignal>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>

#include "server/embedded/postmaster.hpp"
#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"

namespace dits::test {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

// All of the test cluster's processes, stopped as long as it lives.
class Frozen {
 public:
  explicit Frozen(TestDatabase& database)
      : processes_(embedded::left_over_processes(
            std::filesystem::read_symlink(
                "/proc/" +
                database.ask_as_owner(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'") +
                "/cwd")
                .string())) {
    REQUIRE(processes_.size() > 3);
    for (const pid_t process : processes_) ::kill(process, SIGSTOP);
  }
  ~Frozen() {
    for (const pid_t process : processes_) ::kill(process, SIGCONT);
  }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  std::vector<pid_t> processes_;
};

struct Timed {
  Answer answer;
  std::chrono::milliseconds took{0};
};

Timed timed(const std::function<Answer()>& call) {
  const auto start = SteadyClock::now();
  Answer answer = call();
  return {std::move(answer),
          std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start)};
}

Json issue() { return {{"title", "Written while the database is frozen"}}; }

}  // namespace

TEST_CASE("a frozen PostgreSQL is answered 503 with Retry-After within two seconds, by every request") {
  if (lacks(Need::own_cluster)) return;
  SharedServer& shared = shared_server();
  const Client& alice = shared.alice;
  REQUIRE(alice.post("/api/v1/issues", issue()).status == 201);
  const std::vector<std::function<Answer()>> calls = {
      [&] { return alice.get("/api/v1/issues"); },
      [&] { return alice.post("/api/v1/issues", issue()); },
      // Looks for the key, writes, and looks for the key again when that failed.
      [&] {
        return alice.post("/api/v1/issues", issue(), {{"Idempotency-Key", fresh_secret()}});
      },
      [&] {
        return alice.post("/api/v1/issues", issue(), {{"Idempotency-Key", fresh_secret()}});
      },
      [&] { return alice.get("/api/v1/stats"); },
  };
  std::vector<Timed> first(calls.size());
  std::vector<Timed> second(calls.size());
  {
    const Frozen frozen(shared.server.database());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      threads.emplace_back([&, i] {
        first[i] = timed(calls[i]);
        second[i] = timed(calls[i]);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  std::chrono::milliseconds slowest{0};
  for (const auto& answers : {first, second}) {
    for (const Timed& one : answers) {
      CHECK(one.answer.status == 503);
      CHECK_FALSE(one.answer.header("Retry-After").empty());
      CHECK(one.took < 2s);
      slowest = std::max(slowest, one.took);
    }
  }
  MESSAGE("the slowest answer took ", slowest.count(), " ms");
  const auto returned = SteadyClock::now();
  REQUIRE(comes_true([&] { return alice.post("/api/v1/issues", issue()).status == 201; }, 10s));
  CHECK(SteadyClock::now() - returned < 1s);
}

}  // namespace dits::test
