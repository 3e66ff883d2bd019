// The palette: everything that can be done or gone to, by a few letters of its name.
#include <cmath>

#include "web/commands/palette.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/popups.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

namespace {

constexpr float input_height = 52;
constexpr float foot_height = 34;
constexpr float section_height = 28;

void input_row(const State& state, Outbox& out, const PaletteAnswer& answer, Rect r, ImGuiID list) {
  const theme::Palette& c = theme::colors();
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect row = inset(r, 16, 0);
  if (!answer.target.empty()) {
    const float width = text_width(answer.target, theme::mono) + 16;
    const Rect badge = middle(cut_right(row, width, 8), 24);
    fill(badge, c.bg_sunken, 5);
    draw_text(badge.x + 8, badge.center_y(), answer.target, theme::mono, c.text_secondary);
  }
  draw_icon(row.x + 8, row.center_y(), icons::chevron_right, 16, c.accent_text);
  row.x += 28;
  row.w -= 28;
  std::string text = state.palette.text;
  TextFieldOptions options;
  options.name = "Command";
  options.placeholder =
      state.palette.argument_command.empty() ? "Type a command, an issue or a place" : "Choose";
  options.takes_focus = true;
  options.is_bare = true;
  options.style = theme::title_input;
  options.role = Aria::combobox;
  options.controls = list;
  options.is_expanded = true;
  const TextFieldEvents events = text_field("input", row, text, options);
  if (events.changed) {
    PaletteState next = state.palette;
    next.text = text;
    next.cursor = 0;
    next.error.clear();
    out.change(PaletteChanged{next});
  }
}

void palette_line(const State& state, Outbox& out, const PaletteRow& row, Rect r, std::size_t index) {
  const theme::Palette& c = theme::colors();
  const bool is_cursor = index == state.palette.cursor;
  a11y::Node node;
  node.role = Aria::option;
  node.name = row.text;
  node.selected = is_cursor ? Tri::yes : Tri::no;
  const ItemState item_state = item(id_of(index + 1), r, node, item_no_tab_stop);
  if (is_cursor) {
    fill(r, c.bg_selected, 6);
  } else if (item_state.hovered) {
    fill(r, c.bg_hover, 6);
  }
  float x = r.x + 10;
  if (row.slot != no_slot) {
    const Issue& issue = issue_at(state, row.slot);
    draw_ring(x + 8,
              r.center_y(),
              ring_of(facts_at(state, row.slot).kind),
              15,
              is_cursor ? c.bg_selected : c.bg_raised);
    x += 26;
    draw_text(x, r.center_y(), std::to_string(issue.number), theme::mono, c.text_tertiary);
    x += std::max(36.0f, text_width(std::to_string(issue.number), theme::mono) + 10);
  } else {
    draw_icon(x + 8,
              r.center_y(),
              row.icon.empty() ? icons::chevron_right : icon_named(row.icon),
              16,
              is_cursor ? c.accent_text : c.text_tertiary);
    x += 26;
  }
  float right = r.right() - 10;
  const std::string keys = row.command ? keys_of(row.command->id) : std::string();
  if (!keys.empty() && !is_phone()) {
    right -= keys_width(keys);
    draw_keys(right, r.center_y(), keys);
    right -= 8;
  }
  if (!row.detail.empty()) {
    const float width = std::min(160.0f, text_width(row.detail, theme::small));
    draw_text_in({right - width, r.y, width + 1, r.h}, row.detail, theme::small, c.text_tertiary);
    right -= width + 8;
  }
  const bool is_title = row.kind == PaletteRow::Kind::issue || row.kind == PaletteRow::Kind::create;
  const auto draw = is_title ? draw_matched_title : draw_matched;
  draw(x, r.center_y(), row.text, row.matches, theme::body, c.text_primary, std::max(20.0f, right - x));
  if (item_state.clicked) {
    run_invocation(out, row.invocation);
    out.change(PaletteClosed{});
  }
}

void palette_foot(const State& state, const PaletteAnswer& answer, Rect r) {
  const theme::Palette& c = theme::colors();
  fill(r, c.bg_inset, 12, ImDrawFlags_RoundCornersBottom);
  horizontal_line(r.x, r.y, r.w, c.border_subtle);
  Rect row = inset(r, 14, 0);
  if (!state.palette.error.empty()) {
    draw_icon(row.x + 7, row.center_y(), icons::circle_alert, 13, c.signal_danger);
    draw_text_in({row.x + 20, row.y, row.w - 20, row.h}, state.palette.error, theme::small, c.signal_danger);
    mirror(id_of("error"), row, {.role = Aria::alert, .name = state.palette.error});
    return;
  }
  const std::string found = std::to_string(answer.shown) + " of " + std::to_string(answer.considered);
  draw_text_in(row, found, theme::small, c.text_tertiary, Align::right);
  float x = row.x;
  const float end = row.right() - 90;
  for (const auto& [key, word] : {std::pair{">", "commands"},
                                  std::pair{"#", "issues"},
                                  std::pair{"/", "query"},
                                  std::pair{"@", "projects"},
                                  std::pair{"?", "help"}}) {
    if (x + 80 > end) break;
    x += draw_keys(x, row.center_y(), key) + 5;
    x += draw_text(x, row.center_y(), word, theme::small, c.text_tertiary) + 14;
  }
}

}  // namespace

