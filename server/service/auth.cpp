#include "server/service/auth.hpp"

#include <algorithm>

#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "server/service/accounts.hpp"
#include "server/service/audit.hpp"
#include "server/service/login_throttle.hpp"
#include "server/service/time_zones.hpp"
#include "server/store/api_tokens.hpp"
#include "server/store/sessions.hpp"
#include "server/store/setup_links.hpp"
#include "server/store/users.hpp"
#include "shared/json/user_json.hpp"

namespace dits {
namespace {

constexpr std::size_t session_token_bytes = 32;
// How often a credential's use is written down.
constexpr std::int64_t touch_interval_ms = 60'000;
// Longer ones are refused without a look: nothing we hand out is as long.
constexpr std::size_t max_credential_length = 200;

Error wrong_credentials() { return unauthorized("The e-mail address or the password is wrong."); }
Error not_signed_in() {
  return unauthorized("The session or token is not valid or has ended. Sign in again.");
}

Result<SignedIn> insert_session_for(AuthContext& auth,
                                    Transaction& transaction,
                                    const Viewer& viewer,
                                    User user) {
  Clock& clock = auth.services.clock;
  SignedIn signed_in{
      std::move(user), clock.new_id<SessionId>(), base64url(clock.random_bytes(session_token_bytes))};
  const Timestamp now = clock.now();
  const store::Session session{signed_in.session_id,
                               signed_in.user.id,
                               viewer.user_agent,
                               viewer.ip_address,
                               now,
                               now,
                               Timestamp{now.unix_ms + session_idle_ms},
                               Timestamp{now.unix_ms + session_absolute_ms}};
  TRY(store::insert_session(transaction, session, hex(sha256(signed_in.session_token))));
  return signed_in;
}

// A hash of today's cost, while the password is at hand. Failing is no reason to refuse the login.
std::optional<std::string> hash_of_today(AuthContext& auth,
                                         const store::UserWithPassword& account,
                                         const std::string& password) {
  if (!auth.passwords.is_outdated(account.password_hash)) return std::nullopt;
  Result<std::string> hash = auth.passwords.hash(password);
  if (hash) return std::move(*hash);
  log::warn("password not rehashed", {{"user", to_string(account.user.id)}});
  return std::nullopt;
}

// Is it still the account whose password was checked? Checking takes a while, in which the password may be
// changed or the account disabled; whoever does that waits from here on, and then ends the session with the
// others. Another login may also have hashed the same password anew: it is checked once more.
Result<bool> hold_as_checked(AuthContext& auth,
                             Transaction& transaction,
                             const store::UserWithPassword& checked,
                             const std::string& password) {
  const std::optional<store::UserWithPassword> now = TRY(store::hold_user(transaction, checked.user.id));
  if (!now || now->disabled_at) return false;
  return now->password_hash == checked.password_hash ||
         TRY(auth.passwords.verify(now->password_hash, password));
}

Result<std::optional<store::UserWithPassword>> find_by_email(AuthContext& auth, const std::string& email) {
  Transaction transaction = TRY(auth.services.database.begin(Actor::of_system(), Access::read));
  return store::find_user_by_email(transaction, email);
}

// Who holds this credential, as far as that is known without the database. What this process remembers is
// told of every revocation by itself; the shared cache is for while it is not.
std::optional<Viewer> known_viewer(AuthContext& auth, const std::string& hash, Timestamp now) {
  if (auth.memory != nullptr && auth.memory->is_current()) return auth.memory->get(hash, now);
  return auth.session_cache.get(hash, now);
}

// Made before the database is asked: what its answer may then be kept as.
class KeepAnswer {
 public:
  explicit KeepAnswer(AuthContext& auth)
      : auth_(auth),
        shared_(auth.session_cache.moment()),
        own_(auth.memory == nullptr ? 0 : auth.memory->moment()) {}

  void keep(const std::string& hash, const KnownCredential& known) {
    if (auth_.memory != nullptr) auth_.memory->set(hash, known, own_);
    auth_.session_cache.set(hash, known, shared_);
  }

