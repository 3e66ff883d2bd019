// `dits add | list | show | start | done`: issues from where one works. Editing one is in capture_edit.cpp.
#include "server/cli/capture.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <optional>

#include "server/base/clock.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"
#include "server/service/areas.hpp"
#include "server/service/issue_details.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/workflows.hpp"
#include "shared/core/text.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/model/git_integration.hpp"

namespace dits::cli {

namespace {

constexpr std::int64_t largest_page = 200;
constexpr std::int64_t shown_without_limit = 50;
constexpr const char* open_issues = "is:open";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// What ids of issues stand for.
struct NamesHere {
  std::vector<Workflow> workflows;
  std::vector<Project> projects;
  std::vector<Area> areas;
  std::vector<Label> labels;

  const Status* status(StatusId id) const {
    for (const Workflow& workflow : workflows) {
      if (const Status* found = find_status(workflow, id)) return found;
    }
    return nullptr;
  }
  const Workflow* workflow_of(StatusId id) const {
    const auto found = std::ranges::find_if(
        workflows, [id](const Workflow& workflow) { return find_status(workflow, id) != nullptr; });
    return found == workflows.end() ? nullptr : &*found;
  }
  std::string status_name(StatusId id) const {
    const Status* found = status(id);
    return found == nullptr ? std::string() : found->name;
  }
  std::string place_name(const Issue& issue) const {
    const auto project = std::ranges::find(projects, issue.project_id, &Project::id);
    if (project != projects.end()) return project->name;
    const auto area = std::ranges::find(areas, issue.area_id, &Area::id);
    return area != areas.end() ? area->name : std::string();
  }
  std::string label_names(const Issue& issue) const {
    std::string text;
    for (const Label& label : labels) {
      if (std::ranges::find(issue.label_ids, label.id) == issue.label_ids.end()) continue;
      text += (text.empty() ? "" : ", ") + label.name;
    }
    return text;
  }
};

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

std::vector<std::string> line_of(const Issue& issue, const NamesHere& names) {
  return {"#" + std::to_string(issue.number),
          names.status_name(issue.status_id),
          priority_word(issue.priority),
          issue.title,
          names.label_names(issue),
          names.place_name(issue),
          day_word(issue.due_date)};
}
constexpr std::size_t title_column = 3;

void print_fact(const char* name, const std::string& text) {
  if (!text.empty()) std::printf("%-10s %s\n", name, harmless(text).c_str());
}

// As the API has it, with the names beside the ids.
Json json_of(const Issue& issue, const NamesHere& names, IssueFields fields = IssueFields::all()) {
  Json json = issue_to_json(issue, fields);
  json["status"] = names.status_name(issue.status_id);
  json["labels"] = names.label_names(issue);
  json["place"] = names.place_name(issue);
  return json;
}

Result<void> show_issue(Desk& desk, const CommandLine& line, const std::string& what, const Issue& issue) {
  const NamesHere names = TRY(read_names(desk));
  if (line.has("--json")) {
    print_json(json_of(issue, names));
    return {};
  }
  std::vector<std::string> cells = line_of(issue, names);
  std::string text = what + " " + cells[0];
  cells.erase(cells.begin());
  for (const std::string& cell : cells) {
    if (!cell.empty()) text += "  " + cell;
  }
  std::printf("%s\n", harmless(text).c_str());
  return {};
}

// Where an issue is to go: the status of that name, else the first of its workflow that `fits` and into which
// it may move, else the first that fits.
template <typename Fits>
Result<StatusId> status_for(const CommandLine& line,
                            const Workflow& workflow,
                            StatusId from,
                            const Fits& fits) {
  if (line.has("--status")) {
    const std::string wanted = fold_case(line.get("--status"));
    for (const Status& status : workflow.statuses) {
      if (fold_case(status.name) == wanted) return status.id;
    }
  } else {
    const Status* first = nullptr;
    for (const Status& status : workflow.statuses) {
      if (!fits(status)) continue;
      if (allows_move(workflow, from, status.id)) return status.id;
      if (first == nullptr) first = &status;
    }
    if (first != nullptr) return first->id;
  }
  std::string known;
  for (const Status& status : workflow.statuses) known += (known.empty() ? "" : ", ") + status.name;
  return invalid(
      "--status",
      "The workflow \"" + workflow.name + "\" has no such status: name one with --status (" + known + ").");
}

template <typename Fits>
Result<Issue> move_issue(Desk& desk, const CommandLine& line, const std::string& word, const Fits& fits) {
  const IssueKey key = TRY(issue_key(word));
  const Issue before = TRY(get_issue(desk.services(), desk.viewer, key));
  const NamesHere names = TRY(read_names(desk));
  const Workflow* workflow = names.workflow_of(before.status_id);
  if (workflow == nullptr) return internal("The issue's workflow is gone.");
  const Status* now = find_status(*workflow, before.status_id);
  if (!line.has("--status") && now != nullptr && fits(*now)) return before;
  IssueUpdate update;
  update.patch.status_id = TRY(status_for(line, *workflow, before.status_id, fits));
  return TRY(update_issue(desk.services(), desk.viewer, key, update, std::nullopt)).issue;
}

}  // namespace

Result<Desk> open_desk(const CommandLine& line, const Config& config) {
  Desk desk;
  desk.session = TRY(Session::open(config, DirectoryUse::none));
  if (line.has("--user")) {
    const User user = TRY(find_account(desk.services(), line.get("--user")));
    desk.viewer = command_line_viewer(user.id, user.role);
    return desk;
  }
  const std::vector<AccountRow> accounts = TRY(list_accounts(desk.services()));
  if (accounts.empty()) return not_found("There is no account yet; dits user add EMAIL makes one.");
  if (accounts.size() > 1) {
    return invalid("--user",
                   "There are " + std::to_string(accounts.size()) +
                       " accounts here: say whose issues with --user EMAIL; dits user list shows them.");
  }
  desk.viewer = command_line_viewer(accounts.front().user.id, accounts.front().user.role);
  return desk;
}

Result<IssueKey> issue_key(std::string_view word) {
  if (word.starts_with('#')) word.remove_prefix(1);
  return parse_issue_key(word);
}

Result<void> issue_add(const CommandLine& line, const Config& config) {
  Issue draft;
  draft.title = joined(line.rest);
  if (trim(draft.title).empty())
    return invalid("TEXT", "Say what is to be done: dits add Fix the login '#bug' '!high' due:fri");
  draft.description = line.get("--description");
  if (draft.description == "-")
    draft.description.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  Desk desk = TRY(open_desk(line, config));
  const Issue made =
      TRY(create_typed_issue(desk.services(), desk.viewer, std::move(draft), std::nullopt, time_zone_here()));
  return show_issue(desk, line, "made", made);
}

Result<void> issue_list(const CommandLine& line, const Config& config) {
  std::int64_t limit = shown_without_limit;
  if (line.has("--limit")) {
    const std::string text = line.get("--limit");
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (code != std::errc{} || end != text.data() + text.size() || limit < 1)
      return invalid("--limit", "expected a number from 1 on, got '" + text + "'.");
  }
  const std::string asked = joined(line.rest);
  Desk desk = TRY(open_desk(line, config));
  const NamesHere names = TRY(read_names(desk));
  std::vector<std::vector<std::string>> lines = {
      {"number", "status", "priority", "title", "labels", "place", "due"}};
  Json issues = Json::array();
  const TimeZone zone = time_zone_here();
  std::string cursor;
  for (std::int64_t left = limit; left > 0;) {
    IssueListQuestion question;
    question.query = asked.empty() ? open_issues : std::string_view(asked);
    question.cursor = cursor;
    question.limit = std::min(left, largest_page);
    question.zone = zone;
    const IssueListAnswer answer = TRY(list_issues(desk.services(), desk.viewer, question));
    for (const Issue& issue : answer.issues) {
      if (line.has("--json")) {
        issues.push_back(json_of(issue, names, answer.fields));
      } else {
        lines.push_back(line_of(issue, names));
      }
    }
    left -= static_cast<std::int64_t>(answer.issues.size());
    cursor = answer.next_cursor;
    if (cursor.empty()) break;
  }
  if (line.has("--json")) {
    print_json({{"issues", std::move(issues)}, {"isAll", cursor.empty()}});
    return {};
  }
  if (lines.size() > 1) print_table(lines, {title_column});
  if (lines.size() == 1) std::fprintf(stderr, "no issue\n");
  if (!cursor.empty()) std::fprintf(stderr, "... and more: --limit N shows them\n");
  return {};
}

Result<void> issue_show(const CommandLine& line, const Config& config) {
  const IssueKey key = TRY(issue_key(line.get("ISSUE")));
  Desk desk = TRY(open_desk(line, config));
  const IssueDetails details = TRY(issue_details(desk.services(), desk.viewer, key));
  if (line.has("--json")) {
    std::printf("%s\n", issue_details_to_text(details).c_str());
    return {};
  }
  const NamesHere names = TRY(read_names(desk));
  const Issue& issue = details.issue;
  std::printf("#%lld  %s\n", static_cast<long long>(issue.number), harmless(issue.title).c_str());
  if (issue.deleted_at) print_fact("in trash", "since " + to_string(date_of(*issue.deleted_at)));
  print_fact("status", names.status_name(issue.status_id));
  print_fact("priority", priority_word(issue.priority));
  print_fact("place", names.place_name(issue));
  print_fact("labels", names.label_names(issue));
  print_fact("start", day_word(issue.start_date));
  print_fact("due", day_word(issue.due_date));
  print_fact("branch", branch_name_for(issue.number, issue.title));
  if (issue.parent_issue_id.is_set()) {
    const IssueKey above = TRY(parse_issue_key(to_string(issue.parent_issue_id)));
    const Issue parent = TRY(get_issue(desk.services(), desk.viewer, above));
    print_fact("parent", "#" + std::to_string(parent.number) + "  " + parent.title);
  }
  for (const Issue& part : TRY(list_sub_issues(desk.services(), desk.viewer, key)))
    print_fact(
        "part",
        "#" + std::to_string(part.number) + "  " + names.status_name(part.status_id) + "  " + part.title);
  if (!issue.description.empty()) std::printf("\n%s\n", harmless(issue.description).c_str());
  for (const Comment& comment : details.comments)
    std::printf("\n--- %s\n%s\n", to_string(comment.created_at).c_str(), harmless(comment.body).c_str());
  return {};
}

Result<void> issue_start(const CommandLine& line, const Config& config) {
  Desk desk = TRY(open_desk(line, config));
  const Issue issue = TRY(move_issue(desk, line, line.get("ISSUE"), [](const Status& status) {
    return !status.is_closed && fold_case(status.name) == "in progress";
  }));
  const std::string branch = branch_name_for(issue.number, issue.title);
  if (line.has("--json")) {
    Json json = json_of(issue, TRY(read_names(desk)));
    json["branchName"] = branch;
    print_json(json);
    return {};
  }
  // The name alone on the standard output: $(dits start 128) is what git wants.
  std::fprintf(stderr, "started #%lld  %s\n", static_cast<long long>(issue.number), issue.title.c_str());
  std::printf("%s\n", branch.c_str());
  return {};
}

Result<void> issue_done(const CommandLine& line, const Config& config) {
  if (line.rest.empty()) return invalid("ISSUE", "Say which: dits done 128");
  for (const std::string& word : line.rest) TRY(issue_key(word));
  Desk desk = TRY(open_desk(line, config));
  for (const std::string& word : line.rest) {
    const Issue issue =
        TRY(move_issue(desk, line, word, [](const Status& status) { return status.is_closed; }));
    TRY(show_issue(desk, line, "done", issue));
  }
  return {};
}

}  // namespace dits::cli
