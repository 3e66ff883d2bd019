// /healthz (and /livez), /readyz and /metrics: for those who watch the server. Outside /api, for anyone,
// without secrets.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/http/metrics.hpp"
#include "server/http/route.hpp"

namespace dits::http {

// How a part of the server is: "ok"; "degraded": the server serves without it, or not as it should; "failed":
// requests will fail.
struct PartState {
  enum class Kind { ok, degraded, failed };
  Kind kind = Kind::ok;
  std::string message;                                        // what is wrong and what it means; for anybody
  std::vector<std::pair<std::string, std::int64_t>> facts{};  // {"awaySeconds", 12}

  static PartState of(const Result<void>& result);  // an error has failed
};

struct ReadyCheck {
  std::string name;                  // "database"
  std::function<PartState()> check;  // quick
};

// /readyz answers 200 as long as no part has failed, with each part's state as JSON:
//   {"status":"degraded","checks":{"redis":{"state":"degraded","message":"…","awaySeconds":12}, …}}
// `metrics` outlives the routes.
std::vector<Route> health_routes(const Metrics& metrics, std::vector<ReadyCheck> checks);

// A path of these routes.
bool is_for_watchers(std::string_view path);

}  // namespace dits::http
