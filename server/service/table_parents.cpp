#include "server/service/table_parents.hpp"

#include <algorithm>

namespace dits {

TableParents::NumberedRow& TableParents::row_of(std::int64_t number) {
  NumberedRow& row = rows_[number];
  if (!row.id.is_set()) row.id = make_id_();
  return row;
}

IssueId TableParents::add(std::int64_t line, std::int64_t number, std::int64_t parent) {
  if (parent != 0 && row_of(parent).line == 0 && parent != number) awaited_.emplace_back(line, parent);
  if (number == 0) return make_id_();
  NumberedRow& row = row_of(number);
  if (row.line != 0) {
    mistakes_.push_back({line, "number: " + std::to_string(number) + " is there twice"});
    return make_id_();
  }
  row.line = line;
  row.parent = parent;
  return row.id;
}

// Looks at each row once, however long the chains are.
void TableParents::follow(NumberedRow& row) {
  std::vector<NumberedRow*> way;
  NumberedRow* at = &row;
  while (at != nullptr && at->state == State::unknown) {
    at->state = State::on_the_way;
    way.push_back(at);
    at = at->parent == 0 ? nullptr : &rows_.at(at->parent);
  }
  const bool is_circular = at != nullptr && (at->state == State::on_the_way || at->state == State::circular);
  for (NumberedRow* each : way) each->state = is_circular ? State::circular : State::good;
}

std::vector<TableParents::Mistake> TableParents::take_mistakes() {
  for (const auto& [line, parent] : awaited_) {
    if (rows_.at(parent).line == 0)
      mistakes_.push_back({line, "parent: no row of this table has the number " + std::to_string(parent)});
  }
  for (auto& [number, row] : rows_) {
    follow(row);
    if (row.state == State::circular) mistakes_.push_back({row.line, "parent: the row is its own ancestor"});
  }
  std::ranges::stable_sort(mistakes_, {}, &Mistake::line);
  return std::move(mistakes_);
}

}  // namespace dits
