#include "server/service/accounts.hpp"

#include "server/base/crypto.hpp"
#include "server/service/account_defaults.hpp"
#include "server/service/audit.hpp"
#include "server/service/login_throttle.hpp"
#include "server/store/idempotency_keys.hpp"
#include "server/store/login_failures.hpp"
#include "server/store/sessions.hpp"
#include "server/store/setup_links.hpp"
#include "server/store/users.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/refusals.hpp"
#include "shared/core/text.hpp"
#include "shared/json/user_json.hpp"

namespace dits {
namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::size_t setup_token_bytes = 32;

Result<void> validate_account(const NewAccount& account) {
  Refusals refusals;
  if (const Result<void> email = validate_email(account.email); !email)
    refusals.add("email", email.error().message);
  if (const Result<void> name = validate_user_name(account.name); !name)
    refusals.add("name", name.error().message);
  if (const Result<void> password = validate_password(account.password); !password)
    refusals.add("password", password.error().message);
  return refusals.result();
}

}  // namespace

Result<User> insert_account(ServiceContext& context,
                            Transaction& transaction,
                            const Viewer& viewer,
                            UserId id,
                            const NewAccount& account,
                            const std::string& password_hash) {
  TRY(store::lock_users(transaction));
  User user;
  user.id = id;
  user.email = normal_form(account.email);
  user.name = normal_form(account.name);
  user.role = account.role.value_or(TRY(store::count_users(transaction)) == 0 ? Role::admin : Role::user);
  user.created_at = user.updated_at = context.clock.now();
  if (const Result<void> inserted = store::insert_user(transaction, {user, password_hash}); !inserted) {
    if (inserted.error().kind != "unique_violation") return inserted.error();
    return conflict("There is an account with this address already.", "email_taken");
  }
  // A link that was printed while there was no account is worth nothing any more.
  TRY(store::delete_setup_links(transaction));
  Viewer owner = viewer;
  owner.user_id = id;
  TRY(create_account_defaults(transaction, context.clock, owner));
  AuditEntry entry;
  entry.action = AuditAction::create;
  entry.entity_type = EntityType::user;
  entry.entity_id = id.uuid;
  entry.new_values = dump(user_to_json(user));
  entry.created_at = user.created_at;
  TRY(record_change(transaction, owner, entry));
  return user;
}

Result<User> create_account(ServiceContext& context,
                            PasswordHasher& passwords,
                            const Viewer& viewer,
                            const NewAccount& account) {
  TRY(validate_account(account));
  const std::string hash = TRY(passwords.hash(account.password));
  const auto id = context.clock.new_id<UserId>();
  Transaction transaction = TRY(context.database.begin({id, true}, Access::write));
  User user = TRY(insert_account(context, transaction, viewer, id, account, hash));
  TRY(transaction.commit());
  return user;
}

Result<std::vector<AccountRow>> list_accounts(ServiceContext& context) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::read));
  return store::list_accounts(transaction);
}

Result<User> find_account(ServiceContext& context, const std::string& email) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::read));
  const std::optional<store::UserWithPassword> found = TRY(store::find_user_by_email(transaction, email));
  if (!found) return not_found("There is no account with the address " + email + ".");
  return found->user;
}

Result<void> record_password_change(Transaction& transaction,
                                    const Viewer& owner,
                                    Clock& clock,
                                    Timestamp now) {
  AuditEntry entry;
  entry.action = AuditAction::update;
  entry.entity_type = EntityType::user;
  entry.entity_id = owner.user_id.uuid;
  entry.new_values = dump({{"updatedAt", to_string(now)}});
  entry.metadata = dump({{"password", "changed"}});
  entry.created_at = now;
  return record_waiting_change(transaction, owner, clock, std::move(entry));
}

Result<void> set_account_password(ServiceContext& context,
                                  PasswordHasher& passwords,
                                  const std::string& email,
                                  const std::string& password) {
  TRY(validate_password(password));
  const User user = TRY(find_account(context, email));
  const std::string hash = TRY(passwords.hash(password));
  Transaction transaction = TRY(context.database.begin({user.id, true}, Access::write));
  const Timestamp now = context.clock.now();
  TRY(store::update_password_hash(transaction, user.id, hash, now));
  Viewer owner;
  owner.user_id = user.id;
  owner.credential = CredentialKind::command_line;
  TRY(record_password_change(transaction, owner, context.clock, now));
  TRY(store::delete_other_sessions(transaction, user.id, {}));
  TRY(transaction.commit());
  settle_waiting_changes(context, user.id);
  return forget_login_failures(context, user.email);
}

Result<std::optional<std::string>> create_setup_token(ServiceContext& context) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::write));
  if (TRY(store::count_users(transaction)) > 0) return std::optional<std::string>{};
  const std::string token = base64url(context.clock.random_bytes(setup_token_bytes));
  const Timestamp now = context.clock.now();
  TRY(store::delete_ended_setup_links(transaction, now));
  TRY(store::insert_setup_link(transaction, hex(sha256(token)), now, Timestamp{now.unix_ms + day_ms}));
  TRY(transaction.commit());
  return std::optional<std::string>{token};
}

Result<bool> is_setup_token_good(ServiceContext& context, const std::string& token) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::read));
  return store::has_setup_link(transaction, hex(sha256(token)), context.clock.now());
}

Result<void> forget_ended_credentials(ServiceContext& context, Timestamp now) {
  const Timestamp yesterday{now.unix_ms - day_ms};
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::write));
  TRY(store::delete_ended_sessions(transaction, now));
  TRY(store::delete_old_login_failures(transaction, yesterday));
  TRY(store::delete_old_idempotency_keys(transaction, Timestamp{now.unix_ms - 7 * day_ms}));
  return transaction.commit();
}

}  // namespace dits
