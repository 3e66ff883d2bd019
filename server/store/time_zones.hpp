// Time zones by name. PostgreSQL knows them wherever it runs; the machine's C library would have to be the
// whole process's.
#pragma once

#include <string>

#include "server/store/reader.hpp"
#include "shared/core/time_zone.hpp"

namespace dits::store {

// Its offsets between two days. Errors: invalid when there is no such zone.
Result<TimeZone> load_time_zone(Reader reader, const std::string& name, Date from, Date to);

}  // namespace dits::store
