#include "server/backup/attachment_files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/files.hpp"

namespace dits {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view sealed_suffix = ".sealed";
constexpr std::size_t hash_digits = 64;

bool is_hash(std::string_view text) {
  return text.size() == hash_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string path_of(const std::string& directory, const std::string& hash) {
  return directory + "/" + hash.substr(0, 2) + "/" + hash.substr(2);
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

using Take = std::function<Result<void>(std::string_view)>;

// As read_file_in_pieces, for a file that may be sealed.
Result<void> read_opened(const std::string& path, SealKeys& keys, const Take& take) {
  if (!path.ends_with(sealed_suffix)) return read_file_in_pieces(path, take);
  SealReader reader(keys, take);
  TRY(read_file_in_pieces(path, [&](std::string_view piece) { return reader.add(piece); }));
  return reader.finish();
}

// Does the file hold what its name says?
Result<bool> is_unharmed(const std::string& path, const std::string& hash, SealKeys& keys) {
  Sha256 digest;
  const Result<void> read = read_opened(path, keys, [&](std::string_view piece) {
    digest.add(piece);
    return Result<void>();
  });
  if (!read && read.error().kind == "passphrase") return read.error();
  return read && hex(digest.finish()) == hash;
}

// Writes `path` under a temporary name with what `fill` gives to its writer; then the file is there, synced.
Result<void> write_completely(const std::string& path, const std::function<Result<void>(const Take&)>& fill) {
  const std::string temporary = path + ".new-" + std::to_string(::getpid());
  const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot create " + temporary);
  Result<void> done = fill([&](std::string_view piece) { return write_all(file.get(), piece, temporary); });
  if (done && ::fsync(file.get()) != 0) done = system_error("cannot write " + temporary);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0)
    done = system_error("cannot rename " + temporary);
  if (!done) ::unlink(temporary.c_str());
  return done;
}

Result<void> seal_file(const std::string& from, const std::string& to, SealKeys& keys) {
  return write_completely(to, [&](const Take& put) -> Result<void> {
    SealWriter writer = TRY(SealWriter::begin(keys));
    const auto seal = [&](std::string_view piece) -> Result<void> { return put(TRY(writer.add(piece))); };
    TRY(read_file_in_pieces(from, seal));
    return put(TRY(writer.finish()));
  });
}

Result<void> link_or_copy(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0 || errno == EEXIST) return {};
  return write_completely(to, [&](const Take& put) { return read_file_in_pieces(from, put); });
}

}  // namespace

Result<std::vector<std::string>> back_up_attachments(const AttachmentPlaces& places,
                                                     const std::vector<DumpedAttachment>& attachments,
                                                     SealKeys& keys) {
  std::vector<std::string> missing;
  for (const DumpedAttachment& one : attachments) {
    if (!is_hash(one.sha256)) continue;
    const std::string from = path_of(places.store, one.sha256);
    const std::string to =
        path_of(places.backup, one.sha256) + (keys.has_passphrase() ? std::string(sealed_suffix) : "");
    if (exists(to)) continue;
    if (!exists(from) || !TRY(is_unharmed(from, one.sha256, keys))) {
      missing.push_back(one.sha256);
      continue;
    }
    const std::string directory = fs::path(to).parent_path().string();
    TRY(make_directories(directory, 0700));
    TRY(keys.has_passphrase() ? seal_file(from, to, keys) : link_or_copy(from, to));
    TRY(sync_directory(directory));
  }
  return missing;
}

Result<std::vector<std::string>> restore_attachments(const AttachmentPlaces& places,
                                                     const std::vector<DumpedAttachment>& attachments,
                                                     SealKeys& keys) {
  std::vector<std::string> missing;
  for (const DumpedAttachment& one : attachments) {
    if (!is_hash(one.sha256)) continue;
    const std::string to = path_of(places.store, one.sha256);
    if (exists(to) && TRY(is_unharmed(to, one.sha256, keys))) continue;
    std::string from = path_of(places.backup, one.sha256);
    if (!exists(from)) from += sealed_suffix;
    if (!exists(from) || !TRY(is_unharmed(from, one.sha256, keys))) {
      missing.push_back(one.sha256);
      continue;
    }
    const std::string directory = fs::path(to).parent_path().string();
    TRY(make_directories(directory, 0700));
    TRY(write_completely(to, [&](const Take& put) { return read_opened(from, keys, put); }));
    TRY(sync_directory(directory));
  }
  return missing;
}

void remove_unwanted_attachments(const std::string& backup, const std::vector<std::string>& wanted) {
  std::vector<std::string> sorted = wanted;
  std::ranges::sort(sorted);
  std::error_code ignored;
  std::vector<fs::path> unwanted;
  const fs::recursive_directory_iterator end;
  for (fs::recursive_directory_iterator at(backup, ignored); at != end; at.increment(ignored)) {
    if (!at->is_regular_file(ignored)) continue;
    std::string name = at->path().filename().string();
    if (name.ends_with(sealed_suffix)) name.resize(name.size() - sealed_suffix.size());
    const std::string hash = at->path().parent_path().filename().string() + name;
    if (is_hash(hash) && !std::ranges::binary_search(sorted, hash)) unwanted.push_back(at->path());
  }
  for (const fs::path& path : unwanted) fs::remove(path, ignored);
}

}  // namespace dits
