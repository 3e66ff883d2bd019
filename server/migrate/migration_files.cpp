#include "server/migrate/migration_files.hpp"

#include "server/base/crypto.hpp"
#include "server/base/embedded_files.hpp"
#include "server/base/files.hpp"
#include "shared/json/value.hpp"

namespace dits {

namespace {

constexpr std::string_view folder = "migrations/";

bool is_snake_case(std::string_view text) {
  if (text.empty() || text.size() > 60 || text.front() == '_') return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

}  // namespace

bool is_migration_name(std::string_view name) {
  if (name.size() < 16 || name[14] != '_') return false;
  for (const char c : name.substr(0, 14)) {
    if (c < '0' || c > '9') return false;
  }
  return is_snake_case(name.substr(15));
}

Result<Migration> parse_migration(std::string name, std::string sql, std::string_view json) {
  if (!is_migration_name(name))
    return invalid("migration", "'" + name + "' is not named YYYYMMDDHHMMSS_name.");
  Migration migration{std::move(name), std::move(sql), {}, true};
  migration.checksum = hex(sha256(migration.sql));
  const Result<Json> described = parse_json(json);
  if (!described || !described->is_object()) {
    return invalid("migration", migration.name + "/migration.json is no JSON object.");
  }
  const auto transaction = described->find("transaction");
  if (transaction != described->end() && transaction->is_boolean())
    migration.is_transactional = transaction->get<bool>();
  return migration;
}

Result<std::vector<Migration>> embedded_migrations() {
  std::vector<Migration> migrations;
  for (const EmbeddedFile& file : embedded_files_under(folder)) {
    if (!file.name.ends_with("/up.sql")) continue;
    const std::string name(file.name.substr(
        folder.size(), file.name.size() - folder.size() - std::string_view("/up.sql").size()));
    const auto json = find_embedded_file(std::string(folder) + name + "/migration.json");
    if (!json) return invalid("migration", name + " has no migration.json.");
    migrations.push_back(TRY(parse_migration(name, std::string(file.text()), json->text())));
  }
  return migrations;
}

Result<std::string> write_new_migration(const std::string& directory,
                                        std::string_view name,
                                        std::string_view timestamp) {
  if (!is_snake_case(name))
    return invalid("NAME", "A migration's name has small letters, digits and '_' only.");
  const std::string path = directory + "/" + std::string(timestamp) + "_" + std::string(name);
  TRY(make_directories(path, 0755));
  TRY(write_file_atomically(path + "/migration.json",
                            "{\n  \"description\": \"" + std::string(name) +
                                "\",\n  \"author\": \"The DITS authors\",\n  \"transaction\": true\n}\n",
                            0644));
  TRY(write_file_atomically(path + "/up.sql", "-- What changes, and why.\n", 0644));
  return path;
}

}  // namespace dits
