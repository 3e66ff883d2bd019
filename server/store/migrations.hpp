// Which migrations the database has.
#pragma once

#include <string>
#include <vector>

#include "server/db/database.hpp"

namespace dits::store {

// In the order of their names. As Actor::of_system.
Result<std::vector<std::string>> list_migration_names(Database& database);

}  // namespace dits::store
