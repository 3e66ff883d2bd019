// No word is lost: refusals, conflicts, drafts, and what the server says meanwhile.
#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"
#include "web/store/studio.hpp"

namespace dits::web::test {

namespace {

IssuePatch title(std::string value) {
  IssuePatch patch;
  patch.title = std::move(value);
  return patch;
}

IssuePatch text(std::string value) {
  IssuePatch patch;
  patch.description = std::move(value);
  return patch;
}

FetchResponse refusal() { return FakeServer::problem(400, "invalid", "The server does not like this"); }

std::string draft_of(const Browser& browser, EditorKind kind, std::int64_t number = 1) {
  Editor editor;
  editor.kind = kind;
  editor.issue_id = world_issue(number);
  const auto found = browser.desk.state().drafts.find(draft_key(editor));
  return found == browser.desk.state().drafts.end() ? std::string("(none)") : found->second.text;
}

void write_text(Browser& browser, const std::string& words) {
  browser.run("issue.edit_text");
  REQUIRE(browser.desk.state().editor.kind == EditorKind::description);
  browser.desk.change(EditorTyped{words, false});
}

void save(Browser& browser) { browser.desk.run({"editor.save_and_leave", {}, {}, false, 0, 0}); }

void wait(Browser& browser, int seconds) {
  for (int round = 0; round < seconds * 2; ++round) browser.platform.advance(500);
}

}  // namespace

// ---- refusals

TEST_CASE("Words that the server refuses are a draft again") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  server.answers = {refusal(), refusal(), refusal()};
  write_text(browser, "An evening's work");
  save(browser);
  browser.run("issue.title.set", std::string("A good name"));
  browser.settle();
  browser.desk.change(EditorOpened{{EditorKind::comment, world_issue(1), {}, "", false}});
  browser.desk.change(EditorTyped{"A remark", false});
  save(browser);
  browser.settle();
  CHECK(draft_of(browser, EditorKind::description) == "An evening's work");
  CHECK(draft_of(browser, EditorKind::title) == "A good name");
  CHECK(draft_of(browser, EditorKind::comment) == "A remark");
  CHECK(browser.has_toast("The server does not like this"));
  CHECK(browser.has_toast("kept as a draft"));
  CHECK(browser.issue(1).description.empty());
}

TEST_CASE("A new issue that the server refuses is in the form again") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.answers = {refusal()};
  browser.desk.run({"issue.new", {}, {}, false, 0, 0});
  QuickCreate form = browser.desk.state().quick_create;
  form.title = "An idea";
  form.description = "in three lines";
  form.priority = Priority::high;
  browser.desk.change(QuickCreateChanged{form});
  save(browser);
  browser.settle();
  const QuickCreate& kept = browser.desk.state().quick_create;
  CHECK_FALSE(kept.is_open);
  CHECK(kept.title == "An idea");
  CHECK(kept.description == "in three lines");
  CHECK(kept.priority == Priority::high);
}

TEST_CASE("A refused new issue waits while the form holds other words, and comes when it is opened empty") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.answers = {refusal()};
  browser.run("issue.create", std::string("Refused idea"));
  QuickCreate form;
  form.title = "Other words";
  browser.desk.change(QuickCreateChanged{form});
  browser.settle();
  CHECK(browser.desk.state().quick_create.title == "Other words");
  browser.desk.change(QuickCreateClosed{false});
  browser.desk.run({"issue.new", {}, {}, false, 0, 0});
  CHECK(browser.desk.state().quick_create.title == "Refused idea");
}

TEST_CASE("After a refusal the issue is as the server has it now, not as it was before") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.platform.hold_answers = true;
  browser.run("issue.title.set", std::string("Mine"));
  browser.platform.draw();
  server.answers = {refusal()};
  const std::string values = server.change_elsewhere(1, title("Theirs"));
  browser.platform.send_event(issue_event(11, 1, values));
  browser.platform.advance(100);
  browser.platform.hold_answers = false;
  browser.settle();
  CHECK(browser.issue(1).title == "Theirs");
}

TEST_CASE("A repeat of what was carried out is no refusal") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.answers = {FakeServer::problem(409, "already_applied", "This request was carried out")};
  browser.desk.run({"issue.create", std::string("Made once"), {}, false, 0, 0});
  const std::size_t count = browser.desk.state().entities.issues.size();
  REQUIRE(count == 6);
  Issue made = browser.desk.state().entities.issues[5];
  made.number = 77;
  server.snapshot.issues.push_back(made);
  browser.settle();
  CHECK_FALSE(browser.has_toast("carried out"));
  CHECK(browser.desk.state().sync.waiting == 0);
  CHECK(browser.desk.state().entities.issues[5].number == 77);
  CHECK_FALSE(browser.desk.state().entities.issues[5].deleted_at.has_value());
}

// ---- conflicts

