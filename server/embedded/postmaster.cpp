#include "server/embedded/postmaster.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/embedded/subprocess.hpp"

namespace dits::embedded {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr off_t longest_log = 8 * 1024 * 1024;
constexpr std::size_t kept_log = 1024 * 1024;
constexpr auto given_up_after = 3s;  // beyond the time that it was given

// How long the log may grow between two checkpoints: on a small disk it must not be what fills it.
std::int64_t wal_megabytes(const std::string& cluster_dir) {
  constexpr std::int64_t megabyte = std::int64_t{1024} * 1024;
  struct statvfs status {};
  if (::statvfs(cluster_dir.c_str(), &status) != 0) return 512;
  const auto capacity =
      static_cast<std::int64_t>(status.f_blocks) * static_cast<std::int64_t>(status.f_frsize);
  return std::clamp<std::int64_t>(capacity / megabyte / 16, 64, 512);
}

// Small, safe, quiet: one person's data, no network, no parallel workers. Nothing that users type goes to
// PostgreSQL's log.
std::vector<std::string> settings_for(const PostmasterOptions& options) {
  std::vector<std::string> settings = {
      "listen_addresses=",
      "unix_socket_directories=.",
      "unix_socket_permissions=0700",
      "port=5432",
      "max_connections=" + std::to_string(options.max_connections),
      "superuser_reserved_connections=3",
      "shared_buffers=128MB",
      "huge_pages=off",
      "work_mem=8MB",
      "maintenance_work_mem=64MB",
      "effective_cache_size=1GB",
      "jit=off",
      "max_worker_processes=2",
      "max_parallel_workers_per_gather=0",
      "max_parallel_maintenance_workers=0",
      "autovacuum_max_workers=1",
      "random_page_cost=1.1",
      "fsync=on",
      "synchronous_commit=on",
      "full_page_writes=on",
      "wal_level=minimal",
      "max_wal_senders=0",
      "wal_compression=on",
      "max_wal_size=" + std::to_string(wal_megabytes(options.cluster_dir)) + "MB",
      "min_wal_size=32MB",
      "checkpoint_timeout=10min",
      "recovery_init_sync_method=syncfs",
      "max_logical_replication_workers=0",
      "logging_collector=off",
      "log_destination=stderr",
      "log_min_messages=log",
      "log_min_error_statement=panic",
      "log_error_verbosity=terse",
      "log_checkpoints=off",
      "log_autovacuum_min_duration=-1",
      "log_line_prefix=%m [%p] ",
      "log_timezone=UTC",
      "timezone=UTC"};
  if (!has_shared_memory("/dev/shm", options.user)) settings.emplace_back("dynamic_shared_memory_type=mmap");
  settings.insert(settings.end(), options.more_settings.begin(), options.more_settings.end());
  return settings;
}

// However long the log has grown, no more than so much of it is in memory.
Result<std::string> end_of_file(const std::string& path, std::size_t most) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return system_error("cannot read " + path);
  const auto wanted = std::min(static_cast<off_t>(most), status.st_size);
  std::string text(static_cast<std::size_t>(wanted), '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const off_t place = status.st_size - wanted + static_cast<off_t>(length);
    const ssize_t got =
        uninterrupted([&] { return ::pread(file.get(), &text[length], text.size() - length, place); });
    if (got < 0) return system_error("cannot read " + path);
    if (got == 0) break;  // it was cut meanwhile
    length += static_cast<std::size_t>(got);
  }
  text.resize(length);
  return text;
}

std::string line_of(const std::string& text, int wanted) {
  std::size_t start = 0;
  for (int number = 1; number < wanted; ++number) {
    start = text.find('\n', start);
    if (start == std::string::npos) return {};
    ++start;
  }
  return text.substr(start, text.find('\n', start) - start);
}

// The target of a link in /proc; a program that was replaced meanwhile is called "… (deleted)".
bool is_postgres(const fs::path& program) {
  std::string name = program.filename().string();
  constexpr std::string_view replaced = " (deleted)";
  if (name.ends_with(replaced)) name.resize(name.size() - replaced.size());
  return name == "postgres";
}

std::int64_t waited_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace

bool has_shared_memory(const std::string& directory, const ClusterUser& user) {
  if (!user.is_switched) return ::access(directory.c_str(), W_OK | X_OK) == 0;
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  const mode_t needed = status.st_uid == user.uid ? 0300 : status.st_gid == user.gid ? 0030 : 0003;
  return (status.st_mode & needed) == needed;
}

std::vector<pid_t> left_over_processes(const std::string& cluster_dir) {
  std::vector<pid_t> found;
  const Result<std::vector<std::string>> names = names_in("/proc");
  if (!names) log::warn("cannot look for processes of an earlier run", {{"reason", names.error().message}});
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    pid_t process = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (code != std::errc{} || end != name.data() + name.size() || process == ::getpid()) continue;
    std::error_code unreadable;
    const fs::path directory = fs::read_symlink("/proc/" + name + "/cwd", unreadable);
    if (unreadable || directory != cluster_dir) continue;
    // Somebody's shell may stand here, too.
    if (is_postgres(fs::read_symlink("/proc/" + name + "/exe", unreadable)) && !unreadable)
      found.push_back(process);
  }
  return found;
}

void hurry_left_overs(const std::vector<pid_t>& processes, std::int64_t waited_ms) {
  if (waited_ms < 2000) return;
  for (const pid_t process : processes) ::kill(process, waited_ms < 6000 ? SIGQUIT : SIGKILL);
}

