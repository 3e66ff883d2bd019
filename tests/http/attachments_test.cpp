// Files over HTTP: in as the body arrives, out so that no browser runs them.
#include <filesystem>

#include <doctest/doctest.h>

#include "server/base/crypto.hpp"
#include "tests/http/support/running_server.hpp"

namespace dits::test {

namespace {

using namespace std::string_literals;

const Headers as_file{{"Content-Type", "application/octet-stream"}};

std::string new_issue(const Client& client) {
  const Answer made = client.post("/api/v1/issues", {{"title", "With files"}});
  REQUIRE(made.status == 201);
  return "/api/v1/issues/" + made.text("id");
}

Answer upload(const Client& client,
              const std::string& issue,
              const std::string& name,
              const std::string& bytes) {
  return client.call("POST", issue + "/attachments?name=" + name, bytes, as_file);
}

// A file of the size that the default allows for JSON many times over.
std::string many_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t at = 0; at < count; ++at) bytes[at] = static_cast<char>(at * 31 + at / 251);
  return bytes;
}

}  // namespace

TEST_CASE("a file comes back byte for byte, to be saved and never to be run") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  const std::string page = "<script>alert(1)</script>";
  const Answer made = upload(shared.alice, issue, "evil%20%C3%A4.html", page);
  REQUIRE(made.status == 201);
  CHECK(made.text("fileName") == "evil ä.html");
  CHECK(made.text("contentType") == "text/plain");
  CHECK(made.text("sha256") == hex(sha256(page)));
  const Answer got = shared.alice.get(made.header("Location"));
  CHECK(got.status == 200);
  CHECK(got.body == page);
  CHECK(got.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(got.header("Content-Disposition") ==
        "attachment; filename=\"evil __.html\"; filename*=UTF-8''evil%20%C3%A4.html");
  CHECK(got.header("X-Content-Type-Options") == "nosniff");
  CHECK(got.header("Content-Security-Policy") == "sandbox; default-src 'none'");
  CHECK(shared.alice.get(made.header("Location"), {{"If-None-Match", got.header("ETag")}}).status == 304);
}

