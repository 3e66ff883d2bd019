// An issue as JSON: the entity with chosen fields, bodies of requests, and changes as the audit log gives
// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/issue_fields.hpp"

namespace dits {

Json issue_to_json(const Issue& issue, IssueFields fields = IssueFields::all());
// The same as text at the end of `out`, several times faster.
void append_issue(std::string& out, const Issue& issue, IssueFields fields);
// {"items": […], "nextCursor": …}; an empty cursor is null.
std::string issue_page_to_text(const std::vector<Issue>& issues,
                               IssueFields fields,
                               std::string_view next_cursor);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_issue_values(const Json& values, Issue& issue);
// A whole issue as our own server sent it; `has_description` tells whether it came with one.
Result<Issue> issue_from_json(const Json& json);
struct IssuePage {
  std::vector<Issue> items;
  std::string next_cursor;  // empty: there is no more
};
Result<IssuePage> issue_page_from_text(std::string_view text);

// Body of POST /issues. A status that is not given stays unset: the service chooses. Errors: invalid with
// every refused field.
Result<Issue> issue_draft_from_json(const Json& body);
Json issue_draft_to_json(const Issue& issue);

// Body of PATCH /issues/{id}: the fields of IssuePatch, "addLabelIds", "removeLabelIds", "override". Errors
// as above.
Result<IssueUpdate> issue_update_from_json(const Json& body);
Json issue_patch_to_json(const IssuePatch& patch);
Json issue_update_to_json(const IssueUpdate& update);

// Body of POST /issues/bulk, either
//   {"issueIds": [id, …], "versions"?: [number, …], "patch": {…}}  the same for all, or "action": "DELETE" |
//   "RESTORE" in place of "patch"; a version for each issue
//   {"changes": [{"id", "version"?, "patch" | "action"}, …]}      each its own.
// 1 to max_bulk_steps steps, no issue twice; texts of at most max_bulk_text_bytes. It is written in the first
// form where that says it all.
Result<std::vector<IssueBulkStep>> issue_bulk_from_json(const Json& body);
Json issue_bulk_to_json(const std::vector<IssueBulkStep>& steps);

// Body of POST /issues/{id}/transition: {"statusId", "override"?}.
struct TransitionBody {
  StatusId status_id;
  bool override_transitions = false;
};
Result<TransitionBody> transition_from_json(const Json& body);

}  // namespace dits
