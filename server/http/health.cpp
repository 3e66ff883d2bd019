// Handlers of the watchers' routes.
#include "server/http/health.hpp"

#include <algorithm>
#include <memory>

#include "server/http/errors.hpp"

namespace dits::http {
namespace {

std::string_view name_of(PartState::Kind kind) {
  switch (kind) {
    case PartState::Kind::ok:
      return "ok";
    case PartState::Kind::degraded:
      return "degraded";
    case PartState::Kind::failed:
      return "failed";
  }
  return {};
}

std::string json_of(const PartState& state) {
  std::string text = "{\"state\":" + json_quote(name_of(state.kind));
  if (!state.message.empty()) text += ",\"message\":" + json_quote(state.message);
  for (const auto& [name, value] : state.facts) text += "," + json_quote(name) + ":" + std::to_string(value);
  return text + "}";
}

Response readiness(const std::vector<ReadyCheck>& checks) {
  std::string rows;
  PartState::Kind worst = PartState::Kind::ok;
  for (const ReadyCheck& check : checks) {
    const PartState state = check.check();
    worst = std::max(worst, state.kind);
    rows += (rows.empty() ? "" : ",") + json_quote(check.name) + ":" + json_of(state);
  }
  const std::string_view status = worst == PartState::Kind::ok         ? "ready"
                                  : worst == PartState::Kind::degraded ? "degraded"
                                                                       : "not ready";
  Response response = Response::ok("{\"status\":" + json_quote(status) + ",\"checks\":{" + rows + "}}");
  if (worst == PartState::Kind::failed) {
    response.status = status_of(unavailable({}));
    response.with_header("Retry-After", "1");
  }
  return response;
}

}  // namespace

PartState PartState::of(const Result<void>& result) {
  if (result) return {};
  return {Kind::failed, result.error().message};
}

std::vector<Route> health_routes(const Metrics& metrics, std::vector<ReadyCheck> checks) {
  const auto shared_checks = std::make_shared<const std::vector<ReadyCheck>>(std::move(checks));
  std::vector<Route> routes;
  // The second is what Kubernetes calls it.
  for (const char* const path : {"/healthz", "/livez"}) {
    routes.emplace_back(
        Method::get,
        path,
        Who::anyone,
        Scope::none,
        [](const Request&) -> Result<Response> { return Response::ok("{\"status\":\"ok\"}"); },
        RouteDoc{"The process answers", {}, "Health"});
  }
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

bool is_for_watchers(std::string_view path) {
  return path == "/healthz" || path == "/livez" || path == "/readyz" || path == "/metrics";
}

}  // namespace dits::http
