// Three instances on one PostgreSQL behind a balancer: with one Redis, with a Redis that misbehaves, and
// without.
#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <thread>

#include <doctest/doctest.h>

#include "server/cache/redis_link.hpp"
#include "shared/json/system_json.hpp"
#include "tests/http/support/round_robin.hpp"
#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/redis_server.hpp"

namespace dits::test {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

const std::string login_path = "/api/v1/auth/login";
const std::string me_path = "/api/v1/auth/me";
const std::string issues_path = "/api/v1/issues";

Headers cookie_of(const Answer& answer) {
  const std::string cookie = answer.header("Set-Cookie");
  return {{"Cookie", cookie.substr(0, cookie.find(';'))}};
}

// Three servers, started at the same moment on a database without a schema, with one account.
class Instances {
 public:
  explicit Instances(const Headers& environment) {
    database_.run_as_owner("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    for (std::unique_ptr<RunningServer>& server : servers_)
      server = std::make_unique<RunningServer>(
          database_, std::vector<std::string>{"--migrate", "--database-pool-max", "6"}, environment);
    std::vector<int> ports;
    for (const std::unique_ptr<RunningServer>& server : servers_) {
      server->wait_until_it_listens();
      ports.push_back(server->port());
    }
    balancer_ = std::make_unique<RoundRobin>(ports);
    std::string output;
    REQUIRE(run_binary({"user", "add", alice_email, "--name", "Alice", "--password-stdin"},
                       servers_[0]->environment(),
                       std::string(good_password) + "\n",
                       output) == 0);
  }

  TestDatabase& database() { return database_; }
  Client all() const { return Client(balancer_->port()); }
  int port(std::size_t number) const { return servers_[number]->port(); }
  Client one(std::size_t number) const { return servers_[number]->client(); }
  Headers environment() const { return servers_[0]->environment(); }
  static constexpr std::size_t count = 3;

  Headers sign_in() const {
    const Answer in = all().post(login_path, {{"email", alice_email}, {"password", good_password}});
    CHECK(in.status == 200);
    return cookie_of(in);
  }
  // The answer of every instance to GET /me.
  std::array<int, count> known_by(const Headers& credentials) const {
    std::array<int, count> statuses{};
    for (std::size_t i = 0; i < count; ++i) statuses[i] = one(i).get(me_path, credentials).status;
    return statuses;
  }

 private:
  TestDatabase database_;
  std::array<std::unique_ptr<RunningServer>, count> servers_;
  std::unique_ptr<RoundRobin> balancer_;
};

constexpr std::array<int, 3> all_know{200, 200, 200};
constexpr std::array<int, 3> none_knows{401, 401, 401};

void check_migrated_once(Instances& instances) {
  CHECK(instances.database().ask_as_owner(
            "SELECT count(*) = count(DISTINCT name) AND count(*) > 1 FROM schema_migrations") == "t");
  for (std::size_t i = 0; i < Instances::count; ++i) {
    const Json ready = instances.one(i).get("/readyz").json();
    CHECK(ready["checks"]["migrations"]["state"] == "ok");
    CHECK(ready["checks"]["migrations"]["pending"] == 0);
  }
}

// A session made by one instance is known to all; ended by one it is ended in all, at once.
void check_sessions(const Instances& instances, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    const Headers credentials = instances.sign_in();
    CHECK(instances.known_by(credentials) == all_know);
    CHECK(instances.all().post("/api/v1/auth/logout", Json::object(), credentials).status == 204);
    CHECK(instances.known_by(credentials) == none_knows);
  }
  const Headers kept = instances.sign_in();
  const Headers other = instances.sign_in();
  CHECK(instances.known_by(other) == all_know);
  CHECK(instances.all().remove("/api/v1/auth/sessions", kept).status < 300);
  CHECK(instances.known_by(other) == none_knows);
  CHECK(instances.known_by(kept) == all_know);
}

// Whichever is asked, it names all of them.
void check_they_know_each_other(Instances& instances) {
  instances.database().run_as_owner("UPDATE users SET role = 'ADMIN'");
  const Headers credentials = instances.sign_in();
  for (std::size_t i = 0; i < Instances::count; ++i) {
    std::set<std::string> urls;
    std::string asked;
    CHECK(comes_true([&] {
      const Answer answer = instances.one(i).get("/api/v1/admin/system", credentials);
      REQUIRE(answer.status == 200);
      const Result<SystemOverview> overview = system_overview_from_text(answer.body);
      REQUIRE(overview);
      for (const SystemInstance& instance : overview->instances) {
        urls.insert(instance.url);
        if (instance.is_asked) asked = instance.url;
        CHECK(instance.pool_max == 6);
      }
      return urls.size() == Instances::count;
    }));
    CHECK(asked.ends_with(":" + std::to_string(instances.port(i))));
  }
}

std::vector<std::unique_ptr<Connection>> open_streams(const Instances& instances,
                                                      const Headers& credentials) {
  std::vector<std::unique_ptr<Connection>> streams;
  for (std::size_t i = 0; i < Instances::count; ++i) {
    const std::string request = "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n" + credentials[0].first + ": " +
                                credentials[0].second + "\r\n\r\n";
    streams.push_back(std::make_unique<Connection>(instances.port(i)));
    REQUIRE(streams.back()->send(request));
    REQUIRE(streams.back()->read_until("heartbeat", 15s).find("heartbeat") != std::string::npos);
  }
  return streams;
}

// A change made through one instance reaches the streams of all.
void check_events(const Instances& instances) {
  const Headers credentials = instances.sign_in();
  const std::vector<std::unique_ptr<Connection>> streams = open_streams(instances, credentials);
  for (std::size_t i = 0; i < Instances::count; ++i) {
    const std::string title = "Told by instance " + std::to_string(i);
    REQUIRE(instances.one(i).post(issues_path, {{"title", title}}, credentials).status == 201);
    const auto start = SteadyClock::now();
    for (const std::unique_ptr<Connection>& stream : streams)
      CHECK(stream->read_until(title, 15s).find(title) != std::string::npos);
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start);
    MESSAGE("a change reached the streams of all instances after ", time.count(), " ms");
  }
}

