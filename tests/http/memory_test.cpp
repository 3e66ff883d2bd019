// What goes in and out in pieces is never held whole: the memory that it takes does not grow with it.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/http/support/running_server.hpp"
#include "tests/support/needs.hpp"

namespace dits::test {
namespace {

constexpr long most_growth_kb = 24 * 1024;

// DITS_TEST_ROWS: for measurements with more.
int row_count() {
  const char* rows = std::getenv("DITS_TEST_ROWS");
  return rows == nullptr ? 2000 : std::atoi(rows);
}

void write_table(const std::string& path, int rows) {
  std::ofstream file(path, std::ios::binary);
  std::string description;
  while (description.size() < 10'000) description += "word ";
  file << "number,title,description,project,labels,parent\n";
  for (int row = 1; row <= rows; ++row) {
    file << row << ",Row " << row << ',' << description << ",Project " << row % 7 << ",\"l" << row % 5 << ",l"
         << row % 3 << "\"," << (row > 1 ? std::to_string(row / 2) : "") << '\n';
  }
}

// A list of issues of GitHub over many lines, as pages one behind the other.
void write_issues(const std::string& path, int issues) {
  std::ofstream file(path, std::ios::binary);
  std::string body;
  while (body.size() < 20'000) body += "word #1 ";
  for (int number = 1; number <= issues; ++number) {
    if (number % 100 == 1) file << (number > 1 ? "]\n[\n" : "[\n");
    file << (number % 100 == 1 ? "" : ",\n") << "{\n\"number\": " << number << ",\n\"title\": \"Issue "
         << number << "\",\n\"url\": \"https://github.com/a/b/issues/" << number
         << "\",\n\"createdAt\": \"2025-01-01T00:00:00Z\",\n\"body\": \"" << body << "\"\n}";
  }
  file << "]\n";
}

long peak_kb(const RunningServer& server, const std::vector<std::string>& arguments) {
  std::string output;
  long peak = 0;
  REQUIRE(run_binary(arguments, server.environment(), "", output, &peak) == 0);
  return peak;
}

}  // namespace

TEST_CASE("the memory of an import or export does not grow with what goes through it") {
  if (lacks(Need::own_memory)) return;
  const TemporaryDirectory directory;
  const std::string few = directory.path() + "/few.csv";
  const std::string many = directory.path() + "/many.csv";
  write_table(few, 20);
  write_table(many, row_count());
  const RunningServer server;
  const auto add = [&](const std::string& email) {
    std::string output;
    REQUIRE(run_binary({"user", "add", email, "--name", "M", "--password-stdin"},
                       server.environment(),
                       "a good long password\n",
                       output) == 0);
  };
  add("few@example.org");
  add("many@example.org");
  const long few_in = peak_kb(server, {"import", "csv", few, "--user", "few@example.org"});
  const long many_in = peak_kb(server, {"import", "csv", many, "--user", "many@example.org"});
  CHECK(many_in - few_in < most_growth_kb);
  MESSAGE("import csv: ",
          std::filesystem::file_size(many) >> 20U,
          " MB with ",
          many_in >> 10,
          " MB of memory, ",
          std::filesystem::file_size(few) >> 10U,
          " KB with ",
          few_in >> 10);
  const std::string few_issues = directory.path() + "/few.json";
  const std::string many_issues = directory.path() + "/many.json";
  write_issues(few_issues, 20);
  write_issues(many_issues, row_count());
  add("few-github@example.org");
  add("many-github@example.org");
  const long few_github =
      peak_kb(server, {"import", "github", few_issues, "--user", "few-github@example.org"});
  const long many_github =
      peak_kb(server, {"import", "github", many_issues, "--user", "many-github@example.org"});
  CHECK(many_github - few_github < most_growth_kb);
  MESSAGE("import github: ", many_github >> 10, " MB of memory, few issues ", few_github >> 10);
  for (const std::string format : {"json", "csv", "markdown"}) {
    const std::string out = directory.path() + "/out-" + format;
    const long few_out = peak_kb(server, {"export", format, "--user", "few@example.org", "-o", out + "-few"});
    const long many_out =
        peak_kb(server, {"export", format, "--user", "many@example.org", "-o", out + "-many"});
    CHECK(many_out - few_out < most_growth_kb);
    MESSAGE("export ", format, ": ", many_out >> 10, " MB of memory, few issues ", few_out >> 10);
  }
  add("again@example.org");
  const long json_in =
      peak_kb(server, {"import", "json", directory.path() + "/out-json-many", "--user", "again@example.org"});
  CHECK(json_in - few_in < most_growth_kb);
  MESSAGE("import json: ", json_in >> 10, " MB of memory");
  std::string again;
  REQUIRE(run_binary({"export", "csv", "--user", "again@example.org"}, server.environment(), "", again) == 0);
  std::ifstream first(directory.path() + "/out-csv-many", std::ios::binary);
  CHECK(again == std::string(std::istreambuf_iterator<char>(first), {}));
}

}  // namespace dits::test
