// Everything that changes goes through here: reduce, undo step, requests.
#include "web/commands/desk.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "shared/json/value.hpp"
#include "web/commands/request_for.hpp"
#include "web/store/inverse.hpp"
#include "web/store/reduce.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

constexpr int url_after_ms = 400;  // the address bar follows a typed query when the hand rests
constexpr int which_key_after_ms = 210;
constexpr int toast_leaves_after_ms = 6050;
constexpr std::size_t deepest_run = 8;

// Deleting these takes them off issues as well, and a workflow's statuses open and close issues: only the log
// knows how to put that back.
bool is_undone_by_log(const Change& change) {
  return change.visit([](const auto& one) {
    if constexpr (std::is_same_v<std::decay_t<decltype(one)>, WorkflowSaved>) {
      return one.before.has_value();
    } else if constexpr (requires { one.after.deleted_at; }) {
      return one.after.deleted_at.has_value();
    } else {
      return false;
    }
  });
}

// The inverse of each edit: the same fields as they were.
std::vector<IssueEdit> before_of(const std::vector<IssueEdit>& edits, const IssuesPatched& inverse) {
  std::unordered_map<IssueId, const IssueEdit*, IdHash> by_id;
  for (const IssueEdit& edit : inverse.edits) by_id[edit.id] = &edit;
  std::vector<IssueEdit> before;
  for (const IssueEdit& edit : edits) {
    const auto found = by_id.find(edit.id);
    before.push_back(found != by_id.end() ? *found->second : IssueEdit{edit.id, {}});
  }
  return before;
}

}  // namespace

Desk::Desk(Platform& platform) : gateway_(platform, state_, *this) {
  reduce_all(state_, {Change(gateway_.clock()), Change(gateway_.surroundings())});
}

void Desk::start() { gateway_.start(); }

void Desk::route_changed(const std::string& path_and_query) {
  Route route = parse_route(path_and_query);
  if (path_and_query == own_url_) {
    own_url_.clear();
    // A query that is still being typed is newer than the address.
    if (route.screen == state_.route.screen) route.query = state_.list.query_text;
    if (shows_calendar(route) && shows_calendar(state_.route)) route.day = state_.calendar.day;
  }
  change(Navigated{std::move(route)});
}

bool Desk::key_pressed(const Chord& chord) {
  change(gateway_.clock());
  KeyAnswer answer = answer_key(state_, chord);
  for (const Change& one : answer.changes) change(one);
  if (!state_.pending.keys.empty()) gateway_.wake_after(which_key_after_ms);
  if (answer.invocation) run(*answer.invocation);
  return answer.is_taken;
}

void Desk::leaving() { gateway_.leaving(); }

void Desk::begin_frame() {
  const Ticked now = gateway_.clock();
  const EnvironmentChanged around = gateway_.surroundings();
  reduce(state_, now);
  const bool is_other = around.system_is_dark != state_.system_is_dark ||
                        around.reduced_motion != state_.reduced_motion || around.is_mac != state_.is_mac;
  if (is_other) reduce(state_, around);
  gateway_.tick();
}

void Desk::apply(Outbox& outbox) {
  for (const Outbox::Item& item : outbox.take()) {
    if (const auto* invocation = std::get_if<Invocation>(&item)) {
      run(*invocation);
    } else {
      change(std::get<Change>(item));
    }
  }
}

void Desk::run(const Invocation& invocation) {
  const Command* command = find_command(invocation.command);
  if (command == nullptr) return;
  reduce(state_, gateway_.clock());  // fresh ids
  run_plan(command->plan(state_, invocation));
}

void Desk::run_plan(const Plan& plan) {
  if (!plan.complaint.empty()) return complain(plan.complaint);
  std::vector<Change> data;
  const Dialog dialog = state_.dialog;
  for (const Change& one : plan.changes) {
    if (is_data(one)) data.push_back(one);
  }
  if (!data.empty()) {
    const std::uint64_t token = next_token_++;
    UndoStep step;
    step.title = plan.title.empty() ? title_of(data.front(), state_) : plan.title;
    step.token = token;
    step.is_by_log = std::any_of(data.begin(), data.end(), is_undone_by_log);
    Written written = write(data, step.title, token);
    step.inverse = std::move(written.inverse);
    step.entities = std::move(written.entities);
    step.redo = data;
    const bool can_undo = !step.inverse.empty();
    const std::string title = step.title;
    if (can_undo) undo_.push(std::move(step));
    show_undo_toast(title, can_undo);
    publish_undo();
  }
  for (const Change& one : plan.changes) {
    if (!is_data(one)) change(one);
  }
  for (const Effect& effect : plan.effects) run_effect(effect);
  ++run_depth_;
  for (const Invocation& next : plan.then) {
    if (run_depth_ < deepest_run) run(next);
  }
  --run_depth_;
  if (plan.closes_dialog && state_.dialog.kind == dialog.kind && state_.dialog.command == dialog.command)
    change(DialogClosed{});
}

