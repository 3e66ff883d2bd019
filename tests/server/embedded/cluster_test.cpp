#include "server/embedded/cluster.hpp"

#include <csignal>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/config.hpp"
#include "server/base/embedded_files.hpp"
#include "server/base/files.hpp"
#include "server/db/connection.hpp"
#include "server/embedded/postmaster.hpp"
#include "server/embedded/subprocess.hpp"
#include "server/embedded/unpack.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/test_database.hpp"

namespace dits::embedded {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

ClusterOptions options_in(const test::TemporaryDirectory& directory) {
  ClusterOptions options{directory.path() + "/data", environment_variable("DITS_PG_BINDIR").value_or("")};
  return options;
}

std::unique_ptr<Connection> connect(const Cluster& cluster) {
  ConnectionOptions options;
  options.url = cluster.url(owner_role);
  auto opened = Connection::open(options);
  REQUIRE(opened);
  return std::move(opened).value();
}

// Lets the cluster look after itself until it answers again.
void watch_until_ready(Cluster& cluster, const std::string& cluster_dir) {
  ConnectionOptions options;
  options.url = cluster.url(owner_role);
  REQUIRE(test::comes_true(
      [&] {
        cluster.watch();
        return is_ready(cluster_dir) && Connection::open(options).has_value();
      },
      30s));
}

pid_t process_of(const std::string& cluster_dir) {
  return std::stoi(read_file(cluster_dir + "/postmaster.pid").value());
}

TEST_CASE("shared memory that only others than the database's user may use is none") {
  const test::TemporaryDirectory directory;
  const ClusterUser other{::geteuid() + 1, ::getegid() + 1, true};
  REQUIRE(::chmod(directory.path().c_str(), 0755) == 0);
  CHECK(!has_shared_memory(directory.path(), other));
  CHECK(has_shared_memory(directory.path(), {::geteuid(), ::getegid(), false}));
  REQUIRE(::chmod(directory.path().c_str(), 01777) == 0);
  CHECK(has_shared_memory(directory.path(), other));
  CHECK(!has_shared_memory(directory.path() + "/absent", other));
}

TEST_CASE("the embedded PostgreSQL starts, keeps data over a stop, and has checksums and fsync on") {
  const test::TemporaryDirectory directory;
  {
    const auto cluster = Cluster::start(options_in(directory)).value();
    CHECK(cluster->is_first_run());
    const auto connection = connect(*cluster);
    REQUIRE(connection->run_script("CREATE TABLE kept (x int); INSERT INTO kept VALUES (7);"));
    CHECK(connection->run_once("SELECT current_setting('data_checksums') || current_setting('fsync')")
              .value()[0]
              .text(0) == "onon");
    CHECK(connection->run_once("SELECT current_setting('listen_addresses')").value()[0].text(0).empty());
    CHECK(connection->run_once("SELECT lower('\xC3\x84\xCE\x91')").value()[0].text(0) == "\xC3\xA4\xCE\xB1");
  }
  struct stat status {};
  REQUIRE(::stat((directory.path() + "/data").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  const auto cluster = Cluster::start(options_in(directory)).value();
  CHECK_FALSE(cluster->is_first_run());
  CHECK(connect(*cluster)->run_once("SELECT x FROM kept").value()[0].int64(0) == 7);
}

TEST_CASE("one server for each data directory; commands join it") {
  const test::TemporaryDirectory directory;
  const auto cluster = Cluster::start(options_in(directory)).value();
  const auto second = Cluster::start(options_in(directory));
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == "server_is_running");
  const auto joined = Cluster::open_for_command(options_in(directory)).value();
  CHECK(joined->is_joined());
  CHECK(connect(*joined)->run_once("SELECT 1").value()[0].int64(0) == 1);
}

TEST_CASE("a killed PostgreSQL is started again with all that was committed") {
  const test::TemporaryDirectory directory;
  const auto cluster = Cluster::start(options_in(directory)).value();
  const std::string cluster_dir = directory.path() + "/data/cluster-" + std::to_string(cluster->version());
  REQUIRE(connect(*cluster)->run_script("CREATE TABLE kept (x int); INSERT INTO kept VALUES (7);"));
  ::kill(process_of(cluster_dir), SIGKILL);
  watch_until_ready(*cluster, cluster_dir);
  CHECK(connect(*cluster)->run_once("SELECT x FROM kept").value()[0].int64(0) == 7);
}

TEST_CASE("a PostgreSQL whose recovery crashes, and that waits for nothing ever after, is started anew") {
  const test::TemporaryDirectory directory;
  const auto cluster = Cluster::start(options_in(directory)).value();
  const std::string cluster_dir = directory.path() + "/data/cluster-" + std::to_string(cluster->version());
  const auto connection = connect(*cluster);
  REQUIRE(connection->run_script("CREATE TABLE kept (x int); INSERT INTO kept VALUES (7);"));
  const pid_t session =
      static_cast<pid_t>(connection->run_once("SELECT pg_backend_pid()").value()[0].int64(0));
  const std::string log_of_changes = cluster_dir + "/pg_wal";
  REQUIRE(::rename(log_of_changes.c_str(), (log_of_changes + ".aside").c_str()) == 0);
  REQUIRE(::kill(session, SIGKILL) == 0);
  REQUIRE(test::comes_true([&] {
    return read_file(log_path(cluster_dir)).value().find("required WAL directory") != std::string::npos;
  }));
  REQUIRE(::rename((log_of_changes + ".aside").c_str(), log_of_changes.c_str()) == 0);
  watch_until_ready(*cluster, cluster_dir);
  CHECK(connect(*cluster)->run_once("SELECT x FROM kept").value()[0].int64(0) == 7);
}

TEST_CASE("what a killed run left behind does not stop the next start") {
  const test::TemporaryDirectory directory;
  std::string cluster_dir;
  {
    const auto cluster = Cluster::start(options_in(directory)).value();
    cluster_dir = directory.path() + "/data/cluster-" + std::to_string(cluster->version());
    REQUIRE(connect(*cluster)->run_script("CREATE TABLE kept (x int)"));
    ::kill(process_of(cluster_dir), SIGKILL);
  }
  CHECK(read_file(cluster_dir + "/postmaster.pid").has_value());
  const auto cluster = Cluster::start(options_in(directory)).value();
  CHECK(connect(*cluster)->run_once("SELECT count(*) FROM kept").value()[0].int64(0) == 0);
}

TEST_CASE("a stranger who works in the cluster's directory is no left-over of PostgreSQL and lives on") {
  const test::TemporaryDirectory directory;
  std::string cluster_dir;
  {
    const auto cluster = Cluster::start(options_in(directory)).value();
    cluster_dir = directory.path() + "/data/cluster-" + std::to_string(cluster->version());
    CHECK_FALSE(left_over_processes(cluster_dir).empty());
    ::kill(process_of(cluster_dir), SIGKILL);
  }
  const FileDescriptor inside(::open(cluster_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  Program stranger{"/bin/sleep", {"60"}, {}};
  stranger.working_directory = inside.get();
  const pid_t process = start_program(stranger).value();
  const auto began = SteadyClock::now();
  const auto started = Cluster::start(options_in(directory));
  CHECK(started);
  CHECK(SteadyClock::now() - began < 15s);  // nobody waited for it
  CHECK(::waitpid(process, nullptr, WNOHANG) == 0);
  for (const pid_t ours : left_over_processes(cluster_dir)) CHECK(ours != process);
  ::kill(process, SIGKILL);
  wait_for_program(process);
}

TEST_CASE("a path longer than a socket's name may be is no trouble") {
  const test::TemporaryDirectory directory;
  ClusterOptions options = options_in(directory);
  options.data_dir = directory.path() + "/" + std::string(150, 'x') + "/data";
  const auto cluster = Cluster::start(options).value();
  CHECK(connect(*cluster)->run_once("SELECT 1"));
}

TEST_CASE("a data directory that can't be used is refused with its name") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory.path() + "/file", ""));
  ClusterOptions options = options_in(directory);
  options.data_dir = directory.path() + "/file";
  const auto refused = Cluster::start(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find(options.data_dir) != std::string::npos);
  options.data_dir = "/";
  CHECK_FALSE(Cluster::start(options));
}

TEST_CASE("root is told to work as the user whose data it is, before it writes what that user can't read") {
  if (test::lacks(test::Need::root)) return;
  for (const char* name : {"lock", "backups", "attachments"}) {
    CAPTURE(name);
    const test::TemporaryDirectory directory;
    const ClusterOptions options = options_in(directory);
    REQUIRE(make_directories(options.data_dir, 0700));
    const std::string path = options.data_dir + "/" + name;
    REQUIRE(write_file_atomically(path, ""));
    REQUIRE(::chown(path.c_str(), 4711, 4711) == 0);
    const auto refused = Cluster::open_for_command(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("4711") != std::string::npos);
  }
}

TEST_CASE("a broken archive is an error and not a crash") {
  const test::TemporaryDirectory directory;
  const auto archive = find_embedded_file("postgres/template.tar.zst");
  REQUIRE(archive);
  CHECK_FALSE(
      unpack_tar_zst(archive->bytes.first(archive->bytes.size() / 2), directory.path(), std::nullopt));
  CHECK_FALSE(unpack_tar_zst({}, directory.path() + "/b", std::nullopt));
  CHECK_FALSE(unpack_tar_zst(std::as_bytes(std::span("no archive", 10)), directory.path(), std::nullopt));
}

}  // namespace
}  // namespace dits::embedded
