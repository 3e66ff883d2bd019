#include "web/store/insights.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "shared/core/csv.hpp"
#include "shared/core/text.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::int64_t sum_of(const std::vector<std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts) sum += count;
  return sum;
}

void add_to(std::vector<std::int64_t>& sums, const std::vector<std::int64_t>& counts) {
  sums.resize(counts.size());
  for (std::size_t at = 0; at < counts.size(); ++at) sums[at] += counts[at];
}

// The statuses of the answer, those of one name together, the last step of the work first.
std::vector<FlowStatus> statuses_of(const State& state, const Insights& data) {
  std::vector<FlowStatus> statuses;
  for (const Insights::StatusDays& days : data.statuses) {
    const Status* status = find_status(state.entities, days.status_id);
    const std::string name = status != nullptr ? status->name : "Other";
    const StatusKind kind = status != nullptr ? status_kind(*status) : StatusKind::todo;
    const auto known = std::find_if(statuses.begin(), statuses.end(), [&](const FlowStatus& one) {
      return one.kind == kind && fold_case(one.name) == fold_case(name);
    });
    FlowStatus& into = known == statuses.end() ? statuses.emplace_back(FlowStatus{name, kind, {}}) : *known;
    add_to(into.counts, days.counts);
  }
  std::reverse(statuses.begin(), statuses.end());
  std::stable_sort(statuses.begin(), statuses.end(), [](const FlowStatus& a, const FlowStatus& b) {
    return a.kind > b.kind;
  });
  return statuses;
}

// Words as a term takes them.
std::string in_quotes(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

std::string scope_term(const State& state) {
  const Route& route = state.route;
  const Entities& entities = state.entities;
  if (route.screen == Screen::project) {
    const Project* project = find_project(entities, ProjectId{route.entity_id});
    return project != nullptr ? "project:" + in_quotes(project->name) : "";
  }
  if (route.screen == Screen::area) {
    const Area* area = find_area(entities, AreaId{route.entity_id});
    return area != nullptr ? "area:" + in_quotes(area->name) : "";
  }
  if (route.screen == Screen::label) {
    const Label* label = find_label(entities, LabelId{route.entity_id});
    return label != nullptr ? "label:" + in_quotes(label->name) : "";
  }
  return "";
}

// The order of a list means nothing here, and may not stand within parentheses.
std::string without_sort(const std::string& query) {
  std::string kept;
  bool is_quoted = false;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= query.size(); ++at) {
    if (at < query.size() && query[at] == '"') is_quoted = !is_quoted;
    if (at < query.size() && (query[at] != ' ' || is_quoted)) continue;
    const std::string term = query.substr(begin, at - begin);
    begin = at + 1;
    if (term.empty() || fold_case(term).rfind("sort:", 0) == 0) continue;
    kept += (kept.empty() ? "" : " ") + term;
  }
  return kept;
}

std::string number_and_title(std::int64_t number, const std::string& title) {
  return "#" + std::to_string(number) + " " + title;
}

std::string decimal(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

}  // namespace

std::string_view title_of(FlowChart chart) {
  constexpr std::array<std::string_view, flow_chart_count> titles{
      "Cumulative flow", "Burn-up", "Cycle time", "Age of open work"};
  return titles[static_cast<std::size_t>(chart)];
}

const InsightsView& insights_of(const State& state) {
  static const InsightsView empty;
  return state.insights ? *state.insights : empty;
}

FlowFigures flow_figures(const State& state, Insights data) {
  FlowFigures figures;
  std::reverse(data.finished.begin(), data.finished.end());
  figures.statuses = statuses_of(state, data);
  for (const Insights::Working& issue : data.working) {
    const Status* status = find_status(state.entities, issue.status_id);
    if (status != nullptr &&
        std::find(figures.working.begin(), figures.working.end(), status->name) == figures.working.end())
      figures.working.push_back(status->name);
  }
  figures.done.resize(data.days());
  figures.scope.resize(data.days());
  for (const FlowStatus& status : figures.statuses) {
    add_to(figures.scope, status.counts);
    if (status.kind == StatusKind::done) add_to(figures.done, status.counts);
  }
  if (data.finished.size() >= least_finished) {
    std::vector<double> days;
    for (const Insights::Finished& issue : data.finished) days.push_back(issue.cycle_days);
    figures.cycle = {percentile(days, 50), percentile(days, 85), percentile(days, 95)};
  }
  figures.closed_per_week = median(weekly(data.recent));
  figures.recent_total = sum_of(data.recent);
  figures.data = std::move(data);
  if (has_enough(figures)) figures.forecast = forecast(figures.data.recent, figures.data.open);
  return figures;
}

