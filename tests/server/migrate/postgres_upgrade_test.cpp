// The database of an earlier PostgreSQL under a newer one's programs: everything comes along, or nothing is
// changed. With the programs of a PostgreSQL 15 of this machine.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/clock.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "server/db/pooled_database.hpp"
#include "server/embedded/postmaster.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/migrate/roles.hpp"
#include "server/migrate/upgrade.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

namespace fs = std::filesystem;
using embedded::ClustersHere;

bool lacks_two_versions() {
  return test::lacks(test::Need::postgres15) || test::lacks(test::Need::postgres_inside);
}

// Somebody's account with issues of awkward text and an attachment.
constexpr const char* some_rows = R"sql(
SELECT set_config('dits.system', 'on', false);
INSERT INTO users (id, email, password_hash, name) VALUES ('01900000-0000-7000-8000-000000000001', 'anna@x.dev', '-', 'Änna');
INSERT INTO user_counters (user_id) VALUES ('01900000-0000-7000-8000-000000000001');
INSERT INTO workflows (user_id, id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000004', 'W');
INSERT INTO statuses (user_id, id, workflow_id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000005', '01900000-0000-7000-8000-000000000004', 'Todo');
INSERT INTO issues (user_id, id, number, title, description, status_id)
  SELECT '01900000-0000-7000-8000-000000000001', gen_random_uuid(), n, 'Issue ' || n || E' \\. tab\tquote'' ⌘ É',
         repeat(E'line \n\\.\n', n % 200) || md5(n::text), '01900000-0000-7000-8000-000000000005'
  FROM generate_series(1, 1000) n;
)sql";

// An attachment of it; the earliest schemas know no list of files.
std::string attachment_row() {
  const std::string hash = "'\\x" + hex(sha256("a picture")) + "'";
  return "DO $$ BEGIN IF to_regclass('owned_files') IS NOT NULL THEN INSERT INTO owned_files (user_id, "
         "sha256, "
         "byte_size, content_type) SELECT id, " +
         hash +
         ", 9, 'image/png' FROM users; END IF; END $$; INSERT INTO attachments (user_id, id, issue_id, "
         "file_name, "
         "content_type, byte_size, sha256) SELECT user_id, gen_random_uuid(), id, 'a.png', 'image/png', 9, " +
         hash + " FROM issues WHERE number = 1";
}

std::string attachment_path(const Config& config) {
  return config.data_dir + "/attachments/" + hex(sha256("a picture")).insert(2, "/");
}

// Puts the rows and the attachment into a database that has its schema.
void fill(Connection& owner, const Config& config) {
  REQUIRE(owner.run_script(some_rows));
  REQUIRE(make_directories(fs::path(attachment_path(config)).parent_path().string()));
  REQUIRE(write_file_atomically(attachment_path(config), "a picture"));
  REQUIRE(owner.run_script(attachment_row()));
}

// The configuration of a data directory that is run with the programs of PostgreSQL 15.
Config earlier_config(const std::string& data_dir) {
  Config config;
  config.data_dir = data_dir;
  config.pg_bindir = test::postgres15_directory();
  return config;
}

// A data directory as one of these wrote it that ran on PostgreSQL 15: made once, copied for each test.
class OldData {
 public:
  OldData() {
    fs::permissions(directory_.path(), fs::perms(0755));  // as root another user runs PostgreSQL
    const Config config = earlier_config(directory_.path() + "/data");
    DatabasePlace place = open_database_place(config, OpenedBy::server).value();
    REQUIRE(bring_up_to_date(place, config, DirectoryUse::files));
    fill(*connect_as_owner(place).value(), config);
    tables_ = back_up(place, config, system_clock()).value().manifest->contents.tables;
    place.cluster->stop(std::chrono::seconds(60));
    fs::remove_all(backup_directory(config));
  }

  const std::string& path() const { return directory_.path(); }
  const std::map<std::string, TableDigest>& tables() const { return tables_; }

 private:
  test::TemporaryDirectory directory_;
  std::map<std::string, TableDigest> tables_;
};

const OldData& old_data() {
  static const OldData one;
  return one;
}

// A copy of it, or of another one, to be upgraded.
struct World {
  explicit World(const std::string& below = {}, const std::string& from = old_data().path()) {
    fs::permissions(directory.path(), fs::perms(0755));
    const std::string home = below.empty() ? directory.path() : below;
    embedded::Program copy{"/bin/cp", {"-a", from + "/data", home + "/data"}, {}};
    REQUIRE(embedded::run_program(copy, [](std::string_view) { return Result<void>(); }));
    config.data_dir = home + "/data";
  }

  Result<DatabasePlace> open(const ShowUpgrade& show = {}) const {
    return open_database_place(config, OpenedBy::server, show);
  }
  ClustersHere clusters() const { return embedded::clusters_in(config.data_dir).value(); }
  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(config.data_dir))
      names.insert(entry.path().filename().string());
    return names;
  }
  // The old cluster counts, and nothing of a new one is there after the next look.
  void check_untouched() const {
    REQUIRE(embedded::clear_killed_upgrade(config.data_dir));
    const ClustersHere here = clusters();
    REQUIRE(here.clusters.size() == 1);
    CHECK(here.clusters[0].version == 15);
    CHECK(here.kept.empty());
    CHECK_FALSE(names().contains("cluster-18.upgrade"));
  }
  // Table by table what the old one held, as a backup writes it.
  void check_same_rows(const DatabasePlace& place) const {
    const Backup backup = back_up(place, config, system_clock()).value();
    CHECK(backup.manifest->missing_attachments.empty());
    for (const auto& [name, digest] : old_data().tables()) {
      CAPTURE(name);
      const auto found = backup.manifest->contents.tables.find(name);
      REQUIRE(found != backup.manifest->contents.tables.end());
      if (name != "schema_migrations") CHECK(found->second == digest);
    }
  }

  test::TemporaryDirectory directory;
  Config config;
};

