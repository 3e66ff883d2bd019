// Tiles, alerts, parts, instances and statements of the System screen.
#include <algorithm>
#include <array>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/system_parts.hpp"

namespace dits::web {

namespace {

constexpr float tile_height = 80;
constexpr float row_height = 34;
constexpr float inset_x = 12;

Tile health_tile(const SystemView& view) {
  const theme::Palette& c = theme::colors();
  PartHealth worst = PartHealth::ok;
  for (const SystemPart& part : view.overview->parts) worst = std::max(worst, part.health);
  const auto firing = std::count_if(view.overview->alerts.begin(),
                                    view.overview->alerts.end(),
                                    [](const SystemAlert& alert) { return !alert.resolved_at; });
  Tile tile{"State", "Ready", "no alert", c.text_tertiary};
  if (worst == PartHealth::degraded) tile.value = "Degraded";
  if (worst == PartHealth::failed) tile.value = "Not ready";
  if (firing > 0) {
    tile.more = std::to_string(firing) + (firing == 1 ? " alert" : " alerts");
    tile.color = c.signal_danger;
  }
  return tile;
}

std::vector<Tile> tiles_of(const SystemView& view) {
  using enum SystemSeries;
  const theme::Palette& c = theme::colors();
  const SystemSample now = latest_sample(view);
  const auto text = [&](FigureUnit unit, SystemSeries series) {
    return figure_text(unit, latest_figure(view, series));
  };
  const float all = now[requests_good] + now[requests_refused] + now[requests_failed];
  const float failed = now[requests_failed];
  const auto waiting = static_cast<int>(is_known(now[pool_waiting]) ? now[pool_waiting] : 0);
  std::vector<Tile> tiles{health_tile(view)};
  tiles.push_back({"Requests",
                   figure_text(FigureUnit::per_second, all),
                   failed > 0 ? figure_text(FigureUnit::per_second, failed) + " failed" : "none failed",
                   failed > 0 ? c.signal_danger : c.text_tertiary});
  tiles.push_back({"Latency",
                   text(FigureUnit::milliseconds, latency_most),
                   "95 in 100, half in " + text(FigureUnit::milliseconds, latency_half),
                   c.text_tertiary});
  tiles.push_back({"Connections",
                   text(FigureUnit::count, pool_busy) + " of " + std::to_string(view.overview->pool_max),
                   waiting > 0 ? std::to_string(waiting) + " waiting" : "nobody waits",
                   waiting > 0 ? c.signal_warning : c.text_tertiary});
  tiles.push_back({"Memory",
                   text(FigureUnit::bytes, memory),
                   text(FigureUnit::percent, cpu) + " of a core",
                   c.text_tertiary});
  tiles.push_back({"Database",
                   text(FigureUnit::bytes, database_size),
                   text(FigureUnit::bytes, disk_free) + " free on the disk",
                   c.text_tertiary});
  return tiles;
}

void draw_tile(const Tile& tile, Rect r) {
  const theme::Palette& c = theme::colors();
  const Rect words = inset(r, 14, 0);
  text_line({words.x, r.y + 10, words.w, 18}, tile.title, theme::small, c.text_secondary);
  text_line({words.x, r.y + 28, words.w, 28}, tile.value, theme::page, c.text_primary);
  text_line({words.x, r.y + 55, words.w, 18}, tile.more, theme::small, tile.color);
  const std::string name = tile.title + ": " + tile.value + ", " + tile.more;
  mirror(id_of(tile.title), r, {.role = Aria::listitem, .name = name});
}

const char* icon_of(PartHealth health) {
  return health == PartHealth::ok         ? icons::circle_check
         : health == PartHealth::degraded ? icons::triangle_alert
                                          : icons::circle_alert;
}

ImU32 ink_of(PartHealth health) {
  const theme::Palette& c = theme::colors();
  return health == PartHealth::ok         ? c.signal_success
         : health == PartHealth::degraded ? c.signal_warning
                                          : c.signal_danger;
}

std::string since_text(const State& state, Timestamp since) {
  const std::int64_t seconds = (state.now.unix_ms - since.unix_ms) / 1000;
  return figure_text(FigureUnit::seconds, static_cast<float>(std::max<std::int64_t>(0, seconds)));
}

// A row with an icon, a name of this width and a text that wraps.
void text_row(Rect frame,
              float& y,
              std::string_view id,
              const char* icon,
              ImU32 ink,
              std::string_view name,
              std::string_view text) {
  const theme::Palette& c = theme::colors();
  constexpr float name_width = 96;
  const float x = frame.x + inset_x + 24 + name_width;
  const float width = std::max(40.0f, frame.right() - inset_x - x);
  const float height = std::max(row_height, wrapped_height(width, text, theme::body) + 16);
  draw_icon(frame.x + inset_x + 8, y + 17, icon, 15, ink);
  draw_text_in({frame.x + inset_x + 24, y, name_width - 8, 34}, name, theme::body_medium, c.text_primary);
  draw_wrapped(x, y + 8, width, text, theme::body, c.text_secondary);
  const std::string words = std::string(name) + ": " + std::string(text);
  mirror(id_of(id), {frame.x, y, frame.w, height}, {.role = Aria::listitem, .name = words});
  y += height;
}

float text_row_height(float frame_width, std::string_view text) {
  const float width = std::max(40.0f, frame_width - 2 * inset_x - 120);
  return std::max(row_height, wrapped_height(width, text, theme::body) + 16);
}

std::string words_of(const SystemPart& part) { return part.message.empty() ? "fine" : part.message; }

std::string words_of(const State& state, const SystemAlert& alert) {
  if (!alert.resolved_at) return alert.summary + " For " + since_text(state, alert.since) + ".";
  const std::int64_t lasted = (alert.resolved_at->unix_ms - alert.since.unix_ms) / 1000;
  return "Resolved " + since_text(state, *alert.resolved_at) + " ago, after " +
         figure_text(FigureUnit::seconds, static_cast<float>(lasted)) + ". " + alert.summary;
}

}  // namespace

void system_tiles(const SystemView& view, Flow& flow) { figure_tiles(tiles_of(view), flow); }

void figures_loading(Rect r) {
  if (!has_waited(id_of("patience"), 120)) return;
  for (int i = 0; i < 4; ++i)
    draw_skeleton_bar(r.x + 16, r.y + 24 + 30 * static_cast<float>(i), 120 + 40 * static_cast<float>(i % 3));
  mirror(id_of("loading"), r, {.role = Aria::status, .name = "Loading"});
}

void stale_banner(const std::string& problem, Flow& flow) {
  if (problem.empty()) return;
  const theme::Palette& c = theme::colors();
  const std::string text = problem + " These are the last figures.";
  BannerOptions options;
  options.icon = icons::cloud_off;
  options.ink = c.signal_warning;
  options.tint = c.signal_warning_tint;
  options.strong = "Not up to date.";
  options.text = text;
  banner("stale", flow.take(theme::banner_height), options);
}

void figure_tiles(const std::vector<Tile>& tiles, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("tiles");
  const std::size_t columns = flow.w >= 900 ? tiles.size() : flow.w >= 560 ? 3 : 2;
  const std::size_t rows = (tiles.size() + columns - 1) / columns;
  const Rect all = flow.take(tile_height * static_cast<float>(rows));
  const a11y::Scope list(scope_node(id_of("list"), all, Aria::list, "Now"));
  const float width = all.w / static_cast<float>(columns);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto column = static_cast<float>(i % columns);
    const auto row = static_cast<float>(i / columns);
    const Rect r{all.x + width * column, all.y + tile_height * row, width, tile_height};
    if (column > 0) vertical_line(r.x, r.y, r.h, c.border_subtle);
    horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
    draw_tile(tiles[i], r);
  }
}

