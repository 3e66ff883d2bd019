// The SQL console: an editor in colours, and below it the answer as a table or the plan as a tree.
#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/studio_parts.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

constexpr float header_height = 36;
constexpr float editor_width = 470;
constexpr float line_height = 18;
constexpr float gutter = 34;

std::string milliseconds(double ms) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ms < 10 ? "%.1f ms" : "%.0f ms", ms);
  return text.data();
}

std::string answer_summary(const StudioState& studio) {
  if (studio.is_running) return "running";
  if (!studio.answer) return {};
  const SqlAnswer& answer = *studio.answer;
  const std::int64_t count = answer.affected.value_or(static_cast<std::int64_t>(answer.rows.size()));
  std::string text =
      row_count_text(count, false) + (count == 1 ? " row in " : " rows in ") + milliseconds(answer.ms);
  if (answer.is_cut) text = "first " + text;
  return text;
}

void console_header(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  if (studio.allows_writes) fill(r, c.signal_danger_tint);
  horizontal_line(r.x, r.y, r.w, c.border_default);
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = inset(r, 10, 0);
  if (button_right(bar,
                   "run",
                   "Run",
                   {.kind = ButtonKind::primary,
                    .icon = icons::play,
                    .keys = "Ctrl ⏎",
                    .is_disabled = studio.is_running}))
    out.run("studio.run");
  if (button_right(bar,
                   "analyze",
                   "Analyze",
                   {.icon = icons::timer, .tip = "Runs it and tells the time of each step"}))
    out.run("studio.analyze");
  if (button_right(bar, "explain", "Explain", {.icon = icons::list_tree})) out.run("studio.explain");
  const std::string summary = answer_summary(studio);
  const float width = text_width(summary, theme::small);
  draw_text(bar.right() - width - 4, r.center_y(), summary, theme::small, c.text_secondary);
  if (!summary.empty())
    mirror(id_of("summary"),
           {bar.right() - width - 4, r.y, width, r.h},
           {.role = Aria::status, .name = summary});
  float x = bar.x;
  x += draw_text(x, r.center_y(), "SQL", theme::small_strong, c.text_primary) + 10;
  const std::string_view mode =
      studio.allows_writes ? "writes allowed: tried first, kept when you say so" : "read only";
  draw_text_in({x, r.y, std::max(0.0f, bar.right() - width - 16 - x), r.h},
               mode,
               theme::small,
               studio.allows_writes ? c.signal_danger : c.text_tertiary);
}

// The text in colours, line by line, where the browser's own area will lie over it unseen.
bool draw_colored(std::string_view sql, float x, float y, float width) {
  const float letter = text_width("0", theme::mono);
  std::size_t longest = 0;
  std::size_t begin = 0;
  std::vector<std::pair<std::size_t, std::size_t>> lines;
  while (begin <= sql.size()) {
    const std::size_t end = std::min(sql.find('\n', begin), sql.size());
    lines.emplace_back(begin, end);
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  // A line that wraps would not be where ours is: then the area shows its own text.
  if (letter * static_cast<float>(longest) > width - 4) return false;
  const theme::Palette& c = theme::colors();
  const std::vector<ColoredSpan> spans = sql_spans(sql);
  std::size_t next = 0;
  for (std::size_t line = 0; line < lines.size(); ++line) {
    const float center = y + line_height * (static_cast<float>(line) + 0.5f);
    std::size_t at = lines[line].first;
    float pen = x;
    const auto draw = [&](std::size_t end, ImU32 color) {
      if (end > at) pen += draw_text(pen, center, sql.substr(at, end - at), theme::mono, color);
      at = std::max(at, end);
    };
    while (next < spans.size() && spans[next].begin < lines[line].second) {
      draw(std::max(at, spans[next].begin), c.text_primary);
      draw(std::min(spans[next].end, lines[line].second), spans[next].color);
      if (spans[next].end > lines[line].second) break;  // goes on in the next line
      ++next;
    }
    draw(lines[line].second, c.text_primary);
  }
  return true;
}

// As wide as its longest line needs, between the usual width and three fifths of the pane: up to there lines
// do not wrap, and stand beside their numbers.
float editor_width_for(std::string_view sql, float room) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin <= sql.size();) {
    const std::size_t end = std::min(sql.find('\n', begin), sql.size());
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  const float needed = gutter + text_width("0", theme::mono) * static_cast<float>(longest) + 16;
  return std::clamp(needed, std::min(editor_width, room * 0.45f), room * 0.6f);
}

