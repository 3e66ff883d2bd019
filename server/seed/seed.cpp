#include "server/seed/seed.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/base/embedded_files.hpp"
#include "server/base/viewer.hpp"
#include "server/service/accounts.hpp"
#include "server/service/areas.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/trash.hpp"
#include "server/service/workflows.hpp"
#include "shared/core/text.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"

namespace dits {

namespace {

template <typename EntityId>
using Names = std::map<std::string, EntityId>;  // by folded name

// One run for one user.
class Seeding {
 public:
  Seeding(ServiceContext& context, Viewer viewer, SeedSummary& summary)
      : context_(context), viewer_(std::move(viewer)), summary_(summary) {}

  Result<void> run(const Json& document) {
    TRY(read_what_is_there());
    for (const Json& json : list_of(document, "projects")) TRY(add_project(json));
    for (const Json& json : list_of(document, "areas")) TRY(add_area(json));
    for (const Json& json : list_of(document, "labels")) TRY(add_label(json));
    std::vector<std::pair<Issue, const Json*>> added;
    for (const Json& json : list_of(document, "issues")) TRY(add_issue(json, added));
    for (const auto& [issue, json] : added) TRY(add_relations(issue, *json));
    return {};
  }

 private:
  static const Json& list_of(const Json& object, const char* name) {
    static const Json empty = Json::array();
    const auto found = object.find(name);
    return found != object.end() && found->is_array() ? *found : empty;
  }

  Result<void> read_what_is_there() {
    for (const Project& each : TRY(list_projects(context_, viewer_)))
      projects_[fold_case(each.name)] = each.id;
    for (const Area& each : TRY(list_areas(context_, viewer_))) areas_[fold_case(each.name)] = each.id;
    for (const Label& each : TRY(list_labels(context_, viewer_))) labels_[fold_case(each.name)] = each.id;
    for (const Workflow& workflow : TRY(list_workflows(context_, viewer_))) {
      if (!workflow.is_default) continue;
      for (const Status& each : workflow.statuses) statuses_[fold_case(each.name)] = each.id;
    }
    // What was deleted is not made again; it has no id here, so nothing is linked to it.
    const std::string text = TRY(trash_text(context_, viewer_));
    const Json trash = TRY(parse_json(text));
    note_deleted(list_of(trash, "projects"), projects_);
    note_deleted(list_of(trash, "areas"), areas_);
    note_deleted(list_of(trash, "labels"), labels_);
    return {};
  }

  template <typename EntityId>
  static void note_deleted(const Json& list, Names<EntityId>& names) {
    for (const Json& each : list) {
      const auto name = each.find("name");
      if (name != each.end() && name->is_string()) {
        names.emplace(fold_case(*name->get_ptr<const std::string*>()), EntityId{});
      }
    }
  }

  Result<void> add_project(const Json& json) {
    Project draft = TRY(project_draft_from_json(json));
    if (projects_.contains(fold_case(draft.name))) return {};
    const Project made = TRY(create_project(context_, viewer_, std::move(draft)));
    projects_[fold_case(made.name)] = made.id;
    ++summary_.projects;
    return {};
  }

  Result<void> add_area(const Json& json) {
    Area draft = TRY(area_draft_from_json(json));
    if (areas_.contains(fold_case(draft.name))) return {};
    const Area made = TRY(create_area(context_, viewer_, std::move(draft)));
    areas_[fold_case(made.name)] = made.id;
    ++summary_.areas;
    return {};
  }

  Result<void> add_label(const Json& json) {
    Label draft = TRY(label_draft_from_json(json));
    if (labels_.contains(fold_case(draft.name))) return {};
    const Label made = TRY(create_label(context_, viewer_, std::move(draft)));
    labels_[fold_case(made.name)] = made.id;
    ++summary_.labels;
    return {};
  }

