// Issues being changed within one transaction: every way to change an issue, from a key press to an import's
// last step or an undo, comes down to these calls, so each rule is written once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/service/audit.hpp"
#include "server/store/issues.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

// How an issue moves to another status.
enum class Moves {
  by_workflow,  // only where its workflow leads
  overridden,   // anywhere, and the audit row says so
  put_back,     // anywhere, together with the completed_at it had there: undo
};

// People do not change what lies in the trash; the rules of this file may (a label that goes leaves trashed
// issues too). Errors: conflict ("issue_in_trash").
Result<void> refuse_trashed(const Issue& issue);

class IssueChanges {
 public:
  explicit IssueChanges(AuditedTransaction& work) : work_(work) {}

  // A new issue: number, status (when none is given, the first of the project's workflow or of the default
  // one), times and completed_at are set here. Errors: invalid for what it points at, conflict for a taken
  // id.
  Result<Issue> create(Issue draft);
  // Puts back an issue that was removed for good, as it was: number, version and times too.
  Result<Issue> recreate(Issue issue);

  // One issue from one state to the other: times, version and completed_at are set here; `before` when
  // nothing differs. Errors: invalid, conflict ("transition_not_allowed").
  Result<Issue> change(const Issue& before, Issue after, Moves moves);
  // One that was purged, as the log says it was. Errors: invalid, when it can't have been that.
  Result<void> bring_back(Issue issue);
  Result<Issue> trash(const Issue& before);
  Result<Issue> restore(const Issue& before);
  // Removes the row, and what hangs on it, each with an audit row; sub-issues lose their parent.
  Result<void> purge(const Issue& issue);

  // The same rules for many, written in a few statements; what they point at is asked for once.
  struct Step {
    Issue before;
    Issue after;
    AuditAction action = AuditAction::update;
    Moves moves = Moves::by_workflow;
  };
  Result<std::vector<Issue>> change_many(std::vector<Step> steps);
  // The same change of as many as there are, which are read, written and logged some at a time: neither
  // memory nor what one statement writes grows with their number.
  Result<void> change_each(const std::vector<IssueId>& ids,
                           const std::function<void(Issue& issue)>& change,
                           Moves moves = Moves::by_workflow);

  Result<Issue> find(IssueId id);
  // The live workflows of the user, read once.
  Result<const std::vector<Workflow>*> workflows();
  // The workflow that holds in a project (its own, else the default).
  Result<const Workflow*> workflow_for(ProjectId project_id);

 private:
  Result<void> settle(const Issue& before, Issue& after, Moves moves);
  Result<void> settle_status(const Issue* before, Issue& after, Moves moves);
  struct OldStatus;
  Result<void> check_move(const OldStatus& old, const Issue& after, Moves moves);
  Result<void> settle_completion(const Issue* before, Issue& after);
  Result<void> check_references(const Issue* before, const Issue& after);
  Result<void> check_parent(const Issue& after);
  Result<const Workflow*> workflow_of(StatusId status_id);
  void record(const Step& step);
  Result<void> flush_part();
  Result<void> leave_parent(IssueId parent);
  Result<void> record_comments_gone(IssueId id);

  // What change_many has found out, for as long as nothing of it is written.
  struct Found {
    WriteMemory names;
    std::set<IssueId> parents;
    std::map<IssueId, std::vector<IssueId>> ancestors;  // of each new parent; sorted
  };
  bool knows(const Issue& asked);
  void remember(const Issue& asked);
  Result<bool> is_below(IssueId id, IssueId ancestor);

  AuditedTransaction& work_;
  std::optional<Found> found_;                      // while steps are settled
  std::optional<std::vector<Workflow>> workflows_;  // unless the transaction's memory has them
};

}  // namespace dits
