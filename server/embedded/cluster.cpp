#include "server/embedded/cluster.hpp"

#include <algorithm>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "server/base/log.hpp"
#include "server/db/connection.hpp"
#include "server/embedded/ballast.hpp"

namespace dits::embedded {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto longest_recovery = 120s;
constexpr auto longest_standstill = 8s;  // longer than PostgreSQL gives sessions to end after a crash
constexpr auto longest_connect = 30s;    // a machine that has just come up has much to do
constexpr auto quick_look = 10ms;        // while something is about to happen
constexpr auto calm_look = 1000ms;       // SIGCHLD wakes us earlier
constexpr auto files_look = 60s;

std::int64_t ms_since(SteadyClock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start).count();
}

Error upgrade_needed(const std::string& data_dir, const FoundCluster& old, int version) {
  Error error = unavailable("The database in " + data_dir + " was made by PostgreSQL " +
                            std::to_string(old.version) + ". The next start of the server upgrades it to " +
                            std::to_string(version) + "; dits db upgrade --check tells what that takes.");
  error.kind = "upgrade_needed";
  return error;
}

// A mistyped directory is not the place of a new, empty database.
Result<void> need_cluster(const std::string& data_dir) {
  const ClustersHere here = TRY(clusters_in(data_dir));
  if (!here.clusters.empty() || !here.kept.empty()) return {};
  Error error =
      not_found("There is no database in " + data_dir +
                ": is --data-dir (DITS_DATA_DIR) right? A new one is made by the first start of the "
                "server, dits user add, dits import and dits restore.");
  error.kind = "nothing_there";
  return error;
}

}  // namespace

Result<std::unique_ptr<Cluster>> Cluster::start(const ClusterOptions& options) {
  TRY(prepare_data_dir(options.data_dir));
  return start_locked(
      options, TRY(InstanceLock::take(options.data_dir, InstanceKind::server, 30s)), InstanceKind::server);
}

Result<std::unique_ptr<Cluster>> Cluster::open_for_command(const ClusterOptions& options) {
  if (!options.may_be_made) TRY(need_cluster(options.data_dir));
  TRY(prepare_data_dir(options.data_dir));
  Result<InstanceLock> lock = InstanceLock::take(options.data_dir, InstanceKind::command, 30s);
  if (lock) return start_locked(options, std::move(lock).value(), InstanceKind::command);
  if (lock.error().kind != "server_is_running") return std::move(lock).error();
  auto cluster = std::unique_ptr<Cluster>(
      new Cluster(options, TRY(find_cluster_files(options.data_dir, options.pg_bindir))));
  TRY(cluster->open_directory());
  TRY(cluster->wait_until_ready(10s));
  return cluster;
}

Result<std::unique_ptr<Cluster>> Cluster::start_locked(const ClusterOptions& options,
                                                       InstanceLock lock,
                                                       InstanceKind kind) {
  TRY(clear_killed_upgrade(options.data_dir));
  const std::string path = TRY(bring_cluster_over(options, lock));
  TRY(lock.tell(kind));
  const Programs programs = TRY(prepare_programs(options.data_dir, options.pg_bindir));
  ClusterFiles files = TRY(prepare_cluster_files(options.data_dir, programs, path));
  std::unique_ptr<Cluster> cluster = TRY(start_files(options, std::move(files)));
  cluster->lock_ = std::move(lock);
  return cluster;
}

// The path of the cluster to use: one of an earlier version is upgraded first. Where that can't be, nothing
// is made or unpacked.
Result<std::string> Cluster::bring_cluster_over(const ClusterOptions& options, const InstanceLock& lock) {
  const int version = TRY(version_of_programs(options.pg_bindir));
  Result<ClusterChoice> choice = choose_cluster(options.data_dir, version);
  if (!choice && choice.error().kind == "clusters_in_doubt" && options.upgrade) {
    if (TRY(set_empty_ones_aside(options))) choice = choose_cluster(options.data_dir, version);
  }
  if (!choice) return std::move(choice).error();
  if (choice->current) return choice->current->path;
  if (!choice->older) return cluster_path(options.data_dir, version);
  if (!options.upgrade) return upgrade_needed(options.data_dir, *choice->older, version);
  TRY(find_old_programs(options.data_dir, options.old_pg_bindir, choice->older->version));
  const Programs programs = TRY(prepare_programs(options.data_dir, options.pg_bindir));
  TRY(lock.tell(InstanceKind::upgrade));
  TRY(options.upgrade(*choice->older, programs));
  return path_of_current(options.data_dir, version);
}

