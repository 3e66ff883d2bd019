// The desk against a made-up server: optimistic writes, the offline queue, refusals, conflicts, sessions,
// undo.
#include <doctest/doctest.h>

#include "shared/json/attachment_json.hpp"
#include "tests/web/support/browser.hpp"

namespace dits::web::test {

TEST_CASE("The desk asks who is signed in, loads the issues and listens") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_in);
  CHECK(browser.desk.state().sync.phase == SyncPhase::synced);
  CHECK(browser.desk.state().entities.issues.size() == 5);
  REQUIRE(browser.platform.streams().size() == 1);
  CHECK(browser.platform.streams()[0].last_event_id == "10");
}

TEST_CASE("A write shows at once, is sent with the version, and is undone by u") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  const Priority before = browser.issue(1).priority;
  const Priority wanted = before == Priority::urgent ? Priority::low : Priority::urgent;
  browser.run("issue.priority.set", wanted);
  CHECK(browser.issue(1).priority == wanted);
  browser.settle();
  REQUIRE(server.writes.size() == 1);
  CHECK(server.writes[0].method == "PATCH");
  bool has_version = false;
  for (const auto& [name, value] : server.writes[0].headers)
    has_version |= name == "if-match" && value == "\"1\"";
  CHECK(has_version);
  CHECK(browser.desk.state().sync.waiting == 0);
  CHECK(browser.issue(1).version == 2);
  browser.run("edit.undo");
  CHECK(browser.issue(1).priority == before);
  REQUIRE(browser.desk.state().toasts.size() == 1);  // what was undone offers no Undo any more
  CHECK(browser.has_toast("Undone: "));
  browser.settle();
  CHECK(server.writes.size() == 2);
  browser.run("edit.redo");
  CHECK(browser.issue(1).priority == wanted);
}

TEST_CASE("Offline, writes wait in order and survive a reload; back online they are sent") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    server.is_down = true;
    browser.run("issue.status.progress", {}, 1);
    browser.run("issue.due.set", std::string("fri"), 2);
    browser.run("issue.due.set", std::string("today"), 2);
    browser.settle();
    CHECK(browser.desk.state().sync.phase == SyncPhase::offline);
    CHECK(browser.desk.state().sync.waiting == 2);
    CHECK(
        facts_at(browser.desk.state(), find_slot(browser.desk.state().entities, world_issue(1))).is_pending);
    kept = browser.platform.storage();
  }
  CHECK(server.writes.empty());
  server.is_down = false;
  Browser again(server);
  again.platform.storage() = kept;
  again.open();
  again.settle();
  REQUIRE(server.writes.size() == 2);
  CHECK(server.writes[0].body == R"({"statusId":")" + to_string(world_status(2)) + "\"}");
  CHECK(again.desk.state().sync.waiting == 0);
  CHECK(server.find(to_string(world_issue(2)))->due_date == again.desk.state().today);
}

TEST_CASE("What the server refuses is taken back, with its sentence") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  const std::string title = browser.issue(1).title;
  server.answers = {FakeServer::problem(409, "transition_not_allowed", "The workflow does not allow this")};
  browser.run("issue.title.set", std::string("New title"));
  CHECK(browser.issue(1).title == "New title");
  browser.settle();
  CHECK(browser.issue(1).title == title);
  CHECK(browser.has_toast("The workflow does not allow this"));
  CHECK(browser.desk.state().undo_depth == 0);
  CHECK(browser.desk.state().sync.waiting == 0);
}

TEST_CASE("A busy server is asked again") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.answers = {FakeServer::problem(503, "unavailable", "Too busy")};
  browser.run("issue.title.set", std::string("New title"));
  for (int round = 0; round < 20; ++round) browser.platform.advance(500);
  CHECK(server.writes.size() == 2);
  CHECK(browser.issue(1).title == "New title");
  CHECK(browser.desk.state().sync.waiting == 0);
}

