#include "server/cli/terminal.hpp"

#include <array>
#include <cstdio>
#include <iostream>

#include <termios.h>
#include <unistd.h>

namespace dits::cli {

namespace {

using SteadyClock = std::chrono::steady_clock;

// Echo is off as long as it lives.
class SilentTerminal {
 public:
  SilentTerminal() : is_changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_changed_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    if (is_changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  termios before_{};
  bool is_changed_;
};

std::string ask_silently(const char* question) {
  const SilentTerminal silent;
  std::fputs(question, stderr);
  std::string text;
  std::getline(std::cin, text);
  std::fputs("\n", stderr);
  return text;
}

}  // namespace

Result<std::string> read_password(bool from_stdin) {
  if (from_stdin) {
    std::string text;
    std::getline(std::cin, text);
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
  }
  if (::isatty(STDIN_FILENO) != 1)
    return invalid("--password-stdin",
                   "There is no terminal to ask for the password: pipe it in with --password-stdin.");
  std::string first = ask_silently("Password: ");
  if (ask_silently("Once more: ") != first) return invalid("password", "The two passwords differ.");
  return first;
}

bool confirm(const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1) return false;
  std::fprintf(stderr, "%s [yes/no] ", question.c_str());
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "yes" || answer == "y";
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3 && digits[at - 4] != '-'; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string counted(std::int64_t number, std::string_view noun) {
  return grouped(number) + ' ' + std::string(noun) + (number == 1 ? "" : "s");
}

std::string readable_size(std::int64_t bytes) {
  constexpr std::array<const char*, 5> units = {"bytes", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text.data();
}

Progress::Progress(const CommandLine& line, std::string noun, std::string unit)
    : noun_(std::move(noun)),
      unit_(std::move(unit)),
      is_terminal_(::isatty(STDERR_FILENO) == 1),
      is_quiet_(line.has("--quiet")),
      start_(SteadyClock::now()) {}

void Progress::show(std::int64_t count, double fraction) {
  const auto now = SteadyClock::now();
  if (count == 0) return;
  if (now - shown_ < (is_terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(2000)))
    return;
  if (!is_terminal_ && shown_ == SteadyClock::time_point{}) {
    shown_ = now;  // the first line of a quick run would only be noise
    return;
  }
  shown_ = now;
  print(count, fraction, false);
}

void Progress::finish(std::int64_t count) { print(count, 1, true); }

void Progress::print(std::int64_t count, double fraction, bool is_last) {
  if (is_quiet_) return;
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - start_).count();
  const auto rate =
      static_cast<std::int64_t>(static_cast<double>(count) / (seconds > 0.001 ? seconds : 0.001));
  std::string line;
  if (fraction >= 0 && is_terminal_) {
    constexpr int width = 30;
    const int full = static_cast<int>(fraction * width);
    line = "[" + std::string(static_cast<std::size_t>(full), '#') +
           std::string(static_cast<std::size_t>(width - full), '.') + "] ";
  }
  line += (unit_.empty() ? counted(count, noun_) : grouped(count) + " " + noun_) + ", " + grouped(rate) +
          (unit_.empty() ? "" : " ") + unit_ + "/s";
  std::fprintf(
      stderr, is_terminal_ ? "\r\033[K%s%s" : "%s%s", line.c_str(), is_last || !is_terminal_ ? "\n" : "");
}

}  // namespace dits::cli
