// Rows and columns of a table: only what is seen is drawn. Cells are edited in place; what was changed waits
// in the bar below until it is saved.
#include <algorithm>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/studio_parts.hpp"

namespace dits::web {

namespace {

constexpr float cell_height = 28;
constexpr float number_width = 40;
constexpr float filter_height = 40;
constexpr float edits_height = 34;

// How far the columns are scrolled to the right; and for which table and cursor that was.
struct Sideways {
  float offset = 0;
  std::string table;
  std::size_t column = 0;
};
Sideways sideways;

struct GridColumn {
  std::size_t index = 0;  // in the table
  float x = 0;            // from the first column's left edge
  float width = 0;
};

float natural_width(const StudioColumn& column) {
  const float header = text_width(column.name, theme::mono) + 34;
  float width = 0;
  switch (column.kind) {
    case CellKind::text:
      width = column.name == "title"                                  ? 300.0f
              : column.name == "description" || column.name == "body" ? 240.0f
                                                                      : 150.0f;
      break;
    case CellKind::number:
      width = 70;
      break;
    case CellKind::boolean:
      width = 70;
      break;
    case CellKind::date:
      width = 98;
      break;
    case CellKind::time:
      width = 138;
      break;
    case CellKind::uuid:
      width = 120;
      break;
    case CellKind::json:
      width = 150;
      break;
    case CellKind::choice:
      width = 118;
      break;
    case CellKind::other:
      width = 100;
      break;
  }
  return std::max(width, header);
}

std::vector<GridColumn> layout(const StudioState& studio, float room) {
  std::vector<GridColumn> columns;
  const StudioTable& table = *studio_table(studio);
  float x = 0;
  for (const std::size_t index : visible_columns(studio)) {
    const float width = natural_width(table.columns[index]);
    columns.push_back({index, x, width});
    x += width;
  }
  // What is left over goes to the last column.
  if (!columns.empty() && x < room) columns.back().width += room - x;
  return columns;
}

void follow_cursor(const StudioState& studio, const std::vector<GridColumn>& columns, float room) {
  const float total = columns.empty() ? 0 : columns.back().x + columns.back().width;
  if (sideways.table != studio.table) sideways = {0, studio.table, 0};
  if (studio.column < columns.size() && sideways.column != studio.column) {
    const GridColumn& at = columns[studio.column];
    sideways.offset = std::min(sideways.offset, at.x);
    sideways.offset = std::max(sideways.offset, std::min(at.x, at.x + at.width - room));
    sideways.column = studio.column;
  }
  sideways.offset = std::clamp(sideways.offset, 0.0f, std::max(0.0f, total - room));
}

void scroll_sideways(Rect view) {
  const ImGuiIO& io = ImGui::GetIO();
  if (!is_hovered(view)) return;
  const float wheel = io.MouseWheelH != 0 ? io.MouseWheelH : io.KeyShift ? io.MouseWheel : 0;
  if (wheel != 0) sideways.offset -= wheel * 60;
}

void header_cell(const State& state, Outbox& out, const StudioColumn& column, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const bool is_sorted = studio.sort == column.name;
  a11y::Node node;
  node.role = Aria::columnheader;
  node.name = column.name;
  const std::string kind =
      column.type + (is_sorted ? studio.is_descending ? ", descending" : ", ascending" : "");
  node.description = kind;
  const IdScope ids(column.name);
  const ItemState state_of = item(id_of("sort"), r, node, item_no_tab_stop);
  if (state_of.hovered) fill(r, c.bg_hover);
  // Above its numbers, which stand at the right.
  const Rect words{r.x + 10, r.y, r.w - (is_sorted ? 30.0f : 20.0f), r.h};
  const Align align = column.kind == CellKind::number ? Align::right : Align::left;
  draw_text_in(words, column.name, theme::mono, c.text_secondary, align);
  if (is_sorted)
    draw_icon(r.right() - 13,
              r.center_y(),
              studio.is_descending ? icons::arrow_down : icons::arrow_up,
              12,
              c.text_primary);
  vertical_line(r.right() - 1, r.y, r.h, c.border_subtle);
  const bool is_told = studio.statistics_column == column.name;
  tooltip(state_of,
          r,
          is_told ? std::string()
                  : column.type + (column.is_key        ? ", primary key"
                                   : column.is_nullable ? ", may be NULL"
                                                        : ""));
  if (state_of.clicked) out.run("studio.sort", column.name);
  if (state_of.context) out.run("studio.statistics", column.name);
  if (studio.statistics_column == column.name) studio_statistics(state, out, r);
}

// The field over a cell; true while it has the caret.
bool cell_editor(const State& state, Outbox& out, const StudioColumn& column, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  std::string text = studio.edit_text;
  TextFieldOptions options;
  const std::string name = "Edit " + column.name;
  options.name = name;
  options.style = column.kind == CellKind::text ? theme::body : theme::mono;
  options.is_bare = true;
  options.takes_focus = true;
  options.selects_all = true;
  options.placeholder = column.is_nullable ? "null" : "";
  fill(r, c.bg_raised);
  const TextFieldEvents events = text_field("cell", inset(r, 9, 0), text, options);
  outline(inset(r, -1), studio.edit_problem.empty() ? c.focus_ring : c.signal_danger, 0, 2);
  if (events.changed) {
    change_studio(state, out, [&](StudioState& next) {
      next.edit_text = text;
      next.edit_problem.clear();
    });
  }
  if (events.blurred && !events.changed && studio.is_editing) out.run("studio.keep");
  return events.focused;
}

// What an enum or a flag may be, below its cell.
void choice_list(const State& state, Outbox& out, const StudioColumn& column, Rect cell) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const std::vector<std::string> flags{"true", "false"};
  const std::vector<std::string>& choices = column.kind == CellKind::boolean ? flags : column.choices;
  const float height = 10 + theme::menu_item_height * static_cast<float>(choices.size());
  const float y = cell.bottom() + 4 + height > window_rect().h ? cell.y - 4 - height : cell.bottom() + 4;
  const Rect box{cell.x, y, std::max(180.0f, cell.w), height};
  const Layer layer("choices", LayerKind::floating, inset(box, -16));
  popup_box(box);
  const a11y::Scope scope(scope_node(id_of("choices"), box, Aria::listbox, column.name));
  float top = box.y + 5;
  for (const std::string& choice : choices) {
    const Rect row{box.x + 5, top, box.w - 10, theme::menu_item_height};
    top += theme::menu_item_height;
    a11y::Node node;
    node.role = Aria::option;
    node.name = choice;
    node.selected = choice == studio.edit_text ? Tri::yes : Tri::no;
    const ItemState state_of = item(id_of(choice), row, node, item_no_tab_stop | item_on_press);
    if (state_of.hovered || choice == studio.edit_text)
      fill(row, state_of.hovered ? c.bg_hover : c.bg_selected, 6);
    draw_text(row.x + 10, row.center_y(), choice, theme::mono, c.text_primary);
    if (state_of.clicked) out.run("studio.set", choice);
  }
}

struct RowPlace {
  std::size_t row = 0;
  Rect place;   // of the whole row
  float cells;  // where the first column begins
};

void grid_cell(const State& state,
               Outbox& out,
               const RowPlace& at,
               const GridColumn& column,
               std::size_t position,
               bool& is_typing) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const StudioTable& table = *studio_table(studio);
  const StudioColumn& known = table.columns[column.index];
  const Rect r{at.cells + column.x - sideways.offset, at.place.y, column.width, at.place.h};
  if (r.right() < at.cells || r.x > at.place.right()) return;
  const bool is_cursor = studio.row == at.row && studio.column == position;
  const Cell cell = cell_at(studio, at.row, column.index);
  const bool is_link = cell && table.reference_of(known.name) != nullptr;
  const bool is_deleted = is_marked_deleted(studio, at.row);
  const bool is_wrong = is_refused(studio, at.row, column.index);
  if (is_wrong) {
    fill(r, c.signal_danger_tint);
    outline(inset(r, 1), c.signal_danger, 0, 1);
  } else if (is_changed(studio, at.row, column.index)) {
    fill(r, c.signal_warning_tint);
  }
  if (is_cursor && studio.is_editing && !edits_long_text(studio)) {
    is_typing = cell_editor(state, out, known, r) || is_typing;
    if (known.kind == CellKind::choice || known.kind == CellKind::boolean) choice_list(state, out, known, r);
    vertical_line(r.right() - 1, r.y, r.h, c.border_subtle);
    return;
  }
  const std::string text = shown_cell(known, cell);
  a11y::Node node;
  node.role = Aria::gridcell;
  node.name = text;
  node.description = known.name;
  node.column_index = static_cast<int>(position) + 1;
  node.selected = is_cursor ? Tri::yes : Tri::no;
  node.read_only = !known.is_editable;
  const ItemState state_of = item(id_of(static_cast<std::uint64_t>(position) + 1), r, node, item_no_tab_stop);
  const bool is_text = known.kind == CellKind::text && cell && !known.is_secret;
  const Rect inner = inset(r, 10, 0);
  const ImU32 color = !cell && !known.is_secret ? c.text_disabled : cell_color(known, cell, is_link);
  const Align align = known.kind == CellKind::number && cell ? Align::right : Align::left;
  draw_text_in(inner, text, is_text ? theme::body : theme::mono, is_deleted ? c.text_tertiary : color, align);
  if (is_deleted) horizontal_line(r.x + 6, std::round(r.center_y()), r.w - 12, c.signal_danger);
  if (is_cursor && studio.region == StudioRegion::grid) outline(r, c.focus_ring, 0, 2);
  vertical_line(r.right() - 1, r.y, r.h, c.border_subtle);
  const std::string place = std::to_string(at.row) + "," + std::to_string(position);
  if (state_of.double_clicked) {
    out.run("studio.cursor", place);
    out.run("studio.edit");
  } else if (state_of.clicked) {
    out.run("studio.cursor", place);
    if (is_link && ImGui::GetIO().KeyCtrl) out.run("studio.follow");
  }
  if (is_link) tooltip(state_of, r, *cell, "o");
}

