// What outlives a tab: its writes, drafts and steps to undo, beside those of other tabs.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"

namespace dits::web::test {

namespace {

void type_comment(Browser& browser, std::int64_t number, const std::string& words) {
  browser.desk.change(EditorOpened{{EditorKind::comment, world_issue(number), {}, "", false}});
  browser.desk.change(EditorTyped{words, false});
}

void wait(Browser& browser, int seconds) {
  for (int round = 0; round < seconds * 2; ++round) browser.platform.advance(500);
}

// Writes a title that the log knows as change 11, and ends.
std::map<std::string, std::string> storage_with_undo(FakeServer& server) {
  Browser browser(server);
  browser.open();
  browser.run("issue.title.set", std::string("Changed"));
  browser.settle();
  browser.platform.send_event(
      issue_event(11, 1, R"({"title":"Changed","version":2,"updatedAt":"2026-07-14T08:06:00.000Z"})"));
  browser.settle();
  server.snapshot.change_id = 11;
  server.writes.clear();
  return browser.platform.storage();
}

}  // namespace

TEST_CASE("Two tabs keep their writes beside each other, and each its own") {
  FakeServer server;
  Browser one(server);
  one.open();
  Browser two(server);
  two.platform.share_storage(one.platform);
  two.platform.tab = "tab-2";
  two.platform.living_tabs = {"tab-1"};
  two.open();
  server.is_down = true;
  one.run("issue.title.set", std::string("From one"), 1);
  two.run("issue.title.set", std::string("From two"), 2);
  one.run("issue.title.set", std::string("From one again"), 3);
  CHECK(count_kept(one, "queue", "tab-1") == 2);
  CHECK(count_kept(one, "queue", "tab-2") == 1);
  CHECK(two.desk.state().sync.waiting == 1);
}

TEST_CASE("What an ended tab has not sent, another one sends; of a tab that lives it sends nothing") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser ended(server);
    ended.open();
    server.is_down = true;
    ended.run("issue.title.set", std::string("Left behind"), 1);
    ended.run("issue.due.set", std::string("today"), 2);
    QuickCreate form;
    form.title = "Half an idea";
    ended.desk.change(QuickCreateChanged{form});
    ended.settle();
    kept = ended.platform.storage();
  }
  server.is_down = false;
  Browser beside(server);
  beside.platform.storage() = kept;
  beside.platform.tab = "tab-2";
  beside.platform.living_tabs = {"tab-1"};
  beside.open();
  CHECK(server.writes.empty());
  CHECK(beside.desk.state().quick_create.title.empty());
  beside.platform.living_tabs.clear();
  beside.platform.leave();
  beside.platform.come_back();
  beside.settle();
  REQUIRE(server.writes.size() == 2);
  CHECK(server.snapshot.issues[0].title == "Left behind");
  CHECK(beside.desk.state().quick_create.title == "Half an idea");
  CHECK(count_kept(beside, "queue") == 0);
  CHECK(count_kept(beside, "form", "tab-1") == 0);
  CHECK(is_kept(beside, "Half an idea"));
}

TEST_CASE("A tab that ends a moment after it was asked for is taken over without anybody coming or going") {
  FakeServer server;
  Browser one(server);
  one.open();
  server.is_down = true;
  one.run("issue.title.set", std::string("Left behind"), 1);
  Browser beside(server);
  beside.platform.share_storage(one.platform);
  beside.platform.tab = "tab-2";
  beside.platform.living_tabs = {"tab-1"};
  one.platform.hold_answers = true;  // it sends nothing any more
  server.is_down = false;
  beside.open();
  beside.settle();
  CHECK(server.writes.empty());
  beside.platform.living_tabs.clear();
  beside.settle();
  CHECK(server.writes.size() == 1);
  CHECK(count_kept(beside, "queue") == 0);
}

TEST_CASE("Steps to undo of an ended tab are taken over") {
  FakeServer server;
  const auto kept = storage_with_undo(server);
  Browser again(server);
  again.platform.storage() = kept;
  again.platform.tab = "tab-2";
  again.open();
  CHECK(again.desk.state().undo_depth == 1);
  CHECK(count_kept(again, "undo", "tab-1") == 0);
  CHECK(count_kept(again, "undo", "tab-2") == 1);
}

