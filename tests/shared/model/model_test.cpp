#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "shared/model/attachment.hpp"
#include "shared/model/checks.hpp"
#include "shared/model/comment.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/issue_fields.hpp"
#include "shared/model/label.hpp"
#include "shared/model/project.hpp"
#include "shared/model/relation.hpp"
#include "shared/model/user.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

namespace {

template <typename Tag>
Id<Tag> id_of(std::uint64_t number) {
  return Id<Tag>{make_uuid_v7(1, 0, number)};
}

// The fields that are refused, separated by spaces.
std::string refused(const Result<void>& result) {
  if (result) return "";
  std::string fields;
  for (const FieldError& error : result.error().fields) fields += (fields.empty() ? "" : " ") + error.field;
  return fields;
}

Workflow some_workflow() {
  Workflow workflow;
  workflow.name = "Default";
  for (std::uint64_t number = 1; number <= 3; ++number) {
    Status status;
    status.id = id_of<StatusTag>(number);
    status.name = "Status " + std::to_string(number);
    status.is_closed = number == 3;
    workflow.statuses.push_back(status);
  }
  return workflow;
}

}  // namespace

TEST_CASE("an issue tells every field that breaks a rule") {
  Issue issue;
  issue.title = "Fine";
  CHECK(refused(validate(issue)).empty());
  issue.title = "";
  issue.description = std::string(max_description_bytes + 1, 'x');
  issue.start_date = Date{2};
  issue.due_date = Date{1};
  CHECK(refused(validate(issue)) == "title description dueDate");
  issue = {};
  issue.title = "two\nlines";
  CHECK(refused(validate(issue)) == "title");
  issue.title = std::string(500, 'x') + "\xC3\xA4";
  CHECK(refused(validate(issue)) == "title");
  issue.title = "\xFF";
  CHECK(refused(validate(issue)) == "title");
}

TEST_CASE("a name of which nothing can be seen is refused, in every script") {
  for (const char* nothing : {"\u200B",
                              "\u3000",
                              "\u00A0 \u2003",
                              "\uFEFF",
                              "\u2060\u200D\uFE0F",
                              "\u3164",
                              "\u115F\u1160",
                              "\uFFA0",
                              "\u2800",
                              "\u180E",
                              "\u00AD",
                              "\u202E",
                              "\U000E0041\U000E007F",
                              "\U000E0100"}) {
    CAPTURE(std::string(nothing));
    Issue issue;
    issue.title = nothing;
    CHECK(refused(validate(issue)) == "title");
    CHECK(validate(issue).error().fields[0].message == "Must have at least one character that can be seen");
    Label label;
    label.name = nothing;
    CHECK(refused(validate(label)) == "name");
    CHECK(!validate_user_name(nothing));
    CHECK(!validate_email("a" + std::string(nothing) + "@example.org"));
  }
  for (const char* something :
       {"x", "\u200Bx", "👨‍👩‍👧", "❤️", "\u0301", "שלום", "한", "\u0600", "．"}) {
    CAPTURE(std::string(something));
    Issue issue;
    issue.title = something;
    CHECK(refused(validate(issue)).empty());
  }
}

TEST_CASE("a file's name is in normal form, and one that shows nothing is replaced") {
  CHECK(attachment_name_from("U\u0308bersicht.pdf") == "\u00DCbersicht.pdf");
  CHECK(attachment_name_from("\u200B") == "file");
  CHECK(attachment_name_from(std::string(200, 'a') + std::string(100, ' ') + "b") == std::string(200, 'a'));
  CHECK(attachment_name_from("a\u009Cb\u2028c\x7F") == "a_b_c_");
  CHECK(attachment_name_from("\u3000 \uFEFF") == "file");
}

TEST_CASE("a name is one line: what breaks it is refused, whatever it is called") {
  for (const char* broken :
       {"two\nlines", "two\rlines", "tab\there", "a\u0085b", "a\u2028b", "a\u2029b", "a\u0007b"}) {
    Issue issue;
    issue.title = broken;
    CHECK(refused(validate(issue)) == "title");
    CHECK(validate(issue).error().fields[0].message == "Must be one line without control characters");
  }
}

