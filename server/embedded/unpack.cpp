#include "server/embedded/unpack.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "server/base/files.hpp"

namespace dits::embedded {

namespace {

constexpr std::size_t block_size = 512;
constexpr int window_log_max = 27;  // the build compresses with --long=24

struct ContextDeleter {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// The decompressed bytes, in order.
class Stream {
 public:
  explicit Stream(std::span<const std::byte> archive)
      : context_(ZSTD_createDCtx()), input_{archive.data(), archive.size(), 0}, buffer_(1 << 17) {
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log_max);
  }

  Result<void> read(char* out, std::size_t count) {
    while (count > 0) {
      if (at_ == filled_) TRY(refill());
      const std::size_t taken = std::min(count, filled_ - at_);
      std::memcpy(out, buffer_.data() + at_, taken);
      out += taken;
      at_ += taken;
      count -= taken;
    }
    return {};
  }

 private:
  Result<void> refill() {
    ZSTD_outBuffer output{buffer_.data(), buffer_.size(), 0};
    while (output.pos == 0) {
      const std::size_t before = input_.pos;
      const std::size_t status = ZSTD_decompressStream(context_.get(), &output, &input_);
      if (ZSTD_isError(status) != 0)
        return internal(std::string("an archive inside the executable is broken: ") +
                        ZSTD_getErrorName(status));
      if (output.pos == 0 && input_.pos == before)
        return internal("an archive inside the executable ends too early");
    }
    filled_ = output.pos;
    at_ = 0;
    return {};
  }

  std::unique_ptr<ZSTD_DCtx, ContextDeleter> context_;
  ZSTD_inBuffer input_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::size_t at_ = 0;
};

struct Entry {
  std::string name;
  std::string link;
  char type = '0';
  mode_t mode = 0;
  std::size_t size = 0;
};

std::string text_field(const char* field, std::size_t size) { return {field, strnlen(field, size)}; }

std::size_t octal_field(const char* field, std::size_t size) {
  std::size_t value = 0;
  for (std::size_t at = 0; at < size && field[at] != '\0'; ++at) {
    if (field[at] >= '0' && field[at] <= '7') value = value * 8 + static_cast<std::size_t>(field[at] - '0');
  }
  return value;
}

Entry parse_header(const std::array<char, block_size>& header) {
  Entry entry;
  entry.name = text_field(header.data(), 100);
  const std::string prefix = text_field(header.data() + 345, 155);
  if (!prefix.empty()) entry.name = prefix + "/" + entry.name;
  entry.mode = static_cast<mode_t>(octal_field(header.data() + 100, 8) & 07777);
  entry.size = octal_field(header.data() + 124, 12);
  entry.type = header[156];
  entry.link = text_field(header.data() + 157, 100);
  return entry;
}

Result<void> write_file(const Entry& entry,
                        const std::string& path,
                        Stream& stream,
                        std::vector<char>& buffer) {
  const FileDescriptor file(
      ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, entry.mode));
  if (!file.is_open()) return system_error("cannot create " + path);
  const std::size_t padded = (entry.size + block_size - 1) / block_size * block_size;
  for (std::size_t done = 0; done < padded;) {
    const std::size_t piece = std::min(buffer.size(), padded - done);
    TRY(stream.read(buffer.data(), piece));
    const std::size_t wanted = std::min(piece, entry.size - std::min(entry.size, done));
    TRY(write_all(file.get(), std::string_view(buffer.data(), wanted), path));
    done += piece;
  }
  // The umask is ours, not the archive's.
  if (::fchmod(file.get(), entry.mode) != 0) return system_error("cannot change the mode of " + path);
  return {};
}

Result<void> write_entry(const Entry& entry,
                         const std::string& directory,
                         Stream& stream,
                         std::vector<char>& buffer) {
  const std::string path = directory + "/" + entry.name;
  switch (entry.type) {
    case '5':
      if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return system_error("cannot create " + path);
      if (::chmod(path.c_str(), entry.mode) != 0) return system_error("cannot change the mode of " + path);
      return {};
    case '2':
      if (::symlink(entry.link.c_str(), path.c_str()) != 0) return system_error("cannot create " + path);
      return {};
    case '1':
      if (::link((directory + "/" + entry.link).c_str(), path.c_str()) != 0)
        return system_error("cannot create " + path);
      return {};
    default:
      return write_file(entry, path, stream, buffer);
  }
}

}  // namespace

Result<void> unpack_tar_zst(std::span<const std::byte> archive,
                            const std::string& directory,
                            const std::optional<ClusterUser>& owner) {
  Stream stream(archive);
  std::vector<char> buffer(1 << 17);
  std::array<char, block_size> header{};
  while (true) {
    TRY(stream.read(header.data(), header.size()));
    if (header[0] == '\0') return {};
    const Entry entry = parse_header(header);
    TRY(write_entry(entry, directory, stream, buffer));
    const std::string path = directory + "/" + entry.name;
    if (owner && ::lchown(path.c_str(), owner->uid, owner->gid) != 0)
      return system_error("cannot change the owner of " + path);
  }
}

}  // namespace dits::embedded
