// Which statements a dump of ours has. A restore runs none of them: the schema comes from the migrations
// inside the executable, and only rows are read from the file. A file with any other statement is not ours,
// and is refused before anything is touched.
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

// `sql` is whole statements with their comments; `first_line` the number of its first line in the dump.
// Errors: invalid, kind "bad_archive", naming line and statement.
Result<void> check_dumped_statements(std::string_view sql, std::int64_t first_line);

}  // namespace dits
