// From counters to samples, by a clock that the test moves.
#include "server/jobs/system_samples.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace dits;
using enum SystemSeries;

namespace {

constexpr std::array<double, 3> bounds{0.001, 0.01, 0.1};

struct Watch {
  SystemSamples samples{bounds};
  SystemFigures figures;
  Timestamp now{1'770'022'800'000};

  Watch() { figures.times.resize(bounds.size() + 1); }
  void after(std::int64_t ms) {
    now.unix_ms += ms;
    samples.look(figures, now);
  }
  std::vector<SystemSample> fine(Timestamp since = {}) const { return samples.later_than(since).samples; }
  std::vector<SystemSample> minutes(Timestamp since = {}) const { return samples.later_than(since).minutes; }
};

}  // namespace

TEST_CASE("the first look makes no sample: a rate needs two") {
  Watch watch;
  watch.after(0);
  CHECK(watch.fine().empty());
  watch.after(5'000);
  REQUIRE(watch.fine().size() == 1);
  CHECK(watch.fine()[0].at == watch.now);
}

TEST_CASE("counters become rates of the time since the look before, and states are as they are") {
  Watch watch;
  watch.figures.requests = 1'000;
  watch.figures.cpu_seconds = 3;
  watch.after(0);
  watch.figures.requests = 1'060;
  watch.figures.refused_requests = 10;
  watch.figures.failed_requests = 5;
  watch.figures.statements = 50;
  watch.figures.statement_us = 25'000;
  watch.figures.cache_hits = 3;
  watch.figures.cache_misses = 1;
  watch.figures.cpu_seconds = 3.25;
  watch.figures.pool_busy = 4;
  watch.figures.is_redis_away = true;
  watch.figures.disk_free_bytes = 1'000'000;
  watch.after(5'000);
  const SystemSample sample = watch.fine().at(0);
  CHECK(sample[requests_good] == 9);
  CHECK(sample[requests_refused] == 2);
  CHECK(sample[requests_failed] == 1);
  CHECK(sample[statements] == 10);
  CHECK(sample[statement_ms] == doctest::Approx(0.5));
  CHECK(sample[cache_hits] == 75);
  CHECK(sample[cpu] == doctest::Approx(5));
  CHECK(sample[pool_busy] == 4);
  CHECK(sample[redis_away] == 1);
  CHECK(sample[disk_free] == 1'000'000);
  CHECK_FALSE(is_known(sample[replica_lag]));
  CHECK_FALSE(is_known(sample[database_size]));
  watch.after(5'000);
  CHECK(watch.fine().at(1)[requests_good] == 0);
  CHECK_FALSE(is_known(watch.fine().at(1)[statement_ms]));
  CHECK_FALSE(is_known(watch.fine().at(1)[cache_hits]));
  CHECK_FALSE(is_known(watch.fine().at(1)[latency_half]));
}

TEST_CASE("latencies are those of the requests between two looks") {
  Watch watch;
  watch.figures.times = {1'000, 0, 0, 0};
  watch.after(0);
  watch.figures.times = {1'000, 90, 9, 1};
  watch.after(5'000);
  const SystemSample sample = watch.fine().at(0);
  CHECK(sample[latency_half] == doctest::Approx(1 + 9.0 * 50 / 90));
  CHECK(sample[latency_most] == doctest::Approx(10 + 90.0 * 5 / 9));
  CHECK(sample[latency_slowest] == doctest::Approx(100));
}

TEST_CASE("a share of what was counted lies within its bucket; above the last bound, at that bound") {
  const std::array<std::uint64_t, 4> none{};
  const std::array<std::uint64_t, 4> high{0, 0, 0, 7};
  const std::array<std::uint64_t, 4> even{10, 10, 0, 0};
  CHECK_FALSE(is_known(quantile(bounds, none, 0.5)));
  CHECK(quantile(bounds, high, 0.5) == doctest::Approx(0.1));
  CHECK(quantile(bounds, even, 0.5) == doctest::Approx(0.001));
  CHECK(quantile(bounds, even, 0.75) == doctest::Approx(0.0055));
}

TEST_CASE("every minute has a sample of its own, with the rates of the minute and the peaks of its looks") {
  Watch watch;
  watch.after(0);
  for (int i = 1; i <= 24; ++i) {
    watch.figures.requests += i <= 12 ? 10 : 30;
    watch.figures.pool_waiting = i == 3 ? 7 : 0;
    watch.after(5'000);
  }
  const std::vector<SystemSample> minutes = watch.minutes();
  REQUIRE(minutes.size() == 2);
  CHECK(minutes[0][requests_good] == 2);
  CHECK(minutes[1][requests_good] == 6);
  CHECK(minutes[0][pool_waiting] == 7);
  CHECK(minutes[1][pool_waiting] == 0);
  CHECK(minutes[1].at.unix_ms - minutes[0].at.unix_ms == system_minute_ms);
}

TEST_CASE("what is kept is bounded: the oldest samples go") {
  Watch watch;
  watch.after(0);
  const Timestamp start = watch.now;
  for (int i = 0; i < 18'000; ++i) watch.after(system_step_ms);  // 25 hours
  CHECK(watch.fine().size() == most_system_samples);
  CHECK(watch.minutes().size() == most_system_minutes);
  CHECK(watch.fine().back().at == watch.now);
  CHECK(watch.fine().front().at.unix_ms == watch.now.unix_ms - 719 * system_step_ms);
  CHECK(watch.minutes().front().at > start);
}

TEST_CASE("only what is later is given; a time ahead of the clock gives everything") {
  Watch watch;
  for (int i = 0; i < 5; ++i) watch.after(5'000);
  const Timestamp before{watch.now.unix_ms - 5'000};
  REQUIRE(watch.fine(before).size() == 1);
  CHECK(watch.fine(before)[0].at == watch.now);
  CHECK(watch.fine(watch.now).empty());
  CHECK(watch.fine({watch.now.unix_ms + 1}).size() == 4);
}

TEST_CASE("a clock that is set back begins anew instead of telling nonsense") {
  Watch watch;
  for (int i = 0; i < 3; ++i) watch.after(5'000);
  watch.after(-3'600'000);
  CHECK(watch.fine().empty());
  watch.figures.requests = 10;
  watch.after(5'000);
  REQUIRE(watch.fine().size() == 1);
  CHECK(watch.fine()[0][requests_good] == 2);
}
