// The log: one line per event on stderr, key=value, safe for any text.
//   2026-02-01T13:45:07.123Z level=info event="database ready" ms=41
#pragma once

#include <charconv>
#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace dits::log {

enum class Level { debug, info, warn, error };

std::string_view name_of(Level level);
std::optional<Level> level_from_name(std::string_view name);

// One key and its value. Keys are our own words; values may be anything.
struct Field {
  // NOLINTBEGIN(google-explicit-constructor): a line reads {{"port", port}, {"host", host}}
  Field(std::string_view key_, std::string_view value_) : key(key_), value(value_) {}
  Field(std::string_view key_, const std::string& value_) : key(key_), value(value_) {}
  Field(std::string_view key_, const char* value_) : key(key_), value(value_) {}
  template <std::same_as<bool> T>
  Field(std::string_view key_, T value_) : key(key_), value(value_ ? "true" : "false") {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Field(std::string_view key_, T value_)
      : key(key_), value(std::to_string(value_)) {}
  template <std::floating_point T>
  Field(std::string_view key_, T value_)
      : key(key_), value(with_three_decimals(static_cast<double>(value_))) {}
  // NOLINTEND(google-explicit-constructor)

  std::string_view key;
  std::string value;

 private:
  static std::string with_three_decimals(double number);
};

// Lines below this level are dropped. Thread-safe, as everything here is.
void set_level(Level level);
bool is_enabled(Level level);

void write(Level level, std::string_view event, std::initializer_list<Field> fields);
inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warn, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

// The line that write() would print, without its newline: control characters, quotes and broken UTF-8 are
// escaped, so that a value can neither end the line nor pretend to be another field.
std::string format_line(std::string_view time,
                        Level level,
                        std::string_view event,
                        std::initializer_list<Field> fields);

}  // namespace dits::log
