// `dits import github|json|csv FILE`.
#include "server/service/import.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include "server/backup/gzip.hpp"
#include "server/base/files.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/output_file.hpp"
#include "server/cli/session.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"
#include "server/service/github_file.hpp"
#include "server/service/import_github.hpp"

namespace dits::cli {

namespace {

// The file, or the standard input where it is "-": that one as it was opened, which may be by somebody with
// more rights.
Result<void> read_input(const std::string& path, const GzipReader::Take& take) {
  if (path != "-") return read_maybe_gzip(path, take);
  GzipReader reader(take);
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("cannot read the standard input");
    if (count == 0) return reader.finish();
    TRY(reader.add({buffer.data(), static_cast<std::size_t>(count)}));
  }
}

void print_notes(const ImportNotes& notes) {
  const std::vector<ImportNote> kept = notes.kept();
  for (const ImportNote& note : kept)
    std::fprintf(stderr, "line %lld: %s\n", static_cast<long long>(note.line), harmless(note.what).c_str());
  const std::int64_t more = notes.count() - static_cast<std::int64_t>(kept.size());
  if (more > 0) std::fprintf(stderr, "... and %s more\n", grouped(more).c_str());
}

// What stands in a file and did not come in.
struct LeftOut {
  std::int64_t unread = 0;
  std::int64_t trashed = 0;
  std::int64_t older = 0;
};

// What came is there; the error is for the exit code, and says that it is not all as it was.
Result<void> tell_changes(const ImportNotes& notes, const LeftOut& left) {
  print_notes(notes);
  std::vector<std::string> parts;
  if (left.unread > 0) parts.push_back(counted(left.unread, "issue") + " could not be read");
  if (left.trashed > 0)
    parts.push_back(counted(left.trashed, "issue") + (left.trashed == 1 ? " lies" : " lie") +
                    " in the trash here and stayed there (restore to have them)");
  if (left.older > 0)
    parts.push_back(counted(left.older, "issue") + (left.older == 1 ? " is" : " are") +
                    " older in the file than here and stayed as they are");
  const std::int64_t changed = notes.count() - left.trashed - left.older;
  if (changed > 0) parts.push_back(counted(changed, "value") + " came in otherwise than in the file");
  if (parts.empty()) return {};
  std::string text = "Imported, but ";
  for (std::size_t at = 0; at < parts.size(); ++at) text += (at == 0 ? "" : ", and ") + parts[at];
  Error error = conflict(text + ": see the lines above.");
  error.kind = imported_with_changes;
  return error;
}

void print_summary(const ImportSummary& summary, const GithubFile& file) {
  std::printf("%s read: %s created, %s updated, %s unchanged, %s kept as changed here\n",
              counted(summary.read, "issue").c_str(),
              grouped(summary.created).c_str(),
              grouped(summary.updated).c_str(),
              grouped(summary.unchanged).c_str(),
              grouped(summary.kept).c_str());
  std::printf("%s, %s, %s made\n",
              counted(summary.projects, "project").c_str(),
              counted(summary.labels, "label").c_str(),
              counted(summary.links, "git link").c_str());
  if (file.repeated() > 0)
    std::printf("%s in the file once more: the one that was changed last counts\n",
                counted(file.repeated(), "issue").c_str());
  if (summary.mended > 0)
    std::printf("%s of earlier imports refer to what came now\n", counted(summary.mended, "issue").c_str());
  if (file.without_state() > 0)
    std::printf("%s without a state in the file: open\n", counted(file.without_state(), "issue").c_str());
  if (file.without_date() > 0)
    std::printf("%s without the day of creation in the file: today, or that of the last change\n",
                counted(file.without_date(), "issue").c_str());
}

}  // namespace

