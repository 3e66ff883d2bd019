#include "server/service/insights.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "server/service/time_zones.hpp"
#include "server/service/word_keeper.hpp"
#include "server/store/insights.hpp"
#include "server/store/issue_query_sql.hpp"
#include "server/store/workflows.hpp"
#include "shared/model/status_kind.hpp"
#include "shared/query/parser.hpp"

namespace dits {

namespace {

using store::DayCount;

// Statuses that are worked on. A workflow that calls them otherwise works on what has left its first one.
std::vector<StatusId> started_statuses(const std::vector<Workflow>& workflows) {
  std::vector<StatusId> started;
  for (const Workflow& workflow : workflows) {
    std::vector<StatusId> named;
    std::vector<StatusId> behind_first;
    for (const Status& status : workflow.statuses) {
      if (status.is_closed) continue;
      if (is_started(status_kind(status.name, false))) named.push_back(status.id);
      if (&status != &workflow.statuses.front()) behind_first.push_back(status.id);
    }
    const std::vector<StatusId>& taken = named.empty() ? behind_first : named;
    started.insert(started.end(), taken.begin(), taken.end());
  }
  return started;
}

// Where an issue was before it was completed, as far as anybody knows.
std::map<StatusId, StatusId> beginnings_of(const std::vector<Workflow>& workflows) {
  std::map<StatusId, StatusId> beginnings;
  for (const Workflow& workflow : workflows) {
    const auto open = std::find_if(workflow.statuses.begin(),
                                   workflow.statuses.end(),
                                   [](const Status& status) { return !status.is_closed; });
    if (open == workflow.statuses.end()) continue;
    for (const Status& status : workflow.statuses) beginnings[status.id] = open->id;
  }
  return beginnings;
}

// How many issues had each status, told backwards from now.
class Flow {
 public:
  Flow(std::size_t days, const std::vector<Workflow>& workflows)
      : days_(days), beginnings_(beginnings_of(workflows)) {}

  void add(const DayCount& count) {
    switch (count.kind) {
      case DayCount::Kind::now:
        now_[count.to] += count.count;
        return;
      case DayCount::Kind::created:
        return change(count.day, count.to, count.count);
      case DayCount::Kind::completed:
        return;
      case DayCount::Kind::moved:
        return move(count, count.from, count.count);
      case DayCount::Kind::moved_new:
        return move(count, count.from, -count.count);
      case DayCount::Kind::closed:
        return move(count, beginning_of(count.to), count.count);
      case DayCount::Kind::closed_new:
        return move(count, beginning_of(count.to), -count.count);
    }
  }

  std::int64_t now(StatusId status) const {
    const auto found = now_.find(status);
    return found == now_.end() ? 0 : found->second;
  }
  // Of the last `shown` days; empty when no issue had it.
  std::vector<std::int64_t> counts(StatusId status, std::size_t shown) const {
    const auto changes = changes_.find(status);
    std::vector<std::int64_t> counts(shown);
    std::int64_t left = now(status);
    for (std::size_t back = 0; back < shown; ++back) {
      counts[shown - 1 - back] = std::max<std::int64_t>(0, left);
      if (changes != changes_.end()) left -= changes->second[days_ - 1 - back];
    }
    const bool is_used =
        std::any_of(counts.begin(), counts.end(), [](std::int64_t count) { return count > 0; });
    return is_used ? counts : std::vector<std::int64_t>();
  }

  // All that an issue has or had in these days, as far as the log tells.
  std::set<StatusId> statuses() const {
    std::set<StatusId> all;
    for (const auto& [status, count] : now_) all.insert(status);
    for (const auto& [status, days] : changes_) all.insert(status);
    return all;
  }

 private:
  void change(std::size_t day, StatusId status, std::int64_t by) {
    if (!status.is_set() || day >= days_) return;
    std::vector<std::int64_t>& changes = changes_[status];
    changes.resize(days_);
    changes[day] += by;
  }
  void move(const DayCount& count, StatusId from, std::int64_t by) {
    change(count.day, count.to, by);
    change(count.day, from, -by);
  }
  StatusId beginning_of(StatusId status) const {
    const auto found = beginnings_.find(status);
    return found == beginnings_.end() ? StatusId{} : found->second;
  }

