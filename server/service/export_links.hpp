// Addresses of files in a text, which become paths into the folder of an export.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/model/attachment.hpp"

namespace dits {

// "files/<hash>/<name>": where a file lies in the export. Names repeat, contents do not.
std::string exported_file_path(const Attachment& attachment);

// `text` with the addresses of these files as paths from the folder beside "files": with the server's own
// address before them or without, by the id of the issue or its number. What is code stays as it is.
std::string with_local_links(std::string_view text, const std::vector<Attachment>& attachments);

}  // namespace dits
