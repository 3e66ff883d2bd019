// Handlers of the watchers' routes.
#include "server/http/health.hpp"

#include <memory>

#include "server/http/errors.hpp"

namespace dits::http {
namespace {

Response readiness(const std::vector<ReadyCheck>& checks) {
  std::string rows;
  bool is_ready = true;
  for (const ReadyCheck& check : checks) {
    const Result<void> state = check.check();
    is_ready = is_ready && state.has_value();
    rows += (rows.empty() ? "" : ",") + json_quote(check.name) + ":" +
            json_quote(state ? std::string_view("ok") : std::string_view(state.error().message));
  }
  Response response = Response::ok("{\"status\":" + json_quote(is_ready ? "ready" : "not ready") +
                                   ",\"checks\":{" + rows + "}}");
  if (!is_ready) {
    response.status = status_of(unavailable({}));
    response.with_header("Retry-After", "1");
  }
  return response;
}

}  // namespace

std::vector<Route> health_routes(const Metrics& metrics, std::vector<ReadyCheck> checks) {
  const auto shared_checks = std::make_shared<const std::vector<ReadyCheck>>(std::move(checks));
  std::vector<Route> routes;
  routes.emplace_back(
      Method::get,
      "/healthz",
      Who::anyone,
      Scope::none,
      [](const Request&) -> Result<Response> { return Response::ok("{\"status\":\"ok\"}"); },
      RouteDoc{"The process answers", {}, "Health"});
  routes.emplace_back(
      Method::get,
      "/readyz",
      Who::anyone,
      Scope::none,
      [shared_checks](const Request&) -> Result<Response> { return readiness(*shared_checks); },
      RouteDoc{"Database, cache, migrations and disk are usable", {}, "Readiness"});
  routes.emplace_back(
      Method::get,
      "/metrics",
      Who::anyone,
      Scope::none,
      [&metrics](const Request&) -> Result<Response> {
        return Response::text(metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
      },
      RouteDoc{"Figures in Prometheus' text format"});
  return routes;
}

}  // namespace dits::http
