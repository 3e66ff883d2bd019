// What Insights reads: the issues of a query, and when the log says that they changed their status.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/insights.hpp"
#include "shared/query/plan.hpp"

namespace dits::store {

struct InsightsRequest {
  query::Plan plan;
  std::vector<Timestamp> days;    // when each day begins, the last one is today
  std::vector<StatusId> started;  // what has such a status is worked on
  Timestamp since;                // what was finished before is not listed
  // The numbers of the issues that may fit the query, where they are known: no others are looked at.
  std::optional<std::vector<std::int64_t>> within = {};
};

// So many issues did this on that day.
struct DayCount {
  enum class Kind : std::uint8_t {
    now,        // have the status `to`, whatever the day
    created,    // were created, and have it now
    completed,  // were completed, and have it now
    moved,      // went from one status to another
    moved_new,  // the same moves, of issues that were created in these days, on the day of that
    closed,     // were completed, and the log knows of no move to the status they have
    closed_new  // the same, of issues that were created in these days, on the day of that
  };
  Kind kind = Kind::now;
  std::size_t day = 0;  // in InsightsRequest::days
  StatusId from;        // unset where the log names none that there could be
  StatusId to;
  std::int64_t count = 0;
};
Result<std::vector<DayCount>> count_days(Transaction& transaction,
                                         UserId user_id,
                                         const InsightsRequest& request);
// The latest ones, at most most_finished; last first.
Result<std::vector<Insights::Finished>> find_finished(Transaction& transaction,
                                                      UserId user_id,
                                                      const InsightsRequest& request);
// Begun first first, at most most_working: of those of the thousand that were created first.
Result<std::vector<Insights::Working>> find_working(Transaction& transaction,
                                                    UserId user_id,
                                                    const InsightsRequest& request);

// The statements behind them, for tests that ask how PostgreSQL runs them.
struct InsightsStatement {
  std::string sql;
  std::vector<Param> params;
};
InsightsStatement count_days_statement(UserId user_id, const InsightsRequest& request);
InsightsStatement find_finished_statement(UserId user_id, const InsightsRequest& request);
InsightsStatement find_working_statement(UserId user_id, const InsightsRequest& request);

}  // namespace dits::store
