// Slows guessing of passwords down: attempts are counted by account and by address, before the password is
// looked at and in a transaction of their own, so that parallel guesses and guesses of a failing request
// count too.
#pragma once

#include <string>

#include "server/service/context.hpp"
#include "server/store/login_failures.hpp"

namespace dits {

struct ThrottleRule {
  std::int32_t allowed = 5;  // attempts within the window, before the first lock
  std::int64_t window_ms = std::int64_t{15} * 60'000;
  std::int64_t first_lock_ms = 30'000;  // twice as long after each further attempt
  std::int64_t longest_lock_ms = std::int64_t{15} * 60'000;
};

// What the counters of a key are after one more attempt at `now`; the attempt itself must not be locked out.
store::LoginFailures counted(const ThrottleRule& rule, store::LoginFailures failures, Timestamp now);

struct LoginAttempt {
  std::string account_key;
  std::string address_key;
};

// What is known of a key, with nothing in it that a clock which is right could have written: a clock that was
// ahead must not lock anybody out for longer than the rule does.
store::LoginFailures believable(const ThrottleRule& rule, store::LoginFailures failures, Timestamp now);

// Counts one attempt. Errors: unavailable, kind "rate_limited", with the seconds to wait; that attempt must
// not go on.
Result<LoginAttempt> begin_login_attempt(ServiceContext& context,
                                         const std::string& email,
                                         const std::string& ip_address);
// The same for making an account, which costs as much as a login and is counted by address alone.
Result<void> count_registration(ServiceContext& context, const std::string& ip_address);
// The account has another password now: what was tried for the old one is forgotten.
Result<void> forget_login_failures(ServiceContext& context, const std::string& email);
// The password was right: the account's failures are forgotten, and the address is not blamed for this
// attempt.
Result<void> forgive_login_attempt(ServiceContext& context, const LoginAttempt& attempt);

}  // namespace dits
