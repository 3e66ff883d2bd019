#include "server/service/todoist_table.hpp"

#include <algorithm>
#include <array>

#include "shared/core/csv.hpp"
#include "shared/core/text.hpp"
#include "shared/model/issue.hpp"

namespace dits {

namespace {

enum Column { number, parent, title, description, priority, labels, start, due, column_count };

// Words such as @home, taken out of the title.
std::vector<std::string> take_labels(std::string& text) {
  std::vector<std::string> found;
  std::string rest;
  std::string_view left = text;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(' '), left.size());
    const std::string_view word = left.substr(0, end);
    if (word.size() > 1 && word[0] == '@') {
      found.emplace_back(word.substr(1));
    } else {
      rest += (rest.empty() ? "" : " ") + std::string(word);
    }
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  if (trim(rest).empty()) return {};
  text = rest;
  return found;
}

}  // namespace

bool TodoistTable::is_header(const std::vector<std::string>& names) {
  constexpr std::array<std::string_view, 4> needed = {"type", "content", "priority", "indent"};
  return std::ranges::all_of(
      needed, [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); });
}

const std::vector<std::string>& TodoistTable::columns() {
  static const std::vector<std::string> names = {
      "number", "parent", "title", "description", "priority", "labels", "start", "due"};
  return names;
}

TodoistTable::TodoistTable(const std::vector<std::string>& names, DateOrder dates, Emit emit)
    : dates_(dates), emit_(std::move(emit)) {
  for (std::size_t at = 0; at < names.size(); ++at) places_.emplace(names[at], at);
}

std::string TodoistTable::cell(const std::vector<std::string>& cells, std::string_view name) const {
  const auto found = places_.find(name);
  if (found == places_.end() || found->second >= cells.size()) return {};
  return std::string(trim(cells[found->second]));
}

// The day of the work is its start where there is a deadline, and else the day it is due.
void TodoistTable::take_dates(const std::vector<std::string>& cells, ImportNotes& notes) {
  const std::string deadline = cell(cells, "deadline");
  for (const std::string_view name : {"deadline", "date"}) {
    const std::string text = cell(cells, name);
    if (text.empty()) continue;
    const Result<Date> day = day_from_cell(text, dates_);
    if (!day) {
      notes.add(task_->line,
                std::string(name) + ": " + beginning_of(text) + " was left out, it names no day of its own");
      continue;
    }
    const Column where = name == "date" && !deadline.empty() ? start : due;
    task_->cells[where] = to_string(*day);
  }
  // Nothing begins after it is due.
  if (!task_->cells[start].empty() && !task_->cells[due].empty() && task_->cells[start] > task_->cells[due]) {
    notes.add(task_->line,
              "date: " + beginning_of(task_->cells[start]) + " was left out, it is after the deadline");
    task_->cells[start].clear();
  }
}

void TodoistTable::begin_task(std::int64_t line, const std::vector<std::string>& cells, ImportNotes& notes) {
  task_ = Task{line, std::vector<std::string>(column_count)};
  std::vector<std::string>& ours = task_->cells;
  ++task_count_;
  ours[number] = std::to_string(task_count_);
  const std::string indent = cell(cells, "indent");
  const std::size_t level = indent.size() == 1 && indent[0] >= '1' && indent[0] <= '9'
                                ? static_cast<std::size_t>(indent[0] - '1')
                                : 0;
  above_.resize(std::min(level, above_.size()));
  if (!above_.empty()) ours[parent] = std::to_string(above_.back());
  above_.push_back(task_count_);
  std::string text = cell(cells, "content");
  ours[labels] = joined_words(take_labels(text));
  ours[title] = text;
  ours[description] = cell(cells, "description");
  constexpr std::array<std::string_view, 4> priorities = {"urgent", "high", "medium", "none"};
  const std::string rank = cell(cells, "priority");
  const bool is_rank = rank.size() == 1 && rank[0] >= '1' && rank[0] <= '4';
  ours[priority] = is_rank ? std::string(priorities[static_cast<std::size_t>(rank[0] - '1')]) : rank;
  take_dates(cells, notes);
  const std::string duration = cell(cells, "duration");
  if (!duration.empty())
    notes.add(line,
              "duration: " + beginning_of(duration + " " + cell(cells, "duration_unit")) + " was left out");
  if (const std::string who = cell(cells, "responsible"); !who.empty())
    notes.add(line, "responsible: " + beginning_of(who) + " was left out");
}

Result<void> TodoistTable::emit_task() {
  if (!task_) return {};
  Task task = std::move(*task_);
  task_.reset();
  return emit_(task.line, task.cells);
}

Result<void> TodoistTable::take(std::int64_t line,
                                const std::vector<std::string>& cells,
                                ImportNotes& notes) {
  const std::string type = fold_case(cell(cells, "type"));
  const std::string content = cell(cells, "content");
  if (type == "task") {
    TRY(emit_task());
    begin_task(line, cells, notes);
  } else if (type == "note" && task_) {
    std::string& text = task_->cells[description];
    // What is too long by then is a mistake at the task's line, without what is still to come.
    if (text.size() <= max_description_bytes) text += (text.empty() ? "" : "\n\n") + content;
  } else if (type != "meta") {
    const bool is_named = type == "note" || type == "section";
    notes.add(line,
              (is_named ? type : std::string("a row")) + ": " + beginning_of(content) + " was left out");
  }
  return {};
}

Result<void> TodoistTable::finish() { return emit_task(); }

}  // namespace dits
