// What the open pane of an issue shows, as one answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/model/attachment.hpp"
#include "shared/model/audit.hpp"
#include "shared/model/comment.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/issue_fields.hpp"
#include "shared/model/relation.hpp"

namespace dits {

struct IssueDetails {
  Issue issue;
  std::vector<IssueRelation> relations;  // seen from the issue
  std::vector<Comment> comments;
  std::vector<Attachment> attachments;
  std::vector<GitIntegration> git_integrations;
  std::vector<AuditEntry> activity;  // the newest changes, newest first
};

std::string issue_details_to_text(const IssueDetails& details, IssueFields fields = IssueFields::all());
// As our own server sent it. Errors: invalid.
Result<IssueDetails> issue_details_from_text(std::string_view text);

}  // namespace dits
