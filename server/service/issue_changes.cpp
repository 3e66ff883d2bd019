#include "server/service/issue_changes.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "server/service/entities.hpp"
#include "server/store/portions.hpp"
#include "shared/core/refusals.hpp"
#include "shared/json/issue_json.hpp"

namespace dits {

Result<const std::vector<Workflow>*> IssueChanges::workflows() {
  WriteMemory* const memory = work_.memory();
  std::optional<std::vector<Workflow>>& known = memory != nullptr ? memory->workflows : workflows_;
  if (!known) known = TRY(store::list_workflows(work_.transaction(), work_.user_id()));
  return &*known;
}

Result<const Workflow*> IssueChanges::workflow_for(ProjectId project_id) {
  const Workflow* chosen = nullptr;
  for (const Workflow& workflow : *TRY(workflows())) {
    if (workflow.is_default && chosen == nullptr) chosen = &workflow;
    if (project_id.is_set() && workflow.project_id == project_id) chosen = &workflow;
  }
  if (chosen == nullptr) return internal("user " + to_string(work_.user_id()) + " has no default workflow");
  return chosen;
}

// Null when no live workflow has the status.
Result<const Workflow*> IssueChanges::workflow_of(StatusId status_id) {
  for (const Workflow& workflow : *TRY(workflows())) {
    if (find_status(workflow, status_id) != nullptr) return &workflow;
  }
  return static_cast<const Workflow*>(nullptr);
}

// The status of another workflow that stands for this one: of the same name, else the first that is open or
// closed alike.
static StatusId counterpart_of(const Status* status, const Workflow& workflow) {
  for (const Status& other : workflow.statuses) {
    if (status != nullptr && other.name == status->name) return other.id;
  }
  for (const Status& other : workflow.statuses) {
    if (status != nullptr && other.is_closed == status->is_closed) return other.id;
  }
  return workflow.statuses.front().id;
}

// Where an issue came from: null for a new one, or when its workflow was deleted.
struct IssueChanges::OldStatus {
  const Workflow* workflow = nullptr;
  const Status* status = nullptr;
};

// Into a status that was asked for: is there one, and does the workflow lead to it?
Result<void> IssueChanges::check_move(const OldStatus& old, const Issue& after, Moves moves) {
  const Workflow* workflow = TRY(workflow_of(after.status_id));
  if (workflow == nullptr) return invalid("statusId", "There is no such status.");
  if (workflow->project_id.is_set() && workflow->project_id != after.project_id) {
    return invalid("statusId", "This status belongs to the workflow of another project.");
  }
  if (moves != Moves::by_workflow) return {};
  if (workflow != old.workflow) {
    // Another workflow's status would be a way around the transitions: it is open to an issue only when that
    // workflow is the one of its project, or when it is new and its project has none of its own.
    const Workflow* wanted = TRY(workflow_for(after.project_id));
    const bool is_free = old.workflow == nullptr && !wanted->project_id.is_set();
    if (workflow == wanted || is_free) return {};
    return invalid("statusId", "This status belongs to another workflow than the issue's.");
  }
  if (!allows_move(*workflow, old.status->id, after.status_id)) {
    return conflict("The workflow does not lead from " + old.status->name + " to " +
                        find_status(*workflow, after.status_id)->name + ".",
                    "transition_not_allowed");
  }
  return {};
}

// Keeps completed_at in step with the status that was chosen.
Result<void> IssueChanges::settle_completion(const Issue* before, Issue& after) {
  if (before != nullptr && before->status_id == after.status_id) return {};
  const Workflow* workflow = TRY(workflow_of(after.status_id));
  if (workflow == nullptr) return {};
  apply_completion(after, find_status(*workflow, after.status_id)->is_closed, work_.now());
  return {};
}

// Chooses or checks the status. `before` is null for a new issue.
Result<void> IssueChanges::settle_status(const Issue* before, Issue& after, Moves moves) {
  OldStatus old;
  if (before != nullptr) old.workflow = TRY(workflow_of(before->status_id));
  if (old.workflow != nullptr) old.status = find_status(*old.workflow, before->status_id);
  if (before != nullptr && before->status_id == after.status_id) {
    // A status of the project that the issue leaves does not go with it, nor does the default one into a
    // project with its own; unless it was there before: what is put back is as it was.
    const Workflow* wanted = TRY(workflow_for(after.project_id));
    const bool was_there =
        moves == Moves::put_back && old.workflow != nullptr && !old.workflow->project_id.is_set();
    if (before->project_id != after.project_id && old.workflow != wanted && !was_there) {
      after.status_id = counterpart_of(old.status, *wanted);
    }
  } else {
    if (!after.status_id.is_set()) after.status_id = TRY(workflow_for(after.project_id))->statuses.front().id;
    TRY(check_move(old, after, moves));
  }
  return settle_completion(before, after);
}

// Is it known that all of this can be pointed at? Only change_many remembers parents.
bool IssueChanges::knows(const Issue& asked) {
  const WriteMemory* memory = found_ ? &found_->names : work_.memory();
  const bool knows_parent =
      !asked.parent_issue_id.is_set() || (found_ && found_->parents.contains(asked.parent_issue_id));
  return memory != nullptr && knows_parent &&
         (!asked.project_id.is_set() || memory->projects.contains(asked.project_id)) &&
         (!asked.area_id.is_set() || memory->areas.contains(asked.area_id)) &&
         std::all_of(asked.label_ids.begin(), asked.label_ids.end(), [&](LabelId id) {
           return memory->labels.contains(id);
         });
}

void IssueChanges::remember(const Issue& asked) {
  WriteMemory* memory = found_ ? &found_->names : work_.memory();
  if (memory == nullptr) return;
  if (asked.project_id.is_set()) memory->projects.insert(asked.project_id);
  if (asked.area_id.is_set()) memory->areas.insert(asked.area_id);
  memory->labels.insert(asked.label_ids.begin(), asked.label_ids.end());
  if (found_ && asked.parent_issue_id.is_set()) found_->parents.insert(asked.parent_issue_id);
}

Result<void> IssueChanges::check_references(const Issue* before, const Issue& after) {
  Issue asked;  // only what is new
  if (before == nullptr || before->project_id != after.project_id) asked.project_id = after.project_id;
  if (before == nullptr || before->area_id != after.area_id) asked.area_id = after.area_id;
  if (before == nullptr || before->parent_issue_id != after.parent_issue_id) {
    asked.parent_issue_id = after.parent_issue_id;
  }
  if (before == nullptr) {
    asked.label_ids = after.label_ids;
  } else {
    std::set_difference(after.label_ids.begin(),
                        after.label_ids.end(),
                        before->label_ids.begin(),
                        before->label_ids.end(),
                        std::back_inserter(asked.label_ids));
  }
  if (!asked.project_id.is_set() && !asked.area_id.is_set() && !asked.parent_issue_id.is_set() &&
      asked.label_ids.empty()) {
    return {};
  }
  if (knows(asked)) return {};
  const store::IssueReferences found =
      TRY(store::resolve_issue_references(work_.transaction(), work_.user_id(), asked));
  Refusals refusals;
  if (asked.project_id.is_set() && !found.has_project) refusals.add("projectId", "There is no such project.");
  if (asked.area_id.is_set() && !found.has_area) refusals.add("areaId", "There is no such area.");
  if (asked.parent_issue_id.is_set() && !found.has_parent) {
    refusals.add("parentIssueId", "There is no such issue.");
  }
  if (found.label_count != static_cast<std::int64_t>(asked.label_ids.size())) {
    refusals.add("labelIds", "There is no such label.");
  }
  TRY(refusals.result());
  remember(asked);
  return {};
}

// Is it the ancestor itself, or below it?
Result<bool> IssueChanges::is_below(IssueId id, IssueId ancestor) {
  const auto ask = [&]() -> Result<std::vector<IssueId>> {
    std::vector<IssueId> above = TRY(store::list_issue_ancestors(work_.transaction(), work_.user_id(), id));
    std::sort(above.begin(), above.end());
    return above;
  };
  std::vector<IssueId> asked;
  const std::vector<IssueId>* above = &asked;
  if (!found_) {
    asked = TRY(ask());
  } else {
    auto known = found_->ancestors.find(id);
    if (known == found_->ancestors.end()) known = found_->ancestors.emplace(id, TRY(ask())).first;
    above = &known->second;
  }
  return std::binary_search(above->begin(), above->end(), ancestor);
}

Result<void> IssueChanges::check_parent(const Issue& after) {
  if (!after.parent_issue_id.is_set()) return {};
  if (TRY(is_below(after.parent_issue_id, after.id))) {
    return invalid("parentIssueId", "An issue cannot be below itself.");
  }
  return {};
}

// Order matters for stored JSON: what the client sent is kept as it is, only an absent object becomes an
// empty one.
static void tidy(Issue& issue) {
  std::sort(issue.label_ids.begin(), issue.label_ids.end());
  issue.label_ids.erase(std::unique(issue.label_ids.begin(), issue.label_ids.end()), issue.label_ids.end());
  if (issue.metadata.empty()) issue.metadata = "{}";
}

static Error explain_issue_clash(Error error) {
  if (error.kind == "unique_violation" && error.field == "issues_user_id_source_key") {
    return {ErrorCode::conflict, "Another issue has this sourceUrl.", "metadata", "source_taken"};
  }
  return explain_clash(std::move(error), "issue");
}

void IssueChanges::record(const Step& step) {
  const bool is_new = step.action == AuditAction::create;
  Json notes = Json::object();
  if (step.moves == Moves::overridden && step.before.status_id != step.after.status_id)
    notes["override"] = true;
  work_.record({step.action,
                EntityType::issue,
                step.after.id.uuid,
                is_new ? Json(nullptr) : issue_to_json(step.before),
                issue_to_json(step.after),
                std::move(notes)});
}

Result<Issue> IssueChanges::create(Issue issue) {
  if (!issue.id.is_set()) issue.id = work_.new_id<IssueId>();
  tidy(issue);
  TRY(validate(issue));
  TRY(settle_status(nullptr, issue, Moves::by_workflow));
  TRY(check_references(nullptr, issue));
  issue.number = work_.take_issue_number();
  if (issue.position == 0) issue.position = static_cast<double>(issue.number);
  issue.version = 1;
  issue.created_at = work_.now();
  issue.updated_at = work_.now();
  return recreate(std::move(issue));
}

Result<Issue> IssueChanges::recreate(Issue issue) {
  if (Result<void> done = store::create_issue(work_.transaction(), issue); !done) {
    return explain_issue_clash(std::move(done).error());
  }
  if (issue.deleted_at) {
    store::IssueChange trashing{issue, issue};
    trashing.before.deleted_at.reset();
    TRY(store::update_issues(work_.transaction(), std::span(&trashing, 1)));
  }
  record({issue, issue, AuditAction::create});
  return issue;
}

Result<void> IssueChanges::bring_back(Issue issue) {
  tidy(issue);
  TRY(validate(issue));
  if (issue.number <= 0 || issue.number > work_.last_issue_number())
    return invalid("number", "no issue had this number");
  TRY(recreate(std::move(issue)));
  return {};
}

Result<void> IssueChanges::settle(const Issue& before, Issue& after, Moves moves) {
  if (before.status_id != after.status_id || before.project_id != after.project_id) {
    TRY(settle_status(&before, after, moves));
  }
  TRY(validate(after));
  TRY(check_references(&before, after));
  if (before.parent_issue_id != after.parent_issue_id) TRY(check_parent(after));
  after.version = before.version + 1;
  after.updated_at = work_.now();
  return {};
}

Result<void> refuse_trashed(const Issue& issue) {
  if (!issue.deleted_at) return {};
  return conflict("This issue is in the trash: restore it first.", "issue_in_trash");
}

static bool is_same(const Issue& a, const Issue& b) {
  return a.title == b.title && a.description == b.description && a.priority == b.priority &&
         a.status_id == b.status_id && a.project_id == b.project_id && a.area_id == b.area_id &&
         a.parent_issue_id == b.parent_issue_id && a.start_date == b.start_date && a.due_date == b.due_date &&
         a.completed_at == b.completed_at && a.position == b.position && a.label_ids == b.label_ids &&
         a.metadata == b.metadata && a.deleted_at == b.deleted_at;
}

Result<Issue> IssueChanges::change(const Issue& before, Issue after, Moves moves) {
  tidy(after);
  if (is_same(before, after)) return before;
  TRY(settle(before, after, moves));
  const store::IssueChange row{before, after};
  if (Result<void> done = store::update_issues(work_.transaction(), std::span(&row, 1)); !done)
    return explain_issue_clash(std::move(done).error());
  record({before, after, AuditAction::update, moves});
  // PostgreSQL writes JSON in its own way.
  if (before.metadata == after.metadata)
    work_.leave(after);
  else
    work_.leave_unknown(after.id);
  return after;
}

Result<std::vector<Issue>> IssueChanges::change_many(std::vector<Step> steps) {
  std::vector<store::IssueChange> rows;
  std::vector<Issue> issues;
  std::vector<Issue> moved;  // below another parent; without texts
  const auto settle_all = [&]() -> Result<void> {
    for (Step& step : steps) {
      tidy(step.after);
      if (!is_same(step.before, step.after)) {
        TRY(settle(step.before, step.after, step.moves));
        record(step);
        if (step.before.parent_issue_id != step.after.parent_issue_id) {
          moved.emplace_back().id = step.after.id;
          moved.back().parent_issue_id = step.after.parent_issue_id;
        }
        issues.push_back(step.after);
        rows.push_back({std::move(step.before), std::move(step.after)});
      } else {
        issues.push_back(std::move(step.after));
      }
    }
    return {};
  };
  // Each new parent is looked at before the others are set: together they may still close a circle.
  const auto check_moved = [&]() -> Result<void> {
    for (const Issue& issue : moved) TRY(check_parent(issue));
    return {};
  };
  const auto with_memory = [&](const auto& look) {
    found_.emplace();
    const Result<void> done = look();
    found_.reset();
    return done;
  };
  TRY(with_memory(settle_all));
  if (rows.empty()) return issues;
  if (Result<void> done = store::update_issues(work_.transaction(), rows); !done)
    return explain_issue_clash(std::move(done).error());
  TRY(with_memory(check_moved));
  return issues;
}

Result<void> IssueChanges::change_each(const std::vector<IssueId>& ids,
                                       const std::function<void(Issue& issue)>& change,
                                       Moves moves) {
  const auto change_some = [&](std::span<const IssueId> some, std::vector<Issue> issues) -> Result<void> {
    std::vector<Step> steps;
    for (Issue& issue : issues) {
      Issue after = issue;
      change(after);
      steps.push_back({std::move(issue), std::move(after), AuditAction::update, moves});
    }
    TRY(change_many(std::move(steps)));
    return some.size() < ids.size() ? flush_part() : Result<void>();
  };
  return store::for_issue_portions(work_.transaction(), work_.user_id(), ids, change_some);
}

Result<Issue> IssueChanges::trash(const Issue& before) {
  if (before.deleted_at) return before;
  Issue after = before;
  after.deleted_at = work_.now();
  return std::move(TRY(change_many({{before, std::move(after), AuditAction::remove}})).front());
}

Result<Issue> IssueChanges::restore(const Issue& before) {
  Issue after = before;
  after.deleted_at.reset();
  return std::move(TRY(change_many({{before, std::move(after), AuditAction::restore}})).front());
}

// One of several: what was recorded need not wait for the others.
Result<void> IssueChanges::flush_part() {
  work_.begin_group();
  return work_.flush();
}

Result<void> IssueChanges::leave_parent(IssueId parent) {
  const std::vector<IssueId> children =
      TRY(store::list_issue_ids_by_parent(work_.transaction(), work_.user_id(), parent));
  const auto leave = [&](std::span<const IssueId>, std::vector<Issue> issues) -> Result<void> {
    std::vector<store::IssueChange> rows;
    for (Issue& child : issues) {
      Issue after = child;
      after.parent_issue_id = {};
      after.version += 1;
      after.updated_at = work_.now();
      record({child, after, AuditAction::update});
      rows.push_back({std::move(child), std::move(after)});
    }
    TRY(store::update_issues(work_.transaction(), rows));
    return flush_part();
  };
  return store::for_issue_portions(work_.transaction(), work_.user_id(), children, leave);
}

Result<void> IssueChanges::record_comments_gone(IssueId id) {
  for (CommentId last;;) {
    const std::vector<Comment> comments =
        TRY(store::list_comment_portion(work_.transaction(), work_.user_id(), id, last));
    if (comments.empty()) return {};
    for (const Comment& comment : comments) {
      work_.record({AuditAction::remove,
                    EntityType::comment,
                    comment.id.uuid,
                    comment_to_json(comment),
                    nullptr,
                    EntityTraits<Comment>::notes(comment)});
    }
    last = comments.back().id;
    TRY(flush_part());
  }
}

Result<void> IssueChanges::purge(const Issue& issue) {
  Transaction& transaction = work_.transaction();
  TRY(leave_parent(issue.id));
  for (const IssueRelation& relation :
       TRY(store::list_relations_of_issue(transaction, work_.user_id(), issue.id))) {
    TRY(purge_recorded(work_, relation));
  }
  for (const GitIntegration& link :
       TRY(store::list_git_integrations(transaction, work_.user_id(), issue.id))) {
    TRY(purge_recorded(work_, link));
  }
  TRY(record_comments_gone(issue.id));
  for (const Attachment& attachment :
       TRY(store::list_attachments_with_deleted(transaction, work_.user_id(), issue.id))) {
    TRY(purge_recorded(work_, attachment));
  }
  TRY(store::purge_issue(transaction, work_.user_id(), issue.id));
  work_.record({AuditAction::remove, EntityType::issue, issue.id.uuid, issue_to_json(issue), nullptr});
  return work_.redact(issue.id.uuid);
}

Result<Issue> IssueChanges::find(IssueId id) {
  std::optional<Issue> found = TRY(store::find_issue(work_.transaction(), work_.user_id(), id));
  if (!found) return no_such("issue");
  return std::move(*found);
}

}  // namespace dits