// Of several clusters those that provably hold no account, while exactly one is left that may. True when that
// settled it. What can't be read may hold accounts.
Result<bool> Cluster::set_empty_ones_aside(const ClusterOptions& options) {
  const ClustersHere here = TRY(clusters_in(options.data_dir));
  if (here.clusters.size() < 2) return false;
  const Programs programs = TRY(prepare_programs(options.data_dir, options.pg_bindir));
  std::vector<FoundCluster> empty;
  for (const FoundCluster& one : here.clusters) {
    const Result<bool> full = has_accounts(options, programs, one);
    if (full && !*full) empty.push_back(one);
  }
  if (empty.empty() || empty.size() + 1 != here.clusters.size()) return false;
  for (const FoundCluster& one : empty) {
    log::warn("a database without accounts lay beside another one", {{"path", one.path}});
    TRY(set_aside(options.data_dir, one, KeptFor::empty));
  }
  return true;
}

Result<bool> Cluster::has_accounts(const ClusterOptions& options,
                                   const Programs& programs,
                                   const FoundCluster& found) {
  ClusterFiles files;
  if (found.version == programs.version) {
    files = TRY(prepare_cluster_files(options.data_dir, programs, found.path));
  } else {
    const Programs old = TRY(find_old_programs(options.data_dir, options.old_pg_bindir, found.version));
    files = TRY(old_cluster_files(options.data_dir, old, found.path, programs));
  }
  const std::unique_ptr<Cluster> cluster = TRY(start_files(options, std::move(files)));
  ConnectionOptions connection;
  connection.url = cluster->url(owner_role);
  connection.connect_timeout = longest_connect;
  const auto owner = TRY(Connection::open(connection));
  if (!TRY(owner->run_once("SELECT to_regclass('public.users') IS NOT NULL"))[0].boolean(0)) return false;
  return TRY(owner->run_once("SELECT EXISTS (SELECT FROM public.users)"))[0].boolean(0);
}

Result<std::unique_ptr<Cluster>> Cluster::start_files(const ClusterOptions& options, ClusterFiles files) {
  const auto start = SteadyClock::now();
  auto cluster = std::unique_ptr<Cluster>(new Cluster(options, std::move(files)));
  cluster->is_joined_ = false;
  cluster->options_.upgrade = {};
  TRY(cluster->open_directory());
  TRY(clear_earlier_run(cluster->files_.cluster_dir));
  let_go_of_ballast_for_start(options.data_dir);
  TRY(cluster->launch());
  TRY(cluster->wait_until_ready(longest_recovery));
  TRY(cluster->make_database());
  take_ballast(options.data_dir);
  log::info("database started",
            {{"ms", ms_since(start)},
             {"version", cluster->files_.version},
             {"process", cluster->postmaster_->process()}});
  return cluster;
}

