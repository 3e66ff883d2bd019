// Who needs the files of attachments to stay: an upload until its row is there, a backup, a restore, an
// export.
#pragma once

#include <string>

#include "server/base/files.hpp"

namespace dits {

enum class StoredFilesUse {
  keep,    // several at a time; waits for a removal, which is short
  remove,  // alone; refused when anybody keeps them
};

// The lock of the directory of attachments, until the descriptor is gone; one that is not open where there is
// no such directory. Errors: unavailable.
Result<FileDescriptor> lock_stored_files(const std::string& directory, StoredFilesUse use);

}  // namespace dits
