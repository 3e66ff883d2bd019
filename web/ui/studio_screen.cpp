// Where the parts lie, and what is above them all: the header.
#include "web/ui/studio_screen.hpp"

#include <array>

#include "shared/core/text.hpp"
#include "shared/model/sql_text.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/header.hpp"
#include "web/ui/studio_parts.hpp"

namespace dits::web {

namespace {

constexpr float tables_width = 196;
constexpr float row_pane_width = 276;
constexpr float console_height = 232;

void studio_header(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids("header");
  const a11y::Scope scope(scope_node(id_of("banner"), r, Aria::banner, "Header"));
  Rect bar = plain_header(r, icons::database, "Studio");
  if (button_right(bar, "json", "JSON", {.icon = icons::download, .name = "Export rows as JSON"}))
    out.run("studio.export_json");
  if (button_right(bar, "csv", "CSV", {.icon = icons::download, .name = "Export rows as CSV"}))
    out.run("studio.export_csv");
  constexpr std::string_view label = "Allow writes from SQL";
  const float width = text_width(label, theme::small_medium);
  bar.w -= 16;
  draw_text(bar.right() - width, r.center_y(), label, theme::small_medium, c.text_primary);
  if (toggle("writes", bar.right() - width - 36, r.center_y(), label, studio.allows_writes))
    out.run("studio.writes");
  bar.w -= width + 46;
  text_line(bar, studio.place, theme::mono, c.text_tertiary);
}

void table_row(const State& state, Outbox& out, const StudioTable& table, Rect row) {
  const theme::Palette& c = theme::colors();
  const bool is_on = studio_of(state).table == table.name;
  const std::string count = row_count_text(table.rows, table.is_estimate);
  a11y::Node node;
  node.role = Aria::treeitem;
  node.name = table.name;
  const std::string rows = count + " rows";
  node.description = rows;
  node.selected = is_on ? Tri::yes : Tri::no;
  node.level = 1;
  const ItemState hit_state = item(id_of(table.name), row, node);
  if (is_on) {
    fill(row, c.bg_selected, 6);
  } else if (hit_state.hovered) {
    fill(row, c.bg_hover, 6);
  }
  if (hit_state.has_ring) outline(row, c.focus_ring, 6, 2);
  draw_icon(row.x + 15.5f, row.center_y(), icons::table_2, 14, is_on ? c.accent_text : c.text_secondary);
  const float width = text_width(count, theme::mono_small);
  draw_text(row.right() - 8 - width, row.center_y(), count, theme::mono_small, c.text_tertiary);
  text_line({row.x + 32, row.y, row.w - 46 - width, row.h},
            table.name,
            is_on ? theme::mono_medium : theme::mono,
            is_on ? c.text_primary : c.text_secondary);
  if (hit_state.clicked) go(out, studio_route(table.name, {}));
}

void saved_row(Outbox& out, const SavedSql& query, Rect row) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(query.name);
  const Rect cross{row.right() - 26, row.y + 3, 22, 22};
  const bool shows_cross = is_hovered(row);
  if (shows_cross &&
      icon_button("forget", cross, icons::x, "Forget " + query.name, {.size = 22, .icon_size = 12}))
    return out.run("studio.forget_query", query.name);
  const ItemState hit_state = item(id_of("open"), row, {.role = Aria::button, .name = "Run " + query.name});
  if (hit_state.hovered) fill(row, c.bg_hover, 6);
  if (hit_state.has_ring) outline(row, c.focus_ring, 6, 2);
  draw_icon(row.x + 15.5f, row.center_y(), icons::scroll_text, 14, c.text_secondary);
  text_line({row.x + 32, row.y, row.w - (shows_cross ? 60.0f : 36.0f), row.h},
            query.name,
            theme::body,
            c.text_secondary);
  if (shows_cross) {
    // Drawn again: what lies below it was painted over.
    draw_icon(cross.center_x(), cross.center_y(), icons::x, 12, c.text_secondary);
  }
  if (hit_state.clicked) out.run("studio.open_query", query.name);
}

// What keeps Studio from showing tables.
void studio_problem(Outbox& out, Rect r, std::string_view sentence) {
  const theme::Palette& c = theme::colors();
  const Rect box = centered(r, std::min(520.0f, r.w - 32), 160);
  draw_icon(box.center_x(), box.y + 16, icons::circle_alert, 30, c.signal_danger);
  draw_text_in({box.x, box.y + 40, box.w, 24},
               "Studio can't show the tables",
               theme::title,
               c.text_primary,
               Align::center);
  const float height = draw_wrapped(box.x, box.y + 70, box.w, sentence, theme::prose, c.text_secondary);
  mirror(id_of("problem"), box, {.role = Aria::alert, .name = sentence});
  if (button("again", {box.center_x() - 50, box.y + 80 + height, 100, button_height}, "Try again"))
    out.run("studio.reload");
}

bool is_matching(const StudioTable& table, std::string_view filter) {
  return filter.empty() || table.name.find(fold_case(filter)) != std::string::npos;
}

}  // namespace

