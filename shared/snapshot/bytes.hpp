// Numbers and texts as bytes, and back. Reading never leaves what is there: the first read beyond the end, or
// of a number that is none, makes the reader broken, and from then on it gives zeros and empty texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dits::snapshot {

// Seven bits a byte, the low ones first; the high bit says that more follow.
void put_varint(std::string& out, std::uint64_t value);
std::size_t varint_size(std::uint64_t value);
// With its length before it.
void put_text(std::string& out, std::string_view text);

// Small numbers of either sign as small numbers.
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}
// Modulo 2^64, so that every pair of numbers has a difference.
constexpr std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
constexpr std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

class ByteReader {
 public:
  // `bytes` must outlive the reader and what take() gives.
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t byte();
  std::uint64_t varint();
  std::string_view take(std::size_t size);
  std::string_view text();
  // Up to `end`, which is passed over.
  std::string_view line(char end);
  // A varint that must not be greater than `most`.
  std::size_t count(std::size_t most);

  std::size_t left() const { return bytes_.size(); }
  bool is_broken() const { return is_broken_; }
  // What was read makes no sense.
  void refuse();

 private:
  std::string_view bytes_;
  bool is_broken_ = false;
};

}  // namespace dits::snapshot
