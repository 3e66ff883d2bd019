// The HTTP server: cpp-httplib listens and writes answers; the lobby waits for whole requests, workers answer
// them.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "server/http/metrics.hpp"
#include "server/http/router.hpp"
#include "server/http/tls.hpp"
#include "shared/core/result.hpp"

namespace dits::http {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 3000;              // 0: any free one
  std::string tls_certificate;  // PEM files; both or none
  std::string tls_key;
  std::size_t max_connections = 10'000;
  std::size_t max_per_address = 256;  // loopback is not counted
  std::size_t max_workers = 256;
  std::size_t busy_workers = 16;  // at work at once (worker_pool.hpp)
  std::size_t max_streams = 2'000;
  std::chrono::milliseconds request_deadline{10'000};
  std::chrono::milliseconds idle_deadline{75'000};
};

class HttpServer {
 public:
  // `router` and `metrics` outlive the server.
  HttpServer(ServerOptions options, const Router& router, Metrics& metrics);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Takes the address and the TLS files; the port that was taken. Errors: conflict, when another program has
  // the port; invalid.
  Result<int> bind();
  // Accepts and answers until stop(); returns when all running requests are answered and all streams have
  // ended.
  void run();
  // From any thread, not from a signal handler. Streams must be ended by whoever feeds them (EventBus::stop).
  void stop();
  bool is_stopping() const;

  // Reads the TLS files again, if they are others than before or `must` says so; what went wrong is in the
  // log, and the old ones serve on. Without TLS nothing happens.
  void reload_certificate(bool must);
  // Nothing without TLS.
  std::optional<CertificateDates> certificate_dates() const;

  // "http://127.0.0.1:3000" of the bound address.
  std::string url() const;
  std::size_t open_streams() const;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace dits::http