bool is_studio_covered(const State& state) {
  return state.palette.is_open || state.picker.kind != PickerKind::none ||
         state.dialog.kind != DialogKind::none || state.quick_create.is_open;
}

void change_studio(const State& state, Outbox& out, const std::function<void(StudioState&)>& change) {
  auto next = std::make_shared<StudioState>(studio_of(state));
  change(*next);
  out.change(StudioChanged{std::move(next)});
}

Route studio_route(const std::string& table, const std::string& filter) {
  Route route;
  route.screen = Screen::studio;
  route.table = table;
  route.has_query = !filter.empty();
  route.query = filter;
  return route;
}

std::string row_count_text(std::int64_t rows, bool is_estimate) {
  std::string digits = std::to_string(rows);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return is_estimate ? "~" + digits : digits;
}

ImU32 cell_color(const StudioColumn& column, const Cell& cell, bool is_link) {
  const theme::Palette& c = theme::colors();
  if (column.is_secret || !cell) return c.text_tertiary;
  return is_link ? c.accent_text : c.text_primary;
}

std::vector<ColoredSpan> sql_spans(std::string_view sql) {
  const theme::Palette& c = theme::colors();
  std::vector<ColoredSpan> spans;
  std::size_t at = 0;
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const SqlToken& token = tokens[i];
    ImU32 color = 0;
    if (token.piece == SqlPiece::keyword) color = c.syn_op;
    if (token.piece == SqlPiece::string) color = c.syn_string;
    if (token.piece == SqlPiece::number) color = c.syn_number;
    if (token.piece == SqlPiece::comment) color = c.syn_comment;
    const bool is_call = token.piece == SqlPiece::name && i + 1 < tokens.size() && tokens[i + 1].text == "(";
    if (is_call) color = c.syn_key;
    if (color != 0) spans.push_back({at, at + token.text.size(), color, 0, false});
    at += token.text.size();
  }
  return spans;
}

std::vector<ColoredSpan> filter_spans(std::string_view filter) {
  const theme::Palette& c = theme::colors();
  std::vector<ColoredSpan> spans;
  std::size_t at = 0;
  for (const SqlToken& token : sql_tokens(filter)) {
    ImU32 color = 0;
    if (token.piece == SqlPiece::name) color = c.syn_key;
    if (token.piece == SqlPiece::keyword || token.piece == SqlPiece::symbol) color = c.syn_op;
    if (token.piece == SqlPiece::string) color = c.syn_string;
    if (token.piece == SqlPiece::number) color = c.syn_number;
    if (color != 0) spans.push_back({at, at + token.text.size(), color, 0, false});
    at += token.text.size();
  }
  return spans;
}

