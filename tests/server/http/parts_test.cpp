// The small parts of the HTTP room: targets, proxies, problem documents, encodings, events.
#include <algorithm>

#include <doctest/doctest.h>
#include <zstd.h>

#include "server/base/embedded_files.hpp"
#include "server/http/compression.hpp"
#include "server/http/errors.hpp"
#include "server/http/event_stream.hpp"
#include "server/http/headers.hpp"
#include "server/http/metrics.hpp"
#include "server/http/proxies.hpp"
#include "server/http/target.hpp"
#include "shared/json/value.hpp"
#include "tests/support/gunzip.hpp"

namespace dits::http {

TEST_CASE("a target is decoded segment by segment") {
  const Result<Target> target = parse_target("/a%2Fb/%C3%A4?q=is%3Aopen+x&empty=&flag&&q=2");
  REQUIRE(target);
  CHECK(target->segments == std::vector<std::string>{"a/b", "ä"});
  REQUIRE(target->query.size() == 4);
  CHECK(target->query[0] == std::pair<std::string, std::string>{"q", "is:open x"});
  CHECK(target->query[2] == std::pair<std::string, std::string>{"flag", ""});
}

TEST_CASE("a target with a broken escape, a NUL or broken UTF-8 is refused") {
  for (const char* text : {"/%", "/%4", "/%gg", "/%00", "/%ff", "/?a=%00", "/?%c3=1"}) {
    CAPTURE(text);
    CHECK(!parse_target(text));
  }
  std::string many = "/?";
  for (int i = 0; i < 101; ++i) many += "a=1&";
  CHECK(!parse_target(many));
}

TEST_CASE("only listed proxies are believed about whom they speak for") {
  const Result<TrustedProxies> proxies = TrustedProxies::parse({"10.0.0.0/8", "::1", "192.0.2.7"});
  REQUIRE(proxies);
  CHECK(proxies->contains("10.255.0.1"));
  CHECK(proxies->contains("::ffff:10.0.0.1"));
  CHECK(!proxies->contains("11.0.0.1"));
  CHECK(proxies->client_address("10.0.0.1", "1.2.3.4") == "1.2.3.4");
  CHECK(proxies->client_address("10.0.0.1", "6.6.6.6, 1.2.3.4, 192.0.2.7") == "1.2.3.4");
  CHECK(proxies->client_address("9.9.9.9", "1.2.3.4") == "9.9.9.9");
  CHECK(proxies->client_address("10.0.0.1", "192.0.2.1:4711") == "192.0.2.1");
  CHECK(proxies->client_address("10.0.0.1", "[2001:db8::1]:4711, 10.0.0.2:80") == "2001:db8::1");
  CHECK(proxies->client_address("10.0.0.1", "[2001:db8::1]") == "2001:db8::1");
  CHECK(proxies->client_address("10.0.0.1", "2001:db8::1") == "2001:db8::1");
  CHECK(proxies->client_address("10.0.0.1", "\"[2001:db8::1]\"") == "2001:db8::1");
  CHECK(proxies->client_address("10.0.0.1", "\"[2001:db8::1]:80\", 10.0.0.2") == "2001:db8::1");
  CHECK(proxies->client_address("10.0.0.1", "192.0.2.1 ,") == "192.0.2.1");
  CHECK(proxies->client_address("10.0.0.1", ", 192.0.2.1, ,10.0.0.2, ") == "192.0.2.1");
  CHECK(proxies->client_address("10.0.0.1", " , ") == "10.0.0.1");
  for (const char* broken : {"[2001:db8::1", "[]", "[::1]x", ":80", "1.2.3.4:80:90"})
    CHECK(proxies->client_address("10.0.0.1", broken) == "10.0.0.1");
  CHECK(proxies->client_address("10.0.0.1", "rubbish") == "10.0.0.1");
  CHECK(proxies->client_address("10.0.0.1", "") == "10.0.0.1");
  for (const char* text : {"x", "10.0.0.0/33", "::1/129", "10.0.0.0/", ""})
    CHECK(!TrustedProxies::parse({text}));
}

TEST_CASE("a problem document says what is wrong, and nothing about the inside") {
  Error error = invalid("title", "Is \"required\"");
  error.fields = {{"title", "Is \"required\""}, {"dueDate", "No day"}};
  const Response response = problem_response(error, "r1");
  CHECK(response.status == 400);
  CHECK(response.content_type == "application/problem+json");
  const Result<Json> json = parse_json(response.body);
  REQUIRE(json);
  CHECK((*json)["code"] == "invalid");
  CHECK((*json)["status"] == 400);
  CHECK((*json)["requestId"] == "r1");
  CHECK((*json)["errors"].size() == 2);
  CHECK((*json)["errors"][0]["message"] == "Is \"required\"");
  const Response inside = problem_response(internal("SELECT secret FROM users"), "r2");
  CHECK(inside.status == 500);
  CHECK(inside.body.find("secret") == std::string::npos);
}

TEST_CASE("what is refused before a route is asked has an id and the security headers, too") {
  std::string request_id;
  const Response response = refusal(
      too_large(std::size_t{25} * 1024 * 1024, "--attachment-max-mb"), request_id, true, "dits.example.org");
  CHECK(response.status == 413);
  CHECK(request_id.size() == 16);
  CHECK(response.body.find("\"requestId\":\"" + request_id + "\"") != std::string::npos);
  CHECK(response.body.find("at most 25 MB here; --attachment-max-mb sets it.") != std::string::npos);
  const auto has = [&](const std::string& name) {
    return std::any_of(
        response.headers.begin(), response.headers.end(), [&](const auto& row) { return row.first == name; });
  };
  for (const char* name :
       {"X-Request-Id", "Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security"})
    CHECK(has(name));
  std::string known = "mine";
  CHECK(refusal(unavailable("busy"), known, false, {}).body.find("\"requestId\":\"mine\"") !=
        std::string::npos);
}

TEST_CASE("kinds that mean more to HTTP have their own status") {
  const auto status = [](Error error, const char* kind) {
    error.kind = kind;
    return status_of(error);
  };
  CHECK(status(conflict(""), "version_mismatch") == 412);
  CHECK(status(unavailable(""), "rate_limited") == 429);
  CHECK(status(unavailable(""), "disk_full") == 507);
  CHECK(status(conflict(""), "unique_violation") == 409);
  CHECK(status_of(unavailable("")) == 503);
  CHECK(status_of(unauthorized("")) == 401);
  CHECK(problem_response(unavailable("", 7), {}).headers.front() ==
        std::pair<std::string, std::string>{"Retry-After", "7"});
  const Result<Json> mismatch = parse_json(precondition_failed("{\"version\":8}").body);
  REQUIRE(mismatch);
  CHECK((*mismatch)["current"]["version"] == 8);
}

TEST_CASE("an encoding is taken when the list has it with a quality above zero") {
  CHECK(accepts_encoding("gzip, br", "br"));
  CHECK(accepts_encoding("GZIP;q=0.5", "gzip"));
  CHECK(accepts_encoding("*", "gzip"));
  CHECK(!accepts_encoding("*;q=0", "gzip"));
  CHECK(!accepts_encoding("gzip;q=0", "gzip"));
  CHECK(!accepts_encoding("gzip;q=0.000, *", "gzip"));
  CHECK(!accepts_encoding("", "gzip"));
  CHECK(!accepts_encoding("xgzip", "gzip"));
}

TEST_CASE("small answers, fresh cookies and encoded bodies are not compressed") {
  const auto encoding = [](Response response) {
    compress(response, "gzip");
    for (const auto& [name, value] : response.headers) {
      if (name == "Content-Encoding") return value;
    }
    return std::string{};
  };
  CHECK(encoding(Response::ok(std::string(5000, 'a'))) == "gzip");
  CHECK(encoding(Response::ok("{}")) == "");
  CHECK(encoding(Response::ok(std::string(5000, 'a')).with_header("Set-Cookie", "a=b")) == "");
  CHECK(encoding(Response::text(std::string(5000, 'a'), "image/png")) == "");
}

TEST_CASE("what brotli made of the web app's files comes back, and nothing of what is damaged") {
  int compared = 0;
  for (const EmbeddedFile& file : embedded_files_under("web/")) {
    if (!file.name.ends_with(".br")) continue;
    const std::string_view packed = file.text();
    const std::string back = unpack_brotli(packed);
    CHECK(back.size() > packed.size());
    CHECK(unpack_brotli(packed.substr(0, packed.size() - 1)).empty());
    const std::optional<EmbeddedFile> plain = find_embedded_file(file.name.substr(0, file.name.size() - 3));
    if (!plain) continue;
    CHECK(back == plain->text());
    ++compared;
  }
  CHECK(compared > 0);
  CHECK(unpack_brotli("").empty());
}

TEST_CASE("large answers of our own media types go out in zstd where the client takes it, else in gzip") {
  std::string body;
  for (int at = 0; at < 40'000; ++at) body += static_cast<char>(at % 251 + at / 999);
  const auto packed = [&](std::string_view accepted) {
    Response response = Response::text(body, "application/vnd.dits.snapshot");
    compress(response, accepted);
    std::string encoding;
    for (const auto& [name, value] : response.headers) {
      if (name == "Content-Encoding") encoding = value;
    }
    return std::pair(encoding, response.body);
  };
  const auto [zstd, small] = packed("gzip, deflate, br, zstd");
  CHECK(zstd == "zstd");
  CHECK(small.size() < body.size());
  std::string back(body.size(), '\0');
  CHECK(ZSTD_decompress(back.data(), back.size(), small.data(), small.size()) == body.size());
  CHECK(back == body);
  const auto [gzip, other] = packed("gzip, zstd;q=0");
  CHECK(gzip == "gzip");
  CHECK(test::gunzip(other) == body);
  CHECK(packed("identity") == std::pair(std::string(), body));
}

TEST_CASE("an event is lines, and text with line ends stays one event") {
  CHECK(format_event("7", "change", "{}") == "id: 7\nevent: change\ndata: {}\n\n");
  CHECK(format_event({}, "x", "a\nb") == "event: x\ndata: a\ndata: b\n\n");
}

TEST_CASE("each user has a number of streams, and a closed one makes room") {
  StreamCounts counts(2);
  const UserId one{make_uuid_v7(1, 1, 1)};
  const UserId other{make_uuid_v7(1, 2, 2)};
  Result<std::shared_ptr<StreamCounts::Ticket>> first = counts.take(one);
  const Result<std::shared_ptr<StreamCounts::Ticket>> second = counts.take(one);
  REQUIRE((first && second));
  CHECK(counts.take(one).error().kind == "rate_limited");
  CHECK(counts.take(other));
  first->reset();
  CHECK(counts.take(one));
}

TEST_CASE("the session's cookie is bound to this host under TLS") {
  const std::string cookie =
      session_cookie(session_cookie_name(true, "1a2b"), "v", std::chrono::seconds(10), true);
  CHECK(cookie == "__Host-dits_session_1a2b=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=10; Secure");
  CHECK(session_cookie(session_cookie_name(false), "v", std::chrono::seconds(10), false)
            .starts_with("dits_session=v; "));
}

TEST_CASE("methods that a client invents are one series") {
  Metrics metrics;
  for (int i = 0; i < 100; ++i)
    metrics.count_request("M" + std::to_string(i), "/x", 405, std::chrono::microseconds(1));
  CHECK(metrics.text().find("dits_http_requests_total{method=\"other\",route=\"/x\",status=\"405\"} 100\n") !=
        std::string::npos);
  CHECK(metrics.text().find("M42") == std::string::npos);
}

TEST_CASE("figures are counted by route") {
  Metrics metrics;
  metrics.count_request("GET", "/x/{id}", 200, std::chrono::microseconds(900));
  metrics.count_request("GET", "/x/{id}", 200, std::chrono::milliseconds(30));
  const std::string text = metrics.text();
  CHECK(text.find("dits_http_requests_total{method=\"GET\",route=\"/x/{id}\",status=\"200\"} 2\n") !=
        std::string::npos);
  CHECK(text.find("le=\"0.001\"} 1\n") != std::string::npos);
  CHECK(text.find("le=\"+Inf\"} 2\n") != std::string::npos);
}

}  // namespace dits::http
