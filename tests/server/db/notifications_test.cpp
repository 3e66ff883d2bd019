// LISTEN and NOTIFY over connections that are lost and made again.
#include "server/db/notifications.hpp"

#include <condition_variable>
#include <deque>

#include <doctest/doctest.h>

#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;

// What one listener was told.
class Inbox {
 public:
  Notifications::Handlers handlers() {
    return {[this](const Notice& notice, Notifications&) {
              const std::lock_guard lock(mutex_);
              notices_.push_back(notice.channel + ":" + notice.payload);
              changed_.notify_all();
            },
            [this](bool is_open) {
              const std::lock_guard lock(mutex_);
              if (is_open) ++openings_;
              changed_.notify_all();
            }};
  }
  bool is_opened(int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return openings_ >= times; });
  }
  std::string next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 20s, [&] { return !notices_.empty(); })) return "nothing";
    std::string first = notices_.front();
    notices_.pop_front();
    return first;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> notices_;
  int openings_ = 0;
};

}  // namespace

TEST_CASE("what one program notifies, another that listens hears, in order and with any characters") {
  test::TestDatabase db;
  Inbox inbox;
  const Notifications listener(db.pool_options().connection, {"dits_test"}, inbox.handlers());
  REQUIRE(inbox.is_opened(1));
  Notifications sender(db.pool_options().connection, {}, {});
  sender.send("dits_test", "one");
  sender.send("dits_other", "not for us");
  sender.send("dits_test", "two \"quoted\" \\ {x,y} '");
  CHECK(inbox.next() == "dits_test:one");
  CHECK(inbox.next() == "dits_test:two \"quoted\" \\ {x,y} '");
}

TEST_CASE("a sender that ends has sent what it was given") {
  test::TestDatabase db;
  Inbox inbox;
  const Notifications listener(db.pool_options().connection, {"dits_test"}, inbox.handlers());
  REQUIRE(inbox.is_opened(1));
  Notifications(db.pool_options().connection, {}, {}).send("dits_test", "farewell");
  CHECK(inbox.next() == "dits_test:farewell");
}

TEST_CASE("a listener whose connection is killed listens again by itself") {
  test::TestDatabase db;
  Inbox inbox;
  Notifications listener(db.pool_options().connection, {"dits_test"}, inbox.handlers());
  REQUIRE(inbox.is_opened(1));
  db.run_as_owner(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
      "pg_backend_pid()");
  REQUIRE(inbox.is_opened(2));
  listener.send("dits_test", "again");
  CHECK(inbox.next() == "dits_test:again");
}

TEST_CASE("every revocation moves the epoch of sessions on, and says so; use does not") {
  test::TestDatabase db;
  Inbox inbox;
  const Notifications listener(db.pool_options().connection, {"dits_sessions"}, inbox.handlers());
  REQUIRE(inbox.is_opened(1));
  const std::string user = "'" + to_string(db.add_user("a@example.org")) + "'";
  const auto epoch = [&] { return std::stoll(db.ask_as_owner("SELECT epoch FROM session_epoch")); };
  db.run_as_owner(
      "INSERT INTO sessions (id, user_id, token_hash, expires_at, absolute_expires_at) SELECT "
      "gen_random_uuid(), " +
      user +
      ", sha256(n::text::bytea), now() + interval '1 hour', now() + interval '1 day' FROM "
      "generate_series(1, 3) n");
  db.run_as_owner(
      "INSERT INTO api_tokens (id, user_id, name, token_hash, prefix, scope) SELECT gen_random_uuid(), " +
      user + ", 'test', sha256(n::text::bytea), 'dits_', 'WRITE' FROM generate_series(1, 2) n");
  long long last = epoch();
  for (const char* use :
       {"UPDATE sessions SET last_seen_at = now(), expires_at = expires_at + interval '1 minute'",
        "UPDATE api_tokens SET last_used_at = now()",
        "DELETE FROM sessions WHERE false",
        "UPDATE users SET name = 'New'"}) {
    CAPTURE(use);
    db.run_as_owner(use);
    CHECK(epoch() == last);
  }
  for (const char* revocation : {"DELETE FROM sessions WHERE id = (SELECT min(id::text)::uuid FROM sessions)",
                                 "UPDATE sessions SET expires_at = now()",
                                 "UPDATE api_tokens SET revoked_at = now()",
                                 "UPDATE api_tokens SET scope = 'READ'",
                                 "DELETE FROM api_tokens",
                                 "UPDATE users SET role = 'ADMIN'",
                                 "DELETE FROM sessions"}) {
    CAPTURE(revocation);
    db.run_as_owner(revocation);
    CHECK(epoch() > last);
    CHECK(inbox.next() == "dits_sessions:");
    last = epoch();
  }
}

}  // namespace dits