TEST_CASE("a typed name loses the white space around it and comes in normal form") {
  CHECK(name_from("  Cafe\u0301\n") == "Caf\u00E9");
  CHECK(name_from("\t") == "");
}

TEST_CASE("the message of a refusal names the field and how many more there are") {
  Issue issue;
  issue.description = "\xFF";
  CHECK(validate(issue).error().message == "title must not be empty (and 1 more)");
}

TEST_CASE("entering a closed status sets completed_at, leaving it clears it, staying keeps it") {
  Issue issue;
  apply_completion(issue, true, {5});
  CHECK(issue.completed_at == Timestamp{5});
  apply_completion(issue, true, {9});
  CHECK(issue.completed_at == Timestamp{5});
  apply_completion(issue, false, {9});
  CHECK(!issue.completed_at);
}

TEST_CASE("a patch and its inverse leave an issue as it was") {
  Issue before;
  before.title = "before";
  before.due_date = Date{7};
  before.label_ids = {id_of<LabelTag>(1)};
  IssuePatch patch;
  CHECK(patch.is_empty());
  patch.title = "after";
  patch.due_date = std::optional<Date>();
  patch.project_id = id_of<ProjectTag>(1);
  patch.label_ids = std::vector<LabelId>{id_of<LabelTag>(3), id_of<LabelTag>(2), id_of<LabelTag>(3)};
  Issue issue = before;
  apply(patch, issue);
  CHECK(issue.title == "after");
  CHECK(!issue.due_date);
  CHECK(issue.label_ids == std::vector<LabelId>{id_of<LabelTag>(2), id_of<LabelTag>(3)});
  apply(inverse_of(patch, before), issue);
  CHECK(issue.title == before.title);
  CHECK(issue.due_date == before.due_date);
  CHECK(!issue.project_id.is_set());
  CHECK(issue.label_ids == before.label_ids);
}

TEST_CASE("labels are added and taken away beside a patch") {
  Issue issue;
  issue.label_ids = {id_of<LabelTag>(1), id_of<LabelTag>(2)};
  IssueUpdate update;
  update.add_label_ids = {id_of<LabelTag>(3), id_of<LabelTag>(1)};
  update.remove_label_ids = {id_of<LabelTag>(2)};
  apply(update, issue);
  CHECK(issue.label_ids == std::vector<LabelId>{id_of<LabelTag>(1), id_of<LabelTag>(3)});
}

TEST_CASE("a workflow allows every move without transitions and only the listed ones with some") {
  Workflow workflow = some_workflow();
  const StatusId first = id_of<StatusTag>(1);
  const StatusId second = id_of<StatusTag>(2);
  CHECK(allows_move(workflow, second, first));
  workflow.transitions = {{first, {second}}};
  CHECK(allows_move(workflow, first, second));
  CHECK(!allows_move(workflow, second, first));
  CHECK(allows_move(workflow, second, second));
}

TEST_CASE("a workflow has an open status, unique names and transitions between its own statuses") {
  CHECK(refused(validate(some_workflow())).empty());
  Workflow workflow = some_workflow();
  workflow.statuses[1].name = "STATUS 1";
  workflow.transitions = {{id_of<StatusTag>(9), {}}};
  CHECK(refused(validate(workflow)) == "statuses[1].name transitions[0]");
  workflow = some_workflow();
  for (Status& status : workflow.statuses) status.is_closed = true;
  CHECK(refused(validate(workflow)) == "statuses");
  workflow.statuses.clear();
  CHECK(refused(validate(workflow)) == "statuses");
}

TEST_CASE("a relation is stored in one form, whichever end it is told from") {
  const IssueId low = id_of<IssueTag>(1);
  const IssueId high = id_of<IssueTag>(2);
  const auto stored = [](IssueId source, RelationType type, IssueId target) {
    return canonical({{}, source, target, type, {}});
  };
  const IssueRelation blocked = stored(low, RelationType::blocked_by, high);
  CHECK(blocked.source_id == high);
  CHECK(blocked.type == RelationType::blocks);
  CHECK(stored(high, RelationType::relates_to, low).source_id == low);
  CHECK(stored(low, RelationType::duplicated_by, high).type == RelationType::duplicates);
  CHECK(stored(high, RelationType::blocks, low).source_id == high);
}

