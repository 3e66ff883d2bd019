// TLS on a socket, for --tls-cert and --tls-key. The only place in this room that sees OpenSSL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace dits::http {

enum class IoState { done, wants_read, wants_write, closed, plain_http };  // the last: instead of a handshake
struct IoResult {
  IoState state = IoState::done;
  std::size_t count = 0;
};

struct CertificateDates {
  Timestamp begins_at;
  Timestamp ends_at;
  // When who renews it should have done so: two weeks before its end, and where it lives for less than two
  // months, when a quarter of its life is left.
  Timestamp due_at;
};

class TlsContext {
 public:
  // PEM files: a certificate chain and its key. Errors: invalid, naming the flag that is wrong.
  static Result<std::unique_ptr<TlsContext>> load(const std::string& certificate_path,
                                                  const std::string& key_path);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // Reads the files again, if they are others than before or `must` says so, as they are renewed while we
  // run. Connections that are open go on with what they began with, and new ones with the old files when the
  // new ones are refused, which the log tells. From any thread.
  void refresh(bool must);
  // Of the served certificate.
  CertificateDates dates() const;
  // The hosts that it is for: "dits.example.org, 127.0.0.1"; empty: browsers will take it for none.
  std::string names() const;

 private:
  friend class TlsSession;
  TlsContext(std::string certificate_path, std::string key_path)
      : certificate_path_(std::move(certificate_path)), key_path_(std::move(key_path)) {}
  Result<void> read();
  Result<ssl_ctx_st*> read_files() const;
  std::uint64_t file_mark() const;

  const std::string certificate_path_;
  const std::string key_path_;
  mutable std::mutex mutex_;
  ssl_ctx_st* context_ = nullptr;
  CertificateDates dates_;
  std::uint64_t mark_ = 0;  // of the files that were read last, refused ones too
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
  ssl_st* session_ = nullptr;
};

}  // namespace dits::http