bool studio_tables(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids("tables");
  fill(r, c.bg_inset);
  vertical_line(r.right() - 1, r.y, r.h, c.border_default);
  Rect rest = inset(r, 8, 8);
  std::string filter = studio.table_filter;
  TextFieldOptions options;
  options.name = "Find a table";
  options.placeholder = "Tables";
  options.icon = icons::search;
  options.line = c.border_default;
  options.room_right = 24;
  const Rect field = cut_top(rest, 28, 6);
  if (studio.region == StudioRegion::tables && !state.is_typing && !has_focus(text_field_id("filter")))
    focus_text_field(text_field_id("filter"));
  const TextFieldEvents events = text_field("filter", field, filter, options);
  if (!events.focused) draw_keys(field.right() - 25, field.center_y(), "t");
  const bool leaves = events.blurred && studio.region == StudioRegion::tables;
  if (events.changed || leaves) {
    change_studio(state, out, [&](StudioState& next) {
      next.table_filter = filter;
      if (leaves) next.region = StudioRegion::grid;
    });
  }
  const std::vector<StudioTable> none;
  const std::vector<StudioTable>& tables = studio.tables ? *studio.tables : none;
  float height = 0;
  for (const StudioTable& table : tables) height += is_matching(table, filter) ? theme::nav_height : 0;
  const float saved_height = 36 + theme::nav_height * static_cast<float>(studio.saved.size());
  const Scroll scroll("rows", rest, height + saved_height + 8);
  float y = scroll.top();
  bool is_first = true;
  {
    const a11y::Scope tree(scope_node(id_of("tree"), rest, Aria::tree, "Tables"));
    const ArrowRegion region;
    for (const StudioTable& table : tables) {
      if (!is_matching(table, filter)) continue;
      table_row(state, out, table, {rest.x, y, rest.w, theme::nav_height});
      y += theme::nav_height;
      if (is_first && events.submitted) go(out, studio_route(table.name, {}));
      is_first = false;
    }
  }
  draw_text(rest.x + 8, y + 20, "Saved queries", theme::small_medium, c.text_tertiary);
  mirror(id_of("saved"),
         {rest.x, y + 8, rest.w, 24},
         {.role = Aria::heading, .name = "Saved queries", .level = 2});
  if (icon_button(
          "save", {rest.right() - 26, y + 9, 24, 22}, icons::plus, "Save this SQL", {.icon_size = 13}))
    out.run("studio.save_query");
  y += 36;
  for (const SavedSql& query : studio.saved) {
    saved_row(out, query, {rest.x, y, rest.w, theme::nav_height});
    y += theme::nav_height;
  }
  return events.focused;
}

void studio_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids("studio");
  Rect rest = r;
  studio_header(state, out, cut_top(rest, theme::header_height));
  if (state.session.me.role != Role::admin)
    return studio_problem(out, rest, "Studio is for administrators of this instance. Ask one for the role.");
  if (!studio.tables) {
    if (!studio.tables_problem.empty()) return studio_problem(out, rest, studio.tables_problem);
    if (has_waited(id_of("patience"), 120))
      mirror(id_of("loading"), rest, {.role = Aria::status, .name = "Loading"});
    return;
  }
  bool is_typing_here = studio_tables(state, out, cut_left(rest, tables_width));
  const bool is_console_alone = state.route.table == studio_console;
  const Rect below = is_console_alone ? rest : cut_bottom(rest, std::min(console_height, rest.h * 0.4f));
  is_typing_here = studio_console_pane(state, out, below) || is_typing_here;
  if (!is_console_alone) {
    if (window_rect().w >= theme::overlay_pane_below) {
      const Rect pane = cut_right(rest, row_pane_width);
      studio_row_pane(state, out, pane);
      vertical_line(pane.x, pane.y, pane.h, c.border_default);
    }
    is_typing_here = studio_grid(state, out, rest) || is_typing_here;
  }
  is_typing_here = studio_long_editor(state, out) || is_typing_here;
  // Tab goes from cell to cell.
  if (studio.region == StudioRegion::grid && !is_typing_here) leave_tab_to_keymap();
  if (is_typing_here != state.is_typing) out.change(ModeChanged{is_typing_here ? Mode::edit : Mode::normal});
}

