// A test whose needs this machine does not meet is never taken for one that passed.
#include <cstdio>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <sys/wait.h>

namespace dits {
namespace {

struct Ended {
  int code = -1;
  std::string told;
};

// This program once more, with the tests of one file and another environment.
Ended run_tests_of(const std::string& file, const std::string& environment) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string command = "env -u CI " + environment + " '" + program +
                              "' --no-intro --no-colors --source-file='*" + file + "' 2>&1";
  std::FILE* const pipe = ::popen(command.c_str(), "re");
  REQUIRE(pipe != nullptr);
  Ended ended;
  char piece[512];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) ended.told += piece;
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("tests that lack what they need fail in continuous integration; elsewhere each is named") {
  struct Missing {
    const char* variable;
    const char* file;
    const char* what;
    const char* test;
  };
  for (const auto& [variable, file, what, test] : {Missing{"DITS_REDIS_SERVER",
                                                           "tests/server/cache/redis_test.cpp",
                                                           "Redis (redis-server)",
                                                           "statistics of another head are not given out"},
                                                   {"DITS_POSTGRES15_BIN",
                                                    "tests/server/db/replicas_test.cpp",
                                                    "the programs of PostgreSQL 15",
                                                    "stale reads go to the replica"}}) {
    CAPTURE(file);
    const std::string nowhere = std::string(variable) + "=/nowhere";
    const Ended here = run_tests_of(file, nowhere);
    CAPTURE(here.told);
    CHECK(here.code == 0);
    CHECK(holds(here.told, "skipped: "));
    CHECK(holds(here.told, std::string(what) + " is missing for\n"));
    CHECK(holds(here.told, test));
    const Ended in_ci = run_tests_of(file, "CI=true " + nowhere);
    CAPTURE(in_ci.told);
    CHECK(in_ci.code != 0);
    CHECK(holds(in_ci.told, std::string("continuous integration needs ") + what));
    CHECK_FALSE(holds(in_ci.told, "skipped: "));
  }
}

}  // namespace dits
