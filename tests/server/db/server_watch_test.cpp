#include "server/db/server_watch.hpp"

#include <doctest/doctest.h>

#include "server/base/request_patience.hpp"
#include "server/db/pool.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

// A server of this test's making, and what was asked of it.
struct Asked {
  bool is_there = true;
  int asks = 0;
  int silences = 0;
  std::function<void()> meanwhile = [] {};
  ServerWatch watch{[this] {
                      ++asks;
                      meanwhile();
                      return is_there;
                    },
                    [this] { ++silences; }};
};

TEST_CASE("silence counts from the last word of the server to anybody, and never from before the question") {
  Asked asked;
  const auto start = SteadyClock::now() + 1h;
  CHECK(asked.watch.doubt_due(start) == start + ServerWatch::longest_silence);
  asked.watch.hear();
  CHECK(asked.watch.doubt_due(start) == start + ServerWatch::longest_silence);
  CHECK(asked.watch.doubt_due(start - 2h) > start - 1h);
  CHECK(asked.watch.doubt_due(start - 2h) <= SteadyClock::now() + ServerWatch::longest_silence);
}

TEST_CASE("a server that has just answered somebody is not asked whether it is there") {
  Asked asked;
  asked.is_there = false;
  asked.watch.hear();
  CHECK(asked.watch.is_there());
  CHECK(asked.asks == 0);
}

TEST_CASE("an answer to the question is a sign of life for all") {
  Asked asked;
  CHECK(asked.watch.is_there());
  CHECK(asked.watch.is_there());
  CHECK(asked.asks == 1);
  CHECK(asked.silences == 0);
}

TEST_CASE("one finds the silence for all who ask") {
  Asked asked;
  asked.is_there = false;
  CHECK_FALSE(asked.watch.is_there());
  CHECK_FALSE(asked.watch.is_there());
  CHECK(asked.asks == 1);
  CHECK(asked.silences == 1);
}

TEST_CASE("a server too busy for new connections is not frozen while it answers those it has") {
  Asked asked;
  asked.is_there = false;
  asked.meanwhile = [&asked] { asked.watch.hear(); };
  CHECK(asked.watch.is_there());
  CHECK(asked.silences == 0);
}

TEST_CASE("what a request waits for a frozen database adds up to less than two seconds") {
  // Its connection is found silent; then it has left what remains of its patience, or a last moment.
  const auto found_silent = ServerWatch::longest_silence + ServerWatch::probe_limit;
  CHECK(std::max<std::chrono::milliseconds>(found_silent, PoolOptions{}.wait_limit) <= 1500ms);
}

TEST_CASE("a request's waits together keep to the limit of one") {
  PoolOptions options;
  options.wait_limit = 10s;
  Pool patient(options);
  options.wait_limit = 0ms;
  Pool hasty(options);
  CHECK(patient.deadline_from_now() > SteadyClock::now() + 5s);
  const RequestPatience patience;
  CHECK(patient.deadline_from_now() == patient.deadline_from_now());
  // What is free is still taken afterwards, and what comes back in a moment.
  const auto before = SteadyClock::now();
  const auto last = hasty.deadline_from_now();
  CHECK(last > before);
  CHECK(last <= SteadyClock::now() + 100ms);
}

}  // namespace
}  // namespace dits
