#include "shared/json/issue_json.hpp"

#include <algorithm>

#include "shared/core/names.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

constexpr Names<3> action_names = {"UPDATE", "DELETE", "RESTORE"};

Result<IssueAction> issue_action_from_name(std::string_view name) {
  return value_in<IssueAction>(action_names, name, "action");
}

template <typename Sink>
void put_issue(Sink& sink, const Issue& issue, IssueFields fields) {
  const auto put = [&](IssueField field, const auto& value) {
    if (fields.has(field)) sink.put(name_of(field), value);
  };
  put(IssueField::id, issue.id);
  put(IssueField::number, issue.number);
  put(IssueField::title, std::string_view(issue.title));
  if (issue.has_description) put(IssueField::description, std::string_view(issue.description));
  put(IssueField::priority, name_of(issue.priority));
  put(IssueField::status_id, issue.status_id);
  put(IssueField::project_id, issue.project_id);
  put(IssueField::area_id, issue.area_id);
  put(IssueField::parent_issue_id, issue.parent_issue_id);
  put(IssueField::start_date, issue.start_date);
  put(IssueField::due_date, issue.due_date);
  put(IssueField::completed_at, issue.completed_at);
  put(IssueField::position, issue.position);
  put(IssueField::label_ids, issue.label_ids);
  put(IssueField::metadata, StoredJson{issue.metadata});
  put(IssueField::version, issue.version);
  put(IssueField::created_at, issue.created_at);
  put(IssueField::updated_at, issue.updated_at);
  put(IssueField::deleted_at, issue.deleted_at);
}

void sort_labels(std::vector<LabelId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

// Reads the fields of IssuePatch, "addLabelIds", "removeLabelIds" and "override".
void read_update(FieldReader& reader, IssueUpdate& update) {
  IssuePatch& patch = update.patch;
  reader.read_name_change("title", patch.title);
  reader.read_change("description", patch.description);
  reader.read_enum_change("priority", patch.priority, priority_from_name);
  reader.read_change("statusId", patch.status_id);
  reader.read_reference_change("projectId", patch.project_id);
  reader.read_reference_change("areaId", patch.area_id);
  reader.read_reference_change("parentIssueId", patch.parent_issue_id);
  reader.read_change("startDate", patch.start_date);
  reader.read_change("dueDate", patch.due_date);
  reader.read_change("position", patch.position);
  if (reader.read_change("labelIds", patch.label_ids)) sort_labels(*patch.label_ids);
  reader.read_stored_change("metadata", patch.metadata);
  reader.read("addLabelIds", update.add_label_ids);
  reader.read("removeLabelIds", update.remove_label_ids);
  reader.read("override", update.override_transitions);
  reader.refuse_read_only({"id", "number", "completedAt", "version", "createdAt", "updatedAt", "deletedAt"});
}

// What "patch" or "action" of a bulk body says.
void read_step(FieldReader& reader, std::string_view prefix, IssueBulkStep& step) {
  const Json* patch = reader.find("patch");
  const bool has_action = reader.read_enum("action", step.action, issue_action_from_name);
  if (patch == nullptr) {
    if (step.action == IssueAction::update)
      reader.refuse("patch", "Is required, unless action is DELETE or RESTORE");
    return;
  }
  if (has_action && step.action != IssueAction::update)
    reader.refuse("patch", "Goes with the action UPDATE only");
  FieldReader inner(*patch, std::string(prefix) + "patch.");
  read_update(inner, step.update);
  if (const Result<void> read = inner.finish(); !read) reader.refuse(read.error());
}

// What is written to many issues is kept, and logged, for each of them.
void refuse_many_words(FieldReader& reader, const IssueUpdate& update, std::size_t count) {
  const IssuePatch& patch = update.patch;
  const auto size_of = [](const std::optional<std::string>& text) { return text ? text->size() : 0; };
  const std::size_t labels = (patch.label_ids ? patch.label_ids->size() : 0) + update.add_label_ids.size() +
                             update.remove_label_ids.size();
  const std::size_t bytes =
      size_of(patch.title) + size_of(patch.description) + size_of(patch.metadata) + labels * sizeof(LabelId);
  if (bytes == 0 || count <= max_bulk_text_bytes / bytes) return;
  reader.refuse("issueIds",
                "Must not be more than " + std::to_string(max_bulk_text_bytes / bytes) +
                    " for so much text and so many labels: change fewer issues at a time");
}

Result<std::vector<IssueBulkStep>> same_step_for_all(const Json& body) {
  FieldReader reader(body);
  std::vector<IssueId> ids;
  std::vector<std::int64_t> versions;
  reader.require("issueIds", ids);
  if (reader.read("versions", versions) && versions.size() != ids.size())
    reader.refuse("versions", "Must be as many as there are issueIds");
  IssueBulkStep step;
  read_step(reader, "", step);
  refuse_many_words(reader, step.update, ids.size());
  TRY(reader.finish());
  std::vector<IssueBulkStep> steps;
  for (std::size_t at = 0; at < ids.size() && at <= max_bulk_steps; ++at) {
    step.id = ids[at];
    if (!versions.empty()) step.version = versions[at];
    steps.push_back(step);
  }
  return steps;
}

Result<std::vector<IssueBulkStep>> steps_one_by_one(const Json& body, const Json& changes) {
  FieldReader reader(body);
  reader.find("changes");
  std::vector<IssueBulkStep> steps;
  if (!changes.is_array()) reader.refuse("changes", "Must be a list");
  for (std::size_t at = 0; changes.is_array() && at < changes.size() && at <= max_bulk_steps; ++at) {
    const std::string prefix = "changes[" + std::to_string(at) + "].";
    FieldReader element(changes[at], prefix);
    IssueBulkStep step;
    element.require("id", step.id);
    element.read("version", step.version);
    read_step(element, prefix, step);
    if (const Result<void> read = element.finish(); !read) reader.refuse(read.error());
    steps.push_back(std::move(step));
  }
  TRY(reader.finish());
  return steps;
}

}  // namespace

