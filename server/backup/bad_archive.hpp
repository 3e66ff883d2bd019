// The one error for a file that is not, or no longer, what a backup of DITS is.
#pragma once

#include <string>
#include <utility>

#include "shared/core/error.hpp"

namespace dits {

// `message` says what is wrong with it and what can be done: kind "bad_archive".
inline Error bad_archive(std::string message) {
  Error error = invalid({}, std::move(message));
  error.kind = "bad_archive";
  return error;
}

}  // namespace dits