// What a command does is told to the streams of all as well.
void check_import(const Instances& instances) {
  const Headers credentials = instances.sign_in();
  const std::vector<std::unique_ptr<Connection>> streams = open_streams(instances, credentials);
  std::string output;
  REQUIRE(run_binary({"import", "github", "tests/fixtures/github-issues.jsonl", "--user", alice_email},
                     instances.environment(),
                     "",
                     output) == 0);
  for (const std::unique_ptr<Connection>& stream : streams)
    CHECK(stream->read_until("event: change", 20s).find("event: change") != std::string::npos);
}

// An account that is used up is used up in all instances.
void check_shared_limit(Instances& instances, const RedisServer& redis) {
  const Headers credentials = instances.sign_in();
  const std::string user_id = instances.database().ask_as_owner("SELECT id FROM users LIMIT 1");
  const std::string account = "dits:rate:heavy:" + user_id;
  const auto link = RedisLink::open(parse_redis_url(redis.url()).value(), 1s).value();
  const RedisValue time = link->run({"TIME"}).value();
  const std::string in_a_minute = std::to_string(std::stoll(time.list[0].text) + 60) + "000000";
  REQUIRE(link->run({"SET", account, in_a_minute}));
  for (std::size_t i = 0; i < Instances::count; ++i) {
    const Answer refused = instances.one(i).get("/api/v1/export", credentials);
    CHECK(refused.status == 429);
    CHECK(!refused.header("Retry-After").empty());
  }
  REQUIRE(link->run({"DEL", account}));
  for (std::size_t i = 0; i < Instances::count; ++i)
    CHECK(instances.one(i).get("/api/v1/export", credentials).status == 200);
}

// Wrong passwords are counted over all instances.
void check_throttle(Instances& instances) {
  int refused = 0;
  for (int i = 0; i < 8; ++i) {
    const Answer answer = instances.all().post(
        login_path, {{"email", "victim@example.org"}, {"password", "guess number " + std::to_string(i)}});
    if (answer.status == 429) ++refused;
  }
  CHECK(refused == 3);
  instances.database().run_as_owner("DELETE FROM login_failures");
}

// Nobody sees figures from before their own change, whichever instance answers.
void check_stats(const Instances& instances) {
  const Headers credentials = instances.sign_in();
  for (std::size_t i = 0; i < 6; ++i) {
    const int before = instances.one(i % 3).get("/api/v1/stats", credentials).json()["open"].get<int>();
    REQUIRE(instances.one((i + 1) % 3).post(issues_path, {{"title", "Counted"}}, credentials).status == 201);
    for (std::size_t k = 0; k < 3; ++k)
      CHECK(instances.one(k).get("/api/v1/stats", credentials).json()["open"] == before + 1);
  }
}