TEST_CASE("Another field changed elsewhere is no conflict; the same one is, and the user decides") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  Issue theirs = server.snapshot.issues[0];
  theirs.version = 7;
  theirs.priority = theirs.priority == Priority::low ? Priority::high : Priority::low;
  server.snapshot.issues[0] = theirs;
  const std::string current = R"(,"current":)" + dump(issue_to_json(theirs));
  server.answers = {FakeServer::problem(412, "version_mismatch", "It was changed", current)};
  browser.run("issue.title.set", std::string("Mine"));
  browser.settle();
  CHECK(browser.desk.state().conflicts.empty());
  CHECK(browser.issue(1).title == "Mine");
  CHECK(browser.issue(1).priority == theirs.priority);
  CHECK(browser.issue(1).version == 8);

  theirs = server.snapshot.issues[0];
  theirs.version = 20;
  theirs.title = "Theirs";
  server.snapshot.issues[0] = theirs;
  const std::string other = R"(,"current":)" + dump(issue_to_json(theirs));
  server.answers = {FakeServer::problem(412, "version_mismatch", "It was changed", other)};
  browser.run("issue.title.set", std::string("Mine again"));
  browser.settle();
  REQUIRE(browser.desk.state().conflicts.size() == 1);
  CHECK(browser.issue(1).title == "Theirs");
  browser.desk.run({"conflict.keep_mine", world_issue(1), {}, false, 0, 0});
  browser.settle();
  CHECK(browser.desk.state().conflicts.empty());
  CHECK(browser.issue(1).title == "Mine again");
  CHECK(server.snapshot.issues[0].title == "Mine again");
}

TEST_CASE("The key that throws an issue away asks in the trash whether it goes for ever") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.run("issue.trash", {}, 1);
  CHECK(browser.issue(1).deleted_at.has_value());
  browser.run("issue.trash", {}, 1);
  CHECK(browser.desk.state().dialog.kind == DialogKind::confirm);
  CHECK(browser.desk.state().dialog.command == "issue.purge");
}

TEST_CASE("What is asked about is what goes for ever, whatever is selected meanwhile") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  for (const std::int64_t number : {1, 2, 3}) browser.run("issue.trash", {}, number);
  browser.desk.change(Navigated{parse_route("/trash")});
  browser.desk.change(SelectionChanged{{world_issue(1), world_issue(2)}, std::nullopt});
  browser.run("issue.purge", {}, 3);
  CHECK(browser.desk.state().dialog.title == "Delete #3 for ever?");
  browser.desk.run({"dialog.confirm", {}, {}, false, 0, 0});
  CHECK(find_issue(browser.desk.state().entities, world_issue(3)) == nullptr);
  CHECK(find_issue(browser.desk.state().entities, world_issue(1)) != nullptr);
  CHECK(find_issue(browser.desk.state().entities, world_issue(2)) != nullptr);
}

TEST_CASE("An open trash is asked for again when a snapshot comes, which holds nothing of it") {
  FakeServer server;
  std::mt19937 random(2);
  for (const std::int64_t number : {6, 7}) {
    server.trash.push_back(random_issue(number, random));
    server.trash.back().parent_issue_id = {};
    server.trash.back().deleted_at = world_now;
  }
  Browser browser(server);
  browser.open("/trash");
  REQUIRE(browser.desk.state().list.result.rows.size() == 2);
  AuditEntry entry;
  entry.change_id = 11;
  entry.entity_type = EntityType::studio;
  entry.entity_id = world_uuid(1);
  entry.new_values = "{}";
  std::string data;
  append_audit_entry(data, entry);
  const int before = server.snapshots_asked;
  browser.platform.send_event({"11", "change", data});
  browser.settle();
  REQUIRE(server.snapshots_asked == before + 1);
  CHECK(browser.desk.state().list.result.rows.size() == 2);
}