void grid_row(const State& state,
              Outbox& out,
              const RowPlace& at,
              const std::vector<GridColumn>& columns,
              bool& is_typing) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids(static_cast<std::uint64_t>(at.row) + 1);
  const bool is_cursor = studio.row == at.row;
  if (is_cursor) fill(at.place, studio.region == StudioRegion::grid ? c.bg_selected : c.bg_selected_idle);
  if (loaded_row(studio, at.row) == nullptr) fill(at.place, c.signal_warning_tint);
  a11y::Node node = scope_node(id_of("row"), at.place, Aria::row, studio_row_title(studio, at.row));
  node.row_index = static_cast<int>(at.row) + 1;
  node.selected = is_cursor ? Tri::yes : Tri::no;
  const a11y::Scope scope(node);
  {
    const ClipScope clip({at.cells, at.place.y, at.place.right() - at.cells, at.place.h});
    for (std::size_t position = 0; position < columns.size(); ++position)
      grid_cell(state, out, at, columns[position], position, is_typing);
  }
  const Rect number{at.place.x, at.place.y, number_width - 8, at.place.h};
  const bool is_new = loaded_row(studio, at.row) == nullptr;
  draw_text_in(number,
               is_new ? "new" : std::to_string(at.row + 1 - new_row_count(studio)),
               theme::mono_small,
               c.text_tertiary,
               Align::right);
  vertical_line(at.cells - 1, at.place.y, at.place.h, c.border_subtle);
  horizontal_line(at.place.x, at.place.bottom() - 1, at.place.w, c.border_subtle);
}

