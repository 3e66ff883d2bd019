// How far in the primary's log each user's own last commit lies: what a replica must have replayed before
// that user may read from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"

namespace dits {

// A place in the write-ahead log ("16/B374D848" in PostgreSQL's words).
using LogPosition = std::uint64_t;

// Of a commit that lies nobody knows where: behind all others. Stores that keep marks have signed numbers.
inline constexpr LogPosition unknown_log_position = std::numeric_limits<std::int64_t>::max();

// In PostgreSQL's words, and back; none for anything else.
std::optional<LogPosition> parse_log_position(std::string_view text);
std::string to_text(LogPosition position);

// Thread-safe.
class CommitMarks {
 public:
  virtual ~CommitMarks() = default;

  // Called after each commit, before its answer goes out.
  virtual void note(UserId user_id, LogPosition position) = 0;
  // 0: nothing lately. nullopt: nobody can tell, so the primary has to be asked.
  virtual std::optional<LogPosition> last(UserId user_id) = 0;
  // Do the other servers of this database note theirs in the same place?
  virtual bool is_shared() const = 0;
};

// How long a commit is remembered: far longer than a replica that is in use may lag.
inline constexpr std::chrono::minutes commit_mark_life{10};

// In this process: for one instance.
std::unique_ptr<CommitMarks> make_local_commit_marks();

}  // namespace dits
