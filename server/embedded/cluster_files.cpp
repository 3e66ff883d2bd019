#include "server/embedded/cluster_files.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/embedded/clusters_here.hpp"
#include "server/embedded/complete_directory.hpp"
#include "server/embedded/subprocess.hpp"
#include "server/embedded/unpack.hpp"

namespace dits::embedded {

namespace {

namespace fs = std::filesystem;

// Earlier ones want their cluster's path instead of their working directory.
constexpr int first_found_without_a_path = 16;

// The host's PostgreSQL may be one that walks to its files by their paths: whoever it runs as must be able
// to.
Result<void> open_way_to_cluster(const std::string& data_dir, const ClusterUser& user) {
  if (!user.is_switched) return {};
  if (::chmod(data_dir.c_str(), 0711) != 0) return system_error("cannot change the mode of " + data_dir);
  if (is_open_to_all(data_dir)) return {};
  return unavailable("PostgreSQL does not run as root, and no other user can reach " + data_dir +
                     ". With --pg-bindir choose a --data-dir below a directory that others may enter.");
}

// A cluster by the host's initdb. It insists on a user with a name.
Result<void> run_initdb(const std::string& pg_bindir,
                        int version,
                        const std::string& path,
                        ClusterUser& user) {
  if (user.is_switched && ::getpwuid(user.uid) == nullptr) {
    const passwd* entry = ::getpwnam("postgres");
    if (entry == nullptr) entry = ::getpwnam("nobody");
    if (entry != nullptr) user = {entry->pw_uid, entry->pw_gid, true};
  }
  if (user.is_switched && ::chown(path.c_str(), user.uid, user.gid) != 0)
    return system_error("cannot change the owner of " + path);
  const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  Program program{pg_bindir + "/initdb",
                  {"-D",
                   path,
                   "-U",
                   "dits_owner",
                   "-A",
                   "trust",
                   "--encoding=UTF8",
                   "-k",
                   "--no-instructions",
                   "--no-sync"},
                  {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}};
  std::vector<std::string> locale = {"--locale=C.UTF-8"};
  if (version >= 17) locale = {"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"};
  program.arguments.insert(program.arguments.end(), locale.begin(), locale.end());
  program.user = user;
  program.working_directory = directory.get();  // ours may be closed to this user
  return run_program(program, [](std::string_view) { return Result<void>(); });
}

ClusterFiles files_for(const Programs& programs, std::string cluster_dir) {
  ClusterFiles files;
  files.cluster_dir = std::move(cluster_dir);
  files.program_dir = files.tool_dir = programs.directory;
  files.version = programs.version;
  files.is_named_by_path = programs.is_of_host;
  return files;
}

Result<void> resolve(ClusterFiles& files) {
  std::error_code code;
  files.cluster_dir = fs::canonical(files.cluster_dir, code).string();
  if (code) return system_error("cannot read " + files.cluster_dir, code.value());
  return {};
}

}  // namespace

namespace {

// What root makes in the data of a user, that user can't use afterwards: its backups would fail.
Result<void> refuse_root_among(const std::string& data_dir) {
  for (const char* name : {"/lock", "/backups", "/attachments"}) {
    struct stat status {};
    if (::stat((data_dir + name).c_str(), &status) != 0 || status.st_uid == 0) continue;
    const passwd* user = ::getpwuid(status.st_uid);  // NOLINT(concurrency-mt-unsafe): before any thread
    const std::string number = std::to_string(status.st_uid);
    return unavailable("The data in " + data_dir + " belongs to the user " +
                       (user != nullptr ? user->pw_name : number) +
                       ", who could not use what root writes there. Run the same as that user: sudo -u " +
                       (user != nullptr ? std::string(user->pw_name) : "'#" + number + "'") + " dits …");
  }
  return {};
}

}  // namespace

Result<void> prepare_data_dir(const std::string& data_dir) {
  if (data_dir == "/") return unavailable("The data directory can't be the root of the file system.");
  const bool existed = is_directory(data_dir);
  TRY(make_directories(data_dir, 0700));
  if (::access(data_dir.c_str(), R_OK | W_OK | X_OK) != 0)
    return system_error("cannot use the data directory " + data_dir);
  if (::access("/proc/self/fd", X_OK) != 0)
    return unavailable("/proc is not mounted; DITS needs it to reach its database.");
  struct stat status {};
  if (!existed || ::stat(data_dir.c_str(), &status) != 0) return {};
  // Programs are run from here: whoever else can write in it would run theirs as us.
  const bool is_root = ::geteuid() == 0;
  if (is_root) TRY(refuse_root_among(data_dir));
  if (status.st_uid != ::geteuid() && !is_root) {
    return unavailable("The data directory " + data_dir +
                       " belongs to another user: give one of your own with --data-dir.");
  }
  if ((status.st_mode & 0077) == 0) return {};
  if ((status.st_mode & 0777) == 0711 && is_root) return {};  // see choose_program_home
  // A directory that is empty or already ours is closed to others; one that holds other things is left as it
  // is.
  std::error_code ignored;
  const bool is_ours = fs::is_empty(data_dir, ignored) || ::access((data_dir + "/lock").c_str(), F_OK) == 0;
  if (is_ours && status.st_uid == ::geteuid() && ::chmod(data_dir.c_str(), 0700) == 0) return {};
  if ((status.st_mode & 0022) != 0) {
    return unavailable("Others may write in the data directory " + data_dir +
                       ": close it with chmod 700, or give another one with --data-dir.");
  }
  log::warn("data directory is open to others", {{"path", data_dir}});
  return {};
}

Result<ClusterFiles> prepare_cluster_files(const std::string& data_dir,
                                           const Programs& programs,
                                           const std::string& cluster_dir) {
  ClusterFiles files = files_for(programs, cluster_dir);
  files.user = TRY(choose_cluster_user(data_dir, files.cluster_dir));
  ClusterUser& user = files.user;
  if (programs.is_of_host) TRY(open_way_to_cluster(data_dir, user));
  if (!is_directory(files.cluster_dir)) {
    files.is_new = true;
    if (!programs.is_of_host) {
      const EmbeddedFile archive = TRY(carried_template());
      TRY(make_completely(files.cluster_dir, 0700, [&](const std::string& path) -> Result<void> {
        if (!user.is_switched) return unpack_tar_zst(archive.bytes, path, std::nullopt);
        if (::chown(path.c_str(), user.uid, user.gid) != 0) {
          return system_error("cannot give " + path + " to the user " + std::to_string(user.uid) +
                              ", as which PostgreSQL would run");
        }
        return unpack_tar_zst(archive.bytes, path, user);
      }));
    } else {
      TRY(make_completely(files.cluster_dir, 0700, [&](const std::string& path) {
        return run_initdb(programs.directory, files.version, path, user);
      }));
    }
    log::info("database cluster made", {{"path", files.cluster_dir}, {"version", files.version}});
  }
  TRY(resolve(files));
  return files;
}

Result<ClusterFiles> old_cluster_files(const std::string& data_dir,
                                       const Programs& old_programs,
                                       const std::string& cluster_dir,
                                       const Programs& tools) {
  ClusterFiles files = files_for(old_programs, cluster_dir);
  files.tool_dir = tools.directory;
  files.is_named_by_path = old_programs.is_of_host || old_programs.version < first_found_without_a_path;
  files.user = TRY(choose_cluster_user(data_dir, cluster_dir));
  if (files.is_named_by_path) TRY(open_way_to_cluster(data_dir, files.user));
  TRY(resolve(files));
  return files;
}

Result<ClusterFiles> find_cluster_files(const std::string& data_dir, const std::string& pg_bindir) {
  const Programs programs = TRY(prepare_programs(data_dir, pg_bindir));
  ClusterFiles files = files_for(programs, TRY(path_of_current(data_dir, programs.version)));
  TRY(resolve(files));
  return files;
}

}  // namespace dits::embedded
