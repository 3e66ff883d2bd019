#include "server/cli/output_file.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dits::cli {

namespace {

constexpr const char* flag = "-o";

// Where links lead; the path itself where nothing is yet.
std::string without_links(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real == nullptr ? path : std::string(real.get());
}

// Does not take the place of what somebody has put there meanwhile, where the file system can tell.
int rename_to_free_name(const std::string& from, const std::string& to) {
  const int done = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (done == 0 || (errno != EINVAL && errno != ENOSYS)) return done;
  return ::rename(from.c_str(), to.c_str());
}

}  // namespace

Error wrong_path(Error error) {
  if (error.code == ErrorCode::unavailable && error.kind.empty()) error.code = ErrorCode::invalid;
  return error;
}

Result<OutputFile> OutputFile::create(const CommandLine& line) {
  OutputFile file;
  const std::string path = line.get(flag);
  if (path.empty() || path == "-") return file;
  file.shown_ = path;
  file.target_ = without_links(path);
  if (const Result<void> opened = file.open(line.has("--force")); !opened) return wrong_path(opened.error());
  return file;
}

Result<void> OutputFile::open(bool may_replace) {
  may_replace_ = may_replace;
  struct stat status {};
  const bool is_there = ::stat(target_.c_str(), &status) == 0;
  if (!is_there && ::lstat(target_.c_str(), &status) == 0)
    return invalid(flag, shown_ + " is a link that leads nowhere: make what it leads to, or name a file.");
  if (is_there && S_ISDIR(status.st_mode)) return invalid(flag, shown_ + " is a directory: name a file.");
  if (is_there && !S_ISREG(status.st_mode)) {
    file_ = FileDescriptor(::open(target_.c_str(), O_WRONLY | O_CLOEXEC));
    return file_.is_open() ? Result<void>() : system_error("cannot write " + shown_);
  }
  if (is_there && !may_replace) return invalid(flag, shown_ + " is there already: --force writes over it.");
  if (is_there && ::access(target_.c_str(), W_OK) != 0) return system_error("cannot write " + shown_);
  constexpr std::string_view suffix = ".part";
  std::string part = target_ + ".XXXXXX" + std::string(suffix);
  file_ = FileDescriptor(::mkostemps(part.data(), static_cast<int>(suffix.size()), O_CLOEXEC));
  if (!file_.is_open()) return system_error("cannot write " + shown_);
  part_ = std::move(part);
  return {};
}

OutputFile::~OutputFile() {
  if (file_.is_open() && !part_.empty()) ::unlink(part_.c_str());
}

Result<void> OutputFile::write(std::string_view bytes) {
  return shown_.empty() ? write_all(STDOUT_FILENO, bytes, "the standard output")
                        : write_all(file_.get(), bytes, shown_);
}

Result<void> OutputFile::finish() {
  if (part_.empty()) return {};
  if (::fsync(file_.get()) != 0) return system_error("cannot write " + shown_);
  const int done =
      may_replace_ ? ::rename(part_.c_str(), target_.c_str()) : rename_to_free_name(part_, target_);
  if (done != 0 && errno == EEXIST)
    return conflict(shown_ + " was made by somebody else meanwhile, and is left as it is.");
  if (done != 0) return system_error("cannot write " + shown_);
  file_ = FileDescriptor();
  return sync_name(target_);
}

Result<void> check_readable(const std::string& argument, const std::string& path) {
  // Not opened: whoever writes into a pipe would take this for the reading, and lose what it writes.
  struct stat status {};
  const bool is_there = ::stat(path.c_str(), &status) == 0 && ::access(path.c_str(), R_OK) == 0;
  const int reason = !is_there ? errno : S_ISDIR(status.st_mode) ? EISDIR : 0;
  if (reason == 0) return {};
  return invalid(argument, system_error("cannot read " + path, reason).message);
}

Result<void> check_new_folder(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code problem;
  if (!fs::exists(path, problem)) return {};
  if (!fs::is_directory(path, problem)) return invalid(flag, path + " is no folder: name a new one.");
  if (!fs::is_empty(path, problem) && !problem)
    return invalid(flag, path + " is not empty: name a new folder.");
  return problem ? wrong_path(system_error("cannot read " + path, problem.value())) : Result<void>();
}

}  // namespace dits::cli
