// Whatever the line of an export from elsewhere, and whatever map of columns is given, it is read without
// harm; what an issue of GitHub becomes can be kept.
#include "server/service/import.hpp"

#include <string>
#include <string_view>

#include "server/service/github_issue.hpp"
#include "server/service/github_references.hpp"
#include "server/service/json_items.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fuzz::Budget budget(size, 30'000);
  (void)column_map_from_text(text).has_value();
  std::size_t held = 0;
  JsonItems items([&](const JsonItem& item) -> Result<void> {
    held += item.text.size();
    return {};
  });
  const bool is_taken_apart = items.add(text).has_value() && items.finish().has_value();
  fuzz::require(is_taken_apart && held <= size);
  const Result<Json> json = parse_json(text);
  if (!json) return 0;
  const Result<GithubIssue> issue = github_issue_from_json(*json);
  if (!issue) return 0;
  const GithubText body(issue->body, issue->home);
  const std::string text_here = body.with_numbers([](const GithubAddress& to) {
    return to.number % 2 == 0 ? std::optional<std::int64_t>(to.number / 2) : std::nullopt;
  });
  fuzz::require(body.references().size() <= issue->body.size());
  const Json metadata = metadata_of(*issue, text_here);
  const Result<Json> again = parse_json(dump(metadata));
  fuzz::require(again && *again == metadata);
  fuzz::require(fingerprint_in(*again) == fingerprint_of(*issue));
  fuzz::require(text_fingerprint_in(*again) == text_fingerprint(text_here));
  fuzz::require(issue->body.find('\r') == std::string::npos);
  return 0;
}
