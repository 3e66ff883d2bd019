// Export and import. Both go through a file without a name on the server's disk: what is read from the
// database is not held up by a slow client, an export that fails answers with its error and not with half a
// file, and an import begins when all of it is here.
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <unistd.h>

#include "server/api/handlers.hpp"
#include "server/api/records.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/export.hpp"
#include "server/service/import.hpp"
#include "shared/api/paths.hpp"

namespace dits {

namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
constexpr std::size_t most_import_bytes = std::size_t{4} * 1024 * 1024 * 1024;
constexpr std::int64_t room_check_bytes = std::int64_t{8} * 1024 * 1024;

// How far the import of each account is, for whoever waits for it.
class ImportBoard {
 public:
  struct Place {
    std::int64_t bytes_done = 0;
    std::int64_t bytes_total = 0;
    std::int64_t read = 0;
  };
  // Errors: conflict, when one is running already.
  Result<std::shared_ptr<void>> begin(UserId user_id, std::int64_t bytes_total) {
    const std::lock_guard lock(mutex_);
    if (!running_.emplace(user_id, Place{0, bytes_total, 0}).second)
      return conflict("An import into this account is running already.", "import_running");
    return std::shared_ptr<void>(nullptr, [this, user_id](void*) {
      const std::lock_guard end_lock(mutex_);
      running_.erase(user_id);
    });
  }
  void set(UserId user_id, std::int64_t bytes_done, std::int64_t read) {
    const std::lock_guard lock(mutex_);
    running_[user_id].bytes_done = bytes_done;
    running_[user_id].read = read;
  }
  std::optional<Place> find(UserId user_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(user_id);
    return found == running_.end() ? std::nullopt : std::optional<Place>(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::map<UserId, Place> running_;
};

Result<const AttachmentFiles*> files_of(const ServiceContext& context) {
  if (context.files == nullptr) return unavailable("This server has no directory to work in.");
  return context.files;
}

Result<std::size_t> read_some(int file, std::array<char, piece_bytes>& buffer) {
  while (true) {
    const ssize_t count = ::read(file, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return system_error("cannot read a file of the server");
  }
}

Result<http::Response> get_export(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"format"}));
  const ExportFormat format = TRY(export_format_from_name(request.query("format").value_or("json")));
  const AttachmentFiles& files = *TRY(files_of(context));
  auto file = std::make_shared<FileDescriptor>(TRY(files.open_scratch()));
  std::uint64_t size = 0;
  std::int64_t since_check = 0;
  const auto write = [&](std::string_view bytes) -> Result<void> {
    size += bytes.size();
    since_check += static_cast<std::int64_t>(bytes.size());
    if (since_check > room_check_bytes) {
      since_check = 0;
      TRY(files.check_room());
    }
    return write_all(file->get(), bytes, "the export");
  };
  TRY(export_account(context, request.viewer, format, write, nullptr));
  if (::lseek(file->get(), 0, SEEK_SET) != 0) return system_error("cannot read a file of the server");
  http::Response response;
  response.status = 200;
  response.content_type = content_type_of(format);
  response.with_header("Content-Disposition",
                       "attachment; filename=\"" + std::string(file_name_of(format)) + "\"");
  response.stream_bytes = size;
  response.stream = [file](const auto& out) {
    std::array<char, piece_bytes> buffer;
    const Result<std::size_t> count = read_some(file->get(), buffer);
    return count && *count > 0 && out({buffer.data(), *count});
  };
  return response;
}

Json notes_json(const ImportNotes& notes) {
  Json list = Json::array();
  for (const ImportNote& note : notes.kept()) list.push_back({{"line", note.line}, {"text", note.what}});
  return list;
}

Json counts_json(const ImportCounts& counts) {
  return {{"read", counts.read},
          {"issues", counts.issues},
          {"comments", counts.comments},
          {"files", counts.files},
          {"projects", counts.projects},
          {"areas", counts.areas},
          {"labels", counts.labels},
          {"changes", counts.changes},
          {"sameTitle", counts.same_title},
          {"noteCount", counts.notes.count()},
          {"notes", notes_json(counts.notes)}};
}

// What the table's messages call flags are parameters here.
std::string with_parameters(std::string text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words = {
      {{"--map-value ", "values="},
       {"--map ", "columns="},
       {"--dates ", "dates="},
       {"--encoding ", "encoding="}}};
  for (const auto& [flag, parameter] : words) {
    for (std::size_t at = text.find(flag); at != std::string::npos;
         at = text.find(flag, at + parameter.size()))
      text.replace(at, flag.size(), parameter);
  }
  return text;
}

template <typename T>
Result<T> with_parameters(Result<T> done) {
  if (done) return done;
  Error error = std::move(done).error();
  error.message = with_parameters(std::move(error.message));
  for (FieldError& field : error.fields) field.message = with_parameters(std::move(field.message));
  return error;
}

Result<void> refuse_gzip(std::string_view beginning) {
  if (!beginning.starts_with("\x1F\x8B")) return {};
  return invalid(
      "", "This file is gzipped: unpack it before it is sent. dits import on the server takes it as it is.");
}

Result<std::int64_t> receive(const AttachmentFiles& files, const http::Request& request, int file) {
  std::int64_t size = 0;
  std::int64_t since_check = 0;
  while (true) {
    const std::string_view piece = TRY(request.read_body());
    if (piece.empty()) return size;
    size += static_cast<std::int64_t>(piece.size());
    since_check += static_cast<std::int64_t>(piece.size());
    if (since_check > room_check_bytes) {
      since_check = 0;
      TRY(files.check_room());
    }
    TRY(write_all(file, piece, "the import"));
  }
}

Result<std::unique_ptr<Import>> begin_import(ServiceContext& context, const http::Request& request) {
  const std::string_view format = request.query("format").value_or("json");
  if (format == "json") {
    for (const std::string_view of_tables : {"columns", "values", "dates", "encoding", "dryRun"}) {
      if (request.query(of_tables)) return invalid(std::string(of_tables), "Is for tables: say format=csv.");
    }
    return begin_json_import(context, request.viewer);
  }
  if (format != "csv") return invalid("format", "Must be json or csv.");
  CsvImportOptions options;
  options.columns = TRY(column_map_from_text(request.query("columns").value_or("")));
  options.values = TRY(value_map_from_text(request.query("values").value_or("")));
  options.dates = TRY(date_order_from_text(request.query("dates").value_or("")));
  options.encoding = request.query("encoding").value_or("");
  options.is_dry_run = TRY(flag_query(request, "dryRun"));
  return begin_csv_import(context, request.viewer, std::move(options));
}

Result<http::Response> post_import(ServiceContext& context,
                                   ImportBoard& board,
                                   const http::Request& request) {
  TRY(request.refuse_unknown_query({"format", "columns", "values", "dates", "encoding", "dryRun"}));
  const AttachmentFiles& files = *TRY(files_of(context));
  const FileDescriptor file = TRY(files.open_scratch());
  const std::int64_t size = TRY(receive(files, request, file.get()));
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return system_error("cannot read a file of the server");
  const std::shared_ptr<void> place = TRY(board.begin(request.viewer.user_id, size));
  const std::unique_ptr<Import> import = TRY(with_parameters(begin_import(context, request)));
  std::array<char, piece_bytes> buffer;
  std::int64_t done = 0;
  while (true) {
    const std::size_t count = TRY(read_some(file.get(), buffer));
    if (count == 0) break;
    if (done == 0) TRY(refuse_gzip({buffer.data(), count}));
    TRY(with_parameters(import->add({buffer.data(), count})));
    done += static_cast<std::int64_t>(count);
    board.set(request.viewer.user_id, done, import->counts().read);
  }
  return http::Response::ok(dump(counts_json(TRY(with_parameters(import->finish())))));
}

Result<http::Response> get_import(const ImportBoard& board, const http::Request& request) {
  const std::optional<ImportBoard::Place> place = board.find(request.viewer.user_id);
  const ImportBoard::Place shown = place.value_or(ImportBoard::Place{});
  return http::Response::ok(dump({{"isRunning", place.has_value()},
                                  {"bytesDone", shown.bytes_done},
                                  {"bytesTotal", shown.bytes_total},
                                  {"read", shown.read}}));
}

http::Limits heavy() {
  http::Limits limits;
  limits.is_heavy = true;
  return limits;
}

http::Limits limits_of_import() {
  http::Limits limits = heavy();
  limits.max_body_bytes = most_import_bytes;
  limits.takes_file = true;
  return limits;
}

}  // namespace

std::vector<http::Route> transfer_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  const auto board = std::make_shared<ImportBoard>();
  return {
      {Method::get,
       paths::exports,
       Who::user,
       Scope::read,
       bound(context, get_export),
       {"Gives everything as a file: JSON without loss, CSV, or Markdown in a tar",
        {},
        {},
        "format",
        "application/x-ndjson,text/csv,application/x-tar"},
       heavy()},
      {Method::get,
       paths::imports,
       Who::user,
       Scope::read,
       [board](const http::Request& request) { return get_import(*board, request); },
       {"How far a running import is", {}, "ImportProgress"}},
      {Method::post,
       paths::imports,
       Who::user,
       Scope::write,
       [&context, board](const http::Request& request) { return post_import(context, *board, request); },
       {"Takes an export of DITS, or a table of issues",
        {},
        "ImportResult",
        "format,columns,values,dates,encoding,dryRun"},
       limits_of_import()},
  };
}

}  // namespace dits
