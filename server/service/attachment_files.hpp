// The bytes of attachments: one file for each content, named by its SHA-256, in <data directory>/attachments:
// ab/cdef….
// A file is complete before any row speaks of it. It goes at once with the last thing that was deleted for
// ever and had it; what else nobody speaks of stays for an hour at least.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "server/base/config.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "shared/core/id.hpp"
#include "shared/model/attachment.hpp"

namespace dits {

struct AttachmentLimits {
  std::int64_t max_file_bytes = std::int64_t{25} * 1024 * 1024;
  std::int64_t max_user_bytes = std::int64_t{2048} * 1024 * 1024;     // of all files of one user
  std::int64_t disk_reserve_bytes = std::int64_t{256} * 1024 * 1024;  // stays free for the database
};

// Files of which no row was seen to speak, since when, and how they were then: an hour is counted by a clock
// that nobody sets, from a look at which the last row was gone. Of one process, which begins anew.
struct UnusedFiles {
  using Time = std::chrono::steady_clock::time_point;
  struct Seen {
    Time since;
    std::uint64_t inode = 0;
    std::int64_t changed_ns = 0;  // by the file system
  };
  std::map<std::string, Seen> by_path;
};

class AttachmentFiles {
 public:
  // The directory is made with the first upload.
  AttachmentFiles(std::string directory, const AttachmentLimits& limits)
      : directory_(std::move(directory)), limits_(limits) {}

  const AttachmentLimits& limits() const { return limits_; }
  const std::string& directory() const { return directory_; }

  // A file on its way in: written to a temporary name, which is gone when the upload is destroyed.
  class Upload {
   public:
    Upload(const AttachmentFiles& files, FileDescriptor file, std::string path);
    ~Upload();
    Upload(Upload&&) = delete;

    // Errors: invalid, kind "payload_too_large"; unavailable, kind "disk_full".
    Result<void> add(std::string_view bytes);
    // Lasting, and under its own name. From here until the upload is destroyed, remove_unused() leaves the
    // file alone: write the row meanwhile.
    Result<void> keep();

    std::int64_t byte_size() const { return byte_size_; }
    const std::string& head() const { return head_; }      // the first bytes, by which it is known
    const std::string& sha256() const { return sha256_; }  // in hexadecimal; after keep()

   private:
    Result<void> keep_it();

    const AttachmentFiles& files_;
    FileDescriptor file_;
    FileDescriptor lock_;
    std::string path_;
    std::string head_;
    std::string sha256_;
    Sha256 hash_;
    std::int64_t byte_size_ = 0;
    std::int64_t checked_bytes_ = 0;  // of these, when the disk was last looked at
  };
  // `expected_bytes`: what is known to come, else 0. Errors: invalid, kind "payload_too_large"; unavailable,
  // kind "disk_full" when it would go into the reserve.
  Result<std::unique_ptr<Upload>> begin_upload(std::int64_t expected_bytes) const;

  // A file without a name for what is too large for memory; it goes with the descriptor. Errors:
  // unavailable, kind "disk_full".
  Result<FileDescriptor> open_scratch() const;
  // Is there room beyond the reserve? Errors: as above.
  Result<void> check_room() const;

  // May all files of one user have so many bytes? Errors: invalid, kind "quota_exceeded".
  Result<void> check_quota(std::int64_t bytes) const;

  // Errors: not_found, when the file is missing.
  Result<FileDescriptor> open(const FileHash& hash) const;
  bool has(const FileHash& hash) const;
  // Is it there? Then it counts as just written: a row is about to speak of it again.
  bool renew(const FileHash& hash) const;

  struct Sweep {
    Uuid database;               // whose rows were asked
    std::set<std::string> used;  // what they name
    UnusedFiles::Time now;
    std::chrono::seconds age;
  };
  // Removes files that were seen unused, and unchanged, for `age`, and temporary ones likewise; how many.
  // What is seen unused for the first time is noted. Errors: conflict, kind "foreign_directory", when the
  // directory is not this database's: then nothing is touched.
  Result<std::int64_t> remove_unused(const Sweep& sweep, UnusedFiles& unused) const;

  using Hashes = std::set<std::string>;  // in hexadecimal
  // Removes those of `hashes` that `used` does not name, which is asked while nobody brings or copies a file;
  // none when somebody does. How many. Errors: those of remove_unused() and of `used`.
  Result<std::int64_t> remove_now(const Uuid& database,
                                  const Hashes& hashes,
                                  const std::function<Result<Hashes>()>& used) const;

  // While it is held no file of content is removed. Errors: unavailable.
  Result<FileDescriptor> keep_all() const;

 private:
  std::string path_of(const FileHash& hash) const;
  bool remove_unchanged(const std::string& path, const UnusedFiles::Seen& seen) const;
  Result<void> check_owner(const Uuid& database) const;

  const std::string directory_;
  const AttachmentLimits limits_;
};

// As the configuration says.
AttachmentFiles attachment_files_for(const Config& config);

}  // namespace dits
