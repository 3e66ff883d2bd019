// Statistics and search over a user's issues.
#pragma once

#include <string>
#include <vector>

#include "server/service/audit.hpp"
#include "server/store/figures.hpp"

namespace dits {

// Counts per status, project, area, label and priority, throughput of the last twelve weeks, cycle time of
// the last ninety days: as JSON, kept for five minutes and dropped with every change.
Result<std::string> stats_text(ServiceContext& context, const Viewer& viewer);

// The best matches for the words, and, when there are none, for words that look like them. Errors: invalid
// for an empty text.
struct SearchAnswer {
  std::vector<store::SearchHit> hits;
  bool is_loose = false;  // nothing matched as it was typed
};
Result<SearchAnswer> search(ServiceContext& context,
                            const Viewer& viewer,
                            const std::string& text,
                            std::int64_t limit);

}  // namespace dits
