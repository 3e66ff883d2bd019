#include "server/base/clock_witness.hpp"

#include <doctest/doctest.h>

namespace dits {
namespace {

using namespace std::chrono_literals;

constexpr auto day = std::chrono::hours(24);

// A server's clock and the machine's running time, moved by hand.
struct World {
  ClockWitness witness;
  std::chrono::milliseconds now = std::chrono::milliseconds(1'770'000'000'000);

  // Days from the beginning, as ages are judged.
  double days(std::optional<std::chrono::milliseconds> ran) {
    witness = look_at(witness, Timestamp{now.count()}, ran);
    const Timestamp trusted = trusted_time(witness, Timestamp{now.count()});
    return static_cast<double>(trusted.unix_ms - 1'770'000'000'000) / 86'400'000.0;
  }
  double run(std::chrono::milliseconds time) {
    now += time;
    return days(time);
  }
};

TEST_CASE("time that passes while a server looks is believed, and so is a long weekend") {
  World world;
  CHECK(world.days(std::nullopt) == 0);
  CHECK(world.run(day) == 1);
  world.now += 3 * day;
  CHECK(world.days(std::nullopt) == 4);
  world.now += 5min;  // set right by a time server
  CHECK(world.run(day) > 5);
  CHECK(world.witness.hidden_ms == 0);
}

TEST_CASE("a clock that jumps forward makes nothing older, until a week without a jump has followed") {
  World world;
  world.days(std::nullopt);
  world.now += 400 * day;
  CHECK(world.run(1h) == doctest::Approx(1.0 / 24));
  for (int hours = 0; hours < 7 * 24 - 1; ++hours) CHECK(world.run(1h) < 8);
  CHECK(world.run(2h) > 400);
  CHECK_FALSE(world.witness.doubted_until);
}

TEST_CASE("a clock that jumped forward and is set back leaves no doubt behind") {
  World world;
  world.days(std::nullopt);
  world.now += 400 * day;
  world.run(1h);
  CHECK(world.witness.hidden_ms > 0);
  world.now -= 400 * day;
  CHECK(world.run(1h) == doctest::Approx(2.0 / 24).epsilon(0.01));
  CHECK(world.witness.hidden_ms == 0);
  CHECK_FALSE(world.witness.doubted_until);
}

TEST_CASE("after a rest of months, or a restore of an old backup, ages go on from where they were seen") {
  World world;
  world.days(std::nullopt);
  world.now += 90 * day;
  CHECK(world.days(std::nullopt) == 0);
  // Every further jump begins the week anew.
  world.now += 90 * day;
  CHECK(world.run(1h) == doctest::Approx(1.0 / 24));
  for (int days = 0; days < 8; ++days) world.run(day);
  CHECK(world.witness.hidden_ms == 0);
}

TEST_CASE("two servers whose clocks are a year apart remove nothing by the one that is ahead") {
  World right;
  World ahead;
  right.days(std::nullopt);
  for (int hours = 0; hours < 24 * 14; ++hours) {
    right.now += 30min;
    ahead.now = right.now + 365 * day;
    ahead.witness = right.witness;
    CHECK(ahead.days(1h) < 15);
    right.witness = ahead.witness;
    right.now += 30min;
    CHECK(right.days(1h) < 15);
  }
}

}  // namespace
}  // namespace dits
