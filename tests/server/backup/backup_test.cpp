#include "server/backup/backup.hpp"

#include <doctest/doctest.h>

#include "server/backup/gzip.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

std::string unpacked(std::string_view bytes, std::size_t piece) {
  std::string text;
  GzipReader reader([&text](std::string_view part) {
    text += part;
    return Result<void>();
  });
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    if (!reader.add(bytes.substr(at, piece))) return "damaged";
  }
  return reader.finish() ? text : "too short";
}

std::string packed(std::string_view text) {
  GzipWriter writer;
  std::string bytes = writer.add(text);
  return bytes + writer.finish();
}

TEST_CASE(
    "gzip is read back whatever the pieces are, several files in a row are one, and plain text passes "
    "through") {
  const std::string text = hex(random_bytes(100'000)) + std::string(300'000, 'x');
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{7}, std::size_t{65536}, std::size_t{10'000'000}}) {
    CAPTURE(piece);
    CHECK(unpacked(packed(text), piece) == text);
    CHECK(unpacked(packed("a") + packed("b"), piece) == "ab");
    CHECK(unpacked("plain text", piece) == "plain text");
    CHECK(unpacked("x", piece) == "x");
  }
  CHECK(unpacked(packed(""), 5) == "");
}

TEST_CASE("a damaged or shortened gzip file is refused") {
  std::string bytes = packed(std::string(1000, 'a') + hex(random_bytes(500)));
  CHECK(unpacked(bytes.substr(0, bytes.size() - 1), 100) == "too short");
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] + 1);  // the checksum
  CHECK(unpacked(bytes, 100) == "damaged");
}

TEST_CASE("a backup has its time in its name, is complete, and nothing else is left beside it") {
  if (test::test_cluster() == nullptr) return;
  test::TestDatabase db;
  db.add_user("anna@x.dev");
  const test::TemporaryDirectory directory;
  embedded::Program pg_dump = test::test_cluster()->tool("pg_dump", {});
  for (std::string& variable : pg_dump.environment) {
    if (variable.starts_with("PGDATABASE="))
      variable = "PGDATABASE=" + db.ask_as_owner("SELECT current_database()");
  }
  const Backup backup = write_backup(pg_dump, directory.path() + "/backups", system_clock()).value();
  CHECK(backup.bytes > 1000);
  const std::vector<Backup> all = list_backups(directory.path() + "/backups");
  REQUIRE(all.size() == 1);
  CHECK(all[0].path == backup.path);
  std::string sql;
  REQUIRE(read_maybe_gzip(backup.path, [&sql](std::string_view piece) {
    sql += piece;
    return Result<void>();
  }));
  CHECK(sql.find("anna@x.dev") != std::string::npos);
  CHECK(sql.find("ENABLE ROW LEVEL SECURITY") != std::string::npos);
}

TEST_CASE("a dump that fails leaves no backup") {
  const test::TemporaryDirectory directory;
  embedded::Program failing{"/bin/false", {}, {}};
  CHECK_FALSE(write_backup(failing, directory.path(), system_clock()));
  embedded::Program incomplete{"/bin/echo", {}, {}};
  CHECK_FALSE(write_backup(incomplete, directory.path(), system_clock()));
  embedded::Program missing{"/no/such/program", {}, {}};
  CHECK_FALSE(write_backup(missing, directory.path(), system_clock()));
  CHECK(list_backups(directory.path()).empty());
}

TEST_CASE("backups older than the days kept are removed, the newest three never") {
  const test::TemporaryDirectory directory;
  const Timestamp now = parse_timestamp("2026-03-10T00:00:00Z").value();
  for (int days = 0; days < 12; days += 2) {
    REQUIRE(
        write_file_atomically(directory.path() + "/" + backup_name({now.unix_ms - days * ms_per_day}), "x"));
  }
  REQUIRE(write_file_atomically(directory.path() + "/other.sql.gz", "x"));
  CHECK(backup_name(now) == "dits_backup_20260310_000000.sql.gz");
  CHECK(remove_old_backups(directory.path(), 7, now) == 2);
  CHECK(list_backups(directory.path()).size() == 4);
  CHECK(remove_old_backups(directory.path(), 1, now) == 1);
}

}  // namespace
}  // namespace dits
