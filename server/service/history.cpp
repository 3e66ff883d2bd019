#include "server/service/history.hpp"

#include "shared/json/audit_json.hpp"

namespace dits {

std::string change_page_to_text(const ChangePage& page) {
  Json items = Json::array();
  for (const AuditEntry& entry : page.changes) items.push_back(audit_entry_to_json(entry));
  Json cursor = nullptr;
  if (page.next_before != 0) cursor = std::to_string(page.next_before);
  return dump({{"items", std::move(items)}, {"nextCursor", std::move(cursor)}});
}

// One more was asked for than is shown, to see whether there is more.
static ChangePage page_of(std::vector<AuditEntry> changes, std::int64_t limit) {
  ChangePage page{std::move(changes)};
  if (static_cast<std::int64_t>(page.changes.size()) > limit) {
    page.changes.pop_back();
    page.next_before = page.changes.back().change_id;
  }
  return page;
}

Result<ChangePage> list_audit_logs(ServiceContext& context,
                                   const Viewer& viewer,
                                   const store::AuditFilter& filter,
                                   std::int64_t before,
                                   std::int64_t limit) {
  return page_of(
      TRY(store::list_audit_logs(
          {context.database, viewer.user_id, Access::stale_read}, viewer.user_id, filter, before, limit + 1)),
      limit);
}

Result<ChangePage> list_activity(ServiceContext& context,
                                 const Viewer& viewer,
                                 const IssueKey& key,
                                 std::int64_t before,
                                 std::int64_t limit) {
  const Issue issue = TRY(get_issue(context, viewer, key));
  return page_of(TRY(store::list_changes_of_issue({context.database, viewer.user_id, Access::stale_read},
                                                  viewer.user_id,
                                                  issue.id,
                                                  before,
                                                  limit + 1)),
                 limit);
}

}  // namespace dits
