// Columns are the list's groups. Where a card lies follows from the titles above it; that is kept until the
// state changes, so that a column of thousands costs what is seen of it.
#include "web/ui/board_screen.hpp"

#include <array>
#include <cmath>
#include <unordered_map>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/header.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/issue_row.hpp"
#include "web/ui/query_bar.hpp"
#include "web/ui/titles.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

constexpr float card_gap = 7;
constexpr float column_header = 36;

struct CardHeight {
  float width = 0;
  std::int64_t version = -1;
  int fonts = -1;
  float height = 0;
};
std::unordered_map<Slot, CardHeight> card_heights;

bool has_third_line(const State& state, Slot slot, const Issue& issue) {
  return !issue.label_ids.empty() || issue.due_date || sub_issue_progress(state, slot).total() > 0;
}

float card_height(const State& state, Slot slot, float width) {
  const Issue& issue = issue_at(state, slot);
  CardHeight& kept = card_heights[slot];
  if (kept.width != width || kept.version != issue.version || kept.fonts != theme::fonts_version()) {
    const float text = title_height(width - 23, issue.title, theme::body, 3);
    kept = {width,
            issue.version,
            theme::fonts_version(),
            9 + 16 + 4 + text + (has_third_line(state, slot, issue) ? 8 + 18.0f : 0.0f) + 9};
  }
  return kept.height;
}

bool is_dragged(const State& state, IssueId id) {
  return std::find(state.drag.issues.begin(), state.drag.issues.end(), id) != state.drag.issues.end();
}

struct CardLook {
  bool is_cursor = false;
  bool is_selected = false;
  bool is_lifted = false;
};

void draw_card(const State& state, Slot slot, Rect r, const CardLook& look) {
  const theme::Palette& c = theme::colors();
  const Issue& issue = issue_at(state, slot);
  const IssueFacts& facts = facts_at(state, slot);
  if (look.is_lifted) shadow(r, 6);
  fill(r, look.is_selected ? c.bg_selected : c.bg_raised, 6);
  if (const ImU32 signal = signal_color(signal_of(state, slot))) {
    const ClipScope clip({r.x, r.y, theme::signal_width, r.h});
    fill({r.x, r.y, 12, r.h}, signal, 6);
  }
  if (look.is_cursor) {
    outline(inset(r, -1), c.focus_ring, 7, 2);
  } else {
    outline(r, look.is_lifted ? c.accent_base : c.border_default, 6);
  }
  const float left = r.x + 13;
  const float right = r.right() - 10;
  float y = r.y + 9 + 8;
  draw_bars(left + 7, y, bars_of(issue.priority));
  draw_text(left + 21,
            y,
            issue.number > 0 ? std::to_string(issue.number) : "new",
            theme::mono_small,
            c.text_tertiary);
  float x = right;
  const auto sign = [&](const char* icon, ImU32 color) {
    draw_icon(x - 6.5f, y, icon, 13, color);
    x -= 20;
  };
  if (facts.git & git_pull_request) {
    sign(icons::git_pull_request, c.status_review);
  } else if (facts.git & git_branch) {
    sign(icons::git_branch, c.text_tertiary);
  } else if (facts.git & git_commit) {
    sign(icons::git_commit_horizontal, c.text_tertiary);
  }
  if (is_blocked(state, slot)) sign(icons::octagon_minus, c.signal_danger);
  if (facts.is_pending) sign(icons::cloud_upload, c.text_tertiary);
  y = r.y + 9 + 16 + 4;
  y += draw_title({left, y, right - left, 0},
                  issue.title,
                  theme::body,
                  facts.is_closed ? c.text_secondary : c.text_primary,
                  3);
  if (!has_third_line(state, slot, issue)) return;
  y += 8 + 9;
  const DueLabel due = due_label(state, issue);
  const bool is_strong = due.tone == DueTone::overdue || due.tone == DueTone::today;
  const auto due_style = is_strong ? theme::small_medium : theme::small;
  float end = right - text_width(due.text, due_style);
  draw_text(end, y, due.text, due_style, due_color(due.tone));
  const Progress progress = sub_issue_progress(state, slot);
  if (progress.total() > 0) {
    end -= 9 + 16 +
           text_width(std::to_string(progress.closed) + '/' + std::to_string(progress.total()),
                      theme::mono_small);
    draw_sub_issue_count(end, y, progress);
  }
  draw_chips(left, y, end - 8, labels_of(state, issue));
}

