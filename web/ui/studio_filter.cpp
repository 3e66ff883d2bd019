// The row above Studio's grid: the filter with what may follow in it, the columns to show, a new row.
#include <algorithm>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/studio_parts.hpp"

namespace dits::web {

namespace {

bool columns_open = false;

// Which columns are shown, below the button: a press shows or hides one.
void columns_popup(const State& state, Outbox& out, Rect anchor) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const StudioTable* table = studio_table(studio);
  if (table == nullptr) return;
  const float height = 10 + theme::menu_item_height * static_cast<float>(table->columns.size());
  const Rect window = window_rect();
  const float top = anchor.center_y() + button_height / 2 + 4;
  const Rect box{anchor.right() - 240, top, 240, std::min(height, window.bottom() - top - 40)};
  const Layer layer("columns", LayerKind::floating, inset(box, -16));
  const IdScope ids("columns-list");
  popup_box(box);
  a11y::Node node = scope_node(id_of("list"), box, Aria::dialog, "Columns");
  const a11y::Scope scope(node);
  {
    const ArrowRegion region;
    const Scroll scroll("scroll", inset(box, 1, 5), height - 10);
    float y = scroll.top();
    for (const StudioColumn& column : table->columns) {
      const Rect row{box.x + 5, y, box.w - 10, theme::menu_item_height};
      y += theme::menu_item_height;
      const bool is_shown = studio.hidden_columns.count(column.name) == 0;
      a11y::Node entry;
      entry.role = Aria::checkbox;
      entry.name = column.name;
      entry.checked = is_shown ? Tri::yes : Tri::no;
      const ItemState hit_state = item(id_of(column.name), row, entry);
      if (hit_state.hovered) fill(row, c.bg_hover, 6);
      if (hit_state.has_ring) outline(row, c.focus_ring, 6, 2);
      draw_checkbox(row.x + 8, row.center_y(), is_shown ? Tri::yes : Tri::no);
      text_line({row.x + 32, row.y, row.w - 40, row.h}, column.name, theme::mono, c.text_primary);
      if (!hit_state.clicked) continue;
      if (is_shown) {
        out.run("studio.hide", column.name);
      } else {
        change_studio(state, out, [&](StudioState& next) { next.hidden_columns.erase(column.name); });
      }
    }
  }
  const bool is_pressed_elsewhere =
      ImGui::IsMouseClicked(0) && !box.contains(mouse()) && !anchor.contains(mouse());
  if (is_pressed_elsewhere || ImGui::IsKeyPressed(ImGuiKey_Escape)) columns_open = false;
}

// Which completion is chosen, and whether a hand chose it: Tab takes one only then.
struct CompletionMemory {
  std::string for_text;
  std::size_t cursor = 0;
  bool is_in_use = false;
  // Where the caret stood while the field had it: a press on a completion comes after that.
  int caret = 0;
  float caret_x = 0;
};
CompletionMemory completion;

struct TypedFilter {
  Rect field;
  std::string& text;
};

void take_completion(const TypedFilter& typed, const FilterCompletion& row) {
  const auto caret = std::min(static_cast<std::size_t>(completion.caret), typed.text.size());
  const std::size_t begin = std::min(row.begin, caret);
  const std::string inserted = row.text + " ";
  typed.text.replace(begin, caret - begin, inserted);
  place_caret(text_field_id("filter"), static_cast<int>(begin + inserted.size()));
  completion.is_in_use = true;
}

// What may follow, below the caret: columns, operators, values. True when one was taken into the text.
bool complete_filter(const StudioTable& table, const TypedFilter& typed) {
  const theme::Palette& c = theme::colors();
  const auto caret = std::min(static_cast<std::size_t>(completion.caret), typed.text.size());
  const std::vector<FilterCompletion> rows =
      filter_completions(table, std::string_view(typed.text).substr(0, caret));
  if (typed.text.empty()) completion.is_in_use = false;
  if (completion.for_text != typed.text) {
    if (!completion.for_text.empty() || !typed.text.empty()) completion.is_in_use = !typed.text.empty();
    completion.for_text = typed.text;
    completion.cursor = 0;
  }
  if (rows.empty()) return false;
  const bool goes_down = ImGui::IsKeyPressed(ImGuiKey_DownArrow);
  const bool goes_up = ImGui::IsKeyPressed(ImGuiKey_UpArrow);
  if (goes_down) completion.cursor = (completion.cursor + (completion.is_in_use ? 1 : 0)) % rows.size();
  if (goes_up) completion.cursor = (completion.cursor + rows.size() - 1) % rows.size();
  completion.is_in_use |= goes_down || goes_up;
  completion.cursor = std::min(completion.cursor, rows.size() - 1);
  if (completion.is_in_use && ImGui::IsKeyPressed(ImGuiKey_Tab) && !ImGui::GetIO().KeyShift) {
    keep_focus_on_tab();
    take_completion(typed, rows[completion.cursor]);
    return true;
  }
  const std::string_view replaced =
      std::string_view(typed.text).substr(rows.front().begin, caret - rows.front().begin);
  const float x = completion.caret_x - text_width(replaced, theme::mono) - 12;
  const float height = 10 + theme::menu_item_height * static_cast<float>(rows.size());
  const Rect box{std::clamp(x, typed.field.x, std::max(typed.field.x, typed.field.right() - 300)),
                 typed.field.bottom() + 4,
                 300,
                 height};
  const ImGuiID field = text_field_id("filter");
  const Layer layer("filter-completions", LayerKind::floating, inset(box, -16));
  popup_box(box);
  const a11y::Scope scope(scope_node(id_of("completions"), box, Aria::listbox, "Completions"));
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const Rect place{box.x + 5,
                     box.y + 5 + theme::menu_item_height * static_cast<float>(at),
                     box.w - 10,
                     theme::menu_item_height};
    const bool is_chosen = completion.is_in_use && at == completion.cursor;
    a11y::Node node;
    node.role = Aria::option;
    node.name = rows[at].text;
    node.description = rows[at].description;
    node.selected = is_chosen ? Tri::yes : Tri::no;
    const ItemState hit_state =
        item(id_of(static_cast<std::uint64_t>(at) + 1), place, node, item_no_tab_stop | item_on_press);
    if (is_chosen || hit_state.hovered) fill(place, is_chosen ? c.bg_selected : c.bg_hover, 6);
    draw_text_in(inset(place, 10, 0), rows[at].text, theme::mono, c.text_primary);
    draw_text_in(inset(place, 10, 0), rows[at].description, theme::mono_small, c.text_tertiary, Align::right);
    if (!hit_state.clicked) continue;
    take_completion(typed, rows[at]);
    focus_text_field(field);
    return true;
  }
  return false;
}

}  // namespace

