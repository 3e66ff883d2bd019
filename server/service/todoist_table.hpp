// A table of Todoist's, row by row as one of ours.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/service/import_notes.hpp"
#include "server/service/table_dates.hpp"
#include "shared/core/result.hpp"

namespace dits {

// Tasks become issues, those that stand indented sub-issues of the one above; a note goes on with the text of
// its task; words such as @home are labels; priority 1 is urgent. What has no place here (sections, who it is
// for, dates that come again) is told by its line.
class TodoistTable {
 public:
  // Folded names of a first row.
  static bool is_header(const std::vector<std::string>& names);
  // Of the rows that it emits.
  static const std::vector<std::string>& columns();

  using Emit = std::function<Result<void>(std::int64_t line, std::vector<std::string>& cells)>;
  TodoistTable(const std::vector<std::string>& names, DateOrder dates, Emit emit);

  Result<void> take(std::int64_t line, const std::vector<std::string>& cells, ImportNotes& notes);
  Result<void> finish();

 private:
  struct Task {
    std::int64_t line = 0;
    std::vector<std::string> cells;  // in the order of columns()
  };
  std::string cell(const std::vector<std::string>& cells, std::string_view name) const;
  void begin_task(std::int64_t line, const std::vector<std::string>& cells, ImportNotes& notes);
  void take_dates(const std::vector<std::string>& cells, ImportNotes& notes);
  Result<void> emit_task();

  std::map<std::string, std::size_t, std::less<>> places_;  // of Todoist's columns
  DateOrder dates_;
  Emit emit_;
  std::optional<Task> task_;         // until what may follow it is known
  std::int64_t task_count_ = 0;      // each has its place as its number
  std::vector<std::int64_t> above_;  // the last task of each level
};

}  // namespace dits
