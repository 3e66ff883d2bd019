// Figures of Insights as a server might tell them: 30 days up to 14 July 2026, twenty issues, of which eight
// were finished, each a day later and a day slower than the one before.
#pragma once

#include <array>
#include <string>

#include "shared/model/insights.hpp"

namespace dits::web::test {

// Backlog, in progress, done.
inline IssueId sample_issue(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return IssueId{
      parse_uuid("0199c1f2-5e0a-7000-8000-" + std::string(12 - digits.size(), '0') + digits).value()};
}

inline Insights sample_insights(const std::array<StatusId, 3>& statuses) {
  Insights data;
  data.to = parse_date("2026-07-14").value();
  data.from = Date{data.to.days - 29};
  data.total = 20;
  data.open = 12;
  for (const StatusId id : statuses) data.statuses.push_back({id, {}});
  for (std::int64_t day = 0; day < 30; ++day) {
    const std::int64_t done = day < 20 ? 0 : day - 19 > 8 ? 8 : day - 19;
    data.statuses[0].counts.push_back(18 - done);
    data.statuses[1].counts.push_back(2);
    data.statuses[2].counts.push_back(done);
    data.created.push_back(0);
    data.completed.push_back(day >= 20 && day < 28 ? 1 : 0);
  }
  data.recent.assign(26, 0);
  data.recent.insert(data.recent.end(), data.completed.begin(), data.completed.end());
  data.finished_total = 8;
  for (std::int64_t number = 8; number >= 1; --number) {
    const Timestamp at{midnight_of(Date{data.from.days + 19 + static_cast<std::int32_t>(number)}).unix_ms +
                       36'000'000};
    data.finished.push_back({sample_issue(number),
                             number,
                             "Issue " + std::to_string(number),
                             Timestamp{},
                             at,
                             static_cast<double>(number),
                             9});
  }
  data.working_total = 2;
  data.working = {
      {sample_issue(31), 31, "Long in work", statuses[1], parse_timestamp("2026-07-01T08:00:00Z").value()},
      {sample_issue(32), 32, "Just begun", statuses[1], parse_timestamp("2026-07-13T08:00:00Z").value()}};
  return data;
}

}  // namespace dits::web::test
