// The real executable in a data directory that belongs to another database: it stops, and nothing is lost.
#include <filesystem>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "server/backup/backup.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "tests/http/support/running_server.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/streaming_pair.hpp"

namespace dits::test {

namespace {

// A data directory with the database inside it, an account, a file of an attachment and a backup.
class EmbeddedData {
 public:
  explicit EmbeddedData(std::vector<std::string> flags = {}) : flags_(std::move(flags)) {
    REQUIRE(::chmod(directory_.path().c_str(), 0755) == 0);  // root's PostgreSQL runs as somebody else
    std::string output;
    REQUIRE(run(with_flags({"user", "add", "anna@x.dev", "--name", "Anna", "--password-stdin"}),
                {},
                "correct horse battery\n",
                output) == 0);
    REQUIRE(make_directories(std::filesystem::path(file()).parent_path().string()));
    REQUIRE(write_file_atomically(file(), "a picture"));
    REQUIRE(run(with_flags({"backup"}), {}, "", output) == 0);
  }

  std::string path() const { return directory_.path() + "/data"; }
  std::string file() const { return path() + "/attachments/" + hex(sha256("a picture")).insert(2, "/"); }
  bool is_whole() const {
    return std::filesystem::exists(file()) && list_backups(path() + "/backups").size() == 1;
  }
  std::string accounts(const std::vector<std::string>& flags) const {
    std::string output;
    std::vector<std::string> arguments{"user", "list"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    run(arguments, {}, "", output);
    return output;
  }
  std::string accounts() const { return accounts(flags_); }

  int run(const std::vector<std::string>& arguments,
          Headers environment,
          const std::string& input,
          std::string& output) const {
    environment.emplace_back("DITS_DATA_DIR", path());
    output.clear();
    if (input.empty()) return run_binary_with_errors(arguments, environment, output);
    return run_binary(arguments, environment, input, output);
  }

 private:
  std::vector<std::string> with_flags(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), flags_.begin(), flags_.end());
    return arguments;
  }

  TemporaryDirectory directory_;
  std::vector<std::string> flags_;
};

Headers only(Headers variables, std::string_view name) {
  std::erase_if(variables, [&](const auto& variable) { return variable.first != name; });
  return variables;
}

bool contains(const std::string& text, std::string_view part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "an external database does not get at the attachments and backups of the one inside the data directory") {
  const EmbeddedData data;
  RunningServer server;
  const Headers external = only(server.environment(), "DATABASE_URL");
  std::string output;
  for (const std::vector<std::string>& start :
       {std::vector<std::string>{"--migrate", "--exit"}, {"--exit"}, {"studio", "--port", "0"}}) {
    CHECK(data.run(start, external, "", output) == 1);
    CHECK(contains(output, "The data directory " + data.path() + " belongs to the database "));
    CHECK(contains(output, "(the one inside it)"));
    CHECK(contains(output, "start without DATABASE_URL"));
  }
  CHECK(data.run({"backup"}, external, "", output) == 1);
  CHECK(contains(output, "belongs to the database "));
  CHECK(data.run({"doctor"}, external, "", output) == 1);
  CHECK(contains(output, "PROBLEM  The data directory " + data.path() + " belongs to the database "));
  // What needs no file of the directory goes on.
  CHECK(data.run({"user", "list"}, external, "", output) == 0);
  CHECK(data.is_whole());
  CHECK(contains(data.accounts(), "anna@x.dev"));
}

TEST_CASE("an empty database is not served beside the full one of another PostgreSQL") {
  if (lacks(Need::postgres15)) return;
  const EmbeddedData data({"--pg-bindir", postgres15_directory()});
  std::string output;
  // Refused, or with everything in it.
  if (data.run({"--exit"}, {}, "", output) == 0) {
    CHECK(contains(data.accounts({}), "anna@x.dev"));
  } else {
    CHECK(contains(output, "PostgreSQL"));
    CHECK(contains(output, data.path()));
    CHECK(contains(data.accounts(), "anna@x.dev"));
  }
  CHECK(std::filesystem::exists(data.file()));
  CHECK_FALSE(list_backups(data.path() + "/backups").empty());
}

TEST_CASE("an empty cluster that an earlier DITS has made beside a full one is not served either") {
  if (lacks(Need::postgres15)) return;
  const EmbeddedData data({"--pg-bindir", postgres15_directory()});
  // As it was before there were identities: the directory names nobody.
  std::filesystem::remove(data.path() + "/identity");
  std::filesystem::remove(data.path() + "/attachments/identity");
  std::string output;
  if (data.run({"--exit"}, {}, "", output) == 0) CHECK(contains(data.accounts({}), "anna@x.dev"));
  CHECK(std::filesystem::exists(data.file()));
  CHECK_FALSE(list_backups(data.path() + "/backups").empty());
}

TEST_CASE(
    "servers and commands on one database share its data directory, and the database inside stays out") {
  RunningServer first;
  const Headers environment = first.environment();
  std::string output;
  CHECK(run_binary_with_errors({"--exit"}, environment, output) == 0);
  CHECK(run_binary_with_errors({"backup"}, environment, output) == 0);
  output.clear();
  // The tests' own PostgreSQL is without fsync, about which the doctor complains.
  CHECK(run_binary_with_errors({"doctor"}, environment, output) == 1);
  CHECK(contains(output, "ok       data directory and attachments belong to the database "));
  output.clear();
  const Headers without_url = only(environment, "DITS_DATA_DIR");
  CHECK(run_binary_with_errors({"--exit"}, without_url, output) == 1);
  CHECK(contains(output, "A DITS on an external database (DATABASE_URL) uses the data directory"));
  CHECK(first.terminate() == 0);
  output.clear();
  CHECK(run_binary_with_errors({"--exit"}, without_url, output) == 1);
  CHECK(contains(output, "start with its DATABASE_URL"));
}

TEST_CASE("a backup of another database is marked where backups are listed") {
  const EmbeddedData data;
  const Backup own = list_backups(data.path() + "/backups").front();
  Manifest manifest = *own.manifest;
  manifest.file = "dits_backup_20200102_030405.sql.gz";
  manifest.contents.database = "22222222-2222-4222-8222-222222222222";
  std::filesystem::copy(own.path, data.path() + "/backups/" + manifest.file);
  REQUIRE(write_file_atomically(data.path() + "/backups/dits_backup_20200102_030405.json",
                                manifest_to_text(manifest)));
  std::string output;
  for (const std::vector<std::string>& list :
       {std::vector<std::string>{"backup", "--list"}, {"restore", "--list"}}) {
    CHECK(data.run(list, {}, "", output) == 0);
    CHECK(contains(output, "FOREIGN: of the database 22222222-2222-4222-8222-222222222222"));
    CHECK(output.find("FOREIGN") == output.rfind("FOREIGN"));
  }
  CHECK(data.run({"doctor"}, {{"PORT", "0"}}, "", output) == 0);
  CHECK(contains(output, "note     1 backup is of another database"));
}

}  // namespace dits::test
