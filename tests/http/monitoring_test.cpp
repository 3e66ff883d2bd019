// What those who watch the server see: alerts, their webhook, and a dashboard whose figures exist.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/metrics.hpp"
#include "shared/json/system_json.hpp"
#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"

namespace dits::test {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

// Takes one request, answers 204, or 200 with this body, and keeps what came.
class Receiver {
 public:
  explicit Receiver(const std::string& body = {})
      : answer_(body.empty() ? "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
                             : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                                   std::to_string(body.size()) + "\r\n\r\n" + body),
        socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(socket_, 4) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Receiver() { ::close(socket_); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook?key=k1"; }

  // Head and body of the next request; empty when none came in time.
  std::string take(std::chrono::milliseconds at_most) {
    pollfd entry{socket_, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(at_most.count())) != 1) return {};
    const int peer = ::accept(socket_, nullptr, nullptr);
    std::string text;
    const auto deadline = SteadyClock::now() + 5s;
    const auto is_whole = [&] {
      return text.find('}') != std::string::npos ||
             (text.starts_with("GET ") && text.find("\r\n\r\n") != std::string::npos);
    };
    while (!is_whole() && SteadyClock::now() < deadline) {
      char buffer[4096];
      const ssize_t count = ::recv(peer, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      text.append(buffer, static_cast<std::size_t>(count));
    }
    static_cast<void>(::send(peer, answer_.data(), answer_.size(), MSG_NOSIGNAL));
    ::close(peer);
    return text;
  }

 private:
  const std::string answer_;
  int socket_;
  int port_ = 0;
};

}  // namespace

TEST_CASE("an alert is told to the webhook, /metrics and /readyz") {
  Receiver receiver;
  const RunningServer server({"--alert-disk-free-percent=100", "--alert-hold-seconds=0"},
                             {{"ALERT_WEBHOOK_URL", receiver.url()}});
  const std::string told = receiver.take(30s);
  CHECK(told.starts_with("POST /hook?key=k1 HTTP/1.1\r\n"));
  CHECK(told.find("\"alert\":\"disk\"") != std::string::npos);
  CHECK(told.find("\"state\":\"firing\"") != std::string::npos);
  const std::string metrics = server.client().get("/metrics").body;
  CHECK(metrics.find("dits_alert_firing{alert=\"disk\"} 1\n") != std::string::npos);
  CHECK(metrics.find("dits_alert_firing{alert=\"database\"} 0\n") != std::string::npos);
  const Answer ready = server.client().get("/readyz");
  CHECK(ready.status == 200);
  CHECK(ready.text("status") == "degraded");
}

TEST_CASE("an administrator is told samples of the figures, once each, and the state at the moment") {
  RunningServer server({"--alert-disk-free-percent=100", "--alert-hold-seconds=0"});
  REQUIRE(server.client()
              .post("/api/v1/auth/register",
                    {{"setupToken", server.setup_token()},
                     {"email", alice_email},
                     {"name", "Alice"},
                     {"password", good_password}})
              .status == 201);
  const Client alice = server.signed_in(server.database().ask_as_owner("SELECT id FROM users"));
  const auto ask = [&](const std::string& query) {
    const Answer answer = alice.get("/api/v1/admin/system" + query);
    CAPTURE(answer.body);
    REQUIRE(answer.status == 200);
    const Result<SystemOverview> overview = system_overview_from_text(answer.body);
    REQUIRE(overview);
    return *overview;
  };
  SystemOverview overview = ask("");
  CHECK(overview.pool_max == 10);
  REQUIRE(comes_true(
      [&] {
        overview = ask("");
        return overview.samples.size() >= 2;
      },
      30s));
  const SystemSample last = overview.samples.back();
  CHECK(last[SystemSeries::requests_good] > 0);
  CHECK(last[SystemSeries::statements] > 0);
  CHECK(last[SystemSeries::latency_half] > 0);
  CHECK(last[SystemSeries::memory] > 1e6);
  CHECK(last[SystemSeries::database_size] > 1e6);
  CHECK(last[SystemSeries::disk_free] > 0);
  CHECK_FALSE(is_known(last[SystemSeries::redis_away]));
  CHECK(ask("?since=" + to_string(last.at)).samples.size() < 2);
  const Timestamp ahead{overview.at.unix_ms + 3'600'000};
  CHECK(ask("?since=" + to_string(ahead)).samples.size() >= 2);

  CHECK(overview.url.ends_with(":" + std::to_string(server.port())));
  REQUIRE(!overview.instances.empty());
  CHECK(overview.instances[0].is_asked);
  REQUIRE(!overview.alerts.empty());
  CHECK(overview.alerts[0].name == "disk");
  CHECK(!overview.alerts[0].resolved_at);
  std::set<std::string> parts;
  for (const SystemPart& part : overview.parts) parts.insert(part.name);
  CHECK(parts == std::set<std::string>{"alerts", "database", "disk", "events", "migrations"});
  CHECK(!overview.statements.empty());
  CHECK(alice.get("/api/v1/admin/system?since=yesterday").status == 400);
  CHECK(alice.get("/api/v1/admin/system?until=now").status == 400);
}

TEST_CASE("every figure of the dashboard is one that the server tells, or could with replicas and Redis") {
  std::ifstream file("docs/grafana-dashboard.json");
  const std::string dashboard{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(!dashboard.empty());
  REQUIRE(parse_json(dashboard));
  std::set<std::string> wanted;
  for (const std::string_view prefix : {"dits_", "process_"}) {
    for (std::size_t at = dashboard.find(prefix); at != std::string::npos;
         at = dashboard.find(prefix, at + 1)) {
      const std::size_t end = dashboard.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", at);
      wanted.insert(dashboard.substr(at, end - at));
    }
  }
  CHECK(wanted.size() > 20);
  for (const std::string& name : wanted) {
    CAPTURE(name);
    CHECK(std::ranges::any_of(all_metrics(), [&](const MetricRow& row) {
      const std::string known(row.name);
      if (row.type != MetricType::histogram) return name == known;
      return name == known + "_bucket" || name == known + "_sum" || name == known + "_count";
    }));
  }
  // And what is told is what the table says, wherever it comes from.
  const std::string metrics = shared_server().server.client().get("/metrics").body;
  for (const MetricRow& row : all_metrics()) {
    // These need a part that this server was started without.
    if (row.name.starts_with("dits_redis_") || row.name.starts_with("dits_replica_") ||
        row.metric == Metric::certificate_expires || row.metric == Metric::backup_age_seconds ||
        row.metric == Metric::backup_bytes)
      continue;
    CAPTURE(row.name);
    CHECK(metrics.find("# HELP " + std::string(row.name) + " ") != std::string::npos);
  }
}

TEST_CASE("dits health tells by its exit code whether the server of its configuration serves") {
  const auto health = [](int port, std::string& said, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"health", "--port", std::to_string(port)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    said.clear();
    return run_binary_with_errors(arguments, {}, said);
  };
  std::string said;
  {
    RunningServer server({"--alert-disk-free-percent=100", "--alert-hold-seconds=0"});
    CHECK(health(server.port(), said) == 0);
    CHECK(health(server.port(), said, {"--host", "0.0.0.0"}) == 0);
    CHECK(health(server.port(), said, {"--json"}) == 0);
    CHECK(parse_json(said)->contains("checks"));
    REQUIRE(comes_true([&] { return server.client().get("/readyz").text("status") == "degraded"; }));
    CHECK(health(server.port(), said) == 0);
    CHECK(said.starts_with("it serves, but "));
    REQUIRE(server.terminate() == 0);
    CHECK(health(server.port(), said) != 0);
    CHECK(said.find("Nobody answers at http://127.0.0.1:" + std::to_string(server.port())) !=
          std::string::npos);
  }
  for (const char* body : {"",
                           "ok",
                           "[]",
                           "{\"checks\":{\"db\":\"ok\"}}",
                           "{\"checks\":{\"db\":{\"state\":true}}}",
                           "{\"checks\":[{\"state\":\"ok\"}]}"}) {
    CAPTURE(std::string(body));
    Receiver other(body);
    std::thread answers([&] { other.take(30s); });
    CHECK(health(other.port(), said) != 0);
    CHECK(said.find("is no DITS") != std::string::npos);
    answers.join();
  }
  CHECK(health(0, said) != 0);
  CHECK(said.find("say it with --port") != std::string::npos);
}

}  // namespace dits::test
