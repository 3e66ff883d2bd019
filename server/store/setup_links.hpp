// One-time links in the database. `token_hash`: SHA-256 of the link's secret, in hex. All run as
// Actor::of_system.
#pragma once

#include <string>

#include "server/db/database.hpp"

namespace dits::store {

Result<void> insert_setup_link(Transaction& transaction,
                               const std::string& token_hash,
                               Timestamp now,
                               Timestamp expires_at);
Result<bool> has_setup_link(Transaction& transaction, const std::string& token_hash, Timestamp now);
// False when there is no such link, or it was used or has ended.
Result<bool> use_setup_link(Transaction& transaction, const std::string& token_hash, Timestamp now);
Result<void> delete_ended_setup_links(Transaction& transaction, Timestamp now);
Result<void> delete_setup_links(Transaction& transaction);

}  // namespace dits::store
