// Reading the database's enums.
#pragma once

#include <cassert>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits::store {

// The database's enum types hold the same names as ours, so a name that we do not know is our own bug.
template <typename T>
T enum_from_row(std::string_view name, Result<T> (*from_name)(std::string_view)) {
  Result<T> value = from_name(name);
  assert(value.has_value());
  return *value;
}

}  // namespace dits::store
