// One issue as a line of a list: 34 or 28 high, 58 in two lines on a phone.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

struct IssueRow {
  Slot slot = no_slot;
  Rect place;
  std::size_t line = 0;  // in ListResult::lines
  int position = 0;      // from 1, for readers
  bool is_cursor = false;
  bool is_selected = false;
  bool has_region = true;  // the list has the keyboard: else the cursor is drawn idle
};

void issue_row(const State& state, Outbox& out, const IssueRow& row);
// The same in two lines, for fingers.
void phone_issue_row(const State& state, Outbox& out, const IssueRow& row);
void skeleton_row(Rect place, int number);

// The line that is the header of a group, drawn at `place`.
void group_header(const State& state,
                  Outbox& out,
                  std::size_t group_index,
                  Rect place,
                  bool is_cursor,
                  bool is_drop_target);

}  // namespace dits::web
