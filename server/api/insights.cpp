// The resource /insights.
#include "server/service/insights.hpp"

#include "server/api/handlers.hpp"
#include "server/api/records.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/insights_json.hpp"

namespace dits {

static Result<http::Response> get_insights(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"q", "days"}));
  const std::int64_t days = TRY(integer_query(request, "days", 60, 30, 365));
  if (days != 30 && days != 60 && days != 365) return invalid("days", "Must be 30, 60 or 365");
  const std::string_view text = request.query("q").value_or("");
  const std::string_view zone = TRY(zone_of(request));
  return http::Response::ok(insights_text(TRY(get_insights(context, request.viewer, text, days, zone))));
}

std::vector<http::Route> insight_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  return {
      {Method::get,
       paths::insights,
       Who::user,
       Scope::read,
       bound(context, get_insights),
       {"How the issues of a query flow: by status and day, how long they take, what is worked on",
        {},
        "Insights",
        "q,days",
        {},
        "Time-Zone"}},
  };
}

}  // namespace dits
