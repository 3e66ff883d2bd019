// Before there is a server to serve with: while the database is brought over to another version of
// PostgreSQL, which may take minutes, the port answers that it is not ready, and why.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "server/base/config.hpp"
#include "server/http/metrics.hpp"
#include "server/http/router.hpp"
#include "server/http/server.hpp"
#include "server/migrate/upgrade.hpp"

namespace dits {

class StartingServer {
 public:
  // Listens until it is destroyed; where it can't, it is silent, and whoever needs the port afterwards says
  // why.
  explicit StartingServer(const Config& config);
  ~StartingServer();
  StartingServer(const StartingServer&) = delete;
  StartingServer& operator=(const StartingServer&) = delete;

  void show(const UpgradeProgress& progress);

 private:
  std::string message();

  std::mutex mutex_;
  std::string message_;
  http::Metrics metrics_;
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<http::HttpServer> server_;
  std::thread thread_;
};

}  // namespace dits
