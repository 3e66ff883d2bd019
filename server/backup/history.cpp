#include "server/backup/history.hpp"

#include "server/backup/json_members.hpp"
#include "server/base/files.hpp"

namespace dits {

namespace {

constexpr std::size_t kept_runs = 60;

std::string path_in(const std::string& directory) { return directory + "/history.json"; }

}  // namespace

std::vector<BackupRun> read_backup_history(const std::string& directory) {
  std::vector<BackupRun> runs;
  const auto text = read_file(path_in(directory));
  const auto json = text ? parse_json(*text) : Result<Json>(text.error());
  if (!json || !json->is_array()) return runs;
  for (const Json& one : *json) {
    BackupRun run;
    if (const auto at = parse_timestamp(text_member(one, "beganAt"))) run.began_at = *at;
    run.took_ms = number_member(one, "tookMs");
    run.file = text_member(one, "file");
    run.bytes = number_member(one, "bytes");
    run.problem = text_member(one, "problem");
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<void> add_to_backup_history(const std::string& directory, const BackupRun& run) {
  std::vector<BackupRun> runs = read_backup_history(directory);
  runs.push_back(run);
  Json json = Json::array();
  for (std::size_t at = runs.size() > kept_runs ? runs.size() - kept_runs : 0; at < runs.size(); ++at) {
    json.push_back({{"beganAt", to_string(runs[at].began_at)},
                    {"tookMs", runs[at].took_ms},
                    {"file", runs[at].file},
                    {"bytes", runs[at].bytes},
                    {"problem", runs[at].problem}});
  }
  TRY(make_directories(directory, 0700));
  return write_file_atomically(path_in(directory), json.dump(1) + "\n");
}

}  // namespace dits
