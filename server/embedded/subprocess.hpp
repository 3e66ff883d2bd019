// Starting programs: PostgreSQL itself, and its tools (pg_dump, psql).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "server/embedded/cluster_user.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

struct Program {
  std::string path;
  std::vector<std::string> arguments;    // without the program's own name
  std::vector<std::string> environment;  // "NAME=value", all of it
  ClusterUser user = {};                 // who it runs as, when is_switched
  int working_directory = -1;            // a directory's descriptor; -1: ours
  int standard_input = -1;               // -1: /dev/null
  int standard_output = -1;              // -1: /dev/null
  int standard_error = -1;               // -1: ours
  std::vector<int> kept_files = {};      // descriptors that stay open under their numbers
  int parent_death_signal =
      0;  // sent when we die; follows the thread that started it: call from the main thread
  bool own_session = false;  // Ctrl-C does not reach it
  // For run_program: longer than that it is never silent while it works; 0: nobody knows.
  std::chrono::milliseconds most_silence{0};
};

// Forks and runs it; the process's number. Errors: unavailable, naming why it could not be run.
Result<pid_t> start_program(const Program& program);

// Has it ended? The exit code, or 128 + the signal that ended it; asks without waiting.
std::optional<int> ended_program(pid_t process);

// Waits for its end; the exit code, or 128 + the signal that ended it.
int wait_for_program(pid_t process);

// The process with the number 1, as in a container, inherits whoever lost its parent: a killed PostgreSQL's
// children. Takes note of those that have ended; does nothing in any other process.
void reap_orphans();

// Runs it to its end. `take` gets what it writes to its standard output, piece by piece, and stops it by
// answering with an error; somebody else stops it within a fifth of a second by setting `is_stopped`, also
// while it is silent. Errors: `take`'s; unavailable, with the last lines of its standard error, when it ends
// with another code than 0; with the kinds "stopped", and "silent" when it was so longer than it may be.
Result<void> run_program(Program program,
                         const std::function<Result<void>(std::string_view piece)>& take,
                         const std::atomic<bool>* is_stopped = nullptr);

}  // namespace dits::embedded