void system_firing(const State& state, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("firing");
  for (const SystemAlert& alert : system_of(state).overview->alerts) {
    if (alert.resolved_at) continue;
    const std::string since = "for " + since_text(state, alert.since);
    const float since_width = text_width(since, theme::small);
    const float text_width_left = std::max(80.0f, flow.w - 48 - since_width - 12);
    const float height = std::max(36.0f, wrapped_height(text_width_left, alert.summary, theme::body) + 18);
    const Rect r = flow.take(height);
    fill(r, c.signal_danger_tint, 6);
    draw_icon(r.x + 19, r.y + 18, icons::circle_alert, 15, c.signal_danger);
    draw_wrapped(r.x + 36, r.y + 9, text_width_left, alert.summary, theme::body, c.text_primary);
    draw_text(r.right() - 12 - since_width, r.y + 18, since, theme::small, c.text_secondary);
    const std::string words = alert.name + ": " + alert.summary;
    mirror(id_of(alert.name), r, {.role = Aria::alert, .name = words, .description = since});
    flow.y += 8;
  }
}

void system_alerts(const State& state, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("alerts");
  const std::vector<SystemAlert>& alerts = system_of(state).overview->alerts;
  const std::string none = "Nothing has crossed a threshold since the server started.";
  float height = system_panel_head + 6;
  if (alerts.empty()) height += text_row_height(flow.w, none);
  for (const SystemAlert& alert : alerts) height += text_row_height(flow.w, words_of(state, alert));
  const Rect frame = flow.take(height);
  const Rect body = system_panel(frame, "Alerts", "that fire, and the latest that were resolved");
  const a11y::Scope list(scope_node(id_of("list"), body, Aria::list, "Alerts"));
  float y = body.y + 3;
  if (alerts.empty()) text_row(body, y, "none", icons::circle_check, c.signal_success, "None", none);
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    const SystemAlert& alert = alerts[i];
    const bool is_over = alert.resolved_at.has_value();
    text_row(body,
             y,
             "alert" + std::to_string(i),
             is_over ? icons::circle_check : icons::circle_alert,
             is_over ? c.text_tertiary : c.signal_danger,
             alert.name,
             words_of(state, alert));
  }
  flow.y += system_gap;
}

