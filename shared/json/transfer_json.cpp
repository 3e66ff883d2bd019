#include "shared/json/transfer_json.hpp"

#include <type_traits>
#include <utility>

#include "shared/json/area_json.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/comment_json.hpp"
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

constexpr std::string_view format_name = "dits-export";

Json to_json(const TransferHeader& header) {
  Json user = user_to_json(header.user);
  // Whose account it becomes is not for the file to say.
  user.erase("id");
  user.erase("role");
  Json json = Json::object();
  json["format"] = format_name;
  json["version"] = transfer_version;
  json["user"] = std::move(user);
  json["lastChangeId"] = header.last_change_id;
  json["lastIssueNumber"] = header.last_issue_number;
  return json;
}

Json to_json(const TransferPart& part) { return {{"sha256", part.sha256}, {"data", part.data}}; }
Json to_json(const TransferEnd& end) { return {{"lines", end.lines}}; }

struct Writer {
  std::string operator()(const TransferHeader& it) const { return dump({{"header", to_json(it)}}); }
  std::string operator()(const Project& it) const { return dump({{"project", project_to_json(it)}}); }
  std::string operator()(const Area& it) const { return dump({{"area", area_to_json(it)}}); }
  std::string operator()(const Label& it) const { return dump({{"label", label_to_json(it)}}); }
  std::string operator()(const Workflow& it) const { return dump({{"workflow", workflow_to_json(it)}}); }
  std::string operator()(const Issue& it) const {
    std::string text = R"({"issue":)";
    append_issue(text, it, IssueFields::all());
    return text + '}';
  }
  std::string operator()(const IssueRelation& it) const { return dump({{"relation", relation_to_json(it)}}); }
  std::string operator()(const GitIntegration& it) const {
    return dump({{"gitIntegration", git_integration_to_json(it)}});
  }
  std::string operator()(const Comment& it) const { return dump({{"comment", comment_to_json(it)}}); }
  std::string operator()(const TransferPart& it) const { return dump({{"file", to_json(it)}}); }
  std::string operator()(const Attachment& it) const {
    return dump({{"attachment", attachment_to_json(it)}});
  }
  std::string operator()(const SavedView& it) const { return dump({{"view", saved_view_to_json(it)}}); }
  std::string operator()(const AuditEntry& it) const { return dump({{"change", audit_entry_to_json(it)}}); }
  std::string operator()(const TransferEnd& it) const { return dump({{"end", to_json(it)}}); }
};

// Everything that an export says of a noun: the members of one that was just made.
template <typename Entity>
Json written(const Entity& entity) {
  const Result<Json> line = parse_json(transfer_line(TransferRecord(entity)));
  return line ? line->begin().value() : Json::object();
}

void note_missing(std::vector<std::string>& missing,
                  const Json& json,
                  const Json& shape,
                  const std::string& prefix) {
  if (!json.is_object()) return;
  for (const auto& member : shape.items()) {
    if (!json.contains(member.key())) missing.push_back(prefix + member.key());
  }
}

template <typename Entity>
void note_all_missing(std::vector<std::string>& missing, const Json& json) {
  static const Json shape = written(Entity{});
  note_missing(missing, json, shape, {});
}

template <>
void note_all_missing<Workflow>(std::vector<std::string>& missing, const Json& json) {
  static const Json shape = workflow_to_json(Workflow{});
  static const Json status_shape = status_to_json(Status{});
  note_missing(missing, json, shape, {});
  const auto statuses = json.is_object() ? json.find("statuses") : json.end();
  for (std::size_t at = 0; statuses != json.end() && at < statuses->size(); ++at)
    note_missing(missing, (*statuses)[at], status_shape, "statuses[" + std::to_string(at) + "].");
}

Result<void> check_count(const char* field, std::int64_t value, std::int64_t least) {
  if (value >= least && value <= max_transfer_count) return {};
  return invalid(field,
                 "Must be between " + std::to_string(least) + " and " + std::to_string(max_transfer_count));
}

template <typename Entity>
Result<TransferRecord> checked(Result<Entity> entity, const Json& json, std::vector<std::string>& missing) {
  if (!entity) return std::move(entity).error();
  note_all_missing<Entity>(missing, json);
  if (!entity->id.is_set()) return invalid("id", "Is required");
  if constexpr (std::is_same_v<Entity, Issue>) {
    TRY(check_count("number", entity->number, 1));
    TRY(check_count("version", entity->version, 1));
  }
  if constexpr (requires { validate(*entity); }) TRY(validate(*entity));
  return TransferRecord(std::move(*entity));
}

