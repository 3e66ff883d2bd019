// Which cluster of a data directory counts, told by what lies on the disk.
#include "server/embedded/clusters_here.hpp"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "server/base/clock.hpp"
#include "server/base/files.hpp"
#include "server/embedded/programs.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/test_database.hpp"

namespace dits::embedded {
namespace {

// A directory with the two files that make a cluster of it.
void make_cluster(const std::string& path, int version, const std::string& control = "control") {
  REQUIRE(make_directories(path + "/global"));
  REQUIRE(write_file_atomically(path + "/PG_VERSION", std::to_string(version) + "\n"));
  REQUIRE(write_file_atomically(path + "/global/pg_control", control));
}

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::string refusal(const Result<ClusterChoice>& choice) {
  return choice ? std::string("chosen") : choice.error().kind + ": " + choice.error().message;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("a cluster counts by the version that it was made by, not by its name") {
  const test::TemporaryDirectory data;
  CHECK_FALSE(choose_cluster(data.path(), 18).value().current);
  CHECK_FALSE(choose_cluster(data.path(), 18).value().older);
  make_cluster(data.path() + "/cluster-18", 15);
  const ClusterChoice choice = choose_cluster(data.path(), 18).value();
  CHECK_FALSE(choice.current);
  CHECK(choice.older.value().version == 15);
  CHECK(choice.older.value().path == data.path() + "/cluster-18");
  CHECK(choose_cluster(data.path(), 15).value().current.value().path == data.path() + "/cluster-18");
}

TEST_CASE("a cluster newer than the programs is refused with both versions and with what reads it") {
  const test::TemporaryDirectory data;
  make_cluster(data.path() + "/cluster-18", 18);
  const std::string told = refusal(choose_cluster(data.path(), 15));
  CAPTURE(told);
  CHECK(told.starts_with("cluster_is_newer: "));
  for (const char* part : {"PostgreSQL 18", "PostgreSQL 15", "--pg-bindir", "Nothing was changed"})
    CHECK(holds(told, part));
}

TEST_CASE("two clusters without a mark stop the start, whichever the programs are") {
  const test::TemporaryDirectory data;
  make_cluster(data.path() + "/cluster-15", 15);
  make_cluster(data.path() + "/cluster-17", 17);
  for (const int version : {17, 18}) {
    const std::string told = refusal(choose_cluster(data.path(), version));
    CAPTURE(told);
    CHECK(told.starts_with("clusters_in_doubt: "));
    CHECK(holds(told, "cluster-15 (PostgreSQL 15) and cluster-17 (PostgreSQL 17)"));
  }
}

TEST_CASE("what is no whole cluster is never passed over for an empty one; an empty directory is nothing") {
  const test::TemporaryDirectory data;
  std::filesystem::create_directory(data.path() + "/cluster-15");
  CHECK(refusal(choose_cluster(data.path(), 18)) == "chosen");
  REQUIRE(write_file_atomically(data.path() + "/cluster-15/PG_VERSION", "15\n"));
  CHECK(refusal(choose_cluster(data.path(), 18)).starts_with("clusters_in_doubt: "));
  std::filesystem::remove_all(data.path() + "/cluster-15");
  make_cluster(data.path() + "/cluster-15.old", 15);  // somebody's own name
  CHECK(refusal(choose_cluster(data.path(), 18)) == "chosen");
}

TEST_CASE("a switch that was killed at any of its steps is finished by the next start, or has not begun") {
  const test::TemporaryDirectory data;
  const FoundCluster old{data.path() + "/cluster-15", 15};
  make_cluster(old.path, 15, "old");
  make_cluster(upgrade_path(data.path(), 18), 18, "new");
  REQUIRE(switch_clusters(data.path(), old, 18));
  ClustersHere here = clusters_in(data.path()).value();
  REQUIRE(here.clusters.size() == 1);
  CHECK(here.clusters[0].version == 18);
  REQUIRE(here.kept.size() == 1);
  CHECK(here.kept[0].version == 15);
  CHECK(here.kept[0].reason == KeptFor::upgraded);

  SUBCASE("between its two renames") {
    std::filesystem::rename(here.kept[0].path, old.path);
    CHECK(choose_cluster(data.path(), 18).value().current.value().version == 18);
    REQUIRE(clear_killed_upgrade(data.path()));
    here = clusters_in(data.path()).value();
    CHECK(here.clusters.size() == 1);
    CHECK(here.kept.size() == 1);
  }
  SUBCASE("between its two renames, and the old one was used since: nobody knows any more") {
    std::filesystem::rename(here.kept[0].path, old.path);
    REQUIRE(write_file_atomically(old.path + "/global/pg_control", "used"));
    REQUIRE(clear_killed_upgrade(data.path()));
    CHECK(refusal(choose_cluster(data.path(), 18)).starts_with("clusters_in_doubt: "));
  }
  SUBCASE("before its first rename") {
    std::filesystem::rename(here.kept[0].path, old.path);
    std::filesystem::rename(data.path() + "/cluster-18", upgrade_path(data.path(), 18));
    REQUIRE(clear_killed_upgrade(data.path()));
    CHECK(names_in(data.path()) == std::vector<std::string>{"cluster-15"});
  }
  SUBCASE("the new one taken away afterwards: no empty one takes its place") {
    std::filesystem::remove_all(data.path() + "/cluster-18");
    CHECK(refusal(choose_cluster(data.path(), 18)).starts_with("clusters_in_doubt: "));
  }
}

TEST_CASE("a kept cluster goes after seven days and a backup, and not before both") {
  const test::TemporaryDirectory data;
  make_cluster(data.path() + "/cluster-18", 18);
  make_cluster(data.path() + "/cluster-15", 15);
  REQUIRE(set_aside(data.path(), {data.path() + "/cluster-15", 15}, KeptFor::upgraded));
  const KeptCluster kept = clusters_in(data.path()).value().kept.at(0);
  const auto is_there = [&] { return std::filesystem::exists(kept.path); };
  const auto days = [&](double count) {
    return Timestamp{kept.since.unix_ms + static_cast<std::int64_t>(count * ms_per_day)};
  };
  CHECK(kept_until(kept) == days(7));
  remove_kept_clusters(data.path(), days(6.9), days(6.9));
  CHECK(is_there());
  remove_kept_clusters(data.path(), kept.since, days(30));  // the newest backup is of the old one
  CHECK(is_there());
  remove_kept_clusters(data.path(), days(7), days(7));
  CHECK_FALSE(is_there());
  CHECK(std::filesystem::exists(data.path() + "/cluster-18"));
}

TEST_CASE(
    "programs of an earlier version are looked for, and where there are none it is said what to install") {
  const test::TemporaryDirectory data;
  const auto none = find_old_programs(data.path(), {}, 13);
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == "old_programs_missing");
  CHECK(holds(none.error().message, "postgresql-13"));
  CHECK(holds(none.error().message, "--old-pg-bindir"));
}

TEST_CASE(
    "programs of an earlier version are used where they were said to be, else the newest that was unpacked") {
  if (test::lacks(test::Need::postgres15)) return;
  const test::TemporaryDirectory data;
  const std::string bindir = test::postgres15_directory();
  CHECK(find_old_programs(data.path(), bindir, 15).value().directory == bindir);
  CHECK_FALSE(find_old_programs(data.path(), bindir, 16));  // it holds another version
  CHECK_FALSE(find_old_programs(data.path(), data.path(), 15));
  // As an earlier executable would have unpacked them; the newest of several.
  for (const char* name :
       {"/postgres-15.9-aaaaaaaa", "/postgres-15.14-bbbbbbbb", "/postgres-15.20-cccccccc"}) {
    std::filesystem::create_directory(data.path() + name);
    std::filesystem::permissions(data.path() + name, std::filesystem::perms(0755));
    std::filesystem::create_symlink(bindir, data.path() + name + "/bin");
  }
  // Others may write in this one.
  std::filesystem::permissions(data.path() + "/postgres-15.20-cccccccc", std::filesystem::perms(0777));
  const Programs found = find_old_programs(data.path(), {}, 15).value();
  CHECK(found.directory == data.path() + "/postgres-15.14-bbbbbbbb/bin");
  CHECK_FALSE(found.is_of_host);
}

}  // namespace
}  // namespace dits::embedded
