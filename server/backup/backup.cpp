#include "server/backup/backup.hpp"

#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "server/backup/gzip.hpp"
#include "server/base/files.hpp"

namespace dits {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "dits_backup_";
constexpr std::string_view suffix = ".sql.gz";
constexpr std::string_view last_line = "-- PostgreSQL database dump complete";
constexpr std::size_t kept_ones = 3;

bool is_backup_name(std::string_view name) {
  return name.size() == prefix.size() + 15 + suffix.size() && name.starts_with(prefix) &&
         name.ends_with(suffix);
}

// Unpacks it again: its checksum must be right and pg_dump's last words must stand at its end.
Result<void> check_backup(const std::string& path) {
  std::string tail;
  TRY(read_maybe_gzip(path, [&tail](std::string_view piece) {
    tail += piece;
    if (tail.size() > 4096) tail.erase(0, tail.size() - 4096);
    return Result<void>();
  }));
  if (tail.find(last_line) == std::string::npos) return unavailable("The backup is not complete.");
  return {};
}

}  // namespace

std::string backup_name(Timestamp now) {
  const std::string time = to_string(now);  // 2025-10-07T12:00:00.000Z
  std::string digits;
  for (const char c : time.substr(0, 19)) {
    if (c >= '0' && c <= '9') digits += c;
    if (c == 'T') digits += '_';
  }
  return std::string(prefix) + digits + std::string(suffix);
}

Result<Backup> write_backup(embedded::Program pg_dump, const std::string& directory, Clock& clock) {
  TRY(make_directories(directory, 0700));
  const std::string path = directory + "/" + backup_name(clock.now());
  const std::string temporary = path + ".new";
  FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot create " + temporary);
  pg_dump.arguments = {"--format=plain", "--no-owner", "--no-privileges", "--encoding=UTF8", "--no-password"};
  GzipWriter gzip;
  Result<void> written = run_program(
      pg_dump, [&](std::string_view piece) { return write_all(file.get(), gzip.add(piece), temporary); });
  if (written) written = write_all(file.get(), gzip.finish(), temporary);
  if (written && ::fsync(file.get()) != 0) written = system_error("cannot write " + temporary);
  if (written) written = check_backup(temporary);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
    written = system_error("cannot rename " + temporary);
  if (!written) {
    ::unlink(temporary.c_str());
    return std::move(written).error();
  }
  TRY(sync_directory(directory));
  std::error_code ignored;
  return Backup{path, static_cast<std::int64_t>(fs::file_size(path, ignored))};
}

std::vector<Backup> list_backups(const std::string& directory) {
  std::vector<Backup> backups;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored)) {
    if (!is_backup_name(entry.path().filename().string())) continue;
    backups.push_back({entry.path().string(), static_cast<std::int64_t>(entry.file_size(ignored))});
  }
  std::ranges::sort(backups, std::greater<>(), &Backup::path);
  return backups;
}

int remove_old_backups(const std::string& directory, int days, Timestamp now) {
  const std::string oldest = directory + "/" + backup_name({now.unix_ms - days * ms_per_day});
  const std::vector<Backup> backups = list_backups(directory);
  int removed = 0;
  for (std::size_t at = kept_ones; at < backups.size(); ++at) {
    if (backups[at].path < oldest && ::unlink(backups[at].path.c_str()) == 0) ++removed;
  }
  return removed;
}

}  // namespace dits
