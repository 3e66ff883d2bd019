// A PostgreSQL array as a parameter, built element by element: one array a column is how many rows travel in
// one statement.
#pragma once

#include <string>
#include <string_view>

#include "server/db/param.hpp"

namespace dits::store {

class ArrayText {
 public:
  void add(const Param& element);

  // Leaves the array empty.
  Param take();

 private:
  std::string text_ = "{";
};

}  // namespace dits::store
