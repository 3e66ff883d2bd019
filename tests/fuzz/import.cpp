// Whatever the line of an export from elsewhere, and whatever map of columns is given, it is read without
// harm; what an issue of GitHub becomes can be kept.
#include "server/service/import.hpp"

#include <string>
#include <string_view>

#include "server/service/github_issue.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fuzz::Budget budget(size, 30'000);
  (void)column_map_from_text(text).has_value();
  const Result<GithubIssue> issue = github_issue_from_line(text);
  if (!issue) return 0;
  const Json metadata = metadata_of(*issue);
  const Result<Json> again = parse_json(dump(metadata));
  fuzz::require(again && *again == metadata);
  fuzz::require(fingerprint_in(*again) == fingerprint_of(*issue));
  fuzz::require(issue->body.find('\r') == std::string::npos);
  return 0;
}
