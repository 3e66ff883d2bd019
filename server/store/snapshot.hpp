// The rows of a snapshot, portion by portion.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/relation.hpp"

namespace dits::store {

// Ids from `least` to `most`, both included.
struct IssueRange {
  IssueId least;
  IssueId most;
};

// Live issues without description and metadata, by descending id, from `most` on.
Result<std::vector<Issue>> list_portion_issues(Reader reader,
                                               UserId user_id,
                                               IssueId most,
                                               std::int64_t limit);
// Those whose source is in the range.
Result<std::vector<IssueRelation>> list_portion_relations(Reader reader, UserId user_id, IssueRange range);

// Which kinds of links hang on an issue.
struct GitKinds {
  bool has_branch = false;
  bool has_pull_request = false;
  bool has_commit = false;
};
Result<std::map<IssueId, GitKinds>> list_portion_git(Reader reader, UserId user_id, IssueRange range);

}  // namespace dits::store