  // The issue with exactly this title, in the trash or not; unset when there is none.
  Result<IssueId> find_issue_titled(const std::string& title) {
    for (const char* scope : {"", "is:deleted "}) {
      const std::string query = std::string(scope) + "\"" + title + "\"";
      IssueListQuestion question;
      question.query = query;
      question.fields = "id,title";
      question.limit = 200;
      for (const Issue& issue : TRY(list_issues(context_, viewer_, question)).issues) {
        if (issue.title == title) return issue.id;
      }
    }
    return IssueId{};
  }

  Result<void> add_issue(const Json& json, std::vector<std::pair<Issue, const Json*>>& added) {
    FieldReader reader(json);
    Issue draft;
    std::string status;
    std::string project;
    std::string area;
    std::string parent;
    reader.require("title", draft.title);
    reader.read("description", draft.description);
    reader.read_enum("priority", draft.priority, priority_from_name);
    reader.read("status", status);
    reader.read("project", project);
    reader.read("area", area);
    reader.read("parent", parent);
    reader.find("labels");
    reader.find("relations");
    TRY(reader.finish());
    const IssueId known = TRY(find_issue_titled(draft.title));
    if (known.is_set()) return {};
    draft.status_id = statuses_[fold_case(status)];
    draft.project_id = projects_[fold_case(project)];
    draft.area_id = areas_[fold_case(area)];
    for (const Json& label : list_of(json, "labels")) {
      const std::string* name = label.get_ptr<const std::string*>();
      const LabelId id = name != nullptr ? labels_[fold_case(*name)] : LabelId{};
      if (id.is_set()) draft.label_ids.push_back(id);
    }
    if (!parent.empty()) draft.parent_issue_id = TRY(find_issue_titled(parent));
    added.emplace_back(TRY(create_issue(context_, viewer_, std::move(draft))), &json);
    ++summary_.issues;
    return {};
  }

  Result<void> add_relations(const Issue& issue, const Json& json) {
    for (const Json& each : list_of(json, "relations")) {
      FieldReader reader(each);
      IssueRelation draft;
      std::string target;
      reader.read_enum("type", draft.type, relation_type_from_name);
      reader.require("target", target);
      TRY(reader.finish());
      draft.target_id = TRY(find_issue_titled(target));
      if (!draft.target_id.is_set()) continue;
      TRY(create_relation(context_, viewer_, IssueKey{issue.id, 0}, draft));
      ++summary_.relations;
    }
    return {};
  }

  ServiceContext& context_;
  Viewer viewer_;
  SeedSummary& summary_;
  Names<ProjectId> projects_;
  Names<AreaId> areas_;
  Names<LabelId> labels_;
  Names<StatusId> statuses_;
};

Result<User> find_or_create_user(ServiceContext& context,
                                 PasswordHasher& passwords,
                                 const Viewer& viewer,
                                 const NewAccount& account,
                                 SeedSummary& summary) {
  Result<User> found = find_account(context, account.email);
  if (found || found.error().code != ErrorCode::not_found) return found;
  User made = TRY(create_account(context, passwords, viewer, account));
  ++summary.users;
  return made;
}

}  // namespace

Result<SeedSummary> seed_from(ServiceContext& context, PasswordHasher& passwords, std::string_view json) {
  const Json document = TRY(parse_json(json));
  const auto user_json = document.find("user");
  if (user_json == document.end()) return invalid("user", "The seed names no user.");
  FieldReader reader(*user_json);
  NewAccount account;
  reader.require("email", account.email);
  reader.require("name", account.name);
  reader.require("password", account.password);
  TRY(reader.finish());

  SeedSummary summary;
  Viewer viewer;
  viewer.scope = Scope::admin;
  viewer.credential = CredentialKind::command_line;
  viewer.user_agent = "dits --seed";
  viewer.user_id = TRY(find_or_create_user(context, passwords, viewer, account, summary)).id;
  TRY(Seeding(context, viewer, summary).run(document));
  return summary;
}

Result<SeedSummary> seed_demo(ServiceContext& context, PasswordHasher& passwords) {
  const std::optional<EmbeddedFile> file = find_embedded_file("seed/demo.json");
  if (!file) return internal("the executable carries no seed/demo.json");
  return seed_from(context, passwords, file->text());
}

}  // namespace dits
