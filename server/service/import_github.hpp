// Brings issues in from GitHub: one project a repository, labels with their colours, pull requests as git
// links, dates kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/service/audit.hpp"
#include "server/service/import_notes.hpp"

namespace dits {

struct ImportOptions {
  bool is_strict = false;  // one bad line, and nothing is written
};

struct ImportSummary {
  std::int64_t lines = 0;  // read; empty ones are not counted
  std::int64_t created = 0;
  std::int64_t updated = 0;  // changed at GitHub since the last run, and here only there
  std::int64_t unchanged = 0;
  std::int64_t kept = 0;  // changed at GitHub in fields that were changed here too: what is here stays
  std::int64_t projects = 0;
  std::int64_t labels = 0;
  std::int64_t links = 0;
  ImportNotes problems;  // lines that could not be read
  ImportNotes notes;     // what was changed of lines that were written
};

// The next line, or nullopt at the end.
using ImportLines = std::function<std::optional<std::string>()>;
// Told after each batch; `total` is known once all lines are read, 0 before.
using ImportProgress = std::function<void(const ImportSummary& summary, std::int64_t total)>;

// Reads all lines, then writes in the order in which the issues were created, so that numbers follow time.
// Issues are known by their address (metadata.sourceUrl): a second run of the same file changes nothing, and
// nothing that lies in the trash comes back. Errors: invalid in strict mode, naming the first bad line; those
// of the database.
Result<ImportSummary> import_github(ServiceContext& context,
                                    const Viewer& viewer,
                                    const ImportLines& next_line,
                                    const ImportOptions& options,
                                    const ImportProgress& progress);

}  // namespace dits
