// The cache against a real Redis that comes and goes.
#include <thread>

#include <doctest/doctest.h>

#include "server/app_commit_marks.hpp"
#include "server/cache/key_value.hpp"
#include "server/cache/rate_limit.hpp"
#include "server/cache/redis_pool.hpp"
#include "server/cache/session_cache.hpp"
#include "server/cache/stats_cache.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/redis_server.hpp"

namespace dits {
namespace {

using test::comes_true;
using test::RedisServer;
using namespace std::chrono_literals;

// One instance's view of Redis. It is patient, since a busy machine is no outage.
struct Instance {
  explicit Instance(const RedisServer& server, std::chrono::milliseconds timeout = 10s)
      : pool(open_redis(Secret(server.url()), options(timeout)).value()),
        store(make_redis_key_value(*pool)) {}

  static RedisPoolOptions options(std::chrono::milliseconds timeout) {
    RedisPoolOptions options;
    options.timeout = timeout;
    options.doubtful_keys = {name_in_redis(SessionCache::lease_key)};
    return options;
  }
  bool comes_back() const {
    return comes_true([this] { return pool->run({"PING"}).has_value(); });
  }

  std::unique_ptr<RedisPool> pool;
  std::unique_ptr<KeyValue> store;
};

KnownCredential somebody(std::int64_t epoch) {
  KnownCredential known;
  known.viewer.user_id = UserId{make_uuid_v7(1, 1, 1)};
  known.viewer.session_id = SessionId{make_uuid_v7(1, 2, 2)};
  known.viewer.role = Role::admin;
  known.viewer.scope = Scope::admin;
  known.viewer.credential = CredentialKind::session;
  known.epoch = epoch;
  known.checked_at = Timestamp{1'000'000};
  known.ends_at = Timestamp{1'000'000 + 24 * 3'600'000};
  return known;
}

constexpr Timestamp now{1'000'001};

// Kept by one and known to the other. Again when the machine was so busy that the lease was over before.
bool is_shared(SessionCache& writer, SessionCache& reader, std::int64_t epoch) {
  return comes_true([&] {
    writer.set("hash", somebody(epoch), writer.moment());
    return reader.get("hash", now).has_value();
  });
}

}  // namespace

TEST_CASE("values go to Redis and come back, end with their life, and go by pattern") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance instance(redis);
  KeyValue& store = *instance.store;
  const std::string binary("a\0b\r\n", 5);
  store.set("bytes", binary, 1h);
  CHECK(store.get("bytes") == binary);
  CHECK(store.get_all({"bytes", "absent"}) == std::vector<std::optional<std::string>>{binary, std::nullopt});
  store.set("short", "1", 1ms);
  store.set("refreshed", "1", 200ms);
  store.refresh("refreshed", 1h);
  CHECK(comes_true([&] { return !store.get("short"); }));
  for (int i = 0; i < 1200; ++i) store.set("many:" + std::to_string(i), "x", 1h);
  store.remove_matching("many:*");
  CHECK(!store.get("many:0"));
  CHECK(!store.get("many:1199"));
  CHECK(store.get("refreshed") == "1");
  CHECK(instance.pool->figures().connections == 1);
}

TEST_CASE("a number that several instances move on never goes back, however late one of them is heard") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance one(redis);
  const Instance other(redis);
  const auto check = [](KeyValue& first, KeyValue& second) {
    first.advance("mark", 1'000'000'000'000, 1h);
    second.advance("mark", 1'000'000'000'007, 1h);
    first.advance("mark", 1'000'000'000'003, 1h);
    CHECK(second.get("mark") == "1000000000007");
    first.advance("mark", 1'000'000'000'008, 1h);
    CHECK(second.get("mark") == "1000000000008");
    first.set("other", "2/3", 1h);
    second.advance("other", 5, 1h);
    CHECK(first.get("other") == "5");
    first.advance("short", 9, 1ms);
    CHECK(comes_true([&] { return !second.get("short"); }));
    second.advance("short", 3, 1h);
    CHECK(first.get("short") == "3");
  };
  check(*one.store, *other.store);
  const std::unique_ptr<KeyValue> here = make_memory_key_value();
  check(*here, *here);
}

