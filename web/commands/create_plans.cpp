// New issues, out of the form: one, or one for each line that was pasted into its title.
#include <utility>

#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"
#include "web/commands/app_plans.hpp"
#include "web/store/inline_draft.hpp"

namespace dits::web {

namespace {

// The issue of a form, or why there can be none. Of several that are made together each has its number.
Result<Issue> made_from(const State& state, const QuickCreate& form, std::size_t number = 0) {
  Issue issue = issue_of(state, form);
  issue.id = IssueId{fresh_uuid(state, number)};
  issue.title = name_from(issue.title);
  issue.description = normal_form(issue.description);
  const Status* status = find_status(state.entities, issue.status_id);
  if (status != nullptr && status->is_closed) issue.completed_at = state.now;
  issue.created_at = issue.updated_at = state.now;
  issue.position = static_cast<double>(state.now.unix_ms) + static_cast<double>(number);
  TRY(validate(issue));
  return issue;
}

Plan refuse_form(QuickCreate form, std::string why) {
  form.error = std::move(why);
  return change_view(QuickCreateChanged{std::move(form)});
}

// The form empty again where another issue is wanted, else closed.
Change form_after(const QuickCreate& form) {
  if (!form.keeps_open) return QuickCreateClosed{false};
  QuickCreate next = form;
  next.title.clear();
  next.description.clear();
  next.lines.clear();
  next.left_alone.clear();
  next.error.clear();
  return QuickCreateChanged{std::move(next)};
}

}  // namespace

// From the open form, or at once with the argument as title.
Plan plan_create_issue(const State& state, const Invocation& invocation) {
  QuickCreate draft = state.quick_create;
  if (const auto* title = argument_as<std::string>(invocation)) {
    draft = {};
    draft.title = *title;
  }
  Result<Issue> issue = made_from(state, draft);
  if (!issue) {
    const bool has_title = !name_from(issue_of(state, draft).title).empty();
    if (!draft.is_open) return refuse(issue.error().message);
    return refuse_form(std::move(draft), has_title ? issue.error().message : "Give it a title");
  }
  const IssueId id = issue->id;
  const std::string title = "Created “" + issue->title + "”";
  Plan plan = change_view(IssueCreated{std::move(*issue)});
  plan.title = title;
  plan.changes.emplace_back(CursorWent{id});
  if (draft.is_open) plan.changes.push_back(form_after(draft));
  return plan;
}

// All or none: what is wrong with one of them is told before any is made.
Plan plan_create_lines(const State& state, const Invocation&) {
  const QuickCreate& form = state.quick_create;
  if (!form.is_open || form.lines.empty()) return {};
  Plan plan;
  IssueId first;
  for (std::size_t line = 0; line < form.lines.size(); ++line) {
    Result<Issue> issue = made_from(state, form_of_line(form, line), line);
    if (!issue) return refuse_form(form, "“" + form.lines[line] + "”: " + issue.error().message);
    if (line == 0) first = issue->id;
    plan.changes.emplace_back(IssueCreated{std::move(*issue)});
  }
  plan.title = "Created " + std::to_string(form.lines.size()) + " issues";
  plan.changes.emplace_back(CursorWent{first});
  plan.changes.push_back(form_after(form));
  return plan;
}

}  // namespace dits::web
