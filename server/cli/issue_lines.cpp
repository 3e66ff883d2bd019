#include "server/cli/issue_lines.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "server/cli/table.hpp"
#include "server/service/areas.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/workflows.hpp"

namespace dits::cli {

const Workflow* NamesHere::workflow_of(StatusId id) const {
  const auto found = std::ranges::find_if(
      workflows, [id](const Workflow& workflow) { return find_status(workflow, id) != nullptr; });
  return found == workflows.end() ? nullptr : &*found;
}

std::string NamesHere::status_name(StatusId id) const {
  const Workflow* workflow = workflow_of(id);
  const Status* found = workflow == nullptr ? nullptr : find_status(*workflow, id);
  return found == nullptr ? std::string() : found->name;
}

std::string NamesHere::place_name(const Issue& issue) const {
  const auto project = std::ranges::find(projects, issue.project_id, &Project::id);
  if (project != projects.end()) return project->name;
  const auto area = std::ranges::find(areas, issue.area_id, &Area::id);
  return area != areas.end() ? area->name : std::string();
}

std::string NamesHere::label_names(const Issue& issue) const {
  std::string text;
  for (const Label& label : labels) {
    if (std::ranges::find(issue.label_ids, label.id) == issue.label_ids.end()) continue;
    text += (text.empty() ? "" : ", ") + label.name;
  }
  return text;
}

Result<NamesHere> read_names(Desk& desk) {
  NamesHere names;
  names.workflows = TRY(list_workflows(desk.services(), desk.viewer));
  names.projects = TRY(list_projects(desk.services(), desk.viewer));
  names.areas = TRY(list_areas(desk.services(), desk.viewer));
  names.labels = TRY(list_labels(desk.services(), desk.viewer));
  return names;
}

std::string priority_word(Priority priority) {
  constexpr std::array<const char*, 5> words{"", "low", "medium", "high", "urgent"};
  return words[static_cast<std::size_t>(priority)];
}

std::string day_word(const std::optional<Date>& day) { return day ? to_string(*day) : std::string(); }

std::vector<std::string> head_of_lines() {
  return {"number", "status", "priority", "title", "labels", "place", "due"};
}

std::vector<std::string> line_of(const Issue& issue, const NamesHere& names) {
  return {"#" + std::to_string(issue.number),
          names.status_name(issue.status_id),
          priority_word(issue.priority),
          issue.title,
          names.label_names(issue),
          names.place_name(issue),
          day_word(issue.due_date)};
}

Json json_of(const Issue& issue, const NamesHere& names, IssueFields fields) {
  Json json = issue_to_json(issue, fields);
  json["status"] = names.status_name(issue.status_id);
  json["labels"] = names.label_names(issue);
  json["place"] = names.place_name(issue);
  return json;
}

void print_issue(const std::string& what, const Issue& issue, const NamesHere& names) {
  std::vector<std::string> cells = line_of(issue, names);
  if (!cells.back().empty()) cells.back().insert(0, "due ");
  std::string text = what + " " + cells[0];
  cells.erase(cells.begin());
  for (const std::string& cell : cells) {
    if (!cell.empty()) text += "  " + cell;
  }
  std::printf("%s\n", harmless(text).c_str());
}

}  // namespace dits::cli
