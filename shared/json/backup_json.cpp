#include "shared/json/backup_json.hpp"

#include <utility>

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

Json item_to_json(const BackupItem& item) {
  ObjectValue out;
  out.put("file", item.file);
  out.put("bytes", item.bytes);
  out.put("writtenAt", item.written_at);
  out.put("isEncrypted", item.is_encrypted);
  out.put("isVerified", item.is_verified);
  out.put("issues", item.issues);
  out.put("attachments", item.attachments);
  out.put("isForeign", item.is_foreign);
  return out.take();
}

Result<BackupItem> item_from_json(const Json& json) {
  FieldReader reader(json);
  BackupItem item;
  reader.require("file", item.file);
  reader.read("bytes", item.bytes);
  reader.require("writtenAt", item.written_at);
  reader.read("isEncrypted", item.is_encrypted);
  reader.read("isVerified", item.is_verified);
  reader.read("issues", item.issues);
  reader.read("attachments", item.attachments);
  reader.read("isForeign", item.is_foreign);
  TRY(reader.result());
  return item;
}

// The elements of a member that is a list; none when it is absent.
template <typename T>
Result<void> read_list(FieldReader& reader,
                       std::string_view name,
                       Result<T> (*from_json)(const Json&),
                       std::vector<T>& into) {
  const Json* list = reader.find(name);
  if (list == nullptr) return {};
  if (!list->is_array()) return invalid(std::string(name), "Must be a list");
  for (const Json& each : *list) into.push_back(TRY(from_json(each)));
  return {};
}

}  // namespace

Json backup_run_to_json(const BackupRun& run) {
  ObjectValue out;
  out.put("beganAt", run.began_at);
  out.put("tookMs", run.took_ms);
  out.put("file", run.file);
  out.put("bytes", run.bytes);
  out.put("problem", run.problem);
  return out.take();
}

Json backup_overview_to_json(const BackupOverview& overview) {
  ObjectValue out;
  out.put("directory", overview.directory);
  out.put("schedule", overview.schedule);
  out.put("keepDays", overview.keep_days);
  out.put("isEncrypted", overview.is_encrypted);
  out.put("isRunning", overview.is_running);
  out.put("nextDueAt", overview.next_due_at);
  out.put("lastProblem", overview.last_problem);
  Json json = out.take();
  json["items"] = Json::array();
  for (const BackupItem& item : overview.items) json["items"].push_back(item_to_json(item));
  json["history"] = Json::array();
  for (const BackupRun& run : overview.history) json["history"].push_back(backup_run_to_json(run));
  return json;
}

Result<BackupRun> backup_run_from_json(const Json& json) {
  FieldReader reader(json);
  BackupRun run;
  reader.require("beganAt", run.began_at);
  reader.read("tookMs", run.took_ms);
  reader.read("file", run.file);
  reader.read("bytes", run.bytes);
  reader.read("problem", run.problem);
  TRY(reader.result());
  return run;
}

Result<BackupOverview> backup_overview_from_json(const Json& json) {
  FieldReader reader(json);
  BackupOverview overview;
  reader.require("directory", overview.directory);
  reader.require("schedule", overview.schedule);
  reader.require("keepDays", overview.keep_days);
  reader.read("isEncrypted", overview.is_encrypted);
  reader.read("isRunning", overview.is_running);
  reader.read("nextDueAt", overview.next_due_at);
  reader.read("lastProblem", overview.last_problem);
  TRY(read_list(reader, "items", item_from_json, overview.items));
  TRY(read_list(reader, "history", backup_run_from_json, overview.history));
  TRY(reader.result());
  return overview;
}

}  // namespace dits