TEST_CASE("Drafts of two tabs are kept beside each other") {
  FakeServer server;
  Browser one(server);
  one.open();
  Browser two(server);
  two.platform.share_storage(one.platform);
  two.platform.tab = "tab-2";
  two.platform.living_tabs = {"tab-1"};
  two.open();
  type_comment(one, 1, "Words of one");
  one.settle();
  type_comment(two, 2, "Words of two");
  two.settle();
  CHECK(is_kept(one, "Words of one"));
  CHECK(is_kept(one, "Words of two"));
}

TEST_CASE("What was typed last is kept before the tab goes away") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  type_comment(browser, 1, "Last words");
  CHECK_FALSE(is_kept(browser, "Last words"));
  browser.platform.leave();
  CHECK(is_kept(browser, "Last words"));
}

TEST_CASE("A tab that goes away before its drafts are read drops none") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    type_comment(browser, 1, "Last words");
    browser.settle();
    kept = browser.platform.storage();
  }
  Browser again(server);
  again.platform.storage() = kept;
  again.desk.start();
  again.desk.leaving();
  CHECK(is_kept(again, "Last words"));
}

TEST_CASE("A hidden tab gives its stream back, and catches up when it is shown") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  REQUIRE(browser.platform.streams().size() == 1);
  browser.platform.leave();
  wait(browser, 6);
  CHECK(browser.platform.streams().empty());
  server.snapshot.change_id = 12;
  browser.platform.come_back();
  browser.settle();
  REQUIRE(browser.platform.streams().size() == 1);
  CHECK(browser.platform.streams()[0].last_event_id == "12");
  CHECK(browser.desk.state().sync.phase == SyncPhase::synced);
}

TEST_CASE("A tab that is opened in the background takes no stream") {
  FakeServer server;
  Browser browser(server);
  browser.platform.leave();
  browser.open();
  CHECK(browser.desk.state().entities.issues.size() == 5);
  CHECK(browser.platform.streams().empty());
  browser.platform.come_back();
  browser.settle();
  CHECK(browser.platform.streams().size() == 1);
}

TEST_CASE("A copy that cannot be stored whole claims nothing new, and the user hears of it") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.settle();
  const std::string before = browser.platform.storage()["cache:meta"];
  REQUIRE_FALSE(before.empty());
  browser.platform.storage_is_full = true;
  IssuePatch patch;
  patch.title = "Elsewhere";
  browser.platform.send_event(issue_event(11, 2, server.change_elsewhere(2, patch)));
  browser.settle();
  CHECK(browser.platform.storage()["cache:meta"] == before);
  CHECK(browser.has_toast("cannot store"));
  browser.platform.storage_is_full = false;
  patch.title = "Elsewhere again";
  browser.platform.send_event(issue_event(12, 3, server.change_elsewhere(3, patch)));
  browser.settle();
  CHECK(browser.platform.storage()["cache:meta"] != before);
  server.is_down = true;
  Browser again(server);
  again.platform.storage() = browser.platform.storage();
  again.open();
  CHECK(again.issue(2).title == "Elsewhere");
  CHECK(again.issue(3).title == "Elsewhere again");
}

TEST_CASE("A copy with a hole in one chunk loses nothing of the next") {
  FakeServer server;
  std::mt19937 random(5);
  for (int number = 6; number <= 1100; ++number) {
    server.snapshot.issues.push_back(random_issue(number, random));
    server.snapshot.issues.back().parent_issue_id = {};
  }
  std::map<std::string, std::string> kept;
  IssuePatch patch;
  patch.title = "Changed";
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    browser.platform.send_event(issue_event(11, 1, ""));  // gone for ever
    browser.settle();
    kept = browser.platform.storage();
  }
  server.snapshot.change_id = 11;
  server.snapshot.issues.erase(server.snapshot.issues.begin());
  {
    Browser browser(server);
    browser.platform.storage() = kept;
    browser.open();
    CHECK(browser.desk.state().entities.issues.size() == 1099);
    browser.platform.send_event(issue_event(12, 1090, server.change_elsewhere(1090, patch)));
    browser.settle();
    kept = browser.platform.storage();
  }
  server.is_down = true;
  Browser last(server);
  last.platform.storage() = kept;
  last.open();
  CHECK(last.desk.state().entities.issues.size() == 1099);
  for (int number = 2; number <= 1100; ++number)
    CHECK(find_issue(last.desk.state().entities, world_issue(number)) != nullptr);
  CHECK(last.issue(1090).title == "Changed");
}

