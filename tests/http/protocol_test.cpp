// What arrives over the wire: framing, limits, slow clients, streams, compression, assets.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

#include <doctest/doctest.h>

#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/gunzip.hpp"

namespace dits::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

int port() { return shared_server().server.port(); }

// Sends bytes as they are, answers the first answer.
Answer send_raw(const std::string& bytes) {
  Connection connection(port());
  connection.send(bytes);
  return connection.receive();
}

}  // namespace

TEST_CASE("doubtful framing is answered 400 and the connection closed") {
  const std::vector<std::string> heads{
      "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
      "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n folded\r\n\r\n",
      "GET /healthz HTTP/1.1\nHost: x\n\nGET / HTTP/1.1\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nX-A: b\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n"s,
      "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  };
  for (const std::string& head : heads) {
    CAPTURE(head);
    Connection connection(port());
    connection.send(head);
    const Answer answer = connection.receive();
    CHECK(answer.status == 400);
    CHECK(answer.header("Connection") == "close");
    CHECK(answer.text("code") == "bad_framing");
    CHECK(connection.is_closed_by_peer(std::chrono::seconds(5)));
  }
}

TEST_CASE("OPTIONS and whole addresses are understood, by old clients too") {
  CHECK(send_raw("OPTIONS / HTTP/1.0\r\n\r\n").status == 204);
  CHECK(send_raw("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status == 204);
  CHECK(send_raw("OPTIONS /api/v1/labels HTTP/1.1\r\nHost: x\r\n\r\n").header("Allow") == "GET, HEAD, POST");
  CHECK(send_raw("GET http://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n").text("status") == "ok");
  CHECK(send_raw("GET HTTP://x:80/healthz?a=b HTTP/1.1\r\nHost: X:80\r\n\r\n").status == 200);
  CHECK(send_raw("GET http://x HTTP/1.1\r\nHost: x\r\n\r\n").header("Content-Type").starts_with("text/html"));
}

TEST_CASE("a head or address that is too large is refused") {
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  CHECK(send_raw("GET /healthz HTTP/1.1\r\nHost: x\r\n" + many + "\r\n").status == 431);
  CHECK(send_raw("GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + std::string(40'000, 'a') + "\r\n\r\n").status ==
        431);
  CHECK(send_raw("GET /" + std::string(17'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").status == 414);
}

TEST_CASE("a few empty lines before a request are skipped, a stream of them is refused at once") {
  CHECK(send_raw("\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").status == 200);
  std::string blank;
  for (int i = 0; i < 50'000; ++i) blank += "\r\n";
  Connection connection(port());
  connection.send(blank);
  CHECK(connection.receive().status == 400);
}

TEST_CASE("a body over the limit is refused before it is read") {
  const SharedServer& shared = shared_server();
  CHECK(
      send_raw("POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n").status ==
      413);
  CHECK(shared.alice.call("POST", "/api/v1/labels", std::string(1'200'000, ' ')).status == 413);
}

TEST_CASE("bytes that are no text are refused, in addresses and in bodies") {
  const Client& alice = shared_server().alice;
  CHECK(alice.get("/api/v1/labels/%ff").status == 400);
  CHECK(alice.get("/api/v1/labels/%00").status == 400);
  CHECK(alice.get("/api/v1/labels/%zz").status == 400);
  CHECK(alice.call("POST", "/api/v1/labels", "{\"name\":\"\xff\"}").status == 400);
  CHECK(alice.call("POST", "/api/v1/labels", R"({"name":"a\u0000b"})").status == 400);
  CHECK(alice.call("POST", "/api/v1/labels", std::string(5000, '[') + std::string(5000, ']')).status == 400);
  CHECK(alice.call("POST", "/api/v1/labels", "{\"name\":").status == 400);
}

TEST_CASE("several requests may come at once on one connection, and are answered in order") {
  Connection connection(port());
  const std::string one = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string two =
      "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  connection.send(one + two + one);
  CHECK(connection.receive().status == 200);
  CHECK(connection.receive().status == 400);
  CHECK(connection.receive().text("status") == "ok");
}

TEST_CASE("HEAD answers as GET without a body, an unknown method tells the known ones") {
  Client client = shared_server().server.client();
  const Answer head = client.call("HEAD", "/healthz", std::nullopt);
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "15");
  const Answer refused = client.call("DELETE", "/healthz", std::nullopt);
  CHECK(refused.status == 405);
  CHECK(refused.header("Allow") == "GET, HEAD");
  CHECK(client.get("/api/v1/nothing-here").status == 404);
  CHECK(client.call("TRACE", "/healthz", std::nullopt).status == 405);
  for (const char* method : {"TRACE", "PROPFIND", "POST"}) {
    const Answer page = client.call(method, "/", std::nullopt);
    CHECK(page.status == 405);
    CHECK(page.header("Allow") == "GET, HEAD");
  }
}

TEST_CASE("another origin gets in when it is listed, with a token and for what it asked, and no other does") {
  RunningServer server({"--allowed-origins", "https://pages.example.org"});
  const std::string anna = to_string(server.database().add_user("anna@x.dev"));
  const Client token = server.with_token(anna, "WRITE");
  const Client cookie = server.signed_in(anna);
  const Headers listed{{"Origin", "https://pages.example.org"}, {"Sec-Fetch-Site", "cross-site"}};
  const Headers other{{"Origin", "https://pages.example.org.evil.example"}, {"Sec-Fetch-Site", "cross-site"}};
  const Answer preflight = server.client().call("OPTIONS", "/api/v1/labels", std::nullopt, listed);
  CHECK(preflight.status == 204);
  CHECK(preflight.header("Access-Control-Allow-Origin") == "https://pages.example.org");
  CHECK(preflight.header("Access-Control-Allow-Methods") == "GET, HEAD, POST, PATCH, DELETE");
  for (const char* name : {"ETag", "Location", "Retry-After", "X-Request-Id", "Idempotency-Replayed"}) {
    CAPTURE(name);
    CHECK(preflight.header("Access-Control-Expose-Headers").find(name) != std::string::npos);
  }
  CHECK(preflight.header("Access-Control-Allow-Headers").find("Authorization") != std::string::npos);
  CHECK(preflight.header("Access-Control-Allow-Credentials").empty());
  CHECK(preflight.header("Vary").find("Origin") != std::string::npos);
  const Answer made = token.post("/api/v1/labels", {{"name", "from afar"}}, listed);
  CHECK(made.status == 201);
  CHECK(made.header("Access-Control-Allow-Origin") == "https://pages.example.org");
  const Answer stranger = server.client().call("OPTIONS", "/api/v1/labels", std::nullopt, other);
  CHECK(stranger.header("Access-Control-Allow-Origin").empty());
  CHECK(token.get("/api/v1/labels", other).header("Access-Control-Allow-Origin").empty());
  CHECK(cookie.post("/api/v1/labels", {{"name", "forged"}}, other).status == 403);
}

TEST_CASE("a secret given as a flag can't be read by others from the list of processes") {
  RunningServer server({"--alert-webhook-url",
                        "http://user:geheim@127.0.0.1:9/hook",
                        "--redis-url=redis://:geheim@127.0.0.1:9"});
  std::ifstream file("/proc/" + std::to_string(server.process_id()) + "/cmdline", std::ios::binary);
  const std::string line((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  CHECK(line.find("--alert-webhook-url") != std::string::npos);
  CHECK(line.find("geheim") == std::string::npos);
}

TEST_CASE("while users' requests hold every connection they may have, health and login answer") {
  RunningServer server(std::vector<std::string>{}, {{"DATABASE_POOL_MAX", "3"}});
  const Client client = server.client();
  REQUIRE(client
              .post("/api/v1/auth/register",
                    {{"setupToken", server.setup_token()},
                     {"email", "anna@x.dev"},
                     {"name", "Anna"},
                     {"password", good_password}})
              .status == 201);
  const std::string anna = server.database().ask_as_owner("SELECT id FROM users");
  // Long enough for what follows, and shorter than a request waits for a lock.
  std::thread blocker([&] {
    server.database().run_as_owner(
        "BEGIN; LOCK TABLE labels IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(3); COMMIT");
  });
  const auto count = [&](const std::string& condition) {
    return server.database().ask_as_owner(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND " + condition);
  };
  const auto wait_for = [&](const std::string& condition, const char* number) {
    CHECK(comes_true([&] { return count(condition) == number; }, 10s));
  };
  wait_for("wait_event = 'PgSleep'", "1");
  std::vector<Client> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(server.signed_in(anna));
  std::vector<std::thread> waiting;
  for (const Client& each : clients) {
    waiting.emplace_back([&each] { static_cast<void>(each.get("/api/v1/labels")); });
  }
  // All but the one that is kept for logins and sessions.
  wait_for("wait_event_type = 'Lock'", "2");
  const auto start = std::chrono::steady_clock::now();
  CHECK(client.get("/healthz").status == 200);
  const Answer in = client.post("/api/v1/auth/login", {{"email", "anna@x.dev"}, {"password", good_password}});
  CHECK(in.status == 200);
  CHECK(std::chrono::steady_clock::now() - start < 2s);
  CHECK(count("wait_event_type = 'Lock'") == "2");
  for (std::thread& thread : waiting) thread.join();
  blocker.join();
}

TEST_CASE("every answer carries the security headers and an id of its own") {
  const SharedServer& shared = shared_server();
  const std::vector<Answer> answers{
      shared.alice.get("/api/v1/auth/me"),
      shared.server.client().get("/api/v1/auth/me"),
      shared.server.client().get("/"),
      shared.server.client().get("/api/nothing"),
      shared.server.client().get("/healthz", {{"X-Request-Id", "mine"}}),
      send_raw("GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
      send_raw("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
      send_raw("GET /" + std::string(17'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
      send_raw("POST /api/v1/labels HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")};
  for (const Answer& answer : answers) {
    CHECK(answer.header("Content-Security-Policy") ==
          "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' "
          "blob: data:; "
          "style-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
          "form-action 'none'; frame-ancestors 'none'");
    CHECK(answer.header("Permissions-Policy") ==
          "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
          "microphone=(), payment=(), usb=()");
    CHECK(answer.header("X-Frame-Options") == "DENY");
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK(answer.header("Referrer-Policy") == "no-referrer");
    CHECK(answer.header("Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(answer.header("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(answer.header("X-Request-Id").size() == 16);
    CHECK(answer.header("X-Request-Id") != "mine");
    CHECK(answer.header("Access-Control-Allow-Origin").empty());
  }
  CHECK(answers[0].header("Cache-Control") == "no-store");
  for (std::size_t at = 5; at < answers.size(); ++at)
    CHECK(answers[at].text("requestId") == answers[at].header("X-Request-Id"));
  CHECK(answers.back().text("detail").find(" MB here.") != std::string::npos);
}

TEST_CASE("a query of the length that the language takes fits into an address, whatever its letters are") {
  std::string query;
  for (int i = 0; i < 1'333; ++i) query += "%E6%97%A5";
  const Answer answer = shared_server().alice.get("/api/v1/issues?q=" + query + "&sort=-updated&limit=1");
  CHECK(answer.status == 200);
}

TEST_CASE("If-Match may name several versions") {
  const Client& alice = shared_server().alice;
  const Answer made = alice.post("/api/v1/issues", {{"title", "Versioned"}});
  REQUIRE(made.status == 201);
  const std::string path = "/api/v1/issues/" + made.text("id");
  const auto change = [&](const std::string& versions) {
    return alice.call(
        "PATCH", path, R"({"title":"Changed )" + versions.substr(1, 1) + "\"}", {{"If-Match", versions}});
  };
  CHECK(change("\"9\", W/\"1\"").status == 200);
  CHECK(change("\"9\", \"1\"").status == 412);
  CHECK(change("\"2\"").status == 200);
  CHECK(change("\"3\" \"4\"").status == 400);
  CHECK(change("\"x\"").status == 400);
  CHECK(change("*").status == 200);
}

TEST_CASE("JSON of more than a kilobyte is sent as gzip to those who take it") {
  const Client& alice = shared_server().alice;
  const std::string path = "/api/openapi.json";
  const Answer plain = alice.get(path);
  REQUIRE(plain.body.size() > 1024);
  CHECK(plain.header("Content-Encoding").empty());
  CHECK(plain.header("Vary") == "Accept-Encoding");
  const Answer small = alice.get(path, {{"Accept-Encoding", "br;q=0, gzip"}});
  CHECK(small.header("Content-Encoding") == "gzip");
  CHECK(small.body.size() < plain.body.size() / 3);
  CHECK(gunzip(small.body) == plain.body);
  CHECK(alice.get(path, {{"Accept-Encoding", "gzip;q=0"}}).header("Content-Encoding").empty());
}

TEST_CASE("a deep link of the app answers its page, an address that is none answers 404") {
  const Client client = shared_server().server.client();
  const Answer index = client.get("/");
  REQUIRE(index.status == 200);
  CHECK(index.header("Content-Type").starts_with("text/html"));
  CHECK(index.header("Cache-Control") == "no-cache");
  for (const char* path : {"/issues/128",
                           "/today",
                           "/projects/0199c1f2-0000-7000-8000-000000000000",
                           "/setup/abc",
                           "/views/x?q=is:open"}) {
    CHECK(client.get(path).body == index.body);
  }
  CHECK(client.get("/", {{"If-None-Match", index.header("ETag")}}).status == 304);
  for (const char* path :
       {"/missing.js", "/api", "/api/x", "/assets/no.wasm", "/.env", "/../etc/passwd.txt"}) {
    CHECK(client.get(path).status == 404);
  }
}

TEST_CASE("assets are named by their content and kept for ever") {
  const Client client = shared_server().server.client();
  const std::string page = client.get("/").body;
  const std::size_t at = page.find("/assets/");
  REQUIRE(at != std::string::npos);
  const std::string path = page.substr(at, page.find('"', at) - at);
  const Answer plain = client.get(path);
  REQUIRE(plain.status == 200);
  CHECK(plain.header("Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(std::count_if(plain.headers.begin(), plain.headers.end(), [](const auto& header) {
          return header.first == "Content-Type" || header.first == "content-type";
        }) == 1);
  const Answer small = client.get(path, {{"Accept-Encoding", "gzip"}});
  CHECK(small.header("Content-Encoding") == "gzip");
  CHECK(small.body.size() < plain.body.size());
  CHECK(gunzip(small.body) == plain.body);
  CHECK(client.get(path, {{"Accept-Encoding", "gzip, br"}}).header("Content-Encoding") == "br");
}

TEST_CASE("thousands of slow clients do not slow health down, and each is cut off after its deadline") {
  std::vector<Connection> slow;
  for (int i = 0; i < 2000; ++i) {
    slow.emplace_back(port());
    REQUIRE(slow.back().is_open());
    slow.back().send(i % 2 == 0
                         ? "GET /healthz HT"
                         : "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  }
  const Client client = shared_server().server.client();
  std::vector<std::int64_t> times;
  for (int i = 0; i < 21; ++i) {
    const auto start = std::chrono::steady_clock::now();
    CHECK(client.get("/healthz").status == 200);
    times.push_back(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::sort(times.begin(), times.end());
  CHECK(times[times.size() / 2] <= 50);
  const Answer late = slow.front().receive(std::chrono::seconds(14));
  CHECK(late.status == 408);
  CHECK(slow.back().receive(std::chrono::seconds(14)).status == 408);
}

TEST_CASE("hundreds of open event streams do not starve requests") {
  SharedServer& shared = shared_server();
  const std::string request =
      "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: " + shared.alice.credentials.front().second +
      "\r\n\r\n";
  std::vector<Connection> streams;
  for (int i = 0; i < 400; ++i) {
    streams.emplace_back(port());
    REQUIRE(streams.back().send(request));
  }
  CHECK(streams.back().read_until("event: heartbeat", std::chrono::seconds(20)).find("text/event-stream") !=
        std::string::npos);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) CHECK(shared.alice.get("/api/v1/auth/me").status == 200);
  const auto each_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
          .count() /
      20;
  CHECK(each_ms <= 100);
}

TEST_CASE("a change reaches another tab's stream, and Last-Event-ID brings what was missed") {
  SharedServer& shared = shared_server();
  const std::string cookie = shared.alice.credentials.front().second;
  const auto open = [&](const std::string& extra) {
    Connection connection(port());
    connection.send("GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: " + cookie + "\r\n" + extra + "\r\n");
    return connection;
  };
  Connection live = open("");
  CHECK(live.read_until("event: heartbeat", std::chrono::seconds(5)).find("200 OK") != std::string::npos);
  REQUIRE(shared.alice.post("/api/v1/labels", {{"name", "streamed one"}}).status == 201);
  const std::string seen = live.read_until("streamed one", std::chrono::seconds(5));
  CHECK(seen.find("event: change") != std::string::npos);
  REQUIRE(shared.alice.post("/api/v1/labels", {{"name", "streamed two"}}).status == 201);
  const std::string head = shared.server.database().ask_as_owner(
      "SELECT last_change_id - 1 FROM user_counters WHERE user_id = '" + shared.alice_id + "'");
  Connection resumed = open("Last-Event-ID: " + head + "\r\n");
  const std::string missed = resumed.read_until("streamed two", std::chrono::seconds(5));
  CHECK(missed.find("streamed two") != std::string::npos);
  CHECK(missed.find("streamed one") == std::string::npos);
  Connection foreign(port());
  foreign.send("GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: " + shared.bob.credentials.front().second +
               "\r\n\r\n");
  foreign.read_until("event: heartbeat", std::chrono::seconds(5));
  REQUIRE(shared.alice.post("/api/v1/labels", {{"name", "streamed three"}}).status == 201);
  CHECK(foreign.read_until("streamed three", std::chrono::seconds(1)).find("streamed three") ==
        std::string::npos);
}

TEST_CASE("SIGTERM ends streams and the server within five seconds, exit code 0") {
  RunningServer server;
  const Json body{{"setupToken", server.setup_token()},
                  {"email", alice_email},
                  {"name", "Alice"},
                  {"password", good_password}};
  const Answer made = server.client().post("/api/v1/auth/register", body);
  REQUIRE(made.status == 201);
  const std::string cookie = made.header("Set-Cookie");
  Connection stream(server.port());
  stream.send("GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: " + cookie.substr(0, cookie.find(';')) +
              "\r\n\r\n");
  stream.read_until("event: heartbeat", std::chrono::seconds(5));
  Connection idle(server.port());
  CHECK(server.terminate(5) == 0);
}

TEST_CASE("the figures for the watchers name routes, not addresses") {
  const SharedServer& shared = shared_server();
  shared.alice.get("/api/v1/labels/0199c1f2-0000-7000-8000-000000000000");
  const std::string text = shared.server.client().get("/metrics").body;
  CHECK(text.find("dits_http_requests_total{method=\"GET\",route=\"/api/v1/labels/{id}\",status=\"404\"}") !=
        std::string::npos);
  CHECK(text.find("0199c1f2") == std::string::npos);
  CHECK(text.find("process_resident_memory_bytes") != std::string::npos);
  CHECK(shared.server.client().get("/readyz").status == 200);
}

}  // namespace dits::test
