// Talking to a person or a pipe: questions, passwords, progress.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/cli/command_line.hpp"
#include "shared/core/result.hpp"

namespace dits::cli {

// Errors: invalid, when there is nobody to ask and `from_stdin` is not set, or the two entries differ. With
// `from_stdin` the first line of the standard input.
Result<std::string> read_password(bool from_stdin);

// True for "yes". False without a terminal.
bool confirm(const std::string& question);

// "1,234 issues, 512/s": one line that is rewritten on a terminal, a line now and then elsewhere. On the
// standard error.
class Progress {
 public:
  // `noun` of one of them, as counted() takes it; with a `unit`, which stands behind the rate, as it is:
  // "72 KB restored, 512 KB/s".
  // With --quiet nothing is shown.
  Progress(const CommandLine& line, std::string noun, std::string unit = {});
  // `fraction` of the work in 0..1, or negative when nobody knows.
  void show(std::int64_t count, double fraction);
  void finish(std::int64_t count);

 private:
  void print(std::int64_t count, double fraction, bool is_last);
  std::string noun_;
  std::string unit_;
  bool is_terminal_;
  bool is_quiet_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point shown_{};
};

// 1234567 -> "1,234,567"; 1536 -> "1.5 KB".
std::string grouped(std::int64_t number);
// "1 project", "1,204 projects".
std::string counted(std::int64_t number, std::string_view noun);
std::string readable_size(std::int64_t bytes);

}  // namespace dits::cli
