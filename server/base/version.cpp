#include "server/base/version.hpp"

namespace dits {

std::string_view version_text() { return DITS_VERSION; }

}  // namespace dits
