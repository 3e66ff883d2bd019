// Reading the audit log, and undoing what it tells of.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "server/service/issues.hpp"
#include "server/store/audit_logs.hpp"
#include "shared/json/sync_json.hpp"
#include "shared/model/audit.hpp"

namespace dits {

constexpr std::int64_t newest_change = std::numeric_limits<std::int64_t>::max();

// Newest first; the next page begins before `next_before`, and there is none when it is 0.
struct ChangePage {
  std::vector<AuditEntry> changes;
  std::int64_t next_before = 0;
};
// {"items": […], "nextCursor": "…" or null}
std::string change_page_to_text(const ChangePage& page);

Result<ChangePage> list_audit_logs(ServiceContext& context,
                                   const Viewer& viewer,
                                   const store::AuditFilter& filter,
                                   std::int64_t before,
                                   std::int64_t limit);
// The changes of the issue and of its relations, comments and git links.
Result<ChangePage> list_activity(ServiceContext& context,
                                 const Viewer& viewer,
                                 const IssueKey& key,
                                 std::int64_t before,
                                 std::int64_t limit);

// Puts back what the change, or the whole group it belongs to, has changed: as a new change, under the same
// rules, in one transaction. Undoing that change does it again. Answers the changes made, of very large ones
// the first (see changes_since). Errors: not_found; conflict ("undo_conflict") when the entity was changed
// since in the same fields; invalid for changes of accounts.
Result<SyncChanges> undo_change(ServiceContext& context, const Viewer& viewer, std::int64_t change_id);

// After `type` `id` was taken out of the trash: what its deletion took with it (its place on issues, its
// workflow) comes back as well, but for what was changed since. Part of the caller's transaction.
Result<void> bring_back_company(AuditedTransaction& work, EntityType type, const Uuid& id);

}  // namespace dits
