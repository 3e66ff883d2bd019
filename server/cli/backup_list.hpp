// The backups of a configuration, as a person reads them: for `dits backup --list` and `dits restore --list`.
#pragma once

#include <string>

#include "server/base/config.hpp"
#include "shared/core/time.hpp"

namespace dits::cli {

// Prints one line for each, or all as JSON, newest first, or a sentence that there is none. One of another
// database than the data directory's is marked. Errors: unavailable, when the directory can't be read; see
// no_backup(), where there is not even a data directory.
Result<void> print_backups(const Config& config, bool is_json);

// That there is none where they would be. Kind nothing_there.
Error no_backup(const Config& config);

// "just now", "5 minutes", "3 hours", "12 days".
std::string age_text(Timestamp then, Timestamp now);

}  // namespace dits::cli
