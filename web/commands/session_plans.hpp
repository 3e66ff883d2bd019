// Plans of the commands about the account and about the nouns around issues: projects, areas, labels,
// workflows, views.
#pragma once

#include "web/commands/plans.hpp"

namespace dits::web {

// account
Plan plan_sign_in(const State& state, const Invocation& invocation);
Plan plan_set_up(const State& state, const Invocation& invocation);
Plan plan_sign_out(const State& state, const Invocation& invocation);
Plan plan_send_older(const State& state, const Invocation& invocation);
Plan plan_drop_older(const State& state, const Invocation& invocation);
Plan plan_change_password(const State& state, const Invocation& invocation);
Plan plan_rename_me(const State& state, const Invocation& invocation);
Plan plan_load_sessions(const State& state, const Invocation& invocation);
Plan plan_load_backups(const State& state, const Invocation& invocation);
Plan plan_copy_restore(const State& state, const Invocation& invocation);
Plan plan_start_backup(const State& state, const Invocation& invocation);
Plan plan_revoke_session(const State& state, const Invocation& invocation);
Plan plan_revoke_others(const State& state, const Invocation& invocation);
Plan plan_load_tokens(const State& state, const Invocation& invocation);
Plan plan_new_token(const State& state, const Invocation& invocation);
Plan plan_revoke_token(const State& state, const Invocation& invocation);
Plan plan_forget_token(const State& state, const Invocation& invocation);
Plan plan_copy_token(const State& state, const Invocation& invocation);
Plan plan_sync_now(const State& state, const Invocation& invocation);
Plan plan_reload(const State& state, const Invocation& invocation);
Plan plan_keep_mine(const State& state, const Invocation& invocation);
Plan plan_take_theirs(const State& state, const Invocation& invocation);
Plan plan_compare(const State& state, const Invocation& invocation);

// nouns: without an argument a dialog opens, which runs dialog.confirm
Plan plan_new_noun(const State& state, const Invocation& invocation, DialogKind kind);
Plan plan_edit_noun(const State& state, const Invocation& invocation, DialogKind kind);
Plan plan_delete_noun(const State& state, const Invocation& invocation);
Plan plan_project_status(const State& state, const Invocation& invocation, ProjectStatus status);
Plan plan_save_view(const State& state, const Invocation& invocation);
Plan plan_update_view(const State& state, const Invocation& invocation);
Plan plan_save_workflow(const State& state, const Invocation& invocation);
// What the open dialog's form saves. Refuses with the sentence that the dialog shows.
Plan plan_dialog_form(const State& state, const Dialog& dialog);

}  // namespace dits::web
