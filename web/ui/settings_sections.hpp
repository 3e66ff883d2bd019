// The sections of the settings; each draws into the flow.
#pragma once

#include "web/ui/issue_parts.hpp"

namespace dits::web {

void profile_section(const State& state, Outbox& out, Flow& flow);
void appearance_section(const State& state, Outbox& out, Flow& flow);
void labels_section(const State& state, Outbox& out, Flow& flow);
void workflow_section(const State& state, Outbox& out, Flow& flow);
void projects_section(const State& state, Outbox& out, Flow& flow);
void views_section(const State& state, Outbox& out, Flow& flow);
void sessions_section(const State& state, Outbox& out, Flow& flow);
void tokens_section(const State& state, Outbox& out, Flow& flow);
void transfer_section(const State& state, Outbox& out, Flow& flow);
void backups_section(const State& state, Outbox& out, Flow& flow);

// A title of 15/600 with a sentence; returns the row for buttons at its right.
Rect section_head(Flow& flow, std::string_view title, std::string_view text);
// A framed table: header of 32, rows of 42 (a phone's: 48). Call begin, then next_row for each.
struct SettingsTable {
  Rect frame;
  float y = 0;
  float row_height = 0;
  std::vector<float> widths;  // of the columns, in parts of the whole
};
SettingsTable begin_table(Flow& flow,
                          std::vector<float> widths,
                          std::vector<std::string_view> heads,
                          std::size_t rows);
// The cells of the next row, from left to right.
std::vector<Rect> next_row(SettingsTable& table);
// What it is, what it does, and its control of the given width at the right: 52 high, more when the text
// wraps.
Rect setting_line(Flow& flow, std::string_view title, std::string_view text, float control = 0);

}  // namespace dits::web
