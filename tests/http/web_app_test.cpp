// What makes the page one that starts without the server and can be installed: the worker and the manifest.
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/http/support/running_server.hpp"

namespace dits::test {

namespace {

Client anyone() { return shared_server().server.client(); }

std::set<std::string> assets_in(const std::string& text) {
  std::set<std::string> found;
  for (std::size_t at = text.find("/assets/"); at != std::string::npos; at = text.find("/assets/", at + 1))
    found.insert(text.substr(at, text.find('"', at) - at));
  return found;
}

// What stands between the two.
std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

}  // namespace

TEST_CASE("the worker is asked for anew each time, may have the whole site, and talks to no other") {
  const Answer worker = anyone().get("/sw.js");
  REQUIRE(worker.status == 200);
  CHECK(worker.header("Content-Type").starts_with("text/javascript"));
  CHECK(worker.header("Cache-Control") == "no-cache");
  CHECK(anyone().get("/sw.js", {{"If-None-Match", worker.header("ETag")}}).status == 304);
  // Its place is its scope: nothing widens or narrows it.
  CHECK(worker.header("Service-Worker-Allowed").empty());
  const std::string policy = worker.header("Content-Security-Policy");
  for (const char* part :
       {"default-src 'none'", "connect-src 'self'", "worker-src 'self'", "manifest-src 'self'"})
    CHECK_MESSAGE(policy.find(part) != std::string::npos, part);
}

TEST_CASE("the worker keeps the files of the page and no others, and both are of one version") {
  const std::string page = anyone().get("/").body;
  const std::string worker = anyone().get("/sw.js").body;
  const std::set<std::string> files = assets_in(page);
  CHECK(files.size() >= 6);
  CHECK(assets_in(worker) == files);
  for (const std::string& file : files) CHECK_MESSAGE(anyone().get(file).status == 200, file);
  const std::string version = between(page, "<meta name=\"version\" content=\"", "\"");
  CHECK(version.size() == 12);
  CHECK(between(worker, "const version = '", "'") == version);
  CHECK(worker.find("{{") == std::string::npos);
  CHECK(page.find("{{") == std::string::npos);
}

TEST_CASE("the manifest names icons that are there and addresses that are pages of the app") {
  const std::string page = anyone().get("/").body;
  CHECK(page.find("<link rel=\"manifest\" href=\"/manifest.webmanifest\"") != std::string::npos);
  const Answer answer = anyone().get("/manifest.webmanifest");
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Content-Type") == "application/manifest+json");
  CHECK(answer.header("Cache-Control") == "no-cache");
  const nlohmann::json manifest = nlohmann::json::parse(answer.body);
  CHECK(manifest["scope"] == "/");
  CHECK(manifest["display"] == "standalone");
  std::set<std::string> kinds;
  for (const auto& icon : manifest["icons"]) {
    kinds.insert(icon["sizes"].get<std::string>() + " " + icon.value("purpose", "any"));
    const Answer picture = anyone().get(icon["src"].get<std::string>());
    REQUIRE(picture.status == 200);
    CHECK(picture.header("Content-Type") == "image/png");
    CHECK(picture.header("Cache-Control").find("immutable") != std::string::npos);
    // The size that its head tells: four bytes from the sixteenth on.
    REQUIRE(picture.body.size() > 24);
    const auto width =
        static_cast<unsigned char>(picture.body[18]) * 256 + static_cast<unsigned char>(picture.body[19]);
    CHECK(icon["sizes"] == std::to_string(width) + "x" + std::to_string(width));
  }
  CHECK(kinds == std::set<std::string>{"192x192 any", "512x512 any", "512x512 maskable"});
  std::set<std::string> addresses{manifest["start_url"].get<std::string>()};
  for (const auto& shortcut : manifest["shortcuts"]) addresses.insert(shortcut["url"].get<std::string>());
  CHECK(addresses == std::set<std::string>{"/", "/issues/new", "/today"});
  for (const std::string& address : addresses) CHECK(anyone().get(address).body == page);
}

}  // namespace dits::test
