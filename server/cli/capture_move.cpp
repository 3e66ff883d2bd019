// `dits start | done`: issues on their way through their workflow.
#include <cstdio>
#include <string>
#include <vector>

#include "server/cli/capture.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/issue_lines.hpp"
#include "server/cli/table.hpp"
#include "shared/core/text.hpp"
#include "shared/model/git_integration.hpp"

namespace dits::cli {

namespace {

// Where a command brings an issue.
struct Goal {
  bool (*is_reached)(const Status& status);
  // Whether a person may name this status for it. Errors: invalid.
  Result<void> (*may_be)(const Workflow& workflow, const Status& status);
};

std::string names_of(const Workflow& workflow, bool (*counts)(const Status&)) {
  std::string names;
  for (const Status& status : workflow.statuses) {
    if (counts(status)) names += (names.empty() ? "" : ", ") + status.name;
  }
  return names;
}

bool is_closed(const Status& status) { return status.is_closed; }
bool is_open(const Status& status) { return !status.is_closed; }
bool is_in_progress(const Status& status) {
  return !status.is_closed && fold_case(status.name) == "in progress";
}

Error not_this_status(const Status& status, const std::string& why) {
  return invalid("--status", '"' + status.name + "\" " + why);
}

Result<void> may_be_done(const Workflow& workflow, const Status& status) {
  if (status.is_closed) return {};
  return not_this_status(status, "is no closed status; closed here: " + names_of(workflow, is_closed) + ".");
}

Result<void> may_be_started(const Workflow& workflow, const Status& status) {
  if (status.is_closed) return not_this_status(status, "is a closed status: dits done closes issues.");
  const bool is_first = status.id == workflow.statuses.front().id;
  const std::string open = names_of(workflow, is_open);
  if (!is_first || is_in_progress(status) || open == status.name) return {};
  return not_this_status(status, "is where issues begin; open here: " + open + ".");
}

constexpr Goal started{is_in_progress, may_be_started};
constexpr Goal done{is_closed, may_be_done};

// The status of that name, else the first of its workflow that fits and into which it may move, else the
// first that fits.
Result<StatusId> status_for(const CommandLine& line,
                            const Workflow& workflow,
                            StatusId from,
                            const Goal& goal) {
  if (line.has("--status")) {
    const std::string wanted = fold_case(line.get("--status"));
    for (const Status& status : workflow.statuses) {
      if (fold_case(status.name) != wanted) continue;
      TRY(goal.may_be(workflow, status));
      return status.id;
    }
  } else {
    const Status* first = nullptr;
    for (const Status& status : workflow.statuses) {
      if (!goal.is_reached(status)) continue;
      if (allows_move(workflow, from, status.id)) return status.id;
      if (first == nullptr) first = &status;
    }
    if (first != nullptr) return first->id;
  }
  const std::string known = names_of(workflow, [](const Status&) { return true; });
  return invalid(
      "--status",
      "The workflow \"" + workflow.name + "\" has no such status: name one with --status (" + known + ").");
}

Result<Issue> move_issue(Desk& desk, const CommandLine& line, const std::string& word, const Goal& goal) {
  const IssueKey key = TRY(issue_key(word));
  const Issue before = TRY(find_issue(desk, key));
  const NamesHere names = TRY(read_names(desk));
  const Workflow* workflow = names.workflow_of(before.status_id);
  if (workflow == nullptr) return internal("The issue's workflow is gone.");
  const Status* now = find_status(*workflow, before.status_id);
  if (!line.has("--status") && now != nullptr && goal.is_reached(*now)) return before;
  IssueUpdate update;
  update.patch.status_id = TRY(status_for(line, *workflow, before.status_id, goal));
  return TRY(update_issue(desk.services(), desk.viewer, key, update, std::nullopt)).issue;
}

// Each for itself; without the database there is no going on.
struct Several {
  std::vector<Issue> issues;
  std::vector<FieldError> not_done;
  bool all_are_wrong_words = true;
};

Several move_all(Desk& desk, const CommandLine& line, const Goal& goal) {
  Several all;
  bool is_over = false;
  for (const std::string& word : line.rest) {
    if (is_over) {
      all.not_done.push_back({word, "was not tried."});
      continue;
    }
    Result<Issue> moved = move_issue(desk, line, word, goal);
    if (moved) {
      all.issues.push_back(std::move(moved).value());
      continue;
    }
    const ErrorCode code = moved.error().code;
    all.all_are_wrong_words = all.all_are_wrong_words && code == ErrorCode::invalid;
    is_over = code == ErrorCode::unavailable;
    all.not_done.push_back({word, moved.error().message});
  }
  return all;
}

Result<void> tell_all(Desk& desk, const CommandLine& line, Several all) {
  const NamesHere names = TRY(read_names(desk));
  Json issues = Json::array();
  for (const Issue& issue : all.issues) {
    if (line.has("--json")) {
      issues.push_back(json_of(issue, names));
    } else {
      print_issue("done", issue, names);
    }
  }
  if (line.has("--json")) {
    Json not_done = Json::array();
    for (const FieldError& one : all.not_done)
      not_done.push_back(Json{{"issue", one.field}, {"message", one.message}});
    print_json({{"issues", std::move(issues)}, {"notDone", std::move(not_done)}});
  }
  if (all.not_done.empty()) return {};
  Error error = not_found(std::to_string(all.issues.size()) + " of " + std::to_string(line.rest.size()) +
                          (all.issues.size() == 1 ? " is" : " are") + " done; not done:");
  if (all.all_are_wrong_words) error.code = ErrorCode::invalid;
  error.fields = std::move(all.not_done);
  return error;
}

}  // namespace

Result<void> issue_start(const CommandLine& line, const Config& config) {
  Desk desk = TRY(open_desk(line, config));
  const Issue issue = TRY(move_issue(desk, line, line.get("ISSUE"), started));
  const std::string branch = branch_name_for(issue.number, issue.title);
  if (line.has("--json")) {
    Json json = json_of(issue, TRY(read_names(desk)));
    json["branchName"] = branch;
    print_json(json);
    return {};
  }
  // The name alone on the standard output: $(dits start 128) is what git wants.
  std::fprintf(
      stderr, "started #%lld  %s\n", static_cast<long long>(issue.number), harmless(issue.title).c_str());
  std::printf("%s\n", branch.c_str());
  return {};
}

Result<void> issue_done(const CommandLine& line, const Config& config) {
  if (line.rest.empty()) return invalid("ISSUE", "Say which: dits done 128");
  for (const std::string& word : line.rest) TRY(issue_key(word));
  Desk desk = TRY(open_desk(line, config));
  if (line.rest.size() > 1) return tell_all(desk, line, move_all(desk, line, done));
  return show_issue(desk, line, "done", TRY(move_issue(desk, line, line.rest.front(), done)));
}

}  // namespace dits::cli
