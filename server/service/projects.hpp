// Projects: the rules, the transaction and the audit row of each call.
#pragma once

#include <vector>

#include "server/service/audit.hpp"
#include "shared/model/project.hpp"

namespace dits {

// Live ones.
Result<std::vector<Project>> list_projects(ServiceContext& context, const Viewer& viewer);
// Those in the trash are found too. Errors: not_found.
Result<Project> get_project(ServiceContext& context, const Viewer& viewer, ProjectId id);
// Errors: invalid, conflict ("id_taken").
Result<Project> create_project(ServiceContext& context, const Viewer& viewer, Project draft);
Result<Project> update_project(ServiceContext& context,
                               const Viewer& viewer,
                               ProjectId id,
                               const ProjectPatch& patch);
// Its issues stay, without a project and with a status of the default workflow; the workflows of its own go
// with it. One undo step brings all back.
Result<void> remove_project(ServiceContext& context, const Viewer& viewer, ProjectId id);
Result<Project> restore_project(ServiceContext& context, const Viewer& viewer, ProjectId id);
// For good, and only from the trash.
Result<void> purge_project(ServiceContext& context, const Viewer& viewer, ProjectId id);

// Within a transaction.
Result<Project> create_entity(AuditedTransaction& work, Project draft);
Result<Project> change_entity(AuditedTransaction& work, const Project& before, Project after);
Result<void> trash_entity(AuditedTransaction& work, const Project& before);

}  // namespace dits
