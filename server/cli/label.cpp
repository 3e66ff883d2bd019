// `dits label add | list`.
#include <cstdio>
#include <string>
#include <vector>

#include "server/cli/capture.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/service/labels.hpp"
#include "shared/core/text.hpp"
#include "shared/json/label_json.hpp"

namespace dits::cli {

Result<void> label_add(const CommandLine& line, const Config& config) {
  Label draft;
  for (const std::string& word : line.rest) draft.name += (draft.name.empty() ? "" : " ") + word;
  if (trim(draft.name).empty()) return invalid("NAME", "Say what it is called: dits label add bug");
  if (line.has("--color")) draft.color = line.get("--color");
  TRY(validate_color(draft.color, "--color"));
  Desk desk = TRY(open_desk(line, config));
  const Label made = TRY(create_label(desk.services(), desk.viewer, std::move(draft)));
  if (line.has("--json")) {
    print_json(label_to_json(made));
  } else {
    std::printf("made label %s\n", harmless(made.name).c_str());
  }
  return {};
}

Result<void> label_list(const CommandLine& line, const Config& config) {
  Desk desk = TRY(open_desk(line, config));
  std::vector<std::vector<std::string>> lines = {{"label", "color"}};
  Json labels = Json::array();
  for (const Label& label : TRY(list_labels(desk.services(), desk.viewer))) {
    labels.push_back(label_to_json(label));
    lines.push_back({label.name, label.color});
  }
  if (line.has("--json")) {
    print_json({{"labels", std::move(labels)}});
    return {};
  }
  if (lines.size() > 1) print_table(lines, {0});
  if (lines.size() == 1) std::fprintf(stderr, "no label\n");
  return {};
}

}  // namespace dits::cli