std::string told_by(const Result<DatabasePlace>& opened) {
  return opened ? std::string("opened") : opened.error().kind + ": " + opened.error().message;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// Opens it in a process of its own that is killed when it announces what is looked for; false when it did
// not.
bool kill_when(const World& world, const std::function<bool(const UpgradeProgress&)>& is_wanted) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto opened = world.open([&](const UpgradeProgress& progress) {
      if (is_wanted(progress)) ::kill(::getpid(), SIGKILL);
    });
    ::_exit(opened ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE((WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0)));
  return WIFSIGNALED(status);
}

std::string schema_of(const DatabasePlace& place) {
  std::string text;
  const auto done = embedded::run_program(
      place.cluster->tool("pg_dump", {"--schema-only", "--restrict-key=test"}), [&](std::string_view piece) {
        text += piece;
        return Result<void>();
      });
  REQUIRE(done);
  return text;
}

TEST_CASE("a database of PostgreSQL 15 comes up under the newer one with every row, right and mark") {
  if (lacks_two_versions()) return;
  const World world;
  std::vector<std::string> told;
  {
    DatabasePlace place =
        world
            .open([&](const UpgradeProgress& progress) {
              told.push_back(progress.text());
              CHECK(upgrade_status_in(world.config.data_dir).value().what == progress.text());
            })
            .value();
    CHECK(place.cluster->version() >= 18);
    REQUIRE(bring_up_to_date(place, world.config, DirectoryUse::files));
    world.check_same_rows(place);
    const auto owner = connect_as_owner(place).value();
    CHECK(app_role_is_ready(*owner).value());
    CHECK(owner->run_once("SELECT count(*) FROM issues WHERE fold_text(title) LIKE '%⌘ é'")
              .value()[0]
              .int64(0) == 1000);
    PooledDatabase database(pool_options_for(place, world.config).value(), StatementLog{});
    CHECK(database.begin(Actor::of_system(), Access::read));

    // The schema is a newcomer's, with grants and roles.
    const test::TemporaryDirectory other;
    fs::permissions(other.path(), fs::perms(0755));
    Config fresh_config;
    fresh_config.data_dir = other.path() + "/data";
    DatabasePlace fresh = open_database_place(fresh_config, OpenedBy::server).value();
    REQUIRE(bring_up_to_date(fresh, fresh_config, DirectoryUse::files));
    CHECK((schema_of(place) == schema_of(fresh)));  // 4,500 lines that nobody wants to read twice
  }
  CHECK(told.size() >= 6);
  CHECK_FALSE(upgrade_status_in(world.config.data_dir));
  const ClustersHere here = world.clusters();
  REQUIRE(here.clusters.size() == 1);
  REQUIRE(here.kept.size() == 1);
  CHECK(here.kept[0].version == 15);
  CHECK(list_backups(backup_directory(world.config)).size() == 2);  // the upgrade's, and the one above
  // And no upgrade a second time.
  CHECK(told_by(world.open([](const UpgradeProgress&) { FAIL("again"); })) == "opened");
  // Nor back: the earlier programs are refused, with what reads it.
  const Config earlier = earlier_config(world.config.data_dir);
  const std::string refused = told_by(open_database_place(earlier, OpenedBy::server));
  CAPTURE(refused);
  CHECK(refused.starts_with("cluster_is_newer: "));
  CHECK(holds(refused, "PostgreSQL 15"));
}

