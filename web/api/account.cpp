// Who is signed in, and what an account can do with itself.
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/account_json.hpp"
#include "shared/json/backup_json.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/user_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

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
  client_.send({"GET", std::string(paths::auth_me)}, [this](const Answer& answer) { hear_who(answer); });
}

void Gateway::hear_who(const Answer& answer) {
  if (answer.is_ok()) {
    if (const Result<User> me = user_in(answer.body)) signed_in(*me);
    return;
  }
  if (answer.status == 401 || answer.status == 403) {
    who_is_known_ = true;
    if (state_.route.screen == Screen::setup) {
      check_setup_link();
    } else {
      arrive({SessionLost{}});
    }
    return;
  }
  // Not reached: what the browser keeps can be worked on, if it knows whose it is.
  if (cached_me_.id.is_set()) {
    if (state_.session.phase != SessionPhase::signed_in)
      arrive({SignedIn{cached_me_}, SnapshotEnded{state_.sync.change_id}});
    went_offline();
  } else {
    arrive({SyncChanged{SyncPhase::failed, answer.error->message}});
    platform_.call_after(3000, [this] { ask_who(); });
  }
}

void Gateway::signed_in(const User& me) {
  const bool is_other = cached_me_.id.is_set() && cached_me_.id != me.id;
  who_is_known_ = true;
  if (is_other) {
    close_stream();
    is_synced_once_ = false;
    forget_sending();
    queue_.clear();
    kept_conflicts_.clear();
    awaited_.clear();
    forget_storage();
  }
  cached_me_ = me;
  arrive({SignedIn{me}});
  for (Conflict& conflict : std::exchange(kept_conflicts_, {})) arrive({ConflictFound{std::move(conflict)}});
  offline_tries_ = 0;
  begin_sync();
}

void Gateway::session_lost() {
  close_stream();
  forget_sending();
  if (state_.session.phase != SessionPhase::signed_in) return;
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
    signed_in(*me);
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
                 signed_in(*me);
                 platform_.navigate("/inbox", Platform::History::replace);
               });
}

void Gateway::sign_out() {
  client_.send({"POST", std::string(paths::auth_logout)}, [this](const Answer& answer) {
    if (answer.is_offline()) {
      toast(ToastKind::error, "Signing out needs the server, which cannot be reached");
      return;
    }
    close_stream();
    forget_sending();
    queue_.clear();
    awaited_.clear();
    cached_me_ = {};
    is_synced_once_ = false;
    forget_storage();
    arrive({SignedOut{}});
    platform_.navigate("/login", Platform::History::replace);
  });
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