double metric(const Client& client, const std::string& name) {
  const std::string text = "\n" + client.get("/metrics").body;
  const std::size_t at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

std::string redis_state(const Instances& instances, std::size_t number) {
  const Answer ready = instances.one(number).get("/readyz");
  CHECK(ready.status == 200);
  return ready.json()["checks"]["redis"]["state"].get<std::string>();
}

bool all_have_redis_again(const Instances& instances) {
  for (std::size_t i = 0; i < Instances::count; ++i) {
    if (!comes_true([&] { return redis_state(instances, i) == "ok"; }, 30s)) return false;
  }
  return true;
}

// What `calls` requests took, the slowest hundredth left out; every one has to be answered well.
double p99_ms(const Instances& instances, int calls) {
  const Headers credentials = instances.sign_in();
  std::vector<double> times;
  for (int i = 0; i < calls; ++i) {
    const auto start = SteadyClock::now();
    const Client client = instances.one(static_cast<std::size_t>(i) % 3);
    const int status = i % 10 == 9 ? client.post(issues_path, {{"title", "Timed"}}, credentials).status
                                   : client.get(issues_path + "?limit=20", credentials).status;
    times.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count());
    if (status != (i % 10 == 9 ? 201 : 200)) FAIL("answered ", status);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() * 99 / 100];
}

}  // namespace

TEST_CASE("three instances without a Redis share sessions, limits, events and migrations") {
  Instances instances({});
  check_migrated_once(instances);
  check_sessions(instances, 5);
  check_they_know_each_other(instances);
  check_events(instances);
  check_import(instances);
  check_throttle(instances);
  check_stats(instances);
}

TEST_CASE("three instances with a Redis share sessions, limits, events and migrations") {
  if (lacks(Need::redis)) return;
  const RedisServer redis;
  Instances instances({{"REDIS_URL", redis.url()}});
  check_migrated_once(instances);
  check_sessions(instances, 5);
  check_events(instances);
  check_throttle(instances);
  check_stats(instances);
  check_shared_limit(instances, redis);
  const Headers credentials = instances.sign_in();
  for (int i = 0; i < 5; ++i) CHECK(instances.one(1).get("/api/v1/stats", credentials).status == 200);
  CHECK(metric(instances.one(1), "dits_cache_hits_total{cache=\"stats\"}") >= 4);
  CHECK(metric(instances.one(1), "dits_cache_hits_total{cache=\"sessions\"}") >= 4);
  CHECK(metric(instances.one(1), "dits_redis_failures_total") == 0);
}

TEST_CASE("with Redis stopped, frozen or flapping users see no error and nobody gets in wrongly") {
  if (lacks(Need::redis)) return;
  constexpr int calls = 400;
  RedisServer redis;
  Instances instances({{"REDIS_URL", redis.url()}});
  p99_ms(instances, calls / 4);
  const double healthy = p99_ms(instances, calls);

  redis.stop();
  const double stopped = p99_ms(instances, calls);
  CHECK(redis_state(instances, 0) == "degraded");
  check_sessions(instances, 1);
  check_events(instances);
  check_stats(instances);
  redis.start();
  REQUIRE(all_have_redis_again(instances));

  const Headers revoked_while_frozen = instances.sign_in();
  CHECK(instances.known_by(revoked_while_frozen) == all_know);
  redis.freeze();
  const double frozen = p99_ms(instances, calls);
  CHECK(instances.all().post("/api/v1/auth/logout", Json::object(), revoked_while_frozen).status == 204);
  CHECK(instances.known_by(revoked_while_frozen) == none_knows);
  check_events(instances);
  redis.thaw();
  CHECK(instances.known_by(revoked_while_frozen) == none_knows);
  REQUIRE(all_have_redis_again(instances));
  CHECK(instances.known_by(revoked_while_frozen) == none_knows);
  // Each instance lost few commands to the frozen server: the circuit was open for all others.
  for (std::size_t i = 0; i < 3; ++i) CHECK(metric(instances.one(i), "dits_redis_failures_total") < 40);

  std::jthread flapping([&redis](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      redis.freeze();
      std::this_thread::sleep_for(150ms);
      redis.thaw();
      std::this_thread::sleep_for(250ms);
    }
  });
  const double flapped = p99_ms(instances, calls);
  check_sessions(instances, 4);
  check_stats(instances);
  flapping.request_stop();
  flapping.join();
  REQUIRE(all_have_redis_again(instances));
  check_sessions(instances, 1);
  MESSAGE("p99: healthy ",
          healthy,
          " ms, stopped ",
          stopped,
          " ms, frozen ",
          frozen,
          " ms, flapping ",
          flapped,
          " ms");
}

TEST_CASE("a password changed by a command ends the sessions that servers remember") {
  if (lacks(Need::redis)) return;
  const RedisServer redis;
  const Instances instances({{"REDIS_URL", redis.url()}});
  const Headers credentials = instances.sign_in();
  CHECK(instances.known_by(credentials) == all_know);
  std::string output;
  REQUIRE(run_binary({"user", "passwd", alice_email, "--password-stdin"},
                     instances.environment(),
                     "another good password\n",
                     output) == 0);
  // The command does not know of the servers' Redis; what they hold ends within the lease.
  CHECK(comes_true([&] { return instances.known_by(credentials) == none_knows; }));
}

}  // namespace dits::test
