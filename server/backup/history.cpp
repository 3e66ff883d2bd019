#include "server/backup/history.hpp"

#include <utility>

#include <fcntl.h>
#include <sys/file.h>

#include "server/base/files.hpp"
#include "shared/json/backup_json.hpp"

namespace dits {

namespace {

constexpr std::size_t kept_runs = 60;

std::string path_in(const std::string& directory) { return directory + "/history.json"; }

// A server and a command may have something to add at once. Let go with the descriptor.
Result<FileDescriptor> lock_history(const std::string& directory) {
  FileDescriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open() || uninterrupted([&] { return ::flock(file.get(), LOCK_EX); }) != 0)
    return system_error("cannot lock " + directory);
  return file;
}

std::vector<BackupRun> runs_from_text(const std::string& text) {
  std::vector<BackupRun> runs;
  const Result<Json> json = parse_json(text);
  if (!json || !json->is_array()) return runs;
  for (const Json& one : *json) {
    if (Result<BackupRun> run = backup_run_from_json(one)) runs.push_back(std::move(run).value());
  }
  return runs;
}

}  // namespace

std::vector<BackupRun> read_backup_history(const std::string& directory) {
  const auto text = read_file(path_in(directory));
  return text ? runs_from_text(*text) : std::vector<BackupRun>();
}

Result<void> add_to_backup_history(const std::string& directory, const BackupRun& run) {
  TRY(make_directories(directory, 0700));
  const FileDescriptor lock = TRY(lock_history(directory));
  const auto text = read_file(path_in(directory));
  // What can't be read now is not written over.
  if (!text && text.error().code != ErrorCode::not_found) return text.error();
  std::vector<BackupRun> runs = text ? runs_from_text(*text) : std::vector<BackupRun>();
  runs.push_back(run);
  Json json = Json::array();
  for (std::size_t at = runs.size() > kept_runs ? runs.size() - kept_runs : 0; at < runs.size(); ++at) {
    json.push_back(backup_run_to_json(runs[at]));
  }
  return write_file_atomically(path_in(directory), dump_indented(json) + "\n");
}

}  // namespace dits
