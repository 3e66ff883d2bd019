#include "server/service/table_words.hpp"

#include <algorithm>
#include <array>

#include "server/service/issue_table.hpp"
#include "shared/core/csv.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

bool is_column(std::string_view name) {
  return std::find(issue_table_columns.begin(), issue_table_columns.end(), name) != issue_table_columns.end();
}

// What other programs call the same.
struct Alias {
  std::string_view theirs;
  std::string_view ours;
};
constexpr Alias aliases[] = {{"summary", "title"},
                             {"name", "title"},
                             {"body", "description"},
                             {"state", "status"},
                             {"label", "labels"},
                             {"tags", "labels"},
                             {"project name", "project"},
                             {"due date", "due"},
                             {"start date", "start"},
                             {"id", "number"},
                             {"issue id", "number"},
                             {"#", "number"},
                             {"parent id", "parent"},
                             {"created at", "created"},
                             {"updated at", "updated"},
                             {"completed at", "completed"},
                             {"resolved", "completed"}};

// "Summary=title" by its last =, both sides without blanks and quotes.
Result<std::pair<std::string, std::string>> pair_from_word(const std::string& word,
                                                           std::string_view field,
                                                           const std::string& what) {
  const std::size_t equals = word.rfind('=');
  if (equals == std::string::npos || equals == 0) return invalid(std::string(field), what);
  return std::pair(std::string(trim(std::string_view(word).substr(0, equals))),
                   std::string(trim(std::string_view(word).substr(equals + 1))));
}

}  // namespace

std::string our_column(std::string_view theirs) {
  for (const Alias& alias : aliases) {
    if (theirs == alias.theirs) return std::string(alias.ours);
  }
  return is_column(theirs) ? std::string(theirs) : std::string();
}

std::optional<Priority> priority_from_cell(std::string_view text) {
  const std::string word = fold_case(text);
  if (word.empty() || word == "none" || word == "no priority") return Priority::none;
  for (const Priority priority :
       {Priority::none, Priority::low, Priority::medium, Priority::high, Priority::urgent}) {
    if (word == fold_case(name_of(priority))) return priority;
  }
  return std::nullopt;
}

std::string suggested_priority(std::string_view text) {
  const std::string word = fold_case(text);
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
  };
  if (is_one_of({"highest", "critical", "blocker", "immediate", "p0", "p1"})) return "urgent";
  if (is_one_of({"major", "p2"})) return "high";
  if (is_one_of({"normal", "moderate", "p3"})) return "medium";
  if (is_one_of({"lowest", "minor", "trivial", "p4"})) return "low";
  return "none";
}

std::string suggested_status(const Workflow& workflow, std::string_view text) {
  constexpr std::array<std::string_view, 10> closed_words = {"resolved",
                                                             "closed",
                                                             "done",
                                                             "complete",
                                                             "completed",
                                                             "fixed",
                                                             "finished",
                                                             "cancelled",
                                                             "canceled",
                                                             "verified"};
  const bool is_closed = std::ranges::find(closed_words, fold_case(text)) != closed_words.end();
  for (const Status& status : workflow.statuses) {
    if (status.is_closed == is_closed) return status.name;
  }
  return workflow.statuses.empty() ? std::string() : workflow.statuses.front().name;
}

Result<std::map<std::string, std::string>> column_map_from_text(std::string_view text) {
  std::map<std::string, std::string> columns;
  for (const std::string& word : TRY(words_in_cell(text))) {
    const auto [theirs, named] = TRY(
        pair_from_word(word,
                       "columns",
                       "Must be pairs such as Summary=title,Owner= ; a name with a comma stands in quotes."));
    const std::string ours = fold_case(named);
    if (!ours.empty() && !is_column(ours))
      return invalid("columns", "There is no column \"" + ours + "\" to map to.");
    columns[theirs] = ours;
  }
  return columns;
}

Result<TableValues> value_map_from_text(std::string_view text) {
  const std::string what =
      "Must be pairs such as status:Resolved=Done,priority:Highest=urgent ; what has a comma stands in "
      "quotes.";
  TableValues values;
  for (const std::string& word : TRY(words_in_cell(text))) {
    const auto [theirs, ours] = TRY(pair_from_word(word, "values", what));
    const std::size_t colon = theirs.find(':');
    if (colon == std::string::npos) return invalid("values", what);
    const std::string column = fold_case(trim(std::string_view(theirs).substr(0, colon)));
    constexpr std::array<std::string_view, 5> with_values = {
        "status", "priority", "project", "area", "labels"};
    if (std::ranges::find(with_values, column) == with_values.end())
      return invalid(
          "values",
          "\"" + column +
              "\" is no column whose values can be mapped: status, priority, project, area, labels.");
    values[{column, fold_case(trim(std::string_view(theirs).substr(colon + 1)))}] = ours;
  }
  return values;
}

}  // namespace dits
