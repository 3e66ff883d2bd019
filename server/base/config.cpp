#include "server/base/config.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include <arpa/inet.h>
#include <paths.h>
#include <pwd.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

constexpr Setting settings[] = {
    {"--host", "HOST", "H", "127.0.0.1", "address to listen on"},
    {"--port", "PORT", "N", "3000", "port to listen on; 0 takes any free one"},
    {"--tls-cert", "TLS_CERT", "FILE", "", "certificate chain (PEM); with --tls-key the server speaks HTTPS"},
    {"--tls-key", "TLS_KEY", "FILE", "", "private key of the certificate (PEM)"},
    {"--data-dir", "DITS_DATA_DIR", "D", "~/.local/share/dits", "the database, attachments and backups"},
    {"--attachment-max-mb", "ATTACHMENT_MAX_MB", "N", "25", "largest file that may hang on an issue"},
    {"--attachments-per-user-mb",
     "ATTACHMENTS_PER_USER_MB",
     "N",
     "2048",
     "what all files of one user may take"},
    {"--database-url",
     "DATABASE_URL",
     "U",
     "the PostgreSQL inside",
     "an external PostgreSQL 15 or newer",
     true},
    {"--database-pool-min", "DATABASE_POOL_MIN", "N", "2", "database connections kept open"},
    {"--database-pool-max", "DATABASE_POOL_MAX", "N", "10", "database connections allowed"},
    {"--database-replica-urls",
     "DATABASE_REPLICA_URLS",
     "U,...",
     "",
     "read replicas of --database-url; reads that may be stale go there",
     true},
    {"--database-replica-max-lag",
     "DATABASE_REPLICA_MAX_LAG",
     "S",
     "10",
     "a replica that lags more seconds is not read from"},
    {"--slow-query-ms", "SLOW_QUERY_MS", "N", "200", "statements that take longer are logged"},
    {"--pg-bindir",
     "DITS_PG_BINDIR",
     "DIR",
     "",
     "use this machine's PostgreSQL programs instead of those inside"},
    {"--old-pg-bindir",
     "DITS_OLD_PG_BINDIR",
     "DIR",
     "",
     "programs of the earlier PostgreSQL, to upgrade its database; else they are looked for"},
    {"--redis-url", "REDIS_URL", "U", "in-process cache", "Redis 7 or newer", true},
    {"--backup-schedule",
     "BACKUP_SCHEDULE",
     "S",
     "daily",
     "when the server writes a backup: daily (at 03:00), hourly, weekly, off, or five fields as of cron"},
    {"--backup-keep-days",
     "BACKUP_KEEP_DAYS",
     "N",
     "7",
     "days that backups are kept; never fewer than three backups"},
    {"--backup-passphrase-file",
     "BACKUP_PASSPHRASE_FILE",
     "FILE",
     "",
     "its first line encrypts backups and opens them; or set BACKUP_PASSPHRASE"},
    {"", "BACKUP_PASSPHRASE", "P", "", "encrypts backups and opens them", true},
    {"--trusted-proxies",
     "TRUSTED_PROXIES",
     "A,...",
     "",
     "addresses or networks whose X-Forwarded-* headers are believed"},
    {"--allowed-origins",
     "ALLOWED_ORIGINS",
     "O,...",
     "",
     "other sites whose pages may call the API, as https://example.org"},
    {"--alert-webhook-url", "ALERT_WEBHOOK_URL", "U", "", "receives alerts as JSON by POST", true},
    {"--alert-hold-seconds",
     "ALERT_HOLD_SECONDS",
     "N",
     "60",
     "how long a threshold is crossed before its alert fires"},
    {"--alert-disk-free-percent",
     "ALERT_DISK_FREE_PERCENT",
     "N",
     "10",
     "alert below; of the data directory's disk"},
    {"--alert-error-percent", "ALERT_ERROR_PERCENT", "N", "5", "alert above; answers of 5xx among all"},
    {"--alert-pool-wait-ms",
     "ALERT_POOL_WAIT_MS",
     "N",
     "250",
     "alert above; mean wait for a database connection"},
    {"--alert-backup-age-hours",
     "ALERT_BACKUP_AGE_HOURS",
     "N",
     "48",
     "alert above; age of the newest backup, 0: never"},
    {"--alert-replica-lag-seconds",
     "ALERT_REPLICA_LAG_SECONDS",
     "N",
     "30",
     "alert above; a read replica's lag"},
    {"--log-level", "LOG_LEVEL", "L", "info", "debug, info, warn or error"},
    {"--open-registration", "OPEN_REGISTRATION", "", "", "anyone who reaches the server may make an account"},
    {"--dev", "DITS_DEV", "", "", "log every SQL statement with its time"},
    {"--migrate", "DITS_MIGRATE", "", "", "apply pending migrations to an external database"},
    {"--seed", "DITS_SEED", "", "", "add the demonstration data"},
    {"--exit", "DITS_EXIT", "", "", "end when the start is complete (after --migrate and --seed)"},
};