TEST_CASE("What is not taken in a conflict comes back by undo") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  Issue theirs = server.snapshot.issues[0];
  theirs.version = 20;
  theirs.title = "Theirs";
  server.snapshot.issues[0] = theirs;
  const std::string current = R"(,"current":)" + dump(issue_to_json(theirs));
  server.answers = {FakeServer::problem(412, "version_mismatch", "It was changed", current)};
  browser.run("issue.title.set", std::string("A long essay of mine"));
  browser.settle();
  REQUIRE(browser.desk.state().conflicts.size() == 1);
  browser.desk.run({"conflict.take_theirs", world_issue(1), {}, false, 0, 0});
  browser.settle();
  CHECK(browser.desk.state().conflicts.empty());
  CHECK(browser.issue(1).title == "Theirs");
  browser.run("edit.undo");
  browser.settle();
  CHECK(browser.issue(1).title == "A long essay of mine");
  CHECK(server.snapshot.issues[0].title == "A long essay of mine");
  browser.run("edit.redo");
  browser.settle();
  CHECK(server.snapshot.issues[0].title == "Theirs");
}

TEST_CASE("A lost session keeps writes and drafts until the user is back") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  server.is_signed_in = false;
  browser.run("issue.title.set", std::string("Kept"));
  browser.desk.change(EditorOpened{{EditorKind::comment, world_issue(1), {}, "", false}});
  browser.desk.change(EditorTyped{"A long thought", false});
  browser.settle();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_out);
  CHECK(browser.desk.state().sync.waiting == 1);
  browser.desk.run({"session.sign_in", Credentials{"marek@dits.dev", "demo1234", ""}, {}, false, 0, 0});
  browser.settle();
  CHECK(browser.desk.state().session.phase == SessionPhase::signed_in);
  CHECK(browser.desk.state().sync.waiting == 0);
  CHECK(server.snapshot.issues[0].title == "Kept");
  REQUIRE(browser.desk.state().drafts.size() == 1);
  CHECK(browser.desk.state().drafts.begin()->second.text == "A long thought");
}

TEST_CASE("Changes made elsewhere arrive by the stream, below what waits here") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  AuditEntry entry;
  entry.change_id = 11;
  entry.entity_id = world_issue(2).uuid;
  entry.new_values = R"({"title":"From another tab","version":2,"updatedAt":"2026-07-14T08:06:00.000Z"})";
  std::string data;
  append_audit_entry(data, entry);
  browser.platform.send_event({"11", "change", data});
  browser.settle();
  CHECK(browser.issue(2).title == "From another tab");
  CHECK(browser.issue(2).version == 2);
  CHECK(browser.desk.state().sync.change_id == 11);

  server.is_down = true;
  browser.run("issue.title.set", std::string("Mine"), 2);
  entry.change_id = 12;
  entry.new_values =
      R"({"title":"Theirs","priority":"URGENT","version":3,"updatedAt":"2026-07-14T08:07:00.000Z"})";
  data.clear();
  append_audit_entry(data, entry);
  browser.platform.send_event({"12", "change", data});
  browser.settle();
  CHECK(browser.issue(2).title == "Mine");
  CHECK(browser.issue(2).priority == Priority::urgent);
}

TEST_CASE("After a reload undo goes through the log, by the change that the stream confirmed") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    browser.run("issue.title.set", std::string("Changed"));
    browser.settle();
    AuditEntry entry;
    entry.change_id = 11;
    entry.entity_id = world_issue(1).uuid;
    entry.new_values = R"({"title":"Changed","version":2,"updatedAt":"2026-07-14T08:06:00.000Z"})";
    std::string data;
    append_audit_entry(data, entry);
    browser.platform.send_event({"11", "change", data});
    browser.settle();
    kept = browser.platform.storage();
  }
  server.snapshot.change_id = 11;
  server.writes.clear();
  Browser again(server);
  again.platform.storage() = kept;
  again.open();
  REQUIRE(again.desk.state().undo_depth == 1);
  again.run("edit.undo");
  again.settle();
  REQUIRE(server.writes.size() == 1);
  CHECK(server.writes[0].url == "/api/v1/audit-logs/11/undo");
}