void system_states(const SystemView& view, Flow& flow) {
  const IdScope ids("states");
  const std::vector<SystemPart>& parts = view.overview->parts;
  float height = system_panel_head + 6;
  for (const SystemPart& part : parts) height += text_row_height(flow.w, words_of(part));
  const Rect frame = flow.take(height);
  const Rect body = system_panel(frame, "Parts", "as /readyz tells them");
  const a11y::Scope list(scope_node(id_of("list"), body, Aria::list, "Parts"));
  float y = body.y + 3;
  for (const SystemPart& part : parts)
    text_row(body, y, part.name, icon_of(part.health), ink_of(part.health), part.name, words_of(part));
  flow.y += system_gap;
}

void system_instances(const SystemView& view, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("instances");
  const std::vector<SystemInstance>& instances = view.overview->instances;
  const bool is_narrow = flow.w < 560;
  const float line = is_narrow ? 52 : row_height;
  const float height = system_panel_head + 6 + line * static_cast<float>(instances.size());
  const Rect body = system_panel(flow.take(height), "Servers", "on this database");
  const a11y::Scope list(scope_node(id_of("list"), body, Aria::list, "Servers"));
  Rect rest{body.x + inset_x, body.y + 3, body.w - 2 * inset_x, body.h};
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const SystemInstance& one = instances[i];
    Rect row = cut_top(rest, line);
    const std::string more = "dits " + one.version + ", process " + std::to_string(one.process_id) + ", " +
                             std::to_string(one.pool_size) + " of " + std::to_string(one.pool_max) +
                             " connections";
    const std::string name = one.url + (one.is_asked ? " (this one)" : "");
    mirror(id_of(i + 1), row, {.role = Aria::listitem, .name = name + ": " + more});
    draw_icon(row.x + 8, row.center_y(), icons::server, 15, one.is_asked ? c.accent_text : c.text_secondary);
    row.x += 24;
    row.w -= 24;
    if (is_narrow) {
      text_line({row.x, row.y + 8, row.w, 18}, name, theme::mono, c.text_primary);
      text_line({row.x, row.y + 27, row.w, 18}, more, theme::small, c.text_tertiary);
      continue;
    }
    const float name_width = std::min(row.w * 0.6f, text_width(name, theme::mono) + 12);
    text_line(cut_left(row, name_width), name, theme::mono, c.text_primary);
    text_line(row, more, theme::small, c.text_tertiary, Align::right);
  }
  flow.y += system_gap;
}

