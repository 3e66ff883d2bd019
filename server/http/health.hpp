// /healthz, /readyz and /metrics: for those who watch the server. Outside /api, for anyone, without secrets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/http/metrics.hpp"
#include "server/http/route.hpp"

namespace dits::http {

struct ReadyCheck {
  std::string name;                     // "database"
  std::function<Result<void>()> check;  // quick; its error says what is wrong, without internals
};

// `metrics` outlives the routes.
std::vector<Route> health_routes(const Metrics& metrics, std::vector<ReadyCheck> checks);

}  // namespace dits::http
