#include "server/cli/command_line.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "server/base/settings.hpp"
#include "server/base/version.hpp"

namespace dits::cli {

namespace {

struct Argument {
  const char* name;  // "EMAIL" for one by position, "--name" for a flag
  const char* help;
  bool is_required = false;
  bool is_switch = false;
};

struct CommandRow {
  const char* name;  // "user add"
  const char* help;
  std::vector<Argument> arguments = {};
  bool takes_rest = false;
};

const std::vector<CommandRow>& commands() {
  static const std::vector<CommandRow> rows = {
      {"serve", "start the server (what dits does when no command is given)"},
      {"studio",
       "serve on port 5555, beside a running server or alone, and open Studio there (--port for another)"},
      {"db status", "which migrations are applied, which are pending"},
      {"db new",
       "write the folder of a new migration",
       {{"NAME", "in snake_case", true}, {"--directory", "where migrations lie (migrations)"}}},
      {"db reset", "delete all data and make the schema anew", {{"--yes", "do not ask", false, true}}},
      {"db upgrade",
       "bring the database of an earlier PostgreSQL over, as the next start does by itself",
       {{"--check", "tell what that takes, and change nothing", false, true}}},
      {"db info", "the database's version, size, connections and tables"},
      {"db shell", "psql on the database; arguments for psql follow after --", {}, true},
      {"backup",
       "write a backup into the data directory",
       {{"--list", "list the backups instead", false, true},
        {"--check", "read every backup and compare it with its manifest", false, true}}},
      {"restore",
       "replace all data by a backup; without FILE: list the backups",
       {{"FILE", "a name from the list, or a path"},
        {"--list", "list the backups", false, true},
        {"--yes", "do not ask", false, true},
        {"--without-manifest", "restore a file that has no manifest beside it", false, true},
        {"--without-attachments", "restore although attachments are missing", false, true}}},
      {"import github",
       "issues as GitHub's API gives them, one JSON object a line, also gzipped",
       {{"FILE", ".jsonl or .jsonl.gz", true},
        {"--user", "whose issues they become (EMAIL)", true},
        {"--strict", "write nothing when a line is wrong", false, true}}},
      {"import json",
       "an export of dits, into an account in which nothing was made yet",
       {{"FILE", ".jsonl or .jsonl.gz", true}, {"--user", "whose account it becomes (EMAIL)", true}}},
      {"import csv",
       "a table of issues; the first row names the columns",
       {{"FILE", ".csv or .csv.gz", true},
        {"--user", "whose issues they become (EMAIL)", true},
        {"--map", "columns that are called otherwise: Summary=title,Owner="}}},
      {"export json",
       "everything of an account, without loss; dits import json reads it",
       {{"--user", "whose (EMAIL)", true}, {"-o", "write to this file, not to the standard output"}}},
      {"export csv",
       "the issues as a table for spreadsheets",
       {{"--user", "whose (EMAIL)", true}, {"-o", "write to this file, not to the standard output"}}},
      {"export markdown",
       "a folder with one file for each issue",
       {{"--user", "whose (EMAIL)", true},
        {"-o", "the folder, new or empty; or a file that ends in .tar", true}}},
      {"user add",
       "make an account",
       {{"EMAIL", "", true},
        {"--name", "what the person is called"},
        {"--password-stdin", "read the password from the standard input", false, true},
        {"--admin", "an administrator", false, true}}},
      {"user passwd",
       "set a password; ends all sessions",
       {{"EMAIL", "", true}, {"--password-stdin", "read it from the standard input", false, true}}},
      {"user token",
       "make an API token and print it",
       {{"EMAIL", "", true},
        {"--scope", "read, write or admin (read)"},
        {"--name", "what the token is for"},
        {"--expires", "days until it ends (never)"}}},
      {"user list", "the accounts"},
      {"doctor",
       "check data directory, disk, port, PostgreSQL, schema, indexes, replicas and Redis",
       {{"--fix", "repair what can be repaired safely", false, true},
        {"--find", "where a thing (ID) still stands, in tables, log and backups, and nothing else"}}},
      {"version",
       "print the version, and the versions of everything inside",
       {{"--json", "as one JSON object", false, true}}},
  };
  return rows;
}

const CommandRow* find_row(const std::string& name) {
  const auto found = std::ranges::find(commands(), name, &CommandRow::name);
  return found == commands().end() ? nullptr : &*found;
}

constexpr const char* footer =
    "Each setting is taken from its flag, else from its environment variable (in parentheses), else from the "
    "file .env here, else from its "
    "default.\n"
    "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 no database, 4 data directory in use, 5 "
    "migration needed or refused, 6 imported, but not all of it or not as it was: the lines are named, 7 "
    "there is "
    "nothing: no database in the data directory, no backup.";

// What CLI11 fills in, and copies out once the command is known.
struct Values {
  std::map<std::string, std::string> texts;
  std::map<std::string, bool> switches;
};

void add_settings(CLI::App& app, Values& values) {
  for (const Setting& setting : all_settings()) {
    if (setting.flag.empty()) continue;
    const std::string flag(setting.flag);
    const std::string help =
        std::string(setting.help) + " (" + std::string(setting.variable) + ") [" + default_of(setting) + "]";
    CLI::Option* const option = setting.placeholder.empty() ? app.add_flag(flag, values.switches[flag], help)
                                                            : app.add_option(flag, values.texts[flag], help);
    if (!setting.placeholder.empty()) option->type_name(std::string(setting.placeholder));
    option->group(std::string(title_of(setting.section)));
  }
}

// What stands for an option's value in --help.
std::string value_name(std::string_view option) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> names{{{"--user", "EMAIL"},
                                                                                {"--name", "NAME"},
                                                                                {"--scope", "SCOPE"},
                                                                                {"--expires", "DAYS"},
                                                                                {"--directory", "FOLDER"},
                                                                                {"--map", "COLUMNS"},
                                                                                {"-o", "PATH"}}};
  for (const auto& [name, value] : names) {
    if (name == option) return std::string(value);
  }
  return {};
}

// The first words of all commands, each once; with a group ("db") the names of its commands.
std::string command_words(const std::string& group) {
  std::string words;
  std::string last;
  for (const CommandRow& row : commands()) {
    const std::string_view name = row.name;
    if (!group.empty() && !name.starts_with(group + " ")) continue;
    const std::string word(group.empty() ? name.substr(0, name.find(' ')) : name);
    if (word == last) continue;
    words += (words.empty() ? "" : ", ") + word;
    last = word;
  }
  return words;
}

// As far as the words of the command line name commands: "db status", "db", "".
std::string named_command(const CLI::App& app) {
  std::string name;
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += (name.empty() ? "" : " ") + at->get_name();
  }
  return name;
}

