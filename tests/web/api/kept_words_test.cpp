// No word is lost: refusals, conflicts, drafts, and what the server says meanwhile.
#include <doctest/doctest.h>

#include "tests/web/support/refusals.hpp"
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

}  // namespace dits::web::test
