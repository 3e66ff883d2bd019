// `dits export json|csv|markdown`.
#include "server/service/export.hpp"

#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "server/cli/commands.hpp"
#include "server/cli/output_file.hpp"
#include "server/cli/session.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"

namespace dits::cli {

namespace {

Result<void> export_to_file(const CommandLine& line, const Config& config, ExportFormat format) {
  OutputFile file = TRY(OutputFile::create(line));
  const DirectoryUse use = format == ExportFormat::csv ? DirectoryUse::none : DirectoryUse::files;
  const auto session = TRY(Session::open(config, use));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  Progress progress(line,
                    format == ExportFormat::json  ? "record"
                    : format == ExportFormat::csv ? "issue"
                                                  : "file");
  const std::int64_t count = TRY(export_account(
      session->services(),
      command_line_viewer(user.id, user.role),
      format,
      [&](std::string_view bytes) { return file.write(bytes); },
      [&](std::int64_t done, std::int64_t total) {
        progress.show(done, total > 0 ? static_cast<double>(done) / static_cast<double>(total) : -1);
      }));
  TRY(file.finish());
  progress.finish(count);
  return {};
}

Result<void> write_file(const std::string& folder,
                        const ExportedFile& file,
                        const std::function<Result<void>(const ExportSink&)>& write) {
  const std::string path = folder + "/" + file.path;
  TRY(make_directories(path.substr(0, path.rfind('/'))));
  const FileDescriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out.is_open()) return system_error("cannot write " + path);
  return write([&](std::string_view bytes) { return write_all(out.get(), bytes, path); });
}

}  // namespace

Result<void> export_json_file(const CommandLine& line, const Config& config) {
  return export_to_file(line, config, ExportFormat::json);
}

Result<void> export_csv_file(const CommandLine& line, const Config& config) {
  return export_to_file(line, config, ExportFormat::csv);
}

Result<void> export_markdown_folder(const CommandLine& line, const Config& config) {
  const std::string folder = line.get("-o");
  if (folder == "-" || folder.ends_with(".tar")) return export_to_file(line, config, ExportFormat::markdown);
  TRY(check_new_folder(folder));
  const auto session = TRY(Session::open(config, DirectoryUse::files));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  if (const Result<void> made = make_directories(folder); !made) return wrong_path(made.error());
  Progress progress(line, "file");
  const std::int64_t count = TRY(export_markdown_files(
      session->services(),
      command_line_viewer(user.id, user.role),
      [&](const ExportedFile& file, const auto& write) { return write_file(folder, file, write); },
      [&](std::int64_t done, std::int64_t total) {
        progress.show(done, total > 0 ? static_cast<double>(done) / static_cast<double>(total) : -1);
      }));
  TRY(sync_file_system(folder));  // once, instead of a thousand single files
  progress.finish(count);
  return {};
}

}  // namespace dits::cli