// Why the command line can't be understood, with the nearest --help.
std::string failure_text(const CLI::App* app, const CLI::Error& error) {
  const std::string command = named_command(*app);
  const std::vector<std::string> extras = app->remaining(true);
  const bool is_group = !command.empty() && find_row(command) == nullptr;
  if ((command.empty() || is_group) && !extras.empty() && !extras.front().starts_with('-')) {
    return "dits: there is no command '" + (is_group ? command + " " : "") + extras.front() +
           "'. The commands are " + command_words(command) + "; dits --help tells more.\n";
  }
  if (is_group) return "dits: Which one? " + command_words(command) + "; dits --help tells more.\n";
  return "dits: " + std::string(error.what()) + "; dits " + (command.empty() ? "" : command + " ") +
         "--help tells more.\n";
}

void add_arguments(CLI::App& app, const CommandRow& row, Values& values, std::vector<std::string>& rest) {
  for (const Argument& argument : row.arguments) {
    const std::string key = std::string(row.name) + " " + argument.name;
    if (argument.is_switch) {
      app.add_flag(argument.name, values.switches[key], argument.help);
    } else {
      CLI::Option* option = app.add_option(argument.name, values.texts[key], argument.help);
      option->type_name(value_name(argument.name));
      if (argument.is_required) option->required();
    }
  }
  if (row.takes_rest) app.add_option("ARGUMENTS", rest, "for psql")->type_name("");
}

