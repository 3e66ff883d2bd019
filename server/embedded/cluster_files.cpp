#include "server/embedded/cluster_files.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "server/base/crypto.hpp"
#include "server/base/embedded_files.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/embedded/subprocess.hpp"
#include "server/embedded/unpack.hpp"

namespace dits::embedded {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view root_program_home = "/var/lib/dits";

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<EmbeddedFile> carried(std::string_view name) {
  const auto file = find_embedded_file(name);
  if (!file)
    return unavailable("This executable carries no PostgreSQL (" + std::string(name) +
                       "): use --pg-bindir or --database-url.");
  return *file;
}

// "17.11-5f3a09c1": the version and the checksum with which the archive ends.
Result<std::string> carried_version() {
  const EmbeddedFile version = TRY(carried("postgres/VERSION"));
  const EmbeddedFile archive = TRY(carried("postgres/postgres.tar.zst"));
  std::string text(version.text());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text + "-" + hex(archive.text().substr(archive.bytes.size() - 4));
}

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Names that a killed process left behind: "x.new-1234".
void remove_abandoned(const std::string& directory) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    const std::size_t mark = name.rfind(".new-");
    if (mark == std::string::npos) continue;
    const int process = leading_number(std::string_view(name).substr(mark + 5));
    if (process > 0 && process != ::getpid() && (::kill(process, 0) == 0 || errno != ESRCH)) continue;
    fs::remove_all(entry.path(), ignored);
  }
}

// Makes the directory `path` with the help of `fill`, so that it is there completely or not at all.
template <typename Fill>
Result<void> make_completely(const std::string& path, unsigned mode, const Fill& fill) {
  const std::string parent = fs::path(path).parent_path().string();
  remove_abandoned(parent);
  const std::string temporary = path + ".new-" + std::to_string(::getpid());
  std::error_code ignored;
  fs::remove_all(temporary, ignored);
  if (::mkdir(temporary.c_str(), 0700) != 0) return system_error("cannot create " + temporary);
  Result<void> done = fill(temporary);
  const FileDescriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (done && ::chmod(temporary.c_str(), static_cast<mode_t>(mode)) != 0)
    done = system_error("cannot change the mode of " + temporary);
  // One sync of the file system instead of a thousand of single files.
  if (done && ::syncfs(directory.get()) != 0) done = system_error("cannot write " + temporary);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST && errno != ENOTEMPTY) {
    done = system_error("cannot rename " + temporary);
  }
  fs::remove_all(temporary, ignored);  // still there after a failure, or when somebody else was faster
  if (!done) return done;
  return sync_directory(parent);
}

bool is_noexec(const std::string& path) {
  struct statvfs status {};
  return ::statvfs(path.c_str(), &status) == 0 && (status.f_flag & ST_NOEXEC) != 0;
}

// May anybody walk down to `path`?
bool is_open_to_all(const std::string& path) {
  for (fs::path at = path; at != at.root_path(); at = at.parent_path()) {
    struct stat status {};
    if (::stat(at.c_str(), &status) != 0 || (status.st_mode & S_IXOTH) == 0) return false;
  }
  return true;
}

// Where the programs are unpacked. PostgreSQL finds its own files by its path, so the user it runs as must be
// able to walk there: for root, who lends it another identity, a data directory below /root or another closed
// directory will not do.
Result<std::string> choose_program_home(const std::string& data_dir) {
  if (::geteuid() == 0) {
    const std::string home(root_program_home);
    struct stat status {};
    const bool is_usable = make_directories(home, 0755).has_value() && ::stat(home.c_str(), &status) == 0 &&
                           status.st_uid == 0 && (status.st_mode & 0022) == 0 &&
                           ::chmod(home.c_str(), 0755) == 0 && ::access(home.c_str(), W_OK) == 0;
    if (is_usable && is_open_to_all(home) && !is_noexec(home)) return home;
    if (!is_open_to_all(fs::path(data_dir).parent_path().string())) {
      return unavailable(
          "PostgreSQL does not run as root, and no other user can reach " + data_dir +
          ". Choose a --data-dir below a directory that others may enter, or make /var/lib/dits writable.");
    }
    if (::chmod(data_dir.c_str(), 0711) != 0) return system_error("cannot change the mode of " + data_dir);
  }
  if (is_noexec(data_dir)) {
    return unavailable("The file system of " + data_dir +
                       " is mounted with 'noexec', so that PostgreSQL can't be started from it. Choose "
                       "another --data-dir, or use the PostgreSQL of this machine with --pg-bindir.");
  }
  return data_dir;
}