TEST_CASE("A text that was changed elsewhere while its editor was open is not overwritten") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  write_text(browser, "Mine");
  const std::string values = server.change_elsewhere(1, text("The phone's"));
  browser.platform.send_event(issue_event(11, 1, values));
  browser.settle();
  CHECK(browser.desk.state().editor.text == "Mine");
  CHECK(browser.has_toast("changed elsewhere"));
  save(browser);
  browser.settle();
  CHECK(server.writes.empty());
  CHECK(server.find(to_string(world_issue(1)))->description == "The phone's");
  REQUIRE(browser.desk.state().conflicts.size() == 1);
  CHECK(browser.desk.state().conflicts[0].mine.description == "Mine");
  browser.desk.run({"conflict.keep_mine", world_issue(1), {}, false, 0, 0});
  browser.settle();
  CHECK(server.find(to_string(world_issue(1)))->description == "Mine");
}

TEST_CASE("An editor in which nothing was typed follows what changes elsewhere, and puts nothing back") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  browser.run("issue.edit_text");
  const std::string values = server.change_elsewhere(1, text("The phone's"));
  browser.platform.send_event(issue_event(11, 1, values));
  browser.settle();
  CHECK(browser.desk.state().editor.text == "The phone's");
  save(browser);
  browser.settle();
  CHECK(server.writes.empty());
  CHECK(browser.desk.state().conflicts.empty());
  CHECK(browser.issue(1).description == "The phone's");
}

TEST_CASE("What was written offline is compared with what it was written over") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.is_down = true;
  browser.run("issue.title.set", std::string("First"), 1);
  browser.run("issue.title.set", std::string("Mine"), 2);
  browser.settle();
  const std::string values = server.change_elsewhere(2, title("Theirs"));
  server.is_down = false;
  browser.platform.hold_answers = true;
  wait(browser, 5);
  browser.platform.deliver_answers("/issues/");  // of the first write
  browser.platform.send_event(issue_event(11, 2, values));
  browser.platform.hold_answers = false;
  wait(browser, 10);
  CHECK(server.snapshot.issues[0].title == "First");
  CHECK(server.snapshot.issues[1].title == "Theirs");
  REQUIRE(browser.desk.state().conflicts.size() == 1);
  CHECK(browser.desk.state().conflicts[0].mine.title == "Mine");
  CHECK(browser.issue(2).title == "Theirs");
}

TEST_CASE("Our own write before is no change elsewhere") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.platform.hold_answers = true;
  browser.run("issue.title.set", std::string("One"));
  browser.platform.draw();
  browser.run("issue.title.set", std::string("Two"));
  browser.platform.hold_answers = false;
  browser.settle();
  REQUIRE(server.writes.size() == 2);
  CHECK(header_of(server.writes[1], "if-match") == "\"2\"");
  CHECK(server.snapshot.issues[0].title == "Two");
  CHECK(browser.desk.state().conflicts.empty());
}

TEST_CASE("Only the field that is in conflict waits for the user; the others are saved") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.is_down = true;
  const Priority wanted = browser.issue(1).priority == Priority::urgent ? Priority::low : Priority::urgent;
  browser.run("issue.title.set", std::string("Mine"));
  browser.run("issue.priority.set", wanted);
  (void)server.change_elsewhere(1, title("Theirs"));
  server.is_down = false;
  wait(browser, 10);
  CHECK(server.snapshot.issues[0].title == "Theirs");
  CHECK(server.snapshot.issues[0].priority == wanted);
  REQUIRE(browser.desk.state().conflicts.size() == 1);
  CHECK(browser.desk.state().conflicts[0].mine.title == "Mine");
  CHECK_FALSE(browser.desk.state().conflicts[0].mine.priority.has_value());
}

TEST_CASE("A conflict outlives a reload, and a second one joins the first") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open("/issues/1");
    (void)server.change_elsewhere(1, title("Their title"));
    browser.run("issue.title.set", std::string("My title"));
    browser.settle();
    CHECK(browser.desk.state().conflicts.size() == 1);
    (void)server.change_elsewhere(1, text("Their text"));
    write_text(browser, "My text");
    save(browser);
    browser.settle();
    REQUIRE(browser.desk.state().conflicts.size() == 1);
    CHECK(browser.desk.state().conflicts[0].mine.title == "My title");
    CHECK(browser.desk.state().conflicts[0].mine.description == "My text");
    kept = browser.platform.storage();
  }
  Browser again(server);
  again.platform.storage() = kept;
  again.open("/issues/1");
  REQUIRE(again.desk.state().conflicts.size() == 1);
  CHECK(again.desk.state().conflicts[0].mine.title == "My title");
  CHECK(again.desk.state().conflicts[0].mine.description == "My text");
  again.desk.run({"conflict.keep_mine", world_issue(1), {}, false, 0, 0});
  again.settle();
  CHECK(server.snapshot.issues[0].title == "My title");
  CHECK(server.snapshot.issues[0].description == "My text");
  Browser third(server);
  third.platform.storage() = again.platform.storage();
  third.open("/issues/1");
  CHECK(third.desk.state().conflicts.empty());
}

