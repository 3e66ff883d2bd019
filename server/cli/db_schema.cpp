// `dits db status | new | reset`: the versions of the schema.
#include <algorithm>
#include <cstdio>

#include "server/base/clock.hpp"
#include "server/base/secret.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/cli/table_sizes.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/database_setup.hpp"

namespace dits::cli {

namespace {

const char* name_of(MigrationRow::State state) {
  switch (state) {
    case MigrationRow::State::applied:
      return "applied";
    case MigrationRow::State::pending:
      return "pending";
    case MigrationRow::State::changed:
      return "CHANGED";
    case MigrationRow::State::missing:
      return "MISSING";
  }
  return "";
}

std::vector<std::string> line_of(const MigrationRow& row) {
  if (row.state == MigrationRow::State::pending)
    return {name_of(row.state), row.migration.name, "-", "-", "-", "-"};
  return {name_of(row.state),
          row.migration.name,
          row.migration.applied_at + " UTC",
          row.migration.applied_by,
          row.migration.binary_version,
          std::to_string(row.migration.duration_ms) + " ms"};
}

Json json_of(const MigrationRow& row) {
  std::string state = name_of(row.state);
  std::ranges::transform(
      state, state.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  Json json{{"name", row.migration.name}, {"state", state}};
  if (row.state == MigrationRow::State::pending) return json;
  json["appliedAt"] = row.migration.applied_at;
  json["appliedBy"] = row.migration.applied_by;
  json["version"] = row.migration.binary_version;
  json["durationMs"] = row.migration.duration_ms;
  return json;
}

std::string place_of(const Config& config) {
  return config.is_embedded() ? config.data_dir : without_password(config.database_url.reveal());
}

// What a reset would delete: the database's name, and how much is in it.
Result<std::string> describe_loss(Connection& owner, const Config& config) {
  const Rows name =
      TRY(owner.run_once("SELECT current_database(), pg_size_pretty(pg_database_size(current_database()))"));
  std::string text = "the database \"" + std::string(name[0].text(0)) + "\" (" +
                     std::string(name[0].text(1)) + ") of " + place_of(config);
  const std::vector<TableSize> tables = TRY(table_sizes(owner));
  const auto amount = [&tables](const char* table, const char* noun) {
    const auto found = std::ranges::find(tables, table, &TableSize::name);
    if (found == tables.end()) return counted(0, noun);
    return (found->is_estimate ? "about " : "") + counted(found->rows, noun);
  };
  return text + " with " + amount("users", "user") + " and " + amount("issues", "issue");
}

}  // namespace

Result<void> db_status(const CommandLine& line, const Config& config) {
  const DatabasePlace place = TRY(open_database_place(config, OpenedBy::onlooker));
  const auto owner = TRY(connect_as_owner(place));
  const std::vector<Migration> known = TRY(embedded_migrations());
  std::vector<std::vector<std::string>> lines = {{"state", "migration", "when", "by", "with dits", "took"}};
  Json migrations = Json::array();
  std::size_t pending = 0;
  const std::vector<MigrationRow> rows = TRY(migration_rows(*owner, known));
  for (const MigrationRow& row : rows) {
    if (row.state == MigrationRow::State::pending) ++pending;
    lines.push_back(line_of(row));
    migrations.push_back(json_of(row));
  }
  if (line.has("--json")) {
    print_json(
        {{"migrations", std::move(migrations)}, {"applied", rows.size() - pending}, {"pending", pending}});
    TRY(migration_state(*owner, known));
    return {};
  }
  print_table(lines);
  std::printf("%zu applied, %zu pending\n", rows.size() - pending, pending);
  // Says what to do about one that is changed or missing.
  TRY(migration_state(*owner, known));
  if (pending > 0) {
    std::printf(place.is_embedded()
                    ? "The next start of the server applies what is pending, after a backup.\n"
                    : "Back up the database, then start once with --migrate.\n");
  }
  return {};
}

Result<void> db_new(const CommandLine& line, const Config&) {
  const std::string directory = line.has("--directory") ? line.get("--directory") : "migrations";
  std::string digits;
  for (const char c : to_string(system_clock().now()).substr(0, 19)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const std::string path = TRY(write_new_migration(directory, line.get("NAME"), digits));
  std::printf("%s/up.sql\nThe migration becomes part of dits when it is built again.\n", path.c_str());
  return {};
}

Result<void> db_reset(const CommandLine& line, const Config& config) {
  DatabasePlace place = TRY(open_database_place(config, OpenedBy::command));
  {
    const auto owner = TRY(connect_as_owner(place));
    if (place.is_embedded()) {
      const DirectoryCheck seen = TRY(look_at_directory(*owner, place, config));
      TRY(seen.verdict);
    }
    const std::string loss = TRY(describe_loss(*owner, config));
    if (!line.has("--yes") && !confirm("Delete ALL data of " + loss + "?"))
      return invalid("--yes", "Nothing was deleted: say yes, or pass --yes. It would delete " + loss + ".");
    TRY(drop_everything(*owner));
  }
  Config migrating = config;
  migrating.migrate = true;
  TRY(bring_up_to_date(place, migrating, DirectoryUse::none));
  std::printf("The database of %s is empty.\n", place_of(config).c_str());
  return {};
}

}  // namespace dits::cli