namespace {

void row_card(const State& state, const StudioTable& table, std::size_t row, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids(static_cast<std::uint64_t>(row) + 1);
  const std::string title = studio_row_title(studio, row);
  a11y::Node node;
  node.role = Aria::row;
  node.name = title;
  node.row_index = static_cast<int>(row) + 1;
  const a11y::Scope scope([&] {
    node.id = id_of("card");
    node.min = r.min();
    node.max = r.max();
    return node;
  }());
  fill(r, c.bg_raised, 6);
  outline(r, c.border_default, 6);
  float y = r.y + 8;
  std::size_t shown = 0;
  for (std::size_t at = 0; at < table.columns.size() && shown < 6; ++at) {
    const StudioColumn& column = table.columns[at];
    if (column.name == "user_id" || column.kind == CellKind::other) continue;
    const Cell cell = cell_at(studio, row, at);
    if (!cell && !column.is_secret) continue;
    const std::string text = shown_cell(column, cell);
    draw_text_in({r.x + 10, y, 104, 20}, column.name, theme::mono_small, c.text_tertiary);
    const theme::TextStyle style = column.kind == CellKind::text && cell ? theme::body : theme::mono;
    draw_text_in({r.x + 118, y, r.w - 128, 20}, text, style, cell_color(column, cell, false));
    mirror(id_of(column.name),
           {r.x + 10, y, r.w - 20, 20},
           {.role = Aria::cell, .name = column.name + " " + text});
    y += 20;
    ++shown;
  }
}

}  // namespace

void phone_studio_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids("studio");
  if (state.session.me.role != Role::admin)
    return studio_problem(out, r, "Studio is for administrators of this instance. Ask one for the role.");
  if (!studio.tables) {
    if (!studio.tables_problem.empty()) studio_problem(out, r, studio.tables_problem);
    return;
  }
  if (state.route.table.empty()) {
    const float height = 44.0f * static_cast<float>(studio.tables->size());
    const Scroll scroll("tables", r, height + 16);
    const a11y::Scope tree(scope_node(id_of("tree"), r, Aria::tree, "Tables"));
    float y = scroll.top() + 8;
    for (const StudioTable& table : *studio.tables) {
      table_row(state, out, table, {r.x + 8, y, r.w - 16, 44});
      y += 44;
    }
    return;
  }
  Rect rest = r;
  Rect bar = inset(cut_top(rest, 52), 12, 7);
  std::string filter = studio.filter_text;
  TextFieldOptions options;
  options.name = "Filter rows";
  const std::string placeholder = "Filter " + studio.table;
  options.placeholder = placeholder;
  options.style = theme::mono;
  options.line = c.border_default;
  const TextFieldEvents events = text_field("filter", bar, filter, options);
  if (events.changed) change_studio(state, out, [&](StudioState& next) { next.filter_text = filter; });
  if (events.submitted) out.run("studio.filter", filter);
  const StudioTable* table = studio_table(studio);
  if (table == nullptr) return;
  constexpr float card_height = 140;
  const std::size_t count = studio_row_count(studio);
  const float step = card_height + 8;
  const Scroll scroll("cards", rest, static_cast<float>(count) * step + 16);
  a11y::Node grid = scope_node(id_of("grid"), rest, Aria::table, table->name);
  grid.row_count = static_cast<int>(studio.total.value_or(static_cast<std::int64_t>(count)));
  const a11y::Scope scope(grid);
  const auto first = static_cast<std::size_t>(std::max(0.0f, scroll.offset() / step));
  for (std::size_t row = first; row < count; ++row) {
    const Rect card{rest.x + 12, scroll.top() + 8 + static_cast<float>(row) * step, rest.w - 24, card_height};
    if (card.y > rest.bottom()) break;
    row_card(state, *table, row, card);
    if (row + 20 > count && !studio.is_loading && !studio.pages.back()->next_cursor.empty())
      out.run("studio.more");
  }
  if (!studio.problem.empty()) field_error(rest.x + 12, rest.y + 8, rest.w - 24, studio.problem);
}

}  // namespace dits::web
