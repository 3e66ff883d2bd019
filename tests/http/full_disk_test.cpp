// A disk that fills, under the real program and its own PostgreSQL: reading goes on, writing is refused with
// a sentence, but for what makes room, and both heal when there is room again.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "server/embedded/ballast.hpp"
#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/small_disk.hpp"

namespace dits::test {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* issues_path = "/api/v1/issues";

pid_t postgres_of(const std::string& data_dir) {
  for (const auto& entry : std::filesystem::directory_iterator(data_dir)) {
    const auto text = read_file(entry.path().string() + "/postmaster.pid");
    if (text) return std::stoi(*text);
  }
  return -1;
}

Answer write_issue(const Client& client) { return client.post(issues_path, {{"title", "One more"}}); }

void check_full(const Client& client) {
  Answer refused;
  CHECK(comes_true([&] { return (refused = write_issue(client)).status == 507; }));
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(refused.text("code") == "disk_full");
  CHECK(refused.text("detail").find("disk") != std::string::npos);
  CHECK_FALSE(refused.header("Retry-After").empty());
  CHECK(comes_true([&] { return client.get(issues_path).status == 200; }));
}

// Takes away and brings back while nothing else can be written.
void check_freeing(const Client& client, const std::string& issue, const std::string& file) {
  check_full(client);
  const std::string path = std::string(issues_path) + "/" + issue;
  CHECK(client.remove(path + "/attachments/" + file).status == 204);
  CHECK(client.post(path + "/attachments/" + file + "/restore", Json::object()).status == 200);
  CHECK(client.remove(path).status == 204);
  const Answer log = client.get("/api/v1/audit-logs?entityType=issue&limit=1");
  REQUIRE(log.status == 200);
  const Json entry = log.json()["items"][0];
  CHECK(entry["action"] == "DELETE");
  CHECK(entry["entityId"] == issue);
  const std::string change = std::to_string(entry["changeId"].get<std::int64_t>());
  CHECK(client.post("/api/v1/audit-logs/" + change + "/undo", Json::object()).status == 200);
  CHECK(client.get(path).json()["deletedAt"].is_null());
  CHECK(client.post(path + "/comments", {{"body", "No room"}}).text("code") == "disk_full");
}

}  // namespace

TEST_CASE("on a full disk reading goes on, writing is 507, and it heals by itself") {
  if (lacks(Need::small_disk)) return;
  const SmallDisk disk(200);
  REQUIRE(disk.is_mounted());
  auto server = RunningServer::embedded(disk.data_dir());
  const Answer made = server->client().post("/api/v1/auth/register",
                                            {{"setupToken", server->setup_token()},
                                             {"email", alice_email},
                                             {"name", "Alice"},
                                             {"password", good_password}});
  REQUIRE(made.status == 201);
  const std::string cookie = made.header("Set-Cookie");
  const auto alice = [&] {
    Client client = server->client();
    client.credentials = {{"Cookie", cookie.substr(0, cookie.find(';'))}};
    return client;
  };
  const Answer issue = write_issue(alice());
  REQUIRE(issue.status == 201);
  const std::string upload =
      "/api/v1/issues/" + std::to_string(issue.json()["number"].get<int>()) + "/attachments?name=a.txt";
  const Headers octets{{"Content-Type", "application/octet-stream"}};
  const Answer file = alice().call("POST", upload, "hello", octets);
  CHECK(file.status == 201);
  MESSAGE("free before: ", disk.free_bytes() >> 20U, " MB");
  const std::string issue_id = issue.text("id");
  const std::string gone_id = write_issue(alice()).text("id");
  const std::string ballast = disk.data_dir() + "/ballast";
  REQUIRE(std::filesystem::exists(ballast));

  disk.fill();
  check_full(alice());
  CHECK(std::filesystem::exists(ballast));
  check_freeing(alice(), issue_id, file.text("id"));
  CHECK_FALSE(std::filesystem::exists(ballast));
  CHECK(alice().remove(std::string(issues_path) + "/" + gone_id).status == 204);
  CHECK(alice().remove("/api/v1/trash/issue/" + gone_id).status == 204);
  CHECK(alice().get(std::string(issues_path) + "/" + gone_id).status == 404);
  CHECK(alice().call("POST", upload, "hello", octets).status == 507);
  const Answer login =
      alice().post("/api/v1/auth/login", {{"email", alice_email}, {"password", good_password}});
  CHECK((login.status == 200 || login.text("code") == "disk_full"));
  CHECK(server->client().get("/healthz").status == 200);
  CHECK(server->client().get("/readyz").body.find("disk") != std::string::npos);
  std::string output;
  CHECK(run_binary_with_errors({"backup"}, server->environment(), output) != 0);
  CHECK(output.find("disk") != std::string::npos);

  SUBCASE("PostgreSQL that is killed comes back") {
    REQUIRE(::kill(postgres_of(disk.data_dir()), SIGKILL) == 0);
    check_full(alice());
  }
  SUBCASE("a server that is killed starts again") {
    server->kill();
    server = RunningServer::embedded(disk.data_dir());
    check_full(alice());
  }
  SUBCASE("a server that is killed starts again, though others have taken what was set aside") {
    disk.fill();
    REQUIRE(disk.free_bytes() < embedded::start_ballast_bytes);
    REQUIRE_FALSE(std::filesystem::exists(ballast));
    server->kill();
    disk.fill();
    server = RunningServer::embedded(disk.data_dir());
    check_full(alice());
    CHECK_FALSE(std::filesystem::exists(ballast + "-start"));
  }
  SUBCASE("the next segment of PostgreSQL's log has no room") {
    // Each of these writes a little and begins a new segment.
    for (int i = 0; i < 4; ++i) {
      run_binary_with_errors({"db", "shell", "--", "-XAtc", "SELECT txid_current(); SELECT pg_switch_wal()"},
                             server->environment(),
                             output);
    }
    check_full(alice());
  }
  disk.empty();
  CHECK(comes_true([&] { return write_issue(alice()).status == 201; }, 5s));
  CHECK(alice().call("POST", upload, "hello", octets).status == 201);
  CHECK(alice().get(issues_path).json()["items"].size() >= 2);
  CHECK(comes_true([&] { return std::filesystem::exists(ballast); }));
  CHECK(std::filesystem::exists(ballast + "-start"));
}

TEST_CASE("what can wait stops first, what begins and ends access late, what frees last") {
  const std::int64_t small = std::int64_t{200} << 20U;
  const std::int64_t large = std::int64_t{100} << 30U;
  for (const std::int64_t capacity : {small, large}) {
    const DiskReserves reserves = disk_reserves(capacity);
    CHECK(reserves.bulk_bytes > reserves.write_bytes);
    CHECK(reserves.write_bytes > reserves.urgent_bytes);
    CHECK(reserves.urgent_bytes > embedded::ballast_bytes);
    CHECK(embedded::ballast_bytes > reserves.freeing_bytes);
    // What is given to what frees is not taken by what writes.
    CHECK(reserves.freeing_bytes + embedded::ballast_bytes < reserves.write_bytes);
    CHECK(reserves.bulk_bytes < capacity / 2);
  }
}

}  // namespace dits::test
