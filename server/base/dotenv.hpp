// A ".env" file: lines NAME=value, '#' comments, optional "export ", single or double quotes around a value.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

using Variables = std::map<std::string, std::string>;

// Errors: invalid, naming the line.
Result<Variables> parse_dotenv(std::string_view text);

struct DotenvFile {
  Variables variables;
  bool is_private = true;  // nobody but its owner may read it
};

// The file at `path`; empty when there is none. Errors: invalid, also when the file belongs to somebody else.
Result<DotenvFile> read_dotenv(const std::string& path);

}  // namespace dits
