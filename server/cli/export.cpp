// `dits export json|csv|markdown`.
#include "server/service/export.hpp"

#include <cstdio>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"

namespace dits::cli {

namespace {

// A file that appears under its name when it is complete.
class OutputFile {
 public:
  // Empty, and "-": the standard output.
  static Result<OutputFile> create(const std::string& path) {
    OutputFile file;
    if (path.empty() || path == "-") return file;
    file.path_ = path;
    file.part_ = path + ".part";
    file.file_ = FileDescriptor(::open(file.part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.file_.is_open()) return system_error("cannot write " + file.part_);
    return file;
  }
  OutputFile(OutputFile&&) = default;
  ~OutputFile() {
    if (file_.is_open()) ::unlink(part_.c_str());
  }

  Result<void> write(std::string_view bytes) {
    return write_all(
        path_.empty() ? STDOUT_FILENO : file_.get(), bytes, path_.empty() ? "the standard output" : part_);
  }
  Result<void> finish() {
    if (path_.empty()) return {};
    if (::fsync(file_.get()) != 0) return system_error("cannot write " + part_);
    if (::rename(part_.c_str(), path_.c_str()) != 0) return system_error("cannot write " + path_);
    file_ = FileDescriptor();
    return sync_name(path_);
  }

 private:
  OutputFile() = default;
  std::string path_;
  std::string part_;
  FileDescriptor file_;
};

Result<void> export_to_file(const CommandLine& line, const Config& config, ExportFormat format) {
  const DirectoryUse use = format == ExportFormat::csv ? DirectoryUse::none : DirectoryUse::files;
  const auto session = TRY(Session::open(config, use));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  OutputFile file = TRY(OutputFile::create(line.get("-o")));
  Progress progress(format == ExportFormat::json  ? "records"
                    : format == ExportFormat::csv ? "issues"
                                                  : "files");
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
  std::error_code problem;
  if (std::filesystem::exists(folder, problem) && !std::filesystem::is_empty(folder, problem))
    return conflict(folder + " is not empty: name a new folder.");
  const auto session = TRY(Session::open(config, DirectoryUse::files));
  const User user = TRY(find_account(session->services(), line.get("--user")));
  TRY(make_directories(folder));
  Progress progress("files");
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
