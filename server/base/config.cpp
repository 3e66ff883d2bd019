#include "server/base/config.hpp"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include <paths.h>
#include <pwd.h>
#include <unistd.h>

#include "server/base/settings.hpp"
#include "shared/core/slip.hpp"

namespace dits {

namespace {

// Collects mistakes while the settings are read one by one.
class Reader {
 public:
  explicit Reader(const ConfigSources& sources) : sources_(sources) {}

  // Reads it from where it was given first: flag, environment, ".env".
  void read(const Setting& setting, Config& config) {
    const std::optional<std::string> text = text_of(setting);
    if (!text) return;
    if (const Result<void> done = setting.value.read(*text, config); !done)
      refuse(name_, done.error().message);
    config.given.push_back({std::string(setting.variable), name_, setting.is_secret ? "***" : *text});
  }

  void refuse(std::string name, std::string message) {
    mistakes_.push_back({std::move(name), std::move(message)});
  }

  std::vector<FieldError>& mistakes() { return mistakes_; }

 private:
  // nullopt when nobody gave one. A switch that was given has the value "true".
  std::optional<std::string> text_of(const Setting& setting) {
    if (const auto flag = sources_.flags.find(std::string(setting.flag)); flag != sources_.flags.end()) {
      name_ = setting.flag;
      return flag->second;
    }
    const std::string variable(setting.variable);
    name_ = variable;
    if (std::optional<std::string> value = sources_.environment(variable); value && !value->empty())
      return value;
    const auto line = sources_.dotenv.variables.find(variable);
    if (line == sources_.dotenv.variables.end() || line->second.empty()) return std::nullopt;
    name_ = variable + " (.env)";
    return line->second;
  }

  const ConfigSources& sources_;
  std::string name_;  // under which the last text was given
  std::vector<FieldError> mistakes_;
};

bool has_password(std::string_view url) { return without_password(url) != url; }

// What settings say of one another.
void check_together(const Config& config, Reader& reader) {
  if (config.tls_cert.empty() != config.tls_key.empty())
    reader.refuse("--tls-cert", "and --tls-key are given together or not at all.");
  if (config.database_pool_min > config.database_pool_max)
    reader.refuse("--database-pool-min", "is larger than --database-pool-max.");
  if (!config.database_replica_urls.empty() && config.database_url.is_empty())
    reader.refuse("--database-replica-urls", "needs --database-url: the PostgreSQL inside has no replicas.");
}

constexpr std::string_view prefix = "DITS_";

std::string_view without_prefix(std::string_view name) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

// The variable that may have been meant by a name that is none; empty: none.
std::string_view meant_by(std::string_view name, std::size_t shortest) {
  const std::string_view bare = without_prefix(name);
  for (const Setting& setting : all_settings()) {
    if (setting.variable == name) return {};
  }
  for (const Setting& setting : all_settings()) {
    if (without_prefix(setting.variable) == bare) return setting.variable;
  }
  if (bare.size() == name.size() && name.size() < shortest) return {};
  for (const Setting& setting : all_settings()) {
    if (is_slip_of(bare, without_prefix(setting.variable))) return setting.variable;
  }
  return {};
}

// Without our prefix shorter names may be anybody's; in a file that we read they are most likely ours.
constexpr std::size_t shortest_in_environment = 6;
constexpr std::size_t shortest_in_file = 4;

std::string no_setting(std::string_view name, std::size_t shortest) {
  const std::string_view meant = meant_by(name, shortest);
  return "is no setting of DITS" + (meant.empty() ? "." : "; did you mean " + std::string(meant) + "?");
}

// What is wrong for sure is refused elsewhere.
void look_for_slips(const ConfigSources& sources, Config& config) {
  for (const std::string& name : sources.environment_names) {
    if (!meant_by(name, shortest_in_environment).empty())
      config.doubts.push_back({name, no_setting(name, shortest_in_environment)});
  }
  for (const auto& [name, value] : sources.dotenv.variables) {
    if (!name.starts_with(prefix) && !meant_by(name, shortest_in_file).empty())
      config.doubts.push_back({name + " (.env)", no_setting(name, shortest_in_file)});
  }
}

void check_dotenv(const DotenvFile& dotenv, Reader& reader) {
  bool holds_secret = false;
  for (const auto& [name, value] : dotenv.variables) {
    bool is_known = false;
    for (const Setting& setting : all_settings()) {
      if (setting.variable != name) continue;
      is_known = true;
      const bool is_open = setting.flag.empty() ? !value.empty() : has_password(value);
      holds_secret = holds_secret || (setting.is_secret && is_open);
    }
    // A .env is often shared with other programs; a name of ours that we don't know is a slip of the pen.
    if (!is_known && name.starts_with(prefix))
      reader.refuse(name + " (.env)", no_setting(name, shortest_in_file));
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

std::vector<std::string> environment_variable_names() {
  std::vector<std::string> names;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view one = *at;
    names.emplace_back(one.substr(0, one.find('=')));
  }
  return names;
}

Result<Config> read_config(const ConfigSources& sources) {
  Config config;
  TRY(read_config_into(config, sources));
  return config;
}

std::vector<SettingInUse> settings_in_use(const Config& config) {
  std::vector<SettingInUse> all;
  for (const Setting& setting : all_settings()) {
    SettingInUse one{&setting, setting.value.print(config), "default"};
    for (const GivenSetting& given : config.given) {
      if (given.variable != setting.variable) continue;
      one.from = given.name;
      if (one.text.empty()) one.text = given.text;
    }
    if (one.text.empty()) one.text = default_of(setting);
    all.push_back(std::move(one));
  }
  return all;
}

Result<void> read_config_into(Config& config, const ConfigSources& sources) {
  Reader reader(sources);
  look_for_slips(sources, config);
  if (!sources.dotenv_problem.empty()) reader.refuse(".env", sources.dotenv_problem);
  check_dotenv(sources.dotenv, reader);
  for (const Setting& setting : all_settings()) reader.read(setting, config);
  check_together(config, reader);
  if (config.data_dir.empty()) config.data_dir = default_data_dir(sources);
  if (config.data_dir.starts_with("~/"))
    config.data_dir = sources.environment("HOME").value_or("") + config.data_dir.substr(1);
  std::error_code ignored;
  config.data_dir = std::filesystem::absolute(config.data_dir, ignored).lexically_normal().string();
  if (config.data_dir.size() > 1 && config.data_dir.ends_with('/')) config.data_dir.pop_back();
  if (reader.mistakes().empty()) return {};
  Error error = invalid({}, "The configuration has mistakes.");
  error.fields = std::move(reader.mistakes());
  return error;
}

}  // namespace dits
