// Hashes, encodings and random bytes, over OpenSSL and the kernel's generator.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

// 32 raw bytes.
std::string sha256(std::string_view bytes);

// SHA-256 of something that arrives in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  std::string finish();  // 32 raw bytes; once

 private:
  void* context_;
};

// HMAC-SHA-256, 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// `count` bytes from getrandom(2). Ends the process when the kernel has none to give: nothing safe can be
// done without them.
std::string random_bytes(std::size_t count);
// 16 hex digits that nobody has had before: a name, no secret.
std::string random_name();

std::string hex(std::string_view bytes);                    // lower case
Result<std::string> bytes_from_hex(std::string_view text);  // Errors: invalid

// RFC 4648, 5, without padding.
std::string base64url(std::string_view bytes);
Result<std::string> bytes_from_base64url(std::string_view text);  // Errors: invalid

// Compares in a time that depends on the lengths only.
bool same_bytes(std::string_view a, std::string_view b);

}  // namespace dits
