#include "server/backup/backup.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/backup/gzip.hpp"
#include "server/backup/history.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "server/migrate/identity.hpp"
#include "server/migrate/restore.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
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

std::string sql_of(const Backup& backup, const Secret& passphrase = {}) {
  SealKeys keys(passphrase);
  std::string sql;
  REQUIRE(read_backup(backup.path, keys, [&sql](std::string_view piece) {
    sql += piece;
    return Result<void>();
  }));
  return sql;
}

TEST_CASE(
    "a backup is complete, has a manifest that counts its rows, and nothing unfinished is left beside it") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 50);
  world.add_issues("ben@x.dev", 7);
  const Backup backup = world.back_up();
  const std::string stem = backup.name().substr(0, backup.name().find('.'));
  CHECK(names_in(world.directory()).value() ==
        std::vector<std::string>{".lock", stem + ".json", stem + ".sql.gz", "history.json"});
  REQUIRE(backup.is_verified());
  CHECK(backup.manifest->contents.tables.at("issues").rows == 57);
  CHECK(backup.manifest->contents.tables.at("users").rows == 2);
  CHECK(backup.manifest->contents.tables.at("comments").rows == 0);
  CHECK(backup.manifest->sha256 == hex(sha256(read_file(backup.path).value())));
  CHECK(backup.manifest->contents.migrations.size() == embedded_migrations().value().size());
  const std::string sql = sql_of(backup);
  CHECK(sql.find("anna@x.dev") != std::string::npos);
  CHECK(sql.find("ENABLE ROW LEVEL SECURITY") != std::string::npos);
  const std::vector<Backup> all = list_backups(world.directory());
  REQUIRE(all.size() == 1);
  CHECK(all[0].is_verified());
  CHECK(manifest_to_text(*all[0].manifest) == manifest_to_text(*backup.manifest));
  CHECK(read_backup_history(world.directory()).back().is_good());
}

TEST_CASE("two backups of the same data have the same text, and different names within one second") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 20);
  const Backup first = world.back_up();
  const Backup second = world.back_up();
  CHECK(first.path != second.path);
  CHECK(sql_of(first) == sql_of(second));
}

TEST_CASE("a backup that is written while others write holds one moment: no half of a transaction") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 300);
  std::atomic<bool> is_over{false};
  std::thread writer([&] {
    const auto owner = world.db().owner();
    for (int at = 0; !is_over; ++at) {
      const std::string n = std::to_string(at);
      REQUIRE(owner->run_script("BEGIN; INSERT INTO login_failures (key) VALUES ('a" + n +
                                "'); INSERT INTO setup_links (token_hash, expires_at) VALUES (sha256('" + n +
                                "'::bytea), now()); COMMIT"));
    }
  });
  for (int round = 0; round < 3; ++round) {
    const Backup backup = world.back_up();
    const auto& tables = backup.manifest->contents.tables;
    CHECK(tables.at("login_failures").rows == tables.at("setup_links").rows);
  }
  is_over = true;
  writer.join();
}

TEST_CASE("the backup of a plain owner, whom forced row-level security binds, holds every user's rows") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const test::PlainOwner own_database(world);
  const Config& config = own_database.config();
  const DatabasePlace& place = own_database.place();
  const auto superuser = own_database.as_superuser();
  REQUIRE(
      superuser->run_script("INSERT INTO users (id, email, password_hash, name) SELECT gen_random_uuid(), "
                            "n || '@x.dev', '', 'n' FROM "
                            "generate_series(1, 5) n; INSERT INTO labels (user_id, id, name) SELECT u.id, "
                            "gen_random_uuid(), 'l' || n FROM "
                            "users u, generate_series(1, 10) n"));
  const Backup backup = back_up(place, config, system_clock()).value();
  const auto& tables = backup.manifest->contents.tables;
  CHECK(tables.at("users").rows == 5);
  CHECK(tables.at("labels").rows == 50);
  for (const auto& [name, table] : tables) {
    CAPTURE(name);
    const Rows rows = superuser->run_once("SELECT count(*) FROM " + name).value();
    CHECK(rows[0].int64(0) == table.rows);
  }
  const auto own = connect_as_owner(place).value();
  CHECK(own->run_once("SELECT count(*) FROM labels").value()[0].int64(0) == 0);
  SealKeys keys{Secret()};
  const CheckedBackup checked = check_for_restore(backup.path, keys, true).value();
  REQUIRE(superuser->run_script("DELETE FROM labels"));
  const auto restored = restore(place, config, checked, keys, {});
  INFO((restored ? std::string() : restored.error().message));
  REQUIRE(restored);
  const Backup again = back_up(place, config, system_clock()).value();
  CHECK(again.manifest->contents.sql_sha256 == backup.manifest->contents.sql_sha256);
}

