#include "server/service/login_throttle.hpp"

#include <algorithm>

#include "server/base/crypto.hpp"
#include "server/base/ip_address.hpp"
#include "shared/core/text.hpp"

namespace dits {
namespace {

constexpr ThrottleRule account_rule{};
// An address may stand for a household or an office.
constexpr ThrottleRule address_rule{
    30, account_rule.window_ms, account_rule.first_lock_ms, account_rule.longest_lock_ms};

Error locked_out(std::int64_t wait_ms) {
  const int seconds = static_cast<int>((wait_ms + 999) / 1000);
  Error error = unavailable(
      "Too many attempts to sign in. Please wait " + std::to_string(seconds) + " seconds.", seconds);
  error.kind = "rate_limited";
  return error;
}

Result<void> count_attempt(Transaction& transaction,
                           const ThrottleRule& rule,
                           const std::string& key,
                           Timestamp now) {
  std::optional<store::LoginFailures> known = TRY(store::lock_login_failures(transaction, key));
  if (!known) {
    const std::int32_t failures = TRY(store::insert_login_failure(transaction, key, now));
    // Others were quicker than the row's lock; at the limit they are told to wait as if it had been there.
    if (failures > rule.allowed) return locked_out(rule.first_lock_ms);
    return {};
  }
  const std::optional<Timestamp> kept_lock = known->locked_until;
  known = believable(rule, *known, now);
  if (known->locked_until && *known->locked_until > now) {
    if (known->locked_until != kept_lock) TRY(store::update_login_failures(transaction, key, *known));
    return locked_out(known->locked_until->unix_ms - now.unix_ms);
  }
  return store::update_login_failures(transaction, key, counted(rule, *known, now));
}

}  // namespace

store::LoginFailures counted(const ThrottleRule& rule, store::LoginFailures failures, Timestamp now) {
  const Timestamp last =
      std::max(failures.first_failure_at, failures.locked_until.value_or(failures.first_failure_at));
  if (now.unix_ms - last.unix_ms > rule.window_ms) failures = {0, now, std::nullopt};
  ++failures.failures;
  failures.locked_until = std::nullopt;
  if (failures.failures >= rule.allowed) {
    const int doublings = std::min(failures.failures - rule.allowed, 10);
    const std::int64_t lock_ms = std::min(rule.longest_lock_ms, rule.first_lock_ms << doublings);
    failures.locked_until = Timestamp{now.unix_ms + lock_ms};
  }
  return failures;
}

store::LoginFailures believable(const ThrottleRule& rule, store::LoginFailures failures, Timestamp now) {
  failures.first_failure_at = std::min(failures.first_failure_at, now);
  if (failures.locked_until)
    failures.locked_until = std::min(*failures.locked_until, Timestamp{now.unix_ms + rule.longest_lock_ms});
  return failures;
}

static std::string account_key_of(const std::string& email) {
  return "account:" + hex(sha256(fold_case(trim(email))));
}

Result<LoginAttempt> begin_login_attempt(ServiceContext& context,
                                         const std::string& email,
                                         const std::string& ip_address) {
  const LoginAttempt attempt{account_key_of(email), "address:" + counted_address(ip_address)};
  const Timestamp now = context.clock.now();
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::urgent_write));
  const Result<void> account = count_attempt(transaction, account_rule, attempt.account_key, now);
  if (!account && account.error().kind != "rate_limited") return account.error();
  const Result<void> address = count_attempt(transaction, address_rule, attempt.address_key, now);
  if (!address && address.error().kind != "rate_limited") return address.error();
  TRY(transaction.commit());
  TRY(account);
  TRY(address);
  return attempt;
}

Result<void> count_registration(ServiceContext& context, const std::string& ip_address) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::urgent_write));
  const Result<void> counted = count_attempt(
      transaction, address_rule, "registration:" + counted_address(ip_address), context.clock.now());
  if (!counted && counted.error().kind != "rate_limited") return counted.error();
  TRY(transaction.commit());
  return counted;
}

Result<void> forget_login_failures(ServiceContext& context, const std::string& email) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::write));
  TRY(store::delete_login_failures(transaction, account_key_of(email)));
  return transaction.commit();
}

Result<void> forgive_login_attempt(ServiceContext& context, const LoginAttempt& attempt) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::urgent_write));
  TRY(store::delete_login_failures(transaction, attempt.account_key));
  if (std::optional<store::LoginFailures> address =
          TRY(store::lock_login_failures(transaction, attempt.address_key))) {
    address->failures = std::max(address->failures - 1, 0);
    if (address->failures < address_rule.allowed) address->locked_until = std::nullopt;
    TRY(store::update_login_failures(transaction, attempt.address_key, *address));
  }
  return transaction.commit();
}

}  // namespace dits
