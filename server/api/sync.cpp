// The resources /sync and /events.
#include "server/service/sync.hpp"

#include <limits>
#include <memory>

#include "server/api/handlers.hpp"
#include "server/api/records.hpp"
#include "server/http/event_stream.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/snapshot/page.hpp"

namespace dits {

constexpr std::int64_t max_snapshot_page = 10'000;
constexpr std::int64_t usual_portion = 5'000;
constexpr std::int64_t changes_at_once = 200;  // of one stream's step
constexpr std::size_t max_streams_per_user = 500;
constexpr std::chrono::seconds longest_without_look{10};

static Result<http::Response> get_sync(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"since", "log", "limit", "cursor"}));
  const std::int64_t since =
      TRY(integer_query(request, "since", 0, 0, std::numeric_limits<std::int64_t>::max()));
  if (since == 0) {
    const std::int64_t limit = TRY(integer_query(request, "limit", max_snapshot_page, 1, max_snapshot_page));
    return http::Response::ok(
        TRY(snapshot_text(context, request.viewer, request.query("cursor").value_or(""), limit)));
  }
  const std::int64_t limit =
      TRY(integer_query(request, "limit", max_changes_at_once, 1, max_changes_at_once));
  const SyncPoint point{since, std::string(request.query("log").value_or(""))};
  return http::Response::ok(sync_changes_to_text(TRY(changes_since(context, request.viewer, point, limit))));
}

static Result<http::Response> get_snapshot(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"limit", "cursor"}));
  constexpr auto most = static_cast<std::int64_t>(snapshot::max_portion_issues);
  const std::int64_t limit = TRY(integer_query(request, "limit", usual_portion, 1, most));
  http::Response response;
  response.status = 200;
  response.content_type = snapshot::content_type;
  response.body = TRY(snapshot_page(context, request.viewer, request.query("cursor").value_or(""), limit));
  return response;
}

namespace {

// What one open stream remembers.
class ChangeFeed {
 public:
  ChangeFeed(ServiceContext& context,
             Viewer viewer,
             SyncPoint seen,
             std::shared_ptr<http::StreamCounts::Ticket> ticket)
      : context_(context), viewer_(std::move(viewer)), seen_(std::move(seen)), ticket_(std::move(ticket)) {}

  http::StreamStep step(const http::StreamWrite& write, std::chrono::milliseconds at_most) {
    if (context_.event_bus.is_stopped()) return http::StreamStep::over;
    // The first look needs no signal: the log may have grown since the client's last event. What comes after
    // it must not be missed, so the bus is told of us before.
    EventBus& bus = context_.event_bus;
    if (!has_looked_) bus.wait(viewer_.user_id, seen_.change_id, std::chrono::milliseconds(0));
    if (has_looked_ && !bus.wait(viewer_.user_id, seen_.change_id, at_most) && !is_time_to_look()) {
      return context_.event_bus.is_stopped() ? http::StreamStep::over : http::StreamStep::idle;
    }
    last_look_ = std::chrono::steady_clock::now();
    const Result<SyncChanges> found = changes_since(context_, viewer_, seen_, changes_at_once);
    if (!found) return http::StreamStep::over;
    has_looked_ = !found->has_more;
    for (const AuditEntry& entry : found->changes) {
      std::string data;
      append_audit_entry(data, entry);
      if (!write(http::format_event(std::to_string(entry.change_id), "change", data))) {
        return http::StreamStep::over;
      }
      seen_.change_id = entry.change_id;
    }
    return found->changes.empty() ? http::StreamStep::idle : http::StreamStep::sent;
  }

 private:
  // An instance may end between its commit and telling of it.
  bool is_time_to_look() const {
    return std::chrono::steady_clock::now() - last_look_ > longest_without_look;
  }

  ServiceContext& context_;
  Viewer viewer_;
  SyncPoint seen_;
  bool has_looked_ = false;
  std::chrono::steady_clock::time_point last_look_;
  std::shared_ptr<http::StreamCounts::Ticket> ticket_;
};

}  // namespace

// From Last-Event-ID on, or from now on without one.
static Result<http::Response> get_events(ServiceContext& context,
                                         http::StreamCounts& counts,
                                         const http::Request& request) {
  TRY(request.refuse_unknown_query({"lastEventId", "log"}));
  SyncPoint seen{TRY(last_change_id(context, request.viewer)),
                 std::string(request.query("log").value_or(""))};
  seen.change_id = TRY(http::last_event_id(request)).value_or(seen.change_id);
  TRY(check_point(context, request.viewer, seen));
  std::shared_ptr<http::StreamCounts::Ticket> ticket = TRY(counts.take(request.viewer.user_id));
  const auto feed = std::make_shared<ChangeFeed>(context, request.viewer, std::move(seen), std::move(ticket));
  return http::event_stream([feed](const http::StreamWrite& write, std::chrono::milliseconds at_most) {
    return feed->step(write, at_most);
  });
}

std::vector<http::Route> sync_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  const auto counts = std::make_shared<http::StreamCounts>(max_streams_per_user);
  const http::Handler events = [&context, counts](const http::Request& request) {
    return get_events(context, *counts, request);
  };
  return {
      {Method::get,
       paths::sync,
       Who::user,
       Scope::read,
       bound(context, get_sync),
       {"Everything (since=0), or the changes after a change",
        {},
        "SyncSnapshot|SyncChanges",
        "since,log,limit,cursor"}},
      {Method::get,
       paths::sync_snapshot,
       Who::user,
       Scope::read,
       bound(context, get_snapshot),
       {"Everything in the pages of shared/snapshot, which the web app starts from; for programs there is "
        "/sync?since=0",
        {},
        {},
        "limit,cursor",
        snapshot::content_type}},
      {Method::get,
       paths::events,
       Who::user,
       Scope::read,
       events,
       {"The changes as they happen (server-sent events)", {}, {}, "lastEventId,log", "text/event-stream"}},
  };
}

}  // namespace dits