TEST_CASE("A change of many issues does not overwrite what was changed elsewhere") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  for (int number : {1, 2})
    server.snapshot.issues[static_cast<std::size_t>(number) - 1].priority = Priority::low;
  browser.desk.run({"sync.now", {}, {}, false, 0, 0});
  IssuePatch medium;
  medium.priority = Priority::medium;
  for (int number : {1, 2}) {
    const std::string values = server.change_elsewhere(number, medium);
    browser.platform.send_event(issue_event(10 + number, number, values));
  }
  browser.settle();
  IssuePatch theirs;
  theirs.priority = Priority::high;
  (void)server.change_elsewhere(2, theirs);
  browser.desk.run({"issue.priority.set", Priority::urgent, {world_issue(1), world_issue(2)}, false, 0, 0});
  browser.settle();
  CHECK(server.snapshot.issues[0].priority == Priority::urgent);
  CHECK(server.snapshot.issues[1].priority == Priority::high);
  REQUIRE(browser.desk.state().conflicts.size() == 1);
  CHECK(browser.desk.state().conflicts[0].mine.priority == Priority::urgent);
  CHECK(browser.issue(1).priority == Priority::urgent);
  CHECK(browser.issue(2).priority == Priority::high);
}

// ---- drafts

TEST_CASE("A draft of an older text does not take the place of the newer one; it is offered") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  write_text(browser, "Half a thought");
  browser.desk.run({"editor.leave", {}, {}, false, 0, 0});
  CHECK(draft_of(browser, EditorKind::description) == "Half a thought");
  const std::string values = server.change_elsewhere(1, text("A new text"));
  browser.platform.send_event(issue_event(11, 1, values));
  browser.settle();
  browser.run("issue.edit_text");
  CHECK(browser.desk.state().editor.text == "A new text");
  CHECK(browser.has_toast("draft"));
  browser.desk.change(EditorTyped{"A new text, longer", false});
  browser.desk.run({"editor.use_draft", {}, {}, false, 0, 0});
  CHECK(browser.desk.state().editor.text == "Half a thought");
  browser.desk.run({"editor.use_draft", {}, {}, false, 0, 0});
  CHECK(browser.desk.state().editor.text == "A new text, longer");
}

TEST_CASE("A draft of the text as it still is comes back by itself") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open("/issues/1");
    write_text(browser, "Half a thought");
    browser.settle();
    kept = browser.platform.storage();
  }
  Browser again(server);
  again.platform.storage() = kept;
  again.open("/issues/1");
  again.run("issue.edit_text");
  CHECK(again.desk.state().editor.text == "Half a thought");
}

// ---- the connection

TEST_CASE("A stream that the server has reset is closed before the snapshot is read again") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  CHECK(server.snapshots_asked == 1);
  browser.platform.lose_streams(409);
  browser.settle();
  CHECK(server.snapshots_asked == 2);
  CHECK(browser.platform.streams().size() == 1);
}

TEST_CASE(
    "A copy of the log that a restore has replaced is not continued, whatever the numbers of its changes") {
  FakeServer server;
  server.snapshot.log = "before";
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    CHECK(browser.platform.streams().at(0).url.ends_with("?log=before"));
    kept = browser.platform.storage();
  }
  server.snapshot.log = "after";
  server.snapshot.issues.at(0).title = "As it was backed up";
  Browser browser(server);
  browser.platform.storage() = kept;
  browser.open();
  browser.settle();
  CHECK(server.snapshots_asked == 2);
  CHECK(find_issue(browser.desk.state().entities, world_issue(1))->title == "As it was backed up");
  REQUIRE(browser.platform.streams().size() == 1);
  CHECK(browser.platform.streams()[0].url.ends_with("?log=after"));
}

TEST_CASE("What was done in a log that a restore has replaced is not undone in the new one") {
  FakeServer server;
  server.snapshot.log = "before";
  Browser browser(server);
  browser.open();
  browser.run("issue.title.set", std::string("Before"));
  browser.settle();
  CHECK(browser.desk.state().undo_depth == 1);
  browser.platform.lose_streams(409);
  browser.settle();
  CHECK(browser.desk.state().undo_depth == 1);
  server.snapshot.log = "after";
  browser.platform.lose_streams(409);
  browser.settle();
  CHECK(browser.desk.state().undo_depth == 0);
}

TEST_CASE("A snapshot that the server fails to give is asked for again") {
  FakeServer server;
  Browser browser(server);
  server.sync_answers = {FakeServer::problem(503, "unavailable", "Too busy")};
  browser.open();
  wait(browser, 5);
  CHECK(browser.desk.state().sync.phase == SyncPhase::synced);
  CHECK(browser.platform.streams().size() == 1);
}

