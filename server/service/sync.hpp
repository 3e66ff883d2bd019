// Keeping a client's store in step: a snapshot to begin with, then the changes of the audit log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/service/audit.hpp"
#include "shared/json/sync_json.hpp"

namespace dits {

constexpr std::int64_t all_issues = 0;  // as a limit
constexpr std::int64_t max_changes_at_once = 1000;

// Everything that is not in the trash (relations: all), as one consistent state; issues without descriptions.
// With a limit the issues come in pages: `cursor` is what the page before gave. Every page names the
// change_id of the first one: whoever asks for the changes since then has missed nothing. The text is that of
// sync_snapshot_to_text, written as the rows are read: 100,000 issues are never in memory as structs. Errors:
// invalid at "cursor".
Result<std::string> snapshot_text(ServiceContext& context,
                                  const Viewer& viewer,
                                  std::string_view cursor,
                                  std::int64_t limit);

// The same state in the pages of shared/snapshot, as bytes: the newest issues first, each with the relations
// that it is the source of. Memory and time of a page hang on `limit` alone. Errors: invalid at "cursor".
Result<std::string> snapshot_page(ServiceContext& context,
                                  const Viewer& viewer,
                                  std::string_view cursor,
                                  std::int64_t limit);

// What somebody has already. Numbers mean the same changes only in the same log: a restore puts another one
// in its place, whose later changes may well have the numbers of those that were lost.
struct SyncPoint {
  std::int64_t change_id = 0;
  std::string log = {};  // as the snapshot named it; empty: not known
};

// Of the values of changes in one answer; the last portion may go beyond it.
constexpr std::size_t most_change_bytes = std::size_t{8} * 1024 * 1024;

// The changes after `since`, oldest first, at most `limit`, and fewer of those with long texts. Errors:
// conflict ("sync_reset") when the log does not reach that point, or is another one.
Result<SyncChanges> changes_since(ServiceContext& context,
                                  const Viewer& viewer,
                                  const SyncPoint& since,
                                  std::int64_t limit);
// The same without the changes. Errors: as above.
Result<void> check_point(ServiceContext& context, const Viewer& viewer, const SyncPoint& point);

// The head of the log: 0 for a user without any change.
Result<std::int64_t> last_change_id(ServiceContext& context, const Viewer& viewer);

}  // namespace dits
