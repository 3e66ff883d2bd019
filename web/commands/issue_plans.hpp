// Plans of the commands that act on issues.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "web/commands/plans.hpp"

namespace dits::web {

// status
Plan plan_status_kind(const State& state, const Invocation& invocation, StatusKind kind);
Plan plan_status_set(const State& state, const Invocation& invocation);
Plan plan_toggle_done(const State& state, const Invocation& invocation);
Plan plan_start_work(const State& state, const Invocation& invocation);
// priority
Plan plan_priority(const State& state, const Invocation& invocation, Priority priority);
Plan plan_priority_set(const State& state, const Invocation& invocation);
Plan plan_priority_step(const State& state, const Invocation& invocation, int step);
// dates
enum class DueDay { today, tomorrow, friday, next_week, next_month };
Plan plan_due_day(const State& state, const Invocation& invocation, DueDay day);
Plan plan_due_set(const State& state, const Invocation& invocation);
Plan plan_start_set(const State& state, const Invocation& invocation);
Plan plan_clear_due(const State& state, const Invocation& invocation);
Plan plan_clear_start(const State& state, const Invocation& invocation);
Plan plan_clear_dates(const State& state, const Invocation& invocation);
// labels, project, area, parent
Result<Label> new_label(const State& state, const std::string& typed);
Plan plan_label_toggle(const State& state, const Invocation& invocation);
Plan plan_move(const State& state, const Invocation& invocation);
Plan plan_parent_set(const State& state, const Invocation& invocation);
Plan plan_parent_clear(const State& state, const Invocation& invocation);
// relations and git links
Plan plan_relation(const State& state, const Invocation& invocation, RelationType type);
Plan plan_relation_remove(const State& state, const Invocation& invocation);
Plan plan_git_link(const State& state, const Invocation& invocation);
Plan plan_git_link_remove(const State& state, const Invocation& invocation);
// the form of a new issue: what its pickers choose
Plan plan_form_set(const State& state, const Invocation& invocation);
Plan plan_form_day(const State& state, const Invocation& invocation, bool is_start);
// opening, writing, copying
Plan plan_open(const State& state, const Invocation& invocation);
Plan plan_peek(const State& state, const Invocation& invocation);
Plan plan_edit(const State& state, const Invocation& invocation, EditorKind kind);
// The title in a list, the text on the issue's page.
Plan plan_edit_here(const State& state, const Invocation& invocation);
// The whole new text; also after a box was ticked.
Plan plan_text_set(const State& state, const Invocation& invocation);
Plan plan_rename(const State& state, const Invocation& invocation);
Plan plan_new_sub_issue(const State& state, const Invocation& invocation);
Plan plan_copy_branch(const State& state, const Invocation& invocation);
Plan plan_copy_link(const State& state, const Invocation& invocation);
Plan plan_copy_number(const State& state, const Invocation& invocation);
Plan plan_copy_markdown(const State& state, const Invocation& invocation);
Plan plan_trash(const State& state, const Invocation& invocation);
Plan plan_restore(const State& state, const Invocation& invocation);
Plan plan_purge(const State& state, const Invocation& invocation);
Plan plan_tick(const State& state, const Invocation& invocation);

// The picker of a command, for targets.
Plan plan_pick(const State& state, const Invocation& invocation, PickerKind kind);

// Check boxes of a text, outside of code: where the character between the brackets stands, and whether it is
// ticked.
struct ChecklistItem {
  std::size_t offset = 0;
  bool is_ticked = false;
};
std::vector<ChecklistItem> checklist_items(std::string_view markdown);

}  // namespace dits::web
