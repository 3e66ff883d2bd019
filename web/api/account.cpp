// Who is signed in, and what an account can do with itself.
#include <algorithm>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/account_json.hpp"
#include "shared/json/backup_json.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/user_json.hpp"
#include "web/api/gateway.hpp"
#include "web/api/kept_names.hpp"

namespace dits::web {

namespace {

// What tabs tell each other, before the id of the account.
constexpr std::string_view signed_in_word = "signed-in ";
constexpr std::string_view signed_out_word = "signed-out ";

constexpr int slow_answer_ms = 3000;

Result<User> user_in(std::string_view body) {
  const Json json = TRY(parse_json(body));
  if (!json.is_object()) return invalid("user", "Is not an object");
  const auto inner = json.find("user");
  return user_from_json(inner != json.end() ? *inner : json);
}

SessionRow session_from_json(const Json& json) {
  FieldReader reader(json);
  SessionRow row;
  reader.read("id", row.id);
  reader.read("userAgent", row.device);
  reader.read("ipAddress", row.address);
  reader.read("createdAt", row.created_at);
  reader.read("lastSeenAt", row.last_seen_at);
  reader.read("isCurrent", row.is_current);
  return row;
}

Result<BackupOverview> backups_in(const Answer& answer) {
  if (!answer.is_ok()) return *answer.error;
  return backup_overview_from_json(TRY(parse_json(answer.body)));
}

BackupsView backups_view(Result<BackupOverview> overview) {
  if (!overview) return {true, overview.error().message, {}};
  return {true, {}, std::move(overview).value()};
}

TokenRow token_row_from_json(const Json& json) {
  FieldReader reader(json);
  TokenRow row;
  reader.read("id", row.id);
  reader.read("name", row.name);
  reader.read("scope", row.scope);
  reader.read("prefix", row.prefix);
  reader.read("createdAt", row.created_at);
  reader.read("expiresAt", row.expires_at);
  reader.read("lastUsedAt", row.last_used_at);
  return row;
}

}  // namespace

void Gateway::ask_who() {
  wait_for_who();
  client_.send({"GET", std::string(paths::auth_me)}, [this](const Answer& answer) {
    platform_.call_off(who_timer_);
    who_is_late_ = false;
    if (copy_is_in_) return hear_who(answer);
    early_who_ = answer;
    show_early();
  });
}

// Once the server has said that the copy is whose it says, it is shown while the rest of it is read.
void Gateway::show_early() {
  if (!early_who_ || !early_who_->is_ok() || state_.entities.issues.empty()) return;
  const Result<User> me = user_in(early_who_->body);
  if (me && me->id == cached_me_.id && state_.session.phase == SessionPhase::starting)
    arrive({SignedIn{*me}});
}

void Gateway::hear_who(const Answer& answer) {
  if (answer.is_ok()) {
    const Result<User> me = user_in(answer.body);
    if (!me) return;
    signed_in(*me);
    keep_time_zone(*me);
    return;
  }
  if (answer.status == 401 || answer.status == 403) {
    who_is_known_ = true;
    close_copy();
    if (state_.route.screen == Screen::setup) {
      check_setup_link();
    } else {
      arrive({SessionLost{}});
    }
    return;
  }
  // Not reached: what the browser keeps can be worked on, if it knows whose it is.
  if (may_go_on_alone()) {
    if (state_.session.phase != SessionPhase::signed_in)
      arrive({SignedIn{cached_me_}, SnapshotEnded{state_.sync.change_id}});
    open_words(cached_me_, state_.sync.log, [this] { went_offline(); });
  } else {
    arrive({SyncChanged{SyncPhase::failed, answer.error->message}});
    platform_.call_after(3000, [this] { ask_who(); });
  }
}

// A server that accepts connections and answers nothing is as good as none.
void Gateway::wait_for_who() {
  platform_.call_off(who_timer_);
  who_timer_ = platform_.call_after(slow_answer_ms, [this] {
    who_is_late_ = true;
    if (copy_is_in_) go_on_alone();
  });
}

// What the browser keeps is shown; the answer that is still to come says the rest.
void Gateway::go_on_alone() {
  if (!may_go_on_alone() || state_.session.phase != SessionPhase::starting) return;
  arrive({SignedIn{cached_me_}, SnapshotEnded{state_.sync.change_id}, SyncChanged{SyncPhase::offline, ""}});
  open_words(cached_me_, state_.sync.log, [] {});
}

void Gateway::close_copy() {
  if (!cached_me_.id.is_set()) return;
  copy_is_closed_ = true;
  // A store that is full takes no mark, but lets go of what it has.
  platform_.storage_put(std::string(closed_key), "1", [this](const Result<void>& put) {
    if (!put) platform_.storage_remove_all(std::string(cache_prefix), [](Result<void>) {});
  });
}

void Gateway::open_copy() {
  copy_is_closed_ = false;
  platform_.storage_remove(std::string(closed_key), [](Result<void>) {});
}

void Gateway::signed_in(const User& me) {
  open_copy();
  const bool is_other = cached_me_.id.is_set() && cached_me_.id != me.id;
  who_is_known_ = true;
  log_is_sure_ = false;
  if (is_other) {
    close_stream();
    ++load_ticket_;
    is_synced_once_ = false;
    set_words_aside();
    forget_sending();
    queue_.clear();
    tells_of_others_ = true;
    platform_.storage_remove_all(std::string(cache_prefix), [](Result<void>) {});
  }
  cached_me_ = me;
  arrive({SignedIn{me}});
  platform_.tell_tabs(std::string(signed_in_word) + to_string(me.id));
  offline_tries_ = 0;
  // Without a copy the snapshot tells which log it is.
  if (state_.sync.change_id == 0) return begin_sync();
  open_words(me, state_.sync.log, [this] { begin_sync(); });
}

// What scripts ask for with `due:today` is told by the account's zone: the first browser says which it is.
void Gateway::keep_time_zone(const User& me) {
  const std::string& zone = platform_.environment().time_zone;
  if (zone.empty() || !time_zone_from_preferences(me.preferences).empty()) return;
  UserPatch patch;
  patch.preferences = preferences_with_time_zone(me.preferences, zone);
  client_.send({"PATCH", std::string(paths::auth_me), dump(user_patch_to_json(patch)), new_key()},
               [](const Answer&) {});
}

void Gateway::session_lost() {
  close_stream();
  forget_sending();
  if (state_.session.phase != SessionPhase::signed_in) return;
  close_copy();
  arrive({SessionLost{}});
  toast(ToastKind::warning, "You were signed out. What you wrote is kept; sign in to go on");
}

void Gateway::check_setup_link() {
  client_.send({"GET", paths::path_with(paths::auth_setup, {state_.route.token})},
               [this](const Answer& answer) {
                 if (answer.is_ok()) {
                   arrive({SetupNeeded{}});
                   return;
                 }
                 arrive({SessionLost{}});
                 toast(ToastKind::error,
                       "This link is not valid any more. Sign in, or start the server again for a new one");
                 platform_.navigate("/login", Platform::History::replace);
               });
}

void Gateway::answer_form(FormKind form, const Answer& answer) { arrive({FormAnswered{form, answer.error}}); }

void Gateway::sign_in(const Credentials& who) {
  const Json body = login_to_json({who.email, who.password});
  client_.send({"POST", std::string(paths::auth_login), dump(body)}, [this](const Answer& answer) {
    answer_form(FormKind::login, answer);
    if (!answer.is_ok()) return;
    const Result<User> me = user_in(answer.body);
    if (!me) return;
    tells_of_others_ = true;
    signed_in(*me);
    keep_time_zone(*me);
    if (is_public(state_.route.screen)) platform_.navigate("/today", Platform::History::replace);
  });
}

void Gateway::make_first_account(const Credentials& who, const std::string& setup_token) {
  const Json body = register_to_json({setup_token, who.email, who.name, who.password});
  client_.send({"POST", std::string(paths::auth_register), dump(body), new_key()},
               [this](const Answer& answer) {
                 answer_form(FormKind::setup, answer);
                 if (!answer.is_ok()) return;
                 const Result<User> me = user_in(answer.body);
                 if (!me) return;
                 tells_of_others_ = true;
                 signed_in(*me);
                 keep_time_zone(*me);
                 platform_.navigate("/inbox", Platform::History::replace);
               });
}

void Gateway::sign_out(bool is_confirmed) {
  if (is_confirmed || !owner_.id.is_set()) return send_sign_out();
  save_texts();
  // In the storage are the words of all tabs.
  platform_.storage_list(words(""), [this](const Platform::StoredEntries& entries) {
    KeptWords unsent;
    for (const auto& [key, text] : entries) count_words(unsent, kept_name(key), text);
    unsent.changes = std::max(unsent.changes, static_cast<int>(state_.sync.waiting));
    if (unsent.is_empty()) return send_sign_out();
    const bool is_stored = platform_.storage_is_durable() && !storage_has_failed_;
    Dialog dialog;
    dialog.kind = DialogKind::confirm;
    dialog.title = is_stored ? "Sign out with " + told(unsent) + " not sent?"
                             : "Sign out and lose " + told(unsent) + "?";
    dialog.text = is_stored ? "What is not sent stays in this browser, for you alone, until you sign in here "
                              "again. Whoever can "
                              "read the files of this browser can read it."
                            : "This browser cannot store it: signing out forgets it.";
    dialog.confirm_label = "Sign out";
    dialog.command = "session.sign_out";
    dialog.is_danger = true;
    arrive({DialogChanged{std::move(dialog)}});
  });
}

// Whoever was signed out already is signed out now; every other answer leaves the session as it was.
void Gateway::send_sign_out() {
  client_.send({"POST", std::string(paths::auth_logout)}, [this](const Answer& answer) {
    if (answer.is_offline()) {
      toast(ToastKind::error, "Signing out needs the server, which cannot be reached");
      return;
    }
    if (!answer.is_ok() && answer.status != 401) {
      toast(ToastKind::error, "You are still signed in. " + answer.error->message);
      return;
    }
    platform_.tell_tabs(std::string(signed_out_word) + to_string(state_.session.me.id));
    leave_account();
  });
}

// The browser keeps of the account what it has written and not sent, and nothing else.
void Gateway::leave_account() {
  const User me = state_.session.me;
  close_stream();
  ++load_ticket_;
  early_who_.reset();
  set_words_aside();
  forget_sending();
  queue_.clear();
  cached_me_ = {};
  is_synced_once_ = false;
  arrive({SignedOut{}});
  forget_account_records(me);
  platform_.navigate("/login", Platform::History::replace);
}

void Gateway::forget_account_records(const User& me) {
  const std::string prefix = account_prefix(me.id);
  platform_.storage_remove_all(std::string(cache_prefix), [](Result<void>) {});
  platform_.storage_remove_all(prefix + "undo:", [](Result<void>) {});
  platform_.storage_remove(prefix + "view", [](Result<void>) {});
  platform_.storage_list(prefix, [this, prefix, email = me.email](const Platform::StoredEntries& entries) {
    KeptWords unsent;
    for (const auto& [key, text] : entries) {
      KeptWords one;
      const KeptName name = kept_name(key);
      count_words(one, name, text);
      count_words(unsent, name, text);
      if (one.is_empty() && name.kind != "name") platform_.storage_remove(key, [](Result<void>) {});
    }
    if (unsent.is_empty()) {
      platform_.storage_remove(prefix + "name", [](Result<void>) {});
    } else {
      platform_.storage_put(prefix + "name", email, [](Result<void>) {});
    }
  });
}

// Another tab has signed in or out; the cookie is ours as well.
void Gateway::hear_tab(const std::string& text) {
  const UserId me = state_.session.me.id;
  if (text == std::string(signed_out_word) + to_string(me) && me.is_set()) return leave_account();
  if (!text.starts_with(signed_in_word)) return;
  const bool is_same = text.substr(signed_in_word.size()) == to_string(me);
  if (is_same && state_.session.phase == SessionPhase::signed_in) return;
  if (state_.session.phase == SessionPhase::starting) return;
  who_is_known_ = false;  // nothing is sent until it is
  ask_who();
}

void Gateway::change_password(const PasswordChange& password) {
  const Json body = password_change_to_json({password.current, password.next});
  client_.send({"POST", std::string(paths::auth_password), dump(body), new_key()},
               [this](const Answer& answer) {
                 answer_form(FormKind::password, answer);
                 if (answer.is_ok())
                   toast(ToastKind::success, "Password changed; other devices are signed out");
               });
}

void Gateway::load_sessions() {
  client_.send({"GET", std::string(paths::auth_sessions)}, [this](const Answer& answer) {
    if (!answer.is_ok()) return;
    SessionsArrived arrived;
    for (const Json& item : items_of(answer.body)) arrived.sessions.push_back(session_from_json(item));
    arrive({std::move(arrived)});
  });
}

void Gateway::load_backups() {
  client_.send({"GET", std::string(paths::admin_backups)},
               [this](const Answer& answer) { arrive({BackupsArrived{backups_view(backups_in(answer))}}); });
}

void Gateway::start_backup() {
  client_.send({"POST", std::string(paths::admin_backups), "{}", new_key()}, [this](const Answer& answer) {
    Result<BackupOverview> overview = backups_in(answer);
    if (!overview) return toast(ToastKind::error, overview.error().message);
    const bool is_good = overview->last_problem.empty();
    toast(is_good ? ToastKind::success : ToastKind::error,
          overview->is_running ? std::string("A backup is being written")
          : is_good            ? std::string("Backed up, and checked by reading it back")
                               : "The backup failed: " + overview->last_problem);
    arrive({BackupsArrived{backups_view(std::move(overview))}});
  });
}

void Gateway::revoke_session(SessionId id) {
  client_.send({"DELETE", paths::path_with(paths::auth_session, id)}, [this](const Answer& answer) {
    if (!answer.is_ok()) toast(ToastKind::error, answer.error->message);
    load_sessions();
  });
}

void Gateway::revoke_other_sessions() {
  client_.send({"DELETE", std::string(paths::auth_sessions)}, [this](const Answer& answer) {
    toast(answer.is_ok() ? ToastKind::success : ToastKind::error,
          answer.is_ok() ? "All other devices are signed out" : answer.error->message);
    load_sessions();
  });
}

void Gateway::load_tokens() {
  client_.send({"GET", std::string(paths::auth_tokens)}, [this](const Answer& answer) {
    if (!answer.is_ok()) return;
    TokensArrived arrived;
    for (const Json& item : items_of(answer.body)) arrived.tokens.push_back(token_row_from_json(item));
    arrive({std::move(arrived)});
  });
}

void Gateway::make_token(const TokenRequest& token) {
  TokenBody body;
  body.name = token.name;
  body.scope = token.scope == "admin"  ? TokenScope::admin
               : token.scope == "read" ? TokenScope::read
                                       : TokenScope::write;
  if (token.days > 0) body.expires_at = Timestamp{platform_.now().unix_ms + token.days * ms_per_day};
  client_.send({"POST", std::string(paths::auth_tokens), dump(token_to_json(body)), new_key()},
               [this](const Answer& answer) {
                 answer_form(FormKind::token, answer);
                 if (!answer.is_ok()) {
                   toast(ToastKind::error, answer.error->message);
                   return;
                 }
                 const Result<Json> json = parse_json(answer.body);
                 std::string secret;
                 if (json) FieldReader(*json).read("token", secret);
                 arrive({TokenMade{secret}});
                 load_tokens();
               });
}

void Gateway::revoke_token(ApiTokenId id) {
  client_.send({"DELETE", paths::path_with(paths::auth_token, id)}, [this](const Answer& answer) {
    if (!answer.is_ok()) toast(ToastKind::error, answer.error->message);
    load_tokens();
  });
}

}  // namespace dits::web