TEST_CASE("The browser's own copy is shown before the server has answered, and is brought up to date") {
  FakeServer server;
  std::map<std::string, std::string> kept;
  {
    Browser browser(server);
    browser.open();
    browser.settle();
    kept = browser.platform.storage();
  }
  REQUIRE(kept.contains("cache:meta"));
  server.is_down = true;
  Browser again(server);
  again.platform.storage() = kept;
  again.open();
  CHECK(again.desk.state().session.phase == SessionPhase::signed_in);
  CHECK(again.desk.state().sync.phase == SyncPhase::offline);
  CHECK(again.desk.state().entities.issues.size() == 5);
  server.is_down = false;
  for (int round = 0; round < 20; ++round) again.settle();
  CHECK(again.desk.state().sync.phase == SyncPhase::synced);
}

TEST_CASE("Quick create makes an issue with an id of its own and an Idempotency-Key") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.desk.run({"issue.new", {}, {}, false, 0, 0});
  QuickCreate draft = browser.desk.state().quick_create;
  CHECK(draft.is_open);
  draft.title = "Made by keyboard";
  browser.desk.change(QuickCreateChanged{draft});
  browser.desk.run({"editor.save_and_leave", {}, {}, false, 0, 0});
  CHECK_FALSE(browser.desk.state().quick_create.is_open);
  REQUIRE(browser.desk.state().entities.issues.size() == 6);
  CHECK(browser.desk.state().entities.issues[5].number == 6);
  browser.settle();
  REQUIRE(server.writes.size() == 1);
  CHECK(server.writes[0].url == "/api/v1/issues");
  bool has_key = false;
  for (const auto& [name, value] : server.writes[0].headers)
    has_key |= name == "idempotency-key" && value.size() == 36;
  CHECK(has_key);
}

TEST_CASE(
    "What is typed comes in normal form: a label that is written in another way is the one that is there") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  const std::size_t before = browser.desk.state().entities.labels.size();
  browser.desk.run({"issue.labels.toggle", std::string(" Cafe\u0301 "), {world_issue(1)}, false, 0, 0});
  REQUIRE(browser.desk.state().entities.labels.size() == before + 1);
  CHECK(browser.desk.state().entities.labels.back().name == "Caf\u00E9");
  browser.desk.run({"issue.title.set", std::string("Re\u0301sume\u0301"), {world_issue(1)}, false, 0, 0});
  CHECK(find_issue(browser.desk.state().entities, world_issue(1))->title == "R\u00E9sum\u00E9");
  browser.desk.run({"issue.title.set", std::string("\u200B"), {world_issue(1)}, false, 0, 0});
  CHECK(find_issue(browser.desk.state().entities, world_issue(1))->title == "R\u00E9sum\u00E9");
}

namespace {

// The answer of an upload.
FetchResponse kept_file(const std::string& name, const std::string& type) {
  Attachment file;
  file.id = AttachmentId{world_uuid(900)};
  file.issue_id = world_issue(1);
  file.file_name = name;
  file.content_type = type;
  file.byte_size = 5;
  return {201, FetchFailure::none, {}, dump(attachment_to_json(file))};
}

const std::string file_address =
    "/api/v1/issues/" + to_string(world_issue(1)) + "/attachments/" + to_string(world_uuid(900));

Editor comment_editor(const std::string& text) {
  Editor editor;
  editor.kind = EditorKind::comment;
  editor.issue_id = world_issue(1);
  editor.text = text;
  return editor;
}

}  // namespace

TEST_CASE("A picture given to the editor is sent as bytes and stands in the text where it was given") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.desk.change(EditorOpened{comment_editor("See ![Uploading a.png 1…]() there")});
  server.answers = {kept_file("a[1].png", "image/png")};
  browser.platform.hold_answers = true;
  browser.desk.file_given({"a[1].png", std::string("\x89PNG\0", 5), "![Uploading a.png 1…]()", ""});
  CHECK(browser.desk.state().uploads == 1);
  // Saving now would keep the placeholder for ever.
  browser.run("editor.save");
  CHECK(browser.desk.state().editor.kind == EditorKind::comment);
  browser.platform.hold_answers = false;
  browser.platform.deliver_answers();
  browser.settle();
  CHECK(browser.desk.state().uploads == 0);
  CHECK(browser.desk.state().editor.text == "See ![a(1).png](" + file_address + ") there");
  REQUIRE(server.writes.size() == 1);
  CHECK(server.writes[0].url ==
        "/api/v1/issues/" + to_string(world_issue(1)) + "/attachments?name=a%5B1%5D.png");
  CHECK(server.writes[0].body.size() == 5);
}