TEST_CASE(
    "Changes that the server fails to give are asked for again, and synced means that a stream is open") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    kept = browser.platform.storage();
  }
  Browser browser(server);
  browser.platform.storage() = kept;
  for (int times = 0; times < 3; ++times)
    server.sync_answers.push_back(FakeServer::problem(503, "unavailable", "Too busy"));
  browser.open();
  CHECK(browser.platform.streams().empty());
  browser.run("issue.title.set", std::string("Still writing"));
  browser.platform.draw();
  const bool claims_too_much =
      browser.desk.state().sync.phase == SyncPhase::synced && browser.platform.streams().empty();
  CHECK_FALSE(claims_too_much);
  wait(browser, 40);
  CHECK(browser.desk.state().sync.phase == SyncPhase::synced);
  CHECK(browser.platform.streams().size() == 1);
  CHECK(server.snapshot.issues[0].title == "Still writing");
}

TEST_CASE("An answer from before the session was lost takes no other write off the queue") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.platform.hold_answers = true;
  browser.run("issue.title.set", std::string("One"), 1);
  browser.run("issue.title.set", std::string("Two"), 2);
  browser.platform.draw();
  browser.platform.lose_streams(401);
  browser.desk.run({"session.sign_in", Credentials{"marek@dits.dev", "demo1234", ""}, {}, false, 0, 0});
  browser.platform.deliver_answers("/auth/login");
  server.answers = {FakeServer::ok(dump(issue_to_json(server.snapshot.issues[0]))),
                    FakeServer::ok(dump(issue_to_json(server.snapshot.issues[0]))),
                    refusal()};
  browser.platform.deliver_answers("/issues/");
  browser.platform.hold_answers = false;
  browser.settle();
  CHECK(server.writes.size() == 4);  // signing in, the first one twice, the second
  CHECK(browser.has_toast("The server does not like this"));
  CHECK(browser.desk.state().sync.waiting == 0);
}

// ---- Studio

TEST_CASE("A statement that was typed in Studio, and changes that were not saved, outlive a reload") {
  FakeServer server;
  server.snapshot.user->role = Role::admin;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open("/studio/labels");
    auto next = std::make_shared<StudioState>(studio_of(browser.desk.state()));
    next->sql = "select 'typed for an hour'";
    next->edits = {
        {StudioAction::update, {{"id", "l1"}}, "700", {{"name", "net"}, {"deleted_at", std::nullopt}}}};
    next->other_edits["areas"] = {{StudioAction::insert, {}, {}, {{"name", "Garden"}}}};
    browser.desk.change(StudioChanged{std::move(next)});
    browser.settle();
    kept = browser.platform.storage();
  }
  Browser again(server);
  again.platform.storage() = kept;
  again.open("/studio/labels");
  const StudioState& studio = studio_of(again.desk.state());
  CHECK(studio.sql == "select 'typed for an hour'");
  REQUIRE(studio.edits.size() == 1);
  CHECK(studio.edits[0].version == "700");
  CHECK(studio.edits[0].values.at("name") == "net");
  CHECK_FALSE(studio.edits[0].values.at("deleted_at").has_value());
  REQUIRE(studio.other_edits.count("areas") == 1);
  CHECK(studio.other_edits.at("areas")[0].values.at("name") == "Garden");
  // What was discarded does not come back.
  again.run("studio.discard");
  again.settle();
  Browser third(server);
  third.platform.storage() = again.platform.storage();
  third.open("/studio/labels");
  CHECK(studio_of(third.desk.state()).edits.empty());
}

TEST_CASE("A save in Studio that nobody answered is repeated under the same key") {
  FakeServer server;
  server.snapshot.user->role = Role::admin;
  Browser browser(server);
  browser.open("/studio/labels");
  auto next = std::make_shared<StudioState>(studio_of(browser.desk.state()));
  next->edits = {{StudioAction::insert, {}, {}, {{"name", "net"}}}};
  browser.desk.change(StudioChanged{std::move(next)});
  server.answers = {FetchResponse{0, FetchFailure::network, {}, {}}, FakeServer::ok(R"({"applied":1})")};
  browser.run("studio.save");
  browser.settle();
  REQUIRE(studio_of(browser.desk.state()).edits.size() == 1);
  browser.run("studio.save");
  browser.settle();
  REQUIRE(server.writes.size() == 2);
  CHECK_FALSE(header_of(server.writes[0], "idempotency-key").empty());
  CHECK(header_of(server.writes[0], "idempotency-key") == header_of(server.writes[1], "idempotency-key"));
  CHECK(studio_of(browser.desk.state()).edits.empty());
}

}  // namespace dits::web::test