void Desk::change(const Change& one) {
  if (is_data(one)) {
    Plan plan;
    plan.changes.push_back(one);
    return run_plan(plan);
  }
  reduce(state_, one);
  gateway_.noted(one);
  const auto* look = one.get_if<AppearanceChanged>();
  if (look != nullptr && (look->theme || look->density || look->week_start)) save_preferences();
  follow();
}

Desk::Written Desk::write(const std::vector<Change>& changes, const std::string& title, std::uint64_t token) {
  Written written;
  for (const Change& one : changes) {
    std::optional<Change> inverse = inverse_of(one, state_);
    std::vector<Write> writes = request_for(one, state_);
    reduce(state_, one);
    gateway_.noted(one);
    const auto* back = inverse ? inverse->get_if<IssuesPatched>() : nullptr;
    for (Write& request : writes) {
      request.title = title;
      if (token != 0) request.undo_tokens = {token};
      if (inverse) request.rollback = {*inverse};
      if (back != nullptr) request.before = before_of(request.edits, *back);
      written.entities.push_back(request.entity_id);
      for (const IssueId id : request.issues) written.entities.push_back(id.uuid);
      gateway_.enqueue(std::move(request));
    }
    if (inverse) written.inverse.insert(written.inverse.begin(), std::move(*inverse));
  }
  follow();
  return written;
}

void Desk::undo_last() {
  std::optional<UndoStep> step = undo_.take_undo();
  if (!step) return;
  const bool is_known_by_log = !step->change_ids.empty();
  if (step->inverse.empty() || (step->is_by_log && is_known_by_log)) {
    // Shown at once where it is known how; the log does the rest.
    std::vector<Change> rollback;
    for (const Change& one : step->inverse) {
      if (std::optional<Change> back = inverse_of(one, state_)) rollback.insert(rollback.begin(), *back);
      reduce(state_, one);
    }
    follow();
    gateway_.undo_of_log(step->change_ids, step->title, std::move(rollback));
  } else {
    for (Change& one : step->inverse) {
      if (auto* patched = one.edit_if<IssuesPatched>()) patched->at = state_.now;
    }
    write(step->inverse, "Undo " + step->title, 0);
    undo_.push_redo(*step);
  }
  // The toast that offered it has nothing to offer any more.
  const auto offers = [&](const Toast& shown) {
    return shown.action_command == "edit.undo" && shown.text.starts_with(told(step->title));
  };
  const auto offer = std::find_if(state_.toasts.rbegin(), state_.toasts.rend(), offers);
  if (offer != state_.toasts.rend()) change(ToastDismissed{offer->id});
  Toast toast;
  toast.text = "Undone: " + step->title;
  if (state_.sync.phase == SyncPhase::offline) toast.text += ", waiting to sync";
  change(ToastShown{std::move(toast)});
  publish_undo();
}

void Desk::redo_last() {
  std::optional<UndoStep> step = undo_.take_redo();
  if (!step) return;
  step->token = next_token_++;
  step->change_ids.clear();
  for (Change& one : step->redo) {
    if (auto* patched = one.edit_if<IssuesPatched>()) patched->at = state_.now;
    // What was created is in the trash now: it comes back instead of being made twice.
    if (const auto* created = one.get_if<IssueCreated>())
      one = IssuesRestored{{created->issue.id}, state_.now};
  }
  step->inverse = write(step->redo, step->title, step->token).inverse;
  Toast toast;
  toast.text = "Done again: " + step->title;
  undo_.push_undo_again(std::move(*step));
  change(ToastShown{std::move(toast)});
  publish_undo();
}

