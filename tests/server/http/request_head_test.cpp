#include "server/http/request_head.hpp"

#include <doctest/doctest.h>

namespace dits::http {
namespace {

std::string kind_of(const std::string& text) {
  const Result<RequestHead> head = parse_request_head(text);
  return head ? "" : head.error().kind;
}

}  // namespace

TEST_CASE("a head is read into line, headers and framing") {
  const Result<RequestHead> head =
      parse_request_head("POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length:  12 \r\nX-A:\t1\r\n\r\n");
  REQUIRE(head);
  CHECK(head->method == "POST");
  CHECK(head->target == "/a/b?c=d");
  CHECK(head->content_length == 12);
  CHECK(head->header("x-a") == "1");
  CHECK(head->keeps_alive);
  CHECK(!head->is_chunked);
}

TEST_CASE("HTTP/1.0 closes unless it says otherwise, HTTP/1.1 keeps unless it says otherwise") {
  CHECK(!parse_request_head("GET / HTTP/1.0\r\n\r\n")->keeps_alive);
  CHECK(parse_request_head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")->keeps_alive);
  CHECK(!parse_request_head("GET / HTTP/1.1\r\nHost: x\r\nConnection: x, Close\r\n\r\n")->keeps_alive);
}

TEST_CASE("a whole address is read as its path when it names the same host") {
  const auto target = [](const std::string& line) {
    const Result<RequestHead> head = parse_request_head(line + " HTTP/1.1\r\nHost: a:80\r\n\r\n");
    return head ? head->target : head.error().kind;
  };
  CHECK(target("GET http://a:80/b?c") == "/b?c");
  CHECK(target("GET https://A:80/b") == "/b");
  CHECK(target("GET http://a:80") == "/");
  CHECK(target("GET http://a:80?c") == "/?c");
  CHECK(target("OPTIONS *") == "/");
  for (const char* line :
       {"GET http://b/", "GET http://a/", "GET http:///b", "GET http://u@a:80/", "GET ftp://a:80/"})
    CHECK(target(line) == "bad_framing");
}

TEST_CASE("a host is a name or an address with a port, or nothing") {
  const auto kind = [](const std::string& host) {
    return kind_of("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  };
  for (const char* host :
       {"x", "a-b.example.org:8080", "127.0.0.1", "[::1]:3000", "my_host", "xn--bcher-kva.example", ""}) {
    CAPTURE(host);
    CHECK(kind(host).empty());
  }
  for (const char* host : {"a b", "a/b", "a?b", "u@a", "a\\b", "<a>", "\"a\"", "\xc3\xa4", "{a}"}) {
    CAPTURE(host);
    CHECK(kind(host) == "bad_framing");
  }
}

TEST_CASE("what two readers could understand differently is refused") {
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (const char* rest : {"Content-Length: 1\r\nContent-Length: 1\r\n",
                           "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                           "Content-Length: 0x1\r\n",
                           "Content-Length: -1\r\n",
                           "Content-Length: 01\r\n",
                           "Content-Length: 1,1\r\n",
                           "Content-Length:\r\n",
                           "Content-Length: 9999999999999999\r\n",
                           "Transfer-Encoding: identity\r\n",
                           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                           "Transfer-Encoding\t: chunked\r\n",
                           " X: 1\r\n",
                           "X 1\r\n",
                           "X: a\rb\r\n",
                           "X: a\nb\r\n",
                           "Host: y\r\n",
                           ": empty\r\n",
                           "X: \x01\r\n",
                           "Expect: something\r\n",
                           "Authorization: Bearer a\r\nauthorization: Bearer b\r\n",
                           "Content-Type: text/csv\r\nX: 1\r\nContent-Type: application/json\r\n",
                           "Idempotency-Key: a\r\nIdempotency-Key: b\r\n",
                           "Origin: http://x\r\nOrigin: http://y\r\n"}) {
    CAPTURE(rest);
    CHECK(kind_of(start + rest + "\r\n") == "bad_framing");
  }
  for (const char* rest : {"Authorization: Bearer a\r\nAuthorization: Bearer a\r\n",
                           "If-Match: \"1\"\r\nIf-Match: \"2\"\r\n",
                           "Accept: text/html\r\nAccept: */*\r\n",
                           "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n"}) {
    CAPTURE(rest);
    CHECK(kind_of(start + rest + "\r\n").empty());
  }
  for (const char* line : {"GET / HTTP/1.2",
                           "GET / ",
                           "GET /",
                           "GET  / HTTP/1.1",
                           "G@T / HTTP/1.1",
                           "GET /a b HTTP/1.1",
                           "GET * HTTP/1.1",
                           "GET a HTTP/1.1",
                           "GET /#x HTTP/1.1",
                           "GET /\xc3\xa4 HTTP/1.1",
                           ""}) {
    CAPTURE(line);
    CHECK(kind_of(std::string(line) + "\r\nHost: x\r\n\r\n") == "bad_framing");
  }
}

TEST_CASE("a chunked body is put together from pieces of any size") {
  const std::string whole = "4\r\nWiki\r\n6;note=1\r\npedia \r\n0\r\nTrailer: x\r\n\r\nNEXT";
  for (std::size_t step = 1; step <= whole.size(); ++step) {
    ChunkDecoder decoder;
    std::string input;
    std::string body;
    for (std::size_t at = 0; at < whole.size(); at += step) {
      input += whole.substr(at, step);
      const Result<std::size_t> taken = decoder.take(input, body, 100);
      REQUIRE(taken);
      input.erase(0, *taken);
    }
    CHECK(decoder.is_complete());
    CHECK(body == "Wikipedia ");
    CHECK(input == "NEXT");
  }
}

TEST_CASE("a broken or too long chunk is refused") {
  std::string body;
  CHECK(ChunkDecoder().take("x\r\n", body, 100).error().kind == "bad_framing");
  CHECK(ChunkDecoder().take("-1\r\n", body, 100).error().kind == "bad_framing");
  CHECK(ChunkDecoder().take("2\r\nabc\r\n", body, 100).error().kind == "bad_framing");
  CHECK(ChunkDecoder().take("fffffffff\r\n", body, 100).error().kind == "bad_framing");
  body.clear();
  CHECK(ChunkDecoder().take("5\r\nhello\r\n", body, 4).error().kind == "payload_too_large");
}

}  // namespace dits::http
