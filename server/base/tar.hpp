// A tar archive (POSIX ustar, with pax headers for long or non-ASCII names) written as a stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dits {

// What stands before the content of a file. `path` has no leading slash.
std::string tar_header(std::string_view path, std::int64_t byte_size, std::int64_t modified_unix_s);
// What stands behind a content of this size.
std::string tar_padding(std::int64_t byte_size);
// What stands at the end of the archive.
std::string tar_end();

}  // namespace dits
