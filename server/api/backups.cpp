// The resource /admin/backups.
#include "server/service/backups.hpp"

#include "server/api/handlers.hpp"
#include "server/api/records.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/writer.hpp"

namespace dits {

static Json item_to_json(const BackupItem& item) {
  ObjectValue out;
  out.put("file", item.file);
  out.put("bytes", item.bytes);
  out.put("writtenAt", item.written_at);
  out.put("isEncrypted", item.is_encrypted);
  out.put("isVerified", item.is_verified);
  out.put("issues", item.issues);
  out.put("attachments", item.attachments);
  return out.take();
}

static Json try_to_json(const BackupTry& one) {
  ObjectValue out;
  out.put("beganAt", one.began_at);
  out.put("tookMs", one.took_ms);
  out.put("file", one.file);
  out.put("problem", one.problem);
  return out.take();
}

static std::string overview_text(const BackupOverview& overview) {
  ObjectValue out;
  out.put("directory", overview.directory);
  out.put("schedule", overview.schedule);
  out.put("keepDays", std::int64_t{overview.keep_days});
  out.put("isEncrypted", overview.is_encrypted);
  out.put("isRunning", overview.is_running);
  out.put("nextDueAt", overview.next_due_at);
  out.put("lastProblem", overview.last_problem);
  Json json = out.take();
  json["items"] = Json::array();
  for (const BackupItem& item : overview.items) json["items"].push_back(item_to_json(item));
  json["history"] = Json::array();
  for (const BackupTry& one : overview.history) json["history"].push_back(try_to_json(one));
  return dump(json);
}

static Result<http::Response> get_backups(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(overview_text(TRY(backup_overview(context, request.viewer))));
}

static Result<http::Response> post_backup(ServiceContext& context, const http::Request& request) {
  TRY(start_backup(context, request.viewer));
  http::Response response = http::Response::ok(overview_text(TRY(backup_overview(context, request.viewer))));
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
