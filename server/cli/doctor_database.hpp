// The parts of `dits doctor` that look at PostgreSQL.
#pragma once

#include "server/base/config.hpp"
#include "server/cli/doctor_report.hpp"
#include "server/db/connection.hpp"
#include "server/migrate/database_setup.hpp"

namespace dits::cli {

// What a person can do about a database that does not let us in, by PostgreSQL's words for it; empty where
// the error says it all.
std::string advice_for_connection(const Error& error, const Config& config);

// The embedded databases in the data directory: of which version, and which of them are only kept.
void look_at_clusters(const Config& config, Report& report);

// Version, settings, clock, room for the pool, what hangs.
void look_at_server(Connection& owner, const DatabasePlace& place, const Config& config, Report& report);
// Migrations and the rights of the role that serves requests.
void look_at_schema(Connection& owner, const DatabasePlace& place, Report& report);
// Which database this is, and whether data directory, attachments and backups are its own.
void look_at_identity(Connection& owner, const DatabasePlace& place, const Config& config, Report& report);
// Missing, broken and unused indexes, bloat, statistics.
void look_at_tables(Connection& owner, Report& report);
void look_at_replicas(const Config& config, Report& report);

}  // namespace dits::cli