void begin_drag(const State& state, Outbox& out, Slot slot) {
  BoardDrag drag;
  if (is_selected(state, slot)) {
    for (const Slot each : state.list.selected) drag.issues.push_back(issue_at(state, each).id);
  } else {
    drag.issues.push_back(issue_at(state, slot).id);
  }
  out.change(DragChanged{std::move(drag)});
}

void card(const State& state, Outbox& out, Slot slot, Rect r, int position, int set_size) {
  const Issue& issue = issue_at(state, slot);
  const IdScope ids(static_cast<std::uint64_t>(slot) + 1);
  const std::string name = issue_name(issue);
  const bool is_cursor = cursor_slot(state) == slot && state.region == Region::body && !is_phone();
  a11y::Node node;
  node.role = Aria::option;
  node.name = name;
  node.selected = is_selected(state, slot) || is_cursor ? Tri::yes : Tri::no;
  node.position = position;
  node.set_size = set_size;
  const ItemState item_state = item(id_of("card"), r, node, item_no_tab_stop);
  draw_card(state, slot, r, {is_cursor, is_selected(state, slot), false});
  const ImGuiIO& io = ImGui::GetIO();
  if (open_tab_by_click(out, item_state, issue)) {
    // Shift selects.
  } else if (item_state.context) {
    out.change(CursorWent{issue.id});
    out.run_at(mouse().x, mouse().y, "menu.open");
  } else if (item_state.double_clicked || (item_state.clicked && is_phone())) {
    out.change(CursorWent{issue.id});
    out.run("issue.open", {}, {issue.id});
  } else if (item_state.clicked) {
    if (io.KeyShift) {
      out.change(SelectionToggled{issue.id});
    } else {
      out.change(RegionFocused{Region::body});
      out.change(CursorWent{issue.id});
    }
  }
  if (state.drag.issues.empty() && begins_drag(item_state)) begin_drag(state, out, slot);
}

struct Column {
  std::size_t group = 0;
  Rect place;
};

void column_head(const State& state, Outbox& out, const ListGroup& group, Rect r) {
  const theme::Palette& c = theme::colors();
  Rect row = inset(r, 4, 0);
  if (group.kind == GroupKind::status) {
    const std::string name = "New issue in " + group.title;
    if (icon_button_right(row, "add", icons::plus, name, {})) out.run("issue.new", StatusId{group.entity_id});
    const Status* status = find_status(state.entities, StatusId{group.entity_id});
    draw_ring(row.x + 7, row.center_y(), status ? ring_of(status_kind(*status)) : Ring::todo, 14, c.bg_inset);
    row.x += 22;
  } else if (group.kind == GroupKind::priority) {
    draw_bars(row.x + 7, row.center_y(), bars_of(group.priority));
    row.x += 22;
  }
  row.w = r.right() - row.x - 34;
  bool is_cut = false;
  const std::string_view title = fitting_prefix(group.title, theme::small_strong, row.w - 30, is_cut);
  const float width = draw_text(row.x, row.center_y(), title, theme::small_strong, c.text_primary);
  draw_text(
      row.x + width + 8, row.center_y(), std::to_string(group.count), theme::mono_small, c.text_tertiary);
}

// Where the cards of a column begin, from its top; one more for the end. Kept until the state or the width
// changes.
struct ColumnLayout {
  std::uint64_t revision = 0;
  float width = 0;
  std::vector<float> tops;
};
std::unordered_map<std::string, ColumnLayout> layouts;

const std::vector<float>& card_tops(const State& state, const ListGroup& group, float width) {
  ColumnLayout& layout = layouts[group.key];
  if (layout.revision != state.revision || layout.width != width || layout.tops.size() != group.count + 1) {
    layout = {state.revision, width, {}};
    layout.tops.reserve(group.count + 1);
    float y = 1;
    for (std::uint32_t i = 0; i < group.count; ++i) {
      layout.tops.push_back(y);
      y += card_height(state, state.list.result.rows[group.first + i], width) + card_gap;
    }
    layout.tops.push_back(y);
  }
  return layout.tops;
}

// The card that ends below `y`.
std::uint32_t card_at(const std::vector<float>& tops, float y) {
  const auto above = std::upper_bound(tops.begin(), tops.end(), y);
  return above == tops.begin() ? 0 : static_cast<std::uint32_t>(above - tops.begin() - 1);
}

