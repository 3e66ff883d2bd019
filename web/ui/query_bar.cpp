// Typing changes the query at once; the list below follows in the same frame.
#include "web/ui/query_bar.hpp"

#include <cmath>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/query_colors.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

namespace {

// What the popup remembers between frames: which row is chosen, and whether a hand did it. Tab completes
// only then; who is passing through the field with Tab gets out of it.
struct PopupMemory {
  std::size_t cursor = 0;
  bool is_in_use = false;
  std::string for_text;
  bool was_in_query = false;
};
PopupMemory popup;

using Completions = std::vector<query::Completion>;

void complete(const State& state, Outbox& out, const query::Completion& row) {
  std::string text = state.list.query_text;
  const std::size_t begin = std::min(row.begin, text.size());
  const std::size_t end = std::min(std::max(row.end, begin), text.size());
  text.replace(begin, end - begin, row.text);
  popup.is_in_use = row.text.ends_with(':');  // its values come next
  out.change(QueryTyped{std::move(text)});
  place_caret(text_field_id("field"), static_cast<int>(begin + row.text.size()));
}

void draw_completions(const State& state, Outbox& out, const Completions& rows, float x, float y) {
  const theme::Palette& c = theme::colors();
  const float height = 10 + 30 * static_cast<float>(rows.size()) + 36;
  const Rect window = window_rect();
  const Rect r{
      std::clamp(x - 12, 8.0f, std::max(8.0f, window.w - 348)), y, std::min(340.0f, window.w - 16), height};
  const ImGuiID field = text_field_id("field");
  const Layer layer("completions", LayerKind::floating, inset(r, -16));
  popup_box(r);
  const a11y::Scope list(scope_node(id_of("list"), r, Aria::listbox, "Completions"));
  float row_y = r.y + 5;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const query::Completion& row = rows[i];
    const Rect place{r.x + 5, row_y, r.w - 10, 30};
    row_y += 30;
    a11y::Node node;
    node.role = Aria::option;
    node.name = row.text;
    node.description = row.description;
    node.selected = i == popup.cursor ? Tri::yes : Tri::no;
    const ItemState item_state = item(id_of(i + 1), place, node, item_no_tab_stop | item_on_press);
    if (i == popup.cursor) {
      fill(place, c.bg_selected, 6);
    } else if (item_state.hovered) {
      fill(place, c.bg_hover, 6);
    }
    const float width = std::max(92.0f, text_width(row.text, theme::mono) + 12);
    draw_text_in({place.x + 10, place.y, place.w - 20, place.h}, row.text, theme::mono, c.syn_number);
    draw_text_in({place.x + 10 + width, place.y, std::max(0.0f, place.w - width - 20), place.h},
                 row.description,
                 theme::body,
                 c.text_secondary);
    if (item_state.clicked) {
      complete(state, out, row);
      focus_text_field(field);
    }
  }
  const float foot = r.bottom() - 18;
  horizontal_line(r.x + 1, foot - 18, r.w - 2, c.border_subtle);
  float at = r.x + 12;
  for (const auto& [keys, text] : {std::pair{"Tab", popup.is_in_use ? "complete" : "next"},
                                   std::pair{"↑↓", "choose"},
                                   std::pair{"Esc", "back to list"}}) {
    at += draw_keys(at, foot, keys) + 6;
    at += draw_text(at, foot, text, theme::small, c.text_tertiary) + 8;
  }
}

// Tab and arrows while the popup stands open. True when Tab completed.
bool handle_keys(const State& state, Outbox& out, const Completions& rows) {
  const std::size_t count = rows.size();
  const bool goes_down = ImGui::IsKeyPressed(ImGuiKey_DownArrow);
  const bool goes_up = ImGui::IsKeyPressed(ImGuiKey_UpArrow);
  if (goes_down) popup.cursor = (popup.cursor + 1) % count;
  if (goes_up) popup.cursor = (popup.cursor + count - 1) % count;
  popup.is_in_use |= goes_down || goes_up;
  popup.cursor = std::min(popup.cursor, count - 1);
  if (popup.is_in_use && ImGui::IsKeyPressed(ImGuiKey_Tab) && !ImGui::GetIO().KeyShift) {
    keep_focus_on_tab();
    complete(state, out, rows[popup.cursor]);
    return true;
  }
  return false;
}

std::string count_text(const State& state) {
  const ListResult& result = state.list.result;
  if (is_phone()) return std::to_string(result.rows.size());
  return std::to_string(result.rows.size()) + " of " + std::to_string(result.total);
}

