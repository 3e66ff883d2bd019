// The table of settings: each of them reaches its member by every way, refuses what makes no sense by its own
// name, and stands in README.md.
#include "server/base/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

// What may be given for a setting, and what is said of a text that may not.
struct Sample {
  std::string good;
  std::string bad;  // empty: every text is good
  std::string told;
  // Of what is secret, or read from a file.
  std::function<std::string(const Config&)> value = {};
  Variables also = {};  // what it can't be without
};

std::string passphrase_of(const Config& config) { return config.backup_passphrase.reveal(); }

// By variable. Files in `directory`.
std::map<std::string, Sample> samples_in(const std::string& directory) {
  const std::string file = directory + "/file";
  REQUIRE(write_file_atomically(file, "a long passphrase\nmore\n"));
  REQUIRE(write_file_atomically(directory + "/postgres", "#!/bin/sh\n", 0700));
  REQUIRE(write_file_atomically(directory + "/empty", "\n"));
  const Sample on{"on", "maybe", "true or false"};
  const auto number = [](const std::string& lowest, const std::string& highest, const std::string& good) {
    return Sample{good, highest + "0", "from " + lowest + " to " + highest};
  };
  return {
      {"HOST", {"::1", "a b", "an address or a name"}},
      {"PORT", number("0", "65535", "4001")},
      {"TLS_CERT", {file, "/nowhere", "/nowhere can't be read", {}, {{"TLS_KEY", file}}}},
      {"TLS_KEY", {file, "/nowhere", "/nowhere can't be read", {}, {{"TLS_CERT", file}}}},
      {"DITS_DATA_DIR", {"/elsewhere/data", "", ""}},
      {"ATTACHMENT_MAX_MB", number("1", "2048", "7")},
      {"ATTACHMENTS_PER_USER_MB", number("1", "10000000", "7")},
      {"DATABASE_URL",
       {"postgresql://a@b/c",
        "mysql://x",
        "postgresql://user:password@host:port/database",
        [](const Config& config) { return config.database_url.reveal(); }}},
      {"DATABASE_POOL_MIN", number("0", "500", "3")},
      {"DATABASE_POOL_MAX", number("1", "500", "11")},
      {"DATABASE_REPLICA_URLS",
       {"postgres://a@b/c, postgres://d@e/f",
        "host=one",
        "postgresql://user:password@host:port/database",
        [](const Config& config) {
          return config.database_replica_urls.at(0).reveal() + ", " +
                 config.database_replica_urls.at(1).reveal();
        },
        {{"DATABASE_URL", "postgresql://a@b/c"}}}},
      {"DATABASE_REPLICA_MAX_LAG", number("1", "3600", "11")},
      {"SLOW_QUERY_MS", number("0", "3600000", "0")},
      {"DITS_PG_BINDIR", {directory, "/nowhere", "holds no program 'postgres'"}},
      {"DITS_OLD_PG_BINDIR", {directory, "/nowhere", "holds no program 'postgres'"}},
      {"REDIS_URL",
       {"redis://a:1/2",
        "http://x",
        "redis://host:port/number",
        [](const Config& config) { return config.redis_url.reveal(); }}},
      {"BACKUP_SCHEDULE", {"30 2 * * 1-5", "sometimes", "sometimes"}},
      {"BACKUP_KEEP_DAYS", number("1", "3650", "9")},
      {"BACKUP_PASSPHRASE", {"a long passphrase", "", "", passphrase_of}},
      {"BACKUP_PASSPHRASE_FILE", {file, directory + "/empty", "its first line is empty", passphrase_of}},
      {"TRUSTED_PROXIES", {"10.0.0.0/8,::1", "10.0.0.0/33", "'10.0.0.0/33' is no address or network"}},
      {"ALLOWED_ORIGINS",
       {"https://a.org,http://b:1", "https://a.org/x", "no origin such as https://example.org"}},
      {"OPEN_REGISTRATION", on},
      {"ALERT_WEBHOOK_URL",
       {"https://a.org/b",
        "ftp://a",
        "https://host/path",
        [](const Config& config) { return config.alert_webhook_url.reveal(); }}},
      {"ALERT_HOLD_SECONDS", number("0", "86400", "7")},
      {"ALERT_DISK_FREE_PERCENT", number("0", "100", "7")},
      {"ALERT_ERROR_PERCENT", number("0", "100", "7")},
      {"ALERT_POOL_WAIT_MS", number("0", "60000", "7")},
      {"ALERT_BACKUP_AGE_HOURS", number("0", "100000", "7")},
      {"ALERT_REPLICA_LAG_SECONDS", number("0", "86400", "7")},
      {"LOG_LEVEL", {"warn", "loud", "debug, info, warn or error"}},
      {"DITS_DEV", on},
      {"DITS_MIGRATE", on},
      {"DITS_SEED", on},
      {"DITS_EXIT", on},
  };
}