 private:
  AuthContext& auth_;
  SessionCache::Moment shared_;
  CredentialMemory::Memory::Moment own_;
};

// A full disk is told by /readyz and the alerts, not at each request.
void log_failure(const Result<void>& result, std::string_view event) {
  if (!result && result.error().kind != "disk_full") log::warn(event, {{"message", result.error().message}});
}

}  // namespace

Result<SignedIn> register_account(AuthContext& auth, const Viewer& viewer, const RegisterBody& body) {
  ServiceContext& services = auth.services;
  const bool has_token = !body.setup_token.empty();
  if (!has_token && !auth.open_registration)
    return forbidden(
        "Registration is closed. The first account is made with the link that the server prints.");
  if (has_token && !TRY(is_setup_token_good(services, body.setup_token)))
    return forbidden("This link is not valid any more.");
  if (!has_token && TRY(list_accounts(services)).empty())
    return forbidden("There is no account yet: the first one is made with the link that the server prints.");
  TRY(count_registration(services, viewer.ip_address));
  const std::string hash = TRY(auth.passwords.hash(body.password));
  const auto id = services.clock.new_id<UserId>();
  Transaction transaction = TRY(services.database.begin({id, true}, Access::write));
  if (has_token &&
      !TRY(store::use_setup_link(transaction, hex(sha256(body.setup_token)), services.clock.now()))) {
    return forbidden("This link is not valid any more.");
  }
  // Whoever comes without the link is nobody's administrator, even when the last account goes at this moment.
  const std::optional<Role> role = has_token ? std::nullopt : std::optional(Role::user);
  User user = TRY(
      insert_account(services, transaction, viewer, id, {body.email, body.name, body.password, role}, hash));
  SignedIn signed_in = TRY(insert_session_for(auth, transaction, viewer, std::move(user)));
  TRY(transaction.commit());
  return signed_in;
}

Result<SignedIn> sign_in(AuthContext& auth, const Viewer& viewer, const LoginBody& body) {
  const LoginAttempt attempt = TRY(begin_login_attempt(auth.services, body.email, viewer.ip_address));
  const std::optional<store::UserWithPassword> account = TRY(find_by_email(auth, body.email));
  const bool is_right = TRY(account ? auth.passwords.verify(account->password_hash, body.password)
                                    : auth.passwords.verify_nobody(body.password));
  const bool is_disabled = account && account->disabled_at.has_value();
  const auto refuse = [&](const char* event) {
    log::warn(event, {{"from", viewer.ip_address}, {"request_id", viewer.request_id}});
    return wrong_credentials();
  };
  if (!account || !is_right || is_disabled)
    return refuse(is_disabled ? "login of a disabled account refused" : "login refused");
  log_failure(forgive_login_attempt(auth.services, attempt), "login attempt not forgiven");
  const std::optional<std::string> hash = hash_of_today(auth, *account, body.password);
  Transaction transaction = TRY(auth.services.database.begin({account->user.id, true}, Access::urgent_write));
  if (!TRY(hold_as_checked(auth, transaction, *account, body.password)))
    return refuse("login refused, the account was changed meanwhile");
  if (hash) TRY(store::update_password_hash(transaction, account->user.id, *hash, auth.services.clock.now()));
  SignedIn signed_in = TRY(insert_session_for(auth, transaction, viewer, account->user));
  TRY(transaction.commit());
  return signed_in;
}

Result<void> sign_out(AuthContext& auth, const Viewer& viewer) {
  Transaction transaction =
      TRY(auth.services.database.begin(Actor::of_user(viewer.user_id), Access::urgent_write));
  TRY(store::delete_session(transaction, viewer.user_id, viewer.session_id));
  TRY(transaction.commit());
  tell_of_revocation(auth);
  return {};
}

void tell_of_revocation(AuthContext& auth) {
  if (auth.memory != nullptr) auth.memory->revoke();
  if (!auth.session_cache.is_used()) return;
  const SessionCache::Moment moment = auth.session_cache.moment();
  const Result<std::int64_t> epoch = store::find_session_epoch(auth.services.database);
  auth.session_cache.revoke(epoch ? std::optional(*epoch) : std::nullopt, moment);
}

Result<Viewer> viewer_of_session(AuthContext& auth, const std::string& session_token) {
  if (session_token.size() > max_credential_length) return not_signed_in();
  const std::string hash = sha256(session_token);
  const Timestamp now = auth.services.clock.now();
  if (std::optional<Viewer> known = known_viewer(auth, hash, now)) {
    if (known->credential == CredentialKind::session) return *std::move(known);
    return not_signed_in();
  }
  KeepAnswer answer(auth);
  const std::optional<store::SessionOfUser> found =
      TRY(store::find_session_by_hash(auth.services.database, hex(hash), now));
  if (!found) return not_signed_in();
  if (now.unix_ms - found->session.last_seen_at.unix_ms > touch_interval_ms)
    auth.uses.note(found->session.id, now);
  Viewer viewer;
  viewer.user_id = found->session.user_id;
  viewer.role = found->role;
  viewer.scope = Scope::admin;
  viewer.credential = CredentialKind::session;
  viewer.session_id = found->session.id;
  const Timestamp ends_at = std::min(found->session.expires_at, found->session.absolute_expires_at);
  answer.keep(hash, {viewer, found->epoch, now, ends_at});
  return viewer;
}

Result<Viewer> viewer_of_token(AuthContext& auth, const std::string& api_token) {
  if (api_token.size() > max_credential_length || !api_token.starts_with("dits_")) return not_signed_in();
  const std::string hash = sha256(api_token);
  const Timestamp now = auth.services.clock.now();
  if (std::optional<Viewer> known = known_viewer(auth, hash, now)) {
    if (known->credential == CredentialKind::token) return *std::move(known);
    return not_signed_in();
  }
  KeepAnswer answer(auth);
  const std::optional<store::ApiTokenOfUser> found =
      TRY(store::find_api_token_by_hash(auth.services.database, hex(hash), now));
  if (!found) return not_signed_in();
  const Timestamp last = found->token.last_used_at.value_or(Timestamp{});
  if (now.unix_ms - last.unix_ms > touch_interval_ms) auth.uses.note(found->token.id, now);
  Viewer viewer;
  viewer.user_id = found->token.user_id;
  viewer.role = found->role;
  viewer.scope = found->token.scope;
  viewer.credential = CredentialKind::token;
  viewer.token_id = found->token.id;
  const Timestamp ends_at = found->token.expires_at.value_or(Timestamp{now.unix_ms + session_absolute_ms});
  answer.keep(hash, {viewer, found->epoch, now, ends_at});
  return viewer;
}

Result<User> get_me(ServiceContext& context, const Viewer& viewer) {
  std::optional<User> user = TRY(store::find_user({context.database, viewer.user_id}, viewer.user_id));
  if (!user) return not_found("There is no such account.");
  return *std::move(user);
}

// A zone that is written there must be one; what stands there already is left.
static Result<void> check_preferences(ServiceContext& context, const Viewer& viewer, const UserPatch& patch) {
  if (!patch.preferences) return {};
  const std::string zone = time_zone_from_preferences(*patch.preferences);
  if (zone.empty()) return {};
  const User before = TRY(get_me(context, viewer));
  if (zone == time_zone_from_preferences(before.preferences)) return {};
  Result<void> known = check_time_zone(context, viewer, zone);
  if (known || known.error().code != ErrorCode::invalid) return known;
  return invalid("preferences", "timeZone: " + known.error().message);
}

Result<User> update_me(ServiceContext& context, const Viewer& viewer, const UserPatch& patch) {
  TRY(check_preferences(context, viewer, patch));
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer));
  const std::optional<User> before = TRY(store::find_user(work.transaction(), viewer.user_id));
  if (!before) return not_found("There is no such account.");
  User after = *before;
  apply(patch, after);
  TRY(validate_user_name(after.name));
  after.updated_at = work.now();
  TRY(store::update_user(work.transaction(), after));
  work.record({AuditAction::update,
               EntityType::user,
               viewer.user_id.uuid,
               user_to_json(*before),
               user_to_json(after)});
  TRY(work.commit());
  return after;
}

