#include "server/app_commit_marks.hpp"

#include <algorithm>
#include <charconv>

namespace dits {

namespace {

class SharedCommitMarks : public CommitMarks {
 public:
  SharedCommitMarks(const RedisPool& redis, KeyValue& key_value) : redis_(redis), key_value_(key_value) {}

  void note(UserId user_id, LogPosition position) override {
    local_->note(user_id, position);
    key_value_.advance(key_of(user_id), static_cast<std::int64_t>(position), commit_mark_life);
  }

  std::optional<LogPosition> last(UserId user_id) override {
    const std::optional<std::string> shared = key_value_.get(key_of(user_id));
    if (redis_.figures().is_away) return std::nullopt;
    const LogPosition own = local_->last(user_id).value_or(0);
    return std::max(own, shared ? position_in(*shared) : 0);
  }

  bool is_shared() const override { return true; }

 private:
  // What can't be read is farther than any replica.
  static LogPosition position_in(const std::string& text) {
    LogPosition position = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, position);
    return read.ec == std::errc{} && read.ptr == end ? position : unknown_log_position;
  }
  static std::string key_of(UserId user_id) { return "user:" + to_string(user_id) + ":commit"; }

  const RedisPool& redis_;
  KeyValue& key_value_;
  std::unique_ptr<CommitMarks> local_ = make_local_commit_marks();
};

}  // namespace

std::unique_ptr<CommitMarks> make_shared_commit_marks(const RedisPool& redis, KeyValue& key_value) {
  return std::make_unique<SharedCommitMarks>(redis, key_value);
}

}  // namespace dits
