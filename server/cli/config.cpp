// `dits config`, and the commands that only print what is in the executable: `dits completion`, `dits man`.
#include "server/base/config.hpp"

#include <cstdio>
#include <vector>

#include "server/base/settings.hpp"
#include "server/cli/command_table.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"

namespace dits::cli {

// All mistakes are told, and what could be read is shown beside them.
Result<void> config_show(const CommandLine& line, const ConfigSources& sources) {
  Config config;
  const Result<void> read = read_config_into(config, sources);
  Json settings = Json::array();
  std::vector<std::vector<std::string>> lines = {{"setting", "value", "from"}};
  for (const SettingInUse& one : settings_in_use(config)) {
    const std::string variable(one.setting->variable);
    settings.push_back(Json{{"variable", variable},
                            {"flag", std::string(one.setting->flag)},
                            {"value", one.text},
                            {"from", one.from}});
    lines.push_back({variable, one.text, one.from});
  }
  Json doubts = Json::array();
  for (const FieldError& doubt : config.doubts)
    doubts.push_back(Json{{"name", doubt.field}, {"message", doubt.message}});
  if (line.has("--json")) {
    print_json({{"settings", std::move(settings)}, {"doubts", std::move(doubts)}});
    return read;
  }
  print_table(lines);
  for (const FieldError& doubt : config.doubts)
    std::printf("note: %s %s\n", doubt.field.c_str(), doubt.message.c_str());
  return read;
}

Result<void> completion(const CommandLine& line, const ConfigSources& /*sources*/) {
  std::fputs(TRY(completion_script(line.get("SHELL"))).c_str(), stdout);
  return {};
}

Result<void> man(const CommandLine& /*line*/, const ConfigSources& /*sources*/) {
  std::fputs(manual_page().c_str(), stdout);
  return {};
}

}  // namespace dits::cli
