// Whatever comes from outside as bytes: it is read without harm, means one thing only, and is read again from
// what it says.
#include "tests/support/soup.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "server/backup/dump_reader.hpp"
#include "server/base/dotenv.hpp"
#include "server/http/request_head.hpp"
#include "server/http/target.hpp"
#include "server/service/github_issue.hpp"
#include "shared/api/paths.hpp"

namespace dits {

namespace {

using query::test::Random;
using test::soup;
using Pieces = std::vector<std::string_view>;

std::string decoded_chunks(std::string_view text, std::size_t piece_bytes) {
  http::ChunkDecoder decoder;
  std::string body;
  std::string waiting;
  for (std::size_t at = 0; at < text.size() && !decoder.is_complete(); at += piece_bytes) {
    waiting += text.substr(at, piece_bytes);
    const Result<std::size_t> taken = decoder.take(waiting, body, 64);
    if (!taken) return "refused";
    waiting.erase(0, *taken);
  }
  return (decoder.is_complete() ? "whole: " : "waits: ") + body;
}

std::string scanned_dump(std::string_view text, std::size_t piece_bytes) {
  DumpScanner scanner;
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
    if (!scanner.add(text.substr(at, piece_bytes))) return "refused";
  }
  const Result<DumpContents> contents = scanner.finish();
  if (!contents) return "refused";
  std::string told = contents->sql_sha256 + (contents->is_complete ? " complete" : "");
  for (const auto& [name, table] : contents->tables)
    told += " " + name + std::to_string(table.rows) + table.sha256;
  return told;
}

}  // namespace

TEST_CASE("whatever stands in an .env file, what is read of it can be written down and read again") {
  Random random(5);
  const Pieces pieces = {"A",
                         "b_1",
                         "=",
                         "=",
                         "'",
                         "\"",
                         "\\",
                         "\\n",
                         " ",
                         "#",
                         " # ",
                         "\n",
                         "\r\n",
                         "export ",
                         "x y",
                         "\xC3\xA4"};
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = soup(random, pieces, 10);
    CAPTURE(text);
    const Result<Variables> variables = parse_dotenv(text);
    if (!variables) continue;
    ++good;
    std::string written;
    for (const auto& [name, value] : *variables) {
      written += name + "=\"";
      for (const char c : value) {
        if (c == '"' || c == '\\') written += '\\';
        written += c == '\n' ? std::string("\\n") : std::string(1, c);
      }
      written += "\"\n";
    }
    const Result<Variables> again = parse_dotenv(written);
    REQUIRE_MESSAGE(again.has_value(), written);
    REQUIRE(*again == *variables);
  }
  CHECK(good > 500);
}

TEST_CASE("whatever the target of a request, its parts are those of the target that they are written to") {
  Random random(6);
  const Pieces pieces = {
      "/", "a", "%2F", "%C3%A4", "%", "?", "&", "=", "+", "..", ".", "#", "%00", "q=is%3Aopen"};
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = "/" + soup(random, pieces, 10);
    CAPTURE(text);
    const Result<http::Target> target = http::parse_target(text);
    if (!target) continue;
    std::string written;
    for (const std::string& segment : target->segments) written += '/' + paths::percent_encoded(segment);
    for (std::size_t at = 0; at < target->query.size(); ++at) {
      written += at == 0 ? '?' : '&';
      written += paths::percent_encoded(target->query[at].first) + '=' +
                 paths::percent_encoded(target->query[at].second);
    }
    const Result<http::Target> again = http::parse_target(written);
    REQUIRE_MESSAGE(again.has_value(), written);
    REQUIRE(again->segments == target->segments);
    REQUIRE(again->query == target->query);
  }
}

