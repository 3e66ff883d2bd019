#include "shared/snapshot/bytes.hpp"

namespace dits::snapshot {

constexpr unsigned bits_a_byte = 7;
constexpr std::uint64_t more_follow = 0x80;

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= more_follow; value >>= bits_a_byte) out += static_cast<char>(value | more_follow);
  out += static_cast<char>(value);
}

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= more_follow; value >>= bits_a_byte) ++size;
  return size;
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

void ByteReader::refuse() {
  is_broken_ = true;
  bytes_ = {};
}

std::string_view ByteReader::take(std::size_t size) {
  if (size > bytes_.size()) {
    refuse();
    return {};
  }
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

std::uint8_t ByteReader::byte() {
  const std::string_view one = take(1);
  return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one[0]);
}

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += bits_a_byte) {
    const std::uint64_t part = byte();
    // The tenth byte holds the last bit.
    if (shift == 63 && part > 1) break;
    value |= (part & ~more_follow) << shift;
    if (part < more_follow) return value;
  }
  refuse();
  return 0;
}

std::size_t ByteReader::count(std::size_t most) {
  const std::uint64_t value = varint();
  if (value <= most) return static_cast<std::size_t>(value);
  refuse();
  return 0;
}

std::string_view ByteReader::text() { return take(count(bytes_.size())); }

std::string_view ByteReader::line(char end) {
  const std::size_t size = bytes_.find(end);
  if (size == std::string_view::npos) {
    refuse();
    return {};
  }
  const std::string_view found = take(size);
  (void)take(1);
  return found;
}

}  // namespace dits::snapshot
