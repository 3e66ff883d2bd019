// Counting and searching over a user's issues.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/issue.hpp"

namespace dits::store {

struct IssueTotals {
  std::int64_t all = 0;
  std::int64_t open = 0;
  std::int64_t completed = 0;
  std::int64_t overdue = 0;
};
// `key` is the id, or the name of a priority; empty for the issues that have none.
struct CountByKey {
  std::string key;
  std::int64_t open = 0;
  std::int64_t completed = 0;
};
struct WeekFigures {
  std::string week;  // its Monday, as a date
  std::int64_t created = 0;
  std::int64_t completed = 0;
};
struct CycleTime {
  std::int64_t count = 0;
  double mean_days = 0;
  double median_days = 0;
  double p90_days = 0;
};
struct IssueFigures {
  IssueTotals totals;
  std::vector<CountByKey> by_status;  // `open` counts them all
  std::vector<CountByKey> by_project;
  std::vector<CountByKey> by_area;
  std::vector<CountByKey> by_label;
  std::vector<CountByKey> by_priority;
  std::vector<WeekFigures> throughput;
  CycleTime cycle_time;
};
// Throughput and cycle time look back to `since`.
Result<IssueFigures> read_issue_figures(Transaction& transaction,
                                        UserId user_id,
                                        Timestamp now,
                                        Timestamp since);

struct SearchHit {
  IssueId id;
  std::int64_t number = 0;
  std::string title;
  StatusId status_id;
  ProjectId project_id;
  Priority priority = Priority::none;
  std::optional<Timestamp> completed_at;
  Timestamp updated_at;
  double rank = 0;
  std::string snippet;  // found words stand between the characters 2 and 3
};
// By words, best first. The text may hold quotes, OR and - as search engines take them. What stands in
// `snippet` is the description's beginning, out of which the caller cuts it.
Result<std::vector<SearchHit>> search_issues(Reader reader,
                                             UserId user_id,
                                             const std::string& text,
                                             std::int64_t limit);
// By folded words that stand anywhere in title or description, within other words too, as the query language
// looks for them. Titles first, then the newest.
struct LiteralSearch {
  std::vector<std::string> words;     // all of them; at least one
  std::vector<std::string> unwanted;  // none of these
  // The numbers of the issues that may fit, where they are known: no others are looked at.
  std::optional<std::vector<std::int64_t>> within = {};
};
Result<std::vector<SearchHit>> search_issues_literally(Transaction& transaction,
                                                       UserId user_id,
                                                       const LiteralSearch& search,
                                                       std::int64_t limit);
// By titles that have something like these folded words, most words and most alike first: finds what has
// typing errors.
Result<std::vector<SearchHit>> search_issues_loosely(Transaction& transaction,
                                                     UserId user_id,
                                                     const std::vector<std::string>& words,
                                                     std::int64_t limit);

}  // namespace dits::store
