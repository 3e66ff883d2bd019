// Studio over HTTP: what a client sees of an export that ends well or badly, and of a write that is repeated.
#include <doctest/doctest.h>

#include "tests/http/support/running_server.hpp"

namespace dits::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* end_of_chunks = "\r\n0\r\n\r\n";

// A server with an administrator and `count` projects of 200 KB each.
struct Studio {
  explicit Studio(int count) {
    anna = to_string(server.database().add_user("anna@x.dev"));
    server.database().run_as_owner(
        "UPDATE users SET role = 'ADMIN'; INSERT INTO projects (user_id, id, name, description) SELECT '" +
        anna + "', gen_random_uuid(), 'p' || n, repeat('x', 200000) FROM generate_series(1, " +
        std::to_string(count) + ") AS n");
  }

  // The head of an export that has begun.
  Connection begin_export(std::string& received) {
    Connection connection(server.port());
    const Client client = server.with_token(anna, "ADMIN");
    std::string request =
        "GET /api/v1/admin/studio/tables/projects/export?format=csv HTTP/1.1\r\nHost: x\r\n";
    for (const auto& [name, value] : client.credentials) request += name + ": " + value + "\r\n";
    REQUIRE(connection.send(request + "\r\n"));
    received = connection.read_until("\r\n\r\n", 20s);
    return connection;
  }

  RunningServer server;
  std::string anna;
};

}  // namespace

TEST_CASE("an export of Studio that breaks off is no whole file, one that ends well is") {
  Studio studio(120);
  std::string received;
  {
    Connection connection = studio.begin_export(received);
    CHECK(received.find("200 OK") != std::string::npos);
    CHECK(connection.read_until(end_of_chunks, 60s).ends_with(end_of_chunks));
  }
  Connection connection = studio.begin_export(received);
  CHECK(studio.server.database().ask_as_owner(
            "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE application_name = "
            "'dits-studio'") == "t");
  const std::string rest = connection.read_until(end_of_chunks, 60s);
  CHECK(rest.find(end_of_chunks) == std::string::npos);
}

TEST_CASE("a token of an administrator reads in Studio and writes nothing there") {
  Studio studio(1);
  const Client client = studio.server.with_token(studio.anna, "ADMIN");
  CHECK(client.get("/api/v1/admin/studio/tables").status == 200);
  CHECK(client.post("/api/v1/admin/studio/sql", {{"sql", "select 1"}}).status == 200);
  CHECK(client
            .post("/api/v1/admin/studio/sql",
                  {{"sql", "update projects set name = 'x'"}, {"allowWrites", true}, {"confirmedRows", 1}})
            .status == 403);
  CHECK(client.post("/api/v1/admin/studio/changes", {{"changes", Json::array()}}).status == 403);
  CHECK(studio.server.database().ask_as_owner("SELECT name FROM projects") == "p1");
}

TEST_CASE("a write by SQL that is repeated with its key is carried out once") {
  Studio studio(1);
  const Client client = studio.server.signed_in(studio.anna);
  const Json body = {
      {"sql", "update projects set name = name || '+'"}, {"allowWrites", true}, {"confirmedRows", 1}};
  const Answer first = client.post("/api/v1/admin/studio/sql", body, {{"Idempotency-Key", "once-1"}});
  CAPTURE(first.body);
  CHECK(first.status == 200);
  const Answer second = client.post("/api/v1/admin/studio/sql", body, {{"Idempotency-Key", "once-1"}});
  CHECK(second.status == 200);
  CHECK(second.body == first.body);
  CHECK(studio.server.database().ask_as_owner("SELECT name FROM projects") == "p1+");
}

}  // namespace dits::test
