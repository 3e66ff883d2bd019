// Brings issues in from GitHub: one project a repository, labels with their colours, pull requests as git
// links, dates kept.
#pragma once

#include <cstdint>
#include <functional>

#include "server/service/audit.hpp"
#include "server/service/github_file.hpp"
#include "server/service/import_notes.hpp"

namespace dits {

struct ImportSummary {
  std::int64_t read = 0;  // what stands in the file, readable or not
  std::int64_t created = 0;
  std::int64_t updated = 0;  // changed at GitHub since the last run, and here only there
  std::int64_t unchanged = 0;
  std::int64_t kept = 0;     // changed at GitHub in fields that were changed here too: what is here stays
  std::int64_t trashed = 0;  // here in the trash, and left there
  std::int64_t older = 0;    // changed in the file, which is from before the last import of them: not taken
  std::int64_t mended = 0;   // of earlier imports: links to GitHub became numbers of what came now
  std::int64_t projects = 0;
  std::int64_t labels = 0;
  std::int64_t links = 0;
  ImportNotes notes;  // what was changed of issues that were written
};

// Told after each batch.
using ImportProgress = std::function<void(const ImportSummary& summary, std::int64_t total)>;

// Writes in the order of the file's entries, so that numbers follow time: all of them or, after an error,
// none, as one step to undo. References between them are numbers of here, those to others are links. Issues
// are known by their address (metadata.sourceUrl): a second run of the same file changes nothing, nothing
// that lies in the trash comes back, and no older file takes a newer one's words back; of both there is a
// note each. Errors: those of GithubFile::issue and of the database.
Result<ImportSummary> import_github(ServiceContext& context,
                                    const Viewer& viewer,
                                    GithubFile& file,
                                    const ImportProgress& progress);

}  // namespace dits
