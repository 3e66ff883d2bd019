// What lies in the trash, of every kind.
#pragma once

#include <cstdint>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/audit.hpp"

namespace dits::store {

struct TrashItem {
  EntityType type = EntityType::issue;
  Uuid id;
};

// What was deleted before a moment, at most `limit`; issues first, projects last.
Result<std::vector<TrashItem>> list_expired_trash(Reader reader,
                                                  UserId user_id,
                                                  Timestamp deleted_before,
                                                  std::int64_t limit);

}  // namespace dits::store
