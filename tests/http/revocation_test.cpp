// Two instances on one database, each of which remembers who it let in and what queries can name.
#include <memory>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"

namespace dits::test {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

const std::string me_path = "/api/v1/auth/me";
const std::string issues_path = "/api/v1/issues";

Headers cookie_of(const Answer& answer) {
  const std::string cookie = answer.header("Set-Cookie");
  return {{"Cookie", cookie.substr(0, cookie.find(';'))}};
}

double metric(const Client& client, const std::string& name) {
  const std::string text = "\n" + client.get("/metrics").body;
  const std::size_t at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

class TwoInstances {
 public:
  TwoInstances() {
    for (std::unique_ptr<RunningServer>& server : servers_)
      server = std::make_unique<RunningServer>(database_, std::vector<std::string>{}, Headers{});
    for (const std::unique_ptr<RunningServer>& server : servers_) server->wait_until_it_listens();
    std::string output;
    REQUIRE(run_binary({"user", "add", alice_email, "--name", "Alice", "--password-stdin"},
                       first().environment(),
                       std::string(good_password) + "\n",
                       output) == 0);
    alice_id_ = database_.ask_as_owner("SELECT id FROM users");
  }

  RunningServer& first() { return *servers_[0]; }
  RunningServer& second() { return *servers_[1]; }
  TestDatabase& database() { return database_; }
  const std::string& alice_id() const { return alice_id_; }

  Headers sign_in() {
    const Answer in =
        first().client().post("/api/v1/auth/login", {{"email", alice_email}, {"password", good_password}});
    REQUIRE(in.status == 200);
    return cookie_of(in);
  }
  // A token that its owner has made; its id and its secret.
  std::pair<std::string, Headers> make_token(const Headers& session, Json more = Json::object()) {
    Json body{{"name", "test"}, {"scope", "WRITE"}};
    body.update(more);
    const Answer made = first().client().post("/api/v1/auth/tokens", body, session);
    REQUIRE(made.status == 201);
    const Json json = made.json();
    return {json["id"].get<std::string>(), {{"Authorization", "Bearer " + json["token"].get<std::string>()}}};
  }
  // Used on both until both know it without the database.
  void make_known(const Headers& credentials) {
    for (const auto& server : servers_) {
      const Client client = server->client();
      const double before = metric(client, hits);
      REQUIRE(comes_true([&] {
        REQUIRE(client.get(me_path, credentials).status == 200);
        return metric(client, hits) > before;
      }));
    }
  }
  bool is_known(const Headers& credentials) {
    return first().client().get(me_path, credentials).status == 200 ||
           second().client().get(me_path, credentials).status == 200;
  }

 private:
  static constexpr const char* hits = "dits_cache_hits_total{cache=\"sessions\"}";

  TestDatabase database_;
  std::unique_ptr<RunningServer> servers_[2];
  std::string alice_id_;
};

}  // namespace

TEST_CASE("what one instance revokes no instance accepts from its answer on, though both remember it") {
  TwoInstances world;
  const Client first = world.first().client();
  const Headers keeper = world.sign_in();
  for (int round = 0; round < 5; ++round) {
    CAPTURE(round);
    const auto [token_id, token] = world.make_token(keeper);
    world.make_known(token);
    CHECK(first.remove("/api/v1/auth/tokens/" + token_id, keeper).status == 204);
    CHECK(!world.is_known(token));

    const Headers ended = world.sign_in();
    world.make_known(ended);
    CHECK(first.post("/api/v1/auth/logout", Json::object(), ended).status == 204);
    CHECK(!world.is_known(ended));
  }
  const Headers other = world.sign_in();
  world.make_known(other);
  const Json passwords{{"currentPassword", good_password}, {"newPassword", "another good password"}};
  const Answer changed = first.post("/api/v1/auth/me/password", passwords, keeper);
  REQUIRE(changed.status < 300);
  CHECK(!world.is_known(other));
  CHECK(first.get(me_path, keeper).status == 200);
}

TEST_CASE("what a hand at the database revokes the instances stop to accept as soon as they hear of it") {
  TwoInstances world;
  const Headers session = world.sign_in();
  const auto gone = [&](const Headers& credentials) {
    return comes_true([&] { return !world.is_known(credentials); });
  };
  const auto [token_id, token] = world.make_token(session);
  world.make_known(token);
  world.database().run_as_owner("UPDATE api_tokens SET revoked_at = now() WHERE id = '" + token_id + "'");
  CHECK(gone(token));

  world.database().run_as_owner("UPDATE users SET role = 'ADMIN'");
  world.make_known(session);
  const auto admin_status = [&](RunningServer& server) {
    return server.client().get("/api/v1/admin/statements", session).status;
  };
  REQUIRE(
      comes_true([&] { return admin_status(world.first()) == 200 && admin_status(world.second()) == 200; }));
  world.database().run_as_owner("UPDATE users SET role = 'USER'");
  CHECK(
      comes_true([&] { return admin_status(world.first()) == 403 && admin_status(world.second()) == 403; }));

  world.database().run_as_owner("DELETE FROM users");
  CHECK(gone(session));
}

TEST_CASE("a token ends at its time on every instance that remembers it") {
  TwoInstances world;
  const Headers session = world.sign_in();
  const auto token = world.make_token(session).second;
  world.database().run_as_owner(
      "UPDATE api_tokens SET expires_at = now() + interval '3 seconds'");  // makes both forget it
  world.make_known(token);
  CHECK(comes_true([&] { return !world.is_known(token); }));
  CHECK(world.database().ask_as_owner("SELECT expires_at <= now() FROM api_tokens") == "t");
  CHECK(world.first().client().get(me_path, session).status == 200);
}

TEST_CASE("an instance whose ear was cut off asks the database, and misses no revocation made meanwhile") {
  TwoInstances world;
  const Headers session = world.sign_in();
  for (int round = 0; round < 5; ++round) {
    const auto [token_id, token] = world.make_token(session);
    world.make_known(token);
    // In one transaction: whoever listens again has missed the notification.
    world.database().run_as_owner(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dits-events' AND "
        "datname = "
        "current_database(); UPDATE api_tokens SET revoked_at = now() WHERE id = '" +
        token_id + "'");
    CHECK(comes_true([&] { return !world.is_known(token); }));
    for (int i = 0; i < 20; ++i) CHECK(!world.is_known(token));
    CHECK(world.first().client().get(me_path, session).status == 200);
  }
}

TEST_CASE(
    "a revocation waits for an instance that hears nothing until it does not believe its memory any more") {
  if (lacks(Need::own_cluster)) return;
  TwoInstances world;
  const Headers session = world.sign_in();
  const auto [token_id, token] = world.make_token(session);
  world.make_known(token);
  const std::string pids = world.database().ask_as_owner(
      "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE application_name = 'dits-events' AND "
      "datname = "
      "current_database()");
  const auto one = static_cast<pid_t>(std::stol(pids));
  const auto other = static_cast<pid_t>(std::stol(pids.substr(pids.find(' '))));
  ::kill(one, SIGSTOP);
  ::kill(other, SIGSTOP);
  const int revoked = world.first().client().remove("/api/v1/auth/tokens/" + token_id, session).status;
  const bool is_known = world.is_known(token);
  ::kill(one, SIGCONT);
  ::kill(other, SIGCONT);
  CHECK(revoked == 204);
  CHECK(!is_known);
  CHECK(world.first().client().get(me_path, session).status == 200);
}

TEST_CASE("a new name is known to the one who gave it at once, and to other instances soon") {
  TwoInstances world;
  const Headers session = world.sign_in();
  const Client first = world.first().client();
  const Client second = world.second().client();
  const auto label = first.post("/api/v1/labels", {{"name", "zero"}}, session).text("id");
  REQUIRE(first.post(issues_path, {{"title", "Labelled"}, {"labelIds", {label}}}, session).status == 201);
  const auto found = [&](const Client& client, const std::string& name) {
    const Answer answer = client.get(issues_path + "?q=label:" + name, session);
    return answer.status == 200 && answer.json()["items"].size() == 1;
  };
  const std::string hits = "dits_cache_hits_total{cache=\"names\"}";
  std::string before = "zero";
  for (const char* name : {"one", "two", "three", "four"}) {
    CAPTURE(name);
    for (const Client& client : {first, second}) {
      const double known = metric(client, hits);
      REQUIRE(comes_true([&] { return found(client, before) && metric(client, hits) > known; }));
    }
    REQUIRE(first.patch("/api/v1/labels/" + label, {{"name", name}}, session).status == 200);
    CHECK(found(first, name));
    CHECK(!found(first, before));
    CHECK(comes_true([&] { return found(second, name) && !found(second, before); }));
    before = name;
  }
  world.database().run_as_owner("UPDATE labels SET name = 'by hand'");
  CHECK(comes_true([&] { return found(first, "%22by%20hand%22") && found(second, "%22by%20hand%22"); }));
}

TEST_CASE("that a credential is in use is written down soon, for many requests at once") {
  TwoInstances world;
  const Headers session = world.sign_in();
  const auto token = world.make_token(session).second;
  for (int i = 0; i < 20; ++i) CHECK(world.second().client().get(me_path, token).status == 200);
  CHECK(comes_true([&] {
    return world.database().ask_as_owner("SELECT count(*) FROM api_tokens WHERE last_used_at IS NOT NULL") ==
           "1";
  }));
}

}  // namespace dits::test
