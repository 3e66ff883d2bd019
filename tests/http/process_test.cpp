// The program as a process: what it leaves behind as number 1, what it says at its start, who may read its
// files, how it was hardened, and what a kill in the middle of a command does.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"

namespace dits::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

struct Process {
  pid_t number = 0;
  pid_t parent = 0;
  char state = '?';
};

std::vector<Process> all_processes() {
  std::vector<Process> all;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    std::ifstream file(entry.path() / "stat");
    std::string text;
    if (!std::getline(file, text)) continue;
    Process process;
    process.number = std::atoi(text.c_str());
    std::istringstream rest(text.substr(text.rfind(')') + 1));
    rest >> process.state >> process.parent;
    all.push_back(process);
  }
  return all;
}

std::vector<Process> children_of(pid_t parent) {
  std::vector<Process> all = all_processes();
  std::erase_if(all, [parent](const Process& process) { return process.parent != parent; });
  return all;
}

bool is_postgres(const Process& process) {
  std::ifstream file("/proc/" + std::to_string(process.number) + "/comm");
  std::string name;
  std::getline(file, name);
  return name == "postgres";
}

// The server as number 1 of processes of its own, as in a container.
class Container {
 public:
  explicit Container(const std::string& data_dir, const std::string& log) {
    outer_ = ::fork();
    if (outer_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      ::dup2(file, STDOUT_FILENO);
      ::dup2(file, STDERR_FILENO);
      ::execlp("unshare",
               "unshare",
               "--pid",
               "--fork",
               "--kill-child",
               "--mount-proc",
               binary_path().c_str(),
               "--port",
               "0",
               "--data-dir",
               data_dir.c_str(),
               nullptr);
      ::_exit(127);
    }
  }
  ~Container() {
    ::kill(outer_, SIGKILL);
    ::waitpid(outer_, nullptr, 0);
  }
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;

  // 0 before it runs.
  pid_t server() const {
    const std::vector<Process> children = children_of(outer_);
    return children.empty() ? 0 : children.front().number;
  }

 private:
  pid_t outer_ = -1;
};

pid_t postmaster_of(pid_t server) {
  for (const Process& process : children_of(server)) {
    if (process.state != 'Z' && is_postgres(process) && !children_of(process.number).empty())
      return process.number;
  }
  return 0;
}

}  // namespace

TEST_CASE("as number 1 it leaves no zombies of a killed PostgreSQL") {
  if (lacks(Need::own_processes)) return;
  const TemporaryDirectory directory;
  const std::string log = directory.path() + "/log";
  const Container container(directory.path() + "/data", log);
  REQUIRE(comes_true(
      [&] {
        const Result<std::string> text = read_file(log);
        return text && text->find("DITS serves") != std::string::npos;
      },
      60s));
  const pid_t server = container.server();
  const pid_t postmaster = postmaster_of(server);
  REQUIRE(postmaster > 0);
  REQUIRE(::kill(postmaster, SIGKILL) == 0);
  REQUIRE(comes_true([&] {
    const pid_t now = postmaster_of(server);
    return now > 0 && now != postmaster;
  }));
  const auto zombies = [&] {
    const std::vector<Process> children = children_of(server);
    return std::ranges::count(children, 'Z', &Process::state);
  };
  CHECK(comes_true([&] { return zombies() == 0; }, 5s));
}

TEST_CASE("a time zone that nobody knows is told at the start, others are not") {
  const RunningServer server;
  for (const auto& [zone, is_known] :
       std::vector<std::pair<std::string, bool>>{{"Europe/Viena", false},
                                                 {"UTC", true},
                                                 {"CET-1CEST,M3.5.0,M10.5.0/3", true},
                                                 {"Nowhere", false}}) {
    CAPTURE(zone);
    std::string output;
    Headers environment = server.environment();
    environment.emplace_back("TZ", zone);
    // An address that can't be taken ends it.
    run_binary_with_errors({"--host", "203.0.113.1"}, environment, output);
    CHECK((output.find("the time zone in TZ is not known") == std::string::npos) == is_known);
    CHECK((output.find(zone) == std::string::npos) == is_known);
  }
}

TEST_CASE("whatever umask it is started with, its files are for nobody else") {
  const TemporaryDirectory directory;
  const mode_t before = ::umask(0);
  {
    const auto server = RunningServer::embedded(directory.path() + "/data");
    std::string output;
    CHECK(run_binary({"backup"}, server->environment(), "", output) == 0);
  }
  ::umask(before);
  struct stat status {};
  REQUIRE(::stat((directory.path() + "/data").c_str(), &status) == 0);
  // Root lends PostgreSQL another identity, which has to walk through.
  CHECK((status.st_mode & 0066) == 0);
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory.path() + "/data")) {
    CAPTURE(entry.path().string());
    if (::lstat(entry.path().c_str(), &status) != 0 || S_ISLNK(status.st_mode)) continue;
    CHECK((status.st_mode & 0077) == 0);
    ++files;
  }
  CHECK(files > 20);
}

