#include "server/backup/seal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <openssl/evp.h>

#include "server/backup/bad_archive.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"

namespace dits {

namespace {

constexpr std::string_view mark = "DITS-SEALED-1\n";
constexpr std::size_t salt_size = 16;
constexpr std::size_t name_size = 32;
constexpr std::size_t check_size = 16;
constexpr std::size_t head_size = mark.size() + 3 + salt_size + name_size + check_size;
constexpr std::size_t piece_size = 65536;
constexpr std::size_t tag_size = 16;
constexpr std::size_t key_size = 32;

unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Error bad_passphrase(std::string message) {
  Error error = invalid("BACKUP_PASSPHRASE", std::move(message));
  error.kind = "passphrase";
  return error;
}

using Nonce = std::array<unsigned char, 12>;

Nonce nonce_of(std::uint64_t number, bool is_last) {
  Nonce nonce{};
  for (std::size_t at = 0; at < 8; ++at)
    nonce[10 - at] = static_cast<unsigned char>((number >> (8 * at)) & 0xff);
  nonce[11] = is_last ? 1 : 0;
  return nonce;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;

// One piece either way; the head is authenticated with it. Empty: the tag is wrong (or OpenSSL failed).
std::optional<std::string> crypt(bool is_sealing,
                                 const std::string& key,
                                 std::string_view head,
                                 const Nonce& nonce,
                                 std::string_view piece) {
  const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::string tag(tag_size, '\0');
  if (!is_sealing) {
    tag = piece.substr(piece.size() - tag_size);
    piece.remove_suffix(tag_size);
  }
  std::string out(piece.size(), '\0');
  int size = 0;
  const int direction = is_sealing ? 1 : 0;
  bool good =
      EVP_CipherInit_ex(
          context.get(), EVP_aes_256_gcm(), nullptr, raw(std::string_view(key)), nonce.data(), direction) ==
          1 &&
      EVP_CipherUpdate(context.get(), nullptr, &size, raw(head), static_cast<int>(head.size())) == 1 &&
      EVP_CipherUpdate(context.get(), raw(out), &size, raw(piece), static_cast<int>(piece.size())) == 1;
  if (good && !is_sealing)
    good = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1;
  std::array<unsigned char, tag_size> nothing{};
  good = good && EVP_CipherFinal_ex(context.get(), nothing.data(), &size) == 1;
  if (good && is_sealing) {
    good = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, tag.data()) == 1;
    out += tag;
  }
  if (!good) return std::nullopt;
  return out;
}

std::string check_of(const std::string& key) { return hmac_sha256(key, "check").substr(0, check_size); }

}  // namespace

bool is_sealed(std::string_view beginning) { return beginning.starts_with(mark); }

Result<std::string> SealKeys::key_for(Cost cost, const std::string& salt) {
  if (!has_passphrase())
    return bad_passphrase("It is encrypted: set BACKUP_PASSPHRASE or --backup-passphrase-file.");
  // Not from a stranger's file the order to use all memory.
  if (cost.log2_n < 10 || cost.log2_n > 20 || cost.r < 1 || cost.r > 16 || cost.p < 1 || cost.p > 8)
    return bad_archive("The head of the encrypted file is damaged.");
  const std::string name =
      std::string{static_cast<char>(cost.log2_n), static_cast<char>(cost.r), static_cast<char>(cost.p)} +
      salt;
  if (const auto known = known_.find(name); known != known_.end()) return known->second;
  std::string key(key_size, '\0');
  constexpr std::uint64_t most_memory = std::uint64_t{4} * 1024 * 1024 * 1024;
  if (EVP_PBE_scrypt(passphrase_.reveal().data(),
                     passphrase_.reveal().size(),
                     raw(std::string_view(salt)),
                     salt.size(),
                     std::uint64_t{1} << cost.log2_n,
                     cost.r,
                     cost.p,
                     most_memory,
                     raw(key),
                     key.size()) != 1) {
    return internal("scrypt could not make a key");
  }
  known_[name] = key;
  return key;
}

// The file is a sealed nothing, which only the passphrase opens; its head has the salt.
Result<void> SealKeys::use_salt_kept_in(const std::string& path) {
  const Result<std::string> kept = read_file(path);
  SealReader reader(*this, [](std::string_view) { return Result<void>(); });
  if (kept && kept->size() >= head_size && reader.add(*kept) && reader.finish()) {
    salt_ = kept->substr(mark.size() + 3, salt_size);
    return {};
  }
  salt_ = random_bytes(salt_size);
  SealWriter writer = TRY(SealWriter::begin(*this));
  return write_file_atomically(path, TRY(writer.finish()));
}

std::string SealKeys::salt_name() const { return hex(std::string_view(salt_).substr(0, salt_size / 2)); }

Result<SealWriter> SealWriter::begin(SealKeys& keys) {
  if (keys.salt_.empty()) keys.salt_ = random_bytes(salt_size);
  const SealKeys::Cost cost;
  const std::string master = TRY(keys.key_for(cost, keys.salt_));
  const std::string name = random_bytes(name_size);
  SealWriter writer;
  writer.key_ = hmac_sha256(master, name);
  writer.head_ = std::string(mark) + static_cast<char>(cost.log2_n) + static_cast<char>(cost.r) +
                 static_cast<char>(cost.p) + keys.salt_ + name + check_of(writer.key_);
  writer.ready_ = writer.head_;
  return writer;
}

Result<std::string> SealWriter::add(std::string_view bytes) {
  rest_ += bytes;
  std::size_t at = 0;
  // The last piece is known only at the end: one whole piece stays behind.
  while (rest_.size() - at > piece_size) {
    const auto sealed =
        crypt(true, key_, head_, nonce_of(number_++, false), std::string_view(rest_).substr(at, piece_size));
    if (!sealed) return internal("AES-GCM failed");
    ready_ += *sealed;
    at += piece_size;
  }
  rest_.erase(0, at);
  return std::exchange(ready_, {});
}

Result<std::string> SealWriter::finish() {
  const auto sealed = crypt(true, key_, head_, nonce_of(number_, true), rest_);
  if (!sealed) return internal("AES-GCM failed");
  return std::exchange(ready_, {}) + *sealed;
}

Result<void> SealReader::read_head() {
  const std::string_view head = head_;
  if (!is_sealed(head)) return bad_archive("It is no file that DITS sealed.");
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head[mark.size() + at]); };
  const std::string salt(head.substr(mark.size() + 3, salt_size));
  const std::string name(head.substr(mark.size() + 3 + salt_size, name_size));
  const std::string master = TRY(keys_.key_for({byte(0), byte(1), byte(2)}, salt));
  key_ = hmac_sha256(master, name);
  if (!same_bytes(check_of(key_), head.substr(head_size - check_size)))
    return bad_passphrase("The passphrase does not open it.");
  return {};
}

Result<void> SealReader::open_piece(std::string_view piece, bool is_last) {
  if (piece.size() < tag_size) return bad_archive("The encrypted file ends too early.");
  const auto opened = crypt(false, key_, head_, nonce_of(number_++, is_last), piece);
  if (!opened) return bad_archive("The encrypted file is damaged or ends too early.");
  return take_(*opened);
}

Result<void> SealReader::add(std::string_view bytes) {
  if (head_.size() < head_size) {
    const std::size_t wanted = std::min(head_size - head_.size(), bytes.size());
    head_ += bytes.substr(0, wanted);
    bytes.remove_prefix(wanted);
    if (head_.size() < head_size) return {};
    TRY(read_head());
  }
  rest_ += bytes;
  std::size_t at = 0;
  while (rest_.size() - at > piece_size + tag_size) {
    TRY(open_piece(std::string_view(rest_).substr(at, piece_size + tag_size), false));
    at += piece_size + tag_size;
  }
  rest_.erase(0, at);
  return {};
}

Result<void> SealReader::finish() {
  if (head_.size() < head_size) return bad_archive("The encrypted file ends too early.");
  return open_piece(rest_, true);
}

}  // namespace dits
