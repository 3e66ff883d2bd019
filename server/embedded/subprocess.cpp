#include "server/embedded/subprocess.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/files.hpp"

namespace dits::embedded {

namespace {

constexpr std::size_t longest_complaint = 4000;  // of a program's standard error
constexpr int look_up_ms = 200;

using SteadyClock = std::chrono::steady_clock;

// The programs that somebody here waits for. Held while one is started and while orphans are looked for, so
// that none of ours is taken for one.
struct OwnPrograms {
  std::mutex mutex;
  std::set<pid_t> processes;
};
OwnPrograms& own_programs() {
  static OwnPrograms programs;
  return programs;
}

pid_t fork_own() {
  OwnPrograms& own = own_programs();
  const std::lock_guard lock(own.mutex);
  const pid_t child = ::fork();
  if (child > 0) own.processes.insert(child);
  return child;
}

void forget_own(pid_t process) {
  OwnPrograms& own = own_programs();
  const std::lock_guard lock(own.mutex);
  own.processes.erase(process);
}

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// "1234 (name) Z 1 …": is it an ended child of `parent`?
bool is_ended_child(const std::string& stat, pid_t parent) {
  const std::size_t name_end = stat.rfind(") Z ");
  return name_end != std::string::npos && std::atoi(stat.c_str() + name_end + 4) == parent;
}

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("cannot make a pipe");
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::string name_of(const Program& program) { return program.path.substr(program.path.rfind('/') + 1); }

Error was_silent(const Program& program) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(program.most_silence).count();
  Error error = unavailable(name_of(program) + " was given up: it has said nothing for " +
                            std::to_string(seconds) + " s. Does the database answer?");
  error.kind = "silent";
  return error;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What happens between fork and exec: system calls only, since other threads' locks may be held. Answers with
// errno on failure.
int become_program(const Program& program, char* const* arguments, char* const* environment, pid_t parent) {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (program.own_session) ::setsid();
  if (program.working_directory >= 0 && ::fchdir(program.working_directory) != 0) return errno;
  const int nothing = ::open("/dev/null", O_RDWR);
  const std::array<int, 3> standard = {
      program.standard_input, program.standard_output, program.standard_error};
  for (int number = 0; number < 3; ++number) {
    int source = standard[static_cast<std::size_t>(number)];
    if (source < 0 && number == 2) continue;
    if (source < 0) source = nothing;
    if (::dup2(source, number) < 0) return errno;
  }
  // Everything else closes at exec.
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  for (const int file : program.kept_files) ::fcntl(file, F_SETFD, 0);
  ::umask(077);
  // A picture of its memory holds what users wrote, and would fill the disk that a full one ended it for.
  constexpr rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (!become(program.user)) return errno;
  // After the change of user, which would clear it.
  if (program.parent_death_signal != 0) {
    ::prctl(PR_SET_PDEATHSIG, program.parent_death_signal);
    if (::getppid() != parent) ::_exit(125);
  }
  ::execve(program.path.c_str(), arguments, environment);
  return errno;
}

}  // namespace

Result<pid_t> start_program(const Program& program) {
  std::vector<std::string> texts = program.arguments;
  texts.insert(texts.begin(), program.path);
  std::vector<std::string> variables = program.environment;
  const std::vector<char*> arguments = pointers_to(texts);
  const std::vector<char*> environment = pointers_to(variables);
  Pipe report = TRY(make_pipe());
  const pid_t parent = ::getpid();
  const pid_t child = fork_own();
  if (child < 0) return system_error("cannot start " + program.path);
  if (child == 0) {
    const int reason = become_program(program, arguments.data(), environment.data(), parent);
    [[maybe_unused]] const ssize_t written = ::write(report.write_end.get(), &reason, sizeof reason);
    ::_exit(126);
  }
  report.write_end = FileDescriptor();
  int reason = 0;
  const ssize_t got = uninterrupted([&] { return ::read(report.read_end.get(), &reason, sizeof reason); });
  if (got != sizeof reason) return child;  // the pipe closed at exec
  wait_for_program(child);
  errno = reason;
  return system_error("cannot run " + program.path);
}

std::optional<int> ended_program(pid_t process) {
  int status = 0;
  if (::waitpid(process, &status, WNOHANG) != process) return std::nullopt;
  forget_own(process);
  return code_of(status);
}

int wait_for_program(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  forget_own(process);
  return code_of(status);
}

void reap_orphans() {
  const pid_t self = ::getpid();
  if (self != 1) return;
  OwnPrograms& own = own_programs();
  const std::lock_guard lock(own.mutex);
  const Result<std::vector<std::string>> names = names_in("/proc");
  if (!names) return;
  for (const std::string& name : *names) {
    const pid_t process = std::atoi(name.c_str());
    if (process <= 0 || own.processes.contains(process)) continue;
    const Result<std::string> stat = read_file("/proc/" + name + "/stat");
    if (stat && is_ended_child(*stat, self)) ::waitpid(process, nullptr, WNOHANG);
  }
}

Result<void> run_program(Program program,
                         const std::function<Result<void>(std::string_view piece)>& take,
                         const std::atomic<bool>* is_stopped) {
  Pipe output = TRY(make_pipe());
  Pipe errors = TRY(make_pipe());
  program.standard_output = output.write_end.get();
  program.standard_error = errors.write_end.get();
  const pid_t process = TRY(start_program(program));
  output.write_end = FileDescriptor();
  errors.write_end = FileDescriptor();

  Result<void> taken;
  std::string complaint;
  std::array<char, 65536> buffer{};
  auto heard_at = SteadyClock::now();
  std::array<pollfd, 2> sources = {pollfd{output.read_end.get(), POLLIN, 0},
                                   pollfd{errors.read_end.get(), POLLIN, 0}};
  while (taken && (sources[0].fd >= 0 || sources[1].fd >= 0)) {
    if (is_stopped != nullptr && is_stopped->load()) {
      Error stopped = unavailable("It was stopped.");
      stopped.kind = "stopped";
      taken = std::move(stopped);
      break;
    }
    if (program.most_silence.count() > 0 && SteadyClock::now() - heard_at > program.most_silence) {
      taken = was_silent(program);
      break;
    }
    const bool looks_up = is_stopped != nullptr || program.most_silence.count() > 0;
    if (::poll(sources.data(), sources.size(), looks_up ? look_up_ms : -1) <= 0) continue;
    for (pollfd& source : sources) {
      if (source.fd < 0 || source.revents == 0) continue;
      const ssize_t got = uninterrupted([&] { return ::read(source.fd, buffer.data(), buffer.size()); });
      // What came before is not all of it.
      if (got < 0) taken = system_error("cannot read what " + program.path + " writes");
      if (got <= 0) {
        source.fd = -1;
        continue;
      }
      const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
      if (&source == &sources[0]) {
        taken = take(piece);
      } else {
        complaint = (complaint + std::string(piece)).substr(0, longest_complaint);
      }
    }
    heard_at = SteadyClock::now();  // what `take` needs for it is no silence
  }
  if (!taken) ::kill(process, SIGKILL);
  const int code = wait_for_program(process);
  if (!taken || code == 0) return taken;
  while (!complaint.empty() && complaint.back() == '\n') complaint.pop_back();
  return unavailable(name_of(program) + " ended with the code " + std::to_string(code) + ": " + complaint);
}

}  // namespace dits::embedded
