// Directories that are there completely or not at all, whatever happens while they are made.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits::embedded {

bool is_directory(const std::string& path);

// "17.11" -> 17; 0 when it begins with no digit.
int leading_number(std::string_view text);

// Makes the directory `path` with the help of `fill`: under a temporary name beside it, synced, then renamed.
// Fine when somebody else was faster. Errors: unavailable, kind "disk_full" when that is the reason; those of
// `fill`. Nothing is left behind then.
Result<void> make_completely(const std::string& path,
                             unsigned mode,
                             const std::function<Result<void>(const std::string& temporary)>& fill);

}  // namespace dits::embedded
