// The first row of an imported table: which column of ours each of its columns is.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/service/table_maps.hpp"
#include "server/service/table_obstacles.hpp"

namespace dits {

class TableColumns {
 public:
  // What is in the way goes to `obstacles`. From then on a column that is only proposed counts as what is
  // proposed, so that the rows are looked through as they would be read with the map that is printed.
  void take(const std::vector<std::string>& cells, TableMaps& maps, TableObstacles& obstacles);

  std::size_t size() const { return ours_.size(); }
  bool is_empty() const { return ours_.empty(); }
  const std::vector<std::string>& names() const { return ours_; }
  // Our name of the column at this place; empty: passed over.
  const std::string& at(std::size_t place) const { return ours_[place]; }
  // A column without a name may have no cells: whatever stands there would be lost.
  bool is_nameless(std::size_t place) const { return theirs_[place].empty(); }
  bool has(const std::string& ours) const;

  // Those of a table that is known as a whole.
  void set(std::vector<std::string> ours);

 private:
  void take_column(const std::string& theirs, TableMaps& maps);
  void propose(TableObstacles& obstacles);
  void refuse_doubles(TableObstacles& obstacles);

  std::vector<std::string> ours_;
  std::vector<std::string> theirs_;
  std::vector<std::size_t> unknown_;  // places
};

}  // namespace dits
