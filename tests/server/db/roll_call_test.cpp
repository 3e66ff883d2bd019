// Whether everything that was told has been heard: by this program, and by all that listen.
#include "server/db/roll_call.hpp"

#include <atomic>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using SteadyClock = std::chrono::steady_clock;

// A server as far as the others hear of it.
class Listener {
 public:
  explicit Listener(test::TestDatabase& db)
      : call_(db.database(), "dits_calls", "dits_answers"),
        notifications_(db.pool_options().connection,
                       {"dits_test", "dits_calls", "dits_answers"},
                       {[this](const Notice& notice, Notifications& answers) {
                          if (notice.channel == "dits_test") ++heard_;
                          call_.hear(notice, answers);
                        },
                        [](bool) {},
                        true}) {}

  bool is_ready() {
    return comes_true([this] { return notifications_.is_current(); });
  }
  bool is_current() { return notifications_.is_current(); }
  RollCall& call() { return call_; }
  int heard() const { return heard_; }

 private:
  std::atomic<int> heard_ = 0;
  RollCall call_;
  Notifications notifications_;
};

constexpr const char* cut_listeners =
    "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE "
    "d.datname = "
    "current_database() AND l.locktype = 'advisory' AND l.objid = 1145656404";

}  // namespace

TEST_CASE("a listener is current once it was asked for, is not while its connection is cut, and is again") {
  test::TestDatabase db;
  Listener listener(db);
  REQUIRE(listener.is_ready());
  db.run_as_owner(cut_listeners);
  CHECK(comes_true([&] { return !listener.is_current(); }));
  CHECK(listener.is_ready());
}

TEST_CASE(
    "a listener that nobody asks for some seconds does not ask the server either, and then says no once") {
  test::TestDatabase db;
  Listener listener(db);
  REQUIRE(listener.is_ready());
  std::this_thread::sleep_for(Notifications::longest_trust + 2500ms);
  const bool was_current = listener.is_current();
  CHECK(!was_current);
  CHECK(listener.is_ready());
}

TEST_CASE("when a roll call returns, all servers have handled what was committed before") {
  test::TestDatabase db;
  Listener first(db);
  Listener second(db);
  Listener third(db);
  REQUIRE((first.is_ready() && second.is_ready() && third.is_ready()));
  for (int round = 1; round <= 20; ++round) {
    db.run_as_owner("NOTIFY dits_test");
    REQUIRE(first.call().wait());
    CHECK(first.heard() == round);
    CHECK(second.heard() == round);
    CHECK(third.heard() == round);
  }
}

TEST_CASE("a roll call that a server does not answer returns when that server is current no more") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::TestDatabase db;
  Listener caller(db);
  Listener frozen(db);
  REQUIRE((caller.is_ready() && frozen.is_ready()));
  // Somebody works with what it remembers all the time.
  const std::jthread worker([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      frozen.is_current();
      std::this_thread::sleep_for(1ms);
    }
  });
  const std::string pids = db.ask_as_owner(
      "SELECT string_agg(l.pid::text, ' ') FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE "
      "d.datname = "
      "current_database() AND l.locktype = 'advisory' AND l.objid = 1145656404");
  const auto first = static_cast<pid_t>(std::stol(pids));
  const auto second = static_cast<pid_t>(std::stol(pids.substr(pids.find(' '))));
  ::kill(first, SIGSTOP);
  ::kill(second, SIGSTOP);
  const auto start = SteadyClock::now();
  const bool is_answered = caller.call().wait();
  const bool was_current = frozen.is_current();
  const auto time = SteadyClock::now() - start;
  ::kill(first, SIGCONT);
  ::kill(second, SIGCONT);
  CHECK(!is_answered);
  CHECK(!was_current);
  CHECK(time < Notifications::longest_trust + 500ms);
  CHECK(frozen.is_ready());
}

TEST_CASE("without a server that listens a roll call is over at once") {
  test::TestDatabase db;
  RollCall call(db.database(), "dits_calls", "dits_answers");
  const auto start = SteadyClock::now();
  CHECK(call.wait());
  CHECK(SteadyClock::now() - start < Notifications::longest_trust);
}

}  // namespace dits
