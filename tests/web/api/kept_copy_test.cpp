// The first load, page by page, and the copy of it that the browser keeps: shown before the server answers,
// never misread, gone with its account.
#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"

namespace dits::web::test {

namespace {

// A server with so many issues, some of which block others and have links.
struct LargeServer : FakeServer {
  explicit LargeServer(int count) {
    std::mt19937 random(4);
    snapshot.issues.clear();
    for (int number = count; number >= 1; --number) {
      snapshot.issues.push_back(random_issue(number, random));
      git.push_back(static_cast<std::uint8_t>(number % 8));
    }
    for (int number = 2; number <= count; number += 7) {
      snapshot.relations.push_back({RelationId{world_uuid(700'000 + static_cast<std::uint64_t>(number))},
                                    world_issue(number),
                                    world_issue(number - 1),
                                    RelationType::blocks,
                                    world_now});
    }
  }
};

int count_copied(Browser& browser, std::string_view prefix) {
  int count = 0;
  for (const auto& [key, value] : browser.platform.storage()) count += key.starts_with(prefix) ? 1 : 0;
  return count;
}

std::string git_of(const State& state) {
  std::string text;
  for (const IssueFacts& facts : state.entities.facts) text += static_cast<char>('0' + facts.git);
  return text;
}

// Opens the browser, and calls `moment` once, after the frame in which a portion was first written that is
// not the one in `before`: others are still to be written then.
void watch_copy(Browser& browser,
                const std::map<std::string, std::string>& before,
                std::function<void()> moment) {
  PlatformHooks hooks;
  hooks.frame = [&browser, &before, moment = std::move(moment), is_over = false]() mutable {
    browser.desk.begin_frame();
    for (const auto& [key, value] : browser.platform.storage()) {
      const auto known = before.find(key);
      if (is_over || !key.starts_with("cache:portion:") || (known != before.end() && known->second == value))
        continue;
      is_over = true;
      moment();
    }
  };
  hooks.route_changed = [&browser](const std::string& path) { browser.desk.route_changed(path); };
  hooks.leaving = [&browser] { browser.desk.leaving(); };
  browser.platform.start(std::move(hooks), "/issues");
  browser.desk.start();
  browser.settle();
}

// What a browser shows that has this storage and no server.
struct Offline {
  explicit Offline(const std::map<std::string, std::string>& storage) {
    server.is_down = true;
    browser.platform.storage() = storage;
    browser.open();
  }
  FakeServer server;
  Browser browser{server};
};

}  // namespace

TEST_CASE("A load that breaks off after its first page is no whole one, on the screen or in the copy") {
  LargeServer server(7000);
  Browser browser(server);
  browser.open();
  browser.settle();
  bool is_cut = false;
  browser.platform.server = [&](const FetchRequest& request) {
    const bool is_late_page = request.url.find("cursor=") != std::string::npos;
    if (is_cut && is_late_page) return FetchResponse{0, FetchFailure::network, {}, {}};
    return server.answer(request);
  };
  const State& state = browser.desk.state();
  REQUIRE(state.entities.issues.size() == 7000);
  is_cut = true;
  SUBCASE("The log is another one") { browser.platform.lose_streams(409); }
  SUBCASE("Rows were changed in the studio") {
    AuditEntry entry;
    entry.change_id = ++server.snapshot.change_id;
    entry.action = AuditAction::update;
    entry.entity_type = EntityType::studio;
    entry.entity_id = world_uuid(4712);
    browser.platform.leave();
    for (int round = 0; round < 3; ++round) browser.settle();  // its stream is closed by then
    server.sync_answers = {FakeServer::ok(sync_changes_to_text({entry.change_id, {entry}, false}))};
    browser.platform.come_back();
  }
  for (int round = 0; round < 4; ++round) browser.settle();
  CHECK(state.sync.phase != SyncPhase::synced);
  {
    Offline offline(browser.platform.storage());
    CHECK(offline.browser.desk.state().entities.issues.size() == 7000);
  }
  is_cut = false;
  for (int round = 0; round < 30; ++round) browser.settle();
  CHECK(state.sync.phase == SyncPhase::synced);
  CHECK(state.entities.issues.size() == 7000);
}

TEST_CASE("The first page is shown while the next ones are on their way, and each issue comes once") {
  LargeServer server(7000);
  Browser browser(server);
  browser.platform.hold_answers = true;
  browser.open();
  browser.platform.deliver_answers("/auth/me");
  browser.settle();
  browser.platform.deliver_answers("limit=1000");
  browser.settle();
  const State& state = browser.desk.state();
  CHECK(state.entities.issues.size() == 1000);
  CHECK(state.list.result.rows.size() > 500);
  CHECK(state.sync.phase == SyncPhase::loading);
  browser.platform.hold_answers = false;
  browser.platform.deliver_answers();
  browser.settle();
  CHECK(state.sync.phase == SyncPhase::synced);
  CHECK(state.entities.issues.size() == 7000);
  CHECK(server.pages_asked == 3);
  CHECK(server.snapshots_asked == 1);
  CHECK(state.entities.facts[find_slot(state.entities, 5)].git == 5);
}

TEST_CASE("The copy gives back issues, relations and kinds of links as they were") {
  LargeServer server(7000);
  Browser browser(server);
  browser.open();
  browser.settle();
  CHECK(count_copied(browser, "cache:portion:") == 4);
  Offline again(browser.platform.storage());
  const State& state = again.browser.desk.state();
  CHECK(state.session.phase == SessionPhase::signed_in);
  CHECK(state.entities.issues.size() == 7000);
  CHECK(describe_issues(state) == describe_issues(browser.desk.state()));
  CHECK(describe_derived(state) == describe_derived(browser.desk.state()));
  CHECK(git_of(state) == git_of(browser.desk.state()));
}

TEST_CASE("One change writes one portion again") {
  LargeServer server(5000);
  Browser browser(server);
  browser.open();
  browser.settle();
  std::map<std::string, std::string> before = browser.platform.storage();
  IssuePatch patch;
  patch.title = "Elsewhere";
  browser.platform.send_event(issue_event(11, 2, server.change_elsewhere(2, patch)));
  browser.settle();
  int changed = 0;
  for (const auto& [key, value] : browser.platform.storage())
    changed += key.starts_with("cache:portion:") && value != before[key] ? 1 : 0;
  CHECK(changed == 1);
  Offline again(browser.platform.storage());
  CHECK(again.browser.issue(2).title == "Elsewhere");
}

TEST_CASE("A copy of an earlier form, a damaged one and one with a gap are replaced and never shown") {
  LargeServer server(5000);
  Browser browser(server);
  browser.open();
  browser.settle();
  const std::map<std::string, std::string> good = browser.platform.storage();
  const auto spoiled = [&](int way) {
    std::map<std::string, std::string> storage = good;
    std::string& portion = storage["cache:portion:00001"];

    if (way == 0) portion.resize(portion.size() - 1);
    if (way == 1) portion = "1";
    if (way == 2) storage.erase("cache:portion:00002");
    if (way == 3) {
      std::erase_if(storage, [](const auto& entry) { return entry.first.starts_with("cache:"); });
      storage["cache:issues:00000"] = "\x01";
      storage["cache:meta"] = R"({"changeId":10,"log":"x","issues":[],"nextCursor":null})";
    }
    return storage;
  };
  for (int way = 0; way < 4; ++way) {
    CAPTURE(way);
    Offline alone(spoiled(way));
    CHECK(alone.browser.desk.state().entities.issues.empty());
    LargeServer same(5000);
    Browser again(same);
    again.platform.storage() = spoiled(way);
    again.open();
    again.settle();
    CHECK(same.snapshots_asked == 1);
    CHECK(again.desk.state().entities.issues.size() == 5000);
    CHECK(count_copied(again, "cache:issues:") == 0);
    CHECK(count_copied(again, "cache:portion:") == 3);
    Offline after(again.platform.storage());
    CHECK(after.browser.desk.state().entities.issues.size() == 5000);
  }
}

TEST_CASE("What is behind the portions that the copy names is of another one") {
  LargeServer server(5000);
  Browser browser(server);
  browser.open();
  browser.settle();
  std::map<std::string, std::string> storage = browser.platform.storage();
  storage["cache:portion:00003"] = storage["cache:portion:00000"];
  Offline again(storage);
  CHECK(again.browser.desk.state().entities.issues.size() == 5000);
}

TEST_CASE("Signing out while the copy is written leaves nothing of it") {
  LargeServer server(20'000);
  Browser browser(server);
  browser.open();
  for (int step = 0; step < 40 && count_copied(browser, "cache:portion:") == 0; ++step)
    browser.platform.advance(100);
  CHECK(count_copied(browser, "cache:portion:") > 0);
  browser.desk.run({"session.sign_out", {}, {}, false, 0, 0});
  browser.settle();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_out);
  CHECK(count_copied(browser, "cache:") == 0);
}

TEST_CASE(
    "A copy half of which was written over other places of the issues is none, rather than one that lacks "
    "some") {
  LargeServer server(20'000);
  std::map<std::string, std::string> before;
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    before = browser.platform.storage();
  }
  std::reverse(server.snapshot.issues.begin(), server.snapshot.issues.end());
  std::reverse(server.git.begin(), server.git.end());
  AuditEntry entry;
  entry.change_id = ++server.snapshot.change_id;
  entry.action = AuditAction::update;
  entry.entity_type = EntityType::studio;  // has everything loaded anew
  entry.entity_id = world_uuid(4712);
  server.sync_answers = {FakeServer::ok(sync_changes_to_text({entry.change_id, {entry}, false}))};
  std::map<std::string, std::string> killed;
  Browser browser(server);
  browser.platform.storage() = before;
  watch_copy(browser, before, [&] { killed = browser.platform.storage(); });
  for (int round = 0; round < 4; ++round) browser.settle();
  REQUIRE(killed["cache:meta"] == before["cache:meta"]);
  REQUIRE(killed["cache:portion:00009"] == before["cache:portion:00009"]);
  Offline offline(killed);
  CHECK(offline.browser.desk.state().entities.issues.empty());
  Browser again(server);
  again.platform.storage() = killed;
  again.open();
  for (int round = 0; round < 4; ++round) again.settle();
  CHECK(again.desk.state().entities.issues.size() == 20'000);
  Offline whole(again.platform.storage());
  CHECK(describe_issues(whole.browser.desk.state()) == describe_issues(again.desk.state()));
}

TEST_CASE("A copy that was being written when the session ended has everything once it is written again") {
  LargeServer server(20'000);
  std::map<std::string, std::string> before;
  {
    Browser first(server);
    first.open();
    first.settle();
    before = first.platform.storage();
  }
  bool is_watched = false;
  Browser browser(server);
  browser.platform.storage() = before;
  watch_copy(browser, before, [&] {
    is_watched = true;
    browser.platform.call_after(0, [&] { browser.platform.lose_streams(401); });
  });
  std::int64_t change_id = server.snapshot.change_id;
  IssuePatch patch;
  patch.title = "Changed before";
  for (std::int64_t number = 1000; number < 20'000; number += 2000)
    browser.platform.send_event(issue_event(++change_id, number, server.change_elsewhere(number, patch)));
  browser.settle();
  REQUIRE(is_watched);
  REQUIRE(browser.desk.state().session.phase != SessionPhase::signed_in);
  server.snapshot.change_id = change_id;
  browser.desk.run({"session.sign_in", Credentials{"x@dits.dev", "demo1234", ""}, {}, false, 0, 0});
  browser.settle();
  patch.title = "Changed after";
  browser.platform.send_event(issue_event(++change_id, 19'999, server.change_elsewhere(19'999, patch)));
  for (int round = 0; round < 4; ++round) browser.settle();
  REQUIRE(browser.desk.state().sync.change_id == change_id);
  Offline offline(browser.platform.storage());
  CHECK(offline.browser.issue(19'999).title == "Changed after");
  for (std::int64_t number = 1000; number < 20'000; number += 2000)
    CHECK(offline.browser.issue(number).title == "Changed before");
}

TEST_CASE("An opened issue asks for its parts once") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/2");
  browser.settle();
  CHECK(server.details_asked == 1);
  int about_it = 0;
  for (const FetchRequest& request : browser.platform.requests())
    about_it += request.url.find("/issues/") != std::string::npos ? 1 : 0;
  CHECK(about_it == 1);
  CHECK(browser.issue(2).has_description);
  CHECK(browser.desk.state().entities.comments.contains(world_issue(2)));
  CHECK(browser.desk.state().entities.activity.contains(world_issue(2)));
}

TEST_CASE("A link that came to an issue whose links are not here has them all asked for") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.settle();
  AuditEntry entry;
  entry.change_id = 11;
  entry.action = AuditAction::update;
  entry.entity_type = EntityType::git_integration;
  entry.entity_id = world_uuid(4711);
  entry.new_values = R"({"branchName":"main"})";
  entry.metadata = R"({"issueId":")" + to_string(world_issue(3)) + R"("})";
  std::string data;
  append_audit_entry(data, entry);
  browser.platform.send_event({"11", "change", data});
  browser.settle();
  CHECK(browser.platform.requests().back().url.find(to_string(world_issue(3)) + "/git-integrations") !=
        std::string::npos);
  CHECK(browser.desk.state().entities.git_links.at(world_issue(3)).empty());
}

}  // namespace dits::web::test
