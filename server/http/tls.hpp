// TLS on a socket, for --tls-cert and --tls-key. The only place in this room that sees OpenSSL.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "shared/core/result.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace dits::http {

enum class IoState { done, wants_read, wants_write, closed };
struct IoResult {
  IoState state = IoState::done;
  std::size_t count = 0;
};

class TlsContext {
 public:
  // PEM files: a certificate chain and its key. Errors: invalid, naming the flag that is wrong.
  static Result<std::unique_ptr<TlsContext>> load(const std::string& certificate_path,
                                                  const std::string& key_path);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class TlsSession;
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

// The server's side of one connection on a non-blocking socket; the handshake happens within the first read.
class TlsSession {
 public:
  TlsSession(const TlsContext& context, int socket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  IoResult read(char* buffer, std::size_t size);
  IoResult write(const char* bytes, std::size_t size);
  void shut_down();

 private:
  IoResult result_of(int status);
  ssl_st* session_;
};

}  // namespace dits::http
