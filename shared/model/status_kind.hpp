// What a status means: how it is drawn, what counts for Today and Next, and where work on an issue begins.
#pragma once

#include <cstdint>
#include <string_view>

namespace dits {

enum class StatusKind : std::uint8_t { backlog, todo, progress, review, done };

// Told by the name: "In Progress", "Doing", "Active" are worked on, "Review" and "Testing" are looked at.
StatusKind status_kind(std::string_view name, bool is_closed);

// Is work on an issue begun when it has such a status?
constexpr bool is_started(StatusKind kind) {
  return kind == StatusKind::progress || kind == StatusKind::review;
}

}  // namespace dits