// Before which card one falls that is let go at `y`.
std::uint32_t drop_index(const std::vector<float>& tops, float y) {
  const auto count = static_cast<std::uint32_t>(tops.size() - 1);
  const std::uint32_t at = std::min(card_at(tops, y), count);
  if (at >= count) return count;
  return y < (tops[at] + tops[at + 1]) / 2 ? at : at + 1;
}

void draw_slot(Rect r) {
  fill(r, theme::with_alpha(theme::colors().bg_raised, 0.55f), 6);
  dashed_outline(r, theme::colors().accent_base, 6);
}

void tell_target(const State& state, Outbox& out, std::size_t group, std::uint32_t index) {
  const BoardDrag& now = state.drag;
  if (now.has_target && now.over_group == group && now.over_index == index) return;
  BoardDrag drag = now;
  drag.has_target = true;
  drag.over_group = static_cast<std::uint32_t>(group);
  drag.over_index = index;
  out.change(DragChanged{std::move(drag)});
}

void reveal_cursor(
    const State& state, Outbox& out, const ListGroup& group, const std::vector<float>& tops, Scroll& scroll) {
  if (!state.list.scroll_to_cursor) return;
  const Slot slot = cursor_slot(state);
  for (std::uint32_t i = 0; i < group.count; ++i) {
    if (state.list.result.rows[group.first + i] != slot) continue;
    scroll.reveal(tops[i] - 8, tops[i + 1] + 8);
    out.change(ScrollDone{});
    return;
  }
}

void draw_column(const State& state, Outbox& out, const Column& column) {
  const theme::Palette& c = theme::colors();
  const ListGroup& group = state.list.result.groups[column.group];
  const IdScope ids(group.key);
  const Rect r = column.place;
  const bool is_drag = !state.drag.issues.empty();
  const bool is_over = is_drag && is_hovered(r);
  fill(r, is_over ? theme::mix(c.bg_inset, c.accent_tint, 0.4f) : c.bg_inset, 8);
  outline(r, is_over ? c.accent_base : c.border_subtle, 8);
  const std::string name = group.title + ", " + std::to_string(group.count);
  Rect rest = inset(r, 7, 1);
  // The button of the head stands beside the list of cards: a list box holds nothing but options.
  column_head(state, out, group, cut_top(rest, column_header));
  const a11y::Scope scope(scope_node(id_of("column"), rest, Aria::listbox, name));
  const std::vector<float>& tops = card_tops(state, group, rest.w);
  const Slot dragged = is_over ? find_slot(state.entities, state.drag.issues.front()) : no_slot;
  const float slot_height = dragged != no_slot ? card_height(state, dragged, rest.w) + card_gap : 0;
  Scroll scroll("cards", {rest.x - 2, rest.y, rest.w + 4, rest.h}, tops.back() + slot_height + 7);
  reveal_cursor(state, out, group, tops, scroll);
  std::uint32_t index = group.count + 1;
  if (is_over) {
    if (mouse().y < rest.y + 40) scroll.scroll_by(-8);
    if (mouse().y > rest.bottom() - 40) scroll.scroll_by(8);
    index = drop_index(tops, mouse().y - scroll.top());
    tell_target(state, out, column.group, index);
  }
  for (std::uint32_t i = card_at(tops, scroll.offset() - slot_height); i <= group.count; ++i) {
    float y = scroll.top() + tops[i];
    if (y > rest.bottom()) break;
    if (i == index) draw_slot({rest.x, y, rest.w, slot_height - card_gap});
    if (i == group.count) break;
    if (i >= index) y += slot_height;
    const Slot slot = state.list.result.rows[group.first + i];
    const Rect place{rest.x, y, rest.w, tops[i + 1] - tops[i] - card_gap};
    if (is_drag && is_dragged(state, issue_at(state, slot).id)) {
      dashed_outline(place, c.border_default, 6);
    } else {
      card(state, out, slot, place, static_cast<int>(i) + 1, static_cast<int>(group.count));
    }
  }
  if (group.count == 0 && !is_over) {
    draw_text_in({rest.x + 5, rest.y, rest.w - 10, 30}, "Nothing here", theme::small, c.text_tertiary);
  }
}

