#include "shared/json/git_integration_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

void read_own_fields(FieldReader& reader, GitIntegration& link) {
  reader.read_enum("provider", link.provider, git_provider_from_name);
  reader.read("repository", link.repository);
  reader.read("branchName", link.branch_name);
  reader.read("prUrl", link.pr_url);
  reader.read("commitHash", link.commit_hash);
  reader.read_stored("metadata", link.metadata);
}

}  // namespace

Json git_integration_to_json(const GitIntegration& link) {
  ObjectValue out;
  out.put("id", link.id);
  out.put("issueId", link.issue_id);
  out.put("provider", name_of(link.provider));
  out.put("repository", link.repository);
  out.put("branchName", link.branch_name);
  out.put("prUrl", link.pr_url);
  out.put("commitHash", link.commit_hash);
  out.put("metadata", StoredJson{link.metadata});
  out.put("createdAt", link.created_at);
  out.put("updatedAt", link.updated_at);
  return out.take();
}

Result<void> apply_git_integration_values(const Json& values, GitIntegration& link) {
  FieldReader reader(values);
  reader.read("id", link.id);
  reader.read("issueId", link.issue_id);
  read_own_fields(reader, link);
  reader.read("createdAt", link.created_at);
  reader.read("updatedAt", link.updated_at);
  return reader.result();
}

Result<GitIntegration> git_integration_from_json(const Json& json) {
  GitIntegration link;
  TRY(apply_git_integration_values(json, link));
  return link;
}

Result<GitIntegration> git_integration_draft_from_json(const Json& body) {
  FieldReader reader(body);
  GitIntegration link;
  reader.read("id", link.id);
  read_own_fields(reader, link);
  reader.require("repository", link.repository);
  reader.refuse_read_only({"issueId", "createdAt", "updatedAt"});
  TRY(reader.finish());
  TRY(validate(link));
  return link;
}

Result<GitIntegration> git_integration_changed_by_json(const Json& body, GitIntegration before) {
  FieldReader reader(body);
  read_own_fields(reader, before);
  reader.refuse_read_only({"id", "issueId", "createdAt", "updatedAt"});
  TRY(reader.finish());
  TRY(validate(before));
  return before;
}

}  // namespace dits
