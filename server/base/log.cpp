#include "server/base/log.hpp"

#include <array>
#include <atomic>
#include <cstdio>

#include <unistd.h>

#include "server/base/clock.hpp"
#include "shared/core/text.hpp"

namespace dits::log {

namespace {

constexpr std::array<std::string_view, 4> names = {"debug", "info", "warn", "error"};
constexpr std::size_t longest_value = 4096;  // what is longer is cut: a line stays one write

std::atomic<Level> lowest = Level::info;

bool is_plain(std::string_view value) {
  if (value.empty()) return false;
  for (const char c : value) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!word && std::string_view("-_./:@+*%,#[]()").find(c) == std::string_view::npos) return false;
  }
  return true;
}

void append_escape(std::string& line, unsigned value) {
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", value);
  line += text.data();
}

void append_quoted(std::string& line, std::string_view value) {
  line += '"';
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t start = at;
    const char32_t c = take_code_point(value, at);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += static_cast<char>(c);
    } else if (c == '\n') {
      line += "\\n";
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200E && c <= 0x200F) ||
               (c >= 0x2028 && c <= 0x202E) || (c == 0xFFFD && at - start == 1)) {
      // Control characters, line separators, marks that turn the direction of writing, broken bytes.
      append_escape(line,
                    at - start == 1 ? static_cast<unsigned char>(value[start]) : static_cast<unsigned>(c));
    } else {
      line += value.substr(start, at - start);
    }
  }
  line += '"';
}

void append_field(std::string& line, std::string_view key, std::string_view value) {
  line += ' ';
  line += key;
  line += '=';
  if (is_plain(value)) {
    line += value.substr(0, longest_value);
  } else {
    append_quoted(line, value.substr(0, longest_value));
  }
}

}  // namespace

std::string Field::with_three_decimals(double number) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3f", number);
  return text.data();
}

std::string_view name_of(Level level) { return names[static_cast<std::size_t>(level)]; }

std::optional<Level> level_from_name(std::string_view name) {
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (names[at] == name) return static_cast<Level>(at);
  }
  return std::nullopt;
}

void set_level(Level level) { lowest = level; }
bool is_enabled(Level level) { return level >= lowest.load(std::memory_order_relaxed); }

std::string format_line(std::string_view time,
                        Level level,
                        std::string_view event,
                        std::initializer_list<Field> fields) {
  std::string line(time);
  append_field(line, "level", name_of(level));
  append_field(line, "event", event);
  for (const Field& field : fields) append_field(line, field.key, field.value);
  return line;
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!is_enabled(level)) return;
  const std::string line = format_line(to_string(system_clock().now()), level, event, fields) + "\n";
  // One write(2): lines of several threads do not mix. A log that nobody reads must not stop the server.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace dits::log
