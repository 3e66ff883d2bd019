// Schemas of what is no noun: sessions, search, figures, imports, backups, Studio.
#pragma once

#include <span>

#include "shared/api/schemas.hpp"

namespace dits::schemas {

std::span<const Schema> of_services();

}  // namespace dits::schemas
