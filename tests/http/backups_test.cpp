// Backups of a running server: the administrator's route, and a restore beneath it.
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"

namespace dits::test {

namespace {

constexpr const char* route = "/api/v1/admin/backups";

bool has_project(const Client& client, const std::string& name) {
  const Answer answer = client.get("/api/v1/projects");
  return answer.status == 200 && answer.body.find(name) != std::string::npos;
}

}  // namespace

TEST_CASE("an administrator has a backup written and sees it; another user does neither") {
  SharedServer shared;
  CHECK(shared.bob.get(route).status == 403);
  CHECK(shared.bob.post(route, Json::object()).status == 403);
  CHECK(shared.alice.get(route).json()["items"].empty());
  CHECK(shared.alice.post(route, Json::object()).status == 202);
  Json overview;
  REQUIRE(comes_true([&] {
    overview = shared.alice.get(route).json();
    return !overview["items"].empty() && overview["isRunning"] == false;
  }));
  REQUIRE(overview["history"].size() == 1);
  CHECK(overview["items"][0]["isVerified"] == true);
  CHECK(overview["schedule"] == "daily");
  CHECK(overview["history"].back()["problem"] == "");
  const Answer metrics = shared.server.client().get("/metrics");
  CHECK(metrics.body.find("\ndits_backup_age_seconds ") != std::string::npos);
  CHECK(metrics.body.find("\ndits_backup_failures_total 0\n") != std::string::npos);
}

TEST_CASE("a backup of another database is marked as such") {
  SharedServer shared;
  REQUIRE(shared.alice.post(route, Json::object()).status == 202);
  Json overview;
  REQUIRE(comes_true([&] {
    overview = shared.alice.get(route).json();
    return !overview["items"].empty() && overview["isRunning"] == false;
  }));
  CHECK(overview["items"][0]["isForeign"] == false);
  const std::string stem = overview["directory"].get<std::string>() + "/" +
                           overview["items"][0]["file"].get<std::string>().substr(0, 27);
  const std::string manifest = stem + ".json";
  std::string text = read_file(manifest).value();
  const std::size_t at = text.find("\"database\"");
  REQUIRE(at != std::string::npos);
  const std::size_t digit = text.find_first_of("0123456789abcdef", text.find(':', at));
  text[digit] = text[digit] == '0' ? '1' : '0';
  REQUIRE(write_file_atomically(manifest, text));
  CHECK(shared.alice.get(route).json()["items"][0]["isForeign"] == true);
}

TEST_CASE("a running server goes on with the data that a restore puts beneath it") {
  SharedServer shared;
  REQUIRE(shared.alice.post("/api/v1/projects", {{"name", "project of before"}}).status == 201);
  const auto log = shared.alice.get("/api/v1/sync?since=0").json()["log"].get<std::string>();
  std::string output;
  REQUIRE(run_binary({"backup"}, shared.server.environment(), "", output) == 0);
  const std::string file = output.substr(0, output.find(' '));
  REQUIRE(shared.alice.post("/api/v1/projects", {{"name", "project of after"}}).status == 201);
  CAPTURE(output);
  REQUIRE(run_binary({"restore", file, "--yes"}, shared.server.environment(), "", output) == 0);
  CHECK(comes_true([&] { return has_project(shared.alice, "project of before"); }));
  CHECK_FALSE(has_project(shared.alice, "project of after"));
  CHECK(shared.alice.post("/api/v1/projects", {{"name", "project of later"}}).status == 201);
  // Who has seen the replaced data begins again; the numbers of its changes are used a second time.
  CHECK(shared.alice.get("/api/v1/sync?since=1").status == 200);
  CHECK(shared.alice.get("/api/v1/sync?since=1&log=" + log).status == 409);
  CHECK(shared.alice.get("/api/v1/events?lastEventId=1&log=" + log).status == 409);
}

}  // namespace dits::test
