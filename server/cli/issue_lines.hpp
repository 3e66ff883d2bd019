// Issues as lines and as JSON of the command line: with the names that their ids stand for.
#pragma once

#include <string>
#include <vector>

#include "server/cli/capture.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/model/area.hpp"
#include "shared/model/label.hpp"
#include "shared/model/project.hpp"
#include "shared/model/workflow.hpp"

namespace dits::cli {

// What ids of issues stand for.
struct NamesHere {
  std::vector<Workflow> workflows;
  std::vector<Project> projects;
  std::vector<Area> areas;
  std::vector<Label> labels;

  const Workflow* workflow_of(StatusId id) const;
  std::string status_name(StatusId id) const;
  std::string place_name(const Issue& issue) const;
  std::string label_names(const Issue& issue) const;
};
Result<NamesHere> read_names(Desk& desk);

std::string priority_word(Priority priority);
std::string day_word(const std::optional<Date>& day);

// Under this head.
std::vector<std::string> line_of(const Issue& issue, const NamesHere& names);
std::vector<std::string> head_of_lines();
inline constexpr std::size_t title_column = 3;

// As the API has it, with the names beside the ids.
Json json_of(const Issue& issue, const NamesHere& names, IssueFields fields = IssueFields::all());

// "done #128  Done  high  Fix the login  bug  due 2026-07-31".
void print_issue(const std::string& what, const Issue& issue, const NamesHere& names);

}  // namespace dits::cli
