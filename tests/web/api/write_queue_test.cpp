// What waits for the server, what the browser keeps, and what the log tells.
#include "web/api/write_queue.hpp"

#include <doctest/doctest.h>

#include "shared/json/issue_json.hpp"
#include "tests/web/support/browser.hpp"
#include "tests/web/support/world.hpp"
#include "web/api/entry_changes.hpp"
#include "web/commands/request_for.hpp"
#include "web/store/reduce.hpp"

namespace dits::web::test {

namespace {

Write patch_write(std::int64_t number, const IssuePatch& patch, const IssuePatch& before) {
  Write write;
  write.key = "key-" + std::to_string(number);
  write.method = "PATCH";
  write.path = "/api/v1/issues/" + to_string(world_issue(number));
  write.entity_id = world_issue(number).uuid;
  write.issues = {world_issue(number)};
  write.versions = {1};
  write.edits = {{world_issue(number), patch}};
  write.before = {{world_issue(number), before}};
  write.undo_tokens = {static_cast<std::uint64_t>(number)};
  return write;
}

IssuePatch priority(Priority value) {
  IssuePatch patch;
  patch.priority = value;
  return patch;
}

IssuePatch title(std::string value) {
  IssuePatch patch;
  patch.title = std::move(value);
  return patch;
}

Write write_of(const Change& change) { return request_for(change, State()).front(); }

std::string sent(const FakeServer& server) {
  std::string text;
  for (const FetchRequest& request : server.writes) {
    if (!text.empty()) text += ", ";
    text += request.method + " ";
    for (std::int64_t number = 1; number <= 5; ++number) {
      if (request.url.find(to_string(world_issue(number))) != std::string::npos)
        text += std::to_string(number);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("Writes of one issue that wait together are one request, in order with the others") {
  WriteQueue queue;
  queue.push(patch_write(1, priority(Priority::high), priority(Priority::low)));
  queue.push(patch_write(1, priority(Priority::urgent), priority(Priority::high)));
  queue.push(patch_write(1, title("New"), title("Old")));
  CHECK(queue.size() == 1);
  CHECK(body_of(queue.front()) == R"({"title":"New","priority":"URGENT"})");
  CHECK(queue.front().before.front().patch.priority == Priority::low);
  CHECK(queue.front().undo_tokens.size() == 3);
  queue.push(patch_write(2, priority(Priority::low), priority(Priority::none)));
  queue.push(patch_write(1, title("Newer"), title("New")));
  CHECK(queue.size() == 3);
}

TEST_CASE("Two steps through a workflow stay two: the one over both may not be allowed") {
  const auto status = [](int at) {
    IssuePatch patch;
    patch.status_id = world_status(at);
    return patch;
  };
  WriteQueue queue;
  queue.push(patch_write(1, status(1), status(0)));
  queue.push(patch_write(1, title("New"), title("Old")));
  queue.push(patch_write(1, status(2), status(1)));
  REQUIRE(queue.size() == 2);
  CHECK(queue.writes()[0].edits.front().patch.status_id == world_status(1));
  CHECK(queue.writes()[0].edits.front().patch.title == "New");
  CHECK(queue.writes()[1].edits.front().patch.status_id == world_status(2));
}

TEST_CASE("A write that is under way takes nothing more in") {
  WriteQueue queue;
  queue.push(patch_write(1, priority(Priority::high), priority(Priority::low)));
  queue.mark_front_sent();
  queue.push(patch_write(1, title("New"), title("Old")));
  CHECK(queue.size() == 2);
}

TEST_CASE("A change of many issues is as few requests as the server takes them in, whatever is changed") {
  constexpr std::int64_t count = 12000;
  constexpr std::size_t most_bytes = std::size_t{1024} * 1024;
  const auto writes_for = [&](const auto& patch_of) {
    IssuesPatched change;
    for (std::int64_t number = 1; number <= count; ++number)
      change.edits.push_back({world_issue(number), patch_of(number)});
    std::vector<Write> writes = request_for(Change{change}, State());
    std::size_t edits = 0;
    for (Write& write : writes) {
      edits += write.edits.size();
      CHECK(write.edits.size() <= max_bulk_steps);
      write.versions.assign(write.edits.size(), 1'000'000);
      CHECK(body_of(write).size() <= most_bytes);
    }
    CHECK(edits == count);
    return writes;
  };
  const std::vector<Write> same = writes_for([](std::int64_t) { return priority(Priority::high); });
  CHECK(same.size() == 2);
  CHECK(same.front().edits.size() == max_bulk_steps);
  CHECK(writes_for([](std::int64_t number) { return title("Issue " + std::to_string(number)); }).size() <= 3);
  CHECK(writes_for([](std::int64_t) { return title(std::string(300, 'x')); }).size() == 2);
  writes_for([](std::int64_t number) { return title(std::string(300, 'x') + std::to_string(number)); });
}

TEST_CASE("On a full disk what frees room goes before a write that finds none") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  bool is_full = true;
  browser.platform.server = [&](const FetchRequest& request) {
    FetchResponse answer = FakeServer::problem(507, "disk_full", "The disk is full");
    if (!is_full || request.method != "PATCH") return server.answer(request);
    server.writes.push_back(request);
    return answer;
  };
  browser.run("issue.title.set", std::string("Finds no room"), 1);
  browser.run("issue.trash", {}, 2);
  browser.run("issue.trash", {}, 1);
  browser.run("issue.trash", {}, 3);
  browser.platform.advance(500);
  CHECK(browser.desk.state().sync.waiting == 2);
  CHECK(find_issue(browser.desk.state().entities, world_issue(1))->deleted_at.has_value());
  server.writes.clear();
  is_full = false;
  for (int round = 0; round < 10; ++round) browser.settle();
  CHECK(sent(server) == "PATCH 1, DELETE 1");
  CHECK(browser.desk.state().sync.waiting == 0);
  CHECK(server.find(to_string(world_issue(1)))->title == "Finds no room");
}

TEST_CASE("What frees room overtakes no write of the same thing, and none that may be of it") {
  Comment comment;
  comment.id = CommentId{world_uuid(901)};
  comment.issue_id = world_issue(4);
  Attachment file;
  file.id = AttachmentId{world_uuid(902)};
  file.issue_id = world_issue(4);
  file.deleted_at = world_now;
  Label label;
  label.id = world_label(0);
  IssuePatch labelled;
  labelled.label_ids = {world_label(0)};
  Label unlabelled = label;
  unlabelled.deleted_at = world_now;
  WriteQueue queue;
  queue.push(patch_write(1, labelled, {}));
  queue.push(write_of(CommentSaved{{}, comment}));
  queue.push(write_of(LabelSaved{label, unlabelled}));               // named by the first
  queue.push(write_of(IssuesTrashed{{world_issue(4)}, world_now}));  // has the comment
  queue.push(write_of(AttachmentSaved{{}, file}));                   // of an issue, and not it
  queue.push(write_of(IssuesTrashed{{world_issue(2), world_issue(3)}, world_now}));  // many at once
  queue.push(write_of(IssuesRestored{{world_issue(4)}, world_now}));                 // waits with its issue
  queue.push(write_of(IssuesRestored{{world_issue(2)}, world_now}));
  Write undo;
  undo.method = "POST";
  undo.path = "/api/v1/audit-logs/11/undo";
  undo.undoes = {11};
  queue.push(undo);
  queue.push(write_of(IssuesTrashed{{world_issue(5)}, world_now}));  // may be what the undo is about
  const auto order = [&] {
    std::string text;
    for (const Write& write : queue.writes()) text += write.method + " " + write.path.substr(7) + "\n";
    return text;
  };
  const std::string one = to_string(world_issue(1));
  const std::string two = to_string(world_issue(2));
  const std::string four = to_string(world_issue(4));
  CHECK(queue.put_freeing_first());
  CHECK(order() == "DELETE /issues/" + four + "/attachments/" + to_string(file.id) + "\n" +  //
                       "POST /issues/bulk\n" +                                               //
                       "POST /issues/" + two + "/restore\n" +                                //
                       "PATCH /issues/" + one + "\n" +                                       //
                       "POST /issues/" + four + "/comments\n" +                              //
                       "DELETE /labels/" + to_string(label.id) + "\n" +                      //
                       "DELETE /issues/" + four + "\n" +                                     //
                       "POST /issues/" + four + "/restore\n" +                               //
                       "POST /audit-logs/11/undo\n" +                                        //
                       "DELETE /issues/" + to_string(world_issue(5)) + "\n");
  CHECK_FALSE(queue.put_freeing_first());
}

TEST_CASE("A write is read back as it was kept") {
  Write write = patch_write(1, priority(Priority::high), priority(Priority::low));
  write.undoes = {4, 7};
  write.undo_title = "Set priority";
  const auto kept = write_from_text(write_to_text(write));
  REQUIRE(kept.has_value());
  CHECK(kept->key == "key-1");
  CHECK(kept->path == write.path);
  CHECK(body_of(*kept) == body_of(write));
  CHECK(kept->issues == write.issues);
  CHECK(kept->versions == write.versions);
  CHECK(kept->edits.front().patch.priority == Priority::high);
  CHECK(kept->before.front().patch.priority == Priority::low);
  CHECK(kept->undoes == write.undoes);
  CHECK(kept->undo_title == "Set priority");
  CHECK_FALSE(write_from_text("[1]").has_value());
}

TEST_CASE("It is a conflict when someone else changed the same field to something else") {
  Issue theirs;
  theirs.title = "Theirs";
  theirs.priority = Priority::low;
  CHECK(is_conflict(title("Mine"), title("Old"), theirs));
  CHECK_FALSE(is_conflict(title("Mine"), title("Theirs"), theirs));
  CHECK_FALSE(is_conflict(title("Theirs"), title("Old"), theirs));
  CHECK_FALSE(is_conflict(priority(Priority::high), priority(Priority::low), theirs));
}

TEST_CASE("The changes of the log, one by one or together, end in the state of the snapshot") {
  std::mt19937 random(21);
  State here = make_world(30);
  State there = here;
  std::vector<AuditEntry> entries;
  for (int round = 0; round < 200; ++round) {
    const Change change = random_change(here, random);
    const auto* patched = change.get_if<IssuesPatched>();
    const auto* created = change.get_if<IssueCreated>();
    if (patched == nullptr && created == nullptr) continue;
    const IssueId id = patched != nullptr ? patched->edits.front().id : created->issue.id;
    const Issue before = patched != nullptr ? *find_issue(here.entities, id) : Issue{};
    reduce(here, change);
    Issue after = *find_issue(here.entities, id);
    ++after.version;
    reduce(here, IssuesArrived{{after}});
    AuditEntry entry;
    entry.change_id = 11 + static_cast<std::int64_t>(entries.size());
    entry.entity_id = id.uuid;
    entry.action = created != nullptr ? AuditAction::create : AuditAction::update;
    Json values = issue_to_json(after, IssueFields::lean());
    if (patched != nullptr) {
      const Json old = issue_to_json(before, IssueFields::lean());
      Json changed = Json::object();
      for (auto field = values.begin(); field != values.end(); ++field) {
        if (old[field.key()] != field.value()) changed[field.key()] = field.value();
      }
      values = changed;
    }
    entry.new_values = dump(values);
    entries.push_back(entry);
  }
  REQUIRE(entries.size() > 50);
  State together = there;
  for (const AuditEntry& entry : entries) {
    EntryChanges reader(there);
    reader.add_issue(entry);
    reduce_all(there, reader.take());
  }
  EntryChanges reader(together);
  for (const AuditEntry& entry : entries) reader.add_issue(entry);
  reduce_all(together, reader.take());
  CHECK(describe_issues(there) == describe_issues(here));
  CHECK(describe_issues(together) == describe_issues(here));
}

}  // namespace dits::web::test
