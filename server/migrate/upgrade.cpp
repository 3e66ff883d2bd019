#include "server/migrate/upgrade.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "server/base/clock.hpp"
#include "server/base/disk_space.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/embedded/ballast.hpp"
#include "server/embedded/cluster.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/migrate/migrate.hpp"
#include "server/migrate/restore.hpp"

namespace dits {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view status_name = "/upgrade-status";
constexpr std::int64_t beside = 64LL * 1024 * 1024;  // an empty cluster, its log of changes, what is spare
constexpr std::int64_t bytes_per_second =
    8LL * 1024 * 1024;  // of the old cluster, measured on two slow cores
constexpr auto at_least = 5s;
constexpr auto stop_limit = 120s;

// Rows that are not in our schema would stay behind, and with the old cluster they would go.
constexpr std::string_view ask_foreign =
    "SELECT string_agg(what, ', ' ORDER BY what) FROM ("
    "SELECT 'the schema ' || quote_ident(nspname) AS what FROM pg_namespace n WHERE nspname NOT IN "
    "('public', "
    "'information_schema') AND nspname NOT LIKE 'pg\\_%' AND nspname NOT LIKE 'dits\\_replaced\\_%' AND "
    "EXISTS "
    "(SELECT FROM pg_class WHERE relnamespace = n.oid) "
    "UNION ALL SELECT 'the database ' || quote_ident(datname) FROM pg_database WHERE NOT datistemplate AND "
    "datname NOT IN (current_database(), 'postgres') "
    "UNION ALL SELECT 'the extension ' || quote_ident(extname) FROM pg_extension WHERE extname NOT IN "
    "('plpgsql', "
    "'pg_trgm')) foreign_things";

const char* name_of(UpgradeStep step) {
  switch (step) {
    case UpgradeStep::check:
      return "looking at the old database";
    case UpgradeStep::back_up:
      return "writing a backup of it";
    case UpgradeStep::make:
      return "making the new one";
    case UpgradeStep::load:
      return "loading the rows and comparing them";
    case UpgradeStep::put:
      return "putting the new one in its place";
  }
  return "";
}

std::int64_t bytes_on_disk(const std::string& directory, std::string_view without = {}) {
  std::int64_t bytes = 0;
  std::error_code unreadable;
  const fs::recursive_directory_iterator end;
  for (fs::recursive_directory_iterator at(
           directory, fs::directory_options::skip_permission_denied, unreadable);
       at != end;
       at.increment(unreadable)) {
    if (!without.empty() && at->path().filename() == without) {
      at.disable_recursion_pending();
      continue;
    }
    struct stat status {};
    if (::lstat(at->path().c_str(), &status) == 0) bytes += static_cast<std::int64_t>(status.st_blocks) * 512;
  }
  return bytes;
}

std::string megabytes(std::int64_t bytes) { return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MB"; }

std::string status_path(const std::string& data_dir) { return data_dir + std::string(status_name); }

// The value behind "key=" at the beginning of a line.
std::string value_of(const std::string& text, const std::string& key) {
  const std::string head = "\n" + key + "=";
  const std::size_t at = text.find(head);
  if (at == std::string::npos) return {};
  const std::size_t start = at + head.size();
  return text.substr(start, text.find('\n', start) - start);
}

int number_of(const std::string& text) { return std::atoi(text.c_str()); }

Result<DatabasePlace> open_place(const Config& config, embedded::ClusterFiles files) {
  embedded::ClusterOptions options;
  options.data_dir = config.data_dir;
  options.more_settings = {"autovacuum=off"};
  DatabasePlace place;
  place.cluster = TRY(embedded::Cluster::start_files(options, std::move(files)));
  place.owner_url = place.cluster->url(embedded::owner_role);
  return place;
}

// One upgrade under way.
class Upgrade {
 public:
  Upgrade(const Config& config,
          const embedded::FoundCluster& old,
          const embedded::Programs& programs,
          const ShowUpgrade& show)
      : config_(config), old_(old), programs_(programs), show_(show) {
    if (const std::optional<UpgradeStatus> earlier = upgrade_status_in(config.data_dir))
      backup_ = earlier->backup;
  }

  Result<void> run() {
    tell(UpgradeStep::check);
    const UpgradePlan plan = TRY(plan_upgrade(config_, old_, programs_.version));
    TRY(check_space(plan, config_.data_dir));
    log::info("programs of the earlier version",
              {{"path", plan.old_programs.directory}, {"version", plan.old_programs.full_version}});
    if (const std::optional<Backup> backup = TRY(back_up_old(plan))) {
      if (Result<void> done = load_and_put(*backup); !done) {
        std::error_code ignored;
        fs::remove_all(embedded::upgrade_path(config_.data_dir, programs_.version), ignored);
        return done;
      }
      log::info("database upgraded",
                {{"from", old_.version}, {"to", programs_.version}, {"backup", backup->path}});
    } else {
      TRY(embedded::set_aside(config_.data_dir, old_, embedded::KeptFor::empty));
    }
    ::unlink(status_path(config_.data_dir).c_str());
    return {};
  }

 private:
  void tell(UpgradeStep step, int percent = -1) {
    const UpgradeProgress progress{old_.version, programs_.version, step, percent};
    // For those who ask; without it the upgrade goes on.
    static_cast<void>(write_file_atomically(status_path(config_.data_dir),
                                            "\nfrom=" + std::to_string(progress.from) +
                                                "\nto=" + std::to_string(progress.to) +
                                                "\nwhat=" + progress.text() + "\nbackup=" + backup_ + "\n"));
    if (show_) show_(progress);
  }

  // Absent: there is nothing in it, not even a schema, since its first start was killed.
  Result<std::optional<Backup>> back_up_old(const UpgradePlan& plan) {
    embedded::ClusterFiles files =
        TRY(embedded::old_cluster_files(config_.data_dir, plan.old_programs, old_.path, programs_));
    const DatabasePlace place = TRY(open_place(config_, std::move(files)));
    if (TRY(is_bare(place))) {
      place.cluster->stop(stop_limit);
      return std::optional<Backup>();
    }
    TRY(check_contents(place));
    tell(UpgradeStep::back_up);
    Backup backup = TRY(back_up(place, config_, system_clock()));
    place.cluster->stop(stop_limit);
    // Starts that fail one after the other leave one backup, not as many as there were.
    if (backup_ != backup.path) remove_backup(backup_);
    backup_ = backup.path;
    return std::optional<Backup>(std::move(backup));
  }

  static Result<bool> is_bare(const DatabasePlace& place) {
    const auto owner = TRY(connect_as_owner(place));
    return TRY(
               owner->run_once("SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = "
                               "to_regnamespace('public'))"))[0]
        .boolean(0);
  }

  Result<void> check_contents(const DatabasePlace& place) const {
    const auto owner = TRY(connect_as_owner(place));
    const std::vector<Migration> known = TRY(embedded_migrations());
    TRY(migration_state(*owner, known));
    const Rows foreign = TRY(owner->run_once(ask_foreign));
    if (foreign[0].is_null(0)) return {};
    return conflict(
        "The database in " + config_.data_dir +
        " holds what is not of DITS and would not come along: " + std::string(foreign[0].text(0)) +
        ". Nothing was changed. Start the earlier dits, take it out with dits db shell, and start again.");
  }

  Result<void> load_and_put(const Backup& backup) {
    TRY(load(backup));
    tell(UpgradeStep::put);
    return embedded::switch_clusters(config_.data_dir, old_, programs_.version);
  }

  Result<void> load(const Backup& backup) {
    tell(UpgradeStep::make);
    const std::string path = embedded::upgrade_path(config_.data_dir, programs_.version);
    embedded::ClusterFiles files = TRY(embedded::prepare_cluster_files(config_.data_dir, programs_, path));
    const DatabasePlace place = TRY(open_place(config_, std::move(files)));
    tell(UpgradeStep::load, 0);
    SealKeys keys(config_.backup_passphrase);
    const CheckedBackup checked = TRY(check_for_restore(backup.path, keys, true));
    RestoreWishes wishes;
    wishes.needs_attachments = false;  // they stay where they are
    wishes.claims_directory = false;
    int shown = 0;
    wishes.show = [&](std::int64_t done) {
      const auto percent =
          static_cast<int>(done * 100 / std::max<std::int64_t>(1, checked.contents.sql_bytes));
      if (percent == shown || percent < std::min(shown + 5, 100)) return;
      shown = percent;
      tell(UpgradeStep::load, percent);
    };
    TRY(restore(place, config_, checked, keys, wishes));
    place.cluster->stop(stop_limit);
    return {};
  }

  const Config& config_;
  const embedded::FoundCluster old_;
  const embedded::Programs programs_;
  const ShowUpgrade& show_;
  std::string backup_;  // of this attempt; until it is written, of the one before
};

}  // namespace

std::string UpgradeProgress::text() const {
  return name_of(step) + (percent < 0 ? std::string() : ", " + std::to_string(percent) + " %");
}

Result<UpgradePlan> plan_upgrade(const Config& config, const embedded::FoundCluster& old, int to) {
  UpgradePlan plan;
  plan.old = old;
  plan.to = to;
  plan.old_programs = TRY(embedded::find_old_programs(config.data_dir, config.old_pg_bindir, old.version));
  plan.old_bytes = bytes_on_disk(old.path, "pg_wal");
  // The same again, and the backup, which is compressed text without indexes.
  plan.needed_bytes = plan.old_bytes + plan.old_bytes / 2 + beside + embedded::ballast_bytes +
                      embedded::start_ballast_bytes + disk_reserves_at(config.data_dir).bulk_bytes;
  if (!config.backup_passphrase.is_empty()) {
    // Sealed attachments are copies.
    plan.needed_bytes += std::max<std::int64_t>(0,
                                                bytes_on_disk(backup_place(config).attachment_store) -
                                                    bytes_on_disk(backup_place(config).attachments().backup));
  }
  plan.free_bytes = free_disk_bytes(config.data_dir);
  plan.estimate = at_least + std::chrono::seconds(plan.old_bytes / bytes_per_second);
  return plan;
}

Result<void> check_space(const UpgradePlan& plan, const std::string& data_dir) {
  if (plan.free_bytes < 0 || plan.free_bytes >= plan.needed_bytes) return {};
  Error error = unavailable("To bring the database over from PostgreSQL " + std::to_string(plan.old.version) +
                            " to " + std::to_string(plan.to) + " about " + megabytes(plan.needed_bytes) +
                            " are needed on the disk of " + data_dir + ", and " + megabytes(plan.free_bytes) +
                            " are free. Nothing was changed: make room, and start again.");
  error.kind = "disk_full";
  return error;
}

Result<void> upgrade_cluster(const Config& config,
                             const embedded::FoundCluster& old,
                             const embedded::Programs& programs,
                             const ShowUpgrade& show) {
  return Upgrade(config, old, programs, show).run();
}

std::optional<UpgradeStatus> upgrade_status_in(const std::string& data_dir) {
  const Result<std::string> text = read_file(status_path(data_dir));
  if (!text) return std::nullopt;
  return UpgradeStatus{number_of(value_of(*text, "from")),
                       number_of(value_of(*text, "to")),
                       value_of(*text, "what"),
                       value_of(*text, "backup")};
}

}  // namespace dits