// The subcommand "db" of "db status", made when it is not there yet.
CLI::App* parent_of(CLI::App& app, const std::string& group, std::map<std::string, CLI::App*>& groups) {
  const std::map<std::string, std::string> helps = {{"db", "the database"},
                                                    {"user", "accounts"},
                                                    {"import", "bring issues in"},
                                                    {"export", "take everything out"}};
  CLI::App*& parent = groups[group];
  if (parent == nullptr) {
    parent = app.add_subcommand(group, helps.at(group));
    parent->require_subcommand(1)->fallthrough();
  }
  return parent;
}

}  // namespace

std::string CommandLine::get(const std::string& name) const {
  const auto found = arguments.find(name);
  return found == arguments.end() ? std::string{} : found->second;
}

std::variant<CommandLine, ExitCode> parse_command_line(int argc, char** argv) {
  CLI::App app("DITS: an issue tracker for one developer, in one file.", "dits");
  app.footer(footer);
  app.set_version_flag("--version", "dits " + std::string(version_text()));
  app.require_subcommand(0, 1);
  app.failure_message(failure_text);
  Values values;
  CommandLine line;
  std::map<const CLI::App*, const CommandRow*> rows;
  std::map<std::string, CLI::App*> groups;
  add_settings(app, values);
  for (const CommandRow& row : commands()) {
    const std::string name = row.name;
    const std::size_t space = name.find(' ');
    CLI::App* parent = space == std::string::npos ? &app : parent_of(app, name.substr(0, space), groups);
    CLI::App* command =
        parent->add_subcommand(space == std::string::npos ? name : name.substr(space + 1), row.help);
    command->fallthrough();
    add_arguments(*command, row, values, line.rest);
    rows[command] = &row;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? ExitCode::ok : ExitCode::usage;
  }
  for (const Setting& setting : all_settings()) {
    const std::string flag(setting.flag);
    if (flag.empty() || app.count(flag) == 0) continue;
    line.settings[flag] = setting.placeholder.empty() ? "true" : values.texts[flag];
  }
  const CLI::App* chosen = &app;
  while (!chosen->get_subcommands().empty()) chosen = chosen->get_subcommands().front();
  const auto row = rows.find(chosen);
  if (row == rows.end()) return line;
  line.command = row->second->name;
  for (const Argument& argument : row->second->arguments) {
    const std::string key = line.command + " " + argument.name;
    if (chosen->count(argument.name) == 0) continue;
    line.arguments[argument.name] = argument.is_switch ? "true" : values.texts[key];
  }
  return line;
}

void hide_secrets(int argc, char** argv) {
  for (int at = 1; at < argc; ++at) {
    for (const Setting& setting : all_settings()) {
      if (!setting.is_secret || setting.flag.empty()) continue;
      const std::string with_equals = std::string(setting.flag) + "=";
      char* value = nullptr;
      if (setting.flag == argv[at] && at + 1 < argc) value = argv[at + 1];
      if (std::string_view(argv[at]).starts_with(with_equals)) value = argv[at] + with_equals.size();
      if (value != nullptr) std::memset(value, '*', std::strlen(value));
    }
  }
}

ExitCode report(const Error& error) {
  std::fflush(stdout);  // what was found comes before what it means, in a file too
  std::fprintf(stderr, "dits: %s\n", error.message.c_str());
  for (const FieldError& field : error.fields)
    std::fprintf(stderr, "  %s: %s\n", field.field.c_str(), field.message.c_str());
  const bool names_field = error.message.find(error.field) != std::string::npos;
  if (error.fields.empty() && error.code == ErrorCode::invalid && !names_field) {
    std::fprintf(stderr, "  (%s)\n", error.field.c_str());
  }
  if (error.kind == "server_is_running" || error.kind == "command_is_running" ||
      error.kind == "upgrade_is_running")
    return ExitCode::in_use;
  if (error.kind == imported_with_changes) return ExitCode::changed;
  if (error.kind == nothing_there) return ExitCode::nothing;
  if (error.kind.starts_with("migration_") || error.kind == "schema_is_newer") return ExitCode::migration;
  if (error.code == ErrorCode::invalid) return ExitCode::usage;
  // Not the database, though what says so is "unavailable", too.
  if (error.kind == "disk_full" || error.kind == "disk_failed" || error.kind == "machine_limit")
    return ExitCode::failed;
  return error.code == ErrorCode::unavailable ? ExitCode::database : ExitCode::failed;
}

}  // namespace dits::cli
