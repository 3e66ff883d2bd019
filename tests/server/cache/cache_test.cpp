// The caches of this process, the bus and the limits. Redis has a test of its own.
#include <thread>

#include <doctest/doctest.h>

#include "server/cache/event_bus.hpp"
#include "server/cache/key_value.hpp"
#include "server/cache/rate_limit.hpp"
#include "server/cache/redis_link.hpp"
#include "server/cache/redis_pool.hpp"
#include "server/cache/session_cache.hpp"

namespace dits {

TEST_CASE("a value lives for its time, and removal by pattern takes what matches") {
  const std::unique_ptr<KeyValue> store = make_memory_key_value(3);
  store->set("a:1", "one", std::chrono::hours(1));
  store->set("a:2", "two", std::chrono::hours(1));
  store->set("b:1", "three", std::chrono::milliseconds(0));
  CHECK(store->get("a:1") == "one");
  CHECK(!store->get("b:1"));
  store->remove("a:1");
  CHECK(!store->get("a:1"));
  store->set("b:2", "four", std::chrono::hours(1));
  store->remove_matching("a:*");
  CHECK(!store->get("a:2"));
  CHECK(store->get("b:2") == "four");
}

TEST_CASE("a full cache makes room by what ends first") {
  const std::unique_ptr<KeyValue> store = make_memory_key_value(2);
  store->set("short", "1", std::chrono::minutes(1));
  store->set("long", "2", std::chrono::hours(1));
  store->set("new", "3", std::chrono::hours(1));
  CHECK(!store->get("short"));
  CHECK(store->get("long") == "2");
  CHECK(store->get("new") == "3");
}

TEST_CASE("a session that was read before a revocation is not kept after it") {
  const std::unique_ptr<KeyValue> store = make_memory_key_value();
  SessionCache cache(store.get());
  KnownCredential known;
  known.viewer.user_id = UserId{make_uuid_v7(1, 1, 1)};
  known.viewer.scope = Scope::write;
  known.viewer.credential = CredentialKind::token;
  known.epoch = 3;
  known.checked_at = Timestamp{1000};
  known.ends_at = Timestamp{500'000};
  const SessionCache::Moment moment = cache.moment();
  cache.set("hash", known, moment);
  const std::optional<Viewer> found = cache.get("hash", Timestamp{1001});
  REQUIRE(found);
  CHECK(found->user_id == known.viewer.user_id);
  CHECK(found->scope == Scope::write);
  CHECK(found->credential == CredentialKind::token);
  CHECK(!cache.get("hash", Timestamp{1000 + 60'000}));  // its use has to be written down
  CHECK(!cache.get("hash", Timestamp{500'000}));
  cache.revoke(4, cache.moment());
  CHECK(!cache.get("hash", Timestamp{1001}));
  cache.set("hash", known, moment);
  CHECK(!cache.get("hash", Timestamp{1001}));
  known.epoch = 4;
  cache.doubt();
  cache.set("hash", known, *cache.moment() - std::chrono::seconds(1));
  CHECK(!cache.get("hash", Timestamp{1001}));  // too old an answer
  cache.set("hash", known, std::nullopt);
  CHECK(!cache.get("hash", Timestamp{1001}));
  cache.set("hash", known, cache.moment());
  CHECK(cache.get("hash", Timestamp{1001}));
  cache.doubt();
  CHECK(!cache.get("hash", Timestamp{1001}));
}

TEST_CASE("without a store every credential is asked of the database") {
  SessionCache cache(nullptr);
  cache.set("hash", {}, cache.moment());
  CHECK(!cache.get("hash", Timestamp{}));
  cache.revoke(std::nullopt, cache.moment());
  CHECK(!cache.is_used());
}

TEST_CASE("a bucket gives its burst at once and its rate in the long run") {
  RateLimit limit("test", {2, 1});
  const auto start = std::chrono::steady_clock::now();
  CHECK(limit.take("a", start));
  CHECK(limit.take("a", start));
  CHECK(limit.take("a", start).error().kind == "rate_limited");
  CHECK(limit.take("b", start));
  CHECK(limit.take("a", start + std::chrono::seconds(1)));
  CHECK(!limit.take("a", start + std::chrono::seconds(1)));
}

TEST_CASE(
    "the bus wakes who waits for this user, remembers what came between two waits, and lets go when "
    "stopped") {
  const std::unique_ptr<EventBus> bus = make_local_event_bus();
  const UserId one{make_uuid_v7(1, 1, 1)};
  const UserId other{make_uuid_v7(1, 2, 2)};
  CHECK(!bus->wait(one, 3, std::chrono::milliseconds(1)));
  bus->publish(one, 5);
  bus->publish(other, 9);
  CHECK(bus->wait(one, 3, std::chrono::hours(1)));
  std::thread publisher([&] { bus->publish(one, 6); });
  CHECK(bus->wait(one, 5, std::chrono::hours(1)));
  publisher.join();
  std::thread stopper([&] { bus->stop(); });
  CHECK(!bus->wait(one, 6, std::chrono::hours(1)));
  stopper.join();
}

TEST_CASE("a change goes out over the first courier that takes it, and what comes in wakes who waits") {
  SharedEventBus bus;
  std::vector<std::string> by_first;
  std::vector<std::string> by_second;
  bool first_works = true;
  bus.add_courier([&](const std::string& message) {
    if (first_works) by_first.push_back(message);
    return first_works;
  });
  bus.add_courier([&](const std::string& message) {
    by_second.push_back(message);
    return true;
  });
  const UserId user{make_uuid_v7(1, 1, 1)};
  bus.publish(user, 5);
  first_works = false;
  bus.publish(user, 6);
  CHECK(by_first == std::vector<std::string>{to_string(user) + " 5"});
  CHECK(by_second == std::vector<std::string>{to_string(user) + " 6"});
  SharedEventBus other;
  for (const char* nonsense : {"", " ", "x 1", "x", "00000000-0000-0000-0000-000000000001 x"})
    other.receive(nonsense);
  CHECK(!other.wait(user, 0, std::chrono::milliseconds(1)));
  std::thread waiter([&] { CHECK(other.wait(user, 5, std::chrono::hours(1))); });
  other.receive(by_second.front());
  waiter.join();
}

TEST_CASE("readers poll while a way in is closed, and a while after it has opened") {
  SharedEventBus bus;
  const UserId user{make_uuid_v7(1, 1, 1)};
  CHECK(!bus.is_deaf());
  bus.set_open("redis", false);
  CHECK(bus.is_deaf());
  CHECK(bus.wait(user, 0, std::chrono::milliseconds(1)));
  bus.set_open("redis", true);
  CHECK(!bus.is_deaf());
  CHECK(bus.wait(user, 0, std::chrono::milliseconds(1)));
  bus.stop();
  CHECK(!bus.wait(user, 0, std::chrono::hours(1)));
}

TEST_CASE("a cache whose Redis is away answers nothing, at once, and never fails") {
  const std::unique_ptr<RedisPool> pool = open_redis(Secret("redis://127.0.0.1:1/0")).value();
  const std::unique_ptr<KeyValue> store = make_redis_key_value(*pool);
  for (int i = 0; i < 1000; ++i) {
    store->set("a", "1", std::chrono::hours(1));
    CHECK(!store->get("a"));
    store->remove("a");
    store->remove_matching("*");
    CHECK(!store->raise("a", 1, std::chrono::hours(1), std::chrono::hours(1)));
    CHECK(!store->take_call("a", {1, 1}));
  }
  const RedisFigures figures = pool->figures();
  CHECK(figures.is_away);
  CHECK(figures.failures == 1);  // the first told it; the others did not try
  CHECK(!figures.reason.empty());
}

TEST_CASE("a Redis URL that makes no sense is refused") {
  for (const char* url : {"", "http://x", "redis://x:port", "redis://x/y"}) CHECK(!open_redis(Secret(url)));
}

TEST_CASE("the URL of a Redis may write what means something else in it by its code, and a place by number") {
  const RedisUrl url = parse_redis_url("redis://dits:p%40ss%2Fw%6frd%25@cache.lan:6380/2").value();
  CHECK(url.user == "dits");
  CHECK(url.password.reveal() == "p@ss/word%");
  CHECK(url.host == "cache.lan");
  CHECK(url.port == 6380);
  CHECK(url.database == 2);
  CHECK(parse_redis_url("redis://:50%@x").value().password.reveal() == "50%");
  CHECK(parse_redis_url("redis://[::1]:6380").value().host == "::1");
  CHECK(parse_redis_url("redis://[::1]:6380").value().port == 6380);
  CHECK(parse_redis_url("redis://[fe80::1]").value().host == "fe80::1");
  CHECK(parse_redis_url("redis://[fe80::1]").value().port == 6379);
}

}  // namespace dits
