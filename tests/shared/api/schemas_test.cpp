// The tables that describe the API must say what shared/json really writes and takes.
#include "shared/api/schemas.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "shared/api/paths.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_details_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/user_json.hpp"
#include "shared/json/workflow_json.hpp"

namespace dits {

namespace {

std::set<std::string> names_in(std::string_view schema_name, std::uint8_t use) {
  const std::optional<schemas::Schema> schema = schemas::find(schema_name);
  REQUIRE(schema);
  std::set<std::string> names;
  for (const schemas::Field& field : schema->fields) {
    if ((field.use & use) != 0) names.insert(std::string(field.name));
  }
  return names;
}

std::set<std::string> names_of(const Json& object) {
  std::set<std::string> names;
  for (auto member = object.begin(); member != object.end(); ++member) names.insert(member.key());
  return names;
}

// The fields of a body that `read` knows: it refuses all values here, but calls only unknown and read-only
// fields by those names.
template <typename Read>
std::set<std::string> names_taken(const Json& entity, std::set<std::string> also, const Read& read) {
  std::set<std::string> taken;
  std::set<std::string> candidates = names_of(entity);
  candidates.merge(also);
  for (const std::string& name : candidates) {
    Json body = Json::object();
    body[name] = Json::array({Json::array()});
    const auto result = read(body);
    if (result) continue;
    for (const FieldError& refused : result.error().fields) {
      const bool is_refused_as_such = refused.message == "Is not a known field" ||
                                      refused.message == "Is set by the server and cannot be given";
      const bool is_within = refused.field.substr(0, name.size()) == name;
      if (is_within && !is_refused_as_such) taken.insert(name);
    }
  }
  return taken;
}

constexpr std::uint8_t in_create = schemas::create | schemas::create_required;

}  // namespace

TEST_CASE("answers have the fields of their schemas") {
  CHECK(names_of(issue_to_json(Issue{})) == names_in("Issue", schemas::answer));
  CHECK(names_of(project_to_json(Project{})) == names_in("Project", schemas::answer));
  CHECK(names_of(area_to_json(Area{})) == names_in("Area", schemas::answer));
  CHECK(names_of(label_to_json(Label{})) == names_in("Label", schemas::answer));
  CHECK(names_of(workflow_to_json(Workflow{})) == names_in("Workflow", schemas::answer));
  CHECK(names_of(status_to_json(Status{})) == names_in("Status", schemas::answer));
  CHECK(names_of(relation_to_json(IssueRelation{})) == names_in("IssueRelation", schemas::answer));
  CHECK(names_of(git_integration_to_json(GitIntegration{})) == names_in("GitIntegration", schemas::answer));
  CHECK(names_of(comment_to_json(Comment{})) == names_in("Comment", schemas::answer));
  CHECK(names_of(attachment_to_json(Attachment{})) == names_in("Attachment", schemas::answer));
  CHECK(names_of(saved_view_to_json(SavedView{})) == names_in("SavedView", schemas::answer));
  CHECK(names_of(user_to_json(User{})) == names_in("User", schemas::answer));
  CHECK(names_of(audit_entry_to_json(AuditEntry{})) == names_in("AuditEntry", schemas::answer));
  CHECK(names_of(*parse_json(issue_details_to_text({}))) == names_in("IssueDetails", schemas::answer));
}

TEST_CASE("bodies take the fields of their schemas and no others") {
  const std::set<std::string> labels = {"addLabelIds", "removeLabelIds", "override"};
  const Json issue = issue_to_json(Issue{});
  CHECK(names_taken(issue, labels, issue_draft_from_json) == names_in("Issue", in_create));
  CHECK(names_taken(issue, labels, issue_update_from_json) == names_in("Issue", schemas::change));
  const Json project = project_to_json(Project{});
  CHECK(names_taken(project, {}, project_draft_from_json) == names_in("Project", in_create));
  CHECK(names_taken(project, {}, project_patch_from_json) == names_in("Project", schemas::change));
  const Json area = area_to_json(Area{});
  CHECK(names_taken(area, {}, area_draft_from_json) == names_in("Area", in_create));
  CHECK(names_taken(area, {}, area_patch_from_json) == names_in("Area", schemas::change));
  const Json label = label_to_json(Label{});
  CHECK(names_taken(label, {}, label_draft_from_json) == names_in("Label", in_create));
  CHECK(names_taken(label, {}, label_patch_from_json) == names_in("Label", schemas::change));
  const Json workflow = workflow_to_json(Workflow{});
  CHECK(names_taken(workflow, {}, workflow_draft_from_json) == names_in("Workflow", in_create));
  CHECK(names_taken(workflow, {}, workflow_patch_from_json) == names_in("Workflow", schemas::change));
  const Json view = saved_view_to_json(SavedView{});
  CHECK(names_taken(view, {}, saved_view_draft_from_json) == names_in("SavedView", in_create));
  CHECK(names_taken(view, {}, saved_view_patch_from_json) == names_in("SavedView", schemas::change));
  CHECK(names_taken(relation_to_json(IssueRelation{}), {}, relation_draft_from_json) ==
        names_in("IssueRelation", in_create));
  CHECK(names_taken(user_to_json(User{}), {}, user_patch_from_json) == names_in("User", schemas::change));
  CHECK(names_taken(git_integration_to_json(GitIntegration{}), {}, git_integration_draft_from_json) ==
        names_in("GitIntegration", in_create));
  CHECK(names_taken(comment_to_json(Comment{}), {}, comment_draft_from_json) ==
        names_in("Comment", in_create));
}

TEST_CASE("every schema that a field speaks of exists") {
  for (const schemas::Schema& schema : schemas::all()) {
    for (const schemas::Field& field : schema.fields) {
      if (field.type != schemas::Type::list && field.type != schemas::Type::reference) continue;
      std::string name(field.of);
      for (const std::string_view ending : {std::string_view("Create"), std::string_view("Change")}) {
        if (name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending)
          name.resize(name.size() - ending.size());
      }
      CAPTURE(name);
      CHECK(schemas::find(name));
    }
  }
}

TEST_CASE("paths are filled from left to right and percent-encoded") {
  CHECK(paths::path_with(paths::issue_comment, {"128", "a/b c"}) == "/api/v1/issues/128/comments/a%2Fb%20c");
  CHECK(paths::path_with(paths::issues, {}) == "/api/v1/issues");
  CHECK(paths::with_query("/x", {{"q", "is:open ä"}, {"cursor", ""}, {"limit", "5"}}) ==
        "/x?q=is%3Aopen%20%C3%A4&limit=5");
}

}  // namespace dits
