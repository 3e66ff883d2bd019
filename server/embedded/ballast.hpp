// Room that is set aside for PostgreSQL: files without meaning in the data directory. On a full disk it can
// neither begin the next segment of its log nor start again: what is let go here is enough for both. Others
// may take the first of them as soon as it is there; the second one is for a start alone, after which nobody
// would get in to read.
#pragma once

#include <cstdint>
#include <string>

namespace dits::embedded {

inline constexpr std::int64_t ballast_bytes = std::int64_t{32} * 1024 * 1024;  // two segments

inline constexpr std::int64_t start_ballast_bytes =
    std::int64_t{24} * 1024 * 1024;  // a segment, and caches of the catalogs

// Gives the first one back when the disk is full; true when it did.
bool let_go_of_ballast(const std::string& data_dir);

// The same when PostgreSQL starts; both, where one is not enough.
void let_go_of_ballast_for_start(const std::string& data_dir);

// Sets aside what is not set aside already, when there is enough room.
void take_ballast(const std::string& data_dir);

}  // namespace dits::embedded