void Desk::settle_conflict(IssueId id, bool keeps_mine) {
  const auto found = std::find_if(state_.conflicts.begin(),
                                  state_.conflicts.end(),
                                  [&](const Conflict& conflict) { return conflict.issue_id == id; });
  if (found == state_.conflicts.end()) return;
  const IssuePatch mine = found->mine;
  change(ConflictSettled{id});
  const Change again = IssuesPatched{{{id, mine}}, state_.now};
  if (keeps_mine) return change(again);
  // No word is lost by choosing: what was not taken can be had back.
  const std::optional<Change> theirs = inverse_of(again, state_);
  if (!theirs) return;
  UndoStep step;
  step.title = "Take theirs";
  step.token = next_token_++;
  step.inverse = {again};
  step.redo = {*theirs};
  step.entities = {id.uuid};
  undo_.push(std::move(step));
  show_undo_toast("Take theirs", true);
  publish_undo();
}

void Desk::run_effect(const Effect& effect) {
  if (const auto* go = std::get_if<GoTo>(&effect)) {
    // Another month is a place of its own: the entry of the one that is left stays as it is.
    if (!shows_calendar(go->route) || !shows_calendar(state_.route)) write_address();
    gateway_.go_to(format_route(go->route), go->replaces);
  } else if (std::holds_alternative<GoBack>(effect)) {
    gateway_.go_back();
  } else if (const auto* copy = std::get_if<CopyText>(&effect)) {
    gateway_.copy_text(copy->text);
  } else if (const auto* write = std::get_if<WriteInPlace>(&effect)) {
    gateway_.write_in_place(write->before, write->written, write->back);
  } else if (const auto* typed = std::get_if<TypeStroke>(&effect)) {
    gateway_.type_stroke(typed->stroke);
  } else if (const auto* open = std::get_if<OpenUrl>(&effect)) {
    gateway_.open_url(open->url);
  } else if (const auto* save = std::get_if<SaveUrl>(&effect)) {
    gateway_.save_url(save->url, save->name);
  } else if (const auto* file = std::get_if<SaveText>(&effect)) {
    gateway_.save_text(file->name, file->type, file->text);
  } else if (std::holds_alternative<PickFiles>(effect)) {
    gateway_.pick_files();
  } else if (std::holds_alternative<UndoLast>(effect)) {
    undo_last();
  } else if (std::holds_alternative<RedoLast>(effect)) {
    redo_last();
  } else if (const auto* undo = std::get_if<UndoOfLog>(&effect)) {
    gateway_.undo_of_log({undo->change_id}, "", {});
  } else if (const auto* sign_in = std::get_if<SignIn>(&effect)) {
    gateway_.sign_in(sign_in->who);
  } else if (const auto* first = std::get_if<MakeFirstAccount>(&effect)) {
    gateway_.make_first_account(first->who, first->setup_token);
  } else if (const auto* out = std::get_if<SignOut>(&effect)) {
    gateway_.sign_out(out->is_confirmed);
  } else if (std::holds_alternative<SendOlderWords>(effect)) {
    gateway_.send_older_words();
  } else if (std::holds_alternative<DropOlderWords>(effect)) {
    gateway_.drop_older_words();
  } else if (const auto* password = std::get_if<ChangePassword>(&effect)) {
    gateway_.change_password(password->password);
  } else if (std::holds_alternative<LoadSessions>(effect)) {
    gateway_.load_sessions();
  } else if (const auto* session = std::get_if<RevokeSession>(&effect)) {
    gateway_.revoke_session(session->id);
  } else if (std::holds_alternative<RevokeOtherSessions>(effect)) {
    gateway_.revoke_other_sessions();
  } else if (std::holds_alternative<LoadBackups>(effect)) {
    gateway_.load_backups();
  } else if (std::holds_alternative<StartBackup>(effect)) {
    gateway_.start_backup();
  } else if (std::holds_alternative<LoadTokens>(effect)) {
    gateway_.load_tokens();
  } else if (const auto* token = std::get_if<MakeToken>(&effect)) {
    gateway_.make_token(token->token);
  } else if (const auto* revoked = std::get_if<RevokeToken>(&effect)) {
    gateway_.revoke_token(revoked->id);
  } else if (std::holds_alternative<SyncNow>(effect)) {
    gateway_.sync_now();
  } else if (std::holds_alternative<LoadVersion>(effect)) {
    gateway_.load_version();
  } else if (const auto* mine = std::get_if<KeepMine>(&effect)) {
    settle_conflict(mine->id, true);
  } else if (const auto* theirs = std::get_if<TakeTheirs>(&effect)) {
    settle_conflict(theirs->id, false);
  } else if (const auto* call = std::get_if<StudioCall>(&effect)) {
    gateway_.call_studio(*call);
  }
}

