#include "tests/http/support/route_entries.hpp"

#include <algorithm>

namespace dits::test {

namespace {

constexpr RouteEntry all_entries[] = {
    {"POST", "/api/v1/auth/register", "/api/v1/auth/register", R"({})"},
    {"GET", "/api/v1/auth/setup/{token}", "/api/v1/auth/setup/none"},
    {"POST", "/api/v1/auth/login", "/api/v1/auth/login", R"({})"},
    {"POST", "/api/v1/auth/logout", "/api/v1/auth/logout", R"({})"},
    {"GET", "/api/v1/auth/me", "/api/v1/auth/me"},
    {"PATCH", "/api/v1/auth/me", "/api/v1/auth/me", R"({"preferences":{}})"},
    {"POST", "/api/v1/auth/me/password", "/api/v1/auth/me/password", R"({})"},
    {"GET", "/api/v1/auth/sessions", "/api/v1/auth/sessions"},
    {"DELETE", "/api/v1/auth/sessions", "/api/v1/auth/sessions"},
    {"DELETE", "/api/v1/auth/sessions/{id}", "/api/v1/auth/sessions/@session"},
    {"GET", "/api/v1/auth/tokens", "/api/v1/auth/tokens"},
    {"POST", "/api/v1/auth/tokens", "/api/v1/auth/tokens", R"({"name":"t"})"},
    {"DELETE", "/api/v1/auth/tokens/{id}", "/api/v1/auth/tokens/@token"},

    {"GET", "/api/v1/issues", "/api/v1/issues"},
    {"POST",
     "/api/v1/issues",
     "/api/v1/issues",
     R"({"title":"t","projectId":"@project","areaId":"@area","parentIssueId":"@issue","labelIds":["@label"],"statusId":"@status"})"},
    {"POST",
     "/api/v1/issues/bulk",
     "/api/v1/issues/bulk",
     R"({"issueIds":["@issue"],"patch":{"priority":"HIGH"}})"},
    {"GET", "/api/v1/issues/{id}", "/api/v1/issues/@issue"},
    {"PATCH",
     "/api/v1/issues/{id}",
     "/api/v1/issues/@issue",
     R"({"labelIds":["@label"],"projectId":"@project","areaId":"@area","parentIssueId":"@other","statusId":"@near_status"})"},
    {"DELETE", "/api/v1/issues/{id}", "/api/v1/issues/@issue"},
    {"POST", "/api/v1/issues/{id}/restore", "/api/v1/issues/@trashed_issue/restore"},
    {"POST",
     "/api/v1/issues/{id}/transition",
     "/api/v1/issues/@issue/transition",
     R"({"statusId":"@near_status"})"},
    {"GET", "/api/v1/issues/{id}/activity", "/api/v1/issues/@issue/activity"},
    {"GET", "/api/v1/issues/{id}/details", "/api/v1/issues/@issue/details"},
    {"GET", "/api/v1/issues/{id}/sub-issues", "/api/v1/issues/@issue/sub-issues"},
    {"GET", "/api/v1/issues/{id}/duplicates", "/api/v1/issues/@issue/duplicates"},
    {"GET", "/api/v1/issues/{id}/labels", "/api/v1/issues/@issue/labels"},
    {"POST", "/api/v1/issues/{id}/labels", "/api/v1/issues/@issue/labels", R"({"labelId":"@label"})"},
    {"DELETE", "/api/v1/issues/{id}/labels/{labelId}", "/api/v1/issues/@issue/labels/@worn_label"},
    {"GET", "/api/v1/issues/{id}/relations", "/api/v1/issues/@issue/relations"},
    {"POST",
     "/api/v1/issues/{id}/relations",
     "/api/v1/issues/@issue/relations",
     R"({"targetId":"@other","relationType":"RELATES_TO"})"},
    {"DELETE", "/api/v1/issues/{id}/relations/{relationId}", "/api/v1/issues/@issue/relations/@relation"},
    {"GET", "/api/v1/issues/{id}/comments", "/api/v1/issues/@issue/comments"},
    {"POST", "/api/v1/issues/{id}/comments", "/api/v1/issues/@issue/comments", R"({"body":"b"})"},
    {"PATCH",
     "/api/v1/issues/{id}/comments/{commentId}",
     "/api/v1/issues/@issue/comments/@comment",
     R"({"body":"c"})"},
    {"DELETE", "/api/v1/issues/{id}/comments/{commentId}", "/api/v1/issues/@issue/comments/@comment"},
    {"GET", "/api/v1/issues/{id}/git-integrations", "/api/v1/issues/@issue/git-integrations"},
    {"POST",
     "/api/v1/issues/{id}/git-integrations",
     "/api/v1/issues/@issue/git-integrations",
     R"({"provider":"GITHUB","repository":"a/b","branchName":"x"})"},
    {"PATCH",
     "/api/v1/issues/{id}/git-integrations/{gitIntegrationId}",
     "/api/v1/issues/@issue/git-integrations/@git",
     R"({"branchName":"main"})"},
    {"DELETE",
     "/api/v1/issues/{id}/git-integrations/{gitIntegrationId}",
     "/api/v1/issues/@issue/git-integrations/@git"},

    {"GET", "/api/v1/issues/{id}/attachments", "/api/v1/issues/@issue/attachments"},
    {"POST",
     "/api/v1/issues/{id}/attachments",
     "/api/v1/issues/@issue/attachments?name=some.txt",
     "some bytes",
     true},
    {"GET",
     "/api/v1/issues/{id}/attachments/{attachmentId}",
     "/api/v1/issues/@issue/attachments/@attachment"},
    {"DELETE",
     "/api/v1/issues/{id}/attachments/{attachmentId}",
     "/api/v1/issues/@issue/attachments/@attachment"},
    {"POST",
     "/api/v1/issues/{id}/attachments/{attachmentId}/restore",
     "/api/v1/issues/@issue/attachments/@attachment/restore"},

    {"GET", "/api/v1/projects", "/api/v1/projects"},
    {"POST", "/api/v1/projects", "/api/v1/projects", R"({"name":"p"})"},
    {"GET", "/api/v1/projects/{id}", "/api/v1/projects/@project"},
    {"PATCH", "/api/v1/projects/{id}", "/api/v1/projects/@project", R"({"description":"d"})"},
    {"DELETE", "/api/v1/projects/{id}", "/api/v1/projects/@project"},
    {"POST", "/api/v1/projects/{id}/restore", "/api/v1/projects/@trashed_project/restore"},
    {"GET", "/api/v1/areas", "/api/v1/areas"},
    {"POST", "/api/v1/areas", "/api/v1/areas", R"({"name":"a"})"},
    {"GET", "/api/v1/areas/{id}", "/api/v1/areas/@area"},
    {"PATCH", "/api/v1/areas/{id}", "/api/v1/areas/@area", R"({"description":"d"})"},
    {"DELETE", "/api/v1/areas/{id}", "/api/v1/areas/@area"},
    {"POST", "/api/v1/areas/{id}/restore", "/api/v1/areas/@trashed_area/restore"},
    {"GET", "/api/v1/labels", "/api/v1/labels"},
    {"POST", "/api/v1/labels", "/api/v1/labels", R"({"name":"matrix"})"},
    {"GET", "/api/v1/labels/{id}", "/api/v1/labels/@label"},
    {"PATCH", "/api/v1/labels/{id}", "/api/v1/labels/@label", R"({"color":"#112233"})"},
    {"DELETE", "/api/v1/labels/{id}", "/api/v1/labels/@label"},
    {"POST", "/api/v1/labels/{id}/restore", "/api/v1/labels/@trashed_label/restore"},
    {"GET", "/api/v1/workflows", "/api/v1/workflows"},
    {"POST",
     "/api/v1/workflows",
     "/api/v1/workflows",
     R"({"name":"w","projectId":"@project","statuses":[{"name":"Open"},{"name":"Shut","isClosed":true}]})"},
    {"GET", "/api/v1/workflows/{id}", "/api/v1/workflows/@workflow"},
    {"PATCH", "/api/v1/workflows/{id}", "/api/v1/workflows/@workflow", R"({"name":"v"})"},
    {"DELETE", "/api/v1/workflows/{id}", "/api/v1/workflows/@workflow"},
    {"POST", "/api/v1/workflows/{id}/restore", "/api/v1/workflows/@trashed_workflow/restore"},
    {"GET", "/api/v1/workflows/{id}/statuses", "/api/v1/workflows/@workflow/statuses"},
    {"POST",
     "/api/v1/workflows/{id}/statuses",
     "/api/v1/workflows/@workflow/statuses",
     R"({"name":"new one"})"},
    {"PATCH",
     "/api/v1/workflows/{id}/statuses/{statusId}",
     "/api/v1/workflows/@workflow/statuses/@loose_status",
     R"({"color":"#112233"})"},
    {"DELETE",
     "/api/v1/workflows/{id}/statuses/{statusId}",
     "/api/v1/workflows/@workflow/statuses/@loose_status"},
    {"GET", "/api/v1/views", "/api/v1/views"},
    {"POST", "/api/v1/views", "/api/v1/views", R"({"name":"v"})"},
    {"GET", "/api/v1/views/{id}", "/api/v1/views/@view"},
    {"PATCH", "/api/v1/views/{id}", "/api/v1/views/@view", R"({"query":"is:open"})"},
    {"DELETE", "/api/v1/views/{id}", "/api/v1/views/@view"},
    {"POST", "/api/v1/views/{id}/restore", "/api/v1/views/@trashed_view/restore"},

    {"GET", "/api/v1/audit-logs", "/api/v1/audit-logs"},
    {"POST", "/api/v1/audit-logs/{changeId}/undo", "/api/v1/audit-logs/@change/undo"},
    {"GET", "/api/v1/trash", "/api/v1/trash"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/label/@trashed_label"},
    {"GET", "/api/v1/search", "/api/v1/search?q=some"},
    {"GET", "/api/v1/stats", "/api/v1/stats"},
    {"GET", "/api/v1/insights", "/api/v1/insights"},
    {"GET", "/api/v1/sync", "/api/v1/sync?since=0"},
    {"GET", "/api/v1/sync/snapshot", "/api/v1/sync/snapshot"},
    {"GET", "/api/v1/events", "/api/v1/events"},
    {"GET", "/api/v1/export", "/api/v1/export?format=json"},
    {"GET", "/api/v1/import", "/api/v1/import"},
    {"POST", "/api/v1/import", "/api/v1/import?format=csv", "title\nmatrix", true},
    {"GET", "/api/v1/admin/backups", "/api/v1/admin/backups"},
    {"POST", "/api/v1/admin/backups", "/api/v1/admin/backups", "{}"},
    {"GET", "/api/v1/admin/database", "/api/v1/admin/database"},
    {"GET", "/api/v1/admin/statements", "/api/v1/admin/statements"},
    {"GET", "/api/v1/admin/system", "/api/v1/admin/system"},
    {"GET", "/api/v1/admin/studio/tables", "/api/v1/admin/studio/tables"},
    {"GET", "/api/v1/admin/studio/tables/{table}/rows", "/api/v1/admin/studio/tables/labels/rows"},
    {"GET",
     "/api/v1/admin/studio/tables/{table}/export",
     "/api/v1/admin/studio/tables/labels/export?format=csv"},
    {"GET",
     "/api/v1/admin/studio/tables/{table}/columns/{column}",
     "/api/v1/admin/studio/tables/labels/columns/name"},
    {"POST",
     "/api/v1/admin/studio/changes",
     "/api/v1/admin/studio/changes",
     R"({"changes":[{"action":"insert","table":"areas","values":{"name":"by table"}}]})"},
    {"POST", "/api/v1/admin/studio/sql", "/api/v1/admin/studio/sql", R"({"sql":"select 1"})"},
    {"POST", "/api/v1/admin/studio/explain", "/api/v1/admin/studio/explain", R"({"sql":"select 1"})"},
    {"GET", "/api/openapi.json", "/api/openapi.json"},
    {"GET", "/api/docs", "/api/docs"},
    {"GET", "/api/docs.css", "/api/docs.css"},

    // The same routes, with ids in other places.
    {"POST",
     "/api/v1/issues/bulk",
     "/api/v1/issues/bulk",
     R"({"issueIds":["@issue","@other"],"patch":{"projectId":"@project","areaId":"@area","addLabelIds":["@label"]}})"},
    {"POST",
     "/api/v1/issues/bulk",
     "/api/v1/issues/bulk",
     R"({"issueIds":["@issue"],"patch":{"statusId":"@near_status","parentIssueId":"@other"}})"},
    {"POST",
     "/api/v1/issues/bulk",
     "/api/v1/issues/bulk",
     R"({"issueIds":["@other","@issue"],"action":"DELETE"})"},
    {"POST",
     "/api/v1/issues/bulk",
     "/api/v1/issues/bulk",
     R"({"issueIds":["@trashed_issue"],"action":"RESTORE"})"},
    {"PATCH", "/api/v1/issues/{id}", "/api/v1/issues/@issue", R"({"addLabelIds":["@label"]})"},
    {"POST",
     "/api/v1/issues/{id}/relations",
     "/api/v1/issues/@other/relations",
     R"({"targetId":"@loner","relationType":"BLOCKED_BY"})"},
    {"POST",
     "/api/v1/issues/{id}/relations",
     "/api/v1/issues/@other/relations",
     R"({"targetId":"@loner","relationType":"DUPLICATES"})"},
    {"PATCH", "/api/v1/workflows/{id}", "/api/v1/workflows/@workflow", R"({"projectId":"@project"})"},
    {"PATCH",
     "/api/v1/workflows/{id}",
     "/api/v1/workflows/@workflow",
     R"({"transitions":[{"from":"@status","to":["@loose_status"]}]})"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/issue/@trashed_issue"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/project/@trashed_project"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/area/@trashed_area"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/workflow/@trashed_workflow"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/saved_view/@trashed_view"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/comment/@trashed_comment"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/attachment/@trashed_attachment"},
    {"POST",
     "/api/v1/issues/{id}/attachments/{attachmentId}/restore",
     "/api/v1/issues/@issue/attachments/@trashed_attachment/restore"},
};

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";

// The names behind "@" in a text, each once.
void add_names(std::string_view text, std::vector<std::string>& names) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::size_t end = std::min(text.find_first_not_of(letters, at + 1), text.size());
    const std::string name(text.substr(at + 1, end - at - 1));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

}  // namespace

std::span<const RouteEntry> route_entries() { return all_entries; }

const RouteEntry* entry_of(const http::Route& route) {
  const auto found =
      std::find_if(std::begin(all_entries), std::end(all_entries), [&](const RouteEntry& entry) {
        return entry.method == name_of(route.method) && entry.path == route.path;
      });
  return found == std::end(all_entries) ? nullptr : found;
}

std::vector<std::string> names_in(const RouteEntry& entry) {
  std::vector<std::string> names;
  add_names(entry.target, names);
  add_names(entry.body, names);
  return names;
}

bool is_in_path(const RouteEntry& entry, const std::string& name) {
  std::vector<std::string> names;
  add_names(entry.target.substr(0, entry.target.find('?')), names);
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string filled(std::string_view text, const std::function<std::string(const std::string& name)>& id_of) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('@');
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_not_of(letters, at + 1), text.size());
    out += id_of(std::string(text.substr(at + 1, end - at - 1)));
    text.remove_prefix(end);
  }
  return out;
}

std::string missing_id(const std::string& name) {
  return name == "change" ? "999999999" : "0199c1f2-dead-7000-8000-00000000beef";
}

}  // namespace dits::test
