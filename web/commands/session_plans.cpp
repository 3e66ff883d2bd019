// The account: signing in and out, sessions, tokens, conflicts.
#include "web/commands/session_plans.hpp"

#include <utility>

#include "web/store/studio.hpp"

namespace dits::web {

namespace {

Plan effect(Effect one) {
  Plan plan;
  plan.effects.push_back(std::move(one));
  return plan;
}

Plan effect_with_form(FormKind form, Effect one) {
  Plan plan = effect(std::move(one));
  plan.changes.emplace_back(FormSent{form});
  return plan;
}

Plan refuse_form(FormKind form, Error error) {
  Plan plan;
  plan.changes.emplace_back(FormAnswered{form, std::move(error)});
  return plan;
}

// Of the toast's buttons, which know the issue by its id.
IssueId conflict_issue(const State& state, const Invocation& invocation) {
  if (const auto* id = argument_as<IssueId>(invocation)) return *id;
  return state.conflicts.empty() ? IssueId{} : state.conflicts.back().issue_id;
}

}  // namespace

Plan plan_sign_in(const State& state, const Invocation& invocation) {
  const auto* who = argument_as<Credentials>(invocation);
  if (who == nullptr) return go_to(route_to(Screen::login));
  if (state.session.login.is_sending) return {};
  if (who->email.empty())
    return refuse_form(FormKind::login, invalid("email", "Your e-mail address is missing"));
  if (who->password.empty())
    return refuse_form(FormKind::login, invalid("password", "Your password is missing"));
  return effect_with_form(FormKind::login, SignIn{*who});
}

Plan plan_set_up(const State& state, const Invocation& invocation) {
  const auto* who = argument_as<Credentials>(invocation);
  if (who == nullptr || state.session.setup.is_sending) return {};
  if (const auto valid = validate_user_name(who->name); !valid)
    return refuse_form(FormKind::setup, valid.error());
  if (const auto valid = validate_email(who->email); !valid)
    return refuse_form(FormKind::setup, valid.error());
  if (const auto valid = validate_password(who->password); !valid)
    return refuse_form(FormKind::setup, valid.error());
  return effect_with_form(FormKind::setup, MakeFirstAccount{*who, state.route.token});
}

Plan plan_sign_out(const State&, const Invocation& invocation) {
  const auto* confirmed = argument_as<std::string>(invocation);
  return effect(SignOut{confirmed != nullptr && *confirmed == "confirmed"});
}

Plan plan_send_older(const State&, const Invocation&) { return effect(SendOlderWords{}); }

Plan plan_drop_older(const State&, const Invocation& invocation) {
  const auto* confirmed = argument_as<std::string>(invocation);
  if (confirmed != nullptr && *confirmed == "confirmed") return effect(DropOlderWords{});
  Dialog dialog;
  dialog.kind = DialogKind::confirm;
  dialog.title = "Drop what was made before the server's data was replaced?";
  dialog.text = "It was never sent, and is in this browser alone.";
  dialog.confirm_label = "Drop";
  dialog.command = "words.drop_older";
  dialog.is_danger = true;
  return change_view(DialogChanged{std::move(dialog)});
}

Plan plan_change_password(const State& state, const Invocation& invocation) {
  const auto* password = argument_as<PasswordChange>(invocation);
  if (password == nullptr || state.session.password.is_sending) return {};
  if (const auto valid = validate_password(password->next); !valid) {
    return refuse_form(FormKind::password, invalid("newPassword", valid.error().message));
  }
  return effect_with_form(FormKind::password, ChangePassword{*password});
}

Plan plan_rename_me(const State& state, const Invocation& invocation) {
  const auto* name = argument_as<std::string>(invocation);
  if (name == nullptr) return refuse("What is your name?");
  if (const auto valid = validate_user_name(*name); !valid) return refuse(valid.error().message);
  if (*name == state.session.me.name) return {};
  ProfileSaved saved{state.session.me, state.session.me};
  saved.after.name = *name;
  Plan plan = change_view(std::move(saved));
  plan.title = "Edit name";
  return plan;
}

Plan plan_load_sessions(const State&, const Invocation&) { return effect(LoadSessions{}); }
Plan plan_load_backups(const State&, const Invocation&) { return effect(LoadBackups{}); }
Plan plan_start_backup(const State& state, const Invocation&) {
  if (state.session.me.role != Role::admin) return refuse("Only an administrator can write a backup");
  return effect(StartBackup{});
}
Plan plan_revoke_others(const State&, const Invocation&) { return effect(RevokeOtherSessions{}); }
Plan plan_load_tokens(const State&, const Invocation&) { return effect(LoadTokens{}); }
Plan plan_forget_token(const State&, const Invocation&) { return change_view(TokenMade{}); }
Plan plan_sync_now(const State&, const Invocation&) { return effect(SyncNow{}); }

// Not over words that nobody has saved, nor over files that are on their way.
Plan plan_reload(const State& state, const Invocation&) {
  const QuickCreate& form = state.quick_create;
  const bool is_editing = state.editor.kind != EditorKind::none && state.editor.text != state.editor.base;
  const bool is_creating = form.is_open && (!form.title.empty() || !form.description.empty());
  const bool is_in_cell = state.studio && studio_of(state).is_editing;
  if (!state.session.new_token.empty())
    return change_view(VersionOffered{"Copy the new token first: it is shown only this once"});
  if (is_editing || is_creating || is_in_cell || state.dialog.kind != DialogKind::none)
    return change_view(VersionOffered{"Save or discard what you write, then reload into the new version"});
  if (state.uploads > 0 || state.transfer.is_running)
    return change_view(VersionOffered{"Files are on their way to the server: reload when they are there"});
  return effect(LoadVersion{});
}

Plan plan_revoke_session(const State&, const Invocation& invocation) {
  const auto* id = argument_as<SessionId>(invocation);
  return id != nullptr ? effect(RevokeSession{*id}) : refuse("Which session?");
}

Plan plan_new_token(const State& state, const Invocation& invocation) {
  const auto* token = argument_as<TokenRequest>(invocation);
  if (token == nullptr) {
    Dialog dialog;
    dialog.kind = DialogKind::new_token;
    dialog.title = "New API token";
    dialog.confirm_label = "Make token";
    dialog.second = "write";
    return change_view(DialogChanged{std::move(dialog)});
  }
  if (state.session.token.is_sending) return {};
  return effect_with_form(FormKind::token, MakeToken{*token});
}

Plan plan_revoke_token(const State& state, const Invocation& invocation) {
  if (const auto* id = argument_as<ApiTokenId>(invocation)) {
    for (const TokenRow& token : state.session.tokens) {
      if (token.id != *id) continue;
      Dialog dialog;
      dialog.kind = DialogKind::confirm;
      dialog.title = "Revoke “" + token.name + "”?";
      dialog.text = "Programs that use it are refused from then on.";
      dialog.confirm_label = "Revoke token";
      dialog.command = "token.revoke";
      dialog.entity_id = id->uuid;
      dialog.is_danger = true;
      return change_view(DialogChanged{std::move(dialog)});
    }
    return refuse("That token is gone");
  }
  const auto* confirmed = argument_as<std::string>(invocation);
  if (confirmed == nullptr || *confirmed != "confirmed") return refuse("Which token?");
  return effect(RevokeToken{ApiTokenId{state.dialog.entity_id}});
}

Plan plan_copy_token(const State& state, const Invocation&) {
  if (state.session.new_token.empty()) return refuse("There is no new token to copy");
  Plan plan = effect(CopyText{state.session.new_token});
  Toast toast;
  toast.text = "Token copied";
  plan.changes.emplace_back(ToastShown{std::move(toast)});
  return plan;
}

Plan plan_copy_restore(const State&, const Invocation& invocation) {
  const auto* file = argument_as<std::string>(invocation);
  if (file == nullptr) return refuse("Which backup?");
  Plan plan = effect(CopyText{"dits restore " + *file});
  Toast toast;
  toast.text = "Command copied: run it on the server";
  plan.changes.emplace_back(ToastShown{std::move(toast)});
  return plan;
}

Plan plan_keep_mine(const State& state, const Invocation& invocation) {
  return effect(KeepMine{conflict_issue(state, invocation)});
}

Plan plan_take_theirs(const State& state, const Invocation& invocation) {
  return effect(TakeTheirs{conflict_issue(state, invocation)});
}

Plan plan_compare(const State& state, const Invocation& invocation) {
  const IssueId id = conflict_issue(state, invocation);
  if (!id.is_set()) return refuse("There is no conflict");
  Dialog dialog;
  dialog.kind = DialogKind::compare_conflict;
  dialog.title = "Changed in two places";
  dialog.entity_id = id.uuid;
  return change_view(DialogChanged{std::move(dialog)});
}

}  // namespace dits::web
