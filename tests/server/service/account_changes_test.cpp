// What the machine's owner changes of accounts: every change is logged, and an administrator always stays.
#include "server/service/account_changes.hpp"

#include <doctest/doctest.h>

#include "server/service/accounts.hpp"
#include "server/service/audit.hpp"
#include "server/service/credentials.hpp"
#include "server/store/users.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

constexpr const char* anna = "anna@example.org";
constexpr const char* ben = "ben@example.org";

std::string count(test::ServiceWorld& world, const std::string& what) {
  return world.database().ask_as_owner("SELECT count(*) FROM " + what);
}

AccountChange to_role(Role role) {
  AccountChange change;
  change.role = role;
  return change;
}

AccountChange to_disabled(bool is_disabled) {
  AccountChange change;
  change.is_disabled = is_disabled;
  return change;
}

std::string kind_of(const Result<User>& result) { return result ? "done" : result.error().kind; }

}  // namespace

TEST_CASE("one administrator who can sign in always stays, whoever is changed, disabled or deleted") {
  test::ServiceWorld world;
  world.add_viewer(anna);
  world.add_viewer(ben);
  ServiceContext& context = world.context();
  world.database().run_as_owner(
      "UPDATE users SET role = CASE email WHEN 'anna@example.org' THEN 'ADMIN' ELSE "
      "'USER' END::user_role");
  CHECK(kind_of(change_account(context, anna, to_role(Role::user))) == "last_administrator");
  CHECK(kind_of(change_account(context, anna, to_disabled(true))) == "last_administrator");
  CHECK(delete_account(context, anna).error().kind == "last_administrator");
  CHECK(kind_of(change_account(context, ben, to_role(Role::admin))) == "done");
  CHECK(kind_of(change_account(context, ben, to_disabled(true))) == "done");
  // Who can't sign in does not count, and may go.
  CHECK(kind_of(change_account(context, anna, to_disabled(true))) == "last_administrator");
  CHECK(delete_account(context, ben));
  CHECK(count(world, "users") == "1");
  CHECK(count(world, "audit_logs WHERE user_id NOT IN (SELECT id FROM users)") == "0");
}

TEST_CASE("a change of an account stands in its log with both values, and none does when nothing differs") {
  test::ServiceWorld world;
  const Viewer viewer = world.add_viewer(anna);
  world.add_viewer(ben);
  AccountChange change;
  change.email = "new@example.org";
  change.name = "Nev";
  const std::string before = count(world, "audit_logs");
  const User after = world.must(change_account(world.context(), ben, change));
  CHECK(after.email == "new@example.org");
  CHECK(
      world.database().ask_as_owner(
          "SELECT (old_values ->> 'email') || ' ' || (new_values ->> 'email') FROM audit_logs WHERE action = "
          "'UPDATE'") == "ben@example.org new@example.org");
  CHECK(kind_of(change_account(world.context(), "NEW@example.org", change)) == "done");
  CHECK(std::stoi(count(world, "audit_logs")) == std::stoi(before) + 1);
  change.email = anna;
  CHECK(kind_of(change_account(world.context(), "new@example.org", change)) == "email_taken");
  change.email = "nowhere";
  CHECK_FALSE(change_account(world.context(), "new@example.org", change));
  CHECK(change_account(world.context(), ben, change).error().code == ErrorCode::invalid);
  world.check_gapless(viewer);
}

TEST_CASE("an account is disabled with its sessions, keeps its tokens, and says so in the list") {
  test::ServiceWorld world;
  world.add_viewer(anna);
  const Viewer viewer = world.add_viewer(ben);
  TokenBody token;
  token.name = "a script";
  world.must(create_token(world.context(), viewer, token));
  world.database().run_as_owner(
      "INSERT INTO sessions (user_id, id, token_hash, user_agent, created_at, last_seen_at, expires_at, "
      "absolute_expires_at) SELECT id, gen_random_uuid(), sha256('x'), '', now(), now(), now() + '1 day', "
      "now() "
      "+ '1 "
      "day' FROM users WHERE email = 'ben@example.org'");
  world.database().run_as_owner("UPDATE users SET role = 'USER' WHERE email = 'ben@example.org'");
  const std::string epoch = world.database().ask_as_owner("SELECT epoch FROM session_epoch");
  CHECK(kind_of(change_account(world.context(), ben, to_disabled(true))) == "done");
  CHECK(count(world, "sessions") == "0");
  CHECK(world.database().ask_as_owner("SELECT epoch FROM session_epoch") != epoch);
  const std::vector<AccountRow> accounts = world.must(list_accounts(world.context()));
  REQUIRE(accounts.size() == 2);
  CHECK_FALSE(accounts[0].disabled_at);
  CHECK(accounts[1].disabled_at);
  CHECK(accounts[1].tokens == 1);
  CHECK(kind_of(change_account(world.context(), ben, to_disabled(false))) == "done");
  CHECK_FALSE(world.must(list_accounts(world.context()))[1].disabled_at);
}

TEST_CASE("an account is changed while something holds its counters, and its log tells of it afterwards") {
  test::ServiceWorld world;
  world.add_viewer(anna);
  const Viewer viewer = world.add_viewer(ben);
  ServiceContext& context = world.context();
  AccountChange change;
  change.name = "Another name";
  {
    AuditedTransaction held = world.must(AuditedTransaction::begin(context, viewer));
    CHECK(kind_of(change_account(context, ben, change)) == "done");
    CHECK(kind_of(change_account(context, ben, to_disabled(true))) == "done");
    // As Settings does it, which took the counters first: neither waits for the other.
    CHECK(store::update_user(held.transaction(),
                             *world.must(store::find_user(held.transaction(), viewer.user_id))));
    world.must(held.commit());
  }
  world.must(settle_all_waiting_changes(context));
  world.check_gapless(viewer);
  CHECK(count(world,
              "audit_logs WHERE old_values->>'name' <> 'Another name' AND new_values->>'name' = 'Another "
              "name'") == "1");
  CHECK(count(world, "audit_logs WHERE metadata->>'account' = 'disabled'") == "1");
}

}  // namespace dits
