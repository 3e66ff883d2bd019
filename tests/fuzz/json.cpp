// Whatever the text, reading it as any body ends without harm, and what is read is itself after writing and
// reading.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/json/account_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/problem_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/sync_json.hpp"
#include "shared/json/workflow_json.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 100'000);
  if (const Result<SyncSnapshot> snapshot = sync_snapshot_from_text(text)) {
    if (!parse_json(sync_snapshot_to_text(*snapshot))) std::abort();
  }
  (void)sync_changes_from_text(text).has_value();
  (void)problem_from_text(text).has_value();
  const Result<Json> body = parse_json(text);
  if (!body) return 0;
  const Result<Json> again = parse_json(dump(*body));
  if (!again || dump(*again) != dump(*body)) std::abort();
  if (const Result<Issue> issue = issue_draft_from_json(*body)) {
    std::string written;
    append_issue(written, *issue, IssueFields::all());
    const Result<Json> value = parse_json(written);
    if (!value || !(*value == issue_to_json(*issue))) std::abort();
  }
  if (const Result<IssueUpdate> update = issue_update_from_json(*body)) {
    if (!issue_update_from_json(issue_update_to_json(*update))) std::abort();
  }
  if (const Result<Workflow> workflow = workflow_draft_from_json(*body)) {
    if (!parse_json(dump(workflow_to_json(*workflow)))) std::abort();
  }
  (void)issue_bulk_from_json(*body).has_value();
  (void)project_patch_from_json(*body).has_value();
  (void)register_from_json(*body).has_value();
  return 0;
}
