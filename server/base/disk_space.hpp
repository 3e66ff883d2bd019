// Is there room to write? How much of a disk stays free, and for what: whoever can wait stops first, so that
// reading, signing in and PostgreSQL's own files outlast a disk that fills.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "shared/core/result.hpp"

namespace dits {

enum class DiskUse {
  bulk,     // files, imports, backups
  write,    // what users write
  urgent,   // what begins and ends access: sign-in, sign-out, revocation
  freeing,  // what takes away, and what brings that back: it alone helps against a full disk
};

// What each of them leaves free. All but the last is more than the ballast (embedded/ballast.hpp): a disk on
// which that was let go is full all the same. The last is room for one more segment of PostgreSQL's log.
struct DiskReserves {
  std::int64_t bulk_bytes = 0;
  std::int64_t write_bytes = 0;
  std::int64_t urgent_bytes = 0;
  std::int64_t freeing_bytes = 0;

  std::int64_t of(DiskUse use) const;
};
DiskReserves disk_reserves(std::int64_t capacity_bytes);
// Of the disk that `path` lies on; those of a large one when that can't be told.
DiskReserves disk_reserves_at(const std::string& path);

// kind "disk_full".
Error disk_full();

// kind "disk_failed": the disk under the database can't be read or written.
Error disk_failed();

// The disk of a directory, which may come later. Thread-safe: many ask, one of them looks, at most every
// quarter of a second.
class DiskSpace {
 public:
  // `give_room` lets go of what was set aside; it is called when what frees has no room left.
  explicit DiskSpace(std::string directory, std::function<void()> give_room = {})
      : directory_(std::move(directory)), give_room_(std::move(give_room)) {}

  // May so many bytes more be written? Errors: unavailable, kind "disk_full".
  Result<void> check(DiskUse use, std::int64_t coming_bytes = 0) const;

 private:
  void look() const;
  bool has_room(DiskUse use, std::int64_t coming_bytes) const;

  std::string directory_;
  std::function<void()> give_room_;
  mutable std::atomic<std::int64_t> looked_at_ms_{-1};  // on the steady clock
  mutable std::atomic<std::int64_t> free_bytes_{-1};    // -1: not known, which refuses nobody
  mutable std::atomic<std::int64_t> capacity_bytes_{0};
};

}  // namespace dits
