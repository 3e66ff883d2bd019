#include "server/service/account_changes.hpp"

#include "server/service/accounts.hpp"
#include "server/service/audit.hpp"
#include "server/store/users.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/refusals.hpp"
#include "shared/json/user_json.hpp"

namespace dits {

namespace {

// As it is while other changes of accounts wait. The account is the one that was found by its address, though
// that may be another's by now. Errors: not_found.
Result<store::UserWithPassword> hold_account(Transaction& transaction, const User& named) {
  TRY(store::lock_users(transaction));
  std::optional<store::UserWithPassword> found = TRY(store::hold_user(transaction, named.id));
  if (!found) return not_found("There is no account with the address " + named.email + ".");
  return std::move(*found);
}

// Would anybody be left who can do what an administrator does?
Result<void> need_other_administrator(Transaction& transaction, const User& user) {
  if (TRY(store::count_other_administrators(transaction, user.id)) > 0) return {};
  return conflict(user.email +
                      " is the only administrator who can sign in. Make another one first: dits user role "
                      "EMAIL admin.",
                  "last_administrator");
}

Result<void> validate_change(const AccountChange& change) {
  Refusals refusals;
  if (change.email) {
    if (const Result<void> email = validate_email(*change.email); !email)
      refusals.add("email", email.error().message);
  }
  if (change.name) {
    if (const Result<void> name = validate_user_name(*change.name); !name)
      refusals.add("name", name.error().message);
  }
  return refusals.result();
}

// Without a wait for the account's counters: a change of the account itself holds them while it waits for the
// row that is held here, and an import holds them for as long as it takes.
Result<void> record_account_change(Transaction& transaction,
                                   Clock& clock,
                                   const User& before,
                                   const User& after,
                                   std::optional<bool> is_disabled) {
  Viewer owner;
  owner.user_id = after.id;
  owner.credential = CredentialKind::command_line;
  AuditEntry entry;
  entry.action = AuditAction::update;
  entry.entity_type = EntityType::user;
  entry.entity_id = after.id.uuid;
  entry.old_values = dump(user_to_json(before));
  entry.new_values = dump(user_to_json(after));
  if (is_disabled) entry.metadata = dump({{"account", *is_disabled ? "disabled" : "enabled"}});
  entry.created_at = after.updated_at;
  return record_waiting_change(transaction, owner, clock, std::move(entry));
}

}  // namespace

Result<User> change_account(ServiceContext& context, const std::string& email, const AccountChange& change) {
  TRY(validate_change(change));
  const User named = TRY(find_account(context, email));
  Transaction transaction = TRY(context.database.begin({named.id, true}, Access::write));
  const store::UserWithPassword before = TRY(hold_account(transaction, named));
  User after = before.user;
  if (change.email) after.email = normal_form(*change.email);
  if (change.name) after.name = normal_form(*change.name);
  if (change.role) after.role = *change.role;
  const bool was_disabled = before.disabled_at.has_value();
  const bool is_disabled = change.is_disabled.value_or(was_disabled);
  const bool is_same = after.email == before.user.email && after.name == before.user.name &&
                       after.role == before.user.role && is_disabled == was_disabled;
  if (is_same) return after;
  const bool was_in_charge = before.user.role == Role::admin && !was_disabled;
  if (was_in_charge && (after.role != Role::admin || is_disabled))
    TRY(need_other_administrator(transaction, before.user));
  after.updated_at = context.clock.now();
  std::optional<Timestamp> disabled_at = before.disabled_at;
  if (is_disabled != was_disabled) disabled_at = is_disabled ? std::optional(after.updated_at) : std::nullopt;
  if (const Result<void> changed = store::change_account(transaction, after, disabled_at); !changed) {
    if (changed.error().kind != "unique_violation") return changed.error();
    return conflict("There is an account with this address already.", "email_taken");
  }
  TRY(record_account_change(transaction,
                            context.clock,
                            before.user,
                            after,
                            is_disabled != was_disabled ? std::optional(is_disabled) : std::nullopt));
  TRY(transaction.commit());
  settle_waiting_changes(context, after.id);
  return after;
}

Result<void> delete_account(ServiceContext& context, const std::string& email) {
  const User named = TRY(find_account(context, email));
  Transaction transaction = TRY(context.database.begin({named.id, true}, Access::freeing_write));
  const store::UserWithPassword account = TRY(hold_account(transaction, named));
  if (account.user.role == Role::admin && !account.disabled_at)
    TRY(need_other_administrator(transaction, account.user));
  TRY(store::delete_account(transaction, named.id));
  return transaction.commit();
}

}  // namespace dits
