// Status, priority, dates, labels, places and relations of issues.
#include "web/commands/issue_plans.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/day_text.hpp"
#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"
#include "web/commands/picker.hpp"

namespace dits::web {

namespace {

// The status of this kind in the issue's own workflow.
const Status* status_for(const State& state, const Issue& issue, StatusKind kind) {
  const Status* own = status_of(state, issue);
  const Workflow* workflow = own != nullptr ? find_workflow(state.entities, own->workflow_id) : nullptr;
  if (workflow == nullptr) workflow = workflow_for(state.entities, issue.project_id);
  if (workflow == nullptr) return nullptr;
  for (const Status& status : workflow->statuses) {
    if (status_kind(status) == kind) return &status;
  }
  return nullptr;
}

// The status that stands for `wanted` in the issue's workflow: itself, or the one of the same name.
const Status* same_status(const State& state, const Issue& issue, const Status& wanted) {
  const Status* own = status_of(state, issue);
  if (own == nullptr || own->workflow_id == wanted.workflow_id) return &wanted;
  const Workflow* workflow = find_workflow(state.entities, own->workflow_id);
  if (workflow == nullptr) return &wanted;
  for (const Status& status : workflow->statuses) {
    if (fold_case(status.name) == fold_case(wanted.name)) return &status;
  }
  return nullptr;
}

template <typename Choose>
Plan move_to(const State& state, const Invocation& invocation, std::string title, Choose choose) {
  std::string refusal;
  Plan plan = patch_targets(
      state, invocation, std::move(title), [&](const Issue& issue) -> std::optional<IssuePatch> {
        const Status* to = choose(issue);
        if (to == nullptr) {
          refusal = "The workflow of #" + std::to_string(issue.number) + " has no such status";
          return std::nullopt;
        }
        if (to->id == issue.status_id) return std::nullopt;
        const Workflow* workflow = find_workflow(state.entities, to->workflow_id);
        if (workflow != nullptr && !allows_move(*workflow, issue.status_id, to->id)) {
          const Status* from = status_of(state, issue);
          refusal = "The workflow does not allow " + (from != nullptr ? from->name : std::string("this")) +
                    " → " + to->name;
          return std::nullopt;
        }
        IssuePatch patch;
        patch.status_id = to->id;
        return patch;
      });
  if (plan.changes.empty() && plan.complaint.empty()) plan.complaint = refusal;
  return plan;
}

std::string kind_title(StatusKind kind) {
  switch (kind) {
    case StatusKind::backlog:
      return "Backlog";
    case StatusKind::todo:
      return "To Do";
    case StatusKind::progress:
      return "In Progress";
    case StatusKind::review:
      return "In Review";
    case StatusKind::done:
      return "Done";
  }
  return "";
}

Plan set_due(const State& state, const Invocation& invocation, Date day) {
  return patch_targets(state, invocation, "Set due: " + day_label(state, day), [&](const Issue& issue) {
    IssuePatch patch;
    if (issue.due_date != day) patch.due_date = std::optional<Date>(day);
    // A start after the new due date would be refused: it moves along.
    if (issue.start_date && *issue.start_date > day) patch.start_date = std::optional<Date>(day);
    return std::optional<IssuePatch>(patch);
  });
}

Date coming_weekday(Date today, unsigned weekday) {
  const unsigned ahead = (weekday + 7 - weekday_of(today)) % 7;
  return Date{today.days + static_cast<int>(ahead == 0 ? 7 : ahead)};
}

std::optional<Date> day_argument(const State& state, const Invocation& invocation) {
  if (const Date* day = argument_as<Date>(invocation)) return *day;
  if (const auto* text = argument_as<std::string>(invocation)) return parse_day(*text, state.today);
  return std::nullopt;
}

}  // namespace

Plan plan_pick(const State& state, const Invocation& invocation, PickerKind kind) {
  if (targets_of(state, invocation).empty()) return refuse("There is no issue under the cursor");
  return open_picker(state, invocation, kind, invocation.command);
}

Plan plan_status_kind(const State& state, const Invocation& invocation, StatusKind kind) {
  return move_to(state, invocation, "Set status: " + kind_title(kind), [&](const Issue& issue) {
    return status_for(state, issue, kind);
  });
}

Plan plan_status_set(const State& state, const Invocation& invocation) {
  const StatusId* id = argument_as<StatusId>(invocation);
  if (id == nullptr) return plan_pick(state, invocation, PickerKind::status);
  const Status* status = find_status(state.entities, *id);
  if (status == nullptr) return refuse("That status is gone");
  return move_to(state, invocation, "Set status: " + status->name, [&](const Issue& issue) {
    return same_status(state, issue, *status);
  });
}

Plan plan_toggle_done(const State& state, const Invocation& invocation) {
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  const bool all_done = std::all_of(issues.begin(), issues.end(), [&](const Issue* issue) {
    return kind_of(state, *issue) == StatusKind::done;
  });
  return move_to(state, invocation, all_done ? "Reopen" : "Done", [&](const Issue& issue) -> const Status* {
    if (!all_done) return status_for(state, issue, StatusKind::done);
    for (const StatusKind kind : {StatusKind::todo, StatusKind::backlog, StatusKind::progress}) {
      if (const Status* status = status_for(state, issue, kind)) return status;
    }
    return nullptr;
  });
}

Plan plan_start_work(const State& state, const Invocation& invocation) {
  Plan plan = plan_status_kind(state, invocation, StatusKind::progress);
  if (!plan.complaint.empty()) return plan;
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  if (issues.size() == 1) {
    plan.effects.emplace_back(CopyText{branch_name_for(issues.front()->number, issues.front()->title)});
    plan.title = "In Progress, branch name copied" + on_issue(state, issues.front()->id);
  }
  return plan;
}

Plan plan_priority(const State& state, const Invocation& invocation, Priority priority) {
  return patch_targets(
      state, invocation, "Set priority: " + std::string(title_of(priority)), [&](const Issue& issue) {
        IssuePatch patch;
        if (issue.priority != priority) patch.priority = priority;
        return std::optional<IssuePatch>(patch);
      });
}

Plan plan_priority_set(const State& state, const Invocation& invocation) {
  const Priority* priority = argument_as<Priority>(invocation);
  if (priority == nullptr) return plan_pick(state, invocation, PickerKind::priority);
  return plan_priority(state, invocation, *priority);
}

Plan plan_priority_step(const State& state, const Invocation& invocation, int step) {
  return patch_targets(
      state, invocation, step > 0 ? "Raise priority" : "Lower priority", [&](const Issue& issue) {
        const int next =
            std::clamp(static_cast<int>(issue.priority) + step, 0, static_cast<int>(Priority::urgent));
        IssuePatch patch;
        if (next != static_cast<int>(issue.priority)) patch.priority = static_cast<Priority>(next);
        return std::optional<IssuePatch>(patch);
      });
}

Plan plan_due_day(const State& state, const Invocation& invocation, DueDay day) {
  switch (day) {
    case DueDay::today:
      return set_due(state, invocation, state.today);
    case DueDay::tomorrow:
      return set_due(state, invocation, Date{state.today.days + 1});
    case DueDay::friday:
      return set_due(
          state, invocation, weekday_of(state.today) == 4 ? state.today : coming_weekday(state.today, 4));
    case DueDay::next_week:
      return set_due(state, invocation, coming_weekday(state.today, 0));
    case DueDay::next_month:
      break;
  }
  CivilDate civil = civil_from_date(state.today);
  civil.day = 1;
  civil.year += civil.month == 12 ? 1 : 0;
  civil.month = civil.month % 12 + 1;
  return set_due(state, invocation, date_from_civil(civil));
}

Plan plan_due_set(const State& state, const Invocation& invocation) {
  if (std::holds_alternative<std::monostate>(invocation.argument))
    return plan_pick(state, invocation, PickerKind::due_date);
  const auto day = day_argument(state, invocation);
  if (!day) return refuse("That is not a day. Try “fri”, “+3d” or “31 jul”");
  return set_due(state, invocation, *day);
}

Plan plan_start_set(const State& state, const Invocation& invocation) {
  if (std::holds_alternative<std::monostate>(invocation.argument)) {
    return plan_pick(state, invocation, PickerKind::start_date);
  }
  const auto day = day_argument(state, invocation);
  if (!day) return refuse("That is not a day. Try “fri”, “+3d” or “31 jul”");
  std::string refusal;
  Plan plan = patch_targets(state,
                            invocation,
                            "Set start: " + day_label(state, *day),
                            [&](const Issue& issue) -> std::optional<IssuePatch> {
                              if (issue.due_date && *issue.due_date < *day) {
                                refusal = "The start would be after the due date";
                                return std::nullopt;
                              }
                              IssuePatch patch;
                              if (issue.start_date != *day) patch.start_date = std::optional<Date>(*day);
                              return patch;
                            });
  if (plan.changes.empty() && plan.complaint.empty()) plan.complaint = refusal;
  return plan;
}

Plan plan_clear_due(const State& state, const Invocation& invocation) {
  return patch_targets(state, invocation, "Clear due date", [](const Issue& issue) {
    IssuePatch patch;
    if (issue.due_date) patch.due_date = std::optional<Date>();
    return std::optional<IssuePatch>(patch);
  });
}

Plan plan_clear_start(const State& state, const Invocation& invocation) {
  return patch_targets(state, invocation, "Clear start date", [](const Issue& issue) {
    IssuePatch patch;
    if (issue.start_date) patch.start_date = std::optional<Date>();
    return std::optional<IssuePatch>(patch);
  });
}

Plan plan_clear_dates(const State& state, const Invocation& invocation) {
  return patch_targets(state, invocation, "Clear dates", [](const Issue& issue) {
    IssuePatch patch;
    if (issue.due_date) patch.due_date = std::optional<Date>();
    if (issue.start_date) patch.start_date = std::optional<Date>();
    return std::optional<IssuePatch>(patch);
  });
}

Result<Label> new_label(const State& state, const std::string& typed) {
  Label label;
  label.id = LabelId{fresh_uuid(state)};
  label.name = name_from(typed);
  label.created_at = label.updated_at = state.now;
  if (const auto valid = validate(label); !valid) return valid.error();
  return label;
}

Plan plan_label_toggle(const State& state, const Invocation& invocation) {
  if (std::holds_alternative<std::monostate>(invocation.argument))
    return plan_pick(state, invocation, PickerKind::labels);
  LabelId id;
  Plan made;
  std::string name;
  if (const auto* text = argument_as<std::string>(invocation)) {
    const Result<Label> label = new_label(state, *text);
    if (!label) return refuse(label.error().message);
    id = label->id;
    name = label->name;
    made.changes.emplace_back(LabelSaved{std::nullopt, *label});
  } else if (const LabelId* known = argument_as<LabelId>(invocation)) {
    const Label* label = find_label(state.entities, *known);
    if (label == nullptr) return refuse("That label is gone");
    id = *known;
    name = label->name;
  }
  const auto has_it = [&](const Issue& issue) {
    return std::find(issue.label_ids.begin(), issue.label_ids.end(), id) != issue.label_ids.end();
  };
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  const bool takes_off =
      !issues.empty() &&
      std::all_of(issues.begin(), issues.end(), [&](const Issue* issue) { return has_it(*issue); });
  Plan plan = patch_targets(state,
                            invocation,
                            (takes_off ? "Remove label: " : "Add label: ") + name,
                            [&](const Issue& issue) -> std::optional<IssuePatch> {
                              if (has_it(issue) != takes_off) return std::nullopt;
                              IssuePatch patch;
                              patch.label_ids = issue.label_ids;
                              if (takes_off) {
                                std::erase(*patch.label_ids, id);
                              } else {
                                patch.label_ids->push_back(id);
                                std::sort(patch.label_ids->begin(), patch.label_ids->end());
                              }
                              return patch;
                            });
  plan.changes.insert(plan.changes.begin(), made.changes.begin(), made.changes.end());
  return plan;
}

Plan plan_move(const State& state, const Invocation& invocation) {
  if (const ProjectId* id = argument_as<ProjectId>(invocation)) {
    const Project* project = find_project(state.entities, *id);
    const std::string name = project != nullptr ? project->name : "no project";
    return patch_targets(state, invocation, "Move to " + name, [&](const Issue& issue) {
      IssuePatch patch;
      if (issue.project_id != *id) patch.project_id = *id;
      // A project with statuses of its own: the one that means the same, or its first.
      const Workflow* to = workflow_for(state.entities, *id);
      const Status* own = status_of(state, issue);
      if (patch.project_id && to != nullptr && own != nullptr && own->workflow_id != to->id) {
        const Status* same = first_status_of_kind(state, *id, kind_of(state, issue));
        patch.status_id = same != nullptr ? same->id : to->statuses.front().id;
      }
      return std::optional<IssuePatch>(patch);
    });
  }
  if (const AreaId* id = argument_as<AreaId>(invocation)) {
    const Area* area = find_area(state.entities, *id);
    return patch_targets(state,
                         invocation,
                         "Move to " + (area != nullptr ? area->name : std::string("no area")),
                         [&](const Issue& issue) {
                           IssuePatch patch;
                           if (issue.area_id != *id) patch.area_id = *id;
                           return std::optional<IssuePatch>(patch);
                         });
  }
  return plan_pick(state, invocation, PickerKind::project_or_area);
}

Plan plan_parent_set(const State& state, const Invocation& invocation) {
  const IssueId* parent = argument_as<IssueId>(invocation);
  if (parent == nullptr) return plan_pick(state, invocation, PickerKind::parent);
  const Issue* to = find_issue(state.entities, *parent);
  if (to == nullptr) return refuse("That issue is gone");
  std::string refusal;
  Plan plan = patch_targets(state,
                            invocation,
                            "Set parent: #" + std::to_string(to->number),
                            [&](const Issue& issue) -> std::optional<IssuePatch> {
                              for (const Issue* up = to; up != nullptr; up = parent_of(state, *up)) {
                                if (up->id != issue.id) continue;
                                refusal = "#" + std::to_string(issue.number) + " cannot be its own ancestor";
                                return std::nullopt;
                              }
                              IssuePatch patch;
                              if (issue.parent_issue_id != *parent) patch.parent_issue_id = *parent;
                              return patch;
                            });
  if (plan.changes.empty() && plan.complaint.empty()) plan.complaint = refusal;
  return plan;
}

Plan plan_parent_clear(const State& state, const Invocation& invocation) {
  return patch_targets(state, invocation, "Clear parent", [](const Issue& issue) {
    IssuePatch patch;
    if (issue.parent_issue_id.is_set()) patch.parent_issue_id = IssueId{};
    return std::optional<IssuePatch>(patch);
  });
}

Plan plan_relation(const State& state, const Invocation& invocation, RelationType type) {
  const IssueId* other = argument_as<IssueId>(invocation);
  if (other == nullptr) return plan_pick(state, invocation, PickerKind::relation_target);
  const Issue* to = find_issue(state.entities, *other);
  if (to == nullptr) return refuse("That issue is gone");
  Plan plan;
  std::uint64_t n = 0;
  for (const Issue* issue : targets_of(state, invocation)) {
    if (issue->id == *other) return refuse("An issue has no relation to itself");
    const IssueRelation relation =
        canonical({RelationId{fresh_uuid(state, n++)}, issue->id, *other, type, state.now});
    const auto& all = state.entities.relations;
    const bool is_known = std::any_of(all.begin(), all.end(), [&](const IssueRelation& known) {
      return known.source_id == relation.source_id && known.target_id == relation.target_id &&
             known.type == relation.type;
    });
    if (is_known) continue;
    const auto blocked_by = [&](IssueId id) {
      std::vector<IssueId> next;
      const auto ends = state.entities.relation_ends.find(find_slot(state.entities, id));
      if (ends == state.entities.relation_ends.end()) return next;
      for (const RelationEnd& end : ends->second) {
        if (end.type == RelationType::blocks) next.push_back(state.entities.issues[end.other].id);
      }
      return next;
    };
    if (relation.type == RelationType::blocks &&
        closes_cycle(relation.source_id, relation.target_id, blocked_by)) {
      return refuse("#" + std::to_string(issue->number) + " and #" + std::to_string(to->number) +
                    " would block each other");
    }
    plan.changes.emplace_back(RelationAdded{relation});
  }
  if (plan.changes.empty()) return refuse("That relation is there already");
  plan.title = std::string(title_of(type)) + " #" + std::to_string(to->number);
  return plan;
}

Plan plan_relation_remove(const State& state, const Invocation& invocation) {
  const RelationId* id = argument_as<RelationId>(invocation);
  if (id != nullptr) {
    for (const IssueRelation& relation : state.entities.relations) {
      if (relation.id != *id) continue;
      Plan plan = change_view(RelationRemoved{relation});
      plan.title = "Remove relation" + on_issue(state, relation.source_id);
      return plan;
    }
  }
  return refuse("That relation is gone");
}

Plan plan_git_link(const State& state, const Invocation& invocation) {
  const GitIntegration* given = argument_as<GitIntegration>(invocation);
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  if (issues.empty()) return refuse("There is no issue under the cursor");
  if (given == nullptr) {
    Dialog dialog;
    dialog.kind = DialogKind::git_link;
    dialog.title = "Link a branch, pull request or commit to #" + std::to_string(issues.front()->number);
    dialog.confirm_label = "Link";
    dialog.entity_id = issues.front()->id.uuid;
    dialog.third = branch_name_for(issues.front()->number, issues.front()->title);
    return change_view(DialogChanged{std::move(dialog)});
  }
  GitIntegration link = *given;
  link.id = GitIntegrationId{fresh_uuid(state)};
  link.issue_id = issues.front()->id;
  link.created_at = link.updated_at = state.now;
  if (const auto valid = validate(link); !valid) return refuse(valid.error().message);
  Plan plan = change_view(GitLinkAdded{std::move(link)});
  plan.title = "Add git link" + on_issue(state, issues.front()->id);
  return plan;
}

Plan plan_git_link_remove(const State& state, const Invocation& invocation) {
  if (const GitIntegrationId* id = argument_as<GitIntegrationId>(invocation)) {
    for (const auto& [issue, links] : state.entities.git_links) {
      for (const GitIntegration& link : links) {
        if (link.id != *id) continue;
        Plan plan = change_view(GitLinkRemoved{link});
        plan.title = "Remove git link" + on_issue(state, issue);
        return plan;
      }
    }
  }
  return refuse("That link is gone");
}

}  // namespace dits::web
