// The command line: which command, with which settings and arguments.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "server/base/config.hpp"
#include "shared/core/result.hpp"

namespace dits::cli {

struct CommandLine {
  std::string command = "serve";                // "db status", "user add", …
  std::map<std::string, std::string> settings;  // by flag, as ConfigSources wants them
  std::map<std::string, std::string>
      arguments;                  // of the command: "EMAIL", "--name"; a switch that was given is "true"
  std::vector<std::string> rest;  // as many words as the command takes: a title, a query, what is for psql

  bool has(const std::string& name) const { return arguments.contains(name); }
  std::string get(const std::string& name) const;
};

// What a process ends with.
enum class ExitCode {
  ok = 0,
  failed = 1,
  usage = 2,
  database = 3,
  in_use = 4,
  migration = 5,
  changed = 6,
  nothing = 7
};

// The kind of an error that tells of an import that is done, but not with all of the file as it was.
inline constexpr const char* imported_with_changes = "imported_with_changes";
// And that of one that tells that nothing is where it was looked for; see Cluster::open_for_command().
inline constexpr const char* nothing_there = "nothing_there";

// The command line, or the code to end with after help or a complaint was printed.
std::variant<CommandLine, ExitCode> parse_command_line(int argc, char** argv);

// Overwrites what may be a password in the process's own arguments, which every user of the machine can read.
void hide_secrets(int argc, char** argv);

// What was printed has to arrive, also where it is a full disk or a pipe that nobody reads any more:
// otherwise says so, and makes `failed` of `ok`.
ExitCode end_output(ExitCode code);

struct CommandRow;

// Prints an error as a person wants to read it, in the words of the command that was typed (null: of none),
// and chooses the code.
ExitCode report(const Error& error, const CommandRow* row = nullptr);

}  // namespace dits::cli
