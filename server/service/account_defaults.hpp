// What a new account begins with.
#pragma once

#include <cstdint>

#include "server/base/clock.hpp"
#include "server/base/viewer.hpp"
#include "server/db/database.hpp"

namespace dits {

// In the transaction that made the user (whose Actor must carry the new user's id): the heads of the user's
// sequences and the Default Workflow with Backlog, To Do, In Progress, In Review and Done, every move
// allowed, with its audit row. Returns its change_id. `viewer` is the new user.
Result<std::int64_t> create_account_defaults(Transaction& transaction, Clock& clock, const Viewer& viewer);

}  // namespace dits
