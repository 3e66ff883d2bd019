#include "server/backup/keeper.hpp"

#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using test::comes_true;

class SetClock : public Clock {
 public:
  explicit SetClock(const char* text) : ms_(parse_timestamp(text).value().unix_ms) {}
  Timestamp now() override { return {ms_.load()}; }
  std::uint64_t random_bits() override { return 4; }
  std::string random_bytes(std::size_t count) override { return std::string(count, '4'); }
  void set(const char* text) { ms_ = parse_timestamp(text).value().unix_ms; }

 private:
  std::atomic<std::int64_t> ms_;
};

// Answers what it is told to, and counts.
struct Writer {
  std::atomic<int> calls{0};
  std::atomic<bool> fails{false};
  SetClock& clock;

  BackupKeeper::Options options(const std::string& directory, const char* schedule) {
    return {directory, Schedule::parse(schedule).value(), [this](const std::atomic<bool>&) -> Result<Backup> {
              ++calls;
              if (fails) return unavailable("the disk is full");
              Backup backup;
              backup.path = "x";
              backup.bytes = 7;
              backup.written_at = clock.now();
              backup.manifest.emplace();
              return backup;
            }};
  }
};

TEST_CASE("a backup that was missed while nothing ran is written soon after the start; one in time is not") {
  const test::TemporaryDirectory directory;
  SetClock clock("2026-03-10T12:00:00Z");
  Writer writer{{0}, {false}, clock};
  REQUIRE(write_file_atomically(directory.path() + "/dits_backup_20260308_120000.sql.gz", "x"));
  {
    BackupKeeper keeper(writer.options(directory.path(), "daily"), clock);
    CHECK(to_string(*keeper.state().next_due_at) == "2026-03-10T12:01:00.000Z");
    CHECK(to_string(*keeper.state().last_good_at) == "2026-03-08T12:00:00.000Z");
  }
  {
    BackupKeeper keeper(writer.options(directory.path(), "off"), clock);
    CHECK_FALSE(keeper.state().next_due_at);
  }
  const test::TemporaryDirectory empty;
  BackupKeeper keeper(writer.options(empty.path(), "weekly"), clock);
  CHECK(to_string(*keeper.state().next_due_at) == "2026-03-10T13:00:00.000Z");
  CHECK_FALSE(keeper.state().last_good_at);
  CHECK(writer.calls == 0);
}

TEST_CASE("another database's backups keep nobody from writing one") {
  const test::TemporaryDirectory directory;
  SetClock clock("2026-03-10T12:00:00Z");
  Writer writer{{0}, {false}, clock};
  const auto write = [&](const std::string& stem, const std::string& database) {
    Manifest manifest;
    manifest.file = stem + ".sql.gz";
    manifest.sha256 = "x";
    manifest.contents.database = database;
    REQUIRE(write_file_atomically(directory.path() + "/" + manifest.file, "x"));
    REQUIRE(write_file_atomically(directory.path() + "/" + stem + ".json", manifest_to_text(manifest)));
  };
  const std::string own = "11111111-1111-4111-8111-111111111111";
  write("dits_backup_20260310_110000", "22222222-2222-4222-8222-222222222222");
  BackupKeeper::Options options = writer.options(directory.path(), "off");
  options.database = own;
  BackupKeeper keeper(options, clock);
  CHECK_FALSE(keeper.state().last_good_at);
  write("dits_backup_20260309_110000", own);
  CHECK(to_string(*keeper.state().last_good_at) == "2026-03-09T11:00:00.000Z");
}

TEST_CASE("whoever asks gets a backup now; a failure is counted, told, and tried again after a while") {
  const test::TemporaryDirectory directory;
  SetClock clock("2026-03-10T12:00:00Z");
  Writer writer{{0}, {true}, clock};
  BackupKeeper keeper(writer.options(directory.path(), "daily"), clock);
  REQUIRE(keeper.start());
  REQUIRE(comes_true([&] { return keeper.state().failures == 1 && !keeper.state().is_running; }));
  CHECK(keeper.state().last_problem == "the disk is full");
  CHECK(to_string(*keeper.state().next_due_at) == "2026-03-10T13:00:00.000Z");
  writer.fails = false;
  REQUIRE(keeper.start());
  REQUIRE(comes_true([&] { return keeper.state().last_good_at.has_value() && !keeper.state().is_running; }));
  CHECK(keeper.state().last_problem.empty());
  CHECK(keeper.state().last_bytes == 7);
  CHECK(writer.calls == 2);
}

