// The commands of `dits`: a row for each. From these rows come the parser, --help, README's table, the manual
// page and the completions of shells.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/config.hpp"
#include "server/cli/command_line.hpp"
#include "shared/core/result.hpp"

namespace dits::cli {

struct Argument {
  enum class Kind { required, optional, words, value, needed_value, toggle };

  Kind kind = Kind::toggle;
  const char* name = "";   // "EMAIL" for one by position, "--name" for a flag
  const char* value = "";  // what stands for a flag's value: "NAME"
  const char* help = "";

  bool is_flag() const { return kind >= Kind::value; }
};

// One by position; without it the command is refused.
constexpr Argument required(const char* name, const char* help) {
  return {Argument::Kind::required, name, "", help};
}
constexpr Argument optional(const char* name, const char* help) {
  return {Argument::Kind::optional, name, "", help};
}
// All words that are left: CommandLine::rest.
constexpr Argument words(const char* name, const char* help) {
  return {Argument::Kind::words, name, "", help};
}
// A flag with a value, one that must be given, and one without.
constexpr Argument flag(const char* name, const char* value, const char* help) {
  return {Argument::Kind::value, name, value, help};
}
constexpr Argument needed_flag(const char* name, const char* value, const char* help) {
  return {Argument::Kind::needed_value, name, value, help};
}
constexpr Argument toggle(const char* name, const char* help) {
  return {Argument::Kind::toggle, name, "", help};
}

struct CommandRow {
  const char* name;  // "user add"
  const char* help;
  std::vector<Argument> arguments = {};
  // What it does; null for what main() does itself: the two that serve.
  Result<void> (*run)(const CommandLine& line, const Config& config) = nullptr;
  // The same for one that a configuration with mistakes does not stop.
  Result<void> (*run_with)(const CommandLine& line, const ConfigSources& sources) = nullptr;
};

std::span<const CommandRow> all_commands();
// Null: there is none of this name.
const CommandRow* find_command(std::string_view name);

// The words of "db status" that name a group ("db"), and what all of it is about; empty: it is none.
std::string_view help_of_group(std::string_view group);

// The exit codes, as --help and the manual tell them: "0 done".
std::span<const std::string_view> exit_code_texts();

// README's table of commands.
std::string commands_as_markdown();
// Section 1 of the manual, as man(1) reads it.
std::string manual_page();
// What a shell needs to complete the words of dits. Errors: invalid for another shell than bash, zsh and
// fish.
Result<std::string> completion_script(std::string_view shell);

}  // namespace dits::cli
