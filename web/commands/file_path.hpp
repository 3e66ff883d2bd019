// Where the server has a file that hangs on an issue.
#pragma once

#include <string>

#include "shared/api/paths.hpp"
#include "shared/model/attachment.hpp"

namespace dits::web {

inline std::string file_path(const Attachment& file) {
  return paths::path_with(paths::issue_attachment, {to_string(file.issue_id), to_string(file.id)});
}

}  // namespace dits::web