TEST_CASE("a download that broke off goes on where it was, as long as it is the same file") {
  SharedServer& shared = shared_server();
  const std::string bytes = many_bytes(300'000);
  const Answer made = upload(shared.alice, new_issue(shared.alice), "part.bin", bytes);
  REQUIRE(made.status == 201);
  const std::string path = made.header("Location");
  const auto get = [&](const Headers& headers) { return shared.alice.get(path, headers); };
  const Answer whole = get({});
  CHECK(whole.status == 200);
  CHECK(whole.header("Accept-Ranges") == "bytes");
  const std::string tag = whole.header("ETag");
  const Answer rest = get({{"Range", "bytes=200001-"}, {"If-Range", tag}});
  CHECK(rest.status == 206);
  CHECK(rest.body == bytes.substr(200'001));
  CHECK(rest.header("Content-Range") == "bytes 200001-299999/300000");
  CHECK(rest.header("Content-Length") == "99999");
  CHECK(rest.header("ETag") == tag);
  CHECK(get({{"Range", "bytes=70000-140000"}}).body == bytes.substr(70'000, 70'001));
  CHECK(get({{"Range", "bytes=-5"}}).body == bytes.substr(299'995));
  CHECK(get({{"Range", "bytes=0-9"}, {"If-Range", "\"other\""}}).body == bytes);
  CHECK(get({{"Range", "bytes=0-9,20-29"}}).status == 200);
  const Answer beyond = get({{"Range", "bytes=300000-"}});
  CHECK(beyond.status == 416);
  CHECK(beyond.header("Content-Range") == "bytes */300000");
  const Answer head = shared.alice.call("HEAD", path, std::nullopt, {{"Range", "bytes=0-9"}});
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "300000");
  for (const std::string& known : {"W/" + tag, "\"x\", " + tag, "*"s}) {
    CAPTURE(known);
    CHECK(get({{"If-None-Match", known}}).status == 304);
  }
  CHECK(get({{"If-None-Match", "\"x\""}, {"Range", "bytes=0-9"}}).status == 206);
}

TEST_CASE("only what begins as an image is shown as one, whatever its name says") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  struct Row {
    const char* name;
    std::string bytes;
    const char* type;
    bool is_inline;
  };
  const Row rows[] = {
      {"a.png", "\x89PNG\r\n\x1a\n and more"s, "image/png", true},
      {"a.txt", "\xff\xd8\xff\xe0 jpeg"s, "image/jpeg", true},
      {"b.gif", "GIF89a....", "image/gif", true},
      {"c.webp", "RIFF\x10\0\0\0WEBPVP8 "s, "image/webp", true},
      {"fake.png", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain", false},
      {"page.pdf", "%PDF-1.7\n\x01\x02\xff"s, "application/octet-stream", false},
      {"empty", "", "application/octet-stream", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Answer made = upload(shared.alice, issue, row.name, row.bytes);
    REQUIRE(made.status == 201);
    CHECK(made.text("contentType") == row.type);
    const Answer got = shared.alice.get(made.header("Location"));
    CHECK(got.body == row.bytes);
    CHECK(got.header("Content-Disposition").starts_with("inline") == row.is_inline);
  }
  CHECK(shared.alice.get(issue + "/attachments").json()["items"].size() == std::size(rows));
}

TEST_CASE("a name is the last part of a path, and nothing of it reaches the disk") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  CHECK(upload(shared.alice, issue, "..%2F..%2Fetc%2Fpasswd", "x").text("fileName") == "passwd");
  CHECK(upload(shared.alice, issue, "C%3A%5Ctemp%5Cnote.txt", "x").text("fileName") == "note.txt");
  CHECK(upload(shared.alice, issue, "..", "x").text("fileName") == "file");
  CHECK(upload(shared.alice, issue, "a%0D%0Ab%22", "x").text("fileName") == "a__b_");
  CHECK(shared.alice.call("POST", issue + "/attachments", "x", as_file).text("fileName") == "file");
}

TEST_CASE("a file of twenty megabytes goes in and out, also in chunks") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  const std::string bytes = many_bytes(20 * 1024 * 1024);
  const Answer made = upload(shared.alice, issue, "large.bin", bytes);
  REQUIRE(made.status == 201);
  CHECK(made.text("sha256") == hex(sha256(bytes)));
  CHECK(shared.alice.get(made.header("Location")).body == bytes);

  Connection connection(shared.server.port());
  REQUIRE(
      connection.send("POST " + issue + "/attachments?name=c.bin HTTP/1.1\r\nHost: x\r\n" +
                      shared.alice.credentials[0].first + ": " + shared.alice.credentials[0].second +
                      "\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 3; ++i) REQUIRE(connection.send("5\r\nhello\r\n"));
  REQUIRE(connection.send("0\r\n\r\n"));
  const Answer chunked = connection.receive();
  CHECK(chunked.status == 201);
  CHECK(chunked.json()["byteSize"] == 15);
  // The connection goes on with the next request.
  REQUIRE(connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK(connection.receive().status == 200);
}

TEST_CASE("what is too large, of another type or from nobody is refused before it is taken") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  const std::string path = issue + "/attachments?name=x";
  const std::string cookie =
      shared.alice.credentials[0].first + ": " + shared.alice.credentials[0].second + "\r\n";
  Connection connection(shared.server.port());
  REQUIRE(connection.send("POST " + path + " HTTP/1.1\r\nHost: x\r\n" + cookie +
                          "Content-Type: application/octet-stream\r\nExpect: 100-continue\r\n"
                          "Content-Length: 99999999\r\n\r\n"));
  const Answer too_large = connection.receive();
  CHECK(too_large.status == 413);
  CHECK(too_large.text("detail").find("at most 25 MB here; --attachment-max-mb") != std::string::npos);
  CHECK(shared.alice.call("POST", path, many_bytes(26 * 1024 * 1024), as_file).status == 413);
  CHECK(shared.alice.call("POST", path, "x", {{"Content-Type", "text/plain"}}).status == 415);
  CHECK(shared.alice.call("POST", path, "{}", {}).status == 415);
  CHECK(shared.server.client().call("POST", path, "x", as_file).status == 401);
  CHECK(shared.bob.call("POST", path, "x", as_file).status == 404);
  Headers forged = as_file;
  forged.emplace_back("Sec-Fetch-Site", "cross-site");
  CHECK(shared.alice.call("POST", path, "x", forged).status == 403);
  CHECK(shared.alice.get(issue + "/attachments").json()["items"].empty());
  // JSON routes keep their own limit.
  CHECK(shared.alice.call("POST", "/api/v1/issues", std::string(2 * 1024 * 1024, ' ')).status == 413);
}

TEST_CASE("a file with a key arrives once") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  Headers headers = as_file;
  headers.emplace_back("Idempotency-Key", fresh_secret());
  const Answer first = shared.alice.call("POST", issue + "/attachments?name=once.txt", "once", headers);
  const Answer second = shared.alice.call("POST", issue + "/attachments?name=once.txt", "once", headers);
  CHECK(first.status == 201);
  CHECK(second.body == first.body);
  CHECK(shared.alice.get(issue + "/attachments").json()["items"].size() == 1);
}

TEST_CASE("a key that came with another file is refused, and neither file is lost unsaid") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  Headers headers = as_file;
  headers.emplace_back("Idempotency-Key", fresh_secret());
  const std::string path = issue + "/attachments?name=once.bin";
  const std::string large = many_bytes(3 * 1024 * 1024);
  std::string other = large;
  other.back() = static_cast<char>(other.back() + 1);
  REQUIRE(shared.alice.call("POST", path, large, headers).status == 201);
  const Answer refused = shared.alice.call("POST", path, other, headers);
  CHECK(refused.status == 422);
  CHECK(refused.text("code") == "idempotency_key_reused");
  CHECK(shared.alice.call("POST", path, large, headers).status == 201);
  CHECK(shared.alice.call("POST", path, "", headers).status == 422);
  // What parts two parameters is not the same as a character within one.
  CHECK(shared.alice.call("POST", issue + "/attachments?name=once.bin%26id%3D", large, headers).status ==
        422);
  CHECK(shared.alice.get(issue + "/attachments").json()["items"].size() == 1);
}

TEST_CASE("a deleted file is gone until the deletion is undone") {
  SharedServer& shared = shared_server();
  const std::string issue = new_issue(shared.alice);
  const Answer made = upload(shared.alice, issue, "back.txt", "back");
  REQUIRE(shared.alice.remove(made.header("Location")).status == 204);
  CHECK(shared.alice.get(made.header("Location")).status == 404);
  CHECK(shared.alice.get(issue + "/attachments").json()["items"].empty());
  const Json log = shared.alice.get("/api/v1/audit-logs?limit=1&entityType=attachment").json()["items"][0];
  CHECK(log["action"] == "DELETE");
  const std::string change = std::to_string(log["changeId"].get<std::int64_t>());
  CHECK(shared.alice.post("/api/v1/audit-logs/" + change + "/undo", Json::object()).status == 200);
  CHECK(shared.alice.get(made.header("Location")).body == "back");
}

}  // namespace dits::test
