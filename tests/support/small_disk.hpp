// A small disk that a test may fill, mounted for as long as the object lives. Only root gets one.
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/test_database.hpp"

namespace dits::test {

class SmallDisk {
 public:
  explicit SmallDisk(int megabytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  const std::string& path() const { return directory_.path(); }
  std::string data_dir() const { return path() + "/data"; }
  std::int64_t free_bytes() const;

  void fill() const;  // to the last byte
  void empty() const;

 private:
  TemporaryDirectory directory_;
  bool is_mounted_;
};

}  // namespace dits::test
