// The history of backups, which a server and commands write; and a dump of a database that says nothing.
#include "server/backup/history.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/backup/backup.hpp"
#include "server/base/files.hpp"
#include "tests/support/test_database.hpp"

namespace dits {

using namespace std::chrono_literals;

TEST_CASE("no run is lost when several are added to the history at once") {
  const test::TemporaryDirectory directory;
  std::vector<std::thread> writers;
  std::atomic<int> failed = 0;
  for (int writer = 0; writer < 5; ++writer) {
    writers.emplace_back([&, writer] {
      for (int count = 0; count < 10; ++count) {
        BackupRun run;
        run.problem = std::to_string(writer) + "." + std::to_string(count);
        if (!add_to_backup_history(directory.path(), run)) ++failed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(failed == 0);
  std::vector<std::string> problems;
  for (const BackupRun& run : read_backup_history(directory.path())) problems.push_back(run.problem);
  std::ranges::sort(problems);
  problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
  CHECK(problems.size() == 50);
  CHECK(names_in(directory.path()).value() == std::vector<std::string>{"history.json"});
}

TEST_CASE("a dump of a database that says nothing is given up, and leaves no backup") {
  const test::TemporaryDirectory directory;
  const std::string program = directory.path() + "/pg_dump";
  REQUIRE(
      write_file_atomically(program, "#!/bin/sh\n[ \"$1\" = --help ] && exit 0\nexec sleep 1000\n", 0700));
  const BackupPlace place{directory.path() + "/backups", directory.path() + "/none", Secret()};
  embedded::Program silent{program, {}, {"PATH=/usr/bin:/bin"}};
  silent.most_silence = 300ms;
  const Result<Backup> refused = write_backup(silent, place, system_clock());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == "silent");
  CHECK(names_in(place.directory).value() == std::vector<std::string>{".lock"});
}

}  // namespace dits