TEST_CASE("What a copy has missed is in it after the catch-up") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    kept = browser.platform.storage();
  }
  IssuePatch patch;
  patch.title = "Meanwhile";
  AuditEntry entry;
  entry.change_id = 11;
  entry.entity_id = world_issue(3).uuid;
  entry.new_values = server.change_elsewhere(3, patch);
  server.sync_answers = {FakeServer::ok(sync_changes_to_text({11, {entry}, false}))};
  server.snapshot.change_id = 11;
  {
    Browser browser(server);
    browser.platform.storage() = kept;
    browser.open();
    browser.settle();
    CHECK(browser.issue(3).title == "Meanwhile");
    kept = browser.platform.storage();
  }
  server.is_down = true;
  Browser last(server);
  last.platform.storage() = kept;
  last.open();
  CHECK(last.issue(3).title == "Meanwhile");
}

TEST_CASE("Only one of two tabs keeps the copy") {
  FakeServer server;
  Browser one(server);
  one.open();
  one.settle();
  Browser two(server);
  two.platform.share_storage(one.platform);
  two.platform.tab = "tab-2";
  two.platform.living_tabs = {"tab-1", "copy"};
  two.open();
  const std::string before = one.platform.storage()["cache:meta"];
  IssuePatch patch;
  patch.title = "Elsewhere";
  two.platform.send_event(issue_event(11, 2, server.change_elsewhere(2, patch)));
  two.settle();
  CHECK(two.issue(2).title == "Elsewhere");
  CHECK(one.platform.storage()["cache:meta"] == before);
}

TEST_CASE("A write that cannot be stored is told of") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.is_down = true;
  browser.platform.storage_is_full = true;
  browser.run("issue.title.set", std::string("Not kept"));
  browser.settle();
  CHECK(browser.has_toast("cannot store"));
}

TEST_CASE("What was deleted for ever is forgotten here: the copy, drafts, conflicts, steps to undo") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  browser.run("issue.title.set", std::string("Sesam"), 1);
  browser.settle();
  browser.platform.send_event(
      issue_event(11, 1, R"({"title":"Sesam","version":2,"updatedAt":"2026-07-14T08:06:00.000Z"})"));
  browser.settle();
  type_comment(browser, 1, "Sesam in a draft");
  browser.desk.change(EditorClosed{true});
  IssuePatch theirs;
  theirs.title = "Sesam, theirs";
  (void)server.change_elsewhere(1, theirs);
  browser.run("issue.title.set", std::string("Sesam, mine"), 1);
  browser.settle();
  browser.run("issue.title.set", std::string("Stays"), 2);
  browser.settle();
  REQUIRE(browser.desk.state().conflicts.size() == 1);
  REQUIRE(browser.desk.state().undo_depth == 2);
  REQUIRE(is_kept(browser, "Sesam"));
  browser.platform.send_event(issue_event(12, 1, ""));
  browser.settle();
  CHECK(browser.desk.state().conflicts.empty());
  CHECK(browser.desk.state().undo_depth == 1);
  CHECK(browser.desk.state().drafts.empty());
  CHECK_FALSE(is_kept(browser, "Sesam"));
}

TEST_CASE("A change that did not come by the stream is seen by the gap it leaves, and asked for") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  IssuePatch patch;
  patch.title = "Missed";
  AuditEntry missed;
  missed.change_id = 11;
  missed.entity_id = world_issue(2).uuid;
  missed.new_values = server.change_elsewhere(2, patch);
  patch.title = "Came";
  AuditEntry came;
  came.change_id = 12;
  came.entity_id = world_issue(3).uuid;
  came.new_values = server.change_elsewhere(3, patch);
  server.sync_answers = {FakeServer::ok(sync_changes_to_text({12, {missed, came}, false}))};
  browser.platform.send_event(issue_event(12, 3, came.new_values));
  browser.settle();
  CHECK(browser.issue(2).title == "Missed");
  CHECK(browser.issue(3).title == "Came");
  CHECK(browser.desk.state().sync.change_id == 12);
}