TEST_CASE("a commit that lies nobody knows where is farther than any other, for all instances") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance one(redis);
  const Instance other(redis);
  const std::unique_ptr<CommitMarks> here = make_shared_commit_marks(*one.pool, *one.store);
  const std::unique_ptr<CommitMarks> there = make_shared_commit_marks(*other.pool, *other.store);
  const UserId user{make_uuid_v7(1, 1, 1)};
  here->note(user, 1000);
  CHECK(there->last(user) == 1000);
  here->note(user, unknown_log_position);
  CHECK(there->last(user) == unknown_log_position);
  there->note(user, 2000);
  CHECK(here->last(user) == unknown_log_position);
  CHECK(there->last(user) == unknown_log_position);
}

TEST_CASE("a removal that Redis missed is made up for before anything is read from it again") {
  if (test::lacks(test::Need::redis)) return;
  RedisServer redis;
  const Instance instance(redis);
  KeyValue& store = *instance.store;
  store.set("revoked", "session", 1h);
  store.set("group:1", "x", 1h);
  store.set("kept", "y", 1h);
  redis.stop();
  store.remove("revoked");
  store.remove_matching("group:*");
  CHECK(!store.get("kept"));
  redis.start();
  REQUIRE(instance.comes_back());
  CHECK(!store.get("revoked"));
  CHECK(!store.get("group:1"));
  CHECK(store.get("kept") == "y");
  CHECK(instance.pool->figures().outages == 1);
}

TEST_CASE("a frozen Redis costs one timeout, then nothing until it answers again") {
  if (test::lacks(test::Need::redis)) return;
  RedisServer redis;
  const Instance instance(redis, 300ms);
  KeyValue& store = *instance.store;
  REQUIRE(instance.comes_back());
  store.set("a", "1", 1h);
  const RedisFigures before = instance.pool->figures();
  redis.freeze();
  for (int i = 0; i < 1000; ++i) CHECK(!store.get("a"));
  // Once the circuit is open no command is even tried: all but the first were refused at once.
  CHECK(instance.pool->figures().failures == before.failures + 1);
  CHECK(instance.pool->figures().refused == before.refused + 999);
  CHECK(instance.pool->figures().is_away);
  redis.thaw();
  REQUIRE(instance.comes_back());
  CHECK(store.get("a") == "1");
}

TEST_CASE("connections that Redis closed are replaced without an outage") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance instance(redis);
  const Instance other(redis);
  instance.store->set("a", "1", 1h);
  REQUIRE(other.pool->run({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}));
  CHECK(instance.store->get("a") == "1");
  CHECK(instance.pool->figures().outages == 0);
}

TEST_CASE("many threads share a few connections") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance instance(redis);
  std::vector<std::jthread> threads;
  for (int number = 0; number < 16; ++number) {
    threads.emplace_back([&, number] {
      const std::string key = "thread:" + std::to_string(number);
      for (int i = 0; i < 200; ++i) {
        instance.store->set(key, std::to_string(i), 1h);
        if (instance.store->get(key) != std::to_string(i)) instance.store->set("wrong", "1", 1h);
      }
    });
  }
  threads.clear();
  CHECK(!instance.store->get("wrong"));
  CHECK(instance.pool->figures().connections <= instance.pool->figures().max);
  CHECK(instance.pool->figures().outages == 0);
}

TEST_CASE("a session is kept as JSON for a day, refreshed, removed") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance instance(redis);
  SessionCache sessions(instance.store.get());
  std::optional<Viewer> viewer;
  REQUIRE(comes_true([&] {
    sessions.set("hash", somebody(7), sessions.moment());
    viewer = sessions.get("hash", now);
    return viewer.has_value();
  }));
  CHECK(viewer->user_id == somebody(7).viewer.user_id);
  CHECK(viewer->session_id == somebody(7).viewer.session_id);
  CHECK(viewer->role == Role::admin);
  const std::string name = name_in_redis("session:68617368");
  CHECK(instance.pool->run({"GET", name})->text.starts_with("{\"userId\":\""));
  const std::int64_t day_ms = 24 * 3'600'000;
  CHECK(instance.pool->run({"PTTL", name})->number > day_ms - 60'000);
  CHECK(instance.pool->run({"PTTL", name})->number <= day_ms);
  sessions.refresh("hash", 1h);
  CHECK(instance.pool->run({"PTTL", name})->number <= 3'600'000);
  sessions.remove("hash");
  CHECK(!sessions.get("hash", now));
  CHECK(sessions.figures().hits == 1);
  CHECK(sessions.figures().misses >= 1);
}

