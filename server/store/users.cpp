#include "server/store/users.hpp"

#include "server/store/users.sql.hpp"
#include "shared/core/normal_form.hpp"

namespace dits::store {
namespace {

User user_from_row(Row row) {
  User user;
  user.id = row.id<UserTag>(0);
  user.email = row.text(1);
  user.name = row.text(2);
  user.avatar = row.text(3);
  user.preferences = row.text(4);
  user.role = row.text(5) == "ADMIN" ? Role::admin : Role::user;
  user.created_at = row.timestamp(6);
  user.updated_at = row.timestamp(7);
  return user;
}

UserWithPassword user_with_password_from_row(Row row) {
  return {user_from_row(row), std::string(row.text(8)), row.optional_timestamp(9)};
}

}  // namespace

Result<std::optional<User>> find_user(Reader reader, UserId id) {
  return first_of(TRY(reader.run(sql::find_user, {id})), user_from_row);
}

Result<std::optional<UserWithPassword>> find_user_by_email(Transaction& transaction,
                                                           const std::string& email) {
  return first_of(TRY(transaction.run(sql::find_user_by_email, {normal_form(email)})),
                  user_with_password_from_row);
}

Result<std::optional<UserWithPassword>> hold_user(Transaction& transaction, UserId id) {
  return first_of(TRY(transaction.run(sql::hold_user, {id})), user_with_password_from_row);
}

Result<std::string> find_password_hash(Reader reader, UserId id) {
  const Rows rows = TRY(reader.run(sql::find_password_hash, {id}));
  if (rows.empty()) return not_found("There is no such account.");
  return std::string(rows[0].text(0));
}

Result<std::vector<AccountRow>> list_accounts(Transaction& transaction) {
  return all_of(TRY(transaction.run(sql::list_accounts)), [](Row row) {
    return AccountRow{user_from_row(row), row.optional_timestamp(8), row.int64(9)};
  });
}

Result<std::int64_t> count_other_administrators(Transaction& transaction, UserId id) {
  return TRY(transaction.run(sql::count_other_administrators, {id}))[0].int64(0);
}

Result<std::int64_t> count_users(Transaction& transaction) {
  return TRY(transaction.run(sql::count_users))[0].int64(0);
}

Result<void> lock_users(Transaction& transaction) {
  TRY(transaction.run(sql::lock_users));
  return {};
}

Result<void> insert_user(Transaction& transaction, const UserWithPassword& account) {
  const User& user = account.user;
  TRY(transaction.run(sql::insert_user,
                      {user.id,
                       user.email,
                       account.password_hash,
                       user.name,
                       user.avatar,
                       user.preferences,
                       name_of(user.role),
                       user.created_at}));
  return {};
}

Result<void> update_user(Transaction& transaction, const User& user) {
  TRY(transaction.run(sql::update_user,
                      {user.id, user.name, user.avatar, user.preferences, user.updated_at}));
  return {};
}

Result<void> change_account(Transaction& transaction,
                            const User& user,
                            std::optional<Timestamp> disabled_at) {
  TRY(transaction.run(sql::change_account,
                      {user.id, user.email, user.name, name_of(user.role), disabled_at, user.updated_at}));
  return {};
}

Result<void> delete_account(Transaction& transaction, UserId id) {
  TRY(transaction.run(sql::delete_account, {id}));
  return {};
}

Result<void> update_password_hash(Transaction& transaction,
                                  UserId id,
                                  const std::string& hash,
                                  Timestamp now) {
  TRY(transaction.run(sql::update_password_hash, {id, hash, now}));
  return {};
}

}  // namespace dits::store
