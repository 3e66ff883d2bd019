// How issues flow: what the server finds in the log and the issues, and what follows from it by calculation
// alone. Work on an issue begins with its first status that is worked on (is_started); without such a move,
// as for what was imported, with its creation. It ends when it is completed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct Insights {
  struct StatusDays {
    StatusId status_id;
    std::vector<std::int64_t> counts;  // issues that had it at the end of each day
  };
  struct Finished {
    IssueId id;
    std::int64_t number = 0;
    std::string title;
    std::optional<Timestamp> started_at;  // absent: the log knows of no beginning
    Timestamp completed_at;
    double cycle_days = 0;  // from the beginning of work
    double lead_days = 0;   // from the creation
  };
  struct Working {
    IssueId id;
    std::int64_t number = 0;
    std::string title;
    StatusId status_id;
    Timestamp since;  // the beginning of work
  };

  Date from;  // the first day and the last one, today
  Date to;
  std::int64_t total = 0;  // issues that fit the query and are not in the trash
  std::int64_t open = 0;
  std::vector<StatusDays> statuses;     // in the order of the workflow
  std::vector<std::int64_t> created;    // on each day
  std::vector<std::int64_t> completed;  // likewise
  std::vector<std::int64_t> recent;     // completed on each of the last eight weeks' days, today included
  std::int64_t finished_total = 0;      // completed in these days …
  std::vector<Finished> finished;       // … and the latest of them
  std::int64_t working_total = 0;       // worked on now …
  std::vector<Working> working;         // … and what was begun first

  std::size_t days() const { return completed.size(); }
};

constexpr int insight_weeks = 8;
constexpr std::int64_t most_finished = 1000;  // that are answered with
constexpr std::int64_t most_working = 100;
constexpr std::size_t least_finished = 5;  // fewer have no percentiles and no forecast

double days_between(Timestamp from, Timestamp to);  // not below 0

// The smallest of these values that so many percent of them do not exceed; 0 when there are none. Sorts them.
double percentile(std::vector<double>& values, int percent);
// What was completed in each week: seven days each, the last one ends with the last day.
std::vector<std::int64_t> weekly(const std::vector<std::int64_t>& per_day);
// Half of the values are as large at most; between the two middle ones of an even number.
double median(std::vector<std::int64_t> values);

// In how many days `remaining` issues are done when days go on as these did: each run draws one of them for
// each day to come. The same numbers give the same forecast. Nothing: nothing was completed, or 15 in 100
// runs take longer than five years.
constexpr int forecast_runs = 1000;
struct Forecast {
  int early = 0;  // days in which 15 in 100 runs were done
  int half = 0;
  int late = 0;  // 85 in 100
  friend bool operator==(const Forecast&, const Forecast&) = default;
};
std::optional<Forecast> forecast(const std::vector<std::int64_t>& per_day, std::int64_t remaining);

}  // namespace dits
