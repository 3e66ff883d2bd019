// A file without a name for what memory shall not hold: gone with the object, or with the process.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

class SpillFile {
 public:
  struct Place {
    std::uint64_t begin = 0;
    std::uint32_t size = 0;
  };

  // In the system's directory for temporary files. Errors: unavailable, with the reason.
  static Result<SpillFile> open();

  // Where it is from now on. Errors: unavailable, kind "disk_full" when that is the reason.
  Result<Place> add(std::string_view bytes);
  Result<std::string> read(Place place);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit SpillFile(std::FILE* file) : file_(file) {}

  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_ = 0;
  bool is_at_end_ = true;
};

}  // namespace dits