TEST_CASE("A tab whose events come by another tab's connection asks for what it missed meanwhile") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  IssuePatch patch;
  patch.title = "Between two holders";
  AuditEntry entry;
  entry.change_id = 11;
  entry.entity_id = world_issue(2).uuid;
  entry.new_values = server.change_elsewhere(2, patch);
  server.sync_answers = {FakeServer::ok(sync_changes_to_text({11, {entry}, false}))};
  REQUIRE(browser.platform.streams().size() == 1);
  browser.platform.streams()[0].handlers.joined();
  browser.settle();
  CHECK(browser.issue(2).title == "Between two holders");
}

// ---- undo by the log

TEST_CASE("Undo by the log waits for the server like any write") {
  FakeServer server;
  auto kept = storage_with_undo(server);
  server.is_down = true;
  {
    Browser offline(server);
    offline.platform.storage() = kept;
    offline.open();
    REQUIRE(offline.desk.state().undo_depth == 1);
    offline.run("edit.undo");
    offline.settle();
    CHECK(offline.desk.state().undo_depth == 0);
    CHECK(offline.desk.state().sync.waiting == 1);
    kept = offline.platform.storage();
  }
  server.is_down = false;
  Browser again(server);
  again.platform.storage() = kept;
  again.open();
  wait(again, 5);
  REQUIRE(server.writes.size() == 1);
  CHECK(server.writes[0].url == "/api/v1/audit-logs/11/undo");
  CHECK(again.desk.state().sync.waiting == 0);
}

TEST_CASE("An undo by the log that the server fails at is on the stack again; one that can never be is not") {
  FakeServer server;
  const auto kept = storage_with_undo(server);
  Browser browser(server);
  browser.platform.storage() = kept;
  browser.open();
  for (int times = 0; times < 5; ++times)
    server.answers.push_back(FakeServer::problem(500, "internal", "It broke"));
  browser.run("edit.undo");
  wait(browser, 60);
  CHECK(server.writes.size() == 5);
  CHECK(browser.desk.state().undo_depth == 1);
  server.answers = {FakeServer::problem(409, "undo_conflict", "This cannot be undone any more")};
  browser.run("edit.undo");
  browser.settle();
  CHECK(browser.has_toast("cannot be undone any more"));
  CHECK(browser.desk.state().undo_depth == 0);
}

TEST_CASE("What an undo by the log has shown is taken back when the server refuses it") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  Label label = *find_label(browser.desk.state().entities, world_label(0));
  LabelSaved removal{label, label};
  removal.after.deleted_at = browser.desk.state().now;
  browser.desk.change(removal);
  browser.settle();
  AuditEntry entry;
  entry.change_id = 11;
  entry.entity_type = EntityType::label;
  entry.entity_id = label.id.uuid;
  entry.action = AuditAction::remove;
  entry.new_values = R"({"deletedAt":"2026-07-14T08:06:00.000Z"})";
  std::string data;
  append_audit_entry(data, entry);
  browser.platform.send_event({"11", "change", data});
  browser.settle();
  const auto is_deleted = [&] {
    return find_label(browser.desk.state().entities, world_label(0))->deleted_at.has_value();
  };
  REQUIRE(is_deleted());
  server.answers = {FakeServer::problem(409, "undo_conflict", "This cannot be undone any more")};
  browser.run("edit.undo");
  CHECK_FALSE(is_deleted());
  browser.settle();
  CHECK(is_deleted());
}

TEST_CASE("A tab whose name is another's by now keeps what it has, and all that comes, under its new name") {
  FakeServer server;
  Browser frozen(server);
  frozen.open();
  server.is_down = true;
  frozen.run("issue.title.set", std::string("Before it was frozen"), 1);
  frozen.settle();
  REQUIRE(count_kept(frozen, "queue", "tab-1") == 1);
  frozen.platform.rename_tab("tab-9");
  frozen.settle();
  frozen.run("issue.title.set", std::string("When it woke"), 2);
  frozen.settle();
  CHECK(count_kept(frozen, "queue", "tab-1") == 0);
  CHECK(count_kept(frozen, "queue", "tab-9") == 2);
  CHECK(count_kept(frozen, "undo", "tab-1") == 0);
  CHECK(count_kept(frozen, "undo", "tab-9") == 1);
  CHECK(frozen.desk.state().sync.waiting == 2);
  server.is_down = false;
  wait(frozen, 60);
  CHECK(server.find(to_string(world_issue(1)))->title == "Before it was frozen");
  CHECK(server.find(to_string(world_issue(2)))->title == "When it woke");
  CHECK(count_kept(frozen, "queue") == 0);
}

}  // namespace dits::web::test
