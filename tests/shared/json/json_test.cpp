#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "shared/json/account_json.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/backup_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/problem_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/studio_json.hpp"
#include "shared/json/sync_json.hpp"
#include "shared/json/value.hpp"
#include "shared/json/workflow_json.hpp"

namespace dits {

namespace {

template <typename Tag>
Id<Tag> id_of(std::uint64_t number) {
  return Id<Tag>{make_uuid_v7(1'700'000'000'000, 0, number)};
}

Json json(std::string_view text) {
  Result<Json> value = parse_json(text);
  REQUIRE_MESSAGE(value, std::string(text));
  return std::move(value).value();
}

// "field: message" of everything that was refused, by lines.
std::string refusals_of(const Error& error) {
  std::string text;
  for (const FieldError& refused : error.fields) text += refused.field + ": " + refused.message + "\n";
  return text;
}

Issue full_issue() {
  Issue issue;
  issue.id = id_of<IssueTag>(1);
  issue.number = 128;
  issue.title = "Quotes \" and \\ and\ttabs \x01 日本";
  issue.description = "line\nline";
  issue.priority = Priority::high;
  issue.status_id = id_of<StatusTag>(2);
  issue.project_id = id_of<ProjectTag>(3);
  issue.parent_issue_id = id_of<IssueTag>(4);
  issue.due_date = Date{20'000};
  issue.completed_at = Timestamp{1'700'000'000'123};
  issue.position = 0.1;
  issue.label_ids = {id_of<LabelTag>(5), id_of<LabelTag>(6)};
  issue.metadata = "{\"a\":[1,2.5,null]}";
  issue.version = 7;
  issue.created_at = {1'600'000'000'000};
  issue.updated_at = {1'650'000'000'000};
  return issue;
}

}  // namespace

TEST_CASE("JSON from outside is read within limits, and says where it is wrong") {
  struct Bad {
    std::string text;
    const char* message;
  };
  std::string many = "{";
  for (std::size_t at = 0; at <= max_json_members; ++at)
    many += (at > 0 ? ",\"" : "\"") + std::to_string(at) + "\":0";
  const Bad bad[] = {
      {"", "The text is not valid JSON: line 1, column 1"},
      {"{\n\"a\": }", "The text is not valid JSON: line 2, column 6"},
      {"[1] x", "The text is not valid JSON: line 1, column 5"},
      {std::string(max_json_depth + 1, '['), "The JSON is nested too deeply"},
      {"{\"a\":1,\"a\":2}", "The name \"a\" is given twice"},
      {many + "}", "An object has too many members"},
      {"\"\\u0000\"", "A string must be valid UTF-8 without a NUL character"},
      {"{\"\\u0000\":1}", "A name must be valid UTF-8 without a NUL character"},
      {"\"\xFF\"", "The text is not valid JSON: line 1, column 2"},
      {"\"\\uD800\"", "The text is not valid JSON: line 1, column 8"},
      {"1e999", "The text is not valid JSON: line 1, column 5"},
      {"NaN", "The text is not valid JSON: line 1, column 1"},
      {"{'a':1}", "The text is not valid JSON: line 1, column 2"},
      {"[1,]", "The text is not valid JSON: line 1, column 4"},
  };
  for (const Bad& each : bad) {
    CAPTURE(each.text.substr(0, 40));
    const Result<Json> value = parse_json(each.text);
    REQUIRE(!value);
    CHECK(value.error().message == each.message);
  }
  CHECK(dump(json("{\"b\":1,\"a\":[true,null,\"\\u00e4\"]}")) == "{\"b\":1,\"a\":[true,null,\"ä\"]}");
}

TEST_CASE("a long array is handed over element by element") {
  std::vector<std::string> taken;
  const auto take = [&](const Json& element) -> Result<void> {
    taken.push_back(dump(element));
    return {};
  };
  const Result<Json> rest =
      parse_json_stream("{\"a\":[9],\"items\":[1,{\"x\":[2]},[3,[4]]],\"z\":{\"items\":[5]}}", "items", take);
  REQUIRE(rest);
  CHECK(taken == std::vector<std::string>{"1", "{\"x\":[2]}", "[3,[4]]"});
  CHECK(dump(*rest) == "{\"a\":[9],\"items\":[],\"z\":{\"items\":[5]}}");
  const auto refuse = [](const Json&) -> Result<void> { return invalid("x", "no"); };
  CHECK(parse_json_stream("{\"items\":[1]}", "items", refuse).error().message == "no");
}

TEST_CASE("an issue is itself after writing and reading, as a value and as text") {
  const Issue issue = full_issue();
  const Json value = issue_to_json(issue);
  std::string text;
  append_issue(text, issue, IssueFields::all());
  CHECK(json(text) == value);
  const Issue read = issue_from_json(value).value();
  CHECK(issue_to_json(read) == value);
  CHECK(read.has_description);
  CHECK(value.size() == issue_field_count);
  CHECK(dump(value["areaId"]) == "null");
}

TEST_CASE("an issue carries only the fields that are asked for") {
  std::string text;
  append_issue(text, full_issue(), {IssueField::number, IssueField::due_date});
  CHECK(text == "{\"number\":128,\"dueDate\":\"2024-10-04\"}");
  CHECK(!issue_to_json(full_issue(), IssueFields::lean()).contains("description"));
  CHECK(!issue_from_json(issue_to_json(full_issue(), IssueFields::lean()))->has_description);
}

TEST_CASE("the body of a new issue is read field by field, and every wrong one is named") {
  const Result<Issue> issue =
      issue_draft_from_json(json("{\"title\":\"A\",\"priority\":\"LOW\",\"dueDate\":null,\"labelIds\":[]}"));
  REQUIRE(issue);
  CHECK(issue->priority == Priority::low);
  CHECK(!issue->status_id.is_set());
  const Result<Issue> wrong = issue_draft_from_json(
      json("{\"priority\":\"high\",\"dueDate\":\"2026-02-30\",\"labelIds\":[1],\"number\":5,\"userId\":\"x\","
           "\"metadata\":[],"
           "\"position\":\"1\",\"description\":null,\"statusId\":\"00000000-0000-0000-0000-000000000000\"}"));
  REQUIRE(!wrong);
  CHECK(wrong.error().code == ErrorCode::invalid);
  CHECK(refusals_of(wrong.error()) ==
        "title: Is required\n"
        "description: Must be a text\n"
        "priority: Must be NO_PRIORITY, LOW, MEDIUM, HIGH or URGENT\n"
        "statusId: Must be an id such as 0199c1f2-5e0a-7000-8000-1234567890ab\n"
        "dueDate: Must be a day such as 2026-02-01\n"
        "position: Must be a number\n"
        "labelIds: Must be a list of ids\n"
        "metadata: Must be an object\n"
        "number: Is set by the server and cannot be given\n"
        "userId: Is not a known field\n");
  CHECK(issue_draft_from_json(json("[]")).error().message == "The body must be a JSON object");
  CHECK(issue_draft_from_json(json("{\"title\":\"A\",\"bogus\":1}")).error().message ==
        "bogus is not a known field");
}

TEST_CASE("a patch tells clearing from leaving alone") {
  const Result<IssueUpdate> update =
      issue_update_from_json(json("{\"projectId\":null,\"dueDate\":null,\"title\":\"B\",\"override\":true}"));
  REQUIRE(update);
  CHECK(update->override_transitions);
  CHECK(update->patch.project_id.has_value());
  CHECK(!update->patch.project_id->is_set());
  CHECK(update->patch.due_date.has_value());
  CHECK(!update->patch.due_date->has_value());
  CHECK(!update->patch.area_id);
  CHECK(dump(issue_update_to_json(*update)) ==
        "{\"title\":\"B\",\"projectId\":null,\"dueDate\":null,\"override\":true}");
  CHECK(refusals_of(issue_update_from_json(json("{\"statusId\":null,\"version\":1}")).error()) ==
        "statusId: Must be an id such as 0199c1f2-5e0a-7000-8000-1234567890ab\nversion: Is set by the server "
        "and cannot be given\n");
}

TEST_CASE("a bulk body takes one change for all or each its own") {
  const std::string one = to_string(id_of<IssueTag>(1));
  const std::string two = to_string(id_of<IssueTag>(2));
  const auto bulk = [](const std::string& text) { return issue_bulk_from_json(json(text)); };
  const auto same = bulk("{\"issueIds\":[\"" + one + "\",\"" + two + "\"],\"patch\":{\"priority\":\"LOW\"}}");
  REQUIRE(same);
  CHECK(same->size() == 2);
  CHECK((*same)[1].update.patch.priority == Priority::low);
  const auto each = bulk("{\"changes\":[{\"id\":\"" + one + "\",\"version\":3,\"patch\":{}},{\"id\":\"" +
                         two + "\",\"action\":\"DELETE\"}]}");
  REQUIRE(each);
  CHECK((*each)[0].version == 3);
  CHECK((*each)[1].action == IssueAction::remove);
  const auto again = issue_bulk_from_json(issue_bulk_to_json(*each));
  REQUIRE(again);
  CHECK((*again)[1].action == IssueAction::remove);
  CHECK(dump(issue_bulk_to_json(*each)).starts_with("{\"changes\":"));
  const auto versioned =
      bulk("{\"issueIds\":[\"" + one + "\",\"" + two + "\"],\"versions\":[3,8],\"action\":\"RESTORE\"}");
  REQUIRE(versioned);
  CHECK((*versioned)[1].version == 8);
  CHECK(dump(issue_bulk_to_json(*versioned)) ==
        "{\"issueIds\":[\"" + one + "\",\"" + two + "\"],\"action\":\"RESTORE\",\"versions\":[3,8]}");
  CHECK(dump(issue_bulk_to_json(*same)) ==
        "{\"issueIds\":[\"" + one + "\",\"" + two + "\"],\"patch\":{\"priority\":\"LOW\"}}");
  CHECK(bulk("{\"issueIds\":[\"" + one + "\",\"" + two + "\"],\"versions\":[3],\"patch\":{}}")
            .error()
            .fields[0]
            .message == "Must be as many as there are issueIds");
  CHECK(bulk("{\"issueIds\":[\"" + one + "\",\"" + one + "\"],\"patch\":{}}").error().message ==
        "Must not name an issue twice");
  CHECK(!bulk("{\"issueIds\":[],\"patch\":{}}"));
  CHECK(!bulk("{\"issueIds\":[\"" + one + "\"]}"));
  CHECK(bulk("{\"changes\":[{\"id\":\"" + one + "\",\"patch\":{\"bogus\":1}}]}").error().fields[0].field ==
        "changes[0].patch.bogus");
}

TEST_CASE("a bulk body names as many issues as one call takes, and texts that all of them can hold") {
  const auto bulk = [](std::size_t count, const std::string& patch) {
    std::string text = "{\"issueIds\":[";
    for (std::size_t n = 1; n <= count; ++n)
      text += (n > 1 ? ",\"" : "\"") + to_string(id_of<IssueTag>(n)) + "\"";
    return issue_bulk_from_json(json(text + "],\"patch\":" + patch + "}"));
  };
  CHECK(bulk(max_bulk_steps, "{\"priority\":\"LOW\"}"));
  CHECK(bulk(max_bulk_steps + 1, "{\"priority\":\"LOW\"}").error().message == "Must name 1 to 10000 issues");
  const std::string long_text = "{\"description\":\"" + std::string(max_bulk_text_bytes / 1000, 'x') + "\"}";
  CHECK(bulk(1000, long_text));
  CHECK(bulk(1001, long_text).error().fields[0].message ==
        "Must not be more than 1000 for so much text and so many labels: change fewer issues at a time");
}

TEST_CASE("a workflow's statuses come in the order of the body") {
  const Result<Workflow> workflow = workflow_draft_from_json(
      json("{\"name\":\"W\",\"statuses\":[{\"name\":\"Open\"},{\"name\":\"Done\",\"isClosed\":true}]}"));
  REQUIRE(workflow);
  CHECK(workflow->statuses[1].position == 1);
  Workflow saved = *workflow;
  saved.id = id_of<WorkflowTag>(1);
  for (Status& status : saved.statuses) {
    status.id = id_of<StatusTag>(static_cast<std::uint64_t>(status.position) + 1);
    status.workflow_id = saved.id;
  }
  saved.transitions = {{saved.statuses[0].id, {saved.statuses[1].id}}};
  const Result<Workflow> read = workflow_from_json(workflow_to_json(saved));
  REQUIRE(read);
  CHECK(workflow_to_json(*read) == workflow_to_json(saved));
  const Result<Workflow> wrong =
      workflow_draft_from_json(json("{\"name\":\"W\",\"statuses\":[{\"name\":1,\"x\":2},3]}"));
  REQUIRE(!wrong);
  CHECK(refusals_of(wrong.error()) ==
        "statuses[0].name: Must be a text\nstatuses[0].x: Is not a known field\nstatuses[1]: Must be an "
        "object\n");
}

TEST_CASE("the difference of two states has the changed fields of both") {
  const ChangedFields changed =
      changed_fields(json("{\"a\":1,\"b\":2,\"c\":null,\"d\":4}"), json("{\"a\":1,\"b\":3,\"e\":5}"));
  CHECK(dump(changed.old_values) == "{\"b\":2,\"e\":null,\"d\":4}");
  CHECK(dump(changed.new_values) == "{\"b\":3,\"e\":5,\"d\":null}");
  CHECK(changed_fields(json("{\"a\":1}"), json("{\"a\":1}")).empty());
}

TEST_CASE("applying the changed values to the old state gives the new one") {
  const Issue before = full_issue();
  Issue after = before;
  after.title = "New";
  after.due_date.reset();
  after.area_id = id_of<AreaTag>(9);
  after.label_ids.clear();
  after.version = 8;
  const ChangedFields changed = changed_fields(issue_to_json(before), issue_to_json(after));
  CHECK(changed.new_values.size() == 5);
  Issue patched = before;
  REQUIRE(apply_issue_values(changed.new_values, patched));
  CHECK(issue_to_json(patched) == issue_to_json(after));
  REQUIRE(apply_issue_values(changed.old_values, patched));
  CHECK(issue_to_json(patched) == issue_to_json(before));
}

TEST_CASE("a snapshot and changes are themselves after writing and reading") {
  SyncSnapshot snapshot;
  snapshot.change_id = 42;
  snapshot.user = User{};
  snapshot.user->id = id_of<UserTag>(1);
  snapshot.user->email = "a@b";
  snapshot.labels = {Label{id_of<LabelTag>(5), "bug", "#112233", {1}, {2}, {}}};
  snapshot.issues = {full_issue(), full_issue()};
  snapshot.next_cursor = "next";
  const std::string text = sync_snapshot_to_text(snapshot);
  const Result<SyncSnapshot> read = sync_snapshot_from_text(text);
  REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
  CHECK(read->issues.size() == 2);
  CHECK(!read->issues[0].has_description);
  CHECK(read->next_cursor == "next");
  CHECK(sync_snapshot_to_text(*read) == text);

  SyncChanges changes;
  changes.change_id = 7;
  AuditEntry entry;
  entry.change_id = 7;
  entry.entity_id = id_of<IssueTag>(1).uuid;
  entry.new_values = "{\"title\":\"x\"}";
  changes.changes = {entry};
  changes.has_more = true;
  const std::string changes_text = sync_changes_to_text(changes);
  const Result<SyncChanges> changes_read = sync_changes_from_text(changes_text);
  REQUIRE(changes_read);
  CHECK(changes_read->changes[0].old_values.empty());
  CHECK(changes_read->changes[0].new_values == "{\"title\":\"x\"}");
  CHECK(sync_changes_to_text(*changes_read) == changes_text);
}

TEST_CASE("fields that a newer server sends are passed over") {
  CHECK(label_from_json(
      json("{\"id\":\"" + to_string(id_of<LabelTag>(1)) + "\",\"name\":\"bug\",\"sparkle\":1}")));
  CHECK(!label_draft_from_json(json("{\"name\":\"bug\",\"sparkle\":1}")));
}

TEST_CASE("an error is itself after travelling as a problem document") {
  Error error = invalid("title", "title must not be empty");
  error.fields = {{"title", "Must not be empty"}, {"dueDate", "Must be a day such as 2026-02-01"}};
  Problem problem = problem_from_error(error);
  problem.status = 400;
  problem.request_id = "r1";
  const Result<Problem> read = problem_from_text(problem_to_text(problem));
  REQUIRE(read);
  const Error again = error_from_problem(*read);
  CHECK(again.code == ErrorCode::invalid);
  CHECK(again.kind == "invalid");
  CHECK(again.fields.size() == 2);
  CHECK(again.message == error.message);
  CHECK(problem_code(conflict("x", "version_mismatch")) == "version_mismatch");
  CHECK(!problem_from_text("<html>"));
}

TEST_CASE("a registration is checked whole") {
  const Result<RegisterBody> wrong =
      register_from_json(json("{\"email\":\"x\",\"name\":\"\",\"password\":\"short\",\"role\":\"ADMIN\"}"));
  REQUIRE(!wrong);
  CHECK(refusals_of(wrong.error()) ==
        "email: Must be an e-mail address such as ada@example.org\nname: Must not be empty\n"
        "password: Must have at least 8 characters\nrole: Is not a known field\n");
}

TEST_CASE("text comes in normal form, but a password and a statement byte by byte") {
  const std::string typed = "Cafe\u0301";
  const std::string normal = "Caf\u00E9";
  CHECK(label_draft_from_json(json("{\"name\":\"" + typed + "\"}")).value().name == normal);
  CHECK(label_patch_from_json(json("{\"name\":\"Cafe\\u0301\"}")).value().name == normal);
  CHECK(issue_draft_from_json(json("{\"title\":\"" + typed + "\",\"description\":\"" + typed + "\"}"))
            .value()
            .description == normal);
  CHECK(issue_from_json(json("{\"title\":\"" + typed + "\"}")).value().title == normal);
  const RegisterBody body = register_from_json(json("{\"email\":\"" + typed + "@example.org\",\"name\":\"" +
                                                    typed + "\",\"password\":\"12345678" + typed + "\"}"))
                                .value();
  CHECK(body.email == normal + "@example.org");
  CHECK(body.name == normal);
  CHECK(body.password == "12345678" + typed);
  CHECK(sql_request_from_json(json("{\"sql\":\"SELECT '" + typed + "'\"}")).value().sql ==
        "SELECT '" + typed + "'");
}

TEST_CASE("what something is called comes without white space at its ends, and with that within") {
  const std::string name = "{\"name\":\" a  b\\t\"}";
  CHECK(label_draft_from_json(json(name)).value().name == "a  b");
  CHECK(label_patch_from_json(json(name)).value().name == "a  b");
  CHECK(project_draft_from_json(json(name)).value().name == "a  b");
  CHECK(project_patch_from_json(json(name)).value().name == "a  b");
  CHECK(area_draft_from_json(json(name)).value().name == "a  b");
  CHECK(area_patch_from_json(json(name)).value().name == "a  b");
  CHECK(saved_view_draft_from_json(json(name)).value().name == "a  b");
  CHECK(saved_view_patch_from_json(json(name)).value().name == "a  b");
  CHECK(workflow_patch_from_json(json(name)).value().name == "a  b");
  CHECK(status_draft_from_json(json(name)).value().name == "a  b");
  CHECK(status_changed_by_json(json(name), Status{}).value().name == "a  b");
  CHECK(issue_draft_from_json(json("{\"title\":\" a  b \"}")).value().title == "a  b");
  CHECK(issue_update_from_json(json("{\"title\":\" a  b \"}")).value().patch.title == "a  b");
  CHECK(refusals_of(issue_draft_from_json(json("{\"title\":\"  \"}")).error()) ==
        "title: Must not be empty\n");
  // What our own server stored is read as it is.
  CHECK(issue_from_json(json("{\"title\":\" a \"}")).value().title == " a ");
}

TEST_CASE("the overview of backups is itself after travelling as JSON") {
  BackupOverview overview;
  overview.directory = "/data/backups";
  overview.schedule = "daily";
  overview.keep_days = 7;
  overview.is_encrypted = true;
  overview.next_due_at = Timestamp{1'700'000'000'000};
  overview.last_problem = "disk full";
  overview.items = {{"dits_backup_1.sql.gz", 4096, {1'690'000'000'000}, true, true, 12, 3, true}};
  overview.history = {{{1'690'000'000'000}, 250, "dits_backup_1.sql.gz", 4096, ""},
                      {{1'695'000'000'000}, 10, "", 0, "disk full"}};
  const Json sent = backup_overview_to_json(overview);
  const Result<BackupOverview> read = backup_overview_from_json(json(dump(sent)));
  REQUIRE(read);
  CHECK(dump(backup_overview_to_json(*read)) == dump(sent));
  CHECK(read->next_due_at == overview.next_due_at);
  CHECK(read->is_encrypted);
  REQUIRE(read->items.size() == 1);
  CHECK(read->items[0].file == "dits_backup_1.sql.gz");
  CHECK(read->items[0].bytes == 4096);
  CHECK(read->items[0].written_at == Timestamp{1'690'000'000'000});
  CHECK(read->items[0].is_verified);
  CHECK(read->items[0].issues == 12);
  CHECK(read->items[0].attachments == 3);
  CHECK(read->items[0].is_foreign);
  REQUIRE(read->history.size() == 2);
  CHECK(read->history[0].is_good());
  CHECK(read->history[0].took_ms == 250);
  CHECK_FALSE(read->history[1].is_good());
  CHECK(read->history[1].problem == "disk full");
}

TEST_CASE("what is no overview of backups is refused with the member that is wrong") {
  const auto refusal = [](std::string_view text) {
    const Result<BackupOverview> read = backup_overview_from_json(json(text));
    return read ? std::string{} : refusals_of(read.error());
  };
  CHECK(refusal("[]") != "");
  CHECK(refusal("{\"schedule\":\"daily\",\"keepDays\":7}") == "directory: Is required\n");
  CHECK(refusal("{\"directory\":\"d\",\"schedule\":\"daily\",\"keepDays\":\"x\"}") != "");
  CHECK_FALSE(backup_overview_from_json(
      json("{\"directory\":\"d\",\"schedule\":\"daily\",\"keepDays\":7,\"items\":[{}]}")));
  CHECK_FALSE(backup_overview_from_json(
      json("{\"directory\":\"d\",\"schedule\":\"daily\",\"keepDays\":7,\"history\":{}}")));
}

}  // namespace dits
