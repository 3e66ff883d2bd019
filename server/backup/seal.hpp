// Files sealed with a passphrase: AES-256-GCM in pieces of 64 KB, so that a backup of any size is written and
// read in a stream, and no piece can be changed, moved, repeated or left out unnoticed.
//   head    "DITS-SEALED-1\n", log2 N, r, p of scrypt, 16 bytes of salt, 32 bytes naming the file, 16 bytes
//   that
//           tell a wrong passphrase from a damaged file
//   pieces  64 KB and a tag of 16 bytes each; the nonce is the piece's number and whether it is the last one
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "server/base/secret.hpp"
#include "shared/core/result.hpp"

namespace dits {

// The keys that a passphrase opens: scrypt takes a quarter of a second, so each is made once.
class SealKeys {
 public:
  explicit SealKeys(Secret passphrase) : passphrase_(std::move(passphrase)) {}
  bool has_passphrase() const { return !passphrase_.is_empty(); }

  // From now on seals with the salt that `path` keeps for this passphrase; with a new one, which is then kept
  // there, when the file is absent or of another passphrase. Errors: unavailable.
  Result<void> use_salt_kept_in(const std::string& path);
  // Names the salt with which is sealed now.
  std::string salt_name() const;

 private:
  friend class SealWriter;
  friend class SealReader;

  struct Cost {
    unsigned char log2_n = 15, r = 8, p = 1;
  };
  Result<std::string> key_for(Cost cost, const std::string& salt);

  Secret passphrase_;
  std::string salt_;  // of what is sealed now
  std::map<std::string, std::string, std::less<>> known_;
};

class SealWriter {
 public:
  // Errors: internal, when OpenSSL has no memory.
  static Result<SealWriter> begin(SealKeys& keys);

  // The bytes that are ready after `bytes` came in; the head comes with the first.
  Result<std::string> add(std::string_view bytes);
  Result<std::string> finish();

 private:
  std::string key_;
  std::string head_;
  std::string ready_;
  std::string rest_;
  std::uint64_t number_ = 0;
};

class SealReader {
 public:
  using Take = std::function<Result<void>(std::string_view)>;
  SealReader(SealKeys& keys, Take take) : keys_(keys), take_(std::move(take)) {}

  // Errors: invalid, kind "passphrase" when it is missing or wrong, kind "bad_archive" when the file is
  // damaged; those of `take`.
  Result<void> add(std::string_view bytes);
  Result<void> finish();

 private:
  Result<void> read_head();
  Result<void> open_piece(std::string_view piece, bool is_last);

  SealKeys& keys_;
  Take take_;
  std::string key_;
  std::string head_;
  std::string rest_;
  std::uint64_t number_ = 0;
};

// Does a file that begins so come from SealWriter?
bool is_sealed(std::string_view beginning);

}  // namespace dits