bool has_enough(const FlowFigures& figures) {
  return figures.recent_total >= static_cast<std::int64_t>(least_finished);
}

InsightsQuestion insights_question(const State& state) {
  return {with_query(scope_term(state), without_sort(state.list.query_text)), state.route.days};
}

std::string with_query(const std::string& query, const std::string& more) {
  if (query.empty() || more.empty()) return query.empty() ? more : query;
  const auto together = [](const std::string& text) {
    return text.find(" OR ") == std::string::npos ? text : "(" + text + ")";
  };
  return together(query) + " " + together(more);
}

std::size_t reading_count(const FlowFigures& figures, FlowChart chart) {
  if (chart == FlowChart::cycle) return figures.data.finished.size();
  if (chart == FlowChart::age) return figures.data.working.size();
  return figures.data.days();
}

std::optional<std::size_t> reading_at(const InsightsView& view) {
  if (!view.is_reading || !view.figures) return {};
  if (view.reading >= reading_count(*view.figures, static_cast<FlowChart>(view.chart))) return {};
  return view.reading;
}

void move_reading(InsightsView& view, int by) {
  if (!view.figures) return;
  const auto chart = static_cast<FlowChart>(view.chart);
  const auto count = static_cast<int>(reading_count(*view.figures, chart));
  const std::optional<std::size_t> at = reading_at(view);
  view.is_reading = count > 0;
  if (count == 0) return;
  const int last = chart == FlowChart::age ? 0 : count - 1;
  const int from = at ? static_cast<int>(*at) : last;
  view.reading = static_cast<std::size_t>(std::clamp(from + by, 0, count - 1));
}

Date day_of(const FlowFigures& figures, std::size_t at) {
  return {figures.data.from.days + static_cast<std::int32_t>(at)};
}

std::string short_day(Date day) {
  const CivilDate civil = civil_from_date(day);
  return std::to_string(civil.day) + " " + std::string(month_name(civil.month));
}

std::string days_text(double days) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), days < 9.95 ? "%.1f d" : "%.0f d", days);
  return text.data();
}

std::string reading_text(const FlowFigures& figures, FlowChart chart, std::size_t at) {
  const Insights& data = figures.data;
  if (chart == FlowChart::cycle) {
    const Insights::Finished& issue = data.finished[at];
    return number_and_title(issue.number, issue.title) + ": " + days_text(issue.cycle_days) + ", finished " +
           short_day(date_of(issue.completed_at));
  }
  if (chart == FlowChart::age) {
    const Insights::Working& issue = data.working[at];
    return number_and_title(issue.number, issue.title) + ": since " + short_day(date_of(issue.since));
  }
  std::string text = short_day(day_of(figures, at)) + ": ";
  if (chart == FlowChart::burn_up)
    return text + "done " + std::to_string(figures.done[at]) + ", scope " + std::to_string(figures.scope[at]);
  for (std::size_t i = figures.statuses.size(); i-- > 0;) {
    text += figures.statuses[i].name + " " + std::to_string(figures.statuses[i].counts[at]);
    if (i > 0) text += ", ";
  }
  return text;
}

std::string chart_summary(const FlowFigures& figures, FlowChart chart) {
  const Insights& data = figures.data;
  switch (chart) {
    case FlowChart::flow:
      return "Issues by status, " + short_day(data.from) + " to " +
             reading_text(figures, chart, data.days() - 1) + ".";
    case FlowChart::burn_up:
      return reading_text(figures, chart, data.days() - 1) + ". " + forecast_words(figures) + ".";
    case FlowChart::cycle:
      if (!figures.cycle)
        return counted(data.finished_total, "issue was", "issues were") +
               " finished in these days: too few for percentiles.";
      return counted(static_cast<std::int64_t>(data.finished.size()), "issue", "issues") +
             ": half took up to " + days_text((*figures.cycle)[0]) + ", 85 in 100 up to " +
             days_text((*figures.cycle)[1]) + ", 95 in 100 up to " + days_text((*figures.cycle)[2]) + ".";
    case FlowChart::age:
      break;
  }
  return counted(data.working_total, "issue is", "issues are") + " in work" +
         (data.working.empty() ? "." : ", longest " + reading_text(figures, chart, 0) + ".");
}