TEST_CASE("the executable is hardened") {
  int code = 0;
  const std::string headers = shell_output("readelf -hldW " + binary_path(), code);
  REQUIRE(code == 0);
  CHECK(headers.find("DYN (Position-Independent Executable file)") != std::string::npos);
  CHECK(headers.find("GNU_RELRO") != std::string::npos);
  CHECK(headers.find("NOW") != std::string::npos);
  const std::size_t stack = headers.find("GNU_STACK");
  REQUIRE(stack != std::string::npos);
  CHECK(headers.substr(stack, headers.find('\n', stack) - stack).find("RWE") == std::string::npos);
  CHECK(headers.find("RPATH") == std::string::npos);
  CHECK(headers.find("RUNPATH") == std::string::npos);
  CHECK(headers.find("TEXTREL") == std::string::npos);
  const std::string symbols = shell_output("readelf -W --dyn-syms " + binary_path(), code);
  REQUIRE(code == 0);
  CHECK(symbols.find("__stack_chk_fail") != std::string::npos);
  for (const char* checked : {"__memcpy_chk", "__snprintf_chk", "__vsnprintf_chk"}) {
    if (symbols.find(checked) != std::string::npos) return;
  }
  FAIL("no checked function of the C library is used");
}

TEST_CASE("a backup that is killed anywhere leaves those that were whole, and the next one clears up") {
  SharedServer shared;
  shared.server.database().run_as_owner("INSERT INTO projects (user_id, id, name, description) SELECT '" +
                                        shared.alice_id +
                                        "', gen_random_uuid(), 'p' || n, (SELECT string_agg(md5(n || '.' || "
                                        "k), '') FROM generate_series(1, 300) AS k) "
                                        "FROM generate_series(1, 400) AS n");
  std::string output;
  const auto start = SteadyClock::now();
  REQUIRE(run_binary({"backup"}, shared.server.environment(), "", output) == 0);
  const auto took = SteadyClock::now() - start;
  const std::string first = output.substr(0, output.find(' '));
  int killed = 0;
  for (int round = 1; round <= 12; ++round) {
    killed += run_and_kill({"backup"}, shared.server.environment(), took * round / 12) ? 0 : 1;
    CHECK(shared.alice.get("/api/v1/projects").status == 200);
  }
  CHECK(killed >= 6);
  REQUIRE(run_binary({"backup"}, shared.server.environment(), "", output) == 0);
  const std::string last = output.substr(0, output.find(' '));
  CHECK(fs::exists(first));
  CHECK(run_binary_with_errors({"backup", "--check"}, shared.server.environment(), output) == 0);
  CAPTURE(output);
  for (const auto& entry : fs::directory_iterator(fs::path(last).parent_path())) {
    CAPTURE(entry.path().string());
    CHECK_FALSE(entry.path().string().ends_with(".new"));
  }
}

TEST_CASE("a restore that is killed anywhere leaves the data as it was, or is done") {
  SharedServer shared;
  REQUIRE(shared.alice.post("/api/v1/projects", {{"name", "of the backup"}}).status == 201);
  std::string output;
  REQUIRE(run_binary({"backup"}, shared.server.environment(), "", output) == 0);
  const std::string file = output.substr(0, output.find(' '));
  REQUIRE(shared.alice.post("/api/v1/projects", {{"name", "since the backup"}}).status == 201);
  const auto start = SteadyClock::now();
  REQUIRE(run_binary({"restore", file, "--yes"}, shared.server.environment(), "", output) == 0);
  const auto took = SteadyClock::now() - start;
  const auto projects = [&]() -> std::string {
    Answer answer;
    CHECK(comes_true([&] { return (answer = shared.alice.get("/api/v1/projects")).status == 200; }));
    return answer.body;
  };
  CHECK(projects().find("of the backup") != std::string::npos);
  int killed = 0;
  for (int round = 1; round <= 10; ++round) {
    const std::string name = "of round " + std::to_string(round);
    REQUIRE(comes_true([&] {
      return shared.alice.post("/api/v1/projects", {{"name", name}}).status == 201;
    }));
    const std::string before = projects();
    const std::optional<int> code =
        run_and_kill({"restore", file, "--yes"}, shared.server.environment(), took * round / 10);
    killed += code ? 0 : 1;
    const std::string after = projects();
    CAPTURE(round);
    CHECK(after.find("of the backup") != std::string::npos);
    // All of what was there, or nothing of it.
    const bool is_restored = after.find("of round") == std::string::npos;
    if (code == 0) CHECK(is_restored);
    if (!is_restored) CHECK(after == before);
  }
  CHECK(killed >= 4);
  // PostgreSQL may still be at the last one that was killed.
  CHECK(comes_true([&] {
    return run_binary({"restore", file, "--yes"}, shared.server.environment(), "", output) == 0;
  }));
  CHECK(projects().find("of round") == std::string::npos);
}

}  // namespace dits::test
