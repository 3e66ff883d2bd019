// Every address of the API, as the route tables of the server and the calls of the web app use it. `{name}`
// is a parameter: path_with() fills it in.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "shared/core/id.hpp"

namespace dits::paths {

inline constexpr std::string_view api_root = "/api/v1";

inline constexpr std::string_view auth_register = "/api/v1/auth/register";
inline constexpr std::string_view auth_setup = "/api/v1/auth/setup/{token}";  // is this one-time link good?
inline constexpr std::string_view auth_login = "/api/v1/auth/login";
inline constexpr std::string_view auth_logout = "/api/v1/auth/logout";
inline constexpr std::string_view auth_me = "/api/v1/auth/me";
inline constexpr std::string_view auth_password = "/api/v1/auth/me/password";
inline constexpr std::string_view auth_sessions = "/api/v1/auth/sessions";
inline constexpr std::string_view auth_session = "/api/v1/auth/sessions/{id}";
inline constexpr std::string_view auth_tokens = "/api/v1/auth/tokens";
inline constexpr std::string_view auth_token = "/api/v1/auth/tokens/{id}";

inline constexpr std::string_view projects = "/api/v1/projects";
inline constexpr std::string_view project = "/api/v1/projects/{id}";
inline constexpr std::string_view project_restore = "/api/v1/projects/{id}/restore";

inline constexpr std::string_view areas = "/api/v1/areas";
inline constexpr std::string_view area = "/api/v1/areas/{id}";
inline constexpr std::string_view area_restore = "/api/v1/areas/{id}/restore";

inline constexpr std::string_view labels = "/api/v1/labels";
inline constexpr std::string_view label = "/api/v1/labels/{id}";
inline constexpr std::string_view label_restore = "/api/v1/labels/{id}/restore";

inline constexpr std::string_view workflows = "/api/v1/workflows";
inline constexpr std::string_view workflow = "/api/v1/workflows/{id}";
inline constexpr std::string_view workflow_restore = "/api/v1/workflows/{id}/restore";
inline constexpr std::string_view workflow_statuses = "/api/v1/workflows/{id}/statuses";
inline constexpr std::string_view workflow_status = "/api/v1/workflows/{id}/statuses/{statusId}";

inline constexpr std::string_view views = "/api/v1/views";
inline constexpr std::string_view view = "/api/v1/views/{id}";
inline constexpr std::string_view view_restore = "/api/v1/views/{id}/restore";

// {id} of an issue is its UUID or its number.
inline constexpr std::string_view issues = "/api/v1/issues";
inline constexpr std::string_view issues_bulk = "/api/v1/issues/bulk";
inline constexpr std::string_view issue = "/api/v1/issues/{id}";
inline constexpr std::string_view issue_restore = "/api/v1/issues/{id}/restore";
inline constexpr std::string_view issue_transition = "/api/v1/issues/{id}/transition";
inline constexpr std::string_view issue_details = "/api/v1/issues/{id}/details";
inline constexpr std::string_view issue_activity = "/api/v1/issues/{id}/activity";
inline constexpr std::string_view issue_sub_issues = "/api/v1/issues/{id}/sub-issues";
inline constexpr std::string_view issue_duplicates = "/api/v1/issues/{id}/duplicates";
inline constexpr std::string_view issue_labels = "/api/v1/issues/{id}/labels";
inline constexpr std::string_view issue_label = "/api/v1/issues/{id}/labels/{labelId}";
inline constexpr std::string_view issue_relations = "/api/v1/issues/{id}/relations";
inline constexpr std::string_view issue_relation = "/api/v1/issues/{id}/relations/{relationId}";
inline constexpr std::string_view issue_comments = "/api/v1/issues/{id}/comments";
inline constexpr std::string_view issue_comment = "/api/v1/issues/{id}/comments/{commentId}";
inline constexpr std::string_view issue_attachments = "/api/v1/issues/{id}/attachments";
inline constexpr std::string_view issue_attachment = "/api/v1/issues/{id}/attachments/{attachmentId}";
inline constexpr std::string_view issue_attachment_restore =
    "/api/v1/issues/{id}/attachments/{attachmentId}/restore";
inline constexpr std::string_view issue_git_integrations = "/api/v1/issues/{id}/git-integrations";
inline constexpr std::string_view issue_git_integration =
    "/api/v1/issues/{id}/git-integrations/{gitIntegrationId}";

inline constexpr std::string_view audit_logs = "/api/v1/audit-logs";
inline constexpr std::string_view audit_log_undo = "/api/v1/audit-logs/{changeId}/undo";
inline constexpr std::string_view search = "/api/v1/search";
inline constexpr std::string_view stats = "/api/v1/stats";
inline constexpr std::string_view insights = "/api/v1/insights";
inline constexpr std::string_view sync = "/api/v1/sync";
inline constexpr std::string_view sync_snapshot = "/api/v1/sync/snapshot";
inline constexpr std::string_view events = "/api/v1/events";
inline constexpr std::string_view trash = "/api/v1/trash";
// {type} is as in the audit log: issue, project, area, label, workflow, saved_view.
inline constexpr std::string_view trash_entity = "/api/v1/trash/{type}/{id}";
inline constexpr std::string_view exports = "/api/v1/export";
inline constexpr std::string_view imports = "/api/v1/import";
inline constexpr std::string_view admin_backups = "/api/v1/admin/backups";
// For administrators: the instance as a whole.
inline constexpr std::string_view admin_database = "/api/v1/admin/database";
inline constexpr std::string_view admin_statements = "/api/v1/admin/statements";
inline constexpr std::string_view admin_system = "/api/v1/admin/system";
inline constexpr std::string_view studio_tables = "/api/v1/admin/studio/tables";
inline constexpr std::string_view studio_rows = "/api/v1/admin/studio/tables/{table}/rows";
inline constexpr std::string_view studio_export = "/api/v1/admin/studio/tables/{table}/export";
inline constexpr std::string_view studio_statistics = "/api/v1/admin/studio/tables/{table}/columns/{column}";
inline constexpr std::string_view studio_changes = "/api/v1/admin/studio/changes";
inline constexpr std::string_view studio_sql = "/api/v1/admin/studio/sql";
inline constexpr std::string_view studio_explain = "/api/v1/admin/studio/explain";
inline constexpr std::string_view openapi = "/api/openapi.json";
inline constexpr std::string_view docs = "/api/docs";

// The pattern with its parameters replaced from left to right, percent-encoded. As many values as parameters.
std::string path_with(std::string_view pattern, std::initializer_list<std::string_view> values);
template <typename Tag>
std::string path_with(std::string_view pattern, const Id<Tag>& id) {
  return path_with(pattern, {to_string(id)});
}

// "path?name=value&…", percent-encoded; members with an empty value are left out.
std::string with_query(std::string path,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

// RFC 3986: everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace dits::paths