TEST_CASE("a backup under way is given up when the server stops") {
  const test::TemporaryDirectory directory;
  SetClock clock("2026-03-10T12:00:00Z");
  std::atomic<bool> has_begun{false};
  BackupKeeper keeper({directory.path(),
                       Schedule(),
                       [&](const std::atomic<bool>& is_stopped) -> Result<Backup> {
                         has_begun = true;
                         while (!is_stopped) std::this_thread::sleep_for(1ms);
                         return unavailable("stopped");
                       }},
                      clock);
  REQUIRE(keeper.start());
  REQUIRE(comes_true([&] { return has_begun.load(); }));
  CHECK(keeper.start().error().kind == "backup_is_running");
  keeper.ask_to_stop();
  CHECK(comes_true([&] { return !keeper.state().is_running; }));
  CHECK(keeper.state().failures == 0);
}

TEST_CASE("a backup that somebody else wrote counts: by its age, and against an earlier failure") {
  const test::TemporaryDirectory directory;
  SetClock clock("2026-03-10T12:00:00Z");
  Writer writer{{0}, {true}, clock};
  BackupKeeper keeper(writer.options(directory.path(), "daily"), clock);
  REQUIRE(keeper.start());
  REQUIRE(comes_true([&] { return keeper.state().failures == 1 && !keeper.state().is_running; }));
  clock.set("2026-03-10T12:20:00Z");
  REQUIRE(write_file_atomically(directory.path() + "/dits_backup_20260310_121500.sql.gz", "12345"));
  REQUIRE(comes_true([&] { return keeper.state().last_good_at.has_value(); }));
  CHECK(to_string(*keeper.state().last_good_at) == "2026-03-10T12:15:00.000Z");
  CHECK(keeper.state().last_bytes == 5);
  CHECK(keeper.state().last_problem.empty());
  CHECK(to_string(*keeper.state().next_due_at) == "2026-03-11T03:00:00.000Z");
}

TEST_CASE("to find another one writing is no failure; it is looked again after a minute") {
  const test::TemporaryDirectory directory;
  SetClock clock("2026-03-10T12:00:00Z");
  std::atomic<int> calls{0};
  BackupKeeper keeper({directory.path(),
                       Schedule::parse("daily").value(),
                       [&](const std::atomic<bool>&) -> Result<Backup> {
                         ++calls;
                         return conflict("Another backup is being written.", "backup_is_running");
                       }},
                      clock);
  REQUIRE(keeper.start());
  REQUIRE(comes_true([&] { return calls == 1 && !keeper.state().is_running; }));
  CHECK(keeper.state().failures == 0);
  CHECK(keeper.state().last_problem.empty());
}

TEST_CASE("a clock that ran ahead for a while does not keep backups from being due") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory.path() + "/dits_backup_20260309_120000.sql.gz", "x"));
  REQUIRE(write_file_atomically(directory.path() + "/dits_backup_20310101_000000.sql.gz", "x"));
  SetClock clock("2031-01-01T00:10:00Z");
  Writer writer{{0}, {false}, clock};
  BackupKeeper keeper(writer.options(directory.path(), "daily"), clock);
  CHECK(to_string(*keeper.state().last_good_at) == "2031-01-01T00:00:00.000Z");
  clock.set("2026-03-10T02:00:00Z");
  REQUIRE(comes_true([&] { return keeper.state().next_due_at->unix_ms < clock.now().unix_ms + ms_per_day; }));
  CHECK(to_string(*keeper.state().last_good_at) == "2026-03-09T12:00:00.000Z");
  CHECK(to_string(*keeper.state().next_due_at) == "2026-03-10T03:00:00.000Z");
}

}  // namespace
}  // namespace dits