// One way in which a setting may be given.
struct Way {
  std::string name;  // as mistakes and the doctor tell it
  ConfigSources sources;
};

std::vector<Way> ways_of(const Setting& setting, const std::string& text, const Variables& also) {
  const std::string variable(setting.variable);
  const auto with = [&](Variables environment) {
    ConfigSources sources;
    environment.insert(also.begin(), also.end());
    environment.emplace("HOME", "/home/nobody");
    sources.environment = [environment](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    return sources;
  };
  std::vector<Way> ways = {{variable, with({{variable, text}})}, {variable + " (.env)", with({})}};
  ways[1].sources.dotenv.variables = {{variable, text}};
  if (!setting.flag.empty()) {
    ways.push_back({std::string(setting.flag), with({})});
    ways.back().sources.flags = {{std::string(setting.flag), text}};
  }
  return ways;
}

TEST_CASE("every setting is taken from its flag, its variable and .env, and what was given is told") {
  const test::TemporaryDirectory directory;
  const std::map<std::string, Sample> samples = samples_in(directory.path());
  for (const Setting& setting : all_settings()) {
    CAPTURE(setting.variable);
    const auto sample = samples.find(std::string(setting.variable));
    REQUIRE_MESSAGE(sample != samples.end(), "samples_in() has to know the setting");
    const auto& [good, bad, told, value, also] = sample->second;
    const auto value_of = [&](const Config& config) {
      return value ? value(config) : setting.value.print(config);
    };
    const bool is_passphrase = setting.variable.starts_with("BACKUP_PASSPHRASE");
    for (const Way& way : ways_of(setting, good, also)) {
      CAPTURE(way.name);
      const Result<Config> config = read_config(way.sources);
      REQUIRE(config);
      CHECK(value_of(*config) == (is_passphrase ? "a long passphrase" : good));
      CHECK((value || value_of(*config) != setting.value.print(Config{})));
      const auto given = std::ranges::find(config->given, way.name, &GivenSetting::name);
      REQUIRE(given != config->given.end());
      CHECK(given->text == (setting.is_secret ? "***" : good));
      CHECK(config->given.size() == 1 + also.size());
    }
  }
  CHECK(samples.size() == all_settings().size());
}

TEST_CASE(
    "a value that makes no sense is refused by the name under which it was given, with what is allowed") {
  const test::TemporaryDirectory directory;
  const std::map<std::string, Sample> samples = samples_in(directory.path());
  for (const Setting& setting : all_settings()) {
    CAPTURE(setting.variable);
    const auto& [good, bad, told, value, also] = samples.at(std::string(setting.variable));
    if (bad.empty()) continue;
    for (const Way& way : ways_of(setting, bad, also)) {
      CAPTURE(way.name);
      const Result<Config> config = read_config(way.sources);
      REQUIRE_FALSE(config);
      REQUIRE(config.error().fields.size() == 1);
      CHECK(config.error().fields[0].field == way.name);
      CAPTURE(config.error().fields[0].message);
      CHECK(config.error().fields[0].message.find(told) != std::string::npos);
    }
  }
}

TEST_SUITE("golden") {
  TEST_CASE("README.md has the table of settings") {
    const std::string readme = read_file("README.md").value();
    const std::string begin = "<!-- settings: begin -->\n";
    const std::size_t first = readme.find(begin);
    const std::size_t last = readme.find("<!-- settings: end -->");
    REQUIRE(first != std::string::npos);
    REQUIRE(last != std::string::npos);
    const std::size_t start = first + begin.size();
    const std::string table = settings_as_markdown();
    if (std::getenv("DITS_UPDATE_GOLDEN") != nullptr)
      std::ofstream("README.md") << readme.substr(0, start) + table + readme.substr(last);
    CHECK(read_file("README.md").value().find(begin + table + "<!-- settings: end -->") != std::string::npos);
  }
}

}  // namespace
}  // namespace dits