TEST_CASE(
    "an encrypted backup opens with its passphrase only, and no byte of it can be changed or left out") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 400);
  world.config().backup_passphrase = Secret("correct horse");
  const std::string hash = world.add_attachment(user, std::string(200'000, 'p'));
  const Backup backup = world.back_up();
  CHECK(backup.name().ends_with(".sql.gz.enc"));
  CHECK(sql_of(backup, Secret("correct horse")).find("anna@x.dev") != std::string::npos);
  const std::string bytes = read_file(backup.path).value();
  const auto kind_with = [&](const std::string& content, std::string_view passphrase) {
    const std::string path = world.config().data_dir + "/x.sql.gz.enc";
    REQUIRE(write_file_atomically(path, content));
    SealKeys keys{Secret(std::string(passphrase))};
    const auto read = read_backup(path, keys, [](std::string_view) { return Result<void>(); });
    return read ? std::string("good") : read.error().kind;
  };
  CHECK(kind_with(bytes, "correct horse") == "good");
  CHECK(kind_with(bytes, "wrong") == "passphrase");
  CHECK(kind_with(bytes, "") == "passphrase");
  for (const std::size_t at : {std::size_t{90}, bytes.size() / 2, bytes.size() - 1}) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(kind_with(changed, "correct horse") == "bad_archive");
  }
  for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{100}})
    CHECK(kind_with(bytes.substr(0, size), "correct horse") == "bad_archive");
  const std::vector<std::string> sealed =
      names_in(world.directory() + "/attachments/" + hash.substr(0, 2)).value();
  REQUIRE(sealed.size() == 1);
  CHECK(sealed[0].starts_with(hash.substr(2) + "."));
  CHECK(sealed[0].ends_with(".sealed"));
  const std::string sealed_bytes =
      read_file(world.directory() + "/attachments/" + hash.substr(0, 2) + "/" + sealed[0]).value();
  CHECK(sealed_bytes.find("pppp") == std::string::npos);
  CHECK(world.back_up().is_verified());
  CHECK(names_in(world.directory() + "/attachments/" + hash.substr(0, 2)).value() == sealed);
}