Json issue_to_json(const Issue& issue, IssueFields fields) {
  ObjectValue sink;
  put_issue(sink, issue, fields);
  return sink.take();
}

void append_issue(std::string& out, const Issue& issue, IssueFields fields) {
  ObjectText sink(out);
  put_issue(sink, issue, fields);
  sink.close();
}

std::string issue_page_to_text(const std::vector<Issue>& issues,
                               IssueFields fields,
                               std::string_view next_cursor) {
  std::string out = "{\"items\":[";
  for (std::size_t at = 0; at < issues.size(); ++at) {
    if (at > 0) out += ',';
    append_issue(out, issues[at], fields);
  }
  out += "],\"nextCursor\":";
  if (next_cursor.empty()) {
    out += "null";
  } else {
    append_json_string(out, next_cursor);
  }
  out += '}';
  return out;
}

Result<void> apply_issue_values(const Json& values, Issue& issue) {
  FieldReader reader(values);
  reader.read("id", issue.id);
  reader.read("number", issue.number);
  reader.read("title", issue.title);
  if (reader.read("description", issue.description)) issue.has_description = true;
  reader.read_enum("priority", issue.priority, priority_from_name);
  reader.read("statusId", issue.status_id);
  reader.read_reference("projectId", issue.project_id);
  reader.read_reference("areaId", issue.area_id);
  reader.read_reference("parentIssueId", issue.parent_issue_id);
  reader.read("startDate", issue.start_date);
  reader.read("dueDate", issue.due_date);
  reader.read("completedAt", issue.completed_at);
  reader.read("position", issue.position);
  if (reader.read("labelIds", issue.label_ids)) sort_labels(issue.label_ids);
  reader.read_stored("metadata", issue.metadata);
  reader.read("version", issue.version);
  reader.read("createdAt", issue.created_at);
  reader.read("updatedAt", issue.updated_at);
  reader.read("deletedAt", issue.deleted_at);
  return reader.result();
}

Result<Issue> issue_from_json(const Json& json) {
  Issue issue;
  issue.has_description = false;
  TRY(apply_issue_values(json, issue));
  return issue;
}

Result<IssuePage> issue_page_from_text(std::string_view text) {
  IssuePage page;
  const auto take = [&](const Json& element) -> Result<void> {
    page.items.push_back(TRY(issue_from_json(element)));
    return {};
  };
  const Json rest = TRY(parse_json_stream(text, "items", take));
  FieldReader reader(rest);
  std::optional<std::string> cursor;
  reader.read("nextCursor", cursor);
  TRY(reader.result());
  page.next_cursor = cursor.value_or("");
  return page;
}

