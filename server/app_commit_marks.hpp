// Commit marks that the instances on one Redis share: a user may write through one and read through another.
#pragma once

#include <memory>

#include "server/cache/key_value.hpp"
#include "server/cache/redis_pool.hpp"
#include "server/db/commit_marks.hpp"

namespace dits {

// Both outlive it. While Redis is away nobody can tell what other instances have written: reads go to the
// primary.
std::unique_ptr<CommitMarks> make_shared_commit_marks(const RedisPool& redis, KeyValue& key_value);

}  // namespace dits
