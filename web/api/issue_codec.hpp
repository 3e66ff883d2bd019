// Issues in few bytes and without parsing, for the browser's own copy: 10,000 are read back in a few
// milliseconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/model/issue.hpp"

namespace dits::web {

void append_packed(std::string& out, const Issue& issue);
// Errors: invalid, for anything but what append_packed of this version wrote.
Result<std::vector<Issue>> unpack_issues(std::string_view bytes);

}  // namespace dits::web
