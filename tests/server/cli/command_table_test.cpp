// The table of commands, and what is made of it.
#include "server/cli/command_table.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "server/base/settings.hpp"

namespace dits::cli {
namespace {

TEST_CASE(
    "every command has a name of its own, a sentence, arguments that say what they are, and does something") {
  std::set<std::string> names;
  for (const CommandRow& row : all_commands()) {
    const std::string name = row.name;
    CAPTURE(name);
    CHECK(names.insert(name).second);
    CHECK(std::string(row.help).size() > 5);
    CHECK(find_command(name) == &row);
    const bool is_for_main = name == "serve" || name == "studio" || name == "help";
    CHECK((row.run != nullptr) + (row.run_with != nullptr) == (is_for_main ? 0 : 1));
    if (const std::size_t space = name.find(' '); space != std::string::npos)
      CHECK_FALSE(help_of_group(name.substr(0, space)).empty());
    for (const Argument& one : row.arguments) {
      CAPTURE(one.name);
      CHECK(one.is_flag() == std::string(one.name).starts_with('-'));
      CHECK((one.kind == Argument::Kind::value || one.kind == Argument::Kind::needed_value) ==
            (one.value[0] != '\0'));
    }
  }
  CHECK(find_command("sevre") == nullptr);
}

TEST_CASE("the manual page and the completions name every command, every flag and every setting") {
  std::string manual = manual_page();
  for (std::size_t at = manual.find("\\-"); at != std::string::npos; at = manual.find("\\-", at))
    manual.erase(at, 1);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    CAPTURE(shell);
    const std::string script = completion_script(shell).value();
    const bool is_fish = std::string(shell) == "fish";
    for (const CommandRow& row : all_commands()) {
      const std::string name = row.name;
      CHECK(script.find(name.substr(name.rfind(' ') + 1)) != std::string::npos);
      CHECK(manual.find("dits " + name) != std::string::npos);
      for (const Argument& one : row.arguments) {
        if (!one.is_flag()) continue;
        CAPTURE(one.name);
        const std::string flag = one.name;
        CHECK(script.find(is_fish ? flag.substr(flag.starts_with("--") ? 2 : 1) : flag) != std::string::npos);
        CHECK(manual.find(flag) != std::string::npos);
      }
    }
    for (const Setting& setting : all_settings()) {
      CHECK(manual.find(setting.variable) != std::string::npos);
      if (!setting.flag.empty())
        CHECK(script.find(is_fish ? setting.flag.substr(2) : setting.flag) != std::string::npos);
    }
  }
  CHECK(completion_script("tcsh").error().message.find("bash, zsh and fish") != std::string::npos);
}

TEST_SUITE("golden") {
  TEST_CASE("README.md has the table of commands") {
    const std::string readme = read_file("README.md").value();
    const std::string begin = "<!-- commands: begin -->\n";
    const std::size_t first = readme.find(begin);
    const std::size_t last = readme.find("<!-- commands: end -->");
    REQUIRE(first != std::string::npos);
    REQUIRE(last != std::string::npos);
    const std::size_t start = first + begin.size();
    const std::string table = commands_as_markdown();
    if (std::getenv("DITS_UPDATE_GOLDEN") != nullptr)
      std::ofstream("README.md") << readme.substr(0, start) + table + readme.substr(last);
    CHECK(read_file("README.md").value().find(begin + table + "<!-- commands: end -->") != std::string::npos);
  }
}

}  // namespace
}  // namespace dits::cli