bool sql_editor(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  fill(r, c.bg_canvas);
  std::string sql = studio.sql;
  const auto lines = static_cast<float>(std::count(sql.begin(), sql.end(), '\n') + 1);
  Scroll scroll("editor", r, std::max(r.h, lines * line_height + 40));
  const float top = scroll.top() + 8;
  const Rect area{r.x + gutter, top, r.w - gutter - 8, std::max(r.h - 16, lines * line_height + 24)};
  TextAreaOptions options;
  options.name = "SQL";
  options.placeholder = "select …";
  options.is_mono = true;
  options.is_bare = true;
  options.style = theme::mono;
  // Left by a command: the browser's own area has to be told.
  static bool was_in_console = false;
  options.takes_focus = studio.region == StudioRegion::console;
  options.drops_focus = was_in_console && studio.region != StudioRegion::console;
  was_in_console = studio.region == StudioRegion::console;
  options.is_covered = edits_long_text(studio) || is_studio_covered(state);
  options.shows_no_text = draw_colored(sql, area.x, area.y, area.w);
  // Where the browser wraps, the numbers would stand beside other lines than theirs.
  for (int line = 0; options.shows_no_text && line < static_cast<int>(lines); ++line) {
    const Rect place{r.x, top + line_height * static_cast<float>(line), gutter - 10, line_height};
    draw_text_in(place, std::to_string(line + 1), theme::mono_small, c.text_tertiary, Align::right);
  }
  const TextAreaEvents events = text_area("sql", area, sql, options);
  const bool comes = events.focused && studio.region != StudioRegion::console;
  const bool leaves = events.blurred && studio.region == StudioRegion::console;
  if (events.changed || comes || leaves) {
    change_studio(state, out, [&](StudioState& next) {
      if (events.changed) next.sql = sql;
      if (comes) next.region = StudioRegion::console;
      if (leaves) next.region = StudioRegion::grid;
    });
  }
  return events.focused;
}

void plan_step(const PlanNode& step, int depth, Rect view, float& y, double whole) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(static_cast<std::uint64_t>(y * 4) + 1);
  const float height = 26 + 17 * static_cast<float>(step.details.size());
  const Rect r{view.x, y, view.w, height};
  const float x = r.x + 12 + 18 * static_cast<float>(depth);
  std::string numbers = "cost " + row_count_text(static_cast<std::int64_t>(step.cost), false) + ", " +
                        row_count_text(static_cast<std::int64_t>(step.rows), false) + " rows";
  if (step.actual_ms)
    numbers = milliseconds(*step.actual_ms) + ", " +
              row_count_text(static_cast<std::int64_t>(step.actual_rows.value_or(0)), false) + " rows (" +
              row_count_text(static_cast<std::int64_t>(step.rows), false) + " expected)";
  a11y::Node node = scope_node(id_of("step"), r, Aria::treeitem, step.title);
  node.level = depth + 1;
  node.description = numbers;
  {
    const a11y::Scope scope(node);
    // How much of the whole this step takes with all below it.
    const auto share = static_cast<float>(whole > 0 ? std::min(1.0, step.cost / whole) : 0);
    fill({r.x, r.y + 2, r.w * share, 22}, theme::with_alpha(c.accent_tint, 0.6f));
    if (depth > 0) {
      vertical_line(x - 10, r.y, 13, c.border_default);
      horizontal_line(x - 10, r.y + 13, 7, c.border_default);
    }
    const bool reads_all = step.title.find("Seq Scan") == 0 && step.rows > 1000;
    draw_text(x, r.y + 13, step.title, theme::mono_medium, reads_all ? c.signal_warning : c.text_primary);
    draw_text_in({r.x, r.y, r.w - 12, 26}, numbers, theme::mono_small, c.text_secondary, Align::right);
    float line = r.y + 26;
    for (const std::string& detail : step.details) {
      text_line({x, line, r.right() - 12 - x, 17}, detail, theme::mono_small, c.text_tertiary);
      line += 17;
    }
    horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  }
  y += height;
  for (const PlanNode& below : step.steps) plan_step(below, depth + 1, view, y, whole);
}

