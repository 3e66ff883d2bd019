#include "server/embedded/programs.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/embedded/cluster_files.hpp"
#include "server/embedded/complete_directory.hpp"
#include "server/embedded/subprocess.hpp"
#include "server/embedded/unpack.hpp"

namespace dits::embedded {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view root_program_home = "/var/lib/dits";
constexpr std::string_view unpacked_prefix = "postgres-";

// Where packages put PostgreSQL's programs, before and after the number of the version.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> package_places{
    {{"/usr/lib/postgresql/", "/bin"}, {"/usr/pgsql-", "/bin"}}};

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

bool is_noexec(const std::string& path) {
  struct statvfs status {};
  return ::statvfs(path.c_str(), &status) == 0 && (status.f_flag & ST_NOEXEC) != 0;
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

// The archive's own top directory, when it has one.
std::string bin_of(const std::string& directory) {
  return is_directory(directory + "/postgres/bin") ? directory + "/postgres/bin" : directory + "/bin";
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
  return bin_of(directory);
}

// What `postgres` says of itself: "15.14 (Debian 15.14-0+deb12u1)".
Result<std::string> ask_version(const std::string& bindir) {
  std::string text;
  Program program{bindir + "/postgres", {"--version"}, {"LC_ALL=C"}};
  TRY(run_program(program, [&](std::string_view piece) {
    text += piece;
    return Result<void>();
  }));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::size_t digit = text.find_first_of("0123456789");
  return digit == std::string::npos ? std::string() : text.substr(digit);
}

Result<Programs> programs_at(const std::string& bindir) {
  const std::string text = TRY(ask_version(bindir));
  return Programs{bindir, leading_number(text), text.substr(0, text.find(' ')), true};
}

// Programs in it are run as us: nobody else may have put them there.
bool is_trusted(const std::string& directory) {
  struct stat status {};
  return ::lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         (status.st_uid == ::geteuid() || status.st_uid == 0) && (status.st_mode & 0022) == 0;
}

// "17.11-5f3a09c1" -> 11.
int minor_of(std::string_view version) {
  const std::size_t dot = version.find('.');
  return dot == std::string_view::npos ? 0 : leading_number(version.substr(dot + 1));
}

// The newest of this version that an earlier executable has unpacked.
std::optional<std::string> unpacked_programs(const std::string& data_dir, int version) {
  std::optional<std::string> found;
  int newest = -1;
  for (const std::string& home : {data_dir, std::string(root_program_home)}) {
    std::error_code ignored;
    const fs::directory_iterator end;
    for (fs::directory_iterator at(home, ignored); at != end; at.increment(ignored)) {
      const std::string name = at->path().filename().string();
      if (!name.starts_with(unpacked_prefix) || name.find(".new-") != std::string::npos) continue;
      const std::string_view rest = std::string_view(name).substr(unpacked_prefix.size());
      const std::string directory = at->path().string();
      if (leading_number(rest) != version || minor_of(rest) <= newest || !is_trusted(directory)) continue;
      if (::access((bin_of(directory) + "/postgres").c_str(), X_OK) != 0) continue;
      newest = minor_of(rest);
      found = bin_of(directory);
    }
  }
  return found;
}

Error old_programs_missing(const std::string& data_dir, int version) {
  const std::string number = std::to_string(version);
  Error error = unavailable(
      "The database in " + data_dir + " was made by PostgreSQL " + number +
      ", and no programs of PostgreSQL " + number +
      " are here to read it with. Nothing was changed. Install them (on Debian: postgresql-" + number +
      "; a newer system has them at apt.postgresql.org) and start again, or say where they are with "
      "--old-pg-bindir; or start the earlier dits, which carries them.");
  error.kind = "old_programs_missing";
  return error;
}

}  // namespace

// May anybody walk down to `path`?
bool is_open_to_all(const std::string& path) {
  for (fs::path at = path; at != at.root_path(); at = at.parent_path()) {
    struct stat status {};
    if (::stat(at.c_str(), &status) != 0 || (status.st_mode & S_IXOTH) == 0) return false;
  }
  return true;
}

Result<EmbeddedFile> carried_template() { return carried("postgres/template.tar.zst"); }

Result<Programs> prepare_programs(const std::string& data_dir, const std::string& pg_bindir) {
  if (pg_bindir.empty()) {
    Programs programs;
    programs.directory = TRY(prepare_carried_programs(data_dir));
    programs.full_version = TRY(carried("postgres/VERSION")).text();
    programs.full_version = programs.full_version.substr(0, programs.full_version.find('\n'));
    programs.version = leading_number(programs.full_version);
    return programs;
  }
  Programs programs = TRY(programs_at(pg_bindir));
  if (programs.version < 15)
    return unavailable("PostgreSQL 15 or newer is needed; " + pg_bindir + " holds: " + programs.full_version);
  return programs;
}

Result<int> version_of_programs(const std::string& pg_bindir) {
  if (pg_bindir.empty()) return leading_number(TRY(carried("postgres/VERSION")).text());
  return TRY(programs_at(pg_bindir)).version;
}

Result<Programs> find_old_programs(const std::string& data_dir,
                                   const std::string& old_pg_bindir,
                                   int version) {
  if (!old_pg_bindir.empty()) {
    Programs programs = TRY(programs_at(old_pg_bindir));
    if (programs.version == version) return programs;
    return invalid("--old-pg-bindir",
                   "The database in " + data_dir + " was made by PostgreSQL " + std::to_string(version) +
                       ", and " + old_pg_bindir + " holds the programs of " + programs.full_version + ".");
  }
  if (const auto unpacked = unpacked_programs(data_dir, version)) {
    if (Result<Programs> programs = programs_at(*unpacked); programs && programs->version == version) {
      programs->is_of_host = false;
      return programs;
    }
  }
  for (const auto& [before, after] : package_places) {
    const std::string bindir = std::string(before) + std::to_string(version) + std::string(after);
    if (::access((bindir + "/postgres").c_str(), X_OK) != 0) continue;
    if (const Result<Programs> programs = programs_at(bindir); programs && programs->version == version)
      return programs;
  }
  return old_programs_missing(data_dir, version);
}

Result<std::string> find_program(const std::string& data_dir,
                                 const std::string& pg_bindir,
                                 std::string_view name) {
  TRY(prepare_data_dir(data_dir));
  const std::string directory = pg_bindir.empty() ? TRY(prepare_carried_programs(data_dir)) : pg_bindir;
  return directory + "/" + std::string(name);
}

}  // namespace dits::embedded