void edits_bar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const bool is_wrong = !studio.save_problem.empty();
  fill(r, is_wrong ? c.signal_danger_tint : c.signal_warning_tint);
  horizontal_line(r.x, r.y, r.w, c.border_subtle);
  Rect bar = inset(r, 12, 0);
  if (button_right(bar,
                   "save",
                   studio.is_saving ? "Saving" : "Save",
                   {.kind = ButtonKind::primary, .keys = "Ctrl S", .is_disabled = studio.is_saving}))
    out.run("studio.save");
  if (button_right(bar, "discard", "Discard", {.keys = "Esc"}, 8)) out.run("studio.discard");
  draw_icon(bar.x + 7,
            r.center_y(),
            is_wrong ? icons::circle_alert : icons::pencil_line,
            14,
            is_wrong ? c.signal_danger : c.signal_warning);
  const std::string summary = edits_summary(studio);
  float x = bar.x + 24;
  x += draw_text(x, r.center_y(), summary, theme::small_strong, c.text_primary) + 10;
  if (is_wrong) {
    text_line({x, r.y, bar.right() - x, r.h}, studio.save_problem, theme::small, c.signal_danger);
    mirror(
        id_of("problem"), {x, r.y, bar.right() - x, r.h}, {.role = Aria::alert, .name = studio.save_problem});
  } else {
    text_line({x, r.y, bar.right() - x, r.h},
              "kept here until you save; one transaction, noted in the log",
              theme::small,
              c.text_secondary);
  }
  mirror(id_of("edits"), r, {.role = Aria::status, .name = summary});
}

