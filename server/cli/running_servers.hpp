// Asks the servers that run on a database for their figures, over the database itself: it works for the
// embedded one and an external one, with and without Redis.
#pragma once

#include <vector>

#include "server/migrate/database_setup.hpp"
#include "shared/json/value.hpp"

namespace dits::cli {

// One object of App::figures() for each server that answered within half a second; none when nobody runs.
std::vector<Json> figures_of_running_servers(const DatabasePlace& place);

// The same as lines for a person.
void print_figures(const std::vector<Json>& servers);

}  // namespace dits::cli