Result<Issue> issue_draft_from_json(const Json& body) {
  FieldReader reader(body);
  Issue issue;
  reader.read("id", issue.id);
  reader.require_name("title", issue.title);
  reader.read("description", issue.description);
  reader.read_enum("priority", issue.priority, priority_from_name);
  reader.read_reference("statusId", issue.status_id);
  reader.read_reference("projectId", issue.project_id);
  reader.read_reference("areaId", issue.area_id);
  reader.read_reference("parentIssueId", issue.parent_issue_id);
  reader.read("startDate", issue.start_date);
  reader.read("dueDate", issue.due_date);
  reader.read("position", issue.position);
  if (reader.read("labelIds", issue.label_ids)) sort_labels(issue.label_ids);
  reader.read_stored("metadata", issue.metadata);
  reader.refuse_read_only({"number", "completedAt", "version", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(issue));
  return issue;
}

Json issue_draft_to_json(const Issue& issue) {
  IssueFields fields = IssueFields::all();
  for (const IssueField field : {IssueField::number,
                                 IssueField::completed_at,
                                 IssueField::version,
                                 IssueField::created_at,
                                 IssueField::updated_at,
                                 IssueField::deleted_at}) {
    fields.remove(field);
  }
  return issue_to_json(issue, fields);
}

Result<IssueUpdate> issue_update_from_json(const Json& body) {
  FieldReader reader(body);
  IssueUpdate update;
  read_update(reader, update);
  TRY(reader.finish());
  return update;
}

Json issue_patch_to_json(const IssuePatch& patch) {
  ObjectValue out;
  if (patch.title) out.put("title", *patch.title);
  if (patch.description) out.put("description", *patch.description);
  if (patch.priority) out.put("priority", name_of(*patch.priority));
  if (patch.status_id) out.put("statusId", *patch.status_id);
  if (patch.project_id) out.put("projectId", *patch.project_id);
  if (patch.area_id) out.put("areaId", *patch.area_id);
  if (patch.parent_issue_id) out.put("parentIssueId", *patch.parent_issue_id);
  if (patch.start_date) out.put("startDate", *patch.start_date);
  if (patch.due_date) out.put("dueDate", *patch.due_date);
  if (patch.position) out.put("position", *patch.position);
  if (patch.label_ids) out.put("labelIds", *patch.label_ids);
  if (patch.metadata) out.put("metadata", StoredJson{*patch.metadata});
  return out.take();
}

Json issue_update_to_json(const IssueUpdate& update) {
  Json json = issue_patch_to_json(update.patch);
  if (!update.add_label_ids.empty()) json["addLabelIds"] = to_value(update.add_label_ids);
  if (!update.remove_label_ids.empty()) json["removeLabelIds"] = to_value(update.remove_label_ids);
  if (update.override_transitions) json["override"] = true;
  return json;
}

Result<std::vector<IssueBulkStep>> issue_bulk_from_json(const Json& body) {
  const auto changes = body.is_object() ? body.find("changes") : body.end();
  std::vector<IssueBulkStep> steps =
      changes != body.end() ? TRY(steps_one_by_one(body, *changes)) : TRY(same_step_for_all(body));
  const std::string field = changes != body.end() ? "changes" : "issueIds";
  if (steps.empty() || steps.size() > max_bulk_steps) {
    return invalid(field, "Must name 1 to " + std::to_string(max_bulk_steps) + " issues");
  }
  std::vector<IssueId> ids;
  for (const IssueBulkStep& step : steps) ids.push_back(step.id);
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) != ids.end())
    return invalid(field, "Must not name an issue twice");
  return steps;
}

// Do all steps do the same, each with a version or none of them?
static bool is_one_change(const std::vector<IssueBulkStep>& steps) {
  const IssueBulkStep& first = steps.front();
  return std::all_of(steps.begin(), steps.end(), [&](const IssueBulkStep& step) {
    return step.action == first.action && step.version.has_value() == first.version.has_value() &&
           step.update == first.update;
  });
}

Json issue_bulk_to_json(const std::vector<IssueBulkStep>& steps) {
  if (steps.size() > 1 && is_one_change(steps)) {
    std::vector<IssueId> ids;
    std::vector<std::int64_t> versions;
    for (const IssueBulkStep& step : steps) {
      ids.push_back(step.id);
      if (step.version) versions.push_back(*step.version);
    }
    const IssueBulkStep& first = steps.front();
    ObjectValue out;
    out.put("issueIds", ids);
    if (first.action != IssueAction::update) out.put("action", name_in(action_names, first.action));
    Json body = out.take();
    if (!versions.empty()) body["versions"] = versions;
    if (first.action == IssueAction::update) body["patch"] = issue_update_to_json(first.update);
    return body;
  }
  Json changes = Json::array();
  for (const IssueBulkStep& step : steps) {
    ObjectValue out;
    out.put("id", step.id);
    if (step.version) out.put("version", *step.version);
    if (step.action != IssueAction::update) out.put("action", name_in(action_names, step.action));
    Json change = out.take();
    if (step.action == IssueAction::update) change["patch"] = issue_update_to_json(step.update);
    changes.push_back(std::move(change));
  }
  Json body = Json::object();
  body["changes"] = std::move(changes);
  return body;
}

Result<TransitionBody> transition_from_json(const Json& body) {
  FieldReader reader(body);
  TransitionBody transition;
  reader.require("statusId", transition.status_id);
  reader.read("override", transition.override_transitions);
  TRY(reader.finish());
  return transition;
}

}  // namespace dits
