#include "server/db/commit_marks.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <mutex>
#include <unordered_map>

namespace dits {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t crowd = 10'000;  // users; beyond it, those who wrote long ago are forgotten

class LocalCommitMarks : public CommitMarks {
 public:
  void note(UserId user_id, LogPosition position) override {
    const auto now = SteadyClock::now();
    const std::lock_guard lock(mutex_);
    Mark& mark = marks_[user_id];
    mark = {std::max(mark.position, position), now};
    if (marks_.size() > crowd && now - swept_ > std::chrono::minutes(1)) {
      swept_ = now;
      std::erase_if(marks_, [now](const auto& entry) { return now - entry.second.at > commit_mark_life; });
    }
  }

  std::optional<LogPosition> last(UserId user_id) override {
    const std::lock_guard lock(mutex_);
    const auto found = marks_.find(user_id);
    if (found == marks_.end() || SteadyClock::now() - found->second.at > commit_mark_life) return 0;
    return found->second.position;
  }

  bool is_shared() const override { return false; }

 private:
  struct Mark {
    LogPosition position = 0;
    SteadyClock::time_point at;
  };
  std::mutex mutex_;
  std::unordered_map<UserId, Mark, IdHash> marks_;
  SteadyClock::time_point swept_{};
};

}  // namespace

std::optional<LogPosition> parse_log_position(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  std::uint32_t high = 0;
  std::uint32_t low = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), text.data() + slash, high, 16);
  const auto second = std::from_chars(text.data() + slash + 1, end, low, 16);
  if (first.ec != std::errc{} || first.ptr != text.data() + slash || second.ec != std::errc{} ||
      second.ptr != end)
    return std::nullopt;
  return (static_cast<LogPosition>(high) << 32) | low;
}

std::string to_text(LogPosition position) {
  std::array<char, 20> text{};
  std::snprintf(text.data(),
                text.size(),
                "%X/%X",
                static_cast<unsigned>(position >> 32),
                static_cast<unsigned>(position & 0xFFFFFFFFU));
  return text.data();
}

std::unique_ptr<CommitMarks> make_local_commit_marks() { return std::make_unique<LocalCommitMarks>(); }

}  // namespace dits
