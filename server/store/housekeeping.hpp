// What the servers' own work on a database goes by: which one it is, and how its time passed. All as
// Actor::of_system.
#pragma once

#include "server/base/clock_witness.hpp"
#include "server/db/database.hpp"

namespace dits::store {

// Errors: not_found, for a database from before there were identities.
Result<Uuid> find_database_identity(Database& database);

// Holds the row until the transaction ends.
Result<ClockWitness> lock_clock_witness(Transaction& transaction);
Result<void> update_clock_witness(Transaction& transaction, const ClockWitness& witness);

}  // namespace dits::store
