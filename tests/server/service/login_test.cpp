// Passwords and throttling.
#include <thread>

#include <doctest/doctest.h>

#include "server/base/clock.hpp"
#include "server/service/accounts.hpp"
#include "server/service/auth.hpp"
#include "server/service/login_throttle.hpp"
#include "server/service/passwords.hpp"
#include "tests/support/service_world.hpp"

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

TEST_CASE(
    "a lock that a clock written ahead has left ends as one of today does, and a new password ends it at "
    "once") {
  test::TestDatabase database;
  test::TestClock clock;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), clock, *bus};
  PasswordHasher hasher(cheap);
  REQUIRE(create_account(context, hasher, {}, {"a@example.org", "A", "long enough", std::nullopt}));
  const auto attempt = [&] { return begin_login_attempt(context, "a@example.org", "192.0.2.1"); };
  for (int i = 0; i < 8; ++i) static_cast<void>(attempt());
  CHECK(attempt().error().kind == "rate_limited");
  CHECK(set_account_password(context, hasher, "a@example.org", "another one"));
  CHECK(attempt());

  database.run_as_owner(
      "UPDATE login_failures SET failures = 9, locked_until = '2099-01-01', first_failure_at = '2098-12-31'");
  CHECK(attempt().error().kind == "rate_limited");
  clock.move_by(std::chrono::milliseconds(ThrottleRule{}.longest_lock_ms + 1000));
  CHECK(attempt());
}

TEST_CASE("the lock of an address counts every account behind it, and lets other addresses alone") {
  test::TestDatabase database;
  test::TestClock clock;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), clock, *bus};
  int let_in = 0;
  for (int i = 0; i < 40; ++i) {
    if (begin_login_attempt(context, "user" + std::to_string(i) + "@example.org", "192.0.2.1")) ++let_in;
  }
  CHECK(let_in == 30);
  CHECK(begin_login_attempt(context, "user1@example.org", "192.0.2.2"));
  // A whole network of IPv6 is one address.
  for (int i = 0; i < 40; ++i) {
    static_cast<void>(begin_login_attempt(
        context, "other" + std::to_string(i) + "@example.org", "2001:db8::" + std::to_string(i + 1)));
  }
  CHECK(begin_login_attempt(context, "fresh@example.org", "2001:db8::ffff").error().kind == "rate_limited");
}

TEST_CASE("a guess costs one hash, whether there is such an account or not, from the first guess on") {
  test::TestDatabase database;
  test::TestClock clock;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), clock, *bus};
  PasswordHasher hasher(cheap);
  SessionCache cache(nullptr);
  REQUIRE(create_account(context, hasher, {}, {"a@example.org", "A", "long enough", std::nullopt}));
  PasswordHasher fresh(cheap);
  AuthContext from_now_on{context, fresh, cache, false};
  const auto cost_of = [&](const char* email) {
    const std::int64_t before = fresh.runs();
    const auto refused = sign_in(from_now_on, {}, {email, "wrong password"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::unauthorized);
    return fresh.runs() - before;
  };
  CHECK(cost_of("nobody@example.org") == 1);
  CHECK(cost_of("a@example.org") == 1);
  CHECK(cost_of("nobody@example.org") == 1);
}

TEST_CASE("a login renews a hash of lower cost, and only then") {
  test::TestDatabase database;
  test::TestClock clock;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), clock, *bus};
  PasswordHasher weak(cheap);
  PasswordHasher strong(PasswordCost{128, 1, 1});
  SessionCache cache(nullptr);
  AuthContext auth{context, strong, cache, false};
  REQUIRE(create_account(context, weak, {}, {"a@example.org", "A", "long enough", std::nullopt}));
  const auto kept = [&] { return database.ask_as_owner("SELECT password_hash FROM users"); };
  const std::string before = kept();
  CHECK(before.find("m=64,") != std::string::npos);
  CHECK_FALSE(sign_in(auth, {}, {"a@example.org", "wrong password"}));
  CHECK(kept() == before);
  REQUIRE(sign_in(auth, {}, {"a@example.org", "long enough"}));
  const std::string after = kept();
  CHECK(after.find("m=128,") != std::string::npos);
  REQUIRE(sign_in(auth, {}, {"a@example.org", "long enough"}));
  CHECK(kept() == after);
}

TEST_CASE("a login that overlaps a change of password or a disabling gets no session, and undoes neither") {
  test::TestDatabase database;
  test::TestClock clock;
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  ServiceContext context{database.database(), clock, *bus};
  PasswordHasher weak(cheap);
  PasswordHasher strong(PasswordCost{128, 1, 1});
  SessionCache cache(nullptr);
  REQUIRE(create_account(context, weak, {}, {"a@example.org", "A", "long enough", std::nullopt}));
  // A hash of lower cost would be written again with the login.
  AuthContext auth{context, strong, cache, false};

  std::string change;
  SUBCASE("disabled") { change = "UPDATE users SET disabled_at = now()"; }
  bool is_let_in = false;
  SUBCASE("the same password, hashed anew by another login") {
    change = "UPDATE users SET password_hash = '" + *strong.hash("long enough") + "'";
    is_let_in = true;
  }
  const std::string other_hash = *strong.hash("another password");
  SUBCASE("another password") {
    change = "UPDATE users SET password_hash = '" + other_hash + "'; DELETE FROM sessions";
  }
  const auto owner = database.owner();
  REQUIRE(owner->run_script(("BEGIN; " + change).c_str()));
  std::atomic<bool> is_done = false;
  std::optional<Result<SignedIn>> signed_in;
  std::thread login([&] {
    signed_in = sign_in(auth, {}, {"a@example.org", "long enough"});
    is_done = true;
  });
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto is_waiting = [&] {
    return database.ask_as_owner(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type "
               "= 'Lock'") != "0";
  };
  while (!is_done && !is_waiting() && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  REQUIRE(owner->run_script("COMMIT"));
  login.join();
  if (is_let_in) {
    CHECK(*signed_in);
    return;
  }
  REQUIRE_FALSE(*signed_in);
  CHECK(signed_in->error().code == ErrorCode::unauthorized);
  database.run_as_owner("UPDATE users SET disabled_at = NULL");
  CHECK(database.ask_as_owner("SELECT count(*) FROM sessions") == "0");
  if (change.find(other_hash) != std::string::npos)
    CHECK(database.ask_as_owner("SELECT password_hash FROM users") == other_hash);
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
  // Another process prints another link, and the first one is still good.
  const Result<std::optional<std::string>> second = create_setup_token(context);
  REQUIRE((second && *second));
  CHECK(*is_setup_token_good(context, **token));
  CHECK(*is_setup_token_good(context, **second));
  CHECK(count_registration(context, "2001:db8::1"));
  const Result<User> first =
      create_account(context, hasher, {}, {"a@example.org", "A", "long enough", std::nullopt});
  REQUIRE(first);
  CHECK(first->role == Role::admin);
  CHECK(!*is_setup_token_good(context, **token));
  CHECK(!*is_setup_token_good(context, **second));
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
