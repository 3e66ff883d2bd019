#include "shared/core/id.hpp"

namespace dits {

namespace {

constexpr std::size_t text_length = 36;
constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_hyphen_position(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_string(const Uuid& uuid) {
  std::string text;
  text.reserve(text_length);
  for (const std::uint8_t byte : uuid.bytes) {
    if (is_hyphen_position(text.size())) text += '-';
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 15U];
  }
  return text;
}

Result<Uuid> parse_uuid(std::string_view text) {
  const auto refuse = [] {
    return invalid("id", "An id is a UUID such as 0199c1f2-5e0a-7000-8000-1234567890ab");
  };
  if (text.size() != text_length) return refuse();
  Uuid uuid;
  std::size_t byte = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (is_hyphen_position(at)) {
      if (text[at] != '-') return refuse();
      ++at;
      continue;
    }
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return refuse();
    uuid.bytes[byte++] = static_cast<std::uint8_t>(high * 16 + low);
    at += 2;
  }
  return uuid;
}

Uuid make_uuid_v7(std::int64_t unix_ms, std::uint64_t random_high, std::uint64_t random_low) {
  Uuid uuid;
  for (std::size_t at = 0; at < 6; ++at) {
    uuid.bytes[at] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(unix_ms) >> (40 - 8 * at));
  }
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70U | ((random_high >> 8U) & 0x0FU));
  uuid.bytes[7] = static_cast<std::uint8_t>(random_high);
  for (std::size_t at = 0; at < 8; ++at) {
    uuid.bytes[8 + at] = static_cast<std::uint8_t>(random_low >> (56 - 8 * at));
  }
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80U | (uuid.bytes[8] & 0x3FU));
  return uuid;
}

}  // namespace dits
