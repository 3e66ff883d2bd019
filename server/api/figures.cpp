// The resources /search and /stats.
#include "server/service/figures.hpp"

#include "server/api/handlers.hpp"
#include "server/api/records.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/writer.hpp"

namespace dits {

static Json hit_to_json(const store::SearchHit& hit) {
  ObjectValue out;
  out.put("id", hit.id);
  out.put("number", hit.number);
  out.put("title", hit.title);
  out.put("statusId", hit.status_id);
  out.put("projectId", hit.project_id);
  out.put("priority", name_of(hit.priority));
  out.put("completedAt", hit.completed_at);
  out.put("updatedAt", hit.updated_at);
  out.put("rank", hit.rank);
  out.put("snippet", hit.snippet);
  return out.take();
}

static Result<http::Response> get_search(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"q", "limit"}));
  const std::int64_t limit = TRY(integer_query(request, "limit", 20, 1, 100));
  const std::string text(request.query("q").value_or(""));
  const SearchAnswer answer = TRY(search(context, request.viewer, text, limit));
  Json items = Json::array();
  for (const store::SearchHit& hit : answer.hits) items.push_back(hit_to_json(hit));
  return http::Response::ok(
      dump({{"items", std::move(items)}, {"isLoose", answer.is_loose}, {"nextCursor", nullptr}}));
}

static Result<http::Response> get_stats(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(TRY(stats_text(context, request.viewer)));
}

std::vector<http::Route> figure_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  return {
      {Method::get,
       paths::search,
       Who::user,
       Scope::read,
       bound(context, get_search),
       {"Finds issues by words, best first, with typing errors forgiven", {}, "SearchAnswer", "q,limit"}},
      {Method::get,
       paths::stats,
       Who::user,
       Scope::read,
       bound(context, get_stats),
       {"Counts, throughput and cycle time", {}, "Stats"}},
  };
}

}  // namespace dits
