// gzip files, written and read piece by piece.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

class GzipWriter {
 public:
  GzipWriter();
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  // The compressed bytes that are ready after `bytes` came in.
  std::string add(std::string_view bytes);
  std::string finish();

 private:
  struct Stream;
  std::string run(std::string_view bytes, int flush);
  std::unique_ptr<Stream> stream_;
};

// Unpacks what it is given, piece by piece; passes text through that is not gzip. `take` gets the bytes and
// stops the work with an error. finish() tells whether the file was whole.
class GzipReader {
 public:
  using Take = std::function<Result<void>(std::string_view)>;

  explicit GzipReader(Take take);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // Errors: invalid, when the bytes are broken gzip; those of `take`.
  Result<void> add(std::string_view bytes);
  // Errors: invalid, when the file ends too early.
  Result<void> finish();

 private:
  struct Stream;
  Take take_;
  std::unique_ptr<Stream> stream_;
  std::string head_;  // the first two bytes decide
  bool is_decided_ = false;
  bool is_gzip_ = false;
  bool is_complete_ = false;
};

// Reads a file of either kind to its end.
Result<void> read_maybe_gzip(const std::string& path, const GzipReader::Take& take);

}  // namespace dits
