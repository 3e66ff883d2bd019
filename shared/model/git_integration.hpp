// A link from an issue to a branch, pull request or commit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

enum class GitProvider { github, gitlab, bitbucket, local };
std::string_view name_of(GitProvider provider);
Result<GitProvider> git_provider_from_name(std::string_view name);

struct GitIntegration {
  GitIntegrationId id;
  IssueId issue_id;
  GitProvider provider = GitProvider::github;
  std::string repository;  // "owner/name"
  std::optional<std::string> branch_name;
  std::optional<std::string> pr_url;
  std::optional<std::string> commit_hash;
  std::string metadata = "{}";
  Timestamp created_at;
  Timestamp updated_at;
};

// Repository 1..300; at least one of branch, pull request (http/https URL) and commit (7..64 hex digits).
// Errors: invalid.
Result<void> validate(const GitIntegration& link);

// "128-websocket-reconnect-drops": number, then the title's words in ASCII lower case, at most 60 characters.
std::string branch_name_for(std::int64_t number, std::string_view title);

}  // namespace dits