std::string chart_csv(const FlowFigures& figures, FlowChart chart) {
  std::string text;
  const Insights& data = figures.data;
  const auto row = [&text](std::vector<std::string> cells) { append_csv_row(text, cells); };
  if (chart == FlowChart::cycle) {
    row({"number", "title", "completed", "cycle days", "lead days"});
    for (const Insights::Finished& issue : data.finished)
      row({std::to_string(issue.number),
           issue.title,
           to_string(issue.completed_at),
           decimal(issue.cycle_days),
           decimal(issue.lead_days)});
    return text;
  }
  if (chart == FlowChart::age) {
    row({"number", "title", "since"});
    for (const Insights::Working& issue : data.working)
      row({std::to_string(issue.number), issue.title, to_string(issue.since)});
    return text;
  }
  std::vector<std::string> head{"day"};
  if (chart == FlowChart::burn_up) {
    head.insert(head.end(), {"done", "scope", "created", "completed"});
  } else {
    for (const FlowStatus& status : figures.statuses) head.push_back(status.name);
  }
  row(head);
  for (std::size_t at = 0; at < data.days(); ++at) {
    std::vector<std::string> cells{to_string(day_of(figures, at))};
    if (chart == FlowChart::burn_up) {
      for (const auto* counts : {&figures.done, &figures.scope, &data.created, &data.completed})
        cells.push_back(std::to_string((*counts)[at]));
    } else {
      for (const FlowStatus& status : figures.statuses) cells.push_back(std::to_string(status.counts[at]));
    }
    row(cells);
  }
  return text;
}

std::string list_query(const FlowFigures& figures, FlowChart chart, std::optional<std::size_t> at) {
  const Insights& data = figures.data;
  const std::string day = at && *at < data.days() ? to_string(day_of(figures, *at)) : "";
  switch (chart) {
    case FlowChart::flow:  // what was open on that day
      if (!at) return "";
      return "created:<=" + day + " (is:open OR completed:>" + day + ")";
    case FlowChart::burn_up:  // what was done by then, or is not yet
      return at ? "completed:<=" + day : "is:open";
    case FlowChart::cycle:
      if (!at) return "completed:" + to_string(data.from) + ".." + to_string(data.to) + " sort:-completed";
      return "number:" + std::to_string(data.finished[*at].number);
    case FlowChart::age:
      break;
  }
  if (at) return "number:" + std::to_string(data.working[*at].number);
  std::string names;
  for (const std::string& name : figures.working) names += (names.empty() ? "" : ",") + in_quotes(name);
  return names.empty() ? "is:open" : "status:" + names;
}

std::string forecast_days(const FlowFigures& figures) {
  if (!figures.forecast) return figures.data.open == 0 ? "Done" : "Not yet";
  if (figures.data.open == 0) return "Done";
  const Date half{figures.data.to.days + figures.forecast->half};
  const Date late{figures.data.to.days + figures.forecast->late};
  if (half == late) return short_day(half);
  const CivilDate from = civil_from_date(half);
  const CivilDate to = civil_from_date(late);
  const bool is_one_month = from.month == to.month && from.year == to.year;
  std::string text = (is_one_month ? std::to_string(from.day) : short_day(half)) + " to " + short_day(late);
  if (to.year != civil_from_date(figures.data.to).year) text += " " + std::to_string(to.year);
  return text;
}

std::string forecast_words(const FlowFigures& figures) {
  if (figures.data.open == 0) return "Nothing is open";
  if (!has_enough(figures)) return "A forecast needs 5 issues finished in 8 weeks";
  if (!figures.forecast) return "At the pace of your last 8 weeks it takes more than five years";
  const auto day = [&](int days) { return short_day(Date{figures.data.to.days + days}); };
  return "From your last 8 weeks, 1,000 runs: half end by " + day(figures.forecast->half) +
         ", 85 in 100 by " + day(figures.forecast->late);
}

}  // namespace dits::web