void Desk::arrived(const std::vector<Change>& changes) {
  const UserId before = state_.session.me.id;
  const std::string log = state_.sync.log;
  reduce_all(state_, changes);
  for (const Change& one : changes) {
    gateway_.noted(one);
    // A snapshot holds nothing of the trash: what is open there is asked for again.
    if (one.is<SnapshotEnded>()) loaded_screen_ = Screen::not_found;
  }
  // Another account's steps are not ours to undo, and in another log their numbers are those of other
  // changes.
  const bool is_other_account = before.is_set() && state_.session.me.id != before;
  const bool is_other_log = !log.empty() && !state_.sync.log.empty() && state_.sync.log != log;
  if (is_other_account || is_other_log) {
    undo_.clear();
    publish_undo();
  }
  follow();
}

void Desk::confirmed(std::uint64_t undo_token, std::int64_t change_id) {
  undo_.confirm(undo_token, change_id);
  publish_undo();
}

void Desk::refused(const std::vector<std::uint64_t>& undo_tokens) {
  for (const std::uint64_t token : undo_tokens) undo_.forget(token);
  publish_undo();
}

void Desk::found_undo(const std::string& text) {
  if (const Result<UndoStack> kept = UndoStack::from_text(text)) undo_.merge(*kept);
  publish_undo();
}

void Desk::gone_for_ever(const Uuid& id) {
  undo_.forget_entity(id);
  publish_undo();
}

void Desk::undo_refused(const std::string& title, const std::vector<std::int64_t>& change_ids) {
  UndoStep step;
  step.title = title;
  step.change_ids = change_ids;
  undo_.push_undo_again(std::move(step));
  publish_undo();
}

void Desk::publish_undo() {
  const UndoStackChanged depth{static_cast<std::uint32_t>(undo_.undo_depth()),
                               static_cast<std::uint32_t>(undo_.redo_depth()),
                               undo_.undo_title()};
  reduce(state_, depth);
  gateway_.keep_undo(undo_.to_text());
}

// Theme, density and the first day of the week belong to the account, so that another device looks the same.
void Desk::save_preferences() {
  if (state_.session.phase != SessionPhase::signed_in) return;
  Json preferences = json_from_stored(state_.session.me.preferences);
  if (!preferences.is_object()) preferences = Json::object();
  preferences["theme"] = state_.theme == ThemeChoice::dark    ? "dark"
                         : state_.theme == ThemeChoice::light ? "light"
                                                              : "system";
  preferences["density"] = state_.density == Density::compact ? "compact" : "comfortable";
  preferences["weekStart"] = state_.week_start == 6   ? "sunday"
                             : state_.week_start == 5 ? "saturday"
                                                      : "monday";
  ProfileSaved saved{state_.session.me, state_.session.me};
  saved.after.preferences = dump(preferences);
  if (saved.after.preferences != saved.before.preferences) write({saved}, "Appearance", 0);
}

void Desk::complain(const std::string& sentence) {
  if (state_.palette.is_open) {
    PaletteState palette = state_.palette;
    palette.error = sentence;
    return change(PaletteChanged{std::move(palette)});
  }
  change(KeysPending{{{}, state_.now, sentence}});
  change(Announced{sentence});
}

void Desk::show_undo_toast(const std::string& title, bool can_undo) {
  Toast toast;
  toast.kind = ToastKind::success;
  toast.text = told(title);
  if (state_.sync.phase == SyncPhase::offline) toast.text += ", waiting to sync";
  if (can_undo) {
    toast.action_label = "Undo";
    toast.action_command = "edit.undo";
    toast.undo_depth = static_cast<std::uint32_t>(undo_.undo_depth());
  }
  change(ToastShown{std::move(toast)});
}

void Desk::follow() {
  if (seen_toasts_ != state_.next_toast_id) {
    seen_toasts_ = state_.next_toast_id;
    gateway_.wake_after(toast_leaves_after_ms);
  }
  if (state_.route.makes_issue) open_new_issue();
  gateway_.look_at(state_.open_issue);
  if (!state_.list.texts.empty()) gateway_.find_texts(state_.list.texts);
  if (state_.route.screen != loaded_screen_ && state_.sync.phase == SyncPhase::synced) {
    loaded_screen_ = state_.route.screen;
    if (loaded_screen_ == Screen::trash) gateway_.load_trash();
  }
  if (state_.route.screen == Screen::studio) gateway_.open_studio(state_.route);
  if (!address_lags() || url_is_due_) return;
  url_is_due_ = true;
  gateway_.call_after(url_after_ms, [this] {
    url_is_due_ = false;
    write_address();
  });
}

}  // namespace dits::web
