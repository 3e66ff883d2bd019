// The choices at the caret: a list below the line that is written, without a keyboard of its own.
#include <algorithm>
#include <cmath>

#include "web/commands/caret_menu.hpp"
#include "web/store/layers.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/popups.hpp"

namespace dits::web {

namespace {

constexpr float menu_width = 320;

std::string_view title_of_sign(char sign) {
  switch (sign) {
    case '#':
      return "Mention an issue";
    case '@':
      return "Write a date";
    case ':':
      return "Emoji";
    default:
      return "Insert a block";
  }
}

void caret_row(const State& state, Outbox& out, const CaretRow& row, Rect r, std::size_t index) {
  const theme::Palette& c = theme::colors();
  const bool is_cursor = index == state.caret_menu.cursor;
  a11y::Node node;
  node.role = Aria::option;
  node.name = row.text;
  node.selected = is_cursor ? Tri::yes : Tri::no;
  const ItemState item_state = item(id_of(index + 1), r, node, item_no_tab_stop | item_on_press);
  if (is_cursor) {
    fill(r, c.bg_selected, 6);
  } else if (item_state.hovered) {
    fill(r, c.bg_hover, 6);
  }
  float x = r.x + 10;
  if (row.slot != no_slot) {
    const Issue& issue = issue_at(state, row.slot);
    const ImU32 behind = is_cursor ? c.bg_selected : c.bg_raised;
    draw_ring(x + 7.5f, r.center_y(), ring_of(facts_at(state, row.slot).kind), 14, behind);
    x += 25;
    x += draw_text(x, r.center_y(), std::to_string(issue.number), theme::mono, c.text_tertiary) + 8;
  } else if (!row.emoji.empty()) {
    draw_text(x, r.center_y(), row.emoji, theme::body, c.text_primary);
    x += 26;
  } else {
    draw_icon(x + 7.5f, r.center_y(), icon_named(row.icon), 15, c.text_secondary);
    x += 25;
  }
  float right = r.right() - 10;
  if (!row.detail.empty()) {
    const float width = std::min(120.0f, text_width(row.detail, theme::small));
    draw_text_in({right - width, r.y, width + 1, r.h}, row.detail, theme::small, c.text_tertiary);
    right -= width + 8;
  }
  const auto draw = row.slot != no_slot ? draw_matched_title : draw_matched;
  draw(x,
       r.center_y(),
       row.text,
       row.matches,
       is_phone() ? theme::touch_body : theme::body,
       c.text_primary,
       std::max(20.0f, right - x));
  if (item_state.clicked) out.run("caret.take", static_cast<std::int64_t>(index));
}

}  // namespace

void follow_caret(const State& state, Outbox& out, const TextAreaEvents& events, std::string_view text) {
  const CaretMenu& before = state.caret_menu;
  const bool is_known = before.sign != 0 || before.is_put_away;
  if (!events.focused || !(events.changed || (events.caret_moved && is_known))) return;
  CaretMenu menu = caret_menu_for(state, text, events.caret);
  // A caret that only moves calls for nothing new.
  if (!events.changed && menu.begin != before.begin) menu = {};
  if (menu.sign == 0 && !menu.is_put_away && !is_known) return;
  if (menu.sign != 0 && menu.line_height == 0) {
    const LongTextCaret place = caret_of_text_area(events);
    menu.x = place.place.x;
    menu.y = place.place.y;
    menu.line_height = place.line_height;
  }
  out.change(CaretMenuChanged{std::move(menu)});
}

void caret_menu_popup(const State& state, Outbox& out) {
  if (top_part(state) != Part::menu) return;
  const CaretMenu& menu = state.caret_menu;
  const std::vector<CaretRow> rows = caret_rows(state, menu);
  if (rows.empty()) return;
  const Rect window = window_rect();
  const float row_height = is_phone() ? 44.0f : theme::menu_item_height;
  const float height = row_height * static_cast<float>(rows.size()) + 10;
  const float width = std::min(menu_width, window.w - 16);
  const float below = menu.y + menu.line_height + 4;
  const bool has_room = below + height <= window.h - 8;
  const Rect r{std::clamp(menu.x - 10, 8.0f, window.w - width - 8),
               has_room ? below : std::max(8.0f, menu.y - 4 - height),
               width,
               height};
  const Layer layer("caret-menu", LayerKind::floating, inset(r, -16));
  const IdScope ids("caret-menu");
  popup_box(r);
  const a11y::Scope scope(scope_node(id_of("rows"), r, Aria::listbox, title_of_sign(menu.sign)));
  Rect rest = inset(r, 5);
  for (std::size_t at = 0; at < rows.size(); ++at)
    caret_row(state, out, rows[at], cut_top(rest, row_height), at);
}

}  // namespace dits::web
