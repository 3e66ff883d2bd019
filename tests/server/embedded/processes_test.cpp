// Programs that say nothing, do not end, or leave a long log; and who is told to hold the directory.
#include <chrono>
#include <csignal>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "server/embedded/instance_lock.hpp"
#include "server/embedded/postmaster.hpp"
#include "server/embedded/subprocess.hpp"
#include "tests/support/test_database.hpp"

namespace dits::embedded {
namespace {

using namespace std::chrono_literals;

Result<void> run_shell(const std::string& script, std::chrono::milliseconds most_silence) {
  Program program{"/bin/sh", {"-c", script}, {"PATH=/usr/bin:/bin"}};
  program.most_silence = most_silence;
  return run_program(program, [](std::string_view) { return Result<void>(); });
}

// So large that nobody has the memory for it, without taking room on the disk.
void write_log(const std::string& cluster_dir, const std::string& end) {
  constexpr off_t huge = off_t{1} << 43U;
  const FileDescriptor file(::open(log_path(cluster_dir).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(::ftruncate(file.get(), huge) == 0);
  REQUIRE(::pwrite(file.get(), end.data(), end.size(), huge) == static_cast<ssize_t>(end.size()));
}

}  // namespace

TEST_CASE("a program that is silent for longer than it may be is given up; one that speaks goes on") {
  const Result<void> silent = run_shell("echo begins; exec sleep 1000", 300ms);
  REQUIRE_FALSE(silent);
  CHECK(silent.error().kind == "silent");
  CHECK(silent.error().message.starts_with("sh was given up: it has said nothing for 1 s."));
  CHECK(run_shell("for i in 1 2 3 4 5 6 7 8; do echo on >&2; sleep 0.3; done", 2000ms));
  CHECK(run_shell("sleep 0.5", 0ms));
}

TEST_CASE("what is read of PostgreSQL's log is its end, however long it has grown") {
  const test::TemporaryDirectory directory;
  CHECK(last_complaint(directory.path()).empty());
  write_log(directory.path(), "\n[7] FATAL:  out of luck\n[7] LOG:  bye\n");
  CHECK(last_complaint(directory.path()) == "FATAL:  out of luck");
  write_log(directory.path(),
            "\n[7] FATAL:  insufficient file descriptors available to start server process\n");
  CHECK(last_complaint(directory.path()).ends_with("(ulimit -n), and start DITS again"));
  write_log(directory.path(), "\n[7] FATAL:  out of luck\n[7] LOG:  bye\n");
  limit_log(directory.path());
  const std::string kept = read_file(log_path(directory.path()) + ".1").value();
  CHECK(kept.size() == 1024 * 1024);
  CHECK(kept.ends_with("[7] LOG:  bye\n"));
  CHECK(read_file(log_path(directory.path())).value().empty());
}

TEST_CASE("stopping a PostgreSQL that the kernel does not let go comes to an end") {
  const test::TemporaryDirectory directory;
  const std::string program = directory.path() + "/postgres";
  REQUIRE(write_file_atomically(program, "#!/bin/sh\ntrap '' INT QUIT\nexec sleep 1000\n", 0700));
  PostmasterOptions options;
  options.program = program;
  options.cluster_dir = directory.path();
  Postmaster postmaster = Postmaster::start(options).value();
  // Its parent does not hear of the end of a process that is traced before the tracer has.
  const pid_t process = postmaster.process();
  const pid_t child = ::fork();
  if (child == 0) {
    const bool traces = ::ptrace(PTRACE_SEIZE, process, nullptr, nullptr) == 0;
    if (!traces) ::_exit(1);
    ::raise(SIGSTOP);  // "it is traced"
    ::pause();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
  if (!WIFSTOPPED(status)) {
    MESSAGE("no process may be traced here");
    postmaster.stop(10ms);
    return;
  }
  postmaster.stop(10ms);
  CHECK_FALSE(postmaster.ended());
  ::kill(child, SIGKILL);
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(wait_for_program(process) == 128 + SIGKILL);
}

TEST_CASE("who shares a directory is told at any moment, on a full disk too") {
  const test::TemporaryDirectory directory;
  const auto one = InstanceLock::share(directory.path(), 0ms);
  REQUIRE(one);
  // No file may grow, as on a full disk.
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit nothing{0, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &nothing) == 0);
  const auto two = InstanceLock::share(directory.path(), 0ms);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  ::signal(SIGXFSZ, handler);
  CHECK(two);
  CHECK(read_file(directory.path() + "/lock").value() == "external\n");
}

}  // namespace dits::embedded
