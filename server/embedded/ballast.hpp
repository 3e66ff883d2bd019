// Room that is set aside for PostgreSQL: a file without meaning in the data directory. On a full disk it can
// neither begin the next segment of its log nor start again; what is let go here is enough for both.
#pragma once

#include <cstdint>
#include <string>

namespace dits::embedded {

inline constexpr std::int64_t ballast_bytes = std::int64_t{32} * 1024 * 1024;  // two segments

// Gives the room back when the disk is full; true when it did.
bool let_go_of_ballast(const std::string& data_dir);

// Sets the room aside, when there is enough of it and it is not set aside already.
void take_ballast(const std::string& data_dir);

}  // namespace dits::embedded