TEST_CASE("whatever the head of a request, where its body ends is said once") {
  Random random(7);
  const Pieces pieces = {"Host: a\r\n",
                         "Content-Length: 3\r\n",
                         "Content-Length: 03\r\n",
                         "Transfer-Encoding: chunked\r\n",
                         "Cookie: a=b; c\r\n",
                         "Connection: close, x\r\n",
                         "X: \xC3\xA4\r\n",
                         " folded\r\n",
                         "\n",
                         "\r",
                         "Expect: 100-continue\r\n",
                         ": \r\n"};
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = "POST /x HTTP/1.1\r\n" + soup(random, pieces, 6) + "\r\n";
    CAPTURE(text);
    const Result<http::RequestHead> head = http::parse_request_head(text);
    if (!head) continue;
    ++good;
    REQUIRE(!(head->is_chunked && head->content_length > 0));
    std::string written = head->method + ' ' + head->target + " HTTP/1.1\r\n";
    for (const auto& [name, value] : head->headers) written += name + ": " + value + "\r\n";
    const Result<http::RequestHead> again = http::parse_request_head(written + "\r\n");
    REQUIRE_MESSAGE(again.has_value(), written);
    REQUIRE(again->headers == head->headers);
    REQUIRE(again->content_length == head->content_length);
    REQUIRE(again->is_chunked == head->is_chunked);
    REQUIRE(again->keeps_alive == head->keeps_alive);
  }
  CHECK(good > 500);
}

TEST_CASE("a chunked body and a dump are the same wherever their pieces are cut") {
  Random random(8);
  const Pieces chunks = {"0",
                         "3",
                         "a",
                         "\r\n",
                         "\r\n",
                         "\r",
                         "\n",
                         ";x=y",
                         "abc",
                         "3\r\nabc\r\n",
                         "0\r\n\r\n",
                         "T: u\r\n",
                         "fffffffff"};
  const Pieces lines = {"COPY public.labels (id, name) FROM stdin;\n",
                        "1\ta\n",
                        "\\.\n",
                        "\\N\n",
                        "\\connect x\n",
                        "CREATE TABLE a (b int);\n",
                        "\n",
                        "--\n",
                        "-- PostgreSQL database dump complete\n",
                        "SELECT 1;",
                        "'a\n",
                        "\\\n"};
  for (int round = 0; round < 10'000; ++round) {
    const std::string body = soup(random, chunks, 10);
    CAPTURE(body);
    const std::string whole = decoded_chunks(body, body.size());
    REQUIRE(decoded_chunks(body, 1) == whole);
    REQUIRE(decoded_chunks(body, 3) == whole);
    const std::string dump = soup(random, lines, 10);
    CAPTURE(dump);
    const std::string scanned = scanned_dump(dump, dump.size());
    REQUIRE(scanned_dump(dump, 1) == scanned);
    REQUIRE(scanned_dump(dump, 5) == scanned);
  }
}

TEST_CASE("whatever stands in a line of GitHub's, it is read without harm") {
  Random random(9);
  const Pieces pieces = {"{",
                         "}",
                         "\"html_url\":",
                         "\"https://github.com/a/b/issues/3\"",
                         ",",
                         "\"number\":3",
                         "\"title\":\"T\"",
                         "\"body\":\"b\\r\\nc\"",
                         "\"state\":\"closed\"",
                         "\"labels\":[{\"name\":\"bug\"}]",
                         "\"user\":null",
                         "\"user\":{\"login\":\"u\"}",
                         "\"created_at\":\"2026-01-02T03:04:05Z\"",
                         "\"updated_at\":7",
                         "[",
                         "]",
                         "null"};
  for (int round = 0; round < 20'000; ++round) {
    const std::string text =
        "{\"html_url\":\"https://github.com/a/b/issues/3\",\"number\":3,\"title\":\"T\"," +
        soup(random, pieces, 12) + "}";
    CAPTURE(text);
    const Result<Json> json = parse_json(text);
    if (!json) continue;
    const Result<GithubIssue> issue = github_issue_from_json(*json);
    if (issue) REQUIRE(fingerprint_in(metadata_of(*issue, "#1")) == fingerprint_of(*issue));
  }
}

}  // namespace dits