TEST_CASE("an upgrade killed at any of its steps leaves the old database, and the next start begins again") {
  if (lacks_two_versions()) return;
  const World world;
  struct Moment {
    UpgradeStep step;
    int percent;  // at least
  };
  for (const auto& [step, percent] : {Moment{UpgradeStep::check, -1},
                                      {UpgradeStep::back_up, -1},
                                      {UpgradeStep::make, -1},
                                      {UpgradeStep::load, 0},
                                      {UpgradeStep::load, 40},
                                      {UpgradeStep::load, 100},
                                      {UpgradeStep::put, -1}}) {
    CAPTURE(static_cast<int>(step));
    CAPTURE(percent);
    REQUIRE(kill_when(world, [step = step, percent = percent](const UpgradeProgress& progress) {
      return progress.step == step && progress.percent >= percent;
    }));
    world.check_untouched();
    // As long as they fail, one backup of them is there, not one of each.
    CHECK(list_backups(backup_directory(world.config)).size() <= 1);
  }
  {
    const DatabasePlace place =
        open_database_place(earlier_config(world.config.data_dir), OpenedBy::server).value();
    const auto owner = connect_as_owner(place).value();
    CHECK(owner->run_once("SELECT count(*) FROM issues").value()[0].int64(0) == 1000);
  }
  const DatabasePlace place = world.open().value();
  CHECK(world.clusters().kept.size() == 1);
  world.check_same_rows(place);
}

TEST_CASE("a database from before there were identities keeps its files over an upgrade that was killed") {
  if (lacks_two_versions()) return;
  const test::TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms(0755));
  const Config earlier = earlier_config(directory.path() + "/data");
  {
    const DatabasePlace place = open_database_place(earlier, OpenedBy::server).value();
    const auto owner = connect_as_owner(place).value();
    std::vector<Migration> first = embedded_migrations().value();
    first.resize(2);
    REQUIRE(migrate(*owner, {first, "0.1.0", {}}));
    fill(*owner, earlier);
    place.cluster->stop(std::chrono::seconds(60));
  }
  const World world({}, directory.path());
  // All of it is there, under another name.
  REQUIRE(
      kill_when(world, [](const UpgradeProgress& progress) { return progress.step == UpgradeStep::put; }));
  world.check_untouched();
  DatabasePlace place = world.open().value();
  REQUIRE(bring_up_to_date(place, world.config, DirectoryUse::files));
  const auto owner = connect_as_owner(place).value();
  CHECK(owner->run_once("SELECT count(*) FROM issues").value()[0].int64(0) == 1000);
  CHECK(back_up(place, world.config, system_clock()).value().manifest->missing_attachments.empty());
  CHECK(read_file(attachment_path(world.config)).value() == "a picture");
  CHECK(app_role_is_ready(*owner).value());
}

TEST_CASE("a disk that fills at any step of an upgrade leaves the old database, and says so") {
  if (lacks_two_versions()) return;
  if (test::lacks(test::Need::small_disk)) return;
  const test::SmallDisk disk(640);
  REQUIRE(disk.is_mounted());
  World world(disk.path());
  disk.fill();
  const std::string refused = told_by(world.open());
  CAPTURE(refused);
  CHECK(refused.starts_with("disk_full: "));
  CHECK(holds(refused, " MB are needed"));
  world.check_untouched();
  for (const UpgradeStep step :
       {UpgradeStep::back_up, UpgradeStep::make, UpgradeStep::load, UpgradeStep::put}) {
    CAPTURE(static_cast<int>(step));
    disk.empty();
    bool is_filled = false;
    const std::string told = told_by(world.open([&](const UpgradeProgress& progress) {
      if (progress.step == step && !is_filled) disk.fill();
      is_filled = is_filled || progress.step == step;
    }));
    CAPTURE(told);
    CHECK(is_filled);
    CHECK(told != "opened");
    world.check_untouched();
  }
  disk.empty();
  world.check_same_rows(world.open().value());
}

TEST_CASE("a second start during an upgrade is refused with a sentence, a command too") {
  if (lacks_two_versions()) return;
  const World world;
  std::set<std::string> told;
  const auto opened = world.open([&](const UpgradeProgress&) {
    for (const OpenedBy by : {OpenedBy::server, OpenedBy::command, OpenedBy::onlooker})
      told.insert(told_by(open_database_place(world.config, by)));
  });
  CHECK(opened);
  REQUIRE(told.size() == 1);
  CHECK(told.begin()->starts_with("upgrade_is_running: "));
  CHECK(holds(*told.begin(), "dits db upgrade --check"));
}

