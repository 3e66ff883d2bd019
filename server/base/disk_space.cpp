#include "server/base/disk_space.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include <sys/statvfs.h>

namespace dits {

namespace {

constexpr std::int64_t megabyte = std::int64_t{1024} * 1024;
constexpr std::int64_t look_pause_ms = 250;
constexpr int retry_after_seconds = 60;

struct DiskFigures {
  std::int64_t free_bytes = -1;
  std::int64_t capacity_bytes = std::numeric_limits<std::int64_t>::max();
};

DiskFigures disk_figures(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return {};
  const auto block = static_cast<std::int64_t>(status.f_frsize);
  return {static_cast<std::int64_t>(status.f_bavail) * block,
          static_cast<std::int64_t>(status.f_blocks) * block};
}

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::int64_t DiskReserves::of(DiskUse use) const {
  switch (use) {
    case DiskUse::bulk:
      return bulk_bytes;
    case DiskUse::write:
      return write_bytes;
    case DiskUse::urgent:
      return urgent_bytes;
    case DiskUse::freeing:
      return freeing_bytes;
  }
  return bulk_bytes;
}

DiskReserves disk_reserves(std::int64_t capacity_bytes) {
  return {std::clamp(capacity_bytes / 10, 96 * megabyte, 256 * megabyte),
          64 * megabyte,
          40 * megabyte,
          16 * megabyte};
}

DiskReserves disk_reserves_at(const std::string& path) {
  return disk_reserves(disk_figures(path).capacity_bytes);
}

Error disk_full() {
  Error error = unavailable(
      "The disk of the server is full: nothing can be saved until there is room. What is there can be read "
      "and deleted.",
      retry_after_seconds);
  error.kind = "disk_full";
  return error;
}

Error disk_failed() {
  Error error =
      unavailable("The disk under the database fails: the system's log of that machine (dmesg) says more.",
                  retry_after_seconds);
  error.kind = "disk_failed";
  return error;
}

void DiskSpace::look() const {
  const DiskFigures figures = disk_figures(directory_);
  capacity_bytes_.store(figures.capacity_bytes, std::memory_order_relaxed);
  free_bytes_.store(figures.free_bytes, std::memory_order_relaxed);
}

bool DiskSpace::has_room(DiskUse use, std::int64_t coming_bytes) const {
  const std::int64_t free = free_bytes_.load(std::memory_order_relaxed);
  const std::int64_t reserve = disk_reserves(capacity_bytes_.load(std::memory_order_relaxed)).of(use);
  return free < 0 || free >= reserve + coming_bytes;
}

Result<void> DiskSpace::check(DiskUse use, std::int64_t coming_bytes) const {
  const std::int64_t now = steady_ms();
  std::int64_t looked_at = looked_at_ms_.load(std::memory_order_relaxed);
  const bool must_look = looked_at < 0 || use == DiskUse::freeing;  // which is rare, and must be right
  if ((must_look || now - looked_at >= look_pause_ms) &&
      (looked_at_ms_.compare_exchange_strong(looked_at, now, std::memory_order_relaxed) || must_look))
    look();
  if (has_room(use, coming_bytes)) return {};
  if (use == DiskUse::freeing && give_room_) {
    give_room_();
    look();
    if (has_room(use, coming_bytes)) return {};
  }
  return disk_full();
}

}  // namespace dits
