#include "server/base/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

using Section = SettingSection;

Error expected(std::string what) { return invalid({}, std::move(what)); }

// Of what is secret.
std::string nothing(const Config& /*config*/) { return {}; }

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> items_of(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (const std::string_view item = trim(text.substr(0, comma)); !item.empty()) items.emplace_back(item);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return items;
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
  return text;
}

// "10.0.0.0/8", "::1".
bool is_address_or_network(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  std::array<unsigned char, 16> bytes{};
  const bool is_v4 = ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (!is_v4 && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return false;
  if (slash == std::string::npos) return true;
  const std::optional<int> bits = whole_number(std::string_view(text).substr(slash + 1));
  return bits && *bits >= 0 && *bits <= (is_v4 ? 32 : 128);
}

bool is_postgres_url(std::string_view url) { return starts_with_any(url, {"postgresql://", "postgres://"}); }
constexpr const char* postgres_url = "expected postgresql://user:password@host:port/database.";

// What the values of several settings have in common.
template <int Config::*member, int lowest, int highest>
constexpr SettingValue number = {[](const std::string& text, Config& config) -> Result<void> {
                                   const std::optional<int> value = whole_number(text);
                                   if (!value || *value < lowest || *value > highest) {
                                     return expected("expected a number from " + std::to_string(lowest) +
                                                     " to " + std::to_string(highest) + ", got '" + text +
                                                     "'.");
                                   }
                                   config.*member = *value;
                                   return {};
                                 },
                                 [](const Config& config) { return std::to_string(config.*member); }};

template <bool Config::*member>
constexpr SettingValue on_or_off = {
    [](const std::string& text, Config& config) -> Result<void> {
      const bool is_on = text == "1" || text == "true" || text == "yes" || text == "on";
      if (!is_on && text != "0" && text != "false" && text != "no" && text != "off")
        return expected("expected true or false, got '" + text + "'.");
      config.*member = is_on;
      return {};
    },
    [](const Config& config) { return std::string(config.*member ? "on" : "off"); }};

template <std::string Config::*member>
constexpr SettingValue readable_file = {[](const std::string& text, Config& config) -> Result<void> {
                                          config.*member = text;
                                          if (!text.empty() && ::access(text.c_str(), R_OK) != 0)
                                            return expected(text + " can't be read.");
                                          return {};
                                        },
                                        [](const Config& config) { return config.*member; }};

template <std::string Config::*member>
constexpr SettingValue postgres_programs = {
    [](const std::string& text, Config& config) -> Result<void> {
      if (!text.empty() && ::access((text + "/postgres").c_str(), X_OK) != 0)
        return expected(text + " holds no program 'postgres' that may be run.");
      config.*member = text;
      return {};
    },
    [](const Config& config) { return config.*member; }};

constexpr SettingValue host = {[](const std::string& text, Config& config) -> Result<void> {
                                 if (text.find_first_of(" /\t\r\n") != std::string::npos)
                                   return expected("expected an address or a name.");
                                 config.host = text;
                                 return {};
                               },
                               [](const Config& config) { return config.host; }};

constexpr SettingValue data_dir = {[](const std::string& text, Config& config) -> Result<void> {
                                     config.data_dir = text;
                                     return {};
                                   },
                                   [](const Config& config) { return config.data_dir; }};

constexpr SettingValue database_url = {[](const std::string& text, Config& config) -> Result<void> {
                                         config.database_url = Secret(text);
                                         if (!is_postgres_url(text)) return expected(postgres_url);
                                         return {};
                                       },
                                       nothing};

constexpr SettingValue replica_urls = {[](const std::string& text, Config& config) -> Result<void> {
                                         config.database_replica_urls.clear();
                                         for (std::string& url : items_of(text)) {
                                           if (!is_postgres_url(url)) return expected(postgres_url);
                                           config.database_replica_urls.emplace_back(std::move(url));
                                         }
                                         return {};
                                       },
                                       nothing};

constexpr SettingValue redis_url = {[](const std::string& text, Config& config) -> Result<void> {
                                      if (!starts_with_any(text, {"redis://", "rediss://", "unix://"}))
                                        return expected("expected redis://host:port/number.");
                                      config.redis_url = Secret(text);
                                      return {};
                                    },
                                    nothing};

constexpr SettingValue schedule = {[](const std::string& text, Config& config) -> Result<void> {
                                     config.backup_schedule = TRY(Schedule::parse(text));
                                     return {};
                                   },
                                   [](const Config& config) { return config.backup_schedule.text(); }};

constexpr SettingValue passphrase = {[](const std::string& text, Config& config) -> Result<void> {
                                       config.backup_passphrase = Secret(text);
                                       return {};
                                     },
                                     nothing};

constexpr SettingValue passphrase_file = {[](const std::string& text, Config& config) -> Result<void> {
                                            const std::string content = TRY(read_file(text));
                                            std::string line = content.substr(0, content.find('\n'));
                                            if (line.ends_with('\r')) line.pop_back();
                                            if (line.empty()) return expected("its first line is empty.");
                                            config.backup_passphrase = Secret(std::move(line));
                                            return {};
                                          },
                                          nothing};

constexpr SettingValue proxies = {[](const std::string& text, Config& config) -> Result<void> {
                                    config.trusted_proxies = items_of(text);
                                    for (const std::string& proxy : config.trusted_proxies) {
                                      if (!is_address_or_network(proxy))
                                        return expected("'" + proxy + "' is no address or network.");
                                    }
                                    return {};
                                  },
                                  [](const Config& config) { return joined(config.trusted_proxies); }};

constexpr SettingValue origins = {
    [](const std::string& text, Config& config) -> Result<void> {
      config.allowed_origins = items_of(text);
      for (const std::string& origin : config.allowed_origins) {
        const std::size_t scheme = origin.find("://");
        if (!starts_with_any(origin, {"https://", "http://"}) ||
            origin.find('/', scheme + 3) != std::string::npos)
          return expected("'" + origin + "' is no origin such as https://example.org.");
      }
      return {};
    },
    [](const Config& config) { return joined(config.allowed_origins); }};

constexpr SettingValue webhook = {[](const std::string& text, Config& config) -> Result<void> {
                                    if (!starts_with_any(text, {"https://", "http://"}) ||
                                        text.find_first_of(" \t\r\n") != std::string::npos)
                                      return expected("expected https://host/path.");
                                    config.alert_webhook_url = Secret(text);
                                    return {};
                                  },
                                  nothing};

constexpr SettingValue log_level = {
    [](const std::string& text, Config& config) -> Result<void> {
      const auto known = log::level_from_name(text);
      if (!known) return expected("expected debug, info, warn or error, got '" + text + "'.");
      config.log_level = *known;
      return {};
    },
    [](const Config& config) { return std::string(log::name_of(config.log_level)); }};

// In this order they are read, and shown.
// clang-format off
constexpr Setting settings[] = {
    {Section::listening, "--host", "HOST", "H", "", "address to listen on", host},
    {Section::listening, "--port", "PORT", "N", "", "port to listen on; 0 takes any free one", number<&Config::port, 0, 65535>},
    {Section::listening, "--tls-cert", "TLS_CERT", "FILE", "", "certificate chain (PEM); with --tls-key the server speaks HTTPS. Read again when it changes, and by a service on SIGHUP", readable_file<&Config::tls_cert>},
    {Section::listening, "--tls-key", "TLS_KEY", "FILE", "", "private key of the certificate (PEM)", readable_file<&Config::tls_key>},
    {Section::data, "--data-dir", "DITS_DATA_DIR", "D", "~/.local/share/dits", "database, attachments, backups, all of one database; mode 0700", data_dir},
    {Section::data, "--attachment-max-mb", "ATTACHMENT_MAX_MB", "N", "", "largest file that may hang on an issue", number<&Config::attachment_max_mb, 1, 2048>},
    {Section::data, "--attachments-per-user-mb", "ATTACHMENTS_PER_USER_MB", "N", "", "what all files of one user may take", number<&Config::attachments_per_user_mb, 1, 10'000'000>},
    {Section::database, "--database-url", "DATABASE_URL", "U", "the PostgreSQL inside", "an external PostgreSQL 15 or newer", database_url, true},
    {Section::database, "--database-pool-min", "DATABASE_POOL_MIN", "N", "", "database connections kept open", number<&Config::database_pool_min, 0, 500>},
    {Section::database, "--database-pool-max", "DATABASE_POOL_MAX", "N", "", "database connections allowed", number<&Config::database_pool_max, 1, 500>},
    {Section::database, "--database-replica-urls", "DATABASE_REPLICA_URLS", "U,...", "", "read replicas of --database-url: lists, search, figures and history are read there; own writes are always seen (several instances need a Redis for that)", replica_urls, true},
    {Section::database, "--database-replica-max-lag", "DATABASE_REPLICA_MAX_LAG", "S", "", "a replica that lags more seconds is left out until it has caught up", number<&Config::database_replica_max_lag, 1, 3600>},
    {Section::database, "--slow-query-ms", "SLOW_QUERY_MS", "N", "", "slower statements are logged, the worst run of each with its plan", number<&Config::slow_query_ms, 0, 3'600'000>},
    {Section::database, "--pg-bindir", "DITS_PG_BINDIR", "DIR", "those inside", "run this machine's PostgreSQL programs (15 or newer)", postgres_programs<&Config::pg_bindir>},
    {Section::database, "--old-pg-bindir", "DITS_OLD_PG_BINDIR", "DIR", "looked for", "programs of the earlier PostgreSQL that made the database, to upgrade it", postgres_programs<&Config::old_pg_bindir>},
    {Section::redis, "--redis-url", "REDIS_URL", "U", "in-process cache", "Redis 7 or newer, shared by all instances: sessions, figures, limits, events", redis_url, true},
    {Section::backups, "--backup-schedule", "BACKUP_SCHEDULE", "S", "", "when the server writes a backup: daily (03:00, the machine's time), hourly, weekly, off, or cron's five fields", schedule},
    {Section::backups, "--backup-keep-days", "BACKUP_KEEP_DAYS", "N", "", "days that backups are kept; the newest three always", number<&Config::backup_keep_days, 1, 3650>},
    {Section::backups, "", "BACKUP_PASSPHRASE", "P", "", "encrypts backups (scrypt, AES-256-GCM) and opens them; 8 characters or more", passphrase, true},
    {Section::backups, "--backup-passphrase-file", "BACKUP_PASSPHRASE_FILE", "FILE", "", "its first line encrypts backups and opens them; or set BACKUP_PASSPHRASE", passphrase_file},
    {Section::access, "--trusted-proxies", "TRUSTED_PROXIES", "A,...", "", "addresses or networks whose X-Forwarded-* headers are believed", proxies},
    {Section::access, "--allowed-origins", "ALLOWED_ORIGINS", "O,...", "", "other sites whose pages may call the API, as https://example.org", origins},
    {Section::access, "--open-registration", "OPEN_REGISTRATION", "", "", "anyone who reaches the server may make an account, once the first one was made with the printed link", on_or_off<&Config::open_registration>},
    {Section::alerts, "--alert-webhook-url", "ALERT_WEBHOOK_URL", "U", "", "receives alerts as JSON by POST", webhook, true},
    {Section::alerts, "--alert-hold-seconds", "ALERT_HOLD_SECONDS", "N", "", "how long a threshold is crossed before its alert fires", number<&Config::alert_hold_seconds, 0, 86'400>},
    {Section::alerts, "--alert-disk-free-percent", "ALERT_DISK_FREE_PERCENT", "N", "", "alert below; of the data directory's disk", number<&Config::alert_disk_free_percent, 0, 100>},
    {Section::alerts, "--alert-error-percent", "ALERT_ERROR_PERCENT", "N", "", "alert above; answers of 5xx among all", number<&Config::alert_error_percent, 0, 100>},
    {Section::alerts, "--alert-pool-wait-ms", "ALERT_POOL_WAIT_MS", "N", "", "alert above; mean wait for a database connection", number<&Config::alert_pool_wait_ms, 0, 60'000>},
    {Section::alerts, "--alert-backup-age-hours", "ALERT_BACKUP_AGE_HOURS", "N", "", "alert above; age of the newest backup, 0: never", number<&Config::alert_backup_age_hours, 0, 100'000>},
    {Section::alerts, "--alert-replica-lag-seconds", "ALERT_REPLICA_LAG_SECONDS", "N", "", "alert above; a read replica's lag", number<&Config::alert_replica_lag_seconds, 0, 86'400>},
    {Section::log, "--log-level", "LOG_LEVEL", "L", "", "debug, info, warn or error", log_level},
    {Section::log, "--dev", "DITS_DEV", "", "", "log every SQL statement with its time", on_or_off<&Config::dev>},
    {Section::start, "--migrate", "DITS_MIGRATE", "", "", "apply pending migrations to an external database", on_or_off<&Config::migrate>},
    {Section::start, "--seed", "DITS_SEED", "", "", "add the demonstration data", on_or_off<&Config::seed>},
    {Section::start, "--exit", "DITS_EXIT", "", "", "end when the start is complete (after --migrate and --seed)", on_or_off<&Config::exit_when_ready>},
};
// clang-format on

}  // namespace

std::string_view title_of(SettingSection section) {
  switch (section) {
    case Section::listening:
      return "Where to listen";
    case Section::data:
      return "Data";
    case Section::database:
      return "Database";
    case Section::redis:
      return "Redis";
    case Section::backups:
      return "Backups";
    case Section::access:
      return "Access";
    case Section::alerts:
      return "Alerts";
    case Section::log:
      return "Log";
    case Section::start:
      return "Start-up";
  }
  std::abort();
}

std::span<const Setting> all_settings() { return settings; }

std::string default_of(const Setting& setting) {
  if (!setting.unset.empty()) return std::string(setting.unset);
  const std::string text = setting.value.print(Config{});
  return text.empty() ? "none" : text;
}

std::string settings_as_markdown() {
  std::string text = "| flag | variable | default | meaning |\n| --- | --- | --- | --- |\n";
  const auto in_code = [](std::string_view part) { return '`' + std::string(part) + '`'; };
  for (const Setting& setting : settings) {
    text += "| " + (setting.flag.empty() ? "no flag" : in_code(setting.flag)) + " | " +
            in_code(setting.variable) + " | " + default_of(setting) + " | " + std::string(setting.help) +
            " |\n";
  }
  return text;
}

}  // namespace dits