Result<std::string> prepare_carried_programs(const std::string& data_dir) {
  const std::string home = TRY(choose_program_home(data_dir));
  const std::string directory = home + "/postgres-" + TRY(carried_version());
  if (!is_directory(directory)) {
    const EmbeddedFile archive = TRY(carried("postgres/postgres.tar.zst"));
    TRY(make_completely(directory, 0755, [&](const std::string& path) {
      return unpack_tar_zst(archive.bytes, path, std::nullopt);
    }));
    log::info("programs unpacked", {{"path", directory}});
  }
  // The archive's own top directory, when it has one.
  return is_directory(directory + "/postgres/bin") ? directory + "/postgres/bin" : directory + "/bin";
}

Result<int> version_of(const std::string& pg_bindir) {
  std::string text;
  Program program{pg_bindir + "/postgres", {"--version"}, {"LC_ALL=C"}};
  TRY(run_program(program, [&](std::string_view piece) {
    text += piece;
    return Result<void>();
  }));
  const std::size_t digit = text.find_first_of("0123456789");
  const int version = digit == std::string::npos ? 0 : leading_number(std::string_view(text).substr(digit));
  if (version < 15) return unavailable("PostgreSQL 15 or newer is needed; " + pg_bindir + " holds: " + text);
  return version;
}

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

Result<ClusterFiles> choose_programs(const std::string& data_dir, const std::string& pg_bindir) {
  ClusterFiles files;
  if (pg_bindir.empty()) {
    files.program_dir = TRY(prepare_carried_programs(data_dir));
    files.version = leading_number(TRY(carried("postgres/VERSION")).text());
  } else {
    files.program_dir = pg_bindir;
    files.version = TRY(version_of(pg_bindir));
  }
  files.cluster_dir = data_dir + "/cluster-" + std::to_string(files.version);
  return files;
}

Result<void> resolve(ClusterFiles& files) {
  std::error_code code;
  files.cluster_dir = fs::canonical(files.cluster_dir, code).string();
  if (code) return unavailable("cannot read " + files.cluster_dir + ": " + code.message());
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

Result<ClusterFiles> prepare_cluster_files(const std::string& data_dir, const std::string& pg_bindir) {
  ClusterFiles files = TRY(choose_programs(data_dir, pg_bindir));
  files.user = TRY(choose_cluster_user(data_dir, files.cluster_dir));
  ClusterUser& user = files.user;
  if (!pg_bindir.empty()) TRY(open_way_to_cluster(data_dir, user));
  if (!is_directory(files.cluster_dir)) {
    files.is_new = true;
    if (pg_bindir.empty()) {
      const EmbeddedFile archive = TRY(carried("postgres/template.tar.zst"));
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
        return run_initdb(pg_bindir, files.version, path, user);
      }));
    }
    log::info("database cluster made", {{"path", files.cluster_dir}, {"version", files.version}});
  }
  TRY(resolve(files));
  return files;
}

Result<std::string> find_program(const std::string& data_dir,
                                 const std::string& pg_bindir,
                                 std::string_view name) {
  TRY(prepare_data_dir(data_dir));
  const std::string directory = pg_bindir.empty() ? TRY(prepare_carried_programs(data_dir)) : pg_bindir;
  return directory + "/" + std::string(name);
}

Result<ClusterFiles> find_cluster_files(const std::string& data_dir, const std::string& pg_bindir) {
  ClusterFiles files = TRY(choose_programs(data_dir, pg_bindir));
  TRY(resolve(files));
  return files;
}

}  // namespace dits::embedded
