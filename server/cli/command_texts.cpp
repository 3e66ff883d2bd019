// What is made of the table of commands beside --help: README's table, the manual page, completions.
#include <algorithm>
#include <string>
#include <vector>

#include "server/base/settings.hpp"
#include "server/base/version.hpp"
#include "server/cli/command_table.hpp"

namespace dits::cli {

namespace {

// "dits user add EMAIL [--name NAME] [--admin]".
std::string usage_of(const CommandRow& row) {
  std::string text = std::string("dits ") + row.name;
  for (const Argument& one : row.arguments) {
    std::string word = one.name;
    if (one.value[0] != '\0') word += std::string(" ") + one.value;
    switch (one.kind) {
      case Argument::Kind::required:
      case Argument::Kind::needed_value:
        text += " " + word;
        break;
      case Argument::Kind::words:
        text += " [" + word + "...]";
        break;
      default:
        text += " [" + word + "]";
    }
  }
  return text;
}

// Roff reads '\' everywhere, and '.' and "'" at the beginning of a line; '-' alone is a hyphen.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

// In single quotes, as all three shells read them.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

struct Word {
  std::string text;
  std::string help;
};

// What may follow after these words of a command: words of commands, or its flags.
std::vector<Word> words_after(std::string_view path) {
  std::vector<Word> found;
  for (const CommandRow& row : all_commands()) {
    std::string_view name = row.name;
    if (name == path) {
      for (const Argument& one : row.arguments) {
        if (one.is_flag()) found.push_back({one.name, one.help});
      }
      continue;
    }
    if (!path.empty()) {
      if (!name.starts_with(std::string(path) + " ")) continue;
      name.remove_prefix(path.size() + 1);
    }
    const std::string_view word = name.substr(0, name.find(' '));
    const std::string_view group = word.size() == name.size() ? std::string_view{} : help_of_group(word);
    if (!found.empty() && found.back().text == word) continue;
    found.push_back({std::string(word), group.empty() ? row.help : std::string(group)});
  }
  return found;
}

// "", "db", "db status", …: whatever can have been typed of commands.
std::vector<std::string> all_paths() {
  std::vector<std::string> paths = {""};
  for (const CommandRow& row : all_commands()) {
    const std::string name = row.name;
    if (const std::size_t space = name.find(' '); space != std::string::npos) {
      if (paths.back().substr(0, space + 1) != name.substr(0, space + 1))
        paths.push_back(name.substr(0, space));
    }
    paths.push_back(name);
  }
  return paths;
}

std::vector<Word> setting_flags() {
  std::vector<Word> flags;
  for (const Setting& setting : all_settings()) {
    if (!setting.flag.empty()) flags.push_back({std::string(setting.flag), std::string(setting.help)});
  }
  return flags;
}

std::string joined(const std::vector<Word>& words) {
  std::string text;
  for (const Word& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

// Which words name a command, in $typed; bash and zsh read it alike.
constexpr const char* find_path = R"(  local typed= word
  for word in "${before[@]}"; do
    case "$typed $word" in
)";

std::string case_of_paths() {
  std::string text = find_path;
  for (const std::string& path : all_paths()) {
    if (path.empty()) continue;
    const std::size_t space = path.rfind(' ');
    const std::string typed = space == std::string::npos ? " " + path : path;
    text += "      " + in_quotes(typed) + ") typed=" + in_quotes(path) + " ;;\n";
  }
  return text + "    esac\n  done\n";
}

std::string bash_script() {
  std::string text =
      "# bash completion for dits: source <(dits completion bash)\n_dits() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]}\n"
      "  local before=(\"${COMP_WORDS[@]:1:COMP_CWORD-1}\") words=\n" +
      case_of_paths() + "  case $typed in\n";
  for (const std::string& path : all_paths())
    text += "    " + in_quotes(path) + ") words=" + in_quotes(joined(words_after(path))) + " ;;\n";
  text +=
      "  esac\n  [[ $current != -* ]] || words+=" + in_quotes(" --help " + joined(setting_flags())) + "\n";
  text +=
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$current\"))\n}\n"
      "complete -F _dits dits\n";
  return text;
}

// As _describe wants them: 'word:what it is'.
std::string described(const std::vector<Word>& words) {
  std::string text;
  for (const Word& word : words) text += " " + in_quotes(word.text + ":" + word.help);
  return text;
}

std::string zsh_script() {
  std::string text =
      "#compdef dits\n# zsh completion for dits: dits completion zsh > a folder of $fpath, as _dits\n_dits() "
      "{\n"
      "  local -a before found\n  before=(\"${words[@]:1:$((CURRENT-2))}\")\n" +
      case_of_paths() + "  case $typed in\n";
  for (const std::string& path : all_paths())
    text += "    " + in_quotes(path) + ") found=(" + described(words_after(path)) + " ) ;;\n";
  text += "  esac\n  [[ $PREFIX != -* ]] || found+=(" + described(setting_flags()) + " )\n";
  text += "  _describe 'dits' found || _files\n}\n_dits \"$@\"\n";
  return text;
}

std::string fish_script() {
  std::string text =
      "# fish completion for dits: dits completion fish > ~/.config/fish/completions/dits.fish\n";
  for (const std::string& path : all_paths()) {
    std::string condition;
    if (path.empty()) {
      condition = "__fish_use_subcommand";
    } else {
      for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find(' ', at), path.size());
        condition +=
            (condition.empty() ? "__fish_seen_subcommand_from " : "; and __fish_seen_subcommand_from ") +
            path.substr(at, end - at);
        at = end + 1;
      }
    }
    const bool is_group = !path.empty() && find_command(path) == nullptr;
    if (is_group) {
      condition += "; and not __fish_seen_subcommand_from " + joined(words_after(path));
    }
    for (const Word& word : words_after(path)) {
      std::string option = " -a " + in_quotes(word.text);
      if (word.text.starts_with("--")) {
        option = " -l " + word.text.substr(2);
      } else if (word.text.starts_with("-")) {
        option = " -s " + word.text.substr(1);
      }
      text += "complete -c dits -n " + in_quotes(condition) + option + " -d " + in_quotes(word.help) + "\n";
    }
  }
  for (const Word& word : setting_flags())
    text += "complete -c dits -l " + word.text.substr(2) + " -d " + in_quotes(word.help) + "\n";
  return text;
}

}  // namespace

