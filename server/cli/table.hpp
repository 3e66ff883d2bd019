// What commands print: tables for people, JSON for programs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/json/value.hpp"

namespace dits::cli {

// One line on the standard output.
void print_json(const Json& value);

// Somebody's words for a terminal: no control signs but line breaks and tabs, so that nothing moves the
// cursor, or colours or turns round what follows.
std::string harmless(std::string_view text);

struct TableLook {
  std::size_t flexible = static_cast<std::size_t>(-1);  // the column that is cut where the terminal is narrow
  bool has_head = true;                                 // the first line names the columns
};

// Columns as wide as their widest text; the head is dim on a terminal that shows colours (see NO_COLOR).
void print_table(const std::vector<std::vector<std::string>>& lines, TableLook look = {});

// How many columns the terminal has; 0: nobody looks, nothing is cut.
std::size_t terminal_width();
// How many columns a text takes there.
std::size_t text_width(std::string_view text);

}  // namespace dits::cli
