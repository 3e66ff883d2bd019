#include "server/cli/command_line.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "server/base/settings.hpp"
#include "server/base/version.hpp"
#include "server/cli/command_table.hpp"
#include "server/cli/table.hpp"
#include "shared/core/slip.hpp"
#include "shared/core/text.hpp"

namespace dits::cli {

namespace {

std::string footer() {
  std::string text =
      "Each setting is taken from its flag, else from its environment variable (in parentheses), else from "
      "the "
      "file .env here, else from its default; dits config shows where each comes from. Quote what the shell "
      "would read itself: '#bug', '!high'.\nExit codes: ";
  for (const std::string_view code : exit_code_texts())
    text += (text.ends_with(": ") ? "" : ", ") + std::string(code);
  return text + ".";
}

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

// The first words of all commands, each once; with a group ("db") the names of its commands.
std::string command_words(const std::string& group) {
  std::string words;
  std::string last;
  for (const CommandRow& row : all_commands()) {
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

// Of the settings' flags and the command's own, the one that may have been meant; empty: none.
std::string nearest_flag(std::string_view typed, const CommandRow* row) {
  typed = typed.substr(0, typed.find('='));
  std::vector<std::string_view> flags;
  for (const Setting& setting : all_settings()) {
    if (!setting.flag.empty()) flags.push_back(setting.flag);
  }
  if (row != nullptr) {
    for (const Argument& argument : row->arguments) flags.emplace_back(argument.name);
  }
  for (const std::string_view flag : flags) {
    if (is_slip_of(typed, flag)) return std::string(flag);
  }
  return {};
}

// Why the command line can't be understood, with the nearest --help.
std::string failure_text(const CLI::App* app, const CLI::Error& error) {
  const std::string command = named_command(*app);
  const std::vector<std::string> extras = app->remaining(true);
  const bool is_group = !command.empty() && find_command(command) == nullptr;
  if ((command.empty() || is_group) && !extras.empty() && !extras.front().starts_with('-')) {
    return "dits: there is no command '" + (is_group ? command + " " : "") + extras.front() +
           "'. The commands are " + command_words(command) + "; dits --help tells more.\n";
  }
  if (is_group) return "dits: Which one? " + command_words(command) + "; dits --help tells more.\n";
  std::string text = error.what();
  if (!extras.empty()) {
    // Without what was given to it, which may be a secret.
    const std::string name = extras.front().substr(0, extras.front().find('='));
    const bool is_flag = name.starts_with('-');
    text = is_flag ? "There is no flag " + name : "There is one word too many: " + name;
    if (const std::string near = is_flag ? nearest_flag(name, find_command(command)) : ""; !near.empty())
      text += "; did you mean " + near + "?";
  }
  return "dits: " + text + (text.ends_with('?') ? " dits " : "; dits ") +
         (command.empty() ? "" : command + " ") + "--help tells more.\n";
}

void add_arguments(CLI::App& app, const CommandRow& row, Values& values, std::vector<std::string>& rest) {
  for (const Argument& argument : row.arguments) {
    const std::string key = std::string(row.name) + " " + argument.name;
    if (argument.kind == Argument::Kind::toggle) {
      app.add_flag(argument.name, values.switches[key], argument.help);
    } else if (argument.kind == Argument::Kind::words) {
      app.add_option(argument.name, rest, argument.help)->type_name("");
    } else {
      CLI::Option* option = app.add_option(argument.name, values.texts[key], argument.help);
      option->type_name(argument.value);
      if (argument.kind == Argument::Kind::required || argument.kind == Argument::Kind::needed_value)
        option->required();
    }
  }
}

// The subcommand "db" of "db status", made when it is not there yet.
CLI::App* parent_of(CLI::App& app, const std::string& group, std::map<std::string, CLI::App*>& groups) {
  CLI::App*& parent = groups[group];
  if (parent == nullptr) {
    parent = app.add_subcommand(group, std::string(help_of_group(group)));
    parent->require_subcommand(1)->fallthrough();
  }
  return parent;
}

}  // namespace

std::string CommandLine::get(const std::string& name) const {
  const auto found = arguments.find(name);
  return found == arguments.end() ? std::string{} : found->second;
}

namespace {

// "dits help db status" is "dits db status --help".
std::variant<CommandLine, ExitCode> help_about(std::vector<std::string> words) {
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + word;
  if (!command.empty() && find_command(command) == nullptr && help_of_group(command).empty()) {
    std::fprintf(stderr,
                 "dits: there is no command '%s'. The commands are %s; dits --help tells more.\n",
                 command.c_str(),
                 command_words({}).c_str());
    return ExitCode::usage;
  }
  words.insert(words.begin(), "dits");
  words.emplace_back("--help");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

std::variant<CommandLine, ExitCode> parse_command_line(int argc, char** argv) {
  CLI::App app("DITS: an issue tracker for one developer, in one file.", "dits");
  app.footer(footer());
  app.set_version_flag("--version", "dits " + std::string(version_text()));
  app.require_subcommand(0, 1);
  app.failure_message(failure_text);
  Values values;
  CommandLine line;
  std::map<const CLI::App*, const CommandRow*> rows;
  std::map<std::string, CLI::App*> groups;
  add_settings(app, values);
  for (const CommandRow& row : all_commands()) {
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
  if (line.command == "help") return help_about(line.rest);
  for (const Argument& argument : row->second->arguments) {
    const std::string key = line.command + " " + argument.name;
    if (argument.kind == Argument::Kind::words || chosen->count(argument.name) == 0) continue;
    line.arguments[argument.name] = argument.kind == Argument::Kind::toggle ? "true" : values.texts[key];
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

ExitCode end_output(ExitCode code) {
  if (std::fflush(stdout) == 0) {
    if (std::ferror(stdout) == 0) return code;
    // It went wrong earlier, and why is not known any more: it will again.
    std::clearerr(stdout);
    errno = 0;
    std::fputc('\n', stdout);
    std::fflush(stdout);
  }
  const std::string reason = errno == 0 ? std::string() : ": " + std::string(std::strerror(errno));
  if (code == ExitCode::ok) code = ExitCode::failed;
  std::fprintf(stderr, "dits: not all could be written to the standard output%s\n", reason.c_str());
  return code;
}

namespace {

// What a field of the API is called on the command line, where it is not the flag or word of its own name.
struct TypedName {
  std::string_view field;
  std::string_view name;
};
constexpr TypedName typed_names[] = {{"q", "QUERY"},
                                     {"title", "TEXT"},
                                     {"columns", "--map"},
                                     {"values", "--map-value"},
                                     {"password", "--password-stdin"}};

// "--tls-key" for "tls-key", "EMAIL" for "email": as a person types it. Empty: nothing that can be typed.
std::string typed_name(const std::string& field, const CommandRow* row) {
  if (field.empty()) return {};
  if (row != nullptr) {
    for (const Argument& argument : row->arguments) {
      const std::string_view name = argument.name;
      const bool is_alias = std::ranges::any_of(
          typed_names, [&](const TypedName& one) { return one.field == field && one.name == name; });
      if (is_alias || name == field || name == "--" + field || fold_case(name) == field) return argument.name;
    }
  }
  for (const Setting& setting : all_settings()) {
    if (setting.flag == "--" + field) return std::string(setting.flag);
  }
  return {};
}

void print_fields(const Error& error, const CommandRow* row) {
  for (const FieldError& field : error.fields) {
    if (error.message.find(field.message) != std::string::npos) continue;
    const std::string name = typed_name(field.field, row);
    std::fprintf(stderr,
                 "  %s: %s\n",
                 harmless(name.empty() ? field.field : name).c_str(),
                 harmless(field.message).c_str());
  }
  if (!error.fields.empty() || error.code != ErrorCode::invalid) return;
  const std::string name = typed_name(error.field, row);
  if (!name.empty() && error.message.find(name) == std::string::npos)
    std::fprintf(stderr, "  (%s)\n", name.c_str());
}

}  // namespace

ExitCode report(const Error& error, const CommandRow* row) {
  std::fflush(stdout);  // what was found comes before what it means, in a file too
  std::fprintf(stderr, "dits: %s\n", harmless(error.message).c_str());
  print_fields(error, row);
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
