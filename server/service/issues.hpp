// Issues: reading them, and changing them in one transaction a call. The rules are in issue_changes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/service/audit.hpp"
#include "server/store/issues.hpp"
#include "shared/core/time_zone.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/issue_fields.hpp"

namespace dits {

// The issue that a path names. Errors: not_found for what is neither UUID nor number.
Result<IssueKey> parse_issue_key(std::string_view text);

// Those in the trash are found too. Errors: not_found.
Result<Issue> get_issue(ServiceContext& context, const Viewer& viewer, const IssueKey& key);
Result<std::vector<Issue>> list_sub_issues(ServiceContext& context,
                                           const Viewer& viewer,
                                           const IssueKey& key);
Result<std::vector<store::SimilarIssue>> list_possible_duplicates(ServiceContext& context,
                                                                  const Viewer& viewer,
                                                                  const std::string& title,
                                                                  const std::optional<IssueKey>& except);

// Of whoever asks: the zone itself, or its name as time_zone_of() takes it.
using AskedZone = std::variant<std::string_view, TimeZone>;

// `query` and `sort` are texts as a person gives them; a sort of its own in the query wins. `fields` is the
// list that the answer shows: "id,title,…", empty for all but the description.
struct IssueListQuestion {
  std::string_view query;
  std::string_view fields;
  std::string_view sort;
  std::string_view cursor;
  std::int64_t limit = 50;
  AskedZone zone = {};
};
struct IssueListAnswer {
  std::vector<Issue> issues;
  IssueFields fields;
  std::string next_cursor;  // empty: there is no more
};
// Errors: invalid, naming q with the column, fields, sort, cursor or Time-Zone.
Result<IssueListAnswer> list_issues(ServiceContext& context,
                                    const Viewer& viewer,
                                    const IssueListQuestion& question);

// Errors: invalid, conflict ("id_taken").
Result<Issue> create_issue(ServiceContext& context, const Viewer& viewer, Issue draft);

// The same with a title as it is typed, attributes among its words: see shared/query/inline_attributes.hpp.
// What they say goes over what the draft says; labels are added. Days count from `today`, or from the zone's.
// Errors: as create_issue; invalid, kind "unknown_attribute", with a refusal of `title` for each attribute
// that names nothing.
Result<Issue> create_typed_issue(ServiceContext& context,
                                 const Viewer& viewer,
                                 Issue draft,
                                 std::optional<Date> today,
                                 const AskedZone& zone = {});

// The issue after the call, or, when If-Match named another version, as it is.
struct IssueAnswer {
  Issue issue;
  bool is_version_mismatch = false;
};
// Errors: invalid, not_found, conflict ("transition_not_allowed", "issue_in_trash").
Result<IssueAnswer> update_issue(ServiceContext& context,
                                 const Viewer& viewer,
                                 const IssueKey& key,
                                 const IssueUpdate& update,
                                 std::optional<std::int64_t> version);
Result<IssueAnswer> remove_issue(ServiceContext& context,
                                 const Viewer& viewer,
                                 const IssueKey& key,
                                 std::optional<std::int64_t> version);
Result<Issue> restore_issue(ServiceContext& context, const Viewer& viewer, const IssueKey& key);
// For good, and only from the trash.
Result<void> purge_issue(ServiceContext& context, const Viewer& viewer, const IssueKey& key);

// All steps or none, in one transaction and as one undo step; the issues come without their descriptions.
// Errors: as update_issue, naming the issue; conflict ("version_mismatch") for a step whose version is not
// the issue's; invalid when all titles and metadata of the answer have more than max_bulk_text_bytes.
Result<std::vector<Issue>> change_issues(ServiceContext& context,
                                         const Viewer& viewer,
                                         const std::vector<IssueBulkStep>& steps);

}  // namespace dits