namespace {

struct Columns {
  float name, calls, mean, worst, total;
};

Columns columns_of(float width) {
  return width < 560 ? Columns{width - 150, 0, 75, 75, 0} : Columns{width - 360, 90, 90, 90, 90};
}

void statement_cells(const SystemStatement& one, Rect row, ImU32 ink) {
  const Columns columns = columns_of(row.w);
  const auto ms = [](double value) {
    return figure_text(FigureUnit::milliseconds, static_cast<float>(value));
  };
  text_line(cut_left(row, columns.name), one.name, theme::mono, ink);
  const auto put = [&](float width, const std::string& text) {
    if (width == 0) return;
    const Rect cell = cut_left(row, width);
    draw_text_in(cell, text, theme::mono, theme::colors().text_secondary, Align::right);
    mirror(id_of(text + std::to_string(static_cast<int>(cell.x))), cell, {.role = Aria::cell, .name = text});
  };
  put(columns.calls, std::to_string(one.calls));
  put(columns.mean, ms(one.mean_ms));
  put(columns.worst, ms(one.worst_ms));
  put(columns.total, ms(one.total_ms));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string plan_of(const SystemStatement& one) {
  return one.plan.empty() ? "None of its runs was slow, so nobody asked for its plan (SLOW_QUERY_MS)."
                          : one.plan;
}

constexpr float plan_line = 17;

float plan_height(const SystemStatement& one) {
  return plan_line * static_cast<float>(lines_of(plan_of(one)).size()) + 16;
}

void draw_plan(const SystemStatement& one, Rect r) {
  const theme::Palette& c = theme::colors();
  fill(r, c.bg_sunken, 6);
  const std::string text = plan_of(one);
  const std::string name = "Plan of " + one.name;
  mirror(id_of("plan"), r, {.role = Aria::code, .name = name, .description = text});
  float y = r.y + 8;
  for (const std::string& line : lines_of(text)) {
    draw_text_in({r.x + 12, y, r.w - 24, plan_line}, line, theme::mono, c.text_secondary);
    y += plan_line;
  }
}

void statement_row(const SystemStatement& one, Outbox& out, Rect line, bool is_open) {
  const theme::Palette& c = theme::colors();
  const a11y::Scope row(scope_node(id_of("row"), line, Aria::row, {}));
  horizontal_line(line.x, line.y, line.w, c.border_subtle);
  a11y::Node node;
  node.role = Aria::button;
  node.name = one.name;
  node.expanded = is_open ? Tri::yes : Tri::no;
  {
    const a11y::Scope cell(scope_node(id_of("cell"), line, Aria::rowheader, one.name));
    const ItemState hit_state = item(id_of("open"), line, node);
    if (hit_state.hovered) fill(line, c.bg_hover, 4);
    if (hit_state.has_ring) focus_ring(line, 4);
    if (hit_state.clicked) out.run("insights.plan", one.name);
  }
  const char* chevron = is_open ? icons::chevron_down : icons::chevron_right;
  draw_icon(line.x + 7, line.center_y(), chevron, 14, c.text_tertiary);
  const ImU32 ink = one.plan.empty() ? c.text_primary : c.signal_warning;
  statement_cells(one, {line.x + 20, line.y, line.w - 20, line.h}, ink);
}

}  // namespace

void system_statements(const SystemView& view, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("statements");
  const std::vector<SystemStatement>& all = view.overview->statements;
  const float line = is_phone() ? 44 : row_height;
  float height = system_panel_head + 28 + line * static_cast<float>(all.size()) + 6;
  for (const SystemStatement& one : all) {
    if (one.name == view.statement) height += plan_height(one) + 8;
  }
  const Rect frame = flow.take(height);
  Rect rest = system_panel(frame,
                           "Slowest statements",
                           is_phone() ? "by their worst run" : "by their worst run; Enter shows the plan");
  rest = {rest.x + inset_x, rest.y, rest.w - 2 * inset_x, rest.h};
  const a11y::Scope table(scope_node(id_of("table"), rest, Aria::table, "Slowest statements"));
  Rect head = cut_top(rest, 28);
  {
    const a11y::Scope row(scope_node(id_of("head"), head, Aria::row, {}));
    const Columns columns = columns_of(head.w - 20);
    Rect cells{head.x + 20, head.y, head.w - 20, head.h};
    const auto title = [&](float width, std::string_view text, Align align) {
      if (width == 0) return;
      const Rect cell = cut_left(cells, width);
      draw_text_in(cell, text, theme::small, c.text_tertiary, align);
      mirror(id_of(text), cell, {.role = Aria::columnheader, .name = text});
    };
    title(columns.name, "Statement", Align::left);
    title(columns.calls, "Calls", Align::right);
    title(columns.mean, "Mean", Align::right);
    title(columns.worst, "Worst", Align::right);
    title(columns.total, "In all", Align::right);
  }
  for (const SystemStatement& one : all) {
    const IdScope row_ids(one.name);
    const bool is_open = one.name == view.statement;
    statement_row(one, out, cut_top(rest, line), is_open);
    if (!is_open) continue;
    const Rect place = cut_top(rest, plan_height(one), 8);
    const a11y::Scope row(scope_node(id_of("plan-row"), place, Aria::row, {}));
    const a11y::Scope cell(scope_node(id_of("plan-cell"), place, Aria::cell, {}));
    draw_plan(one, place);
  }
  flow.y += system_gap;
}

}  // namespace dits::web
