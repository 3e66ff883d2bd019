// The resource /admin/backups.
#include "server/service/backups.hpp"

#include "server/api/handlers.hpp"
#include "server/api/records.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/backup_json.hpp"

namespace dits {

static Result<std::string> overview_text(ServiceContext& context, const Viewer& viewer) {
  return dump(backup_overview_to_json(TRY(backup_overview(context, viewer))));
}

static Result<http::Response> get_backups(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(TRY(overview_text(context, request.viewer)));
}

static Result<http::Response> post_backup(ServiceContext& context, const http::Request& request) {
  TRY(start_backup(context, request.viewer));
  http::Response response = http::Response::ok(TRY(overview_text(context, request.viewer)));
  response.status = 202;
  return response;
}

std::vector<http::Route> backup_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  http::Limits heavy;
  heavy.is_heavy = true;
  return {
      {Method::get,
       paths::admin_backups,
       Who::admin,
       Scope::admin,
       bound(context, get_backups),
       {"The backups, newest first, and how the last ones went", {}, "BackupOverview"}},
      {Method::post,
       paths::admin_backups,
       Who::admin,
       Scope::admin,
       bound(context, post_backup),
       {"Begins a backup; the list tells when it is done", {}, "BackupOverview"},
       heavy},
  };
}

}  // namespace dits
