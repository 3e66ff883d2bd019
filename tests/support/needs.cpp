#include "tests/support/needs.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <unistd.h>

#include "server/base/config.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {
namespace {

struct Known {
  const char* what;
  bool may_be_missing;
  bool (*is_there)();
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_under_sanitizer = true;
#else
constexpr bool is_under_sanitizer = false;
#endif

bool can_number_processes() {
  return ::geteuid() == 0 && ::system("unshare --pid --fork --mount-proc true 2>/dev/null") == 0;
}

Known known(Need need) {
  switch (need) {
    case Need::redis:
      return {"Redis (redis-server)", false, has_redis};
    case Need::postgres15:
      return {"the programs of PostgreSQL 15", false, [] { return !postgres15_directory().empty(); }};
    case Need::own_cluster:
      return {"a cluster of the tests' own (TEST_DATABASE_URL is set)", false, [] {
                return test_cluster() != nullptr;
              }};
    case Need::postgres_inside:
      return {"the PostgreSQL inside (DITS_PG_BINDIR is set)", false, [] {
                return !environment_variable("DITS_PG_BINDIR");
              }};
    case Need::root:
      return {"root's rights", true, [] { return ::geteuid() == 0; }};
    case Need::small_disk:
      return {"the right to mount a small disk", true, [] { return SmallDisk(1).is_mounted(); }};
    case Need::own_processes:
      return {"the right to number processes anew (unshare)", true, can_number_processes};
    case Need::own_memory:
      return {"memory without a sanitizer's", true, [] { return !is_under_sanitizer; }};
  }
  std::abort();
}

bool is_continuous_integration() {
  const std::string value = environment_variable("CI").value_or("");
  return !value.empty() && value != "0" && value != "false";
}

const char* running = "";
std::map<std::string_view, std::set<std::string>> skipped;  // what is missing, and the tests that need it

// Knows which test runs, and tells of those that did not.
class SkipReport : public doctest::IReporter {
 public:
  explicit SkipReport(const doctest::ContextOptions& /*options*/) {}

  void test_case_start(const doctest::TestCaseData& test) override { running = test.m_name; }
  void test_run_end(const doctest::TestRunStats& /*stats*/) override {
    std::set<std::string> names;
    for (const auto& [what, tests] : skipped) names.insert(tests.begin(), tests.end());
    if (names.empty()) return;
    std::printf("skipped: %zu test cases\n", names.size());
    for (const auto& [what, tests] : skipped) {
      std::printf("  %s is missing for\n", std::string(what).c_str());
      for (const std::string& name : tests) std::printf("    %s\n", name.c_str());
    }
    std::fflush(stdout);
  }

  void report_query(const doctest::QueryData& /*data*/) override {}
  void test_run_start() override {}
  void test_case_reenter(const doctest::TestCaseData& /*test*/) override {}
  void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {}
  void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& /*data*/) override {}
  void log_message(const doctest::MessageData& /*message*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}
};

REGISTER_LISTENER("skips", 1, SkipReport);

}  // namespace

bool lacks(Need need) {
  const Known it = known(need);
  if (it.is_there()) return false;
  if (is_continuous_integration() && !it.may_be_missing) {
    FAIL_CHECK("continuous integration needs ", std::string(it.what));
  } else {
    skipped[it.what].insert(running);
  }
  return true;
}

}  // namespace dits::test