TEST_CASE(
    "sealed text comes back whatever its size and its pieces are; a piece can't be dropped from its end") {
  SealKeys keys{Secret("correct horse")};
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 131072U, 300'000U}) {
    CAPTURE(size);
    const std::string text = random_bytes(size);
    SealWriter writer = SealWriter::begin(keys).value();
    std::string sealed;
    for (std::size_t at = 0; at < text.size(); at += 40'000)
      sealed += writer.add(std::string_view(text).substr(at, 40'000)).value();
    sealed += writer.finish().value();
    for (const std::size_t step : {1000U, 65552U, 1'000'000U}) {
      std::string opened;
      SealReader reader(keys, [&](std::string_view piece) {
        opened += piece;
        return Result<void>();
      });
      for (std::size_t at = 0; at < sealed.size(); at += step)
        REQUIRE(reader.add(std::string_view(sealed).substr(at, step)));
      REQUIRE(reader.finish());
      CHECK(opened == text);
    }
    if (size <= 65536) continue;
    SealReader reader(keys, [](std::string_view) { return Result<void>(); });
    const std::size_t head = sealed.size() - size - (size + 65535) / 65536 * 16;
    REQUIRE(reader.add(std::string_view(sealed).substr(0, head + 65552)));
    CHECK_FALSE(reader.finish());
  }
}

TEST_CASE("a dump is read the same whatever its pieces are, and rows are told from statements") {
  const std::string dump =
      "\\restrict x\n-- Dumped from database version 17.11 (Debian)\nSET row_security = off;\n\nCOPY "
      "public.attachments "
      "(id, "
      "byte_size, sha256) FROM stdin;\n1\t5\t\\\\x" +
      std::string(64, 'a') + "\n2\t5\t\\\\x" + std::string(64, 'a') +
      "\n\\.\n\nCOPY public.database_identity (is_only, id) FROM "
      "stdin;\nt\t11111111-1111-4111-8111-111111111111\n\\.\n"
      "\nCOPY public.schema_migrations (name, checksum) FROM stdin;\nb\tc2\na\tc1\n\\.\n\nCOPY "
      "public.labels "
      "(id) FROM stdin;\n\\.\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict x\n\n";
  const auto contents_by = [&](const std::string& text, std::size_t piece) {
    DumpScanner scanner;
    for (std::size_t at = 0; at < text.size(); at += piece)
      REQUIRE(scanner.add(std::string_view(text).substr(at, piece)));
    return scanner.finish();
  };
  const DumpContents whole = contents_by(dump, dump.size()).value();
  CHECK(whole.tables.at("attachments").rows == 2);
  CHECK(whole.tables.at("labels").rows == 0);
  CHECK(whole.attachments == std::vector<DumpedAttachment>{{std::string(64, 'a'), 5}});
  CHECK(whole.migrations == std::vector<DumpedMigration>{{"a", "c1"}, {"b", "c2"}});
  CHECK(whole.server_version == "17.11");
  CHECK(whole.database == "11111111-1111-4111-8111-111111111111");
  CHECK(whole.is_complete);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{50}})
    CHECK(contents_by(dump, piece).value() == whole);
  CHECK_FALSE(contents_by(dump.substr(0, dump.find("a\tc1")), 7));
  DumpScanner scanner;
  const auto refused = scanner.add("SELECT 1;\n\\! rm -rf /\n");
  CHECK_FALSE(refused);
  CHECK(refused.error().kind == "bad_archive");
}

TEST_CASE("what a failed backup said is kept in the history and in a manifest, whatever bytes it was") {
  const test::TemporaryDirectory directory;
  BackupRun run;
  run.problem = "cannot write /srv/d\xffts: \xc3";
  REQUIRE(add_to_backup_history(directory.path(), run));
  CHECK(read_backup_history(directory.path()).back().problem.starts_with("cannot write /srv/d"));
  Manifest manifest;
  manifest.file = "d\xffts.sql.gz";
  manifest.contents.server_version = "\xfe";
  CHECK(manifest_to_text(manifest).find("ts.sql.gz") != std::string::npos);
}

TEST_CASE("a dump that fails leaves no backup, and the history says why") {
  const test::TemporaryDirectory directory;
  const BackupPlace place{directory.path(), directory.path() + "/none", Secret()};
  embedded::Program failing{"/bin/false", {}, {}};
  CHECK_FALSE(write_backup(failing, place, system_clock()));
  embedded::Program incomplete{"/bin/echo", {}, {}};
  CHECK_FALSE(write_backup(incomplete, place, system_clock()));
  embedded::Program missing{"/no/such/program", {}, {}};
  CHECK_FALSE(write_backup(missing, place, system_clock()));
  CHECK(names_in(directory.path()).value() == std::vector<std::string>{".lock"});
  BackupRun run;
  run.problem = "disk full";
  for (int count = 0; count < 70; ++count) REQUIRE(add_to_backup_history(directory.path(), run));
  CHECK(read_backup_history(directory.path()).size() == 60);
  CHECK(read_backup_history(directory.path()).back().problem == "disk full");
}

