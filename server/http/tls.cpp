// OpenSSL behind TlsContext and TlsSession.
#include "server/http/tls.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "server/base/log.hpp"

namespace dits::http {

namespace {

constexpr std::int64_t two_weeks_ms = 14LL * 86'400'000;

Timestamp timestamp_of(const ASN1_TIME* asn1) {
  std::tm time = {};
  if (ASN1_TIME_to_tm(asn1, &time) != 1) return {};
  return {std::int64_t{::timegm(&time)} * 1000};
}

CertificateDates dates_of(const X509* certificate) {
  if (certificate == nullptr) return {};
  const Timestamp begins_at = timestamp_of(X509_get0_notBefore(certificate));
  const Timestamp ends_at = timestamp_of(X509_get0_notAfter(certificate));
  const std::int64_t life_ms = ends_at.unix_ms - begins_at.unix_ms;
  return {begins_at, ends_at, {ends_at.unix_ms - std::min(two_weeks_ms, life_ms / 4)}};
}

std::string name_of(const GENERAL_NAME& name) {
  const bool is_address = name.type == GEN_IPADD;
  if (!is_address && name.type != GEN_DNS) return {};
  const ASN1_STRING* const value = is_address ? name.d.iPAddress : name.d.dNSName;
  const unsigned char* const bytes = ASN1_STRING_get0_data(value);
  const int size = ASN1_STRING_length(value);
  if (!is_address) return {bytes, bytes + size};
  if (size != 4 && size != 16) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text.data(), text.size());
  return text.data();
}

Error not_its_key() { return invalid("tls-key", "the key does not belong to the certificate"); }

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::load(const std::string& certificate_path,
                                                     const std::string& key_path) {
  std::unique_ptr<TlsContext> context(new TlsContext(certificate_path, key_path));
  TRY(context->read());
  return context;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

void TlsContext::refresh(bool must) {
  const auto has_changed = [this, mark = file_mark()] {
    const std::lock_guard lock(mutex_);
    return mark != mark_;
  };
  if (!must && !has_changed()) return;
  if (const Result<void> done = read(); done) {
    log::info("certificate read again");
  } else {
    log::warn("the new certificate is refused, the old one serves on", {{"reason", done.error().message}});
  }
}

Result<void> TlsContext::read() {
  const std::uint64_t mark = file_mark();
  const Result<ssl_ctx_st*> fresh = read_files();
  const std::lock_guard lock(mutex_);
  mark_ = mark;
  if (!fresh) return fresh.error();
  // Sessions hold what they were made from.
  SSL_CTX_free(std::exchange(context_, *fresh));
  dates_ = dates_of(SSL_CTX_get0_certificate(context_));
  return {};
}

CertificateDates TlsContext::dates() const {
  const std::lock_guard lock(mutex_);
  return dates_;
}

std::string TlsContext::names() const {
  const std::lock_guard lock(mutex_);
  auto* const all = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(SSL_CTX_get0_certificate(context_), NID_subject_alt_name, nullptr, nullptr));
  std::string names;
  for (int at = 0; at < sk_GENERAL_NAME_num(all); ++at) {
    const std::string name = name_of(*sk_GENERAL_NAME_value(all, at));
    if (!name.empty()) names += (names.empty() ? "" : ", ") + name;
  }
  GENERAL_NAMES_free(all);
  return names;
}

Result<ssl_ctx_st*> TlsContext::read_files() const {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX* raw = context.get();
  if (raw == nullptr) return internal("OpenSSL gives no context");
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(
      raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(
      raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(raw, certificate_path_.c_str()) != 1)
    return invalid("tls-cert", "no certificate could be read from " + certificate_path_);
  ERR_clear_error();
  if (SSL_CTX_use_PrivateKey_file(raw, key_path_.c_str(), SSL_FILETYPE_PEM) != 1) {
    if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH) return not_its_key();
    return invalid("tls-key", "no private key could be read from " + key_path_);
  }
  if (SSL_CTX_check_private_key(raw) != 1) return not_its_key();
  return context.release();
}

// Who renews a certificate replaces the files or writes into them: another inode or another time.
std::uint64_t TlsContext::file_mark() const {
  std::uint64_t mark = 0;
  for (const std::string& path : {certificate_path_, key_path_}) {
    struct stat facts = {};
    if (::stat(path.c_str(), &facts) != 0) facts = {};
    for (const std::int64_t fact : {static_cast<std::int64_t>(facts.st_ino),
                                    static_cast<std::int64_t>(facts.st_size),
                                    static_cast<std::int64_t>(facts.st_mtim.tv_sec),
                                    static_cast<std::int64_t>(facts.st_mtim.tv_nsec)})
      mark = (mark ^ static_cast<std::uint64_t>(fact)) * 1'099'511'628'211ULL;  // FNV-1a, by words
  }
  return mark;
}

TlsSession::TlsSession(const TlsContext& context, int socket) {
  {
    const std::lock_guard lock(context.mutex_);
    session_ = SSL_new(context.context_);
  }
  if (session_ == nullptr) return;
  SSL_set_fd(session_, socket);
  SSL_set_accept_state(session_);
}

TlsSession::~TlsSession() { SSL_free(session_); }

IoResult TlsSession::read(char* buffer, std::size_t size) {
  if (session_ == nullptr) return {IoState::closed, 0};
  ERR_clear_error();
  return result_of(SSL_read(session_, buffer, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
}

IoResult TlsSession::write(const char* bytes, std::size_t size) {
  if (session_ == nullptr) return {IoState::closed, 0};
  ERR_clear_error();
  return result_of(SSL_write(session_, bytes, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
}

void TlsSession::shut_down() {
  if (session_ != nullptr && SSL_is_init_finished(session_) != 0) SSL_shutdown(session_);
}

IoResult TlsSession::result_of(int status) {
  if (status > 0) return {IoState::done, static_cast<std::size_t>(status)};
  switch (SSL_get_error(session_, status)) {
    case SSL_ERROR_WANT_READ:
      return {IoState::wants_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {IoState::wants_write, 0};
    default:
      if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) return {IoState::plain_http, 0};
      return {IoState::closed, 0};
  }
}

}  // namespace dits::http
