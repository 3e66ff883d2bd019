// What is read across all nouns: the audit log and undo, sync and events, search, statistics, the trash.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

// GET /audit-logs, POST /audit-logs/{changeId}/undo, GET and DELETE /trash.
std::vector<http::Route> history_routes(ServiceContext& context);
// GET /sync and GET /events.
std::vector<http::Route> transfer_routes(ServiceContext& context);  // export, import
std::vector<http::Route> sync_routes(ServiceContext& context);
// GET /search and GET /stats.
std::vector<http::Route> figure_routes(ServiceContext& context);
// GET /insights.
std::vector<http::Route> insight_routes(ServiceContext& context);

// GET and POST /admin/backups.
std::vector<http::Route> backup_routes(ServiceContext& context);

}  // namespace dits
