// Which row of an imported table is below which: rows name each other by the numbers that the table gives
// them, in any order. Keeps a few words for each row that has a number, however large the row is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/id.hpp"

namespace dits {

class TableParents {
 public:
  struct Mistake {
    std::int64_t line = 0;
    std::string what;
  };

  explicit TableParents(std::function<IssueId()> make_id) : make_id_(std::move(make_id)) {}

  // The row at `line` has this number and that parent; 0: none. Gives it its id. Keeps a mistake when
  // another row has the number.
  IssueId add(std::int64_t line, std::int64_t number, std::int64_t parent);
  // The id of the row with this number, be it still to come.
  IssueId id_of(std::int64_t number) { return row_of(number).id; }

  // When all rows are there: numbers that are there twice, parents that are not there, and rows that are
  // their own ancestor, by line.
  std::vector<Mistake> take_mistakes();

 private:
  enum class State { unknown, on_the_way, good, circular };
  struct NumberedRow {
    IssueId id;
    std::int64_t line = 0;  // 0: only spoken of so far
    std::int64_t parent = 0;
    State state = State::unknown;
  };

  NumberedRow& row_of(std::int64_t number);
  void follow(NumberedRow& row);

  std::function<IssueId()> make_id_;
  std::map<std::int64_t, NumberedRow> rows_;
  std::vector<std::pair<std::int64_t, std::int64_t>> awaited_;  // line, and the parent that was not there yet
  std::vector<Mistake> mistakes_;
};

}  // namespace dits
