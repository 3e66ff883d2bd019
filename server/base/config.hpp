// The configuration: where the value of a setting comes from (server/base/settings has them all), and whether
// together they make sense.
// A flag beats the environment, the environment beats ".env", ".env" beats the default. All mistakes are told
// at once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/dotenv.hpp"
#include "server/base/log.hpp"
#include "server/base/schedule.hpp"
#include "server/base/secret.hpp"
#include "shared/core/result.hpp"

namespace dits {

// A setting that somebody has set.
struct GivenSetting {
  std::string variable;  // "PORT"
  std::string name;      // by which it was given: "--port", "PORT", "PORT (.env)"
  std::string text;      // "***" for what is secret
};

struct Setting;

struct Config {
  std::string host = "127.0.0.1";
  int port = 3000;  // 0: any free one
  std::string tls_cert;
  std::string tls_key;
  std::string data_dir;  // absolute

  Secret database_url;  // empty: the embedded PostgreSQL
  int database_pool_min = 2;
  int database_pool_max = 10;
  std::string pg_bindir;  // programs of a PostgreSQL of this machine instead of the ones inside; empty: the
                          // ones inside
  std::string old_pg_bindir;  // programs for a database of an earlier version; empty: look for some
  int attachment_max_mb = 25;
  int attachments_per_user_mb = 2048;
  int slow_query_ms = 200;
  std::vector<Secret> database_replica_urls;  // read replicas of database_url
  int database_replica_max_lag = 10;          // seconds; what lags more is not read from

  Secret redis_url;

  Schedule backup_schedule = Schedule::parse("daily").value();
  int backup_keep_days = 7;
  Secret backup_passphrase;  // empty: backups are not encrypted

  std::vector<std::string> trusted_proxies;  // addresses or networks whose forwarded headers are believed
  std::vector<std::string> allowed_origins;  // of other sites whose pages may call the API; empty: none
  bool open_registration = false;

  Secret alert_webhook_url;  // empty: alerts are in the log, /metrics and the admin's page alone
  int alert_hold_seconds = 60;
  int alert_disk_free_percent = 10;
  int alert_error_percent = 5;
  int alert_pool_wait_ms = 250;
  int alert_backup_age_hours = 48;  // 0: never
  int alert_replica_lag_seconds = 30;

  log::Level log_level = log::Level::info;
  bool dev = false;      // query log, readable errors on the console
  bool migrate = false;  // apply pending migrations to an external database
  bool seed = false;
  bool exit_when_ready = false;

  std::vector<GivenSetting> given;
  // Names in the environment and in ".env" that are no settings, but may have been meant as some: the name,
  // and which.
  std::vector<FieldError> doubts;

  bool is_embedded() const { return database_url.is_empty(); }
  bool is_tls() const { return !tls_cert.empty(); }
};

// Where values come from, as parameters, so that tests need neither argv nor the process's environment.
struct ConfigSources {
  std::map<std::string, std::string> flags;  // by flag; a switch that was given has the value "true"
  std::function<std::optional<std::string>(const std::string& variable)> environment;
  std::vector<std::string> environment_names = {};  // of all variables in it
  DotenvFile dotenv;
  std::string dotenv_problem = {};  // why there is one that could not be read
};

// Errors: invalid, with every mistake in `fields` (field = the flag, variable or file that is wrong).
Result<Config> read_config(const ConfigSources& sources);
// The same, and what could be read is in `config` whatever else is wrong.
Result<void> read_config_into(Config& config, const ConfigSources& sources);

// A setting as it holds now.
struct SettingInUse {
  const Setting* setting = nullptr;
  std::string text;  // "***" for what is secret
  std::string from;  // as GivenSetting::name; "default"
};
std::vector<SettingInUse> settings_in_use(const Config& config);

// The process's own environment.
std::optional<std::string> environment_variable(const std::string& name);
std::vector<std::string> environment_variable_names();

// Where data lives when nobody says: $XDG_DATA_HOME/dits or ~/.local/share/dits; for a user without a usable
// home ./dits-data, and as the last resort a private directory in /var/tmp.
std::string default_data_dir(const ConfigSources& sources);

}  // namespace dits