// Collects values and mistakes while the settings are read one by one.
class Reader {
 public:
  explicit Reader(const ConfigSources& sources) : sources_(sources) {}

  // The text of a setting and, for messages, the name under which it was given; nullopt when nobody gave one.
  std::optional<std::string> text_of(std::string_view flag) {
    const Setting& setting = find(flag);
    if (const auto given = sources_.flags.find(std::string(flag)); given != sources_.flags.end()) {
      name_ = flag;
      return given->second;
    }
    return text_of_variable(std::string(setting.variable));
  }

  // The same for what has no flag.
  std::optional<std::string> text_of_variable(const std::string& variable) {
    name_ = variable;
    if (std::optional<std::string> value = sources_.environment(variable); value && !value->empty())
      return value;
    const auto line = sources_.dotenv.variables.find(variable);
    if (line == sources_.dotenv.variables.end() || line->second.empty()) return std::nullopt;
    name_ = variable + " (.env)";
    return line->second;
  }

  void read_text(std::string_view flag, std::string& value) {
    if (auto text = text_of(flag)) value = std::move(*text);
  }

  void read_number(std::string_view flag, int lowest, int highest, int& value) {
    const auto text = text_of(flag);
    if (!text) return;
    int number = 0;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (code != std::errc{} || end != text->data() + text->size() || number < lowest || number > highest) {
      refuse("expected a number from " + std::to_string(lowest) + " to " + std::to_string(highest) +
             ", got '" + *text + "'.");
      return;
    }
    value = number;
  }

  void read_switch(std::string_view flag, bool& value) {
    const auto text = text_of(flag);
    if (!text) return;
    if (*text == "1" || *text == "true" || *text == "yes" || *text == "on") {
      value = true;
    } else if (*text == "0" || *text == "false" || *text == "no" || *text == "off") {
      value = false;
    } else {
      refuse("expected true or false, got '" + *text + "'.");
    }
  }