// The lifted card under the pointer with what letting go will do.
void draw_lifted(const State& state, Outbox& out, float width) {
  const Slot slot = find_slot(state.entities, state.drag.issues.front());
  if (slot == no_slot) return;
  const OnTop on_top;
  const float height = card_height(state, slot, width);
  const Rect r{mouse().x - width * 0.75f, mouse().y - 40, width, height};
  draw_card(state, slot, r, {false, false, true});
  std::string text = "Let go over a column";
  if (state.drag.has_target && state.drag.over_group < state.list.result.groups.size()) {
    text = "Move to " + state.list.result.groups[state.drag.over_group].title;
    if (state.drag.issues.size() > 1)
      text = "Move " + std::to_string(state.drag.issues.size()) + " to " +
             state.list.result.groups[state.drag.over_group].title;
  }
  draw_tip(r.x, r.bottom() + 6, text, "Esc", "cancel");
  if (!ImGui::IsMouseReleased(0)) return;
  if (state.drag.has_target) out.run("board.drop");
  out.change(DragChanged{});  // also when the drop was refused
}

// A ring for each column; the chosen one is shown below.
std::size_t phone_column = 0;

std::size_t phone_tabs(const State& state, Rect r) {
  const theme::Palette& c = theme::colors();
  const std::vector<ListGroup>& groups = state.list.result.groups;
  const Sweep finger = sweep();
  if (finger.phase == Sweep::Phase::ended && std::abs(finger.distance) > 80 && finger.start.y > r.bottom()) {
    if (finger.distance < 0 && phone_column + 1 < groups.size()) ++phone_column;
    if (finger.distance > 0 && phone_column > 0) --phone_column;
  }
  phone_column = std::min(phone_column, groups.size() - 1);
  const a11y::Scope scope(scope_node(id_of("columns"), r, Aria::tablist, "Columns"));
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  const float step = r.w / static_cast<float>(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Rect tab{r.x + step * static_cast<float>(i), r.y, step, r.h};
    a11y::Node node;
    node.role = Aria::tab;
    node.name = groups[i].title;
    node.selected = i == phone_column ? Tri::yes : Tri::no;
    const ItemState state_of_tab = item(id_of(i + 1), tab, node);
    if (state_of_tab.clicked) phone_column = i;
    const Status* status = find_status(state.entities, StatusId{groups[i].entity_id});
    draw_ring(tab.center_x() - 10,
              tab.center_y(),
              status ? ring_of(status_kind(*status)) : Ring::todo,
              18,
              c.bg_canvas);
    draw_text(tab.center_x() + 4,
              tab.center_y(),
              std::to_string(groups[i].count),
              theme::mono_small,
              c.text_tertiary);
    if (i == phone_column) fill({tab.center_x() - 16, tab.bottom() - 2, 32, 2}, c.accent_base);
  }
  return phone_column;
}

}  // namespace

void board(const State& state, Outbox& out, Rect r) {
  const IdScope ids("board");
  const std::vector<ListGroup>& groups = state.list.result.groups;
  if (groups.empty() || (state.list.result.rows.empty() && groups.size() <= 1)) {
    empty_list(state, out, r);
    return;
  }
  const a11y::Scope scope(scope_node(id_of("board"), r, Aria::main, "Board"));
  if (is_phone()) {
    Rect rest = r;
    const std::size_t shown = phone_tabs(state, cut_top(rest, 44));
    draw_column(state, out, {shown, inset(rest, 8)});
    return;
  }
  const Rect inner = inset(r, 12);
  const auto count = static_cast<float>(groups.size());
  const float width = std::max(200.0f, std::floor((inner.w - 8 * (count - 1)) / count));
  static float shift = 0;  // sideways, where the columns do not fit
  const float overflow = std::max(0.0f, (width + 8) * count - 8 - inner.w);
  if (is_hovered(r) && ImGui::GetIO().MouseWheelH != 0)
    shift -= ImGui::GetIO().MouseWheelH * 2 * ImGui::GetStyle().FontSizeBase;
  if (!state.drag.issues.empty() && mouse().x > r.right() - 40) shift += 8;
  if (!state.drag.issues.empty() && mouse().x < r.x + 40) shift -= 8;
  shift = std::clamp(shift, 0.0f, overflow);
  const ClipScope clip(r);
  float x = inner.x - shift;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Rect column{x, inner.y, width, inner.h};
    x += width + 8;
    if (column.right() < r.x || column.x > r.right()) continue;
    draw_column(state, out, {i, column});
  }
  if (!state.drag.issues.empty()) draw_lifted(state, out, width - 14);
}

void board_screen(const State& state, Outbox& out, Rect r) {
  Rect rest = r;
  list_header(state, out, cut_top(rest, theme::header_height));
  query_bar(state, out, cut_top(rest, theme::query_bar_height));
  connection_banner(state, out, rest);
  board(state, out, rest);
}

}  // namespace dits::web
