#include "server/backup/manifest.hpp"

#include "server/backup/bad_archive.hpp"
#include "server/backup/json_members.hpp"

namespace dits {

namespace {

constexpr std::string_view program = "dits";
constexpr int form = 1;

Error bad_manifest(const std::string& why) { return bad_archive("The manifest is damaged: " + why); }

void read_contents(const Json& json, DumpContents& contents) {
  contents.server_version = text_member(json, "serverVersion");
  contents.database = text_member(json, "database");
  contents.is_complete = true;
  if (const Json* sql = member_of(json, "sql")) {
    contents.sql_bytes = number_member(*sql, "bytes");
    contents.sql_sha256 = text_member(*sql, "sha256");
  }
  if (const Json* tables = member_of(json, "tables"); tables != nullptr && tables->is_object()) {
    for (const auto& [name, table] : tables->items())
      contents.tables[name] = {number_member(table, "rows"), text_member(table, "sha256")};
  }
  if (const Json* migrations = member_of(json, "migrations");
      migrations != nullptr && migrations->is_array()) {
    for (const Json& one : *migrations)
      contents.migrations.push_back({text_member(one, "name"), text_member(one, "sha256")});
  }
  if (const Json* list = member_of(json, "attachments"); list != nullptr && list->is_array()) {
    for (const Json& one : *list)
      contents.attachments.push_back({text_member(one, "sha256"), number_member(one, "bytes")});
  }
}

}  // namespace

std::string Manifest::schema_version() const {
  return contents.migrations.empty() ? std::string("none") : contents.migrations.back().name;
}

std::string manifest_to_text(const Manifest& manifest) {
  Json tables = Json::object();
  for (const auto& [name, table] : manifest.contents.tables)
    tables[name] = {{"rows", table.rows}, {"sha256", table.sha256}};
  Json migrations = Json::array();
  for (const DumpedMigration& one : manifest.contents.migrations)
    migrations.push_back({{"name", one.name}, {"sha256", one.checksum}});
  Json attachments = Json::array();
  for (const DumpedAttachment& one : manifest.contents.attachments)
    attachments.push_back({{"sha256", one.sha256}, {"bytes", one.bytes}});
  const Json json = {
      {"program", program},
      {"form", form},
      {"database", manifest.contents.database.empty() ? Json() : Json(manifest.contents.database)},
      {"writtenAt", to_string(manifest.written_at)},
      {"programVersion", manifest.program_version},
      {"serverVersion", manifest.contents.server_version},
      {"schemaVersion", manifest.schema_version()},
      {"file", manifest.file},
      {"bytes", manifest.bytes},
      {"sha256", manifest.sha256},
      {"encryption", manifest.is_encrypted ? Json("scrypt, AES-256-GCM") : Json()},
      {"sql", {{"bytes", manifest.contents.sql_bytes}, {"sha256", manifest.contents.sql_sha256}}},
      {"tables", std::move(tables)},
      {"migrations", std::move(migrations)},
      {"attachments", std::move(attachments)},
      {"missingAttachments", manifest.missing_attachments}};
  return dump_indented(json) + "\n";
}

Result<Manifest> manifest_from_text(std::string_view text) {
  const Result<Json> parsed = parse_json(text);
  if (!parsed) return bad_manifest(parsed.error().message);
  const Json& json = *parsed;
  if (text_member(json, "program") != program) return bad_manifest("it is none of DITS.");
  if (number_member(json, "form") != form)
    return bad_manifest("it has a form that this DITS does not know; a newer one wrote it.");
  Manifest manifest;
  manifest.file = text_member(json, "file");
  manifest.bytes = number_member(json, "bytes");
  manifest.sha256 = text_member(json, "sha256");
  manifest.is_encrypted = !text_member(json, "encryption").empty();
  manifest.program_version = text_member(json, "programVersion");
  const Result<Timestamp> written_at = parse_timestamp(text_member(json, "writtenAt"));
  if (!written_at) return bad_manifest("its time can't be read.");
  manifest.written_at = *written_at;
  read_contents(json, manifest.contents);
  if (const Json* missing = member_of(json, "missingAttachments");
      missing != nullptr && missing->is_array()) {
    for (const Json& one : *missing) {
      if (one.is_string()) manifest.missing_attachments.push_back(one.get<std::string>());
    }
  }
  if (manifest.file.empty() || manifest.file.find('/') != std::string::npos || manifest.sha256.empty())
    return bad_manifest("it names no file.");
  return manifest;
}

}  // namespace dits
