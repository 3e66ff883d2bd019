// What the command line tells a person who mistypes, or whose database is away.
#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "shared/json/value.hpp"
#include "tests/http/support/running_server.hpp"

namespace dits::test {

namespace {

std::string output_of(const std::vector<std::string>& arguments, int code, const Headers& environment = {}) {
  std::string output;
  CHECK(run_binary_with_errors(arguments, environment, output) == code);
  return output;
}

bool contains(const std::string& text, std::string_view part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a command that is not there is named, with those that are") {
  CHECK(contains(output_of({"sevre"}, 2),
                 "dits: there is no command 'sevre'. The commands are serve, studio, "));
  CHECK(contains(output_of({"db", "stats"}, 2),
                 "dits: there is no command 'db stats'. The commands are db status, db new, db reset, "));
  CHECK(contains(output_of({"user"}, 2),
                 "dits: Which one? user add, user list, user passwd, user rename, user role, user "
                 "zone, user disable, user enable, user delete, user token;"));
  CHECK(contains(output_of({"user", "token"}, 2),
                 "dits: EMAIL is required; dits user token --help tells more."));
  CHECK(contains(output_of({"db", "--help"}, 0), "which migrations are applied"));
}

TEST_CASE("dits version names everything inside, for people and as JSON, whatever the configuration is") {
  const std::string text = output_of({"version"}, 0, {{"PORT", "nonsense"}});
  const Result<Json> json = parse_json(output_of({"version", "--json"}, 0));
  REQUIRE(json);
  CHECK(text.starts_with("dits " + (*json)["version"].get<std::string>() + "\n"));
  for (const char* name : {"PostgreSQL",
                           "libpq",
                           "cpp-httplib",
                           "OpenSSL",
                           "hiredis",
                           "argon2",
                           "zstd",
                           "zlib",
                           "brotli",
                           "nlohmann_json",
                           "CLI11",
                           "md4c",
                           "Inter",
                           "JetBrains Mono",
                           "Dear ImGui",
                           "Lucide",
                           "GCC",
                           "Emscripten"}) {
    CAPTURE(name);
    REQUIRE((*json)["parts"].contains(name));
    const std::string version = (*json)["parts"][name].get<std::string>();
    CHECK(version.find_first_of("0123456789") == 0);
    CHECK(contains(text, std::string("  ") + name));
    CHECK(contains(text, "  " + version + "\n"));
  }
}

TEST_CASE("a command whose database is away says what to do, and does not tell the password") {
  const TemporaryDirectory directory;
  const Headers environment = {{"DATABASE_URL", "postgresql://anna:geheim@127.0.0.1:9/dits"},
                               {"DITS_DATA_DIR", directory.path()}};
  const std::string output = output_of({"db", "info"}, 3, environment);
  CHECK(contains(output, "dits: cannot connect to the database: "));
  CHECK(contains(output, "\n  is it running, and is the port right?"));
  CHECK_FALSE(contains(output, "geheim"));
  CHECK_FALSE(contains(output, "\t"));
}

TEST_CASE("the doctor does not blame another program for a port while it can't ask whose it is") {
  const RunningServer server;
  const Headers environment = {{"DATABASE_URL", "postgresql://anna:geheim@127.0.0.1:9/dits"},
                               {"PORT", std::to_string(server.port())}};
  const std::string output = output_of({"doctor"}, 1, environment);
  CHECK(contains(output, "is taken, by a running DITS or by another program"));
  CHECK(output.ends_with("dits: 1 problem.\n"));
}

TEST_CASE(
    "a file that holds no issue of GitHub is refused by its name, with what it is and what would be taken") {
  SharedServer shared;
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/issues.csv";
  REQUIRE(write_file_atomically(path, "number,title\n1,hello\n"));
  const std::string output =
      output_of({"import", "github", path, "--user", alice_email}, 2, shared.server.environment());
  CHECK(contains(output, "dits: issues.csv has no issue of GitHub that can be read: it is no JSON"));
  CHECK(contains(output, "gh api --paginate"));
  CHECK(contains(output, "dits import csv"));
  CHECK_FALSE(contains(output, "FILE"));
  REQUIRE(write_file_atomically(path, ""));
  CHECK(contains(output_of({"import", "github", path, "--user", alice_email}, 2, shared.server.environment()),
                 "dits: issues.csv is empty."));
  CHECK(shared.alice.get("/api/v1/issues").json()["items"].empty());
  REQUIRE(write_file_atomically(
      path,
      "[\n  {\"html_url\": \"https://github.com/a/b/issues/1\", \"number\": 1, \"title\": \"First\"}\n]\n"));
  const std::string taken =
      output_of({"import", "github", path, "--user", alice_email}, 0, shared.server.environment());
  CHECK(contains(taken, "1 issue without a state in the file: open"));
  CHECK(shared.alice.get("/api/v1/issues").json()["items"].size() == 1);
}

TEST_CASE("an import that changed something names the lines and ends with a code of its own") {
  SharedServer shared;
  const TemporaryDirectory directory;
  const std::string table = directory.path() + "/issues.csv";
  REQUIRE(write_file_atomically(table, "title\nplain\n"));
  output_of({"import", "csv", table, "--user", alice_email}, 0, shared.server.environment());
  REQUIRE(write_file_atomically(table, "title\nplain\nCafe\u0301\n"));
  const std::string output =
      output_of({"import", "csv", table, "--user", alice_email}, 6, shared.server.environment());
  CHECK(contains(output, "line 3: title: "));
  CHECK(contains(output, "dits: Imported, but 1 value came in otherwise than in the file"));
  const std::string broken =
      output_of({"import", "github", "tests/fixtures/github-issues-broken.jsonl", "--user", alice_email},
                6,
                shared.server.environment());
  CHECK(contains(broken, "dits: Imported, but 2 issues could not be read"));
  CHECK(contains(broken, "line 3: item 2: "));
  const Answer sent = shared.alice.call("POST",
                                        "/api/v1/import?format=csv",
                                        "title\nCafe\u0301\n",
                                        {{"Content-Type", "application/octet-stream"}});
  CHECK(sent.status == 200);
  CHECK(sent.json()["noteCount"] == 1);
  CHECK(sent.json()["notes"][0]["line"] == 2);
}

TEST_CASE("over HTTP a table's mistakes speak of parameters, and a gzipped one is called that") {
  SharedServer shared;
  const auto send = [&](const std::string& body) {
    return shared.alice
        .call("POST", "/api/v1/import?format=csv", body, {{"Content-Type", "application/octet-stream"}})
        .json()
        .dump();
  };
  const std::string mistakes = send("title,Owner,status,due\nA,x,Nowhere,3/4/2025\n");
  for (const char* const parameter : {"columns='Owner='", "values='status:Nowhere=", "dates=day-first"})
    CHECK(contains(mistakes, parameter));
  CHECK_FALSE(contains(mistakes, "--"));
  const std::string letters = send("title\n\xE4\n");
  CHECK(contains(letters, "encoding=windows-1252"));
  CHECK_FALSE(contains(letters, "--encoding"));
  CHECK(contains(send("\x1F\x8B\x08\x00 and so on"), "This file is gzipped"));
}

}  // namespace dits::test