void draw_error(const QueryError& error, Rect r) {
  const Rect box{r.x, r.bottom() + 4, std::min(r.w, text_width(error.message, theme::small) + 44), 28};
  const Layer layer("query-error", LayerKind::floating, inset(box, -16));
  popup_box(box, 6, theme::colors().signal_danger);
  field_error(box.x + 8, box.y + 4, box.w - 12, error.message);
  mirror(id_of("error"), box, {.role = Aria::alert, .name = error.message});
}

}  // namespace

void query_field(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("query");
  const a11y::Scope scope(scope_node(id_of("search"), r, Aria::search, "Filter"));
  std::string text = state.list.query_text;
  const std::vector<ColoredSpan> spans = query_spans(state, text);
  const std::string count = count_text(state);
  const float count_width = text_width(count, theme::small);
  const bool phone = is_phone();
  TextFieldOptions options;
  options.name = "Filter issues";
  options.placeholder = "Filter: is:open label:bug due:<7d";
  options.style = theme::mono;
  options.icon = icons::search;
  options.line = c.border_default;
  options.role = Aria::combobox;
  options.spans = spans;
  options.room_right = count_width + (phone ? 4.0f : 30.0f);
  options.error = state.list.error ? std::string_view(state.list.error->message) : std::string_view{};
  const ImGuiID field = text_field_id("field");
  if (state.mode == Mode::query && state.region == Region::query && !has_focus(field) && !is_typing())
    focus_text_field(field);
  const TextFieldEvents events = text_field("field", r, text, options);
  const float text_right = r.right() - 7;
  if (!events.focused && !phone) draw_keys(text_right - 18, r.center_y(), "/");
  draw_text(text_right -
                (phone            ? 4.0f
                 : events.focused ? 0.0f
                                  : 26.0f) -
                count_width,
            r.center_y(),
            count,
            theme::small,
            c.text_tertiary);
  if (events.changed) {
    popup.cursor = 0;
    popup.is_in_use = true;
    out.change(QueryTyped{text});
  }
  if (events.focused && state.mode != Mode::query) {
    if (popup.was_in_query) {
      leave_text_field();  // a command left the field
    } else {
      out.change(RegionFocused{Region::query});
      out.change(ModeChanged{Mode::query});
    }
  }
  popup.was_in_query = events.focused && state.mode == Mode::query;
  if (events.submitted || events.blurred) {
    if (!text.empty()) out.change(QueryRemembered{text});
    if (state.mode == Mode::query) {
      out.change(ModeChanged{Mode::normal});
      out.change(RegionFocused{Region::body});
    }
  }
  if (!events.focused) {
    popup.cursor = 0;
    popup.is_in_use = false;
    if (state.list.error) draw_error(*state.list.error, r);
    return;
  }
  if (popup.for_text != text) {
    popup.for_text = text;
    popup.cursor = 0;
  }
  const Completions rows = query_completions(state, text, static_cast<std::size_t>(events.caret));
  const bool has_completed = !rows.empty() && handle_keys(state, out, rows);
  if (!has_completed && state.mode == Mode::query && ImGui::IsKeyPressed(ImGuiKey_Tab)) {
    if (!text.empty()) out.change(QueryRemembered{text});
    out.change(ModeChanged{Mode::normal});  // Tab goes on to what is next
    out.change(RegionFocused{Region::body});
  }
  if (!rows.empty()) {
    const std::size_t begin = std::min(rows.front().begin, text.size());
    const float x =
        events.caret_x -
        text_width(std::string_view(text).substr(begin,
                                                 static_cast<std::size_t>(events.caret) -
                                                     std::min(begin, static_cast<std::size_t>(events.caret))),
                   theme::mono);
    draw_completions(state, out, rows, x, r.bottom() + 4);
  } else if (state.list.error) {
    draw_error(*state.list.error, r);
  }
}

void query_bar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = inset(r, 12, 0);
  const bool is_wide = r.w > 560;
  if (is_wide) {
    if (button_right(bar, "save-view", "Save view", {.icon = icons::bookmark_plus})) out.run("view.save");
    const ButtonOptions display{.icon = icons::sliders_horizontal};
    const Rect before = bar;
    if (button_right(bar, "display", "Display", display)) {
      run_below(out, {before.right() - button_width("Display", display), r.y, 0, r.h - 8}, "view.display");
    }
    const std::string what = state.route.layout == Layout::board ? "Columns: " : "Group: ";
    const std::string label = what + std::string(title_of(state.list.display.grouping));
    const ButtonOptions group{.icon = icons::rows_3};
    const Rect middle_bar = bar;
    if (button_right(bar, "group", label, group)) {
      run_below(out, {middle_bar.right() - button_width(label, group), r.y, 0, r.h - 8}, "view.group");
    }
  }
  query_field(state, out, middle(bar, 30));
}

}  // namespace dits::web