void palette_popup(const State& state, Outbox& out) {
  if (!state.palette.is_open) return;
  const theme::Palette& c = theme::colors();
  leave_tab_to_keymap();
  const Layer layer("palette", LayerKind::modal, window_rect());
  const IdScope ids("palette");
  const Rect window = window_rect();
  fill(window, c.bg_scrim);
  const PaletteAnswer answer = palette_answer(state);
  float content = 12;
  for (const PaletteSection& section : answer.sections) {
    content += section_height + theme::palette_row_height * static_cast<float>(section.rows.size());
  }
  const bool phone = is_phone();
  const float top = phone ? 0.0f : std::min(112.0f, window.h * 0.12f);
  const float most = std::min(8 * theme::palette_row_height + 3 * section_height + 12,
                              window.h - top - input_height - foot_height - 24);
  const float list_height =
      phone ? window.h - input_height - foot_height : std::min(std::max(content, 60.0f), most);
  const float width = phone ? window.w : std::min(theme::palette_width, window.w - 24);
  const Rect r{(window.w - width) / 2, top, width, input_height + list_height + foot_height};
  if (layer.is_pressed_outside(r)) out.change(PaletteClosed{});
  popup_box(r, phone ? 0.0f : 12.0f);
  a11y::Node dialog = scope_node(id_of("dialog"), r, Aria::dialog, "Command palette");
  dialog.modal = true;
  const a11y::Scope scope(dialog);
  Rect rest = r;
  const ImGuiID list = id_of("list");
  input_row(state, out, answer, cut_top(rest, input_height), list);
  palette_foot(state, answer, inset(cut_bottom(rest, foot_height), 1, 0));
  const a11y::Scope box(scope_node(list, rest, Aria::listbox, "Results"));
  Scroll scroll("rows", rest, content);
  float y = scroll.top() + 6;
  std::size_t index = 0;
  static std::size_t last_cursor = 0;
  for (const PaletteSection& section : answer.sections) {
    draw_text(rest.x + 16, y + 16, section.title, theme::caption_medium, c.text_tertiary);
    y += section_height;
    for (const PaletteRow& row : section.rows) {
      if (index == state.palette.cursor && last_cursor != index) {
        last_cursor = index;
        scroll.reveal(y - scroll.top() - (index == 0 ? 40 : 0),
                      y - scroll.top() + theme::palette_row_height + 6);
      }
      palette_line(state, out, row, {rest.x + 6, y, rest.w - 12, theme::palette_row_height}, index++);
      y += theme::palette_row_height;
    }
  }
  if (answer.sections.empty()) {
    draw_text_in(
        {rest.x + 16, rest.y + 10, rest.w - 32, 34}, "Nothing is called that", theme::body, c.text_tertiary);
  }
}

}  // namespace dits::web
