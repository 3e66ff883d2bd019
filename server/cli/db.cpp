// `dits db info | shell`. What is about the schema is in db_schema.cpp.
#include <csignal>
#include <cstdio>

#include "server/cli/commands.hpp"
#include "server/cli/running_servers.hpp"
#include "server/cli/session.hpp"
#include "server/cli/table.hpp"
#include "server/cli/table_sizes.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/migrate/identity.hpp"

namespace dits::cli {

namespace {

constexpr std::string_view ask_info =
    "SELECT version(), current_database(), pg_size_pretty(pg_database_size(current_database())), "
    "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()), "
    "current_setting('max_connections'), "
    "current_setting('data_checksums'), (SELECT count(*) FROM pg_stat_activity WHERE datname = "
    "current_database() AND application_name = 'dits' "
    "AND state <> 'idle')";
std::string line_text(std::string_view text) { return std::string(text); }

Result<Json> info_as_json(const Row& info,
                          Connection& owner,
                          const DatabasePlace& place,
                          const Config& config) {
  Json json{{"server", line_text(info.text(0))},
            {"place", place.is_embedded() ? config.data_dir : without_password(config.database_url.reveal())},
            {"isEmbedded", place.is_embedded()},
            {"isServed", place.is_embedded() && place.cluster->is_joined()},
            {"database", line_text(info.text(1))},
            {"size", line_text(info.text(2))},
            {"checksums", line_text(info.text(5))},
            {"connections", line_text(info.text(3))},
            {"maxConnections", line_text(info.text(4))},
            {"working", line_text(info.text(6))},
            {"pool", {{"min", config.database_pool_min}, {"max", config.database_pool_max}}}};
  if (const auto identity = TRY(read_identity(owner))) json["identity"] = to_string(*identity);
  json["servers"] = figures_of_running_servers(place);
  Json tables = Json::array();
  for (const TableSize& table : TRY(table_sizes(owner)))
    tables.push_back(Json{
        {"name", table.name}, {"rows", table.rows}, {"isEstimate", table.is_estimate}, {"size", table.size}});
  json["tables"] = std::move(tables);
  return json;
}

Result<void> print_tables(Connection& owner) {
  for (const TableSize& table : TRY(table_sizes(owner))) {
    std::printf("table        %-24s %12s rows %10s%s\n",
                table.name.c_str(),
                grouped(table.rows).c_str(),
                table.size.c_str(),
                table.is_estimate ? "  (estimate)" : "");
  }
  return {};
}

}  // namespace

Result<void> db_info(const CommandLine& line, const Config& config) {
  const DatabasePlace place = TRY(open_database_place(config, OpenedBy::onlooker));
  const auto owner = TRY(connect_as_owner(place));
  const Rows info = TRY(owner->run_once(ask_info));
  if (line.has("--json")) {
    print_json(TRY(info_as_json(info[0], *owner, place, config)));
    return {};
  }
  std::printf("server       %s\n", line_text(info[0].text(0)).c_str());
  std::printf(
      "place        %s\n",
      place.is_embedded()
          ? (config.data_dir + (place.cluster->is_joined() ? " (served by a running DITS)" : "")).c_str()
          : without_password(config.database_url.reveal()).c_str());
  std::printf(
      "database     %s, %s\n", line_text(info[0].text(1)).c_str(), line_text(info[0].text(2)).c_str());
  if (const auto identity = TRY(read_identity(*owner)))
    std::printf("identity     %s\n", to_string(*identity).c_str());
  std::printf("checksums    %s\n", line_text(info[0].text(5)).c_str());
  std::printf("connections  %s of %s, %s working\n",
              line_text(info[0].text(3)).c_str(),
              line_text(info[0].text(4)).c_str(),
              line_text(info[0].text(6)).c_str());
  std::printf("pool         %d to %d connections\n", config.database_pool_min, config.database_pool_max);
  print_figures(figures_of_running_servers(place));
  return print_tables(*owner);
}

Result<void> db_shell(const CommandLine& line, const Config& config) {
  const DatabasePlace place = TRY(open_database_place(config, OpenedBy::command));
  embedded::Program psql = TRY(database_tool(place, config, "psql", line.rest));
  TRY(let_read_all_rows(place, psql));
  psql.standard_input = 0;
  psql.standard_output = 1;
  for (const char* name : {"HOME", "TERM", "PAGER", "PSQLRC", "PSQL_HISTORY"}) {
    if (const auto value = environment_variable(name))
      psql.environment.push_back(std::string(name) + "=" + *value);
  }
  // Ctrl-C stops a statement in psql, not us.
  ::signal(SIGINT, SIG_IGN);
  const pid_t process = TRY(embedded::start_program(psql));
  const int code = embedded::wait_for_program(process);
  if (code != 0) return internal("psql ended with the code " + std::to_string(code) + ".");
  return {};
}

}  // namespace dits::cli