Result<TransferRecord> header_from(const Json& json) {
  FieldReader reader(json);
  std::string format;
  std::int64_t version = 0;
  TransferHeader header;
  reader.require("format", format);
  reader.require("version", version);
  reader.require("lastChangeId", header.last_change_id);
  reader.require("lastIssueNumber", header.last_issue_number);
  const Json* user = reader.find("user");
  if (user == nullptr) reader.refuse("user", "Is required");
  TRY(reader.result());
  if (format != format_name) return invalid("format", "This is not an export of DITS");
  if (version != transfer_version)
    return invalid("version",
                   "This export has version " + std::to_string(version) + "; this program reads version " +
                       std::to_string(transfer_version));
  TRY(check_count("lastChangeId", header.last_change_id, 0));
  TRY(check_count("lastIssueNumber", header.last_issue_number, 0));
  TRY(apply_user_values(*user, header.user));
  TRY(validate_user_name(header.user.name));
  return TransferRecord(std::move(header));
}

Result<TransferRecord> part_from(const Json& json) {
  FieldReader reader(json);
  TransferPart part;
  reader.require("sha256", part.sha256);
  reader.require("data", part.data);
  TRY(reader.result());
  if (part.sha256.size() != 64 || part.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
    return invalid("sha256", "Must be 64 hexadecimal digits");
  return TransferRecord(std::move(part));
}

Result<TransferRecord> end_from(const Json& json) {
  FieldReader reader(json);
  TransferEnd end;
  reader.require("lines", end.lines);
  TRY(reader.result());
  return TransferRecord(end);
}

Result<TransferRecord> change_from(const Json& json, std::vector<std::string>& missing) {
  AuditEntry entry = TRY(audit_entry_from_json(json));
  note_all_missing<AuditEntry>(missing, json);
  TRY(check_count("changeId", entry.change_id, 1));
  return TransferRecord(std::move(entry));
}

// A relation has an id of its own and two ends that differ, in the one form in which relations are stored.
Result<TransferRecord> relation_from(const Json& json, std::vector<std::string>& missing) {
  IssueRelation relation = TRY(relation_from_json(json));
  const IssueRelation stored = canonical(relation);
  if (relation.source_id == relation.target_id)
    return invalid("targetId", "An issue has no relation to itself");
  if (stored.type != relation.type || stored.source_id != relation.source_id)
    return invalid("relationType", "Must be BLOCKS, DUPLICATES, or RELATES_TO with the smaller id first");
  return checked(Result<IssueRelation>(std::move(relation)), json, missing);
}

}  // namespace

std::string transfer_line(const TransferRecord& record) { return std::visit(Writer{}, record) + '\n'; }

Result<TransferRecord> transfer_record_from_line(std::string_view line, std::vector<std::string>& missing) {
  const Json json = line.starts_with('[') ? Json::array() : TRY(parse_json(line));
  if (json.is_array() || (json.is_object() && json.contains("title")))
    return invalid("",
                   "This is no export of DITS; issues of GitHub come in with: dits import github FILE --user "
                   "EMAIL");
  if (!json.is_object() || json.size() != 1)
    return invalid("", "Each line must be an object with one member that says what it is");
  const std::string& kind = json.begin().key();
  const Json& value = json.begin().value();
  if (kind == "header") return header_from(value);
  if (kind == "project") return checked(project_from_json(value), value, missing);
  if (kind == "area") return checked(area_from_json(value), value, missing);
  if (kind == "label") return checked(label_from_json(value), value, missing);
  if (kind == "workflow") return checked(workflow_from_json(value), value, missing);
  if (kind == "issue") return checked(issue_from_json(value), value, missing);
  if (kind == "relation") return relation_from(value, missing);
  if (kind == "gitIntegration") return checked(git_integration_from_json(value), value, missing);
  if (kind == "comment") return checked(comment_from_json(value), value, missing);
  if (kind == "file") return part_from(value);
  if (kind == "attachment") return checked(attachment_from_json(value), value, missing);
  if (kind == "view") return checked(saved_view_from_json(value), value, missing);
  if (kind == "change") return change_from(value, missing);
  if (kind == "end") return end_from(value);
  return invalid("", "There is nothing that is called \"" + kind + "\"");
}

}  // namespace dits
