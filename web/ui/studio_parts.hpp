// The parts of Studio's screen.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "web/store/studio.hpp"
#include "web/ui/parts.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

// Something modal lies over the screen: the browser's own text areas must not show through it.
bool is_studio_covered(const State& state);
// A new state of Studio, made from the one that is shown.
void change_studio(const State& state, Outbox& out, const std::function<void(StudioState&)>& change);
// Each true while one of its fields has the caret.
bool studio_tables(const State& state, Outbox& out, Rect r);
bool studio_grid(const State& state, Outbox& out, Rect r);
bool studio_filter_row(const State& state, Outbox& out, Rect r);
bool studio_console_pane(const State& state, Outbox& out, Rect r);
void studio_row_pane(const State& state, Outbox& out, Rect r);
// JSON and long texts, over everything.
bool studio_long_editor(const State& state, Outbox& out);
void studio_statistics(const State& state, Outbox& out, Rect header);

// "table?filter" as a place to go to.
Route studio_route(const std::string& table, const std::string& filter);
// "4,120", "about 1,200,000".
std::string row_count_text(std::int64_t rows, bool is_estimate);
ImU32 cell_color(const StudioColumn& column, const Cell& cell, bool is_link);
std::vector<ColoredSpan> sql_spans(std::string_view sql);
std::vector<ColoredSpan> filter_spans(std::string_view filter);
// The answer of the console, a table or a tree.
void sql_result(const StudioState& studio, Outbox& out, Rect r);

}  // namespace dits::web
