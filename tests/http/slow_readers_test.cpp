// Clients that ask for much and read nothing: what they cost, and that nobody else notices.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/http/support/running_server.hpp"
#include "tests/support/needs.hpp"

namespace dits::test {
namespace {

constexpr int reader_count = 300;
constexpr long most_growth_kb = 24;  // for each reader

// The largest file that the page of the web app names.
std::string largest_asset(const Client& client) {
  const std::string page = client.get("/").body;
  std::string largest;
  std::size_t most = 0;
  for (std::size_t at = 0; (at = page.find("/assets/", at)) != std::string::npos; ++at) {
    const std::string path = page.substr(at, page.find('"', at) - at);
    const Answer answer = client.get(path);
    if (answer.status != 200 || answer.body.size() <= most) continue;
    most = answer.body.size();
    largest = path;
  }
  return largest;
}

long resident_kb(const RunningServer& server) {
  std::ifstream status("/proc/" + std::to_string(server.process_id()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

}  // namespace

TEST_CASE("hundreds who ask for the largest file and read nothing cost little and hinder nobody") {
  const RunningServer server;
  const Client client = server.client();
  const std::string path = largest_asset(client);
  REQUIRE_FALSE(path.empty());
  for (const std::string encoding : {"gzip", "identity"}) {
    CAPTURE(encoding);
    const Headers headers{{"Accept-Encoding", encoding}};
    const std::size_t size = client.get(path, headers).body.size();
    const long before = resident_kb(server);
    std::vector<Connection> readers;
    for (int i = 0; i < reader_count; ++i) {
      readers.emplace_back(server.port());
      REQUIRE(readers.back().send("GET " + path + " HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + encoding +
                                  "\r\n\r\n"));
    }
    // All of them have been answered, as far as they take it.
    for (Connection& reader : readers) REQUIRE(reader.wait_readable(std::chrono::seconds(10)));
    const Answer whole = client.get(path, headers);
    CHECK(whole.status == 200);
    CHECK(whole.body.size() == size);
    for (int i = 0; i < 20; ++i) CHECK(client.get("/healthz").status == 200);
    if (lacks(Need::own_memory)) continue;
    const long growth = resident_kb(server) - before;
    CHECK(growth < reader_count * most_growth_kb);
    MESSAGE(encoding, ": ", size >> 10U, " KB, ", growth / reader_count, " KB for each reader");
  }
}

}  // namespace dits::test