bool studio_filter_row(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  Rect bar = inset(r, 10, 0);
  if (button_right(bar, "add", "Add row", {.icon = icons::plus, .keys = "n"})) out.run("studio.add");
  const std::string hidden =
      studio.hidden_columns.empty() ? "Columns" : std::to_string(studio.hidden_columns.size()) + " hidden";
  const bool has_room = r.w > 520;
  const ButtonOptions columns{.icon = icons::columns_3, .name = "Columns"};
  const Rect columns_place = has_room ? cut_right(bar, button_width(hidden, columns), 6) : Rect{};
  if (has_room && button("columns", middle(columns_place, button_height), hidden, columns))
    columns_open = !columns_open;
  if (has_room && columns_open) columns_popup(state, out, columns_place);
  const Rect field = middle(bar, 28);
  const a11y::Scope scope(scope_node(id_of("search"), field, Aria::search, "Filter"));
  std::string text = studio.filter_text;
  const std::vector<ColoredSpan> spans = filter_spans(text);
  std::string count;
  if (studio.total) count = row_count_text(*studio.total, studio.is_estimate);
  const StudioTable* table = studio_table(studio);
  if (table != nullptr && studio.total && !studio.filter.empty())
    count = (studio.is_estimate ? std::string("more than ") + row_count_text(*studio.total, false) : count) +
            " of " + row_count_text(table->rows, table->is_estimate);
  TextFieldOptions options;
  options.name = "Filter rows";
  options.placeholder = "status_id = … and due_date < 2026-08-01, or words";
  options.style = theme::mono;
  options.icon = icons::list_filter;
  options.line = c.border_default;
  options.spans = spans;
  options.room_right = text_width(count, theme::small) + 34;
  options.error = studio.filter_problem.empty() ? studio.problem : studio.filter_problem;
  if (studio.region == StudioRegion::filter && !state.is_typing && !has_focus(text_field_id("filter")))
    focus_text_field(text_field_id("filter"));
  const TextFieldEvents events = text_field("filter", field, text, options);
  if (events.focused) {
    completion.caret = events.caret;
    completion.caret_x = events.caret_x;
  }
  const bool has_taken =
      (events.focused || events.blurred) && table != nullptr && complete_filter(*table, {field, text});
  if (!events.focused) draw_keys(field.right() - 25, field.center_y(), "/");
  draw_text(field.right() - 32 - text_width(count, theme::small),
            field.center_y(),
            count,
            theme::small,
            c.text_tertiary);
  const bool leaves = events.blurred && !has_taken && studio.region == StudioRegion::filter;
  if (events.changed || has_taken || leaves) {
    change_studio(state, out, [&](StudioState& next) {
      next.filter_text = text;
      if (events.changed || has_taken) next.filter_problem.clear();
      if (leaves) next.region = StudioRegion::grid;
    });
  }
  if (events.submitted) {
    out.run("studio.filter", text);
    leave_text_field();
  }
  if (!studio.filter_problem.empty()) {
    const Rect place{field.x, field.bottom() + 4, field.w, 24};
    const Layer layer("filter-problem", LayerKind::floating, inset(place, -16));
    fill(place, c.signal_danger_tint, 6);
    field_error(place.x + 8, place.y + 2, place.w - 16, studio.filter_problem);
    mirror(id_of("problem"), place, {.role = Aria::alert, .name = studio.filter_problem});
  }
  return events.focused && !events.submitted;
}

}  // namespace dits::web
