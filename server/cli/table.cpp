#include "server/cli/table.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/ioctl.h>
#include <unistd.h>

#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"

namespace dits::cli {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 12;  // a column is not cut below that

bool shows_colours() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || no_colour[0] == '\0') &&
         terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Signs of East Asia and emoji take two columns.
std::size_t columns_of(char32_t sign) {
  const bool is_wide = (sign >= 0x1100 && sign <= 0x115F) || (sign >= 0x2E80 && sign <= 0xA4CF) ||
                       (sign >= 0xAC00 && sign <= 0xD7A3) || (sign >= 0xF900 && sign <= 0xFAFF) ||
                       (sign >= 0xFE30 && sign <= 0xFE6F) || (sign >= 0xFF00 && sign <= 0xFF60) ||
                       (sign >= 0x1F300 && sign <= 0x1FAFF) || (sign >= 0x20000 && sign <= 0x3FFFD);
  const bool is_mark =
      (sign >= 0x0300 && sign <= 0x036F) || sign == 0x200D || (sign >= 0xFE00 && sign <= 0xFE0F);
  return is_mark ? 0 : is_wide ? 2 : 1;
}

// The sign that begins at `at`, which is moved behind it.
char32_t sign_at(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  char32_t sign = first < 0x80   ? first
                  : first < 0xE0 ? first & 0x1FU
                  : first < 0xF0 ? first & 0x0FU
                                 : first & 0x07U;
  while (at < text.size() && continues(text[at]))
    sign = sign << 6U | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return sign;
}

// Of Unicode's signs for the direction of texts those that hold until another one ends them, or the line.
bool turns_what_follows(char32_t sign) {
  return (sign >= 0x202A && sign <= 0x202E) || (sign >= 0x2066 && sign <= 0x2069);
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (text_width(text) <= width) return std::string(text);
  std::size_t at = 0;
  std::size_t end = 0;
  for (std::size_t used = 0; at < text.size();) {
    used += columns_of(sign_at(text, at));
    if (used + 1 > width) break;
    end = at;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t sign = sign_at(text, at);
    if (turns_what_follows(sign)) continue;
    const bool is_kept = sign == '\n' || sign == '\t' || !is_control_character(sign);
    if (is_kept)
      out += text.substr(begin, at - begin);
    else
      out += ' ';
  }
  return out;
}

void print_json(const Json& value) { std::printf("%s\n", dump(value).c_str()); }

std::size_t terminal_width() {
  if (::isatty(STDOUT_FILENO) != 1) return 0;
  if (const char* text = std::getenv("COLUMNS")) {
    std::size_t columns = 0;
    const auto [end, code] = std::from_chars(text, text + std::strlen(text), columns);
    if (code == std::errc{} && columns > 0) return columns;
  }
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += columns_of(sign_at(text, at));
  return width;
}

void print_table(const std::vector<std::vector<std::string>>& lines, TableLook look) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t at = 0; at < line.size(); ++at) widths[at] = std::max(widths[at], text_width(line[at]));
  }
  std::size_t total = widths.empty() ? 0 : gap * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  const std::size_t room = terminal_width();
  if (room > 0 && total > room && look.flexible < widths.size()) {
    std::size_t& width = widths[look.flexible];
    width = std::max(narrowest, width - std::min(width, total - room));
  }
  for (std::size_t number = 0; number < lines.size(); ++number) {
    const auto& line = lines[number];
    std::string text;
    for (std::size_t at = 0; at < line.size(); ++at) {
      std::string cell = harmless(line[at]);
      std::ranges::replace_if(
          cell, [](char c) { return c == '\n' || c == '\t'; }, ' ');
      cell = cut_to(cell, widths[at]);
      text += cell;
      if (at + 1 < line.size()) text += std::string(widths[at] - text_width(cell) + gap, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    const bool is_head = number == 0 && look.has_head && shows_colours();
    std::printf(is_head ? "\033[2m%s\033[0m\n" : "%s\n", text.c_str());
  }
}

}  // namespace dits::cli
