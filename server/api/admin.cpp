// The resource /admin: what concerns the instance, not an account.
#include "server/api/admin.hpp"

#include "server/api/handlers.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/system_json.hpp"

namespace dits {

static Result<http::Response> get_database(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(dump(TRY(database_info(admin))));
}

static Result<http::Response> get_statements(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(dump(statement_figures(admin)));
}

static Result<http::Response> get_system(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({"since"}));
  Timestamp since;
  if (const auto text = request.query("since")) {
    const Result<Timestamp> time = parse_timestamp(*text);
    if (!time) return invalid("since", "Must be a time such as 2026-02-01T13:45:07Z");
    since = *time;
  }
  return http::Response::ok(system_overview_text(TRY(admin.system(since))));
}

std::vector<http::Route> admin_routes(AdminContext& admin) {
  using http::Method;
  using http::Who;
  using AdminHandler = Result<http::Response> (*)(AdminContext&, const http::Request&);
  const auto with = [&admin](AdminHandler handler) {
    return [&admin, handler](const http::Request& request) { return handler(admin, request); };
  };
  return {
      {Method::get,
       paths::admin_database,
       Who::admin,
       Scope::admin,
       with(get_database),
       {"PostgreSQL, the database and the pool of connections", {}, "DatabaseInfo"}},
      {Method::get,
       paths::admin_statements,
       Who::admin,
       Scope::admin,
       with(get_statements),
       {"SQL statements since the start, the most expensive first", {}, "StatementFiguresPage"}},
      {Method::get,
       paths::admin_system,
       Who::admin,
       Scope::admin,
       with(get_system),
       {"Samples of the server's figures, later than a time; parts, instances, alerts, slow statements",
        {},
        "SystemOverview",
        "since"}},
  };
}

}  // namespace dits