Result<void> import_github_file(const CommandLine& line, const Config& config) {
  const std::string path = line.get("FILE");
  if (path != "-") TRY(check_readable("FILE", path));
  Progress progress(line, "issue");
  const auto read = [&](const GzipReader::Take& take) { return read_input(path, take); };
  const std::string name = path == "-" ? "Standard input" : std::filesystem::path(path).filename().string();
  // All of it before anything is written: a damaged file changes nothing.
  GithubFile file = TRY(GithubFile::read(
      read, {name, line.has("--strict")}, [&](std::int64_t count) { progress.show(count, -1); }));
  const auto session = TRY(Session::open(config, DirectoryUse::none, OpenedBy::maker));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  const auto done_of = [](const ImportSummary& summary) {
    return summary.created + summary.updated + summary.unchanged + summary.kept + summary.trashed +
           summary.older;
  };
  const ImportSummary summary =
      TRY(import_github(session->services(),
                        command_line_viewer(user.id, user.role),
                        file,
                        [&](const ImportSummary& so_far, std::int64_t total) {
                          const std::int64_t done = done_of(so_far);
                          progress.show(done, static_cast<double>(done) / static_cast<double>(total));
                        }));
  const std::int64_t unread = file.problems().count();
  const LeftOut left{unread, summary.trashed, summary.older};
  progress.finish(done_of(summary));
  print_notes(file.problems());
  if (line.has("--json")) {
    print_json({{"read", summary.read},
                {"created", summary.created},
                {"updated", summary.updated},
                {"unchanged", summary.unchanged},
                {"kept", summary.kept},
                {"trashed", summary.trashed},
                {"older", summary.older},
                {"repeated", file.repeated()},
                {"mended", summary.mended},
                {"projects", summary.projects},
                {"labels", summary.labels},
                {"links", summary.links},
                {"withoutState", file.without_state()},
                {"withoutDate", file.without_date()},
                {"unread", unread},
                {"changed", summary.notes.count()}});
    return tell_changes(summary.notes, left);
  }
  if (!line.has("--quiet")) print_summary(summary, file);
  return tell_changes(summary.notes, left);
}

namespace {

using BeginImport =
    std::function<Result<std::unique_ptr<Import>>(ServiceContext& context, const Viewer& viewer)>;

Result<void> import_file(const CommandLine& line,
                         const Config& config,
                         DirectoryUse use,
                         const BeginImport& begin) {
  const std::string path = line.get("FILE");
  if (path != "-") TRY(check_readable("FILE", path));
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(path, problem);
  const bool is_gzip = path.ends_with(".gz");
  const auto session = TRY(Session::open(config, use, OpenedBy::maker));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  const std::unique_ptr<Import> import =
      TRY(begin(session->services(), command_line_viewer(user.id, user.role)));
  Progress progress(line, "record");
  std::uintmax_t done = 0;
  const auto take = [&](std::string_view piece) -> Result<void> {
    TRY(import->add(piece));
    done += piece.size();
    const bool knows_size = !problem && !is_gzip && size > 0;
    progress.show(import->counts().read,
                  knows_size ? static_cast<double>(done) / static_cast<double>(size) : -1);
    return {};
  };
  TRY(read_input(path, take));
  const ImportCounts counts = TRY(import->finish());
  progress.finish(counts.read);
  if (line.has("--json")) {
    print_json({{"issues", counts.issues},
                {"comments", counts.comments},
                {"files", counts.files},
                {"projects", counts.projects},
                {"areas", counts.areas},
                {"labels", counts.labels},
                {"changes", counts.changes},
                {"sameTitle", counts.same_title},
                {"changed", counts.notes.count()},
                {"written", !line.has("--dry-run")}});
    return tell_changes(counts.notes, {});
  }
  if (line.has("--quiet")) return tell_changes(counts.notes, {});
  std::printf("%s%s, %s, %s, %s, %s, %s, %s of history\n",
              line.has("--dry-run") ? "Nothing was written; it would be " : "",
              counted(counts.issues, "issue").c_str(),
              counted(counts.comments, "comment").c_str(),
              counted(counts.files, "file").c_str(),
              counted(counts.projects, "project").c_str(),
              counted(counts.areas, "area").c_str(),
              counted(counts.labels, "label").c_str(),
              counted(counts.changes, "change").c_str());
  if (counts.same_title > 0) {
    std::printf(
        "%s of them %s the title of an issue that was here before: was this table imported already?\n",
        grouped(counts.same_title).c_str(),
        counts.same_title == 1 ? "has" : "have");
  }
  return tell_changes(counts.notes, {});
}

}  // namespace

Result<void> import_json_file(const CommandLine& line, const Config& config) {
  return import_file(line, config, DirectoryUse::files, begin_json_import);
}

Result<void> import_csv_file(const CommandLine& line, const Config& config) {
  CsvImportOptions options;
  options.columns = TRY(column_map_from_text(line.get("--map")));
  options.values = TRY(value_map_from_text(line.get("--map-value")));
  options.dates = TRY(date_order_from_text(line.get("--dates")));
  options.encoding = line.get("--encoding");
  options.is_dry_run = line.has("--dry-run");
  return import_file(line, config, DirectoryUse::none, [&](ServiceContext& context, const Viewer& viewer) {
    return begin_csv_import(context, viewer, options);
  });
}

}  // namespace dits::cli
