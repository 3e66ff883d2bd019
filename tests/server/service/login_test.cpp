// Passwords and throttling.
#include <thread>

#include <doctest/doctest.h>

#include "server/base/clock.hpp"
#include "server/service/accounts.hpp"
#include "server/service/login_throttle.hpp"
#include "server/service/passwords.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

constexpr PasswordCost cheap{64, 1, 1};

}  // namespace

TEST_CASE("a password is kept as argon2id with 46 MiB, salted, and known again") {
  PasswordHasher hasher;
  const Result<std::string> first = hasher.hash("correct horse");
  const Result<std::string> second = hasher.hash("correct horse");
  REQUIRE((first && second));
  CHECK(first->starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
  CHECK(*first != *second);
  CHECK(*hasher.verify(*first, "correct horse"));
  CHECK(!*hasher.verify(*first, "wrong horse"));
  CHECK(!*hasher.verify_nobody("correct horse"));
  CHECK(!hasher.is_outdated(*first));
}

TEST_CASE("a hash of lower cost is outdated") {
  PasswordHasher weak(cheap);
  PasswordHasher strong(PasswordCost{128, 1, 1});
  const Result<std::string> hash = weak.hash("correct horse");
  REQUIRE(hash);
  CHECK(!weak.is_outdated(*hash));
  CHECK(strong.is_outdated(*hash));
  CHECK(strong.is_outdated("nonsense"));
  CHECK(*strong.verify(*hash, "correct horse"));
}

TEST_CASE("many hashes at once are done in turn or refused, never all at the same time") {
  PasswordHasher hasher(PasswordCost{8 * 1024, 1, 1});
  std::atomic<int> done = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 40; ++i) {
    threads.emplace_back([&] {
      const Result<std::string> hash = hasher.hash("x");
      if (hash) {
        ++done;
      } else if (hash.error().kind == "rate_limited") {
        ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(done + refused == 40);
  CHECK(done >= 18);
}

TEST_CASE("failures lock a key from the fifth on, each time twice as long") {
  const ThrottleRule rule;
  store::LoginFailures failures{4, Timestamp{1000}, std::nullopt};
  failures = counted(rule, failures, Timestamp{2000});
  CHECK(failures.failures == 5);
  CHECK(failures.locked_until == Timestamp{32'000});
  failures = counted(rule, failures, Timestamp{32'000});
  CHECK(failures.locked_until == Timestamp{92'000});
  for (int i = 0; i < 40; ++i) failures = counted(rule, failures, Timestamp{100'000});
  CHECK(failures.locked_until == Timestamp{100'000 + rule.longest_lock_ms});
  failures = counted(rule, failures, Timestamp{100'000 + 3 * rule.longest_lock_ms});
  CHECK(failures.failures == 1);
  CHECK(!failures.locked_until);
}

TEST_CASE("guesses that come at the same moment are counted, every one") {
  test::TestDatabase database;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), system_clock(), *bus};
  std::atomic<int> let_in = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 30; ++i) {
    threads.emplace_back([&] {
      if (begin_login_attempt(context, "someone@example.org", "192.0.2.1")) ++let_in;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(let_in <= 6);
  CHECK(let_in >= 4);
}

TEST_CASE("registrations are counted by network, and beyond a number refused") {
  test::TestDatabase database;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), system_clock(), *bus};
  int let_in = 0;
  for (int i = 0; i < 40; ++i) {
    if (count_registration(context, "2001:db8::" + std::to_string(i + 1))) ++let_in;
  }
  CHECK(let_in == 30);
  CHECK(count_registration(context, "2001:db8:0:1::1"));
  CHECK(count_registration(context, "192.0.2.1"));
}

TEST_CASE(
    "the first account is the administrator, an address is taken once, and a link is only made while there "
    "is nobody") {
  test::TestDatabase database;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), system_clock(), *bus};
  PasswordHasher hasher(cheap);
  const Result<std::optional<std::string>> token = create_setup_token(context);
  REQUIRE((token && *token));
  CHECK(*is_setup_token_good(context, **token));
  CHECK(!*is_setup_token_good(context, "other"));
  CHECK(count_registration(context, "2001:db8::1"));
  const Result<User> first =
      create_account(context, hasher, {}, {"a@example.org", "A", "long enough", std::nullopt});
  REQUIRE(first);
  CHECK(first->role == Role::admin);
  CHECK(!*is_setup_token_good(context, **token));
  CHECK(
      create_account(context, hasher, {}, {"A@EXAMPLE.org", "A", "long enough", std::nullopt}).error().kind ==
      "email_taken");
  CHECK(create_account(context, hasher, {}, {"b@example.org", "B", "long enough", std::nullopt})->role ==
        Role::user);
  CHECK(
      create_account(context, hasher, {}, {"no address", "", "short", std::nullopt}).error().fields.size() ==
      3);
  CHECK(!*create_setup_token(context));
  CHECK(
      database.ask_as_owner("SELECT string_agg(name, ',' ORDER BY position) FROM statuses WHERE user_id = '" +
                            to_string(first->id) + "'") == "Backlog,To Do,In Progress,In Review,Done");
  CHECK(set_account_password(context, hasher, "b@example.org", "another one"));
  CHECK(database.ask_as_owner(
            "SELECT count(*) FROM audit_logs WHERE entity_type = 'user' AND action = 'UPDATE' "
            "AND metadata ->> 'password' = 'changed'") == "1");
  CHECK(set_account_password(context, hasher, "c@example.org", "another one").error().code ==
        ErrorCode::not_found);
  CHECK(list_accounts(context)->size() == 2);
  CHECK(forget_ended_credentials(context, context.clock.now()));
}

}  // namespace dits
