#include "server/base/config.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/test_database.hpp"

namespace dits {
namespace {

ConfigSources sources_with(Variables environment,
                           std::map<std::string, std::string> flags = {},
                           Variables dotenv = {}) {
  ConfigSources sources;
  environment.emplace("HOME", "/home/nobody");
  sources.environment = [environment](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  sources.flags = std::move(flags);
  sources.dotenv.variables = std::move(dotenv);
  return sources;
}

TEST_CASE("without any setting everything has the documented default") {
  const Config config = read_config(sources_with({{"DITS_DATA_DIR", "/data"}})).value();
  CHECK(config.host == "127.0.0.1");
  CHECK(config.port == 3000);
  CHECK(config.database_pool_min == 2);
  CHECK(config.database_pool_max == 10);
  CHECK(config.is_embedded());
  CHECK_FALSE(config.is_tls());
  CHECK_FALSE(config.migrate);
}

TEST_CASE("a flag beats the environment, the environment beats .env, .env beats the default") {
  const Variables dotenv = {{"PORT", "4001"}, {"HOST", "0.0.0.0"}, {"DATABASE_POOL_MAX", "7"}};
  const Config config =
      read_config(sources_with({{"PORT", "4002"}, {"HOST", "::1"}}, {{"--port", "4003"}}, dotenv)).value();
  CHECK(config.port == 4003);
  CHECK(config.host == "::1");
  CHECK(config.database_pool_max == 7);
}

TEST_CASE("a name that may have been meant as a setting is told, and what is somebody else's is not") {
  ConfigSources sources = sources_with({}, {}, {{"LOGLEVEL", "debug"}, {"PGHOST", "x"}});
  sources.environment_names = {"PORT",
                               "DITS_PORT",
                               "DITS_PROT",
                               "DATA_DIR",
                               "REDIS_ULR",
                               "HOSTS",
                               "PATH",
                               "DITS_BINARY",
                               "DITS_TEST_TMP",
                               "HOSTNAME",
                               "LANG"};
  std::string told;
  const Config config = read_config(sources).value();
  for (const FieldError& doubt : config.doubts) told += doubt.field + ": " + doubt.message + "\n";
  CHECK(told ==
        "DITS_PORT: is no setting of DITS; did you mean PORT?\n"
        "DITS_PROT: is no setting of DITS; did you mean PORT?\n"
        "DATA_DIR: is no setting of DITS; did you mean DITS_DATA_DIR?\n"
        "REDIS_ULR: is no setting of DITS; did you mean REDIS_URL?\n"
        "LOGLEVEL (.env): is no setting of DITS; did you mean LOG_LEVEL?\n");
  const auto refused = read_config(sources_with({}, {}, {{"DITS_DATADIR", "x"}}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fields.at(0).message == "is no setting of DITS; did you mean DITS_DATA_DIR?");
}

TEST_CASE("all mistakes are told at once, each with the name under which it was given") {
  const auto result = read_config(sources_with({{"PORT", "70000"}, {"REDIS_URL", "http://x"}},
                                               {{"--log-level", "loud"}, {"--tls-cert", "/nowhere"}},
                                               {{"DITS_SEDE", "1"}}));
  REQUIRE_FALSE(result);
  std::vector<std::string> names;
  for (const FieldError& field : result.error().fields) names.push_back(field.field);
  for (const char* name : {"PORT", "REDIS_URL", "--log-level", "--tls-cert", "DITS_SEDE (.env)"}) {
    CAPTURE(name);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  }
}

TEST_CASE("read replicas are a list of URLs, and need a primary that can have them") {
  const Variables replicas = {{"DATABASE_REPLICA_URLS", "postgresql://a:x@one/d, postgres://b@two/d"}};
  Variables with_primary = replicas;
  with_primary.emplace("DATABASE_URL", "postgresql://a@primary/d");
  const Config config = read_config(sources_with(with_primary)).value();
  REQUIRE(config.database_replica_urls.size() == 2);
  CHECK(config.database_replica_urls[1].reveal() == "postgres://b@two/d");
  CHECK(config.database_replica_max_lag == 10);
  CHECK_FALSE(read_config(sources_with(replicas)));
  with_primary["DATABASE_REPLICA_URLS"] = "host=one";
  CHECK_FALSE(read_config(sources_with(with_primary)));
}

TEST_CASE("values that make no sense are refused") {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"--port", "80x"},
      {"--port", "-1"},
      {"--database-url", "mysql://x"},
      {"--database-pool-max", "0"},
      {"--trusted-proxies", "me"},
      {"--allowed-origins", "x"},
      {"--pg-bindir", "/nowhere"},
      {"--seed", "maybe"},
      {"--trusted-proxies", "10.0.0.0/33"},
  };
  for (const auto& [flag, value] : bad) {
    CAPTURE(flag);
    CAPTURE(value);
    CHECK_FALSE(read_config(sources_with({}, {{flag, value}})));
  }
  CHECK_FALSE(read_config(sources_with({{"DATABASE_POOL_MIN", "5"}, {"DATABASE_POOL_MAX", "3"}})));
}

TEST_CASE("a .env that holds a password must not be readable by others") {
  ConfigSources sources = sources_with({}, {}, {{"DATABASE_URL", "postgresql://a:secret@db/dits"}});
  sources.dotenv.is_private = false;
  CHECK_FALSE(read_config(sources));
  sources.dotenv.is_private = true;
  CHECK(read_config(sources));
  sources = sources_with({}, {}, {{"PORT", "3000"}});
  sources.dotenv.is_private = false;
  CHECK(read_config(sources));
}

TEST_CASE("the mode of a .env decides whether it is private") {
  const test::TemporaryDirectory directory;
  const std::string path = directory.path() + "/.env";
  std::ofstream(path) << "PORT=3100\n";
  ::chmod(path.c_str(), 0600);
  CHECK(read_dotenv(path).value().is_private);
  ::chmod(path.c_str(), 0644);
  CHECK_FALSE(read_dotenv(path).value().is_private);
  CHECK(read_dotenv(directory.path() + "/none").value().variables.empty());
}

TEST_CASE(".env has comments, quotes, export, and names its bad lines") {
  const Variables variables =
      parse_dotenv(
          "# comment\n\nA=1\nexport B = two words # comment\nC=\"a \\\"b\\\" # c\"\nD='single'\r\nE=\n")
          .value();
  CHECK(variables.at("A") == "1");
  CHECK(variables.at("B") == "two words");
  CHECK(variables.at("C") == "a \"b\" # c");
  CHECK(variables.at("D") == "single");
  CHECK(variables.at("E").empty());
  for (const char* bad : {"A", "1A=2", "A=\"open", "A='x' y"}) {
    CAPTURE(bad);
    const auto result = parse_dotenv(std::string("OK=1\n") + bad);
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("line 2") != std::string::npos);
  }
}

TEST_CASE("a password in a URL is not shown") {
  CHECK(without_password("postgresql://a:b@c/d") == "postgresql://a:***@c/d");
  CHECK(without_password("postgresql://a:b:c@d:1/e?x=y@z") == "postgresql://a:***@d:1/e?x=y@z");
  CHECK(without_password("postgresql://a@c/d") == "postgresql://a@c/d");
  CHECK(without_password("postgresql://c/d?password=x&y=z") == "postgresql://c/d?password=***&y=z");
}

}  // namespace
}  // namespace dits
