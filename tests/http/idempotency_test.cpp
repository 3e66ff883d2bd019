// Idempotency-Key: a write happens once, and a repeat is answered as the first was.
#include <thread>

#include <doctest/doctest.h>

#include "tests/http/support/running_server.hpp"

namespace dits::test {

TEST_CASE("a repeat with the same key changes nothing and is answered as the first") {
  SharedServer& shared = shared_server();
  const Headers key{{"Idempotency-Key", fresh_secret()}};
  const Answer first = shared.alice.post("/api/v1/projects", {{"name", "once only"}}, key);
  const Answer second = shared.alice.post("/api/v1/projects", {{"name", "once only"}}, key);
  REQUIRE(first.status == 201);
  CHECK(second.status == 201);
  CHECK(second.body == first.body);
  CHECK(second.header("Location") == first.header("Location"));
  CHECK(second.header("Idempotency-Replayed") == "true");
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM projects WHERE name = 'once only'") ==
        "1");
}

TEST_CASE("a change and a deletion are made once as well, whatever others did meanwhile") {
  SharedServer& shared = shared_server();
  const std::string path =
      "/api/v1/issues/" + shared.alice.post("/api/v1/issues", {{"title", "changed once"}}).text("id");
  const auto count_changes = [&](const std::string& action) {
    return shared.server.database().ask_as_owner(
        "SELECT count(*) FROM audit_logs WHERE action = '" + action +
        "' AND entity_id = (SELECT id FROM issues WHERE title = 'of another')");
  };
  const Headers key{{"Idempotency-Key", fresh_secret()}};
  const Answer first = shared.alice.patch(path, {{"title", "by the key"}}, key);
  REQUIRE(first.status == 200);
  REQUIRE(shared.alice.patch(path, {{"title", "of another"}}).status == 200);
  const Answer second = shared.alice.patch(path, {{"title", "by the key"}}, key);
  CHECK(second.status == 200);
  CHECK(second.body == first.body);
  CHECK(second.header("Idempotency-Replayed") == "true");
  CHECK(count_changes("UPDATE") == "2");

  const Headers other_key{{"Idempotency-Key", fresh_secret()}};
  REQUIRE(shared.alice.remove(path, other_key).status == 204);
  REQUIRE(shared.alice.post(path + "/restore", Json::object()).status == 200);
  CHECK(shared.alice.remove(path, other_key).status == 204);
  CHECK(shared.alice.get(path).json()["deletedAt"].is_null());
  CHECK(shared.alice.patch(path, {{"title", "by the key"}}, other_key).status == 422);
}

TEST_CASE("a table that is sent twice with one key comes in once") {
  SharedServer& shared = shared_server();
  const std::string path = "/api/v1/import?format=csv";
  const Headers headers{{"Content-Type", "application/octet-stream"}, {"Idempotency-Key", fresh_secret()}};
  const Answer first = shared.alice.call("POST", path, "title\ncame in once\n", headers);
  const Answer second = shared.alice.call("POST", path, "title\ncame in once\n", headers);
  REQUIRE(first.status == 200);
  CHECK(second.body == first.body);
  CHECK(second.header("Idempotency-Replayed") == "true");
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM issues WHERE title = 'came in once'") ==
        "1");
  CHECK(shared.alice.call("POST", path, "title\nanother\n", headers).status == 422);
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM issues WHERE title = 'another'") == "0");
}

TEST_CASE("a key belongs to one request and to one user") {
  SharedServer& shared = shared_server();
  const Headers key{{"Idempotency-Key", fresh_secret()}};
  REQUIRE(shared.alice.post("/api/v1/projects", {{"name", "key of alice"}}, key).status == 201);
  const Answer other_body = shared.alice.post("/api/v1/projects", {{"name", "another body"}}, key);
  CHECK(other_body.status == 422);
  CHECK(other_body.text("code") == "idempotency_key_reused");
  CHECK(shared.alice.post("/api/v1/areas", {{"name", "key of alice"}}, key).status == 422);
  const Answer of_bob = shared.bob.post("/api/v1/projects", {{"name", "key of alice"}}, key);
  CHECK(of_bob.status == 201);
  CHECK(of_bob.header("Idempotency-Replayed").empty());
}

TEST_CASE("a refused request may be tried again with its key") {
  SharedServer& shared = shared_server();
  const Headers key{{"Idempotency-Key", fresh_secret()}};
  const Json label{{"name", "retried label"}};
  const Answer blocker = shared.alice.post("/api/v1/labels", label);
  REQUIRE(blocker.status == 201);
  CHECK(shared.alice.post("/api/v1/labels", label, key).status == 409);
  REQUIRE(shared.alice.remove("/api/v1/labels/" + blocker.text("id")).status == 204);
  CHECK(shared.alice.post("/api/v1/labels", label, key).status == 201);
}

TEST_CASE("eight simultaneous requests with one key make one change and get one answer") {
  SharedServer& shared = shared_server();
  const Headers key{{"Idempotency-Key", fresh_secret()}};
  std::vector<Answer> answers(8);
  std::vector<std::thread> threads;
  for (Answer& answer : answers) {
    threads.emplace_back([&shared, &key, &answer] {
      answer = shared.alice.post("/api/v1/labels", {{"name", "all at once"}}, key);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Answer& answer : answers) {
    CHECK(answer.status == 201);
    CHECK(answer.text("id") == answers.front().text("id"));
  }
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM labels WHERE name = 'all at once'") ==
        "1");
}

TEST_CASE(
    "the key is written with the change: when the answer was lost, a repeat still finds what was made") {
  SharedServer& shared = shared_server();
  const std::string secret = fresh_secret();
  const Headers key{{"Idempotency-Key", secret}};
  const Answer first = shared.alice.post("/api/v1/labels", {{"name", "answer lost"}}, key);
  REQUIRE(first.status == 201);
  // As a crash between the commit and the keeping of the answer leaves it.
  shared.server.database().run_as_owner(
      "UPDATE idempotency_keys SET headers = NULL, body = (SELECT new_values::text FROM audit_logs WHERE "
      "entity_id = '" +
      first.text("id") + "') WHERE key = '" + secret + "'");
  const Answer repeat = shared.alice.post("/api/v1/labels", {{"name", "answer lost"}}, key);
  CHECK(repeat.status == 201);
  CHECK(repeat.text("id") == first.text("id"));
}

TEST_CASE("secrets are not kept under a key") {
  SharedServer& shared = shared_server();
  const std::string secret = fresh_secret();
  const Answer made =
      shared.alice.post("/api/v1/auth/tokens", {{"name", "unkept"}}, {{"Idempotency-Key", secret}});
  REQUIRE(made.status == 201);
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM idempotency_keys WHERE key = '" + secret +
                                              "'") == "0");
}

}  // namespace dits::test
