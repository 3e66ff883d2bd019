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
#include "shared/json/user_json.hpp"
#include "shared/json/workflow_json.hpp"
#include "tests/fuzz/support/steps.hpp"

namespace {

using namespace dits;

// What is read is written so that the same is read again.
template <typename Source, typename Read, typename Write>
void check_same(const Source& source, Read read, Write write) {
  const auto first = read(source);
  if (!first) return;
  const auto written = write(*first);
  const auto second = read(written);
  fuzz::require(second && write(*second) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 100'000);
  check_same(text, sync_snapshot_from_text, sync_snapshot_to_text);
  check_same(text, sync_changes_from_text, sync_changes_to_text);
  check_same(text, problem_from_text, problem_to_text);
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
    const Result<IssueUpdate> same = issue_update_from_json(issue_update_to_json(*update));
    fuzz::require(same && *same == *update);
  }
  if (const Result<Workflow> workflow = workflow_draft_from_json(*body)) {
    const Json written = workflow_to_json(*workflow);
    const Result<Workflow> same = workflow_from_json(written);
    fuzz::require(same && workflow_to_json(*same) == written);
  }
  check_same(*body, project_patch_from_json, project_patch_to_json);
  check_same(*body, workflow_patch_from_json, workflow_patch_to_json);
  check_same(*body, register_from_json, register_to_json);
  check_same(*body, issue_bulk_from_json, issue_bulk_to_json);
  check_same(*body, user_patch_from_json, user_patch_to_json);
  return 0;
}
