#include "server/api/all_routes.hpp"

#include <utility>

#include "server/api/admin.hpp"
#include "server/api/areas.hpp"
#include "server/api/attachments.hpp"
#include "server/api/auth.hpp"
#include "server/api/issues.hpp"
#include "server/api/labels.hpp"
#include "server/api/openapi.hpp"
#include "server/api/projects.hpp"
#include "server/api/records.hpp"
#include "server/api/saved_views.hpp"
#include "server/api/workflows.hpp"

namespace dits {

static void append(std::vector<http::Route>& all, std::vector<http::Route> routes) {
  for (http::Route& route : routes) all.push_back(std::move(route));
}

std::vector<http::Route> all_routes(ServiceContext& context, AuthContext& auth, AdminContext& admin) {
  std::vector<http::Route> all = auth_routes(auth);
  append(all, issue_routes(context));
  append(all, issue_part_routes(context));
  append(all, attachment_routes(context));
  append(all, project_routes(context));
  append(all, area_routes(context));
  append(all, label_routes(context));
  append(all, workflow_routes(context));
  append(all, saved_view_routes(context));
  append(all, history_routes(context));
  append(all, figure_routes(context));
  append(all, insight_routes(context));
  append(all, sync_routes(context));
  append(all, transfer_routes(context));
  append(all, backup_routes(context));
  append(all, admin_routes(admin));
  append(all, studio_routes(admin));
  append(all, openapi_routes(all));
  return all;
}

}  // namespace dits
