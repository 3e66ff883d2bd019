// The resource /admin: what concerns the instance, not an account.
#include "server/api/admin.hpp"

#include "server/api/handlers.hpp"
#include "shared/api/paths.hpp"

namespace dits {

static Result<http::Response> get_database(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(dump(TRY(database_info(admin))));
}

static Result<http::Response> get_statements(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(dump(statement_figures(admin)));
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
  };
}

}  // namespace dits
