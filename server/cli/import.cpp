// `dits import github|json|csv FILE`.
#include "server/service/import.hpp"

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/backup/gzip.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"
#include "server/service/import_github.hpp"

namespace dits::cli {

namespace {

constexpr std::size_t longest_line = 16 * 1024 * 1024;

// All lines, unpacked. Read before anything is written: a damaged file changes nothing.
Result<std::vector<std::string>> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::string rest;
  TRY(read_maybe_gzip(path, [&](std::string_view piece) -> Result<void> {
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      rest += piece.substr(0, end);
      lines.push_back(std::move(rest));
      rest.clear();
      piece.remove_prefix(end + 1);
    }
    rest += piece;
    if (rest.size() > longest_line)
      return invalid("FILE", "Line " + std::to_string(lines.size() + 1) + " is longer than 16 MB.");
    return {};
  }));
  if (!rest.empty()) lines.push_back(std::move(rest));
  return lines;
}

void print_notes(const ImportNotes& notes) {
  const std::vector<ImportNote> kept = notes.kept();
  for (const ImportNote& note : kept)
    std::fprintf(stderr, "line %lld: %s\n", static_cast<long long>(note.line), note.what.c_str());
  const std::int64_t more = notes.count() - static_cast<std::int64_t>(kept.size());
  if (more > 0) std::fprintf(stderr, "... and %s more\n", grouped(more).c_str());
}

// What came is there; the error is for the exit code, and says that it is not all as it was.
Result<void> tell_changes(const ImportNotes& notes, std::int64_t unread) {
  print_notes(notes);
  if (notes.count() == 0 && unread == 0) return {};
  std::string text = "Imported, but";
  if (unread > 0) text += " " + counted(unread, "line") + " could not be read";
  if (unread > 0 && notes.count() > 0) text += ", and";
  if (notes.count() > 0)
    text += " " + counted(notes.count(), "value") + " came in otherwise than in the file";
  Error error = conflict(text + ": see the lines above.");
  error.kind = imported_with_changes;
  return error;
}

void print_summary(const ImportSummary& summary) {
  print_notes(summary.problems);
  std::printf("%s issues read: %s created, %s updated, %s unchanged, %s kept as changed here\n",
              grouped(summary.lines).c_str(),
              grouped(summary.created).c_str(),
              grouped(summary.updated).c_str(),
              grouped(summary.unchanged).c_str(),
              grouped(summary.kept).c_str());
  std::printf("%s, %s, %s made\n",
              counted(summary.projects, "project").c_str(),
              counted(summary.labels, "label").c_str(),
              counted(summary.links, "git link").c_str());
}

}  // namespace

Result<void> import_github_file(const CommandLine& line, const Config& config) {
  std::vector<std::string> lines = TRY(lines_of(line.get("FILE")));
  const auto session = TRY(Session::open(config, DirectoryUse::none, OpenedBy::maker));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  std::size_t at = 0;
  const auto next_line = [&]() -> std::optional<std::string> {
    if (at == lines.size()) return std::nullopt;
    return std::move(lines[at++]);
  };
  Progress progress("issues");
  const auto show = [&](const ImportSummary& summary, std::int64_t total) {
    const std::int64_t done = summary.created + summary.updated + summary.unchanged + summary.kept;
    progress.show(done, total > 0 ? static_cast<double>(done) / static_cast<double>(total) : -1);
  };
  const ImportSummary summary = TRY(import_github(
      session->services(), command_line_viewer(user.id, user.role), next_line, {line.has("--strict")}, show));
  const std::int64_t done = summary.created + summary.updated + summary.unchanged + summary.kept;
  if (done == 0 && summary.problems.count() > 0) {
    return invalid(
        "FILE",
        "No line of FILE could be read (the first problem: " + summary.problems.kept().front().what +
            "). It takes issues as GitHub's API gives them, one JSON object a line; dits import csv and dits "
            "import json take other files.");
  }
  progress.finish(done);
  if (line.has("--json")) {
    print_json({{"read", summary.lines},
                {"created", summary.created},
                {"updated", summary.updated},
                {"unchanged", summary.unchanged},
                {"kept", summary.kept},
                {"projects", summary.projects},
                {"labels", summary.labels},
                {"links", summary.links},
                {"unread", summary.problems.count()},
                {"changed", summary.notes.count()}});
    print_notes(summary.problems);
    return tell_changes(summary.notes, summary.problems.count());
  }
  print_summary(summary);
  return tell_changes(summary.notes, summary.problems.count());
}

namespace {

using BeginImport =
    std::function<Result<std::unique_ptr<Import>>(ServiceContext& context, const Viewer& viewer)>;

Result<void> import_file(const CommandLine& line,
                         const Config& config,
                         DirectoryUse use,
                         const BeginImport& begin) {
  const std::string path = line.get("FILE");
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(path, problem);
  const bool is_gzip = path.ends_with(".gz");
  const auto session = TRY(Session::open(config, use, OpenedBy::maker));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  const std::unique_ptr<Import> import =
      TRY(begin(session->services(), command_line_viewer(user.id, user.role)));
  Progress progress("records");
  std::uintmax_t done = 0;
  const auto take = [&](std::string_view piece) -> Result<void> {
    TRY(import->add(piece));
    done += piece.size();
    const bool knows_size = !problem && !is_gzip && size > 0;
    progress.show(import->counts().read,
                  knows_size ? static_cast<double>(done) / static_cast<double>(size) : -1);
    return {};
  };
  TRY(read_maybe_gzip(path, take));
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
                {"changed", counts.notes.count()},
                {"written", !line.has("--dry-run")}});
    return tell_changes(counts.notes, 0);
  }
  std::printf("%s%s, %s, %s, %s, %s, %s, %s of history\n",
              line.has("--dry-run") ? "Nothing was written; it would be " : "",
              counted(counts.issues, "issue").c_str(),
              counted(counts.comments, "comment").c_str(),
              counted(counts.files, "file").c_str(),
              counted(counts.projects, "project").c_str(),
              counted(counts.areas, "area").c_str(),
              counted(counts.labels, "label").c_str(),
              counted(counts.changes, "change").c_str());
  return tell_changes(counts.notes, 0);
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