TEST_CASE("an attachment that is damaged is told by every backup, and the backup's own stays as it was") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 3);
  const std::string hash = world.add_attachment(user, "a picture");
  const std::string name = "/attachments/" + hash.substr(0, 2) + "/" + hash.substr(2);
  const std::string stored = world.config().data_dir + name;
  const std::string kept = world.directory() + name;
  CHECK(attachment_problem(world.back_up()).empty());
  const auto overwrite = [](const std::string& path, std::string_view bytes) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
    REQUIRE(write_all(file.get(), bytes, path));
  };
  // In place, as a failing disk or a careless hand does it.
  overwrite(stored, "A PICTURE");
  CHECK(read_file(kept).value() == "a picture");
  const Backup second = world.back_up();
  CHECK(attachment_problem(second) == "1 attachment is missing or damaged in the store (" + hash +
                                          "); the backup holds what it was: dits restore brings it back.");
  CHECK(second.manifest->missing_attachments.empty());
  // Damaged in the backup alone: written anew.
  overwrite(stored, "a picture");
  overwrite(kept, "A PICTURE");
  CHECK(attachment_problem(world.back_up()).empty());
  CHECK(read_file(kept).value() == "a picture");
  // The two were one file, as earlier versions made them: no longer.
  std::filesystem::remove(kept);
  std::filesystem::create_hard_link(stored, kept);
  CHECK(attachment_problem(world.back_up()).empty());
  CHECK(std::filesystem::hard_link_count(stored) == 1);
  overwrite(stored, "x");
  overwrite(kept, "y");
  const Backup lost = world.back_up();
  CHECK(lost.manifest->missing_attachments.size() == 1);
  CHECK(attachment_problem(lost).find("and not in this backup") != std::string::npos);
}

TEST_CASE(
    "a backup that was renamed together with its manifest is whole, and of the time when it was written") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 3);
  const Backup written = world.back_up();
  const std::string stem = written.path.substr(0, written.path.find(".sql.gz"));
  const std::string named = world.directory() + "/before.the-upgrade";
  std::filesystem::copy(written.path, named + ".sql.gz");
  std::filesystem::copy(stem + ".json", named + ".json");
  SealKeys keys{Secret()};
  const Backup found = backup_at(named + ".sql.gz");
  REQUIRE(found.manifest);
  CHECK(found.written_at == written.manifest->written_at);
  CHECK(check_backup(found, keys).has_value());
  // Another one's manifest is told by the checksum.
  world.add_issues("bert@x.dev", 1);
  std::filesystem::copy(world.back_up().path, named + "-2.sql.gz");
  std::filesystem::copy(stem + ".json", named + "-2.json");
  const Result<DumpContents> foreign = check_backup(backup_at(named + "-2.sql.gz"), keys);
  REQUIRE(!foreign);
  CHECK(foreign.error().kind == "bad_archive");
}

TEST_CASE("a backup that waits for pg_dump is given up soon after it is told to stop") {
  const test::TemporaryDirectory directory;
  const std::string program = directory.path() + "/pg_dump";
  REQUIRE(write_file_atomically(program, "#!/bin/sh\n[ \"$1\" = --help ] || exec sleep 60\n", 0700));
  const BackupPlace place{directory.path() + "/backups", directory.path() + "/none", Secret()};
  std::atomic<bool> is_stopped{false};
  DumpOptions options;
  options.is_stopped = &is_stopped;
  const auto start = std::chrono::steady_clock::now();
  std::jthread stopper([&] {
    is_stopped = test::comes_true([&] { return std::filesystem::exists(place.directory + "/.lock"); });
  });
  const auto written = write_backup({program, {}, {"PATH=/usr/bin:/bin"}}, place, system_clock(), options);
  stopper.join();
  CHECK_FALSE(written);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  CHECK(names_in(place.directory).value() == std::vector<std::string>{".lock"});
}

}  // namespace
}  // namespace dits
