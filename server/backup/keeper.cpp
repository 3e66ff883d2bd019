#include "server/backup/keeper.hpp"

#include <algorithm>
#include <chrono>

#include "server/backup/history.hpp"
#include "server/base/log.hpp"

namespace dits {

namespace {

constexpr std::int64_t ms_per_minute = 60'000;
constexpr std::int64_t first_one_ms = 60 * ms_per_minute;  // after the start, when there is no backup at all
constexpr std::int64_t calm_start_ms = ms_per_minute;      // a missed one is not the first thing a start does
constexpr std::int64_t after_failure_ms = 30 * ms_per_minute;
constexpr std::int64_t while_busy_ms = ms_per_minute;  // until it is looked what another one has written
constexpr std::chrono::seconds longest_sleep{30};      // a machine that slept wakes up with another time

}  // namespace

BackupKeeper::BackupKeeper(Options options, Clock& clock)
    : options_(std::move(options)), clock_(clock), began_at_(clock.now()) {
  look_at_directory();
  const std::vector<BackupRun> runs = read_backup_history(options_.directory);
  if (!runs.empty() && !runs.back().is_good()) last_problem_ = runs.back().problem;
  thread_ = std::thread([this] { work(); });
}

BackupKeeper::~BackupKeeper() {
  ask_to_stop();
  thread_.join();
}

void BackupKeeper::ask_to_stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  wake_.notify_all();
}

Result<void> BackupKeeper::start() {
  const std::lock_guard lock(mutex_);
  if (is_running_ || is_asked_) return conflict("A backup is being written already.", "backup_is_running");
  is_asked_ = true;
  wake_.notify_all();
  return {};
}

// Under the lock: commands and other servers write there as well, and clocks are set.
void BackupKeeper::look_at_directory() {
  const Timestamp now = clock_.now();
  for (std::optional<Timestamp>* time : {&last_good_at_, &failed_at_, &busy_at_}) {
    if (*time && (*time)->unix_ms > now.unix_ms + ms_per_minute) time->reset();
  }
  began_at_ = std::min(began_at_, now);
  const std::optional<Timestamp> newest =
      newest_backup_at(options_.directory, {now.unix_ms + ms_per_minute}, options_.database);
  if (!newest || (last_good_at_ && *newest <= *last_good_at_)) return;
  const std::vector<Backup> backups = list_backups(options_.directory);
  const auto found = std::ranges::find(backups, *newest, &Backup::written_at);
  last_good_at_ = newest;
  if (found != backups.end()) last_bytes_ = found->bytes;
  if (failed_at_ && *newest < *failed_at_) return;
  failed_at_.reset();
  last_problem_.clear();
}

// Under the lock.
std::optional<Timestamp> BackupKeeper::due_at() const {
  const Timestamp base = last_good_at_.value_or(began_at_);
  std::optional<Timestamp> due = options_.schedule.next_after(base);
  if (!due) return std::nullopt;
  if (!last_good_at_) due->unix_ms = std::min(due->unix_ms, began_at_.unix_ms + first_one_ms);
  due->unix_ms = std::max(due->unix_ms, began_at_.unix_ms + calm_start_ms);
  if (failed_at_) due->unix_ms = std::max(due->unix_ms, failed_at_->unix_ms + after_failure_ms);
  if (busy_at_) due->unix_ms = std::max(due->unix_ms, busy_at_->unix_ms + while_busy_ms);
  return due;
}

BackupState BackupKeeper::state() {
  const std::lock_guard lock(mutex_);
  look_at_directory();
  return {is_running_ || is_asked_, last_good_at_, due_at(), last_problem_, failures_, last_bytes_};
}

void BackupKeeper::work() {
  std::unique_lock lock(mutex_);
  while (!is_stopped_) {
    look_at_directory();
    const auto due = due_at();
    const std::int64_t left = due ? due->unix_ms - clock_.now().unix_ms : longest_sleep.count() * 1000;
    if (!is_asked_ && left > 0) {
      wake_.wait_for(lock,
                     std::min(std::chrono::milliseconds(longest_sleep), std::chrono::milliseconds(left)));
      continue;
    }
    is_asked_ = false;
    is_running_ = true;
    lock.unlock();
    write_one();
    lock.lock();
    is_running_ = false;
    rest_.notify_all();
  }
}

void BackupKeeper::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  rest_.wait_for(lock, at_most, [this] { return !is_running_ && !is_asked_; });
}

void BackupKeeper::write_one() {
  const Result<Backup> written = options_.write(is_stopped_);
  if (is_stopped_) return;
  const std::lock_guard lock(mutex_);
  if (written) {
    last_good_at_ = written->written_at;
    last_bytes_ = written->bytes;
    last_problem_.clear();
    failed_at_.reset();
    busy_at_.reset();
    log::info("backup written", {{"path", written->path}, {"bytes", written->bytes}});
    return;
  }
  if (written.error().kind == "backup_is_running") {
    busy_at_ = clock_.now();
    return log::info("another backup is being written", {{"directory", options_.directory}});
  }
  ++failures_;
  failed_at_ = clock_.now();
  last_problem_ = written.error().message;
  log::error("backup failed",
             {{"reason", last_problem_}, {"next_try_minutes", after_failure_ms / ms_per_minute}});
}

}  // namespace dits