Result<void> change_password(AuthContext& auth, const Viewer& viewer, const PasswordBody& body) {
  TRY(validate_password(body.new_password));
  const User user = TRY(get_me(auth.services, viewer));
  // A stolen session must not be a way to guess the password either.
  const LoginAttempt attempt = TRY(begin_login_attempt(auth.services, user.email, viewer.ip_address));
  const std::string known =
      TRY(store::find_password_hash({auth.services.database, viewer.user_id}, viewer.user_id));
  if (!TRY(auth.passwords.verify(known, body.current_password)))
    return invalid("currentPassword", "This is not the current password");
  log_failure(forgive_login_attempt(auth.services, attempt), "login attempt not forgiven");
  const std::string hash = TRY(auth.passwords.hash(body.new_password));
  Transaction transaction =
      TRY(auth.services.database.begin(Actor::of_user(viewer.user_id), Access::urgent_write));
  const Timestamp now = auth.services.clock.now();
  if (!TRY(hold_as_checked(auth, transaction, {user, known}, body.current_password)))
    return invalid("currentPassword", "The password was changed meanwhile. Sign in with the new one.");
  TRY(store::update_password_hash(transaction, viewer.user_id, hash, now));
  TRY(record_password_change(transaction, viewer, auth.services.clock, now));
  TRY(store::delete_other_sessions(transaction, viewer.user_id, viewer.session_id));
  TRY(transaction.commit());
  tell_of_revocation(auth);
  settle_waiting_changes(auth.services, viewer.user_id);
  return {};
}

}  // namespace dits
