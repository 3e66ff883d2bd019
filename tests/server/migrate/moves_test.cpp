// A backup moves into every kind of database that DITS supports, and back: the embedded one, one of an
// earlier PostgreSQL as its superuser, and one whose owner is bound by row-level security.
#include <array>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "server/base/clock.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "server/db/pooled_database.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/migrate/restore.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/postgres15.hpp"

namespace dits {
namespace {

namespace fs = std::filesystem;

constexpr const char* anna = "01900000-0000-7000-8000-000000000001";
constexpr const char* some_rows = R"sql(
SELECT set_config('dits.system', 'on', false), set_config('dits.user_id', '01900000-0000-7000-8000-000000000001', false);
INSERT INTO users (id, email, password_hash, name) VALUES ('01900000-0000-7000-8000-000000000001', 'anna@x.dev', '-', 'Änna');
INSERT INTO user_counters (user_id) VALUES ('01900000-0000-7000-8000-000000000001');
INSERT INTO workflows (user_id, id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000004', 'W');
INSERT INTO statuses (user_id, id, workflow_id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000005', '01900000-0000-7000-8000-000000000004', 'Todo');
INSERT INTO issues (user_id, id, number, title, description, status_id)
  SELECT '01900000-0000-7000-8000-000000000001', gen_random_uuid(), n, 'Issue ' || n || E' \\. tab\tquote'' ⌘ É',
         repeat(E'line \n\\.\n', n % 20) || md5(n::text), '01900000-0000-7000-8000-000000000005'
  FROM generate_series(1, 100) n;
)sql";

const std::string& picture_hash() {
  static const std::string hash = hex(sha256("a picture"));
  return hash;
}

std::string picture_path(const Config& config) {
  return config.data_dir + "/attachments/" + picture_hash().substr(0, 2) + "/" + picture_hash().substr(2);
}

void fill(Connection& owner, const Config& config) {
  REQUIRE(owner.run_script(some_rows));
  REQUIRE(make_directories(fs::path(picture_path(config)).parent_path().string()));
  REQUIRE(write_file_atomically(picture_path(config), "a picture"));
  const std::string hash = "'\\x" + picture_hash() + "'";
  REQUIRE(owner.run_script(
      "INSERT INTO owned_files (user_id, sha256, byte_size, content_type) SELECT id, " + hash +
      ", 9, 'image/png' FROM users; INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, "
      "byte_size, sha256) SELECT user_id, gen_random_uuid(), id, 'a.png', 'image/png', 9, " +
      hash + " FROM issues WHERE number = 1"));
}

Result<Backup> back_up_all(const Config& config) {
  DatabasePlace place = TRY(open_database_place(config, OpenedBy::server));
  TRY(share_data_directory(place, config));
  return back_up(place, config, system_clock());
}

Result<void> restore_into(const Config& config, const std::string& path) {
  SealKeys keys{Secret()};
  const CheckedBackup checked = TRY(check_for_restore(path, keys, true));
  DatabasePlace place = TRY(open_database_place(config, OpenedBy::server));
  TRY(share_data_directory(place, config));
  TRY(restore(place, config, checked, keys, {}));
  return {};
}

// As the next start of a server finds it: nothing is pending, and requests see what is theirs.
Result<std::string> issues_of_anna(const Config& config) {
  DatabasePlace place = TRY(open_database_place(config, OpenedBy::server));
  TRY(bring_up_to_date(place, config, DirectoryUse::files));
  PooledDatabase database(TRY(pool_options_for(place, config)), StatementLog{});
  Transaction transaction =
      TRY(database.begin(Actor::of_user(UserId{parse_uuid(anna).value()}), Access::read));
  const Rows rows = TRY(transaction.run({"count_seen", "SELECT count(*) FROM issues"}));
  return std::string(rows[0].text(0));
}

std::string told(const Result<void>& result) { return result ? "done" : result.error().message; }

// The databases that a backup may come from and go to, each new and with a data directory of its own.
class Places {
 public:
  Places() { fs::permissions(directory_.path(), fs::perms(0755)); }  // as root another user runs PostgreSQL

  static constexpr std::array<const char*, 3> kinds = {"embedded", "plain owner", "superuser"};

  Config make(const std::string& kind) {
    const std::string name = "moved" + std::to_string(++made_);
    Config config;
    config.data_dir = directory_.path() + "/" + name;
    move_to(config, kind);
    return config;
  }

  // Another database for the same data directory.
  void move_to(Config& config, const std::string& kind) {
    config.database_url = Secret();
    if (kind == "embedded") return;
    const std::string name = "own" + std::to_string(++made_);
    const Secret as_plain = servers_.make_database(name);
    config.database_url = kind == "superuser" ? servers_.superuser_url(name) : as_plain;
  }

 private:
  test::TemporaryDirectory directory_;
  test::Postgres15 servers_;
  int made_ = 0;
};

}  // namespace

TEST_CASE("a backup of any kind of database restores into any other, byte for byte, with its files") {
  if (test::lacks(test::Need::postgres15) || test::lacks(test::Need::postgres_inside)) return;
  Places places;
  for (const char* from : Places::kinds) {
    Config source = places.make(from);
    {
      Config migrating = source;
      migrating.migrate = true;
      DatabasePlace place = open_database_place(migrating, OpenedBy::server).value();
      REQUIRE(bring_up_to_date(place, migrating, DirectoryUse::files));
      fill(*connect_as_owner(place).value(), migrating);
    }
    const Result<Backup> backup = back_up_all(source);
    INFO("from ", from, ": ", (backup ? std::string() : backup.error().message));
    REQUIRE(backup);
    for (const char* to : Places::kinds) {
      CAPTURE(to);
      const Config target = places.make(to);
      REQUIRE(told(restore_into(target, backup->path)) == "done");
      CHECK(issues_of_anna(target).value() == "100");
      CHECK(read_file(picture_path(target)).value() == "a picture");
      const Result<Backup> again = back_up_all(target);
      REQUIRE(again);
      CHECK(again->manifest->contents.tables == backup->manifest->contents.tables);
      // And over what is there already, as often as one likes.
      CHECK(told(restore_into(target, backup->path)) == "done");
      CHECK(issues_of_anna(target).value() == "100");
    }
  }
}

TEST_CASE("a data directory goes on with a database of one's own, and back with the one inside") {
  if (test::lacks(test::Need::postgres15) || test::lacks(test::Need::postgres_inside)) return;
  Places places;
  for (const char* own : {"plain owner", "superuser"}) {
    CAPTURE(own);
    Config config = places.make("embedded");
    {
      DatabasePlace place = open_database_place(config, OpenedBy::server).value();
      REQUIRE(bring_up_to_date(place, config, DirectoryUse::files));
      fill(*connect_as_owner(place).value(), config);
    }
    const Backup there = back_up_all(config).value();
    places.move_to(config, own);
    REQUIRE(told(restore_into(config, there.path)) == "done");
    CHECK(issues_of_anna(config).value() == "100");
    {
      DatabasePlace place = open_database_place(config, OpenedBy::command).value();
      REQUIRE(connect_as_owner(place).value()->run_script(
          "SELECT set_config('dits.system', 'on', false); UPDATE users SET name = 'moved'"));
    }
    const Backup back = back_up_all(config).value();
    places.move_to(config, "embedded");
    // The one inside is by now a copy of another time: it is not taken up by accident.
    CHECK(issues_of_anna(config).error().kind == "foreign_directory");
    REQUIRE(told(restore_into(config, back.path)) == "done");
    CHECK(issues_of_anna(config).value() == "100");
    CHECK(back_up_all(config)->manifest->contents.tables == back.manifest->contents.tables);
  }
}

}  // namespace dits
