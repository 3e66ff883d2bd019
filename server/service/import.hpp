// Brings an export back. What comes is pushed in pieces, as it is read from a file; nothing is there for
// others before finish().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/service/audit.hpp"
#include "server/service/import_notes.hpp"
#include "server/service/table_dates.hpp"
#include "server/service/table_words.hpp"

namespace dits {

struct ImportCounts {
  std::int64_t read = 0;  // lines or rows
  std::int64_t issues = 0;
  std::int64_t comments = 0;
  std::int64_t files = 0;
  std::int64_t projects = 0;
  std::int64_t areas = 0;
  std::int64_t labels = 0;
  std::int64_t changes = 0;
  std::int64_t same_title = 0;  // issues of a table with the title of one that was here before
  ImportNotes notes;            // what was changed on the way in
};

class Import {
 public:
  virtual ~Import() = default;
  // Errors: invalid, naming the line; those of the database. After an error nothing was written.
  virtual Result<void> add(std::string_view bytes) = 0;
  virtual Result<ImportCounts> finish() = 0;
  virtual const ImportCounts& counts() const = 0;
};

// The file of `dits export json`, into an account in which nothing has happened yet: it becomes what was
// exported, history included. Errors: conflict, kind "account_in_use".
Result<std::unique_ptr<Import>> begin_json_import(ServiceContext& context, const Viewer& viewer);

// A table of issues with a header row. Columns are known by their names (title, description, status,
// priority, project, area, labels, parent, start, due, completed, created, number; unknown ones are refused
// unless `columns` maps them to one of these, or to "" to pass them over). Projects, areas and labels that
// are missing are made; a status must exist. An entry of a map that fits nothing
// in the table is refused. A table of Todoist's is known by its columns
// (todoist_table.hpp). All rows are looked at before anything is written, and all that is in the way is told
// at once, with the maps that would mend it (table_obstacles.hpp).
struct CsvImportOptions {
  std::map<std::string, std::string> columns = {};  // of the file -> ours
  TableValues values = {};                          // of the file -> ours
  DateOrder dates = DateOrder::unknown;
  std::string encoding = {};  // as TextDecoder
  bool is_dry_run = false;    // counts and tells everything, and writes nothing
};
Result<std::unique_ptr<Import>> begin_csv_import(ServiceContext& context,
                                                 const Viewer& viewer,
                                                 CsvImportOptions options);

// Brings the planner's statistics up to date after many rows came in.
void refresh_statistics(ServiceContext& context);

}  // namespace dits