void empty_grid(const StudioState& studio, Rect r) {
  const theme::Palette& c = theme::colors();
  std::string title = "No rows";
  std::string text = "This table is empty. \"Add row\" makes the first one.";
  if (!studio.problem.empty()) {
    title = "These rows can't be shown";
    text = studio.problem;
  } else if (studio.is_loading || studio.pages.empty()) {
    return;
  } else if (!studio.filter.empty()) {
    title = "No row matches";
    text = "Every condition of the filter must hold.";
  }
  const Rect box = centered(r, std::min(420.0f, r.w - 24), 70);
  draw_text_in({box.x, box.y, box.w, 22}, title, theme::body_strong, c.text_primary, Align::center);
  draw_wrapped(box.x, box.y + 26, box.w, text, theme::prose, c.text_secondary, 4);
  mirror(id_of("empty"), box, {.role = Aria::status, .name = title + ". " + text});
}

}  // namespace

bool studio_grid(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids("grid");
  fill(r, c.bg_canvas);
  Rect rest = r;
  bool is_typing = studio_filter_row(state, out, cut_top(rest, filter_height));
  if (!studio.edits.empty()) edits_bar(state, out, cut_bottom(rest, edits_height));
  const StudioTable* table = studio_table(studio);
  if (table == nullptr) {
    const std::string text =
        studio.problem.empty() ? "There is no table \"" + studio.table + "\"" : studio.problem;
    draw_text_in(rest, text, theme::body, c.text_secondary, Align::center);
    mirror(id_of("empty"), rest, {.role = Aria::status, .name = text});
    return is_typing;
  }
  a11y::Node grid = scope_node(id_of("body"), rest, Aria::grid, table->name);
  const std::size_t count = studio_row_count(studio);
  grid.row_count = static_cast<int>(std::max(studio.total.value_or(0), static_cast<std::int64_t>(count)));
  const Rect header = cut_top(rest, cell_height);
  const float cells = header.x + number_width;
  const float room = header.right() - cells;
  const std::vector<GridColumn> columns = layout(studio, room);
  grid.column_count = static_cast<int>(columns.size());
  const a11y::Scope scope(grid);
  scroll_sideways(rest);
  follow_cursor(studio, columns, room);
  fill(header, c.bg_inset);
  {
    const ClipScope clip({cells, header.y, room, header.h});
    const a11y::Scope heads(scope_node(id_of("heads"), header, Aria::row, "Columns"));
    for (const GridColumn& column : columns) {
      const Rect place{cells + column.x - sideways.offset, header.y, column.width, header.h};
      if (place.right() > cells && place.x < header.right())
        header_cell(state, out, table->columns[column.index], place);
    }
  }
  vertical_line(cells - 1, header.y, header.h, c.border_subtle);
  horizontal_line(header.x, header.bottom() - 1, header.w, c.border_default);
  if (count == 0) {
    empty_grid(studio, rest);
    return is_typing;
  }
  Scroll scroll("scroll-" + studio.table, rest, static_cast<float>(count) * cell_height + 20);
  if (studio.scroll_to_cursor) {
    const float y = static_cast<float>(studio.row) * cell_height;
    scroll.reveal(y, y + cell_height);
    change_studio(state, out, [](StudioState& next) { next.scroll_to_cursor = false; });
  }
  const auto first = static_cast<std::size_t>(std::max(0.0f, scroll.offset() / cell_height));
  std::size_t row = first;
  for (; row < count; ++row) {
    const Rect place{rest.x, scroll.top() + static_cast<float>(row) * cell_height, rest.w, cell_height};
    if (place.y >= rest.bottom()) break;
    grid_row(state, out, {row, place, cells}, columns, is_typing);
  }
  const bool has_more = !studio.pages.empty() && !studio.pages.back()->next_cursor.empty();
  if (has_more && !studio.is_loading && row + 60 > count) out.run("studio.more");
  return is_typing;
}

}  // namespace dits::web