void result_table(const SqlAnswer& answer, Rect r) {
  const theme::Palette& c = theme::colors();
  const std::size_t count = answer.columns.size();
  if (count == 0) return;
  const float width = std::max(90.0f, r.w / static_cast<float>(count));
  const std::size_t shown = std::max<std::size_t>(1, std::min(count, static_cast<std::size_t>(r.w / width)));
  a11y::Node node = scope_node(id_of("result"), r, Aria::table, "Result");
  node.row_count = static_cast<int>(answer.rows.size());
  node.column_count = static_cast<int>(count);
  const a11y::Scope scope(node);
  Rect rest = r;
  const Rect header = cut_top(rest, 28);
  fill(header, c.bg_inset);
  const auto place_of = [&](std::size_t column, float y) {
    return Rect{r.x + width * static_cast<float>(column), y, width, 28};
  };
  std::optional<a11y::Scope> heads;
  heads.emplace(scope_node(id_of("heads"), header, Aria::row, "Columns"));
  for (std::size_t at = 0; at < shown; ++at) {
    const Rect place = place_of(at, header.y);
    const SqlAnswer::Column& column = answer.columns[at];
    const std::string name = at + 1 == shown && shown < count
                                 ? column.name + " and " + std::to_string(count - shown) + " more"
                                 : column.name;
    text_line(inset(place, 10, 0),
              name,
              theme::mono,
              c.text_secondary,
              column.is_number ? Align::right : Align::left);
    mirror(
        id_of(static_cast<std::uint64_t>(at) + 1), place, {.role = Aria::columnheader, .name = column.name});
    vertical_line(place.right() - 1, place.y, place.h, c.border_subtle);
  }
  heads.reset();
  horizontal_line(header.x, header.bottom() - 1, header.w, c.border_default);
  const Scroll scroll("rows", rest, 28 * static_cast<float>(answer.rows.size()) + 12);
  for (auto row = static_cast<std::size_t>(std::max(0.0f, scroll.offset() / 28)); row < answer.rows.size();
       ++row) {
    const float y = scroll.top() + 28 * static_cast<float>(row);
    if (y > rest.bottom()) break;
    const IdScope ids(static_cast<std::uint64_t>(row) + 1);
    a11y::Node line = scope_node(id_of("row"), {rest.x, y, rest.w, 28}, Aria::row, {});
    line.row_index = static_cast<int>(row) + 1;
    const a11y::Scope row_scope(line);
    for (std::size_t at = 0; at < shown; ++at) {
      const Rect place = place_of(at, y);
      const Cell& cell = answer.rows[row][at];
      const std::string text = cell.value_or("null");
      text_line(inset(place, 10, 0),
                text,
                theme::mono,
                cell ? c.text_primary : c.text_disabled,
                answer.columns[at].is_number ? Align::right : Align::left);
      mirror(id_of(static_cast<std::uint64_t>(at) + 1), place, {.role = Aria::cell, .name = text});
      vertical_line(place.right() - 1, place.y, place.h, c.border_subtle);
    }
    horizontal_line(rest.x, y + 27, rest.w, c.border_subtle);
  }
}

}  // namespace

void sql_result(const StudioState& studio, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("answer");
  if (!studio.sql_problem.empty()) {
    draw_icon(r.x + 20, r.y + 20, icons::circle_alert, 14, c.signal_danger);
    draw_wrapped(r.x + 34, r.y + 12, r.w - 50, studio.sql_problem, theme::mono, c.signal_danger, 8);
    mirror(id_of("problem"), r, {.role = Aria::alert, .name = studio.sql_problem});
    return;
  }
  if (studio.plan) {
    const a11y::Scope tree(scope_node(id_of("plan"), r, Aria::tree, "Plan"));
    Scroll scroll("plan", r);
    float y = scroll.top();
    plan_step(*studio.plan, 0, r, y, studio.plan->cost);
    scroll.end_at(y + 12);
    return;
  }
  if (!studio.answer) {
    draw_text_in(r, "The answer comes here", theme::small, c.text_tertiary, Align::center);
    return;
  }
  Rect rest = r;
  if (studio.answer->is_trial) {
    BannerOptions banner_options;
    const std::int64_t count = studio.answer->affected.value_or(0);
    const std::string rows = row_count_text(count, false) + (count == 1 ? " row" : " rows");
    const std::string action = "Write " + rows;
    banner_options.icon = icons::triangle_alert;
    banner_options.ink = c.signal_danger;
    banner_options.tint = c.signal_danger_tint;
    const std::string strong = "Would touch " + rows;
    banner_options.strong = strong;
    banner_options.text = awaits_confirmation(studio)
                              ? "nothing is written yet"
                              : "nothing is written; the statement was changed since: run it again";
    if (awaits_confirmation(studio)) banner_options.action = action;
    if (banner("trial", cut_top(rest, theme::banner_height), banner_options)) out.run("studio.confirm_write");
  }
  result_table(*studio.answer, rest);
}

bool studio_console_pane(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids("console");
  const a11y::Scope scope(scope_node(id_of("pane"), r, Aria::region, "SQL"));
  fill(r, c.bg_canvas);
  Rect rest = r;
  console_header(state, out, cut_top(rest, header_height));
  const bool is_typing = sql_editor(state, out, cut_left(rest, editor_width_for(studio.sql, rest.w)));
  vertical_line(rest.x, rest.y, rest.h, c.border_default);
  sql_result(studio, out, inset(rest, 1, 0));
  return is_typing;
}

}  // namespace dits::web
