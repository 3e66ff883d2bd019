// The part of the App that keeps backups: on the schedule, for the administrator's page, in the metrics.
#include "server/app.hpp"
#include "server/backup/history.hpp"
#include "server/backup/restore.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/identity.hpp"

namespace dits {

namespace {

constexpr std::chrono::milliseconds patience{2000};

// What the administrator's page sees of the keeper.
class KeeperDesk : public BackupDesk {
 public:
  KeeperDesk(const Config& config, BackupKeeper& keeper, BackupOwner owner)
      : config_(config), keeper_(keeper), owner_(std::move(owner)) {}

  BackupOverview overview() override {
    const BackupState state = keeper_.state();
    BackupOverview overview;
    overview.directory = backup_directory(config_);
    overview.schedule = config_.backup_schedule.text();
    overview.keep_days = config_.backup_keep_days;
    overview.is_encrypted = !config_.backup_passphrase.is_empty();
    overview.is_running = state.is_running;
    overview.next_due_at = state.next_due_at;
    overview.last_problem = state.last_problem;
    for (const Backup& one : list_backups(overview.directory)) {
      BackupItem item{
          one.name(), one.bytes, one.written_at, one.is_encrypted, one.is_verified(), 0, 0, false};
      item.is_foreign = !owner_.database.empty() && belonging_of(one, owner_) == Belonging::foreign;
      if (one.manifest) {
        const auto issues = one.manifest->contents.tables.find("issues");
        if (issues != one.manifest->contents.tables.end()) item.issues = issues->second.rows;
        item.attachments = static_cast<std::int64_t>(one.manifest->contents.attachments.size());
      }
      overview.items.push_back(std::move(item));
    }
    overview.history = read_backup_history(overview.directory);
    return overview;
  }
  Result<void> start() override {
    TRY(keeper_.start());
    keeper_.wait(patience);  // a small one is done before the answer goes out
    return {};
  }

 private:
  Config config_;
  BackupKeeper& keeper_;
  const BackupOwner owner_;
};

}  // namespace

// The start was good: what a restore set aside is no longer needed, unless it left no account behind; and
// backups go on.
void App::keep_backups(const Config& config) {
  BackupOwner known;
  if (const auto owner = connect_as_owner(place_)) {
    if (Result<BackupOwner> read = read_backup_owner(**owner)) known = std::move(read).value();
    const auto accounts = list_accounts(**owner);
    const Result<int> dropped =
        accounts && !accounts->empty() ? drop_replaced_schemas(**owner) : Result<int>(0);
    if (!dropped) log::warn("cannot drop what a restore set aside", {{"reason", dropped.error().message}});
    if (dropped && *dropped > 0) log::info("what a restore set aside is dropped", {{"schemas", *dropped}});
  }
  const auto write = [this, config](const std::atomic<bool>& is_stopped) {
    return back_up(place_, config, system_clock(), BackupForm::as_configured, &is_stopped);
  };
  backups_ = std::make_unique<BackupKeeper>(
      BackupKeeper::Options{backup_directory(config), config.backup_schedule, write, known.database},
      system_clock());
  backup_desk_ = std::make_unique<KeeperDesk>(config, *backups_, std::move(known));
  services_.backups = backup_desk_.get();
  metrics_.add_source([this](MetricPage& page) { add_backup_metrics(page); });
}

void App::add_backup_metrics(MetricPage& page) const {
  const BackupState state = backups_->state();
  page.add(Metric::backup_failures, static_cast<double>(state.failures));
  page.add(Metric::backup_last_failed, state.last_problem.empty() ? 0 : 1);
  page.add(Metric::backup_running, state.is_running ? 1 : 0);
  if (!state.last_good_at) return;
  const auto age_ms = system_clock().now().unix_ms - state.last_good_at->unix_ms;
  page.add(Metric::backup_age_seconds, static_cast<double>(age_ms) / 1000);
  page.add(Metric::backup_bytes, static_cast<double>(state.last_bytes));
}

}  // namespace dits
