#include "server/store/time_zones.hpp"

#include <vector>

#include "server/store/time_zones.sql.hpp"

namespace dits::store {

Result<TimeZone> load_time_zone(Reader reader, const std::string& name, Date from, Date to) {
  const Timestamp begin = midnight_of(from);
  const Rows rows = TRY(reader.run(sql::list_offsets_of_time_zone, {name, begin, midnight_of(to)}));
  int before = 0;
  std::vector<TimeZone::Step> steps;
  for (const Row row : rows) {
    const int minutes = static_cast<int>(row.int64(1));
    if (row.timestamp(0) <= begin) {
      before = minutes;
    } else {
      steps.push_back({row.timestamp(0), minutes});
    }
  }
  return TimeZone(before, std::move(steps));
}

}  // namespace dits::store
