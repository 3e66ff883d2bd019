#include "server/backup/gzip.hpp"

#include <array>

#include <zlib.h>

#include "server/base/files.hpp"

namespace dits {

namespace {

constexpr int gzip_window = 15 + 16;  // the largest window, in gzip's wrapping
constexpr std::size_t piece_size = 65536;

Bytef* input_of(std::string_view bytes) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
}

}  // namespace

struct GzipWriter::Stream {
  z_stream z{};
};

GzipWriter::GzipWriter() : stream_(std::make_unique<Stream>()) {
  deflateInit2(&stream_->z, 6, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY);
}

GzipWriter::~GzipWriter() { deflateEnd(&stream_->z); }

std::string GzipWriter::add(std::string_view bytes) { return run(bytes, Z_NO_FLUSH); }
std::string GzipWriter::finish() { return run({}, Z_FINISH); }

std::string GzipWriter::run(std::string_view bytes, int flush) {
  std::string out;
  std::array<char, piece_size> piece{};
  z_stream& z = stream_->z;
  z.next_in = input_of(bytes);
  z.avail_in = static_cast<uInt>(bytes.size());
  do {
    z.next_out = reinterpret_cast<Bytef*>(piece.data());
    z.avail_out = piece.size();
    deflate(&z, flush);
    out.append(piece.data(), piece.size() - z.avail_out);
  } while (z.avail_out == 0);
  return out;
}

struct GzipReader::Stream {
  z_stream z{};
};

GzipReader::GzipReader(Take take) : take_(std::move(take)), stream_(std::make_unique<Stream>()) {
  inflateInit2(&stream_->z, gzip_window);
}
GzipReader::~GzipReader() { inflateEnd(&stream_->z); }

Result<void> GzipReader::add(std::string_view bytes) {
  std::string joined;
  if (!is_decided_) {
    head_ += bytes;
    if (head_.size() < 2) return {};
    is_decided_ = true;
    is_gzip_ = head_.starts_with("\x1f\x8b");
    joined.swap(head_);
    bytes = joined;
  }
  if (!is_gzip_) return take_(bytes);
  std::array<char, piece_size> piece{};
  z_stream& z = stream_->z;
  z.next_in = input_of(bytes);
  z.avail_in = static_cast<uInt>(bytes.size());
  while (z.avail_in > 0) {
    if (is_complete_) {  // several gzip files one after the other are one file
      inflateReset(&z);
      is_complete_ = false;
    }
    do {
      z.next_out = reinterpret_cast<Bytef*>(piece.data());
      z.avail_out = piece.size();
      const int status = inflate(&z, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return invalid({}, "The gzip file is damaged.");
      is_complete_ = status == Z_STREAM_END;
      TRY(take_(std::string_view(piece.data(), piece.size() - z.avail_out)));
    } while (z.avail_out == 0 && !is_complete_);
  }
  return {};
}

Result<void> GzipReader::finish() {
  if (!is_decided_) return take_(head_);
  if (is_gzip_ && !is_complete_) return invalid({}, "The gzip file ends too early.");
  return {};
}

Result<void> read_maybe_gzip(const std::string& path, const GzipReader::Take& take) {
  GzipReader reader(take);
  TRY(read_file_in_pieces(path, [&reader](std::string_view piece) { return reader.add(piece); }));
  return reader.finish();
}

}  // namespace dits
