// The table of every command. A row that takes a key another row of its scope has, or begins as another's
// sequence, does not compile.
#include <array>
#include <cstdint>
#include <iterator>

#include "web/commands/app_plans.hpp"
#include "web/commands/calendar_plans.hpp"
#include "web/commands/caret_menu.hpp"
#include "web/commands/insights_plans.hpp"
#include "web/commands/issue_plans.hpp"
#include "web/commands/key_text.hpp"
#include "web/commands/plan_plans.hpp"
#include "web/commands/session_plans.hpp"
#include "web/commands/studio_plans.hpp"
#include "web/commands/system_plans.hpp"

namespace dits::web {

namespace {

using enum Scope;
using markdown::Stroke;

constexpr bool hidden = false;  // not in the palette: makes sense by key or mouse only

template <Screen screen>
bool is_on(const State& state) {
  return state.route.screen == screen;
}
template <StatusKind kind>
bool has_status(const State& state, const Issue& issue) {
  return kind_of(state, issue) == kind;
}
template <Priority priority>
bool has_priority(const State&, const Issue& issue) {
  return issue.priority == priority;
}
bool is_flow(const State& state) { return shows_insights(state.route); }
bool is_administrator(const State& state) { return state.session.me.role == Role::admin; }
bool has_undo(const State& state) { return state.undo_depth > 0; }
bool has_redo(const State& state) { return state.redo_depth > 0; }
bool has_new_version(const State& state) { return state.has_new_version; }

// clang-format off
constexpr Command commands[] = {
    // id, title, hint, keys, scope, icon, needs_issue, has_argument, in_palette, plan, traits
    // ---- everywhere
    {"palette.open", "Command palette", "commands", "Ctrl K", global, "command", false, false, hidden, plan_palette_open},
    {"query.focus", "Search", "search", "/", global, "search", false, false, true, plan_query_focus},
    {"help.keyboard", "Keyboard help", "keys", "?", global, "keyboard", false, false, true, plan_help},
    {"issue.new", "New issue", "new", "c", global, "square-pen", false, false, true, plan_new_issue},
    {"edit.undo", "Undo", "undo", "u|Ctrl Z", global, "undo-2", false, false, true, plan_undo, {.may_run = has_undo}},
    {"edit.redo", "Redo", "redo", "U|Ctrl Shift Z", global, "redo-2", false, false, true, plan_redo, {.may_run = has_redo}},
    {"edit.undo_change", "Undo this change", "undo", "", global, "undo-2", false, true, hidden, plan_undo_log},
    {"app.back", "Back", "back", "Esc", global, "arrow-left", false, false, hidden, plan_back},
    {"region.next", "Next region", "region", "Tab", global, "panel-right", false, false, hidden, with<plan_region, 1>},
    {"region.previous", "Previous region", "region", "Shift Tab", global, "panel-left", false, false, hidden, with<plan_region, -1>},
    {"view.sidebar", "Sidebar: open, rail, hidden", "sidebar", "[", global, "panel-left", false, false, true, plan_sidebar_mode},
    {"view.detail", "Detail pane", "detail", "]", global, "panel-right", false, false, true, plan_detail},
    {"menu.open", "Menu of this issue", "menu", "Ctrl .|Menu", global, "ellipsis", true, false, hidden, plan_menu},
    {"view.list", "View as list", "list", "v l", global, "list", false, false, true, with<plan_layout, Layout::list>},
    {"view.board", "View as board", "board", "v b", global, "square-kanban", false, false, true, with<plan_layout, Layout::board>},
    {"view.calendar", "View as calendar", "calendar", "v c", global, "calendar", false, false, true, with<plan_layout, Layout::calendar>},
    {"view.plan", "View as plan", "plan", "v p", global, "waypoints", false, false, true, with<plan_layout, Layout::plan>},
    {"view.insights", "View as insights", "insights", "v i", global, "chart-line", false, false, true, with<plan_layout, Layout::insights>},
    {"go.inbox", "Go to Inbox", "Inbox", "g i", global, "inbox", false, false, true, with<plan_go, Screen::inbox>},
    {"go.today", "Go to Today", "Today", "g t", global, "sun", false, false, true, with<plan_go, Screen::today>},
    {"go.upcoming", "Go to Upcoming", "Upcoming", "g u", global, "calendar-days", false, false, true, with<plan_go, Screen::upcoming>},
    {"go.next", "Go to Next", "Next", "g n", global, "circle-arrow-right", false, false, true, with<plan_go, Screen::next>},
    {"go.logbook", "Go to Logbook", "Logbook", "g l", global, "book-check", false, false, true, with<plan_go, Screen::logbook>},
    {"go.project", "Go to project", "project…", "g p", global, "layers", false, true, true, with<plan_go_entity, PickerKind::project>},
    {"go.area", "Go to area", "area…", "g a", global, "box", false, true, true, with<plan_go_entity, PickerKind::area>},
    {"go.view", "Go to saved view", "view…", "g v", global, "bookmark", false, true, true, with<plan_go_entity, PickerKind::view>},
    {"go.all", "Go to all issues", "all", "", global, "list-todo", false, false, true, with<plan_go, Screen::all>},
    {"go.trash", "Go to Trash", "trash", "", global, "trash-2", false, false, true, with<plan_go, Screen::trash>},
    {"go.label", "Go to label", "label", "", global, "tag", false, true, hidden, plan_go_label},
    {"go.route", "Go there", "go", "", global, "arrow-right", false, true, hidden, plan_go_route},
    {"open.url", "Open the page", "open", "", global, "external-link", false, true, hidden, plan_open_url},
    {"go.settings", "Go to Settings", "Settings", "g ,", global, "settings-2", false, false, true, plan_go_settings},
    {"go.studio", "Go to Studio", "Studio", "g d", global, "database", false, false, true, plan_go_studio, {.may_run = is_administrator}},
    {"go.insights", "Go to Insights of everything", "Insights", "g r", global, "chart-line", false, false, true, plan_go_insights},
    {"go.system", "Go to Insights: System", "System", "g s", global, "activity", false, false, true, plan_go_system, {.may_run = is_administrator}},
    {"list.top", "Top of the list", "top", "g g", global, "chevrons-up", false, false, true, with<plan_end, false>},
    {"list.end", "End of the list", "end", "G", global, "chevrons-down", false, false, true, with<plan_end, true>},
    {"view.density", "Compact or comfortable rows", "rows", "z c", global, "rows-4", false, false, true, plan_density},
    {"view.theme", "Light or dark theme", "theme", "z t", global, "sun-moon", false, false, true, plan_theme},
    {"list.centre", "Centre the cursor row", "centre", "z z", global, "target", false, false, true, plan_centre},
    {"settings.theme", "Set theme", "theme", "", global, "sun-moon", false, true, hidden, plan_theme},
    {"settings.density", "Set row height", "rows", "", global, "rows-4", false, true, hidden, plan_density},
    {"settings.week_start", "First day of the week: Monday or Sunday", "week", "", global, "calendar-range", false, true, true, plan_week_start},
    {"view.timing", "Developer timing", "timing", "", global, "timer", false, false, true, plan_timing},
    {"view.group", "Group by…", "group", "", global, "rows-3", false, true, true, plan_grouping},
    {"view.display", "Display…", "display", "", global, "sliders-horizontal", false, true, true, plan_display},
    {"view.sort", "Sort by…", "sort", "", global, "arrow-up-down", false, true, hidden, plan_sort},
    {"view.column", "Show or hide a column", "column", "", global, "columns-3", false, true, hidden, plan_column},
    {"view.save", "Save this view", "save view", "", global, "bookmark-plus", false, true, true, plan_save_view},
    {"view.update", "Update this saved view", "update", "", global, "save", false, false, true, plan_update_view, {.may_run = is_on<Screen::view>}},
    {"project.new", "New project", "project", "", global, "layers", false, true, true, with<plan_new_noun, DialogKind::new_project>},
    {"project.edit", "Edit project", "edit", "", global, "pencil", false, true, true, with<plan_edit_noun, DialogKind::edit_project>, {.may_run = is_on<Screen::project>}},
    {"project.complete", "Complete project", "complete", "", global, "circle-check", false, true, true, with<plan_project_status, ProjectStatus::completed>, {.may_run = is_on<Screen::project>}},
    {"project.hold", "Put project on hold", "hold", "", global, "circle-pause", false, true, true, with<plan_project_status, ProjectStatus::on_hold>, {.may_run = is_on<Screen::project>}},
    {"project.archive", "Archive project", "archive", "", global, "archive", false, true, true, with<plan_project_status, ProjectStatus::archived>, {.may_run = is_on<Screen::project>}},
    {"project.activate", "Make project active", "active", "", global, "archive-restore", false, true, true, with<plan_project_status, ProjectStatus::active>, {.may_run = is_on<Screen::project>}},
    {"area.new", "New area", "area", "", global, "box", false, true, true, with<plan_new_noun, DialogKind::new_area>},
    {"area.edit", "Edit area", "edit", "", global, "pencil", false, true, true, with<plan_edit_noun, DialogKind::edit_area>, {.may_run = is_on<Screen::area>}},
    {"label.new", "New label", "label", "", global, "tag", false, true, true, with<plan_new_noun, DialogKind::new_label>},
    {"label.edit", "Edit label", "edit", "", global, "pencil", false, true, hidden, with<plan_edit_noun, DialogKind::edit_label>},
    {"noun.delete", "Delete", "delete", "", global, "trash-2", false, true, hidden, plan_delete_noun},
    {"workflow.save", "Save workflow", "save", "", global, "save", false, true, hidden, plan_save_workflow},
    {"session.sign_in", "Sign in", "sign in", "", global, "log-in", false, true, hidden, plan_sign_in},
    {"session.set_up", "Make the first account", "set up", "", global, "user-plus", false, true, hidden, plan_set_up},
    {"session.sign_out", "Sign out", "sign out", "", global, "log-out", false, false, true, plan_sign_out},
    {"settings.name", "Change your name", "name", "", global, "user", false, true, hidden, plan_rename_me},
    {"settings.password", "Change the password", "password", "", global, "key-round", false, true, hidden, plan_change_password},
    {"sessions.load", "Load sessions", "load", "", global, "refresh-cw", false, false, hidden, plan_load_sessions},
    {"sessions.revoke", "Sign out this device", "sign out", "", global, "log-out", false, true, hidden, plan_revoke_session},
    {"sessions.revoke_others", "Sign out all other devices", "sign out", "", global, "log-out", false, false, true, plan_revoke_others},
    {"data.export", "Export everything", "export", "", global, "download", false, false, true, plan_export},
    {"data.import", "Import a file", "import", "", global, "upload", false, false, true, plan_import},
    {"token.load", "Load tokens", "load", "", global, "refresh-cw", false, false, hidden, plan_load_tokens},
    {"token.new", "New API token", "token", "", global, "key", false, true, true, plan_new_token},
    {"token.revoke", "Revoke token", "revoke", "", global, "trash-2", false, true, hidden, plan_revoke_token},
    {"token.copy", "Copy the new token", "copy", "", global, "copy", false, false, hidden, plan_copy_token},
    {"token.put_away", "Put the new token away", "close", "", global, "x", false, false, hidden, plan_forget_token},
    {"backups.load", "Load backups", "load", "", global, "refresh-cw", false, false, hidden, plan_load_backups},
    {"backups.copy_restore", "Copy the command that restores a backup", "restore", "", global, "copy", false, true, hidden, plan_copy_restore},
    {"backups.start", "Back up now", "back up", "", global, "archive", false, false, true, plan_start_backup},
    {"sync.now", "Sync now", "sync", "", global, "refresh-cw", false, false, true, plan_sync_now},
    {"app.reload", "Reload into the new version", "reload", "", global, "refresh-cw", false, false, true, plan_reload, {.may_run = has_new_version}},
    {"words.send_older", "Send what was made before the server's data was replaced", "send", "", global, "cloud-upload", false, false, hidden, plan_send_older},
    {"words.drop_older", "Drop what was made before the server's data was replaced", "drop", "", global, "trash-2", false, false, hidden, plan_drop_older},
    {"conflict.keep_mine", "Keep mine", "mine", "", global, "check", false, true, hidden, plan_keep_mine},
    {"conflict.take_theirs", "Take theirs", "theirs", "", global, "download", false, true, hidden, plan_take_theirs},
    {"conflict.compare", "Compare an edit in conflict", "compare", "", global, "split", false, false, true, plan_compare},
    {"toast.dismiss", "Close the message", "close", "", global, "x", false, true, hidden, plan_toast},
    // ---- the issue under the cursor, or all selected
    {"issue.open", "Open", "open", "Enter|o", issue, "maximize-2", true, false, true, plan_open},
    {"issue.peek", "Peek in the detail pane", "peek", "Space", issue, "eye", true, false, true, plan_peek},
    {"issue.edit", "Edit title; on its page the text", "edit", "e", issue, "pencil", true, false, true, plan_edit_here},
    {"issue.edit_title", "Edit title", "title", "", issue, "pencil", true, false, true, with<plan_edit, EditorKind::title>},
    {"issue.edit_text", "Edit text", "text", "E", issue, "file-text", true, false, true, with<plan_edit, EditorKind::description>},
    {"issue.title.set", "Set title", "title", "", issue, "pencil-line", true, true, hidden, plan_rename},
    {"issue.text.set", "Set text", "text", "", issue, "file-text", true, true, hidden, plan_text_set},
    {"issue.comment", "Comment", "comment", "m", issue, "message-square", true, false, true, with<plan_edit, EditorKind::comment>},
    {"issue.toggle_done", "Done, or not done", "done", ".", issue, "circle-check", true, false, true, plan_toggle_done},
    {"issue.start", "Start work: In Progress, copy branch name", "start", "w", issue, "play", true, false, true, plan_start_work},
    {"issue.put_down", "Put down: back to To Do", "put down", "W", issue, "pause", true, false, true, with<plan_status_kind, StatusKind::todo>},
    {"issue.status.pick", "Set status…", "status…", "s s", issue, "circle-dot", true, true, true, plan_status_set},
    {"issue.status.set", "Set status", "status", "", issue, "circle-dot", true, true, hidden, plan_status_set},
    {"issue.status.backlog", "Set status: Backlog", "Backlog", "s b", issue, "circle-dashed", true, false, true, with<plan_status_kind, StatusKind::backlog>, {.is_set = has_status<StatusKind::backlog>}},
    {"issue.status.todo", "Set status: To Do", "To Do", "s t", issue, "circle", true, false, true, with<plan_status_kind, StatusKind::todo>, {.is_set = has_status<StatusKind::todo>}},
    {"issue.status.progress", "Set status: In Progress", "In Progress", "s p", issue, "circle-dot", true, false, true, with<plan_status_kind, StatusKind::progress>, {.is_set = has_status<StatusKind::progress>}},
    {"issue.status.review", "Set status: In Review", "In Review", "s r", issue, "circle-dot", true, false, true, with<plan_status_kind, StatusKind::review>, {.is_set = has_status<StatusKind::review>}},
    {"issue.status.done", "Set status: Done", "Done", "s d", issue, "circle-check", true, false, true, with<plan_status_kind, StatusKind::done>, {.is_set = has_status<StatusKind::done>}},
    {"issue.priority.pick", "Set priority…", "priority…", "p p", issue, "flag", true, true, true, plan_priority_set},
    {"issue.priority.set", "Set priority", "priority", "", issue, "flag", true, true, hidden, plan_priority_set},
    {"issue.priority.urgent", "Set priority: Urgent", "Urgent", "p u", issue, "flag", true, false, true, with<plan_priority, Priority::urgent>, {.is_set = has_priority<Priority::urgent>}},
    {"issue.priority.high", "Set priority: High", "High", "p h", issue, "flag", true, false, true, with<plan_priority, Priority::high>, {.is_set = has_priority<Priority::high>}},
    {"issue.priority.medium", "Set priority: Medium", "Medium", "p m", issue, "flag", true, false, true, with<plan_priority, Priority::medium>, {.is_set = has_priority<Priority::medium>}},
    {"issue.priority.low", "Set priority: Low", "Low", "p l", issue, "flag", true, false, true, with<plan_priority, Priority::low>, {.is_set = has_priority<Priority::low>}},
    {"issue.priority.none", "Set priority: None", "None", "p n", issue, "flag", true, false, true, with<plan_priority, Priority::none>, {.is_set = has_priority<Priority::none>}},
    {"issue.priority.raise", "Raise priority one step", "raise", "p +", issue, "chevron-up", true, false, true, with<plan_priority_step, 1>},
    {"issue.priority.lower", "Lower priority one step", "lower", "p -", issue, "chevron-down", true, false, true, with<plan_priority_step, -1>},
    {"issue.due.pick", "Set due date…", "date…", "d d", issue, "calendar-clock", true, true, true, plan_due_set},
    {"issue.due.set", "Set due date", "date", "", issue, "calendar-clock", true, true, hidden, plan_due_set},
    {"issue.due.today", "Set due: today", "today", "d t", issue, "calendar-check", true, false, true, with<plan_due_day, DueDay::today>},
    {"issue.due.tomorrow", "Set due: tomorrow", "tomorrow", "d o", issue, "calendar-plus", true, false, true, with<plan_due_day, DueDay::tomorrow>},
    {"issue.due.friday", "Set due: Friday", "Friday", "d f", issue, "calendar-plus", true, false, true, with<plan_due_day, DueDay::friday>},
    {"issue.due.next_week", "Set due: next week", "next week", "d w", issue, "calendar-plus", true, false, true, with<plan_due_day, DueDay::next_week>},
    {"issue.due.next_month", "Set due: next month", "next month", "d m", issue, "calendar-plus", true, false, true, with<plan_due_day, DueDay::next_month>},
    {"issue.due.clear", "Clear due date", "clear", "", issue, "calendar-x", true, false, true, plan_clear_due},
    {"issue.start.pick", "Set start date…", "start…", "d s", issue, "calendar-range", true, true, true, plan_start_set},
    {"issue.start.set", "Set start date", "start", "", issue, "calendar-range", true, true, hidden, plan_start_set},
    {"issue.start.clear", "Clear start date", "clear", "", issue, "calendar-x", true, false, true, plan_clear_start},
    {"issue.dates.clear", "Clear dates", "clear", "d x", issue, "calendar-x", true, false, true, plan_clear_dates},
    {"issue.labels.pick", "Labels…", "labels", "t", issue, "tags", true, true, true, plan_label_toggle},
    {"issue.labels.toggle", "Put label on or off", "label", "", issue, "tag", true, true, hidden, plan_label_toggle},
    {"issue.move.pick", "Move to project or area…", "move", "a", issue, "move", true, true, true, plan_move},
    {"issue.move.to_project", "Move to project", "project", "", issue, "layers", true, true, hidden, plan_move},
    {"issue.move.to_area", "Move to area", "area", "", issue, "box", true, true, hidden, plan_move},
    {"issue.relation.blocks", "Blocks…", "blocks…", "r b", issue, "octagon-minus", true, true, true, with<plan_relation, RelationType::blocks>},
    {"issue.relation.blocked_by", "Blocked by…", "blocked by…", "r y", issue, "octagon-minus", true, true, true, with<plan_relation, RelationType::blocked_by>},
    {"issue.relation.relates", "Relates to…", "relates…", "r r", issue, "arrow-right-left", true, true, true, with<plan_relation, RelationType::relates_to>},
    {"issue.relation.duplicates", "Set as duplicate of…", "duplicate…", "r u", issue, "copy", true, true, true, with<plan_relation, RelationType::duplicates>},
    {"issue.relation.remove", "Remove relation", "remove", "", issue, "unlink", false, true, hidden, plan_relation_remove},
    {"issue.parent.pick", "Set parent…", "parent…", "r p", issue, "corner-down-right", true, true, true, plan_parent_set},
    {"issue.parent.set", "Set parent", "parent", "", issue, "corner-down-right", true, true, hidden, plan_parent_set},
    {"issue.parent.clear", "Clear parent", "clear", "", issue, "unlink", true, false, true, plan_parent_clear},
    {"issue.new_sub_issue", "New sub-issue", "sub-issue", "r s", issue, "list-tree", true, false, true, plan_new_sub_issue},
    {"issue.links", "Branch, pull request and commit links…", "links", "b", issue, "git-branch", true, true, true, plan_git_link},
    {"issue.links.remove", "Remove git link", "remove", "", issue, "unlink", false, true, hidden, plan_git_link_remove},
    {"issue.copy.branch", "Copy branch name", "branch", "y b", issue, "git-branch", true, false, true, plan_copy_branch},
    {"issue.copy.link", "Copy link", "link", "y l", issue, "link", true, false, true, plan_copy_link},
    {"issue.copy.id", "Copy #id", "#id", "y i", issue, "hash", true, false, true, plan_copy_number},
    {"issue.copy.markdown", "Copy as Markdown", "Markdown", "y m", issue, "file-text", true, false, true, plan_copy_markdown},
    {"issue.trash", "Move to trash", "trash", "Delete", issue, "trash-2", true, false, true, plan_trash, {.is_danger = true}},
    {"issue.restore", "Restore from trash", "restore", "R", issue, "archive-restore", true, false, true, plan_restore, {.is_for_trash = true}},
    {"issue.purge", "Delete for ever…", "delete", "", issue, "trash-2", true, false, true, plan_purge, {.is_for_trash = true, .is_danger = true}},
    {"issue.tick", "Tick check box", "tick", "", issue, "square-check", true, true, hidden, plan_tick},
    {"issue.comment.delete", "Delete comment", "delete", "", issue, "trash-2", false, true, hidden, plan_comment_delete},
    {"issue.file.add", "Attach a file", "attach", "", issue, "paperclip", true, false, true, plan_file_add},
    {"issue.file.delete", "Delete file", "delete", "", issue, "trash-2", false, true, hidden, plan_file_delete},
    {"issue.file.save", "Save file", "save", "", issue, "download", false, true, hidden, plan_file_save},
    {"issue.comment.edit", "Edit comment", "edit", "", issue, "pencil", true, true, hidden, with<plan_edit, EditorKind::comment_edit>},
    // ---- list
    {"list.down", "Down", "down", "j|↓", list, "arrow-down", false, false, hidden, with<plan_step, 1>},
    {"list.up", "Up", "up", "k|↑", list, "arrow-up", false, false, hidden, with<plan_step, -1>},
    {"list.page_down", "A page down", "page", "PageDown", list, "chevrons-down", false, false, hidden, with<plan_step, 20>},
    {"list.page_up", "A page up", "page", "PageUp", list, "chevrons-up", false, false, hidden, with<plan_step, -20>},
    {"list.home", "First row", "first", "Home", list, "chevrons-up", false, false, hidden, with<plan_end, false>},
    {"list.last", "Last row", "last", "End", list, "chevrons-down", false, false, hidden, with<plan_end, true>},
    {"list.fold", "Fold group, or go to its header", "fold", "h|←", list, "chevron-right", false, false, hidden, with<plan_fold, true>},
    {"list.unfold", "Unfold group, or enter the detail pane", "unfold", "l|→", list, "chevron-down", false, false, hidden, with<plan_fold, false>},
    {"list.select", "Select row", "select", "x", list, "square-check", true, false, hidden, plan_select},
    {"list.select_range", "Select up to here", "select", "", list, "list-checks", false, true, hidden, plan_select_range},
    {"list.extend_down", "Extend selection down", "extend", "J|Shift ↓", list, "arrow-down", false, false, hidden, with<plan_extend, 1>},
    {"list.extend_up", "Extend selection up", "extend", "K|Shift ↑", list, "arrow-up", false, false, hidden, with<plan_extend, -1>},
    {"list.select_all", "Select all shown", "all", "Ctrl A", list, "list-checks", false, false, true, plan_select_all},
    {"list.select_none", "Select nothing", "none", "", list, "x", false, false, true, plan_select_none},
    {"list.next_signal", "Next row with a signal bar", "signal", "n", list, "bell", false, false, hidden, with<plan_signal, 1>},
    {"list.previous_signal", "Previous row with a signal bar", "signal", "N", list, "bell", false, false, hidden, with<plan_signal, -1>},
    {"list.move_down", "Move row down", "move", "Alt ↓", list, "arrow-down", true, false, true, with<plan_reorder, 1>},
    {"list.move_up", "Move row up", "move", "Alt ↑", list, "arrow-up", true, false, true, with<plan_reorder, -1>},
    // ---- board
    {"board.left", "Column left", "left", "h|←", board, "arrow-left", false, false, hidden, with<plan_column_step, -1>},
    {"board.right", "Column right", "right", "l|→", board, "arrow-right", false, false, hidden, with<plan_column_step, 1>},
    {"board.down", "Card down", "down", "j|↓", board, "arrow-down", false, false, hidden, with<plan_card_step, 1>},
    {"board.up", "Card up", "up", "k|↑", board, "arrow-up", false, false, hidden, with<plan_card_step, -1>},
    {"board.move_left", "Move card left", "move", "H|Shift ←", board, "arrow-left", true, false, hidden, with<plan_card_column, -1>},
    {"board.move_right", "Move card right", "move", "L|Shift →", board, "arrow-right", true, false, hidden, with<plan_card_column, 1>},
    {"board.move_down", "Move card down", "move", "J|Shift ↓", board, "arrow-down", true, false, hidden, with<plan_reorder, 1>},
    {"board.move_up", "Move card up", "move", "K|Shift ↑", board, "arrow-up", true, false, hidden, with<plan_reorder, -1>},
    {"board.select", "Select card", "select", "x", board, "square-check", true, false, hidden, plan_select},
    {"board.drop", "Drop here", "drop", "", board, "hand", false, false, hidden, plan_drop},
    // ---- calendar
    {"calendar.left", "Day left", "left", "h|←", calendar, "arrow-left", false, false, hidden, with<plan_calendar_step, -1>},
    {"calendar.right", "Day right", "right", "l|→", calendar, "arrow-right", false, false, hidden, with<plan_calendar_step, 1>},
    {"calendar.down", "Week down", "down", "j|↓", calendar, "arrow-down", false, false, hidden, with<plan_calendar_step, 7>},
    {"calendar.up", "Week up", "up", "k|↑", calendar, "arrow-up", false, false, hidden, with<plan_calendar_step, -7>},
    {"calendar.previous", "Calendar: month or week before", "previous", "H|PageUp", calendar, "chevron-left", false, false, true, with<plan_calendar_period, -1>},
    {"calendar.next", "Calendar: next month or week", "next", "L|PageDown", calendar, "chevron-right", false, false, true, with<plan_calendar_period, 1>},
    {"calendar.today", "Calendar: today", "today", "0", calendar, "calendar-check", false, false, true, plan_calendar_today},
    {"calendar.day", "Calendar: this day", "day", "", calendar, "calendar", false, true, hidden, plan_calendar_day},
    {"calendar.month", "Calendar: by month", "month", "v m", calendar, "calendar-days", false, false, true, with<plan_calendar_span, false>},
    {"calendar.week", "Calendar: by week", "week", "v w", calendar, "calendar-range", false, false, true, with<plan_calendar_span, true>},
    {"calendar.next_issue", "Next issue of the day", "next issue", "J", calendar, "chevron-down", false, false, hidden, with<plan_calendar_issue, 1>},
    {"calendar.previous_issue", "Previous issue of the day", "previous issue", "K", calendar, "chevron-up", false, false, hidden, with<plan_calendar_issue, -1>},
    {"calendar.open_day", "All issues of the day", "the day", "+|Space", calendar, "list", false, false, true, plan_calendar_open_day},
    {"calendar.tray", "Calendar: to the tray and back", "tray", "T", calendar, "panel-right", false, false, true, plan_calendar_tray},
    {"calendar.select", "Select issue", "select", "x", calendar, "square-check", true, false, hidden, plan_select},
    {"calendar.earlier", "Move issue one day earlier", "a day earlier", "Shift ←", calendar, "arrow-left", true, false, true, with<plan_calendar_move, DateEdge::both, -1>},
    {"calendar.later", "Move issue one day later", "a day later", "Shift →", calendar, "arrow-right", true, false, true, with<plan_calendar_move, DateEdge::both, 1>},
    {"calendar.week_earlier", "Move issue one week earlier", "a week earlier", "Shift ↑", calendar, "arrow-up", true, false, true, with<plan_calendar_move, DateEdge::both, -7>},
    {"calendar.week_later", "Move issue one week later", "a week later", "Shift ↓", calendar, "arrow-down", true, false, true, with<plan_calendar_move, DateEdge::both, 7>},
    {"calendar.end_earlier", "Move due date one day earlier", "end earlier", "<", calendar, "arrow-left", true, false, true, with<plan_calendar_move, DateEdge::due, -1>},
    {"calendar.end_later", "Move due date one day later", "end later", ">", calendar, "arrow-right", true, false, true, with<plan_calendar_move, DateEdge::due, 1>},
    {"calendar.start_earlier", "Move start date one day earlier", "start earlier", "{", calendar, "arrow-left", true, false, true, with<plan_calendar_move, DateEdge::start, -1>},
    {"calendar.start_later", "Move start date one day later", "start later", "}", calendar, "arrow-right", true, false, true, with<plan_calendar_move, DateEdge::start, 1>},
    {"calendar.place", "Set due: the calendar's day", "calendar's day", "d c", calendar, "calendar-plus", true, false, true, plan_calendar_place},
    {"calendar.drop", "Drop here", "drop", "", calendar, "hand", false, false, hidden, plan_calendar_drop},
    // ---- plan
    {"plan.blocker", "To what blocks this", "blocker", "h|←", plan, "arrow-left", false, false, hidden, with<plan_link_step, false>},
    {"plan.blocked", "To what this blocks", "blocked", "l|→", plan, "arrow-right", false, false, hidden, with<plan_link_step, true>},
    {"plan.down", "Row down", "down", "j|↓", plan, "arrow-down", false, false, hidden, with<plan_row_step, 1>},
    {"plan.up", "Row up", "up", "k|↑", plan, "arrow-up", false, false, hidden, with<plan_row_step, -1>},
    {"plan.page_down", "A page down", "page", "PageDown", plan, "chevrons-down", false, false, hidden, with<plan_row_step, 20>},
    {"plan.page_up", "A page up", "page", "PageUp", plan, "chevrons-up", false, false, hidden, with<plan_row_step, -20>},
    {"plan.home", "First row", "first", "Home", plan, "chevrons-up", false, false, hidden, with<plan_end, false>},
    {"plan.last", "Last row", "last", "End", plan, "chevrons-down", false, false, hidden, with<plan_end, true>},
    {"plan.before", "Plan: earlier days", "earlier days", "H", plan, "chevron-left", false, false, true, with<plan_pan, -1>},
    {"plan.after", "Plan: later days", "later days", "L", plan, "chevron-right", false, false, true, with<plan_pan, 1>},
    {"plan.today", "Plan: today", "today", "0", plan, "calendar-check", false, false, true, plan_plan_today},
    {"plan.fit", "Plan: fit all bars", "fit", "f", plan, "maximize", false, false, true, plan_fit},
    {"plan.zoom_in", "Plan: zoom in", "zoom in", "+|=", plan, "zoom-in", false, false, true, with<plan_zoom, -1>},
    {"plan.zoom_out", "Plan: zoom out", "zoom out", "-", plan, "zoom-out", false, false, true, with<plan_zoom, 1>},
    {"plan.zoom", "Plan: days shown", "zoom", "", plan, "zoom-in", false, true, hidden, with<plan_zoom, 0>},
    {"plan.next", "Plan: to what to start next and back", "next", "T", plan, "panel-right", false, false, true, plan_next_list},
    {"plan.select", "Select issue", "select", "x", plan, "square-check", true, false, hidden, plan_select},
    {"plan.earlier", "Move bar one day earlier", "a day earlier", "Shift ←", plan, "arrow-left", true, false, true, with<plan_bar_move, DragPart::whole, -1>},
    {"plan.later", "Move bar one day later", "a day later", "Shift →", plan, "arrow-right", true, false, true, with<plan_bar_move, DragPart::whole, 1>},
    {"plan.end_earlier", "Bar ends one day earlier", "end earlier", "<", plan, "arrow-left", true, false, true, with<plan_bar_move, DragPart::due, -1>},
    {"plan.end_later", "Bar ends one day later", "end later", ">", plan, "arrow-right", true, false, true, with<plan_bar_move, DragPart::due, 1>},
    {"plan.start_earlier", "Bar begins one day earlier", "start earlier", "{", plan, "arrow-left", true, false, true, with<plan_bar_move, DragPart::start, -1>},
    {"plan.start_later", "Bar begins one day later", "start later", "}", plan, "arrow-right", true, false, true, with<plan_bar_move, DragPart::start, 1>},
    {"plan.drop", "Drop here", "drop", "", plan, "hand", false, false, hidden, plan_bar_drop},
    // ---- issue page
    {"page.down", "Scroll down", "down", "j|↓", issue_page, "arrow-down", false, false, hidden, with<plan_page_scroll, 3>},
    {"page.up", "Scroll up", "up", "k|↑", issue_page, "arrow-up", false, false, hidden, with<plan_page_scroll, -3>},
    {"page.page_down", "A page down", "page", "PageDown", issue_page, "chevrons-down", false, false, hidden, with<plan_page_scroll, 24>},
    {"page.page_up", "A page up", "page", "PageUp", issue_page, "chevrons-up", false, false, hidden, with<plan_page_scroll, -24>},
    {"page.top", "Top of the page", "top", "Home", issue_page, "chevrons-up", false, false, hidden, with<plan_end, false>},
    {"page.end", "End of the page", "end", "End", issue_page, "chevrons-down", false, false, hidden, with<plan_end, true>},
    {"page.edit_title", "Edit title", "title", "E", issue_page, "pencil", true, false, hidden, with<plan_edit, EditorKind::title>},
    {"page.next_issue", "Next issue of the list", "next", "J", issue_page, "chevron-down", false, false, true, with<plan_page_issue, 1>},
    {"page.previous_issue", "Previous issue of the list", "previous", "K", issue_page, "chevron-up", false, false, true, with<plan_page_issue, -1>},
    {"page.tick", "Tick the check box under the cursor", "tick", "x", issue_page, "square-check", true, false, true, plan_tick},
    {"page.next_item", "Next check box", "next", "n", issue_page, "chevron-down", false, false, hidden, with<plan_page_item, 1>},
    {"page.previous_item", "Previous check box", "previous", "N", issue_page, "chevron-up", false, false, hidden, with<plan_page_item, -1>},
    // ---- sidebar
    {"sidebar.down", "Down", "down", "j|↓", sidebar, "arrow-down", false, false, hidden, with<plan_sidebar_step, 1>},
    {"sidebar.up", "Up", "up", "k|↑", sidebar, "arrow-up", false, false, hidden, with<plan_sidebar_step, -1>},
    {"sidebar.open", "Open", "open", "Enter|o|l|→", sidebar, "arrow-right", false, false, hidden, plan_sidebar_open},
    // ---- query field
    {"query.accept", "To the results", "results", "Enter", query, "corner-down-left", false, false, hidden, plan_query_leave},
    {"query.save", "Save as view", "save view", "Ctrl Enter", query, "bookmark-plus", false, false, hidden, plan_save_view},
    {"query.drop_term", "Drop the last term", "drop", "Alt Backspace", query, "filter-x", false, false, hidden, plan_query_drop_term},
    {"query.leave", "Leave, keep the query", "leave", "Esc", query, "x", false, false, hidden, plan_query_leave},
    {"query.set", "Set the query", "query", "", query, "search", false, true, hidden, plan_query_set},
    {"query.clear", "Clear the query", "clear", "", query, "filter-x", false, false, true, plan_query_clear},
    {"query.add", "Add to the query", "add", "", query, "list-filter", false, true, hidden, with<plan_query_add, false>},
    {"query.remove", "Drop a term", "drop", "", query, "filter-x", false, true, hidden, with<plan_query_add, true>},
    // ---- palette
    {"palette.down", "Choose", "choose", "↓", palette, "arrow-down", false, false, hidden, with<plan_palette_step, 1>},
    {"palette.up", "Choose", "choose", "↑", palette, "arrow-up", false, false, hidden, with<plan_palette_step, -1>},
    {"palette.run", "Run", "run", "Enter", palette, "corner-down-left", false, false, hidden, with<plan_palette_run, false>},
    {"palette.argument", "Ask for its argument", "arguments", "Tab", palette, "chevron-right", false, false, hidden, plan_palette_argument},
    {"palette.run_again", "Run, palette stays", "run, stay", "Ctrl Enter", palette, "corner-down-left", false, false, hidden, with<plan_palette_run, true>},
    {"palette.close", "Close", "close", "Esc|Ctrl K", palette, "x", false, false, hidden, plan_palette_close},
    // ---- picker
    {"picker.down", "Choose", "choose", "↓", picker, "arrow-down", false, false, hidden, with<plan_picker_step, 1>},
    {"picker.up", "Choose", "choose", "↑", picker, "arrow-up", false, false, hidden, with<plan_picker_step, -1>},
    {"picker.choose", "Take it", "take", "Enter", picker, "check", false, false, hidden, plan_picker_choose},
    {"picker.next_month", "Next month", "month", "PageDown", picker, "chevron-right", false, false, hidden, with<plan_picker_month, 1>},
    {"picker.previous_month", "Previous month", "month", "PageUp", picker, "chevron-left", false, false, hidden, with<plan_picker_month, -1>},
    {"picker.close", "Close", "close", "Esc", picker, "x", false, false, hidden, plan_picker_close},
    // ---- text editor and quick create
    {"editor.save_and_leave", "Save and leave", "save", "Ctrl Enter", editor, "check", false, false, hidden, with<plan_save, true>},
    {"editor.save_title", "Save the title", "save", "Enter", editor, "check", false, false, hidden, with<plan_save, true>},
    {"editor.save", "Save", "save", "Ctrl S", editor, "save", false, false, hidden, with<plan_save, false>},
    {"editor.bold", "Bold", "bold", "Ctrl B", editor, "bold", false, false, hidden, with<plan_stroke, Stroke::bold>},
    {"editor.emphasis", "Emphasis", "emphasis", "Ctrl I", editor, "italic", false, false, hidden, with<plan_stroke, Stroke::emphasis>},
    {"editor.code", "Code", "code", "Ctrl Shift M", editor, "code", false, false, hidden, with<plan_stroke, Stroke::code>},
    {"editor.link", "Link", "link", "Ctrl Shift K", editor, "link", false, false, hidden, with<plan_stroke, Stroke::link>},
    {"editor.list", "List", "list", "Ctrl Shift Y", editor, "list", false, false, hidden, with<plan_stroke, Stroke::list>},
    {"editor.check_list", "Check list", "check list", "Ctrl Shift X", editor, "square-check", false, false, hidden, with<plan_stroke, Stroke::check_list>},
    {"editor.quote", "Quote", "quote", "Ctrl Shift G", editor, "quote", false, false, hidden, with<plan_stroke, Stroke::quote>},
    {"caret.down", "Choose", "choose", "↓", caret, "arrow-down", false, false, hidden, with<plan_caret_step, 1>},
    {"caret.up", "Choose", "choose", "↑", caret, "arrow-up", false, false, hidden, with<plan_caret_step, -1>},
    {"caret.take", "Write it", "write", "Enter|Tab", caret, "check", false, true, hidden, plan_caret_take},
    {"caret.close", "Put the choices away", "close", "Esc", caret, "x", false, false, hidden, plan_caret_close},
    {"editor.leave", "Leave, keep the draft", "leave", "Esc", editor, "x", false, false, hidden, plan_leave},
    {"editor.use_draft", "Use the other draft", "draft", "", editor, "history", false, false, hidden, plan_use_draft},
    {"editor.drop_draft", "Drop the other draft", "drop", "", editor, "trash", false, false, hidden, plan_drop_draft},
    {"editor.discard", "Discard the draft", "discard", "", editor, "trash", false, false, hidden, plan_discard},
    {"form.set", "Choose for the new issue", "choose", "", editor, "pencil", false, true, hidden, plan_form_set},
    {"form.due", "Due date of the new issue", "due", "", editor, "calendar", false, true, hidden, with<plan_form_day, false>},
    {"form.start", "Start date of the new issue", "start", "", editor, "calendar", false, true, hidden, with<plan_form_day, true>},
    {"issue.create", "Create issue", "create", "", editor, "plus", false, true, hidden, plan_create_issue},
    {"issue.create_lines", "Create an issue of each pasted line", "create all", "Ctrl Shift Enter", editor, "plus", false, false, hidden, plan_create_lines},
    // ---- dialog
    {"dialog.confirm", "Confirm", "confirm", "Enter|Ctrl Enter", dialog, "check", false, false, hidden, plan_confirm},
    {"dialog.close", "Close", "close", "Esc", dialog, "x", false, false, hidden, plan_dialog_close},
    // ---- drag
    {"drag.cancel", "Cancel", "cancel", "Esc", drag, "x", false, false, hidden, plan_drag_cancel},
    // ---- Studio
    {"studio.left", "Studio: cell to the left", "left", "h|←", studio, "arrow-left", false, false, hidden, with<plan_studio_move, 0, -1>},
    {"studio.down", "Studio: row below", "down", "j|↓", studio, "arrow-down", false, false, hidden, with<plan_studio_move, 1, 0>},
    {"studio.up", "Studio: row above", "up", "k|↑", studio, "arrow-up", false, false, hidden, with<plan_studio_move, -1, 0>},
    {"studio.right", "Studio: cell to the right", "right", "l|→", studio, "arrow-right", false, false, hidden, with<plan_studio_move, 0, 1>},
    {"studio.page_down", "Studio: a page down", "page down", "PageDown", studio, "chevrons-down", false, false, hidden, with<plan_studio_move, 15, 0>},
    {"studio.page_up", "Studio: a page up", "page up", "PageUp", studio, "chevrons-up", false, false, hidden, with<plan_studio_move, -15, 0>},
    {"studio.next", "Studio: next cell", "next cell", "Tab", studio, "arrow-right", false, false, hidden, with<plan_studio_move, 0, 1>},
    {"studio.previous", "Studio: cell before", "cell before", "Shift Tab", studio, "arrow-left", false, false, hidden, with<plan_studio_move, 0, -1>},
    {"studio.cursor", "Studio: this cell", "cell", "", studio, "target", false, true, hidden, plan_studio_cursor},
    {"studio.edit", "Edit cell", "edit", "Enter|e", studio, "pencil", false, false, true, plan_studio_edit},
    {"studio.null", "Set cell to NULL", "NULL", "Backspace", studio, "circle-x", false, false, true, plan_studio_null},
    {"studio.set", "Set cell", "set", "", studio, "pencil", false, true, hidden, plan_studio_set},
    {"studio.undo_cell", "Undo cell, then discard all", "undo cell", "Esc", studio, "undo-2", false, false, hidden, plan_studio_cancel},
    {"studio.discard", "Discard changes of this table", "discard", "", studio, "undo-2", false, false, true, plan_studio_discard},
    {"studio.save", "Save changes of this table", "save", "Ctrl S", studio, "save", false, false, true, plan_studio_save},
    {"studio.save_kept", "Save", "save", "", studio, "save", false, false, hidden, plan_studio_save},
    {"studio.follow", "Follow foreign key", "follow", "o", studio, "arrow-up-right", false, false, true, plan_studio_follow},
    {"studio.add", "Add row", "add row", "n", studio, "plus", false, false, true, plan_studio_add},
    {"studio.duplicate", "Duplicate row", "duplicate", "D", studio, "copy", false, false, true, plan_studio_duplicate},
    {"studio.delete", "Mark row for deletion", "delete row", "Delete", studio, "trash-2", false, false, true, plan_studio_delete},
    {"studio.tables", "Find a table", "tables", "t", studio, "table-2", false, false, true, with<plan_studio_region, StudioRegion::tables>},
    {"studio.console", "SQL console", "SQL", "q", studio, "terminal", false, false, true, with<plan_studio_region, StudioRegion::console>},
    {"studio.focus_filter", "Filter rows", "filter", "/", studio, "list-filter", false, false, true, with<plan_studio_region, StudioRegion::filter>},
    {"studio.filter", "Filter rows by", "filter", "", studio, "list-filter", false, true, hidden, plan_studio_filter},
    {"studio.sort", "Sort rows by this column", "sort", "s", studio, "arrow-up-down", false, false, true, plan_studio_sort},
    {"studio.statistics", "Statistics of this column", "statistics", "i", studio, "chart-bar", false, false, true, plan_studio_statistics},
    {"studio.hide", "Hide this column", "hide", "-", studio, "eye-off", false, false, true, plan_studio_hide},
    {"studio.show_all", "Show all columns", "columns", "+", studio, "columns-3", false, false, true, plan_studio_show_all},
    {"studio.reload", "Load rows again", "reload", "r", studio, "refresh-cw", false, false, true, plan_studio_reload},
    {"studio.more", "Load more rows", "more", "", studio, "arrow-down", false, false, hidden, with<plan_studio_call, StudioCall::Kind::load_more>},
    {"studio.run", "Run SQL", "run SQL", "Ctrl Enter", studio, "play", false, false, true, plan_studio_run},
    {"studio.confirm_write", "Keep what SQL wrote", "keep", "", studio, "check", false, false, hidden, plan_studio_confirm_write},
    {"studio.explain", "Explain SQL", "explain", "", studio, "list-tree", false, false, true, with<plan_studio_call, StudioCall::Kind::explain>},
    {"studio.analyze", "Explain and run SQL", "analyze", "", studio, "timer", false, false, true, with<plan_studio_call, StudioCall::Kind::analyze>},
    {"studio.writes", "Allow writes from SQL", "writes", "", studio, "pencil", false, false, true, plan_studio_writes},
    {"studio.export_csv", "Export rows as CSV", "CSV", "", studio, "download", false, false, true, with<plan_studio_export, false>},
    {"studio.export_json", "Export rows as JSON", "JSON", "", studio, "download", false, false, true, with<plan_studio_export, true>},
    {"studio.save_query", "Save this SQL", "save query", "", studio, "plus", false, false, true, plan_studio_save_query},
    {"studio.open_query", "Open a saved query", "open query", "", studio, "scroll-text", false, true, hidden, plan_studio_open_query},
    {"studio.forget_query", "Forget a saved query", "forget query", "", studio, "trash-2", false, true, hidden, plan_studio_forget_query},
    {"studio.keep", "Keep the edit", "keep", "Enter", studio_text, "check", false, false, hidden, with<plan_studio_keep, 0>},
    {"studio.keep_next", "Keep the edit, next cell", "next cell", "Tab", studio_text, "arrow-right", false, false, hidden, with<plan_studio_keep, 1>},
    {"studio.cancel", "Undo the cell", "undo cell", "Esc", studio_text, "undo-2", false, false, hidden, plan_studio_cancel},
    {"studio.text_save", "Save changes of this table", "save", "Ctrl S", studio_text, "save", false, false, hidden, plan_studio_save},
    {"studio.text_run", "Run SQL, or keep a long text", "run SQL", "Ctrl Enter", studio_text, "play", false, false, hidden, plan_studio_run},
    // ---- Insights
    {"insights.chart_1", "Insights: chart 1", "chart 1", "1", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{0}>},
    {"insights.chart_2", "Insights: chart 2", "chart 2", "2", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{1}>},
    {"insights.chart_3", "Insights: chart 3", "chart 3", "3", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{2}>},
    {"insights.chart_4", "Insights: chart 4", "chart 4", "4", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{3}>},
    {"insights.chart_5", "Insights: chart 5", "chart 5", "5", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{4}>},
    {"insights.chart_6", "Insights: chart 6", "chart 6", "6", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{5}>},
    {"insights.chart_7", "Insights: chart 7", "chart 7", "7", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{6}>},
    {"insights.chart_8", "Insights: chart 8", "chart 8", "8", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{7}>},
    {"insights.chart_9", "Insights: chart 9", "chart 9", "9", insights, "chart-line", false, false, hidden, with<plan_insights_chart, std::size_t{8}>},
    {"insights.chart", "Insights: this chart", "chart", "", insights, "chart-line", false, true, hidden, plan_insights_this_chart},
    {"insights.next_chart", "Insights: next chart", "next chart", "j|↓", insights, "arrow-down", false, false, hidden, with<plan_insights_next_chart, 1>},
    {"insights.previous_chart", "Insights: chart before", "chart before", "k|↑", insights, "arrow-up", false, false, hidden, with<plan_insights_next_chart, -1>},
    {"insights.left", "Insights: value to the left", "left", "h|←", insights, "arrow-left", false, false, hidden, with<plan_insights_read, -1>},
    {"insights.right", "Insights: value to the right", "right", "l|→", insights, "arrow-right", false, false, hidden, with<plan_insights_read, 1>},
    {"insights.left_far", "Insights: ten values to the left", "far left", "H|PageUp", insights, "chevrons-left", false, false, hidden, with<plan_insights_read, -10>},
    {"insights.right_far", "Insights: ten values to the right", "far right", "L|PageDown", insights, "chevrons-right", false, false, hidden, with<plan_insights_read, 10>},
    {"insights.longer", "Insights: a longer time", "longer", "-", insights, "zoom-out", false, false, true, with<plan_insights_zoom, 1>},
    {"insights.shorter", "Insights: a shorter time", "shorter", "+|=", insights, "zoom-in", false, false, true, with<plan_insights_zoom, -1>},
    {"insights.range", "Insights: this time", "time", "", insights, "clock", false, true, hidden, plan_insights_range},
    {"insights.copy", "Copy the chart's values as CSV", "copy", "y", insights, "copy", false, false, true, plan_insights_copy},
    {"insights.list", "List the issues of the chart", "list these issues", "Enter", insights, "list", false, false, true, plan_insights_list, {.may_run = is_flow}},
    {"insights.export", "Export the charts as CSV", "export", "", insights, "download", false, false, true, plan_insights_export, {.may_run = is_flow}},
    {"insights.plan", "Plan of this statement", "plan", "", insights, "list-tree", false, true, hidden, plan_insights_plan},
    {"insights.leave", "Insights: leave the values, then the page", "leave", "Esc", insights, "x", false, false, hidden, plan_insights_leave},
};
// clang-format on

constexpr bool ids_are_unique() {
  std::array<std::uint64_t, std::size(commands)> hashes{};
  for (std::size_t at = 0; at < hashes.size(); ++at) {
    hashes[at] = hash_of(commands[at].id);
    for (std::size_t before = 0; before < at; ++before) {
      if (hashes[before] == hashes[at]) return false;
    }
  }
  return true;
}
static_assert(ids_are_unique(), "two commands have the same id");

// One way to call a command: a key, or two keys one after the other.
struct Binding {
  Scope scope = global;
  std::uint64_t first = 0;
  std::uint64_t second = 0;  // 0: there is none
};
struct Bindings {
  std::array<Binding, 2 * std::size(commands)> all{};
  std::size_t count = 0;
  bool are_short = true;  // no more than two keys
};

constexpr Bindings read_bindings() {
  Bindings bindings;
  for (const Command& command : commands) {
    for (std::string_view keys = command.keys; !keys.empty();) {
      std::string_view rest = take_part(keys, '|');
      Binding binding{command.scope, hash_of(take_key(rest)), 0};
      if (!rest.empty()) binding.second = hash_of(take_key(rest));
      bindings.are_short = bindings.are_short && rest.empty();
      bindings.all[bindings.count++] = binding;
    }
  }
  return bindings;
}
constexpr Bindings bindings = read_bindings();
static_assert(bindings.are_short, "a sequence has more than two keys");

constexpr bool is_live_with(Scope a, Scope b) {
  return a <= issue_page && b <= issue_page && (a <= issue || b <= issue);
}

// Within a scope no key has two meanings, and none begins another's sequence. Where scopes are live together
// a narrow one may take a key over, but not cut a sequence short.
constexpr bool keys_are_unambiguous() {
  for (std::size_t at = 0; at < bindings.count; ++at) {
    const Binding& a = bindings.all[at];
    for (std::size_t before = 0; before < at; ++before) {
      const Binding& b = bindings.all[before];
      if (a.first != b.first) continue;
      const bool is_cut = (a.second == 0) != (b.second == 0);
      if (a.scope == b.scope && (is_cut || a.second == b.second)) return false;
      if (is_cut && is_live_with(a.scope, b.scope)) return false;
    }
  }
  return true;
}
static_assert(keys_are_unambiguous(), "two commands answer to the same keys");

}  // namespace

std::span<const Command> all_commands() { return commands; }

const Command* find_command(std::string_view id) {
  for (const Command& command : commands) {
    if (command.id == id) return &command;
  }
  return nullptr;
}

}  // namespace dits::web
