#include "server/embedded/complete_directory.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <string_view>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "server/base/files.hpp"

namespace dits::embedded {

namespace {

namespace fs = std::filesystem;

// Names that a killed process left behind: "x.new-1234".
void remove_abandoned(const std::string& directory) {
  const Result<std::vector<std::string>> names = names_in(directory);
  if (!names) return;
  std::error_code ignored;
  for (const std::string& name : *names) {
    const std::size_t mark = name.rfind(".new-");
    if (mark == std::string::npos) continue;
    const int process = leading_number(std::string_view(name).substr(mark + 5));
    if (process > 0 && process != ::getpid() && (::kill(process, 0) == 0 || errno != ESRCH)) continue;
    fs::remove_all(directory + "/" + name, ignored);
  }
}

}  // namespace

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<void> make_completely(const std::string& path,
                             unsigned mode,
                             const std::function<Result<void>(const std::string& temporary)>& fill) {
  const std::string parent = fs::path(path).parent_path().string();
  remove_abandoned(parent);
  const std::string temporary = path + ".new-" + std::to_string(::getpid());
  std::error_code ignored;
  fs::remove_all(temporary, ignored);
  if (::mkdir(temporary.c_str(), 0700) != 0) return system_error("cannot create " + temporary);
  Result<void> done = fill(temporary);
  if (done && ::chmod(temporary.c_str(), static_cast<mode_t>(mode)) != 0)
    done = system_error("cannot change the mode of " + temporary);
  // One sync of the file system instead of a thousand of single files.
  if (done) done = sync_file_system(parent);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST && errno != ENOTEMPTY) {
    done = system_error("cannot rename " + temporary);
  }
  fs::remove_all(temporary, ignored);  // still there after a failure, or when somebody else was faster
  if (!done) return done;
  return sync_directory(parent);
}

}  // namespace dits::embedded
