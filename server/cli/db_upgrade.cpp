// `dits db upgrade`: the embedded database of an earlier PostgreSQL.
#include <cstdio>

#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/embedded/clusters_here.hpp"
#include "server/embedded/instance_lock.hpp"
#include "server/embedded/programs.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/migrate/upgrade.hpp"

namespace dits::cli {

namespace {

void print_kept(const embedded::ClustersHere& here) {
  for (const embedded::KeptCluster& kept : here.kept) {
    std::printf("kept        %s (PostgreSQL %d) until there is a newer backup, and at least until %s\n",
                kept.path.c_str(),
                kept.version,
                to_string(date_of(embedded::kept_until(kept))).c_str());
  }
}

void print_plan(const UpgradePlan& plan, const Config& config) {
  std::printf("database    %s, PostgreSQL %d, %s\n",
              plan.old.path.c_str(),
              plan.old.version,
              readable_size(plan.old_bytes).c_str());
  std::printf("read with   %s (%s, %s)\n",
              plan.old_programs.directory.c_str(),
              plan.old_programs.full_version.c_str(),
              plan.old_programs.is_of_host ? "of this machine" : "of an earlier dits");
  std::printf("becomes     PostgreSQL %d, %s\n",
              plan.to,
              config.pg_bindir.empty() ? "which this dits carries" : config.pg_bindir.c_str());
  std::printf("disk        about %s needed, %s free\n",
              readable_size(plan.needed_bytes).c_str(),
              readable_size(plan.free_bytes).c_str());
  std::printf("time        about %lld s\n", static_cast<long long>(plan.estimate.count()));
}

// What an upgrade is doing now, or where an earlier one ended.
void print_status(const Config& config) {
  const std::optional<UpgradeStatus> status = upgrade_status_in(config.data_dir);
  if (!status) return;
  const bool is_running = embedded::instance_in(config.data_dir).starts_with("upgrade");
  std::printf("%s %s\n", is_running ? "running now" : "an earlier attempt ended while", status->what.c_str());
}

Result<void> check_as_json(const embedded::ClusterChoice& choice,
                           const embedded::ClustersHere& here,
                           const Config& config,
                           int version) {
  const embedded::FoundCluster& found = choice.older ? *choice.older : *choice.current;
  Json json{{"database", found.path}, {"version", found.version}, {"isDue", choice.older.has_value()}};
  Json kept = Json::array();
  for (const embedded::KeptCluster& one : here.kept) {
    kept.push_back(Json{{"path", one.path},
                        {"version", one.version},
                        {"until", to_string(date_of(embedded::kept_until(one)))}});
  }
  json["kept"] = std::move(kept);
  if (!choice.older) {
    print_json(json);
    return {};
  }
  const UpgradePlan plan = TRY(plan_upgrade(config, *choice.older, version));
  json["to"] = plan.to;
  json["neededBytes"] = plan.needed_bytes;
  json["freeBytes"] = plan.free_bytes;
  json["seconds"] = plan.estimate.count();
  print_json(json);
  return check_space(plan, config.data_dir);
}

// Looks, and changes nothing.
Result<void> check(const CommandLine& line, const Config& config) {
  const int version = TRY(embedded::version_of_programs(config.pg_bindir));
  const embedded::ClustersHere here = TRY(embedded::clusters_in(config.data_dir));
  if (!line.has("--json")) {
    print_kept(here);
    print_status(config);
  }
  const embedded::ClusterChoice choice = TRY(embedded::choose_cluster(config.data_dir, version));
  if (!choice.older && !choice.current) {
    Error error =
        not_found("There is no database in " + config.data_dir + ": is --data-dir (DITS_DATA_DIR) right?");
    error.kind = nothing_there;
    return error;
  }
  if (line.has("--json")) return check_as_json(choice, here, config, version);
  if (!choice.older) {
    std::printf("There is nothing to upgrade: %s is of PostgreSQL %d, as the programs are.\n",
                choice.current->path.c_str(),
                version);
    return {};
  }
  const UpgradePlan plan = TRY(plan_upgrade(config, *choice.older, version));
  print_plan(plan, config);
  TRY(check_space(plan, config.data_dir));
  std::printf(
      "The next start does it, or dits db upgrade now: a backup, a new database from it, every table "
      "compared, then "
      "the switch. The old database is kept.\n");
  return {};
}

}  // namespace

Result<void> db_upgrade(const CommandLine& line, const Config& config) {
  if (!config.is_embedded())
    return invalid(
        "--database-url",
        "The database is not the embedded one: whoever runs its PostgreSQL upgrades it (pg_upgrade, or dits "
        "backup and dits restore into a new one).");
  if (line.has("--check")) return check(line, config);
  {
    const DatabasePlace place = TRY(open_database_place(config, OpenedBy::command));
    if (line.has("--json")) {
      print_json({{"database", config.data_dir}, {"version", place.cluster->version()}, {"isDue", false}});
      return {};
    }
    std::printf("%s is of PostgreSQL %d.\n", config.data_dir.c_str(), place.cluster->version());
  }
  print_kept(TRY(embedded::clusters_in(config.data_dir)));
  return {};
}

}  // namespace dits::cli
