#include "server/service/table_obstacles.hpp"

#include <algorithm>

#include "server/service/import_notes.hpp"
#include "shared/core/csv.hpp"

namespace dits {

constexpr std::size_t most_mistakes = 20;
constexpr std::size_t most_values = 200;
constexpr std::size_t longest_value = 200;  // in bytes; a longer one is no name of anything

// As one word of a shell.
static std::string quoted_for_shell(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

void TableObstacles::mistake(std::int64_t line, const std::string& what) {
  ++count_;
  if (mistakes_.size() < most_mistakes) mistakes_.push_back({line, what});
}

void TableObstacles::unknown_column(const std::string& theirs, const std::string& suggested) {
  if (std::ranges::find(columns_, theirs, &Column::theirs) != columns_.end()) return;
  ++count_;
  columns_.push_back({theirs, suggested, "the column " + beginning_of(theirs) + " is not known"});
}

void TableObstacles::double_column(const std::string& theirs, const std::string& what) {
  ++count_;
  columns_.push_back({theirs, "", what});
}

void TableObstacles::unknown_value(std::int64_t line,
                                   const std::string& column,
                                   const std::string& theirs,
                                   const std::string& suggested,
                                   const std::string& what) {
  const auto key = std::pair(column, theirs);
  const bool is_kept =
      theirs.size() <= longest_value && (values_.size() < most_values || values_.contains(key));
  if (!is_kept) return mistake(line, what);
  Value& value = values_.try_emplace(key, Value{line, 0, suggested, what}).first->second;
  if (value.rows++ == 0) ++count_;
}

void TableObstacles::unordered_date(std::int64_t line, const std::string& what) {
  has_unordered_date_ = true;
  mistake(line, what);
}

void TableObstacles::unfit_map(const std::string& map, const std::string& what) {
  ++count_;
  if (maps_.size() < most_mistakes) maps_.push_back({map, what});
}

std::string TableObstacles::advice() const {
  std::string flags;
  if (!columns_.empty()) {
    std::string text;
    for (const Column& column : columns_)
      text += (text.empty() ? "" : ",") + joined_words({column.theirs}) + "=" + column.suggested;
    flags += " --map " + quoted_for_shell(text);
  }
  if (!values_.empty()) {
    std::string text;
    for (const auto& [key, value] : values_)
      text +=
          (text.empty() ? "" : ",") + joined_words({key.first + ":" + key.second + "=" + value.suggested});
    flags += " --map-value " + quoted_for_shell(text);
  }
  if (has_unordered_date_) flags += " --dates day-first";
  if (flags.empty()) return flags;
  return " Mend the file, or import it with" + flags +
         (columns_.empty() ? ""
                           : "; behind = stands which column of ours it is, or nothing to pass it over") +
         (has_unordered_date_ ? "; where the month stands first it is month-first" : "") + ".";
}

Result<void> TableObstacles::refuse() {
  if (!any()) return {};
  std::vector<Told> told = mistakes_;
  for (const auto& [key, value] : values_) {
    const std::string rows = value.rows == 1 ? std::string() : " (" + std::to_string(value.rows) + " rows)";
    told.push_back({value.line, value.what + rows});
  }
  for (const Column& column : columns_) told.push_back({1, column.what});
  const auto shown = static_cast<std::int64_t>(told.size() + maps_.size());
  Error error = invalid("",
                        std::to_string(count_) + (count_ == 1 ? " mistake" : " mistakes") +
                            (maps_.empty() ? " in the table" : " in the table or in what was said of it") +
                            (count_ > shown ? " (" + std::to_string(shown) + " of them are told)" : "") +
                            "; nothing was written." + advice());
  error.fields = maps_;
  std::ranges::stable_sort(told, {}, &Told::line);
  for (const Told& each : told) error.fields.push_back({"line " + std::to_string(each.line), each.what});
  return error;
}

}  // namespace dits