TEST_CASE("an edge that leads back to its beginning closes a cycle") {
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> edges = {{1, 2}, {2, 3}, {1, 4}, {4, 3}};
  const auto next = [&](IssueId id) {
    std::vector<IssueId> targets;
    for (const auto& [from, to] : edges) {
      if (id_of<IssueTag>(from) == id) targets.push_back(id_of<IssueTag>(to));
    }
    return targets;
  };
  CHECK(closes_cycle(id_of<IssueTag>(3), id_of<IssueTag>(1), next));
  CHECK(closes_cycle(id_of<IssueTag>(2), id_of<IssueTag>(2), next));
  CHECK(!closes_cycle(id_of<IssueTag>(1), id_of<IssueTag>(3), next));
  CHECK(!closes_cycle(id_of<IssueTag>(2), id_of<IssueTag>(4), next));
}

TEST_CASE("names, colours and dates of the other nouns keep their rules") {
  CHECK(refused(validate(Label{{}, "bug", "#12abEF", {}, {}, {}})).empty());
  CHECK(refused(validate(Label{{}, "  ", "red", {}, {}, {}})) == "name color");
  Project project;
  project.name = "Relay";
  project.start_date = Date{2};
  project.end_date = Date{1};
  CHECK(refused(validate(project)) == "endDate");
  Comment comment;
  comment.body = " \n";
  CHECK(refused(validate(comment)) == "body");
}

TEST_CASE("a git link names a branch, a pull request or a commit") {
  GitIntegration link;
  link.repository = "a/b";
  CHECK(refused(validate(link)) == "branchName");
  link.pr_url = "javascript:alert(1)";
  link.commit_hash = "xyz";
  CHECK(refused(validate(link)) == "prUrl commitHash");
  link.pr_url = "https://example.org/a/b/pull/7";
  link.commit_hash = "0123abc";
  CHECK(validate(link));
}

TEST_CASE("a branch is named by number and the words of the title") {
  CHECK(branch_name_for(128, "WebSocket: reconnect drops!") == "128-websocket-reconnect-drops");
  CHECK(branch_name_for(7, "日本語") == "7");
  // Latin letters lose their marks and nothing else.
  CHECK(branch_name_for(7, "Größe ÄNDERN") == "7-grosse-andern");
  CHECK(branch_name_for(7, "Zażółć gęślą jaźń: œuvre d’Ægir, İstanbul") ==
        "7-zazolc-gesla-jazn-oeuvre-d-aegir-istanbul");
  CHECK(branch_name_for(7, "e\xCC\x81te\xCC\x81") == "7-ete");
  CHECK(branch_name_for(7, "Привет, Wörld") == "7-world");
  CHECK(branch_name_for(7, std::string(100, 'a')).size() == 60);
  CHECK(branch_name_for(7, "one two three four five six seven eight nine ten eleven twelve") ==
        "7-one-two-three-four-five-six-seven-eight-nine-ten-eleven");
}

TEST_CASE("addresses, names and passwords are checked") {
  for (const char* good : {"a@b", "ada@example.org", "a+b@c.de"}) CHECK(validate_email(good));
  for (const char* bad : {"", "a", "@b", "a@", "a@@b", "a b@c", "a@.b", "a@b.", "a@b..c", "a@b,c"})
    CHECK(!validate_email(bad));
  CHECK(validate_password("12345678"));
  CHECK(!validate_password("1234567"));
  CHECK(validate_password(std::string("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4")));
  CHECK(!validate_password(std::string(129, 'x')));
  CHECK(!validate_user_name(""));
}

TEST_CASE("a list of fields is read by name") {
  const IssueFields fields = parse_issue_fields("id, title").value();
  CHECK(fields.has(IssueField::id));
  CHECK(fields.has(IssueField::title));
  CHECK(!fields.has(IssueField::description));
  CHECK(parse_issue_fields("id,").error().field == "fields");
  CHECK(!parse_issue_fields("passwordHash"));
  CHECK(!IssueFields::lean().has(IssueField::description));
}

}  // namespace dits
