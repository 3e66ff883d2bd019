#include "server/base/spill_file.hpp"

#include <cerrno>
#include <cstring>

namespace dits {

namespace {

Error temporary_file_error(const std::string& what) {
  const int reason = errno;
  Error error = unavailable("A temporary file can't be " + what + ": " + std::strerror(reason) + ".");
  if (reason == ENOSPC || reason == EDQUOT) error.kind = "disk_full";
  return error;
}

}  // namespace

Result<SpillFile> SpillFile::open() {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return temporary_file_error("made");
  return SpillFile(file);
}

Result<SpillFile::Place> SpillFile::add(std::string_view bytes) {
  if (!is_at_end_ && fseeko(file_.get(), 0, SEEK_END) != 0) return temporary_file_error("written");
  is_at_end_ = true;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    return temporary_file_error("written");
  const Place place{size_, static_cast<std::uint32_t>(bytes.size())};
  size_ += bytes.size();
  return place;
}

Result<std::string> SpillFile::read(Place place) {
  is_at_end_ = false;
  std::string bytes(place.size, '\0');
  const bool is_read = fseeko(file_.get(), static_cast<off_t>(place.begin), SEEK_SET) == 0 &&
                       std::fread(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
  if (!is_read) return temporary_file_error("read");
  return bytes;
}

}  // namespace dits