Result<void> Cluster::open_directory() {
  directory_ = FileDescriptor(::open(files_.cluster_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory_.is_open()) return system_error("cannot open " + files_.cluster_dir);
  return {};
}

PostmasterOptions Cluster::postmaster_options() const {
  return {files_.program_dir + "/postgres",
          files_.cluster_dir,
          files_.user,
          files_.is_named_by_path,
          options_.max_connections,
          options_.more_settings};
}

Result<void> Cluster::launch() {
  postmaster_ = TRY(Postmaster::start(postmaster_options()));
  return {};
}

// A PostgreSQL that lives and will never serve again is ended, so that it is started anew.
void Cluster::end_when_it_stands_still() {
  const auto now = SteadyClock::now();
  if (postmaster_->recovers_or_serves()) return still_since_.reset();
  if (!still_since_) still_since_ = now;
  if (now - *still_since_ < longest_standstill) return;
  still_since_ = now;
  ConnectionOptions options;
  options.url = url(owner_role);
  if (Connection::open(options)) return;
  log::error("database stands still and is ended", {{"reason", last_complaint(files_.cluster_dir)}});
  postmaster_->end_at_once();
}

Result<void> Cluster::wait_until_ready(std::chrono::milliseconds at_most) {
  const auto start = SteadyClock::now();
  auto told = start;
  while (!is_ready(files_.cluster_dir)) {
    if (postmaster_ && postmaster_->ended()) {
      return unavailable("PostgreSQL did not start: " + last_complaint(files_.cluster_dir) + " (see " +
                         log_path(files_.cluster_dir) + ")");
    }
    if (SteadyClock::now() - start > at_most)
      return unavailable("PostgreSQL is not ready after " + std::to_string(at_most.count() / 1000) + " s.");
    if (SteadyClock::now() - told > 5s) {
      told = SteadyClock::now();
      if (postmaster_) end_when_it_stands_still();
      log::info("database is recovering", {{"seconds", ms_since(start) / 1000}});
    }
    std::this_thread::sleep_for(1ms);
  }
  return {};
}

Result<std::unique_ptr<Connection>> connect_patiently(const ConnectionOptions& options) {
  const auto deadline = SteadyClock::now() + longest_connect;
  while (true) {
    auto connection = Connection::open(options);
    const bool is_full =
        !connection && connection.error().message.find("No space left on device") != std::string::npos;
    if (!is_full || SteadyClock::now() > deadline) return connection;
    std::this_thread::sleep_for(50ms);
  }
}

// A new cluster has the database "postgres", which becomes ours: renaming is quicker than making one.
Result<void> Cluster::make_database() {
  ConnectionOptions options;
  options.url = url(owner_role);
  options.connect_timeout = longest_connect;
  const auto existing = connect_patiently(options);
  if (existing) return {};
  if (existing.error().message.find("does not exist") == std::string::npos) return existing.error();
  options.url = url(owner_role, "template1");
  const auto maintenance = TRY(Connection::open(options));
  return maintenance->run_script("ALTER DATABASE postgres RENAME TO " + std::string(database_name));
}

Cluster::~Cluster() { stop(4s); }

void Cluster::stop(std::chrono::milliseconds at_most) {
  if (postmaster_) postmaster_->stop(at_most);
  postmaster_.reset();
}

Secret Cluster::url(std::string_view role, std::string_view database) const {
  return Secret("host=/proc/self/fd/" + std::to_string(directory_.get()) +
                " port=5432 user=" + std::string(role) + " dbname=" + std::string(database));
}

Program Cluster::tool(std::string_view name, std::vector<std::string> arguments) const {
  Program program{files_.tool_dir + "/" + std::string(name), std::move(arguments), {}};
  program.environment = {"PATH=/usr/bin:/bin",
                         "LC_ALL=C.UTF-8",
                         "PGHOST=/proc/self/fd/" + std::to_string(directory_.get()),
                         "PGPORT=5432",
                         "PGUSER=" + std::string(owner_role),
                         "PGDATABASE=" + std::string(database_name)};
  program.kept_files = {directory_.get()};
  program.parent_death_signal = SIGKILL;
  return program;
}

std::chrono::milliseconds Cluster::watch() {
  if (is_joined_) return calm_look;
  const auto now = SteadyClock::now();
  if (postmaster_) {
    const auto code = postmaster_->ended();
    if (!code) {
      end_when_it_stands_still();
      take_ballast(options_.data_dir);  // soon: a disk that had room again may fill again
      if (now - files_looked_at_ > files_look) {
        limit_log(files_.cluster_dir);
        files_looked_at_ = now;
      }
      if (is_announced_) return calm_look;
      if (!is_ready(files_.cluster_dir)) return quick_look;
      log::info("database restarted", {{"away_ms", ms_since(ended_at_)}});
      is_announced_ = true;
      failed_starts_ = 0;
      return calm_look;
    }
    log::error("database ended", {{"code", *code}, {"reason", last_complaint(files_.cluster_dir)}});
    postmaster_.reset();
    still_since_.reset();
    let_go_of_ballast_for_start(options_.data_dir);
    if (is_announced_) ended_at_ = now;
    // The first time at once; when it ends again before it was ready, more and more slowly.
    restart_at_ = now + std::min<std::chrono::milliseconds>(5s, 200ms * failed_starts_);
    is_announced_ = false;
    ++failed_starts_;
  }
  if (now < restart_at_)
    return std::max<std::chrono::milliseconds>(
        quick_look, std::chrono::duration_cast<std::chrono::milliseconds>(restart_at_ - now));
  const std::vector<pid_t> left_over = left_over_processes(files_.cluster_dir);
  if (!left_over.empty()) {
    hurry_left_overs(left_over, ms_since(ended_at_));
    return quick_look;
  }
  remove_stale_files(files_.cluster_dir);
  if (const Result<void> launched = launch(); !launched) {
    log::error("database can't be restarted", {{"reason", launched.error().message}});
    restart_at_ = now + 5s;
  }
  return quick_look;
}

}  // namespace dits::embedded
