// Which DITS this is.
#pragma once

#include <string_view>

namespace dits {

std::string_view version_text();  // "0.1.0"

}  // namespace dits
