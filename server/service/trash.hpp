// What was deleted and can still come back.
#pragma once

#include <string>

#include "server/service/audit.hpp"

namespace dits {

// {"issues": […], "projects": […], "areas": […], "labels": […], "workflows": […], "views": […]}, the issues
// (at most 500) last deleted first.
Result<std::string> trash_text(ServiceContext& context, const Viewer& viewer);

// Removes one thing of the trash for good. Errors: not_found, conflict when it is not in the trash.
Result<void> purge(ServiceContext& context, const Viewer& viewer, EntityType type, const Uuid& id);

// Removes for good, with an audit row each, what any user deleted more than 30 days before `now`; how many
// things.
// What cannot go yet (a project that an issue still names) stays for the next time, and so does the rest when
// the server stops (see EventBus::stop). For a background job.
Result<std::int64_t> purge_expired_trash(ServiceContext& context, Timestamp now);

}  // namespace dits