Result<void> clear_earlier_run(const std::string& cluster_dir) {
  if (::access((cluster_dir + "/postmaster.pid").c_str(), F_OK) != 0) return {};
  const auto start = std::chrono::steady_clock::now();
  while (true) {
    const std::vector<pid_t> processes = left_over_processes(cluster_dir);
    if (processes.empty()) break;
    const std::int64_t waited = waited_since(start);
    if (waited > 20'000) {
      return unavailable("The process " + std::to_string(processes.front()) +
                         " of an earlier PostgreSQL does not end.");
    }
    hurry_left_overs(processes, waited);
    std::this_thread::sleep_for(10ms);
  }
  remove_stale_files(cluster_dir);
  log::info("earlier run cleared", {{"ms", waited_since(start)}});
  return {};
}

void remove_stale_files(const std::string& cluster_dir) {
  for (const char* name : {"postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"}) {
    ::unlink((cluster_dir + "/" + name).c_str());
  }
}

bool is_ready(const std::string& cluster_dir) {
  const auto text = read_file(cluster_dir + "/postmaster.pid");
  return text && line_of(*text, 8).starts_with("ready");
}

std::string log_path(const std::string& cluster_dir) { return cluster_dir + "/postgresql.log"; }

static std::string_view advice_on(std::string_view complaint) {
  const bool is_short_of_files = complaint.find("insufficient file descriptors") != std::string_view::npos;
  return is_short_of_files ? ": raise the limit of open files (ulimit -n), and start DITS again" : "";
}

std::string last_complaint(const std::string& cluster_dir) {
  const auto text = end_of_file(log_path(cluster_dir), kept_log);
  if (!text) return {};
  for (std::size_t end = text->size(); end > 0;) {
    const std::size_t before = text->rfind('\n', end - 1);
    const std::size_t start = before == std::string::npos ? 0 : before + 1;
    const std::string_view line = std::string_view(*text).substr(start, end - start);
    end = start == 0 ? 0 : start - 1;
    // What callers are told while it is away ("the database system is in recovery mode") is no reason.
    if (line.find("FATAL:  the database system is ") != std::string_view::npos) continue;
    for (const char* mark : {"FATAL:", "PANIC:", "postgres: "}) {
      if (const std::size_t at = line.find(mark); at != std::string_view::npos)
        return std::string(line.substr(at)).append(advice_on(line));
    }
  }
  return {};
}

void limit_log(const std::string& cluster_dir) {
  const std::string path = log_path(cluster_dir);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || status.st_size < longest_log) return;
  const auto text = end_of_file(path, kept_log);
  if (!text) return;
  static_cast<void>(write_file_atomically(path + ".1", *text));
  // PostgreSQL appends, so it goes on at the new end.
  if (::truncate(path.c_str(), 0) != 0) log::warn("cannot cut the database's log", {{"path", path}});
}

Result<Postmaster> Postmaster::start(const PostmasterOptions& options) {
  const FileDescriptor directory(::open(options.cluster_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return system_error("cannot open " + options.cluster_dir);
  const std::string log_file = log_path(options.cluster_dir);
  const FileDescriptor messages(::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!messages.is_open()) return system_error("cannot open " + log_file);
  if (options.user.is_switched && ::fchown(messages.get(), options.user.uid, options.user.gid) != 0) {
    return system_error("cannot change the owner of " + log_file);
  }
  Program program{options.program,
                  {"-D", options.is_named_by_path ? options.cluster_dir : "/proc/self/cwd"},
                  {"PATH=/usr/bin:/bin", "LC_ALL=C"}};
  for (const std::string& setting : settings_for(options)) {
    program.arguments.emplace_back("-c");
    program.arguments.push_back(setting);
  }
  program.user = options.user;
  program.working_directory = directory.get();
  program.standard_output = messages.get();
  program.standard_error = messages.get();
  program.parent_death_signal = SIGINT;  // a fast and orderly shutdown
  program.own_session = true;
  Result<pid_t> process = start_program(program);
  if (!process && options.user.is_switched && process.error().kind.empty()) {
    Error error = process.error();
    error.message += ". PostgreSQL refuses to run as root, so that DITS starts it as the user " +
                     std::to_string(options.user.uid) +
                     "; where root may not do that, start DITS as another user.";
    return error;
  }
  return Postmaster(TRY(std::move(process)));
}

std::optional<int> Postmaster::ended() {
  if (!code_) code_ = ended_program(process_);
  return code_;
}

bool Postmaster::recovers_or_serves() const {
  const std::string process = std::to_string(process_);
  const auto children = read_file("/proc/" + process + "/task/" + process + "/children");
  if (!children) return true;
  std::istringstream list(*children);
  for (std::string child; list >> child;) {
    const auto title = read_file("/proc/" + child + "/cmdline");
    if (!title) continue;  // ended meanwhile
    if (title->starts_with("postgres: startup") || title->starts_with("postgres: walwriter")) return true;
  }
  return false;
}

void Postmaster::end_at_once() {
  ::kill(process_, is_ending_ ? SIGKILL : SIGQUIT);
  is_ending_ = true;
}

void Postmaster::stop(std::chrono::milliseconds at_most) {
  if (ended()) return;
  const auto start = std::chrono::steady_clock::now();
  ::kill(process_, SIGINT);
  bool is_hurried = false;
  while (!ended()) {
    const auto passed = std::chrono::steady_clock::now() - start;
    if (passed > at_most && !is_hurried) {
      log::warn("database stops at once",
                {{"waited_ms", std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()}});
      ::kill(process_, SIGQUIT);
      is_hurried = true;
    }
    if (passed > at_most + 500ms) ::kill(process_, SIGKILL);
    // The kernel lets it go when what it waits for is over: a disk that does not answer, say. The next start
    // waits for that.
    if (passed > at_most + given_up_after)
      return log::error("database does not end, though it was killed", {{"process", process_}});
    std::this_thread::sleep_for(1ms);
  }
}

}  // namespace dits::embedded