TEST_CASE("who only looks does not upgrade; without the old programs nothing is made") {
  if (lacks_two_versions()) return;
  World world;
  const std::set<std::string> before = world.names();
  const std::string looked = told_by(open_database_place(world.config, OpenedBy::onlooker));
  CHECK(looked.starts_with("upgrade_needed: "));
  CHECK(world.names() == before);
  // A version of which this machine has no programs.
  const int version = embedded::find_old_programs(world.config.data_dir, {}, 16) ? 17 : 16;
  REQUIRE_FALSE(embedded::find_old_programs(world.config.data_dir, {}, version));
  REQUIRE(write_file_atomically(world.config.data_dir + "/cluster-15/PG_VERSION",
                                std::to_string(version) + "\n"));
  for (const OpenedBy by : {OpenedBy::server, OpenedBy::command}) {
    const std::string refused = told_by(open_database_place(world.config, by));
    CAPTURE(refused);
    CHECK(refused.starts_with("old_programs_missing: "));
    CHECK(holds(refused, "PostgreSQL " + std::to_string(version)));
    CHECK(world.names() == before);
  }
  world.config.old_pg_bindir = test::postgres15_directory();
  CHECK(holds(told_by(world.open()), "holds the programs of 15"));
  CHECK(world.names() == before);
}

TEST_CASE("an empty database that lies beside a full one of an earlier version is set aside, never served") {
  if (lacks_two_versions()) return;
  const World world;
  // As an executable made it that looked for a cluster of its own version alone.
  const embedded::Programs programs = embedded::prepare_programs(world.config.data_dir, {}).value();
  const std::string beside = embedded::cluster_path(world.config.data_dir, programs.version);
  REQUIRE(embedded::prepare_cluster_files(world.config.data_dir, programs, beside));
  CHECK(told_by(open_database_place(world.config, OpenedBy::onlooker)).starts_with("clusters_in_doubt: "));
  {
    DatabasePlace place = world.open().value();
    REQUIRE(bring_up_to_date(place, world.config, DirectoryUse::files));
    world.check_same_rows(place);
  }
  REQUIRE(world.clusters().kept.size() == 2);
  CHECK(world.clusters().kept[0].reason == embedded::KeptFor::upgraded);
  CHECK(world.clusters().kept[1].reason == embedded::KeptFor::empty);

  // With an account in each nobody can know: the start stops, and changes nothing.
  embedded::Program copy{
      "/bin/cp", {"-a", old_data().path() + "/data/cluster-15", world.config.data_dir + "/cluster-15"}, {}};
  REQUIRE(embedded::run_program(copy, [](std::string_view) { return Result<void>(); }));
  CHECK(told_by(world.open()).starts_with("clusters_in_doubt: "));
  CHECK(world.clusters().clusters.size() == 2);
}

TEST_CASE("an old database whose first start was killed holds nothing, and a new one takes its place") {
  if (lacks_two_versions()) return;
  const test::TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms(0755));
  Config config;
  config.data_dir = directory.path() + "/data";
  REQUIRE(open_database_place(earlier_config(config.data_dir), OpenedBy::server));
  DatabasePlace place = open_database_place(config, OpenedBy::server).value();
  CHECK(bring_up_to_date(place, config, DirectoryUse::files));
  const ClustersHere here = embedded::clusters_in(config.data_dir).value();
  REQUIRE(here.clusters.size() == 1);
  CHECK(here.clusters[0].version == place.cluster->version());
  CHECK(here.kept.size() == 1);
}

TEST_CASE("what is not of DITS in the old database stops an upgrade, since it would stay behind") {
  if (lacks_two_versions()) return;
  const World world;
  const Config earlier = earlier_config(world.config.data_dir);
  const auto run = [&](const std::string& sql) {
    const DatabasePlace place = open_database_place(earlier, OpenedBy::server).value();
    REQUIRE(connect_as_owner(place).value()->run_script(sql));
    place.cluster->stop(std::chrono::seconds(30));
  };
  run("CREATE SCHEMA mine; CREATE TABLE mine.notes (x int)");
  const std::string told = told_by(world.open());
  CAPTURE(told);
  CHECK(holds(told, "the schema mine"));
  world.check_untouched();
  run("DROP SCHEMA mine CASCADE");
  CHECK(told_by(world.open()) == "opened");
}

}  // namespace
}  // namespace dits
