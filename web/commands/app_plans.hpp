// Plans of the commands that move about: places, lists, boards, pages, popups, text fields and the session.
#pragma once

#include "web/commands/plans.hpp"

namespace dits::web {

// places
Plan plan_go(const State& state, const Invocation& invocation, Screen screen);
Plan plan_go_entity(const State& state, const Invocation& invocation, PickerKind kind);
Plan plan_go_label(const State& state, const Invocation& invocation);
Plan plan_go_route(const State& state, const Invocation& invocation);
Plan plan_open_url(const State& state, const Invocation& invocation);
Plan plan_go_settings(const State& state, const Invocation& invocation);
Plan plan_back(const State& state, const Invocation& invocation);
Plan plan_region(const State& state, const Invocation& invocation, int step);
Plan plan_layout(const State& state, const Invocation& invocation, Layout layout);
Plan plan_sidebar_mode(const State& state, const Invocation& invocation);
Plan plan_detail(const State& state, const Invocation& invocation);
Plan plan_theme(const State& state, const Invocation& invocation);
Plan plan_density(const State& state, const Invocation& invocation);
Plan plan_timing(const State& state, const Invocation& invocation);
Plan plan_help(const State& state, const Invocation& invocation);
Plan plan_menu(const State& state, const Invocation& invocation);
Plan plan_grouping(const State& state, const Invocation& invocation);
Plan plan_display(const State& state, const Invocation& invocation);
Plan plan_sort(const State& state, const Invocation& invocation);
Plan plan_column(const State& state, const Invocation& invocation);
Plan plan_undo(const State& state, const Invocation& invocation);
Plan plan_redo(const State& state, const Invocation& invocation);
Plan plan_undo_log(const State& state, const Invocation& invocation);

// list
Plan plan_step(const State& state, const Invocation& invocation, int step);
Plan plan_end(const State& state, const Invocation& invocation, bool to_last);
Plan plan_centre(const State& state, const Invocation& invocation);
Plan plan_fold(const State& state, const Invocation& invocation, bool folds);
Plan plan_select(const State& state, const Invocation& invocation);
Plan plan_extend(const State& state, const Invocation& invocation, int step);
Plan plan_select_range(const State& state, const Invocation& invocation);
Plan plan_select_all(const State& state, const Invocation& invocation);
Plan plan_select_none(const State& state, const Invocation& invocation);
Plan plan_signal(const State& state, const Invocation& invocation, int step);
Plan plan_reorder(const State& state, const Invocation& invocation, int step);

// sidebar
Plan plan_sidebar_step(const State& state, const Invocation& invocation, int step);
Plan plan_sidebar_open(const State& state, const Invocation& invocation);

// board
Plan plan_column_step(const State& state, const Invocation& invocation, int step);
Plan plan_card_step(const State& state, const Invocation& invocation, int step);
Plan plan_card_column(const State& state, const Invocation& invocation, int step);
Plan plan_drop(const State& state, const Invocation& invocation);
Plan plan_drag_cancel(const State& state, const Invocation& invocation);

// issue page
Plan plan_page_scroll(const State& state, const Invocation& invocation, int lines);
Plan plan_page_issue(const State& state, const Invocation& invocation, int step);
Plan plan_page_item(const State& state, const Invocation& invocation, int step);

// query field
Plan plan_query_focus(const State& state, const Invocation& invocation);
Plan plan_query_leave(const State& state, const Invocation& invocation);
Plan plan_query_set(const State& state, const Invocation& invocation);
Plan plan_query_add(const State& state, const Invocation& invocation, bool removes);
Plan plan_query_drop_term(const State& state, const Invocation& invocation);
Plan plan_query_clear(const State& state, const Invocation& invocation);

// palette and pickers
Plan plan_palette_open(const State& state, const Invocation& invocation);
Plan plan_palette_step(const State& state, const Invocation& invocation, int step);
Plan plan_palette_run(const State& state, const Invocation& invocation, bool stays);
Plan plan_palette_argument(const State& state, const Invocation& invocation);
Plan plan_palette_close(const State& state, const Invocation& invocation);
Plan plan_picker_step(const State& state, const Invocation& invocation, int step);
Plan plan_picker_choose(const State& state, const Invocation& invocation);
Plan plan_picker_digit(const State& state, const Invocation& invocation, std::size_t row);
Plan plan_picker_close(const State& state, const Invocation& invocation);
Plan plan_picker_month(const State& state, const Invocation& invocation, int step);

// writing
// Makes `form` that of a new issue below `parent` (unset: of none): with its own words, when some wait; those
// of another one become a draft.
void set_form_aside(const State& state, IssueId parent, QuickCreate& form, Plan& plan);
Plan plan_new_issue(const State& state, const Invocation& invocation);
Plan plan_create_issue(const State& state, const Invocation& invocation);
Plan plan_create_lines(const State& state, const Invocation& invocation);
Plan plan_save(const State& state, const Invocation& invocation, bool leaves);
Plan plan_leave(const State& state, const Invocation& invocation);
Plan plan_stroke(const State& state, const Invocation& invocation, markdown::Stroke stroke);
Plan plan_use_draft(const State& state, const Invocation& invocation);
Plan plan_drop_draft(const State& state, const Invocation& invocation);
Plan plan_discard(const State& state, const Invocation& invocation);
Plan plan_confirm(const State& state, const Invocation& invocation);
Plan plan_dialog_close(const State& state, const Invocation& invocation);
Plan plan_comment_delete(const State& state, const Invocation& invocation);
Plan plan_export(const State& state, const Invocation& invocation);
Plan plan_import(const State& state, const Invocation& invocation);
Plan plan_file_add(const State& state, const Invocation& invocation);
Plan plan_file_delete(const State& state, const Invocation& invocation);
Plan plan_file_save(const State& state, const Invocation& invocation);
Plan plan_toast(const State& state, const Invocation& invocation);

}  // namespace dits::web
