// The scripted platform keeps the promises that platform.hpp makes for all.
#include "web/platform/headless.hpp"

#include <doctest/doctest.h>

namespace dits {

TEST_CASE("Answers come later, once, and never inside the call that asked") {
  HeadlessPlatform platform;
  platform.server = [](const FetchRequest& request) {
    return FetchResponse{
        .status = 200, .headers = {{"etag", "\"7\""}}, .body = request.method + " " + request.url};
  };
  platform.start({});
  int answers = 0;
  std::string body, etag;
  platform.fetch({.url = "/api/v1/labels"}, [&](FetchResponse response) {
    ++answers;
    body = response.body;
    etag = response.header("etag");
  });
  CHECK(answers == 0);
  platform.draw();
  CHECK(answers == 1);
  CHECK(body == "GET /api/v1/labels");
  CHECK(etag == "\"7\"");
}

TEST_CASE("An aborted request says so, and its answer is not heard") {
  HeadlessPlatform platform;
  platform.hold_answers = true;
  platform.start({});
  std::vector<FetchFailure> heard;
  const FetchId id =
      platform.fetch({.url = "/"}, [&](const FetchResponse& response) { heard.push_back(response.failure); });
  platform.abort(id);
  platform.draw();
  platform.deliver_answers();
  CHECK(heard == std::vector{FetchFailure::aborted});
}

TEST_CASE("Timers fire in their order as the clock is moved") {
  HeadlessPlatform platform;
  platform.start({});
  std::string order;
  platform.call_after(200, [&] { order += "b"; });
  platform.call_after(100, [&] { order += "a"; });
  platform.advance(150);
  CHECK(order == "a");
  platform.advance(150);
  CHECK(order == "ab");
}

TEST_CASE("A timer that is called off neither acts nor asks for a frame") {
  HeadlessPlatform platform;
  platform.start({});
  std::string order;
  const Platform::TimerId first = platform.call_after(100, [&] { order += "a"; });
  platform.call_after(200, [&] { order += "b"; });
  platform.call_off(first);
  platform.call_off(0);
  platform.advance(300);
  CHECK(order == "b");
  platform.call_off(first);
}

TEST_CASE("Addresses are told after navigating and after going back") {
  HeadlessPlatform platform;
  std::string seen;
  platform.start({.route_changed = [&](const std::string& path) { seen += path + " "; }}, "/today");
  platform.navigate("/issues/1");
  platform.draw();
  platform.navigate("/issues/2", Platform::History::replace);
  platform.draw();
  platform.go_back();
  platform.draw();
  CHECK(seen == "/today /issues/1 /issues/2 /today ");
}

TEST_CASE("Stored entries are listed by their prefix in order of their keys") {
  HeadlessPlatform platform;
  platform.start({});
  for (const char* key : {"queue/2", "queue/1", "snapshot"}) platform.storage_put(key, key, nullptr);
  Platform::StoredEntries entries;
  platform.storage_list("queue/", [&](Platform::StoredEntries found) { entries = std::move(found); });
  platform.draw();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].first == "queue/1");
}

TEST_CASE("An event stream remembers its last id and survives a lost connection") {
  HeadlessPlatform platform;
  platform.start({});
  int opened = 0;
  std::string seen;
  platform.open_event_stream("/api/v1/events",
                             "41",
                             {.opened = [&] { ++opened; },
                              .received = [&](const ServerEvent& event) { seen += event.id + event.data; },
                              .lost = [&](int status) { seen += " lost" + std::to_string(status); }});
  platform.draw();
  platform.send_event({"42", "change", "x"});
  platform.lose_streams(0);
  CHECK(opened == 2);
  CHECK(seen == "42x lost0");
  CHECK(platform.streams().front().last_event_id == "42");
}

TEST_CASE("Nothing is drawn while nothing asks for it") {
  HeadlessPlatform platform;
  platform.start({});
  const int frames = platform.frame_stats().frames;
  platform.draw();
  CHECK(platform.frame_stats().frames == frames);
}

}  // namespace dits
