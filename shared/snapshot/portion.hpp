// Some issues of a user, in few bytes: what the server sends when a client begins, and what a browser keeps.
// The columns are made to be compressed afterwards (by HTTP, or not at all): 5,000 issues of a real tracker
// take 33 bytes each with zstd, of which nine are the random part of their ids and sixteen their titles.
//
// The bytes, with everything varint that has no other size (bytes.hpp, columns.hpp):
//
//   "DITSI" 1                     what it is, and the version of this form
//   count of issues
//   numbers   number, as the difference to the issue before
//   numbers   created_at, the same way
//   ids       id, by created_at
//   texts     title
//   numbers   updated_at, as the difference to created_at
//   numbers   version
//   a byte each: which of start_date (1), due_date (2), completed_at (4) and deleted_at (8) are set
//   numbers   start_date, due_date: where set, as days after created_at; completed_at, deleted_at: where set,
//             as the difference to updated_at
//   numbers   position, as the difference to the number, 0 where it is no whole number
//             count of those, and for each how many issues after the one before, and the eight bytes of it
//   a byte each: priority
//   a byte each: git
//   table     status_id, project_id, area_id, each: count of ids, ids, and for each issue the id's place from
//             1, or 0
//   table     label_ids: count of ids, in ascending order, and for each issue how many it has and their
//             places from 0, in ascending order
//   count of relations, then of the issues that are named here and not among these, and their ids.
//             What follows names an issue by its place, from 1, first those of the portion, then these; or 0
//   parent_issue_id of each issue
//   numbers   relations: created_at, as the difference to the one before
//   ids       by created_at
//   a byte each: type
//   numbers   source_id, as the difference to the one before, then target_id
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/relation.hpp"

namespace dits::snapshot {

constexpr std::size_t max_portion_issues = 10'000;

// Which kinds of links to git hang on an issue.
enum GitFlag : std::uint8_t { git_branch = 1, git_pull_request = 2, git_commit = 4 };

struct Portion {
  // Without descriptions and metadata, which the bytes leave out.
  std::vector<Issue> issues;
  std::vector<std::uint8_t> git;  // of each issue, bits of GitFlag; empty: of none
  std::vector<IssueRelation> relations;
};

// At most max_portion_issues. A position that is no finite number becomes 0.
std::string portion_to_bytes(const Portion& portion);
// Errors: invalid, for anything but what portion_to_bytes of this version wrote: bytes that were cut or
// changed may give other issues, but only such as could have been written.
Result<Portion> portion_from_bytes(std::string_view bytes);

}  // namespace dits::snapshot