TEST_CASE("A file that is refused leaves the text as it was and says why") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.desk.change(EditorOpened{comment_editor("![Uploading b.bin 2…]()")});
  server.answers = {FakeServer::problem(413, "payload_too_large", "A file may have at most 25 MB.")};
  browser.desk.file_given({"b.bin", "12345", "![Uploading b.bin 2…]()", ""});
  browser.settle();
  CHECK(browser.desk.state().editor.text.empty());
  CHECK(browser.has_toast("b.bin: A file may have at most 25 MB."));
  browser.desk.file_given({"c.bin", "", "", "cannot be read"});
  CHECK(browser.has_toast("c.bin cannot be read"));
  CHECK(server.writes.size() == 1);
}

TEST_CASE("An import can be begun from anywhere: it goes where its file is taken and its progress shown") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues");
  browser.run("data.import");
  browser.settle();
  CHECK(browser.desk.state().route.screen == Screen::settings);
  CHECK(browser.desk.state().route.section == SettingsSection::transfer);
}

TEST_CASE("A file that is not a picture becomes a plain link; deleting it can be undone") {
  FakeServer server;
  Browser browser(server);
  browser.open("/issues/1");
  browser.desk.change(EditorOpened{comment_editor("![Uploading t.txt 3…]()")});
  server.answers = {kept_file("t.txt", "text/plain")};
  browser.desk.file_given({"t.txt", "12345", "![Uploading t.txt 3…]()", ""});
  browser.settle();
  CHECK(browser.desk.state().editor.text == "[t.txt](" + file_address + ")");
  browser.desk.change(EditorClosed{false});
  browser.run("open.url", file_address);
  CHECK(browser.platform.opened() == file_address);
  const auto& files = browser.desk.state().entities.attachments.at(world_issue(1));
  REQUIRE(files.size() == 1);
  browser.run("issue.file.delete", files[0].id);
  CHECK(browser.desk.state().entities.attachments.at(world_issue(1))[0].deleted_at.has_value());
  browser.settle();
  CHECK(server.writes.back().method == "DELETE");
  CHECK(server.writes.back().url == file_address);
  browser.run("edit.undo");
  browser.settle();
  CHECK(!browser.desk.state().entities.attachments.at(world_issue(1))[0].deleted_at);
  CHECK(server.writes.back().url == file_address + "/restore");
}

TEST_CASE("A file chosen on the page of imports is imported, and everything is loaded anew") {
  FakeServer server;
  Browser browser(server);
  browser.open("/settings/transfer");
  server.answers = {FakeServer::ok(R"({"read":3,"issues":2,"projects":1,"files":0})")};
  browser.desk.file_given({"table.csv", "title\nA\nB\n", "", ""});
  CHECK(browser.desk.state().transfer.is_running);
  browser.settle();
  CHECK(!browser.desk.state().transfer.is_running);
  CHECK(browser.desk.state().transfer.text == "Imported 2 issues, 1 project");
  CHECK(server.writes.back().url == "/api/v1/import?format=csv");
  server.answers = {FakeServer::ok(
      R"({"issues":3,"noteCount":22,"notes":[{"line":3,"text":"title: a"},{"line":4,"text":"title: b"}]})")};
  browser.desk.file_given({"table.csv", "title\nA\n", "", ""});
  browser.settle();
  CHECK(browser.desk.state().transfer.text ==
        "Imported 3 issues\nNot all of it is as it was in the file:\nLine 3, title: a\nLine 4, title: b\n"
        "and 20 more");
  server.answers = {FakeServer::problem(409, "account_in_use", "This account is in use.")};
  browser.desk.file_given({"everything.jsonl", "{}", "", ""});
  browser.settle();
  CHECK(browser.desk.state().transfer.has_failed);
  CHECK(browser.desk.state().transfer.text == "This account is in use.");
}

}  // namespace dits::web::test
