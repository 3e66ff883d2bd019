// The rows of the open picker, and what choosing one does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/commands/palette.hpp"

namespace dits::web {

struct PickerRow {
  std::string text;
  std::string detail;  // at the right
  std::vector<MatchRange> matches;
  std::string icon;                // Lucide's name; empty when one of the next three is drawn
  const Status* status = nullptr;  // ring
  const Label* label = nullptr;    // dot
  const Area* area = nullptr;      // square
  Slot slot = no_slot;             // issue: ring and id
  bool has_priority = false;
  Priority priority = Priority::none;
  bool is_checked = false;         // the current value; labels: on all targets
  bool is_partly_checked = false;  // labels: on some
  bool creates = false;            // the last row: "Create label “re”"
  bool is_danger = false;          // menus
  bool begins_group = false;       // a separator above
  std::vector<std::string> caps;   // menus: the shortcut
  Invocation invocation;           // what choosing it runs
};

// For pickers that are lists; date pickers have rows only for what was typed ("fri" -> Friday 17 July).
std::vector<PickerRow> picker_rows(const State& state);
std::string picker_placeholder(const State& state);  // "Set due date"
bool picker_is_multiple(PickerKind kind);            // labels: Enter and Space toggle, the popup stays
bool picker_is_date(PickerKind kind);
// The day that the text of a date picker means now; nothing for what is not a date.
std::optional<Date> picker_date(const State& state);

}  // namespace dits::web
