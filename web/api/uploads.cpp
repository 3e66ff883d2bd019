// Files go out beside the queue of writes: they are large, and nothing that follows depends on them.
#include <algorithm>
#include <tuple>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/json/fields.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

void Gateway::upload(IssueId id,
                     const std::string& name,
                     std::string bytes,
                     std::function<void(const Result<Attachment>&)> done) {
  Call call;
  call.method = "POST";
  call.path = paths::with_query(paths::path_with(paths::issue_attachments, id), {{"name", name}});
  call.body = std::move(bytes);
  call.idempotency_key = new_key();
  call.is_file = true;
  arrive({UploadsChanged{++uploads_}});
  client_.send(call, [this, done = std::move(done)](const Answer& answer) {
    std::vector<Change> changes{UploadsChanged{--uploads_}};
    if (answer.status == 401) session_lost();
    if (!answer.is_ok()) {
      arrive(std::move(changes));
      done(*answer.error);
      return;
    }
    Result<Json> json = parse_json(answer.body);
    Result<Attachment> file = json ? attachment_from_json(*json) : Result<Attachment>(json.error());
    if (file) changes.emplace_back(AttachmentArrived{*file});
    arrive(std::move(changes));
    done(file);
  });
}

namespace {

constexpr int look_at_import_ms = 700;
constexpr std::size_t most_notes_shown = 20;

// "Imported 12 issues, 3 projects and 2 files"
std::string import_words(const Json& counts) {
  std::string text;
  for (const auto& [field, one, many] : {std::tuple{"issues", "issue", "issues"},
                                         {"projects", "project", "projects"},
                                         {"files", "file", "files"}}) {
    const auto found = counts.find(field);
    const std::int64_t* count = found != counts.end() ? found->get_ptr<const std::int64_t*>() : nullptr;
    if (count == nullptr || *count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(*count) + ' ' + (*count == 1 ? one : many);
  }
  return text.empty() ? "There was nothing to import" : "Imported " + text;
}

// What came in otherwise than in the file, a line for each.
std::string note_words(const Json& counts) {
  FieldReader reader(counts);
  std::int64_t left = 0;
  reader.read("noteCount", left);
  const Json* notes = reader.find("notes");
  if (left == 0 || notes == nullptr || !notes->is_array()) return {};
  std::string text = "\nNot all of it is as it was in the file:";
  for (std::size_t at = 0; at < std::min(notes->size(), most_notes_shown); ++at, --left) {
    FieldReader note((*notes)[at]);
    std::int64_t line = 0;
    std::string what;
    note.read("line", line);
    note.read("text", what);
    text += "\nLine " + std::to_string(line) + ", " + what;
  }
  return left > 0 ? text + "\nand " + std::to_string(left) + " more" : text;
}

}  // namespace

void Gateway::import_file(const std::string& name, std::string bytes) {
  const bool is_table = name.size() > 4 && name.compare(name.size() - 4, 4, ".csv") == 0;
  Call call;
  call.method = "POST";
  call.path = paths::with_query(std::string(paths::imports), {{"format", is_table ? "csv" : "json"}});
  call.body = std::move(bytes);
  call.is_file = true;
  arrive({TransferChanged{{true, false, 0, "Sending " + name}}});
  client_.send(call, [this](const Answer& answer) { hear_import(answer); });
  watch_import();
}

void Gateway::hear_import(const Answer& answer) {
  TransferState ended;
  if (!answer.is_ok()) {
    ended.has_failed = true;
    ended.text = answer.error->message;
    for (const FieldError& field : answer.error->fields)
      ended.text += "\n" + field.field + ": " + field.message;
    arrive({TransferChanged{std::move(ended)}});
    return;
  }
  const Result<Json> counts = parse_json(answer.body);
  const Json told = counts && counts->is_object() ? *counts : Json::object();
  ended.text = import_words(told) + note_words(told);
  arrive({TransferChanged{std::move(ended)}});
  load_snapshot();
}

void Gateway::watch_import() {
  platform_.call_after(look_at_import_ms, [this] {
    if (!state_.transfer.is_running) return;
    client_.send({"GET", std::string(paths::imports)}, [this](const Answer& answer) {
      const Result<Json> json = parse_json(answer.body);
      if (answer.is_ok() && json && state_.transfer.is_running) {
        FieldReader reader(*json);
        bool is_running = false;
        std::int64_t done = 0;
        std::int64_t total = 0;
        std::int64_t read = 0;
        reader.read("isRunning", is_running);
        reader.read("bytesDone", done);
        reader.read("bytesTotal", total);
        reader.read("read", read);
        if (is_running && total > 0) {
          TransferState transfer = state_.transfer;
          transfer.fraction = static_cast<float>(done) / static_cast<float>(total);
          transfer.text = std::to_string(read) + " lines are read";
          arrive({TransferChanged{std::move(transfer)}});
        }
      }
      watch_import();
    });
  });
}

}  // namespace dits::web
