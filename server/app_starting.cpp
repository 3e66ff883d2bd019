#include "server/app_starting.hpp"

#include "server/base/log.hpp"
#include "server/http/health.hpp"

namespace dits {

StartingServer::StartingServer(const Config& config) {
  http::RouterOptions routes;
  routes.routes =
      http::health_routes(metrics_, {{"database", [this] {
                                        return http::PartState{http::PartState::Kind::failed, message()};
                                      }}});
  routes.elsewhere = [this] { return unavailable(message()); };
  router_ = std::make_unique<http::Router>(std::move(routes));
  http::ServerOptions options;
  options.host = config.host;
  options.port = config.port;
  options.tls_certificate = config.tls_cert;
  options.tls_key = config.tls_key;
  server_ = std::make_unique<http::HttpServer>(std::move(options), *router_, metrics_);
  if (const Result<int> bound = server_->bind(); !bound) {
    log::warn("cannot tell on the port what the start is doing", {{"reason", bound.error().message}});
    return;
  }
  thread_ = std::thread([this] { server_->run(); });
}

StartingServer::~StartingServer() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

void StartingServer::show(const UpgradeProgress& progress) {
  const std::lock_guard lock(mutex_);
  message_ = "The database is being upgraded from PostgreSQL " + std::to_string(progress.from) + " to " +
             std::to_string(progress.to) + ": " + progress.text() + ".";
}

std::string StartingServer::message() {
  const std::lock_guard lock(mutex_);
  return message_;
}

}  // namespace dits
