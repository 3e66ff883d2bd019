// Every setting, once: what it is called, what it may be and which member of Config takes it. The
// configuration, --help, the table in README.md and `dits doctor` are made of this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/base/config.hpp"
#include "shared/core/result.hpp"

namespace dits {

enum class SettingSection : std::uint8_t {
  listening,
  data,
  database,
  redis,
  backups,
  access,
  alerts,
  log,
  start
};
std::string_view title_of(SettingSection section);

// How a text becomes a part of the configuration.
struct SettingValue {
  // Errors: invalid, with what is expected.
  Result<void> (*read)(const std::string& text, Config& config);
  // As it would be written; empty for what is not set, or secret.
  std::string (*print)(const Config& config);
};

struct Setting {
  SettingSection section;
  std::string_view flag;         // "--port"; empty: what other users could read in a list of processes
  std::string_view variable;     // "PORT"
  std::string_view placeholder;  // "N"; empty: a switch
  std::string_view unset;        // what holds without it, where that is no value: "the PostgreSQL inside"
  std::string_view help;
  SettingValue value;
  bool is_secret = false;
};

std::span<const Setting> all_settings();

// What holds when nobody sets it, for a person: "3000", "off", "the PostgreSQL inside", "none".
std::string default_of(const Setting& setting);

// README's table of settings.
std::string settings_as_markdown();

}  // namespace dits
