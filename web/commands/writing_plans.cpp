// Opening issues, writing in them, copying from them, throwing them away.
#include <algorithm>
#include <utility>

#include "shared/core/normal_form.hpp"
#include "shared/model/checks.hpp"
#include "web/commands/app_plans.hpp"
#include "web/commands/issue_plans.hpp"

namespace dits::web {

namespace {

const Issue* first_target(const State& state, const Invocation& invocation) {
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  return issues.empty() ? nullptr : issues.front();
}

// Beside a list alone; a board and a calendar lead to the issue's page.
bool has_detail_pane(const State& state) { return state.route.layout == Layout::list; }

std::vector<IssueId> ids_of(const std::vector<const Issue*>& issues) {
  std::vector<IssueId> ids;
  for (const Issue* issue : issues) ids.push_back(issue->id);
  return ids;
}

Plan copy(std::string text, std::string what) {
  Plan plan;
  Toast toast;
  toast.text = std::move(what) + " copied";
  plan.effects.emplace_back(CopyText{std::move(text)});
  plan.changes.emplace_back(ToastShown{std::move(toast)});
  return plan;
}

// A line that is only white space, a bullet or number, and a box: "- [x] text". The offset of the character
// in the box.
std::optional<std::size_t> box_in(std::string_view line) {
  std::size_t at = line.find_first_not_of(" \t>");
  if (at == std::string_view::npos) return std::nullopt;
  if (line[at] == '-' || line[at] == '*' || line[at] == '+') {
    ++at;
  } else {
    const std::size_t digits = at;
    while (at < line.size() && line[at] >= '0' && line[at] <= '9') ++at;
    if (at == digits || at >= line.size() || (line[at] != '.' && line[at] != ')')) return std::nullopt;
    ++at;
  }
  const std::size_t box = line.find_first_not_of(' ', at);
  if (box == at || box == std::string_view::npos || box + 2 >= line.size()) return std::nullopt;
  const char mark = line[box + 1];
  const bool is_box = line[box] == '[' && line[box + 2] == ']' && (mark == ' ' || mark == 'x' || mark == 'X');
  if (!is_box || (box + 3 < line.size() && line[box + 3] != ' ' && line[box + 3] != '\r'))
    return std::nullopt;
  return box + 1;
}

}  // namespace

std::vector<ChecklistItem> checklist_items(std::string_view markdown) {
  std::vector<ChecklistItem> items;
  bool is_code = false;
  for (std::size_t begin = 0; begin < markdown.size();) {
    const std::size_t end = std::min(markdown.find('\n', begin), markdown.size());
    const std::string_view line = markdown.substr(begin, end - begin);
    const std::size_t text = line.find_first_not_of(' ');
    const std::string_view head = text == std::string_view::npos ? std::string_view{} : line.substr(text, 3);
    if (head == "```" || head == "~~~") {
      is_code = !is_code;
    } else if (!is_code) {
      if (const auto box = box_in(line)) items.push_back({begin + *box, line[*box] != ' '});
    }
    begin = end + 1;
  }
  return items;
}

Plan plan_open(const State& state, const Invocation& invocation) {
  const IssueId* id = argument_as<IssueId>(invocation);
  const Issue* issue = id != nullptr ? find_issue(state.entities, *id) : first_target(state, invocation);
  if (issue == nullptr) return refuse("There is no issue under the cursor");
  Route route = route_to(Screen::issue);
  route.issue_number = issue->number;
  Plan plan = go_to(std::move(route));
  plan.changes.emplace_back(CursorWent{issue->id});
  return plan;
}

Plan plan_peek(const State& state, const Invocation& invocation) {
  if (!has_detail_pane(state)) return plan_open(state, invocation);
  if (const Issue* issue = first_target(state, invocation)) {
    Plan plan;
    AppearanceChanged shown;
    const bool is_open_on_it = state.detail_open && state.open_issue == issue->id;
    shown.detail_open = !is_open_on_it;
    plan.changes.emplace_back(CursorWent{issue->id});
    plan.changes.emplace_back(shown);
    return plan;
  }
  return refuse("There is no issue under the cursor");
}

Plan plan_edit(const State& state, const Invocation& invocation, EditorKind kind) {
  const Issue* issue = first_target(state, invocation);
  if (issue == nullptr) return refuse("There is no issue under the cursor");
  if (kind == EditorKind::description && !issue->has_description) return refuse("The text is still loading");
  Editor editor;
  editor.kind = kind;
  editor.issue_id = issue->id;
  if (kind == EditorKind::title) editor.text = issue->title;
  if (kind == EditorKind::description) editor.text = issue->description;
  Plan plan;
  if (const CommentId* id = argument_as<CommentId>(invocation)) {
    const auto comments = state.entities.comments.find(issue->id);
    if (comments == state.entities.comments.end()) return refuse("The comments are still loading");
    for (const Comment& comment : comments->second) {
      if (comment.id != *id) continue;
      editor.kind = EditorKind::comment_edit;
      editor.comment_id = *id;
      editor.text = comment.body;
    }
  }
  if (state.route.screen != Screen::issue && !has_detail_pane(state)) {
    plan = plan_open(state, Invocation{invocation.command, issue->id, {}, false, 0, 0});
  } else if (state.route.screen != Screen::issue) {
    AppearanceChanged shown;
    shown.detail_open = true;
    plan.changes.emplace_back(CursorWent{issue->id});
    plan.changes.emplace_back(shown);
  }
  plan.changes.emplace_back(EditorOpened{std::move(editor)});
  return plan;
}

Plan plan_edit_here(const State& state, const Invocation& invocation) {
  const bool is_page = state.route.screen == Screen::issue;
  return plan_edit(state, invocation, is_page ? EditorKind::description : EditorKind::title);
}

Plan plan_rename(const State& state, const Invocation& invocation) {
  const auto* title = argument_as<std::string>(invocation);
  if (title == nullptr) return plan_edit(state, invocation, EditorKind::title);
  const Issue* issue = first_target(state, invocation);
  if (issue == nullptr) return refuse("There is no issue under the cursor");
  Issue renamed = *issue;
  renamed.title = name_from(*title);
  if (const auto valid = validate(renamed); !valid) return refuse(valid.error().message);
  Invocation on_one = invocation;
  on_one.targets = {issue->id};
  return patch_targets(state, on_one, "Edit title", [&](const Issue& one) {
    IssuePatch patch;
    if (one.title != renamed.title) patch.title = renamed.title;
    return std::optional<IssuePatch>(patch);
  });
}

Plan plan_text_set(const State& state, const Invocation& invocation) {
  const auto* text = argument_as<std::string>(invocation);
  if (text == nullptr) return plan_edit(state, invocation, EditorKind::description);
  const Issue* issue = first_target(state, invocation);
  if (issue == nullptr || !issue->has_description) return refuse("The text is still loading");
  Issue changed = *issue;
  changed.description = normal_form(*text);
  if (const auto valid = validate(changed); !valid) return refuse(valid.error().message);
  Invocation on_one = invocation;
  on_one.targets = {issue->id};
  return patch_targets(state, on_one, "Edit text", [&](const Issue& one) {
    IssuePatch patch;
    if (one.description != changed.description) patch.description = changed.description;
    return std::optional<IssuePatch>(patch);
  });
}

Plan plan_new_sub_issue(const State& state, const Invocation& invocation) {
  const Issue* parent = first_target(state, invocation);
  if (parent == nullptr) return refuse("There is no issue under the cursor");
  Plan plan;
  QuickCreate draft = state.quick_create;
  set_form_aside(state, parent->id, draft, plan);
  if (!draft.status_id.is_set()) {
    draft.project_id = parent->project_id;
    draft.area_id = parent->area_id;
    draft.status_id = default_status(state, parent->project_id);
  }
  plan.changes.emplace_back(QuickCreateChanged{std::move(draft)});
  return plan;
}

Plan plan_copy_branch(const State& state, const Invocation& invocation) {
  const Issue* issue = first_target(state, invocation);
  if (issue == nullptr) return refuse("There is no issue under the cursor");
  return copy(branch_name_for(issue->number, issue->title), "Branch name");
}

Plan plan_copy_link(const State& state, const Invocation& invocation) {
  const Issue* issue = first_target(state, invocation);
  if (issue == nullptr) return refuse("There is no issue under the cursor");
  return copy(state.origin + "/issues/" + std::to_string(issue->number), "Link");
}

Plan plan_copy_number(const State& state, const Invocation& invocation) {
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  if (issues.empty()) return refuse("There is no issue under the cursor");
  std::string text;
  for (const Issue* issue : issues) text += (text.empty() ? "#" : " #") + std::to_string(issue->number);
  return copy(text, text);
}

Plan plan_copy_markdown(const State& state, const Invocation& invocation) {
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  if (issues.empty()) return refuse("There is no issue under the cursor");
  std::string text;
  for (const Issue* issue : issues) {
    const bool is_done = kind_of(state, *issue) == StatusKind::done;
    if (issues.size() == 1) {
      text = "# " + issue->title + " (#" + std::to_string(issue->number) + ")\n";
      if (!issue->description.empty()) text += "\n" + issue->description + "\n";
    } else {
      text += std::string(is_done ? "- [x] " : "- [ ] ") + issue->title + " (#" +
              std::to_string(issue->number) + ")\n";
    }
  }
  return copy(std::move(text), "Markdown");
}

Plan plan_trash(const State& state, const Invocation& invocation) {
  std::vector<const Issue*> issues = targets_of(state, invocation);
  if (issues.empty()) return refuse("There is no issue under the cursor");
  std::erase_if(issues, [](const Issue* issue) { return issue->deleted_at.has_value(); });
  // From the trash there is one way further.
  if (issues.empty()) return plan_purge(state, invocation);
  Plan plan = change_view(IssuesTrashed{ids_of(issues), state.now});
  plan.title = "Moved " + target_name(issues) + " to trash";
  if (state.route.screen == Screen::issue) plan.effects.emplace_back(GoTo{state.list_route, false});
  return plan;
}

Plan plan_restore(const State& state, const Invocation& invocation) {
  std::vector<const Issue*> issues = targets_of(state, invocation);
  std::erase_if(issues, [](const Issue* issue) { return !issue->deleted_at; });
  if (issues.empty()) return refuse("Nothing here is in the trash");
  Plan plan = change_view(IssuesRestored{ids_of(issues), state.now});
  plan.title = "Restored " + target_name(issues);
  return plan;
}

Plan plan_purge(const State& state, const Invocation& invocation) {
  std::vector<const Issue*> issues = targets_of(state, invocation);
  std::erase_if(issues, [](const Issue* issue) { return !issue->deleted_at; });
  if (issues.empty()) return refuse("Only what is in the trash can be deleted for ever");
  const auto* confirmed = argument_as<std::string>(invocation);
  if (confirmed == nullptr || *confirmed != "confirmed") {
    Dialog dialog;
    dialog.kind = DialogKind::confirm;
    dialog.title = "Delete " + target_name(issues) + " for ever?";
    dialog.text =
        "Text, comments, files and what the history says of it go too; that something was there stays. This "
        "cannot be undone. Backups that were written before keep it until they are deleted.";
    dialog.confirm_label = "Delete " + target_name(issues);
    dialog.command = "issue.purge";
    dialog.targets = ids_of(issues);
    dialog.is_danger = true;
    return change_view(DialogChanged{std::move(dialog)});
  }
  Plan plan;
  for (const Issue* issue : issues) plan.changes.emplace_back(IssuePurged{issue->id});
  return plan;
}

Plan plan_tick(const State& state, const Invocation& invocation) {
  const Issue* issue = first_target(state, invocation);
  if (issue == nullptr || !issue->has_description) return refuse("The text is still loading");
  const std::vector<ChecklistItem> items = checklist_items(issue->description);
  const auto* given = argument_as<std::int64_t>(invocation);
  const std::size_t at = given != nullptr ? static_cast<std::size_t>(*given) : state.page_item;
  if (at >= items.size()) return refuse("There is no check box here");
  Invocation on_one = invocation;
  on_one.targets = {issue->id};
  return patch_targets(state, on_one, items[at].is_ticked ? "Untick" : "Tick", [&](const Issue& one) {
    IssuePatch patch;
    patch.description = one.description;
    (*patch.description)[items[at].offset] = items[at].is_ticked ? ' ' : 'x';
    return std::optional<IssuePatch>(patch);
  });
}

}  // namespace dits::web