  std::size_t days_;
  std::map<StatusId, StatusId> beginnings_;
  std::map<StatusId, std::int64_t> now_;
  std::map<StatusId, std::vector<std::int64_t>> changes_;
};

std::vector<std::int64_t> last_of(const std::vector<std::int64_t>& all, std::size_t count) {
  return {all.end() - static_cast<std::ptrdiff_t>(count), all.end()};
}

void take_counts(Insights& insights,
                 const std::vector<DayCount>& counts,
                 const std::vector<Workflow>& workflows,
                 std::size_t all_days,
                 std::size_t shown) {
  Flow flow(all_days, workflows);
  std::vector<std::int64_t> created(all_days);
  std::vector<std::int64_t> completed(all_days);
  for (const DayCount& count : counts) {
    flow.add(count);
    if (count.kind == DayCount::Kind::now) insights.total += count.count;
    if (count.kind == DayCount::Kind::created) created[count.day] += count.count;
    if (count.kind == DayCount::Kind::completed) completed[count.day] += count.count;
  }
  const std::vector<StatusId> started = started_statuses(workflows);
  insights.open = insights.total;
  for (const Workflow& workflow : workflows) {
    for (const Status& status : workflow.statuses) {
      const std::int64_t now = flow.now(status.id);
      if (status.is_closed) insights.open -= now;
      if (std::find(started.begin(), started.end(), status.id) != started.end())
        insights.working_total += now;
      std::vector<std::int64_t> days = flow.counts(status.id, shown);
      if (!days.empty()) insights.statuses.push_back({status.id, std::move(days)});
    }
  }
  // Of statuses that are gone the days before still speak.
  for (const StatusId gone : flow.statuses()) {
    const auto is_it = [&](const Insights::StatusDays& known) { return known.status_id == gone; };
    if (std::ranges::any_of(insights.statuses, is_it)) continue;
    std::vector<std::int64_t> days = flow.counts(gone, shown);
    if (!days.empty()) insights.statuses.push_back({gone, std::move(days)});
  }
  insights.created = last_of(created, shown);
  insights.completed = last_of(completed, shown);
  insights.recent = last_of(completed, insight_weeks * 7);
  for (const std::int64_t count : insights.completed) insights.finished_total += count;
}

Result<Insights> read_insights(Transaction& transaction,
                               UserId user_id,
                               store::InsightsRequest& request,
                               std::size_t shown) {
  const std::vector<Workflow> workflows = TRY(store::list_workflows(transaction, user_id));
  request.started = started_statuses(workflows);
  Insights insights;
  take_counts(
      insights, TRY(store::count_days(transaction, user_id, request)), workflows, request.days.size(), shown);
  insights.finished = TRY(store::find_finished(transaction, user_id, request));
  insights.working = TRY(store::find_working(transaction, user_id, request));
  return insights;
}

}  // namespace

Result<Insights> get_insights(ServiceContext& context,
                              const Viewer& viewer,
                              std::string_view text,
                              std::int64_t days,
                              const AskedZone& asked) {
  const UserId user_id = viewer.user_id;
  const query::Query query = TRY(query::parse_query(text));
  query::Moment moment;
  const auto* named = std::get_if<std::string_view>(&asked);
  moment.zone =
      named == nullptr ? *std::get_if<TimeZone>(&asked) : TRY(time_zone_of(context, viewer, *named));
  moment.today = moment.zone.date_of(context.clock.now());
  query::Names names;
  if (query::needs_names(query)) names = TRY(store::load_query_names({context.database, user_id}, user_id));
  store::InsightsRequest request;
  request.plan = query::make_plan(query, names, moment);
  const auto shown = static_cast<std::int32_t>(days);
  const std::int32_t all_days = std::max(shown, insight_weeks * 7);
  for (std::int32_t back = all_days - 1; back >= 0; --back)
    request.days.push_back(moment.zone.begin_of(Date{moment.today.days - back}));
  request.since = request.days[static_cast<std::size_t>(all_days - shown)];
  const auto read = [&](Transaction& transaction) {
    return read_insights(transaction, user_id, request, static_cast<std::size_t>(shown));
  };
  const auto finish = [&](Result<Insights> found) {
    if (found) {
      found->from = Date{moment.today.days - shown + 1};
      found->to = moment.today;
    }
    return found;
  };
  // Where the words of the texts are remembered, a search for text looks at the issues alone that may have
  // it.
  if (context.words != nullptr && query::asks_for_text(query)) {
    auto found = context.words->search(
        user_id, request.plan.root, [&](Transaction& transaction, const std::vector<std::int64_t>& numbers) {
          request.within = numbers;
          return read(transaction);
        });
    if (found) return finish(std::move(*found));
    request.within.reset();
  }
  return finish(context.database.stale_read(Actor::of_user(user_id), read));
}

}  // namespace dits
