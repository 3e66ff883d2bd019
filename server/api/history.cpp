// The resources /audit-logs and /trash.
#include "server/service/history.hpp"

#include <charconv>

#include "server/api/handlers.hpp"
#include "server/api/records.hpp"
#include "server/service/trash.hpp"
#include "shared/api/paths.hpp"

namespace dits {

template <typename Value>
static Result<void> read_filter(const http::Request& request,
                                std::string_view name,
                                std::optional<Value>& into,
                                Result<Value> (*parse)(std::string_view)) {
  const std::optional<std::string_view> text = request.query(name);
  if (!text) return {};
  Result<Value> value = parse(*text);
  if (!value) return invalid(std::string(name), value.error().message);
  into = *value;
  return {};
}

static Result<http::Response> get_audit_logs(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query(
      {"entityType", "entityId", "action", "since", "until", "limit", "cursor"}));
  store::AuditFilter filter;
  TRY(read_filter(request, "entityType", filter.entity_type, entity_type_from_name));
  TRY(read_filter(request, "entityId", filter.entity_id, parse_uuid));
  TRY(read_filter(request, "action", filter.action, audit_action_from_name));
  TRY(read_filter(request, "since", filter.since, parse_timestamp));
  TRY(read_filter(request, "until", filter.until, parse_timestamp));
  const std::int64_t limit = TRY(integer_query(request, "limit", 50, 1, 200));
  const std::int64_t before = TRY(integer_query(request, "cursor", newest_change, 1, newest_change));
  const ChangePage page = TRY(list_audit_logs(context, request.viewer, filter, before, limit));
  return http::Response::ok(change_page_to_text(page));
}

static Result<http::Response> post_undo(ServiceContext& context, const http::Request& request) {
  const std::string_view text = request.param("changeId");
  std::int64_t change_id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), change_id);
  if (error != std::errc() || end != text.data() + text.size()) return not_found("There is no such change.");
  const SyncChanges made = TRY(undo_change(context, request.viewer, change_id));
  return http::Response::ok(sync_changes_to_text(made));
}

static Result<http::Response> get_trash(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(TRY(trash_text(context, request.viewer)));
}

static Result<http::Response> delete_from_trash(ServiceContext& context, const http::Request& request) {
  const Result<EntityType> type = entity_type_from_name(request.param("type"));
  if (!type) return not_found("There is no such thing in the trash.");
  const Uuid id = TRY(uuid_param(request));
  TRY(purge(context, request.viewer, *type, id));
  return http::Response::no_content();
}

std::vector<http::Route> history_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  return {
      {Method::get,
       paths::audit_logs,
       Who::user,
       Scope::read,
       bound(context, get_audit_logs),
       {"Lists changes, newest first",
        {},
        "AuditEntryPage",
        "entityType,entityId,action,since,until,limit,cursor"}},
      {Method::post,
       paths::audit_log_undo,
       Who::user,
       Scope::write,
       bound(context, post_undo),
       {"Undoes a change, or the group it belongs to", {}, "SyncChanges"}},
      {Method::get,
       paths::trash,
       Who::user,
       Scope::read,
       bound(context, get_trash),
       {"Shows what was deleted and can come back", {}, "Trash"}},
      {Method::del,
       paths::trash_entity,
       Who::user,
       Scope::write,
       bound(context, delete_from_trash),
       {"Removes one thing of the trash for good"}},
  };
}

}  // namespace dits
