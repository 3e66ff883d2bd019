// A PostgreSQL array as a parameter, built element by element: one array a column is how many rows travel in
// one statement.
#pragma once

#include <cstddef>
#include <string>

#include "server/db/param.hpp"

namespace dits {

class ArrayText {
 public:
  void add(const Param& element);
  // The elements of another one, behind its own.
  void append(const ArrayText& other);

  std::size_t bytes() const { return elements_.size(); }
  // Leaves the array empty.
  Param take();

 private:
  std::string elements_;
};

}  // namespace dits
