#include "shared/json/sync_json.hpp"

#include "shared/json/area_json.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/user_json.hpp"
#include "shared/json/workflow_json.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

// A member that is a list, each element written by `append(out, element)`.
template <typename T, typename Append>
void put_list(
    ObjectText& sink, std::string& out, std::string_view name, const std::vector<T>& items, Append append) {
  sink.begin_member(name);
  out += '[';
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (at > 0) out += ',';
    append(out, items[at]);
  }
  out += ']';
}

template <typename T>
void put_entities(ObjectText& sink,
                  std::string& out,
                  std::string_view name,
                  const std::vector<T>& items,
                  Json (*to_json)(const T&)) {
  put_list(sink, out, name, items, [&](std::string& text, const T& item) { text += dump(to_json(item)); });
}

template <typename T>
void read_entities(FieldReader& reader,
                   std::string_view name,
                   std::vector<T>& into,
                   Result<T> (*from_json)(const Json&)) {
  const Json* list = reader.find(name);
  if (list == nullptr) return;
  if (!list->is_array()) {
    reader.refuse(name, "Must be a list");
    return;
  }
  into.reserve(list->size());
  for (const Json& element : *list) {
    Result<T> item = from_json(element);
    if (!item) {
      reader.refuse(item.error());
      return;
    }
    into.push_back(std::move(item).value());
  }
}

}  // namespace

std::string sync_snapshot_to_text(const SyncSnapshot& snapshot) {
  std::string out;
  out.reserve(4096 + snapshot.issues.size() * 512);
  ObjectText sink(out);
  sink.put("changeId", snapshot.change_id);
  if (!snapshot.log.empty()) sink.put("log", snapshot.log);
  if (snapshot.user) {
    sink.begin_member("user");
    out += dump(user_to_json(*snapshot.user));
    put_entities(sink, out, "projects", snapshot.projects, project_to_json);
    put_entities(sink, out, "areas", snapshot.areas, area_to_json);
    put_entities(sink, out, "labels", snapshot.labels, label_to_json);
    put_entities(sink, out, "workflows", snapshot.workflows, workflow_to_json);
    put_entities(sink, out, "views", snapshot.views, saved_view_to_json);
    put_entities(sink, out, "relations", snapshot.relations, relation_to_json);
    put_entities(sink, out, "gitIntegrations", snapshot.git_integrations, git_integration_to_json);
  }
  put_list(sink, out, "issues", snapshot.issues, [](std::string& text, const Issue& issue) {
    append_issue(text, issue, IssueFields::lean());
  });
  sink.begin_member("nextCursor");
  if (snapshot.next_cursor.empty()) {
    out += "null";
  } else {
    append_json_string(out, snapshot.next_cursor);
  }
  sink.close();
  return out;
}

Result<SyncSnapshot> sync_snapshot_from_text(std::string_view text) {
  SyncSnapshot snapshot;
  const auto take = [&](const Json& element) -> Result<void> {
    snapshot.issues.push_back(TRY(issue_from_json(element)));
    return {};
  };
  const Json rest = TRY(parse_json_stream(text, "issues", take));
  FieldReader reader(rest);
  reader.require("changeId", snapshot.change_id);
  reader.read("log", snapshot.log);
  if (const Json* user = reader.find("user"); user != nullptr && !user->is_null()) {
    snapshot.user = TRY(user_from_json(*user));
  }
  read_entities(reader, "projects", snapshot.projects, project_from_json);
  read_entities(reader, "areas", snapshot.areas, area_from_json);
  read_entities(reader, "labels", snapshot.labels, label_from_json);
  read_entities(reader, "workflows", snapshot.workflows, workflow_from_json);
  read_entities(reader, "views", snapshot.views, saved_view_from_json);
  read_entities(reader, "relations", snapshot.relations, relation_from_json);
  read_entities(reader, "gitIntegrations", snapshot.git_integrations, git_integration_from_json);
  std::optional<std::string> cursor;
  reader.read("nextCursor", cursor);
  TRY(reader.result());
  snapshot.next_cursor = cursor.value_or("");
  return snapshot;
}

std::string sync_changes_to_text(const SyncChanges& changes) {
  std::string out;
  ObjectText sink(out);
  sink.put("changeId", changes.change_id);
  put_list(sink, out, "changes", changes.changes, append_audit_entry);
  sink.put("hasMore", changes.has_more);
  sink.close();
  return out;
}

Result<SyncChanges> sync_changes_from_text(std::string_view text) {
  SyncChanges changes;
  const auto take = [&](const Json& element) -> Result<void> {
    changes.changes.push_back(TRY(audit_entry_from_json(element)));
    return {};
  };
  const Json rest = TRY(parse_json_stream(text, "changes", take));
  FieldReader reader(rest);
  reader.require("changeId", changes.change_id);
  reader.read("hasMore", changes.has_more);
  TRY(reader.result());
  return changes;
}

Result<AuditEntry> audit_entry_from_text(std::string_view text) {
  return audit_entry_from_json(TRY(parse_json(text)));
}

}  // namespace dits
