// Projects in the database.
#pragma once

#include <optional>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/project.hpp"

namespace dits::store {

Result<std::vector<Project>> list_projects(Reader reader, UserId user_id, Presence presence = Presence::live);
// Deleted ones are found too.
Result<std::optional<Project>> find_project(Reader reader, UserId user_id, ProjectId id);

// Errors of the writing calls: conflict (unique_violation) when a row has the id.
Result<void> insert_project(Transaction& transaction, UserId user_id, const Project& project);
Result<void> update_project(Transaction& transaction, UserId user_id, const Project& project);
Result<void> purge_project(Transaction& transaction, UserId user_id, ProjectId id);

}  // namespace dits::store
