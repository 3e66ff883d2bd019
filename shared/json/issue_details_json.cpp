#include "shared/json/issue_details_json.hpp"

#include "shared/json/attachment_json.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

template <typename Part>
void put_parts(ObjectText& sink,
               std::string& out,
               std::string_view name,
               const std::vector<Part>& parts,
               Json (*to_json)(const Part&)) {
  sink.begin_member(name);
  out += '[';
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at > 0) out += ',';
    out += dump(to_json(parts[at]));
  }
  out += ']';
}

template <typename Part>
Result<void> read_parts(const Json& json,
                        std::string_view name,
                        std::vector<Part>& into,
                        Result<Part> (*from_json)(const Json&)) {
  const auto list = json.find(name);
  if (list == json.end() || !list->is_array()) return invalid(std::string(name), "Must be a list");
  for (const Json& part : *list) into.push_back(TRY(from_json(part)));
  return {};
}

}  // namespace

std::string issue_details_to_text(const IssueDetails& details, IssueFields fields) {
  std::string out;
  ObjectText sink(out);
  sink.begin_member("issue");
  append_issue(out, details.issue, fields);
  put_parts(sink, out, "relations", details.relations, relation_to_json);
  put_parts(sink, out, "comments", details.comments, comment_to_json);
  put_parts(sink, out, "attachments", details.attachments, attachment_to_json);
  put_parts(sink, out, "gitIntegrations", details.git_integrations, git_integration_to_json);
  put_parts(sink, out, "activity", details.activity, audit_entry_to_json);
  sink.close();
  return out;
}

Result<IssueDetails> issue_details_from_text(std::string_view text) {
  const Json json = TRY(parse_json(text));
  const auto issue = json.is_object() ? json.find("issue") : json.end();
  if (!json.is_object() || issue == json.end()) return invalid("issue", "Is missing");
  IssueDetails details;
  details.issue = TRY(issue_from_json(*issue));
  TRY(read_parts(json, "relations", details.relations, relation_from_json));
  TRY(read_parts(json, "comments", details.comments, comment_from_json));
  TRY(read_parts(json, "attachments", details.attachments, attachment_from_json));
  TRY(read_parts(json, "gitIntegrations", details.git_integrations, git_integration_from_json));
  TRY(read_parts(json, "activity", details.activity, audit_entry_from_json));
  return details;
}

}  // namespace dits
