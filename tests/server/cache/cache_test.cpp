// The caches of this process, the bus and the limits. Redis has a test of its own.
#include <thread>

#include <doctest/doctest.h>

#include "server/cache/event_bus.hpp"
#include "server/cache/key_value.hpp"
#include "server/cache/rate_limit.hpp"
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
  SessionCache cache(*store);
  Viewer viewer;
  viewer.user_id = UserId{make_uuid_v7(1, 1, 1)};
  viewer.scope = Scope::write;
  viewer.credential = CredentialKind::token;
  cache.keep("hash", viewer, cache.moment());
  const std::optional<Viewer> found = cache.find("hash");
  REQUIRE(found);
  CHECK(found->user_id == viewer.user_id);
  CHECK(found->scope == Scope::write);
  CHECK(found->credential == CredentialKind::token);
  const std::uint64_t moment = cache.moment();
  cache.forget(viewer.user_id);
  CHECK(!cache.find("hash"));
  cache.keep("hash", viewer, moment);
  CHECK(!cache.find("hash"));
}

TEST_CASE("a bucket gives its burst at once and its rate in the long run") {
  RateLimit limit(2, 1);
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
  CHECK(bus->wait(one, 3, std::chrono::milliseconds(1)) == 3);
  bus->publish(one, 5);
  bus->publish(other, 9);
  CHECK(bus->wait(one, 3, std::chrono::hours(1)) == 5);
  std::thread publisher([&] { bus->publish(one, 6); });
  CHECK(bus->wait(one, 5, std::chrono::hours(1)) == 6);
  publisher.join();
  std::thread stopper([&] { bus->stop(); });
  CHECK(bus->wait(one, 6, std::chrono::hours(1)) == 6);
  stopper.join();
}

TEST_CASE("a cache whose Redis is away answers nothing, at once, and never fails") {
  Result<std::unique_ptr<KeyValue>> store = make_redis_key_value(Secret("redis://127.0.0.1:1/0"));
  REQUIRE(store);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) {
    (*store)->set("a", "1", std::chrono::hours(1));
    CHECK(!(*store)->get("a"));
    (*store)->remove("a");
    (*store)->remove_matching("*");
  }
  CHECK(!(*store)->is_available());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("a Redis URL that makes no sense is refused") {
  for (const char* url : {"", "http://x", "redis://x:port", "redis://x/y"})
    CHECK(!make_redis_key_value(Secret(url)));
}

}  // namespace dits