  std::vector<std::string> read_list(std::string_view flag) {
    std::vector<std::string> items;
    const auto text = text_of(flag);
    if (!text) return items;
    std::string_view rest = *text;
    while (!rest.empty()) {
      const std::size_t comma = rest.find(',');
      if (const std::string_view item = trim(rest.substr(0, comma)); !item.empty()) items.emplace_back(item);
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    return items;
  }

  void refuse(std::string message) { mistakes_.push_back({name_, std::move(message)}); }
  void refuse(std::string name, std::string message) {
    mistakes_.push_back({std::move(name), std::move(message)});
  }

  std::vector<FieldError>& mistakes() { return mistakes_; }

 private:
  static const Setting& find(std::string_view flag) {
    for (const Setting& setting : settings) {
      if (setting.flag == flag) return setting;
    }
    std::abort();  // our own bug: a setting that is read but not in the table
  }

  const ConfigSources& sources_;
  std::string name_;
  std::vector<FieldError> mistakes_;
};

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

bool has_password(std::string_view url) { return without_password(url) != url; }

// "10.0.0.0/8", "::1".
bool is_address_or_network(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  std::array<unsigned char, 16> bytes{};
  const bool is_v4 = ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (!is_v4 && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return false;
  if (slash == std::string::npos) return true;
  int bits = -1;
  const auto [end, code] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
  return code == std::errc{} && end == text.data() + text.size() && bits >= 0 && bits <= (is_v4 ? 32 : 128);
}

void read_database_settings(Reader& reader, Config& config) {
  constexpr std::string_view wanted = "expected postgresql://user:password@host:port/database.";
  if (auto url = reader.text_of("--database-url")) {
    if (!starts_with_any(*url, {"postgresql://", "postgres://"})) reader.refuse(std::string(wanted));
    config.database_url = Secret(*url);
  }
  reader.read_number("--database-pool-max", 1, 500, config.database_pool_max);
  reader.read_number("--database-pool-min", 0, 500, config.database_pool_min);
  if (config.database_pool_min > config.database_pool_max) {
    reader.refuse("--database-pool-min", "is larger than --database-pool-max.");
  }
  for (std::string& url : reader.read_list("--database-replica-urls")) {
    if (!starts_with_any(url, {"postgresql://", "postgres://"}))
      reader.refuse("--database-replica-urls", std::string(wanted));
    config.database_replica_urls.emplace_back(std::move(url));
  }
  if (!config.database_replica_urls.empty() && config.database_url.is_empty()) {
    reader.refuse("--database-replica-urls", "needs --database-url: the PostgreSQL inside has no replicas.");
  }
  reader.read_number("--database-replica-max-lag", 1, 3600, config.database_replica_max_lag);
  reader.read_number("--attachment-max-mb", 1, 2048, config.attachment_max_mb);
  reader.read_number("--attachments-per-user-mb", 1, 10'000'000, config.attachments_per_user_mb);
  reader.read_number("--slow-query-ms", 0, 3'600'000, config.slow_query_ms);
  for (const auto& [flag, bindir] :
       {std::pair<std::string_view, std::string*>{"--pg-bindir", &config.pg_bindir},
        {"--old-pg-bindir", &config.old_pg_bindir}}) {
    reader.read_text(flag, *bindir);
    if (!bindir->empty() && ::access((*bindir + "/postgres").c_str(), X_OK) != 0)
      reader.refuse(std::string(flag), *bindir + " holds no program 'postgres' that may be run.");
  }
  if (auto url = reader.text_of("--redis-url")) {
    if (!starts_with_any(*url, {"redis://", "rediss://", "unix://"}))
      reader.refuse("expected redis://host:port/number.");
    config.redis_url = Secret(*url);
  }
}

void read_http_settings(Reader& reader, Config& config) {
  reader.read_text("--host", config.host);
  if (config.host.find_first_of(" /\t\r\n") != std::string::npos)
    reader.refuse("--host", "expected an address or a name.");
  reader.read_number("--port", 0, 65535, config.port);
  reader.read_text("--tls-cert", config.tls_cert);
  reader.read_text("--tls-key", config.tls_key);
  if (config.tls_cert.empty() != config.tls_key.empty()) {
    reader.refuse("--tls-cert", "and --tls-key are given together or not at all.");
  }
  for (const std::string& file : {config.tls_cert, config.tls_key}) {
    if (!file.empty() && ::access(file.c_str(), R_OK) != 0)
      reader.refuse("--tls-cert", file + " can't be read.");
  }
  config.trusted_proxies = reader.read_list("--trusted-proxies");
  for (const std::string& proxy : config.trusted_proxies) {
    if (!is_address_or_network(proxy))
      reader.refuse("--trusted-proxies", "'" + proxy + "' is no address or network.");
  }
  config.allowed_origins = reader.read_list("--allowed-origins");
  for (const std::string& origin : config.allowed_origins) {
    const std::size_t scheme = origin.find("://");
    const bool is_origin =
        starts_with_any(origin, {"https://", "http://"}) && origin.find('/', scheme + 3) == std::string::npos;
    if (!is_origin)
      reader.refuse("--allowed-origins", "'" + origin + "' is no origin such as https://example.org.");
  }
}

void read_alert_settings(Reader& reader, Config& config) {
  if (auto url = reader.text_of("--alert-webhook-url")) {
    if (!starts_with_any(*url, {"https://", "http://"}) || url->find_first_of(" \t\r\n") != std::string::npos)
      reader.refuse("expected https://host/path.");
    config.alert_webhook_url = Secret(*url);
  }
  reader.read_number("--alert-hold-seconds", 0, 86'400, config.alert_hold_seconds);
  reader.read_number("--alert-disk-free-percent", 0, 100, config.alert_disk_free_percent);
  reader.read_number("--alert-error-percent", 0, 100, config.alert_error_percent);
  reader.read_number("--alert-pool-wait-ms", 0, 60'000, config.alert_pool_wait_ms);
  reader.read_number("--alert-backup-age-hours", 0, 100'000, config.alert_backup_age_hours);
  reader.read_number("--alert-replica-lag-seconds", 0, 86'400, config.alert_replica_lag_seconds);
}

void read_backup_settings(Reader& reader, Config& config) {
  const std::string text = reader.text_of("--backup-schedule").value_or("daily");
  if (const Result<Schedule> schedule = Schedule::parse(text)) {
    config.backup_schedule = *schedule;
  } else {
    reader.refuse(schedule.error().message);
  }
  reader.read_number("--backup-keep-days", 1, 3650, config.backup_keep_days);
  if (auto passphrase = reader.text_of_variable("BACKUP_PASSPHRASE"))
    config.backup_passphrase = Secret(std::move(*passphrase));
  const auto file = reader.text_of("--backup-passphrase-file");
  if (!file) return;
  const Result<std::string> content = read_file(*file);
  if (!content) return reader.refuse(content.error().message);
  std::string line = content->substr(0, content->find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() < 8) return reader.refuse("its first line is shorter than 8 characters.");
  config.backup_passphrase = Secret(std::move(line));
}

void check_dotenv(const DotenvFile& dotenv, Reader& reader) {
  bool holds_secret = false;
  for (const auto& [name, value] : dotenv.variables) {
    bool is_known = false;
    for (const Setting& setting : settings) {
      if (setting.variable != name) continue;
      is_known = true;
      const bool is_open = setting.flag.empty() ? !value.empty() : has_password(value);
      holds_secret = holds_secret || (setting.is_secret && is_open);
    }
    // A .env is often shared with other programs; a name of ours that we don't know is a slip of the pen.
    if (!is_known && name.starts_with("DITS_")) reader.refuse(name + " (.env)", "is no setting of DITS.");
  }
  if (holds_secret && !dotenv.is_private) {
    reader.refuse(".env", "holds a password and can be read by others: run  chmod 600 .env");
  }
}

bool can_be_made(const std::filesystem::path& path) {
  std::error_code ignored;
  for (std::filesystem::path at = path; !at.empty(); at = at.parent_path()) {
    if (std::filesystem::exists(at, ignored)) return ::access(at.c_str(), R_OK | W_OK | X_OK) == 0;
    if (at == at.parent_path()) break;
  }
  return false;
}

}  // namespace

std::span<const Setting> all_settings() { return settings; }

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string default_data_dir(const ConfigSources& sources) {
  std::vector<std::filesystem::path> candidates;
  if (auto data_home = sources.environment("XDG_DATA_HOME"); data_home && data_home->starts_with('/')) {
    candidates.emplace_back(std::filesystem::path(*data_home) / "dits");
  }
  auto home = sources.environment("HOME");
  if (!home || home->empty()) {
    if (const passwd* entry = ::getpwuid(::geteuid())) home = entry->pw_dir;
  }
  if (home && home->starts_with('/'))
    candidates.emplace_back(std::filesystem::path(*home) / ".local/share/dits");
  std::error_code ignored;
  candidates.emplace_back(std::filesystem::current_path(ignored) / "dits-data");
  for (const std::filesystem::path& candidate : candidates) {
    if (can_be_made(candidate)) return candidate.string();
  }
  return _PATH_VARTMP "dits-" + std::to_string(::geteuid());
}

Result<Config> read_config(const ConfigSources& sources) {
  Config config;
  Reader reader(sources);
  check_dotenv(sources.dotenv, reader);
  read_http_settings(reader, config);
  read_database_settings(reader, config);
  read_alert_settings(reader, config);
  read_backup_settings(reader, config);
  reader.read_text("--data-dir", config.data_dir);
  if (config.data_dir.empty()) config.data_dir = default_data_dir(sources);
  if (config.data_dir.starts_with("~/"))
    config.data_dir = sources.environment("HOME").value_or("") + config.data_dir.substr(1);
  std::error_code ignored;
  config.data_dir = std::filesystem::absolute(config.data_dir, ignored).lexically_normal().string();
  if (config.data_dir.size() > 1 && config.data_dir.ends_with('/')) config.data_dir.pop_back();
  if (auto level = reader.text_of("--log-level")) {
    if (const auto known = log::level_from_name(*level)) {
      config.log_level = *known;
    } else {
      reader.refuse("expected debug, info, warn or error, got '" + *level + "'.");
    }
  }
  reader.read_switch("--open-registration", config.open_registration);
  reader.read_switch("--dev", config.dev);
  reader.read_switch("--migrate", config.migrate);
  reader.read_switch("--seed", config.seed);
  reader.read_switch("--exit", config.exit_when_ready);
  if (reader.mistakes().empty()) return config;
  Error error = invalid({}, "The configuration has mistakes.");
  error.fields = std::move(reader.mistakes());
  return error;
}

}  // namespace dits
