// OpenSSL behind TlsContext and TlsSession.
#include "server/http/tls.hpp"

#include <algorithm>
#include <climits>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace dits::http {

Result<std::unique_ptr<TlsContext>> TlsContext::load(const std::string& certificate_path,
                                                     const std::string& key_path) {
  std::unique_ptr<TlsContext> context(new TlsContext(SSL_CTX_new(TLS_server_method())));
  SSL_CTX* raw = context->context_;
  if (raw == nullptr) return internal("OpenSSL gives no context");
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(
      raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(
      raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(raw, certificate_path.c_str()) != 1) {
    return invalid("tls-cert", "no certificate could be read from this file");
  }
  if (SSL_CTX_use_PrivateKey_file(raw, key_path.c_str(), SSL_FILETYPE_PEM) != 1) {
    return invalid("tls-key", "no private key could be read from this file");
  }
  if (SSL_CTX_check_private_key(raw) != 1)
    return invalid("tls-key", "the key does not belong to the certificate");
  return context;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

TlsSession::TlsSession(const TlsContext& context, int socket) : session_(SSL_new(context.context_)) {
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
      return {IoState::closed, 0};
  }
}

}  // namespace dits::http