std::string commands_as_markdown() {
  std::string text = "| command | does |\n| --- | --- |\n";
  for (const CommandRow& row : all_commands()) {
    text += "| `" + usage_of(row) + "` | " + row.help + " |\n";
  }
  return text;
}

std::string manual_page() {
  std::string text = ".TH DITS 1 \"\" \"dits " + std::string(version_text()) + "\" \"User Commands\"\n";
  text +=
      ".SH NAME\ndits \\- an issue tracker for one developer, in one executable\n"
      ".SH SYNOPSIS\n.B dits\n[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\nWithout a command dits serves its web app and API. The other commands work whether a "
      "server runs or not: they join the running database, or start it and stop it again.\n"
      ".SH COMMANDS\n";
  for (const CommandRow& row : all_commands()) {
    text += ".TP\n.B " + roff(usage_of(row)) + "\n" + roff(row.help) + "\n";
    for (const Argument& one : row.arguments) {
      if (one.help[0] == '\0') continue;
      text += ".br\n\\fB" + roff(one.name) + "\\fR: " + roff(one.help) + "\n";
    }
  }
  text +=
      ".SH SETTINGS\nEach is taken from its flag, else from its environment variable, else from the file "
      ".env "
      "in the working directory, else from its default.\n";
  for (const Setting& setting : all_settings()) {
    text += ".TP\n.B " + roff(setting.flag);
    if (!setting.placeholder.empty() && !setting.flag.empty()) text += " " + roff(setting.placeholder);
    text += std::string(setting.flag.empty() ? "" : ", ") + roff(setting.variable) + "\n" +
            roff(setting.help) + " [" + roff(default_of(setting)) + "]\n";
  }
  text += ".SH EXIT STATUS\n";
  for (const std::string_view code : exit_code_texts())
    text += ".TP\n.B " + roff(code.substr(0, 1)) + "\n" + roff(code.substr(2)) + "\n";
  text +=
      ".SH FILES\n.TP\n.I ~/.local/share/dits\ndatabase, attachments and backups, unless \\-\\-data\\-dir "
      "says "
      "otherwise\n";
  return text;
}

Result<std::string> completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  return invalid("SHELL", "dits completion knows bash, zsh and fish, and not '" + std::string(shell) + "'.");
}

}  // namespace dits::cli