TEST_CASE(
    "a revocation by one instance holds in all, even against one that read before it and writes after") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance one(redis);
  const Instance two(redis);
  REQUIRE(two.comes_back());  // a new connection ends the lease
  SessionCache first(one.store.get());
  SessionCache second(two.store.get());
  REQUIRE(is_shared(first, second, 7));
  const SessionCache::Moment moment = second.moment();  // the second instance asks the database at epoch 7 …
  first.revoke(8, first.moment());
  CHECK(!second.get("hash", now));
  second.set("hash", somebody(7), moment);  // … and writes what it heard
  CHECK(!second.get("hash", now));
  CHECK(!first.get("hash", now));
  CHECK(is_shared(second, first, 8));
}

TEST_CASE("a revocation that can't be told to others is answered when they have forgotten") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  RedisServer nowhere;
  const Instance cut_off(nowhere);
  const Instance other(redis);
  SessionCache blind(cut_off.store.get());
  SessionCache seeing(other.store.get());
  REQUIRE(is_shared(seeing, seeing, 7));
  nowhere.stop();
  blind.revoke(8, blind.moment());
  CHECK(!seeing.get("hash", now));
}

TEST_CASE("what an instance told a frozen Redis is worth nothing when it goes on") {
  if (test::lacks(test::Need::redis)) return;
  RedisServer redis;
  RedisPoolOptions options;
  options.timeout = 300ms;
  const std::unique_ptr<RedisPool> pool = open_redis(Secret(redis.url()), options).value();
  const std::unique_ptr<KeyValue> writer = make_redis_key_value(*pool);
  const auto begin = writer->now();
  REQUIRE(begin);
  REQUIRE(writer->raise("number", 5, 1h, *begin + 1h));
  writer->remove("number");
  redis.freeze();
  CHECK(!writer->raise("number", 7, 1h, *begin + SessionCache::longest_write));  // lies in the socket
  std::this_thread::sleep_for(SessionCache::longest_write + 100ms);
  redis.thaw();
  const Instance reader(redis);
  REQUIRE(reader.comes_back());
  REQUIRE(comes_true([&] { return !pool->figures().is_away; }));
  CHECK(!reader.store->get("number"));
  CHECK(reader.store->raise("number", 6, 1h, *begin + 1h));
  CHECK(reader.store->get("number") == "6");
}

TEST_CASE("a Redis that comes back with old data brings no session back") {
  if (test::lacks(test::Need::redis)) return;
  RedisServer redis;
  const Instance instance(redis);
  SessionCache sessions(instance.store.get());
  REQUIRE(is_shared(sessions, sessions, 7));
  redis.stop();  // its log of changes has the session and its epoch
  redis.start();
  REQUIRE(instance.comes_back());
  CHECK(instance.store->get("session:68617368"));
  CHECK(!sessions.get("hash", now));
}

TEST_CASE("statistics of another head are not given out") {
  if (test::lacks(test::Need::redis)) return;
  const RedisServer redis;
  const Instance instance(redis);
  StatsCache stats(*instance.store);
  const UserId user{make_uuid_v7(1, 1, 1)};
  stats.set(user, 5, "{\"open\":1}");
  CHECK(stats.get(user, 5) == "{\"open\":1}");
  CHECK(!stats.get(user, 6));
  CHECK(instance.pool->run({"PTTL", name_in_redis("user:" + to_string(user) + ":stats")})->number > 290'000);
  stats.remove(user);
  CHECK(!stats.get(user, 5));
  CHECK(stats.figures().hits == 1);
  CHECK(stats.figures().misses == 2);
}

TEST_CASE("instances count calls together while there is a Redis, and each by itself while there is none") {
  if (test::lacks(test::Need::redis)) return;
  RedisServer redis;
  const Instance one(redis);
  const Instance two(redis);
  const CallRate rate{3, 0.01};
  RateLimit first("test", rate, one.store.get());
  RateLimit second("test", rate, two.store.get());
  CHECK(first.take("a"));
  CHECK(second.take("a"));
  CHECK(first.take("a"));
  const Result<void> refused = second.take("a");
  REQUIRE(!refused);
  CHECK(refused.error().kind == "rate_limited");
  CHECK(refused.error().retry_after_seconds > 50);
  CHECK(first.take("b"));
  redis.stop();
  CHECK(second.take("a"));
}

}  // namespace dits
