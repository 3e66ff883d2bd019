// The rows of a plan: only those that are seen are laid out. Bars are moved by hand here; what that pushes is
// computed anew and drawn in the same frame.
#include "web/theme/icons.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/plan_parts.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

constexpr float head_height = 44;
constexpr float edge_width = 6;

struct BarHits {
  ItemState start;
  ItemState due;
  ItemState link;
  ItemState bar;
  ItemState row;
  ItemState off;  // leads to a bar that is not seen
};

// ---- hits ----

// Nothing that is not on screen is hit.
ItemState hit_seen(const char* name, Rect r) {
  return r.is_empty() ? ItemState{} : hit(id_of(name), r, item_no_tab_stop);
}

void hit_edges(const PlanDraw& draw, Rect r, BarHits& hits) {
  const Rect seen = common(r, draw.place.days);
  hits.start = hit_seen("start", common({r.x, r.y, edge_width, r.h}, seen));
  hits.due = hit_seen("due", common({r.right() - edge_width, r.y, edge_width, r.h}, seen));
  if (hits.start.hovered || hits.start.held || hits.due.hovered || hits.due.held)
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
}

// The bar at `r` of the row `whole`; the edges and the dot lie above it and are asked first.
void hit_bar(const PlanDraw& draw, const PlanBar& bar, Rect r, Rect whole, BarHits& hits) {
  const Rect days = draw.place.days;
  if (!is_phone()) {
    if (bar.length() > 0 && r.w > 3 * edge_width) hit_edges(draw, r, hits);
    if (is_hovered(whole) && !is_dragged(draw.state))
      hits.link = hit_seen("link", common({r.right(), r.y, 16, r.h}, days));
  }
  const Rect seen = common(r, days);
  hits.bar = hit_seen("bar", seen);
  if (!seen.is_empty()) return;
  const float x = r.x < days.x ? days.x + 4 : days.right() - 26;
  hits.off = hit(id_of("off"), {x, r.y, 22, r.h}, item_no_tab_stop);
}

BarHits hit_row(const PlanDraw& draw, const PlanRow& row, Rect whole) {
  const IdScope ids(static_cast<std::uint64_t>(draw.shown.net.bars[row.bar].slot) + 1);
  const BarTimes& time = draw.shown.times.bars[row.bar];
  const PlanBar& bar = draw.shown.net.bars[row.bar];
  BarHits hits;
  if (bar.has_days) hit_bar(draw, bar, draw.place.bar(time, whole.y), whole, hits);
  hits.row = hit(id_of("row"), whole, item_no_tab_stop);
  return hits;
}

void put_cursor(const PlanDraw& draw, IssueId id, bool wants_bar) {
  PlanState plan = draw.state.plan;
  plan.issue = id;
  plan.wants_bar = wants_bar;
  draw.out.change(RegionFocused{Region::body});
  draw.out.change(PlanChanged{plan});
}

void act_on_item(const PlanDraw& draw, const ItemState& hit, IssueId id) {
  const ImGuiIO& io = ImGui::GetIO();
  // A release that ends a pull of days or bars is no press.
  if (is_dragged(draw.state) || (ImGui::IsMouseReleased(0) && io.MouseDragMaxDistanceSqr[0] > 16)) return;
  if (const Issue* issue = find_issue(draw.state.entities, id);
      issue != nullptr && open_tab_by_click(draw.out, hit, *issue))
    return;
  if (hit.context) {
    put_cursor(draw, id, false);
    draw.out.run_at(mouse().x, mouse().y, "menu.open");
  } else if (hit.double_clicked || (hit.clicked && is_phone())) {
    draw.out.run("issue.open", {}, {id});
  } else if (hit.clicked && io.KeyShift) {
    draw.out.change(SelectionToggled{id});
  } else if (hit.clicked) {
    put_cursor(draw, id, false);
  }
}

void act_on_row(const PlanDraw& draw, const BarHits& hits, std::uint32_t bar) {
  const IssueId id = issue_at(draw.state, draw.shown.net.bars[bar].slot).id;
  for (const ItemState& item : {hits.start, hits.due, hits.bar, hits.row}) act_on_item(draw, item, id);
  if (hits.off.clicked) put_cursor(draw, id, true);
  if (is_dragged(draw.state)) return;
  if (begins_drag(hits.start)) begin_plan_drag(draw, bar, DragPart::start);
  if (begins_drag(hits.due)) begin_plan_drag(draw, bar, DragPart::due);
  if (begins_drag(hits.link)) begin_plan_drag(draw, bar, DragPart::link);
  if (begins_drag(hits.bar)) begin_plan_drag(draw, bar, DragPart::whole);
  // The days are pulled along by what is between the bars.
  const ImGuiIO& io = ImGui::GetIO();
  if (is_dragging(hits.row) && draw.place.days.contains(io.MouseClickedPos[0]) && io.MouseDelta.x != 0)
    move_middle(
        draw.state, draw.out, draw.place.middle() - static_cast<double>(io.MouseDelta.x / draw.place.scale));
}

// ---- drawing ----

// Right of a bar: the day of one that has but one, and the dot from which a link is pulled.
void draw_bar_end(const BarTimes& time, const PlanBar& bar, Rect r, const BarHits& hits) {
  const theme::Palette& c = theme::colors();
  const bool shows_dot = hits.link.hovered || (hits.link.id != 0 && (hits.row.hovered || hits.bar.hovered));
  if (time.begin == time.end && bar.has_days) {
    const CivilDate day = civil_from_date(Date{time.end - 1});
    const std::string words = std::to_string(day.day) + ' ' + std::string(month_name(day.month));
    draw_text(r.right() + (shows_dot ? 16.0f : 6.0f), r.center_y(), words, theme::small, c.text_secondary);
  }
  if (!shows_dot) return;
  const ImVec2 dot{r.right() + 7, r.center_y()};
  canvas().AddCircleFilled(dot, 4, hits.link.hovered ? c.accent_base : c.bg_raised);
  canvas().AddCircle(dot, 4, c.accent_base, 0, 1.5f);
}

// At the edge of the days: the bar lies beyond.
void draw_off_sign(const PlanDraw& draw, Rect r, bool is_hovered) {
  const theme::Palette& c = theme::colors();
  const bool is_before = r.x < draw.place.days.x;
  const float x = is_before ? draw.place.days.x + 15 : draw.place.days.right() - 15;
  draw_icon(x,
            r.center_y(),
            is_before ? icons::chevron_left : icons::chevron_right,
            14,
            is_hovered ? c.text_primary : c.text_tertiary);
}

void draw_bar_row(const PlanDraw& draw, const PlanRow& row, const BarHits& hits, Rect whole) {
  const theme::Palette& c = theme::colors();
  const PlanNet& net = draw.shown.net;
  const BarTimes& time = draw.shown.times.bars[row.bar];
  if (!time.is_placed) return;
  const PlanBar& bar = net.bars[row.bar];
  const Rect r = draw.place.bar(time, whole.y);
  const bool is_moved = draw.shown.is_moved(row.bar);
  if (is_moved) {
    BarTimes before;
    before.begin = bar.begin;
    before.end = bar.end;
    dashed_outline(draw.place.bar(before, whole.y), c.border_strong, 4, 1);
  }
  const bool is_held = is_moved && !draw.shown.drag.moves.empty() && draw.shown.drag.moves[0].bar == row.bar;
  const bool is_late = !bar.is_closed && bar.has_days && time.end <= draw.state.today.days;
  draw_plan_bar(draw.shown, row.bar, r, {is_held, is_late, done_part(draw.state, bar.slot)});
  if (draw.over == row.bar) outline(inset(r, -3), draw.is_circle ? c.signal_danger : c.accent_base, 6, 2);
  draw_bar_end(time, bar, r, hits);
  if (hits.off.id != 0) draw_off_sign(draw, r, hits.off.hovered);
}

void tell_bar(const PlanDraw& draw, const BarHits& hits, std::uint32_t bar, Rect whole) {
  if (is_dragged(draw.state)) return;
  const Rect r = common(draw.place.bar(draw.shown.times.bars[bar], whole.y), draw.place.days);
  if (hits.link.hovered) tooltip(hits.link, r, "Drag to what this blocks", "r b");
  for (const ItemState& item : {hits.bar, hits.start, hits.due, hits.off}) {
    if (item.hovered) tooltip(item, r, bar_words(draw.state, draw.shown, bar));
  }
}

// Number, ring and title; the dot of the critical path at the right.
void draw_name(const PlanDraw& draw, const PlanRow& row, Rect r, ImU32 behind) {
  const theme::Palette& c = theme::colors();
  const PlanBar& bar = draw.shown.net.bars[row.bar];
  const Issue& issue = issue_at(draw.state, bar.slot);
  const IssueFacts& facts = facts_at(draw.state, bar.slot);
  Rect rest = inset(r, 8, 0);
  if (draw.names == 0) {
    // Above the bars: days and arrows pass behind it.
    const float width = std::min(rest.w, 64 + title_width(issue.title, theme::body));
    fill({rest.x, r.y + 3, width, r.h - 6}, theme::with_alpha(behind, 0.9f), 4);
  }
  const std::string number = issue.number > 0 ? std::to_string(issue.number) : "new";
  draw_text_in(cut_left(rest, 34, 7), number, theme::mono_small, c.text_tertiary, Align::right);
  const Rect sign = cut_left(rest, 14, 7);
  if (is_selected(draw.state, bar.slot)) {
    draw_icon(sign.center_x(), r.center_y(), icons::check, 14, c.accent_text);
  } else {
    draw_ring(sign.center_x(), r.center_y(), ring_of(facts.kind), 14, behind);
  }
  if (draw.shown.times.bars[row.bar].is_critical) {
    const Rect dot = cut_right(rest, 10, 2);
    canvas().AddCircleFilled({dot.center_x(), r.center_y()}, 3, c.status_progress);
  }
  if (facts.is_pending) {
    const Rect cloud = cut_right(rest, 14, 4);
    draw_icon(cloud.center_x(), r.center_y(), icons::cloud_upload, 12, c.text_tertiary);
  }
  title_line(rest, issue.title, theme::body, facts.is_closed ? c.text_tertiary : c.text_primary);
}

// Where a row's name stands.
Rect name_place(const PlanDraw& draw, Rect whole) {
  if (draw.names > 0) return {whole.x, whole.y, draw.names, whole.h};
  return {whole.x, whole.y + 2, whole.w, 26};
}

std::string head_name(const State& state, const PlanRow& row) {
  const Project* project = find_project(state.entities, row.project);
  return project != nullptr ? project->name : "No project";
}

void draw_head_row(const PlanDraw& draw, const PlanRow& row, Rect r) {
  const theme::Palette& c = theme::colors();
  fill(r, c.bg_panel);
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  float x = r.x + 14;
  const std::string name = head_name(draw.state, row);
  if (row.project.is_set()) {
    const Progress progress = project_progress(draw.state, row.project);
    const float total = static_cast<float>(std::max(1u, progress.total()));
    draw_progress_ring(x + 7, r.center_y(), static_cast<float>(progress.closed) / total, 14);
    x += 22;
  }
  x += draw_text(x, r.center_y(), name, theme::small_strong, c.text_primary) + 8;
  draw_text(x, r.center_y(), std::to_string(row.count), theme::mono_small, c.text_tertiary);
}

void mirror_row(const PlanDraw& draw, const PlanRow& row, const BarHits& hits, std::size_t at, Rect whole) {
  const State& state = draw.state;
  const IdScope ids(static_cast<std::uint64_t>(draw.shown.net.bars[row.bar].slot) + 1);
  const Slot slot = draw.shown.net.bars[row.bar].slot;
  const std::string name = issue_name(issue_at(state, slot));
  const bool is_cursor = at == state.plan.row && !is_phone();
  a11y::Node node = scope_node(id_of("line"), whole, Aria::row, name);
  node.selected = is_cursor || is_selected(state, slot) ? Tri::yes : Tri::no;
  node.row_index = static_cast<int>(at) + 1;
  const a11y::Scope scope(node);
  a11y::Node cell;
  cell.role = Aria::gridcell;
  cell.name = name;
  cell.description = bar_description(state, draw.shown, row.bar);
  cell.focused = is_cursor && state.region == Region::body;
  cell.column_index = 1;
  mirror(hits.row, name_place(draw, whole), cell);
  const ItemState& bar = hits.bar.id != 0 ? hits.bar : hits.off;
  if (bar.id == 0) return;
  const Rect r = common(draw.place.bar(draw.shown.times.bars[row.bar], whole.y), draw.place.days);
  const float off_x = draw.place.bar(draw.shown.times.bars[row.bar], whole.y).x < draw.place.days.x
                          ? draw.place.days.x + 4
                          : draw.place.days.right() - 26;
  const Rect seen = hits.bar.id != 0 ? r : Rect{off_x, whole.y + draw.place.bar_top, 22, plan_bar_height};
  a11y::Node line;
  line.role = Aria::gridcell;
  line.name = number_text(issue_at(state, slot)) + ": " + plan_days_words(draw.shown.times.bars[row.bar]);
  line.column_index = 2;
  mirror(bar, seen, line);
}

void draw_bars(const PlanDraw& draw, const std::vector<BarHits>& hits, std::size_t first) {
  const std::size_t last = first + hits.size();
  const Rect days = draw.place.days;
  const ClipScope clip(days);
  plan_arrows(draw.shown, draw.place, first, last);
  for (std::size_t at = first; at < last; ++at) {
    const PlanRow& row = draw.shown.net.rows[at];
    if (!row.is_head()) draw_bar_row(draw, row, hits[at - first], draw.row(at));
  }
  const float today = draw.place.x_of(draw.state.today.days + 0.5);
  fill({today - 0.75f, days.y, 1.5f, days.h}, theme::colors().accent_base);
}

void draw_line(const PlanDraw& draw, const BarHits& hits, std::size_t at) {
  const theme::Palette& c = theme::colors();
  const PlanRow& row = draw.shown.net.rows[at];
  const Rect whole = draw.row(at);
  if (row.is_head()) {
    const IdScope ids(at + 1);
    const std::string name = head_name(draw.state, row);
    draw_head_row(draw, row, whole);
    const a11y::Scope scope(scope_node(id_of("head"), whole, Aria::row, name));
    mirror(id_of("name"), whole, {.role = Aria::rowheader, .name = name});
    return;
  }
  const bool is_cursor = at == draw.state.plan.row && !is_phone();
  draw_name(draw, row, name_place(draw, whole), is_cursor ? c.bg_selected : c.bg_canvas);
  mirror_row(draw, row, hits, at, whole);
  tell_bar(draw, hits, row.bar, whole);
}

// Answers presses of the rows that are seen, and lights the one under the cursor or the pointer.
std::vector<BarHits> hit_rows(const PlanDraw& draw, std::size_t first) {
  const theme::Palette& c = theme::colors();
  const State& state = draw.state;
  std::vector<BarHits> hits;
  for (std::size_t at = first; at < draw.shown.net.rows.size(); ++at) {
    const Rect whole = draw.row(at);
    if (whole.y >= draw.body.bottom()) break;
    const PlanRow& row = draw.shown.net.rows[at];
    hits.emplace_back();
    if (row.is_head()) continue;
    hits.back() = hit_row(draw, row, whole);
    if (at == state.plan.row && !is_phone()) {
      fill(whole,
           theme::with_alpha(state.region == Region::body ? c.bg_selected : c.bg_selected_idle, 0.75f));
    } else if (hits.back().row.hovered || hits.back().bar.hovered) {
      fill(whole, c.bg_hover);
    }
    act_on_row(draw, hits.back(), row.bar);
  }
  return hits;
}

void reveal_cursor(const State& state, const PlanPlace& place, Scroll& scroll) {
  static std::uint32_t shown_row = no_bar;
  if (shown_row != state.plan.row) {
    const float top = place.offset_of(state.plan.row);
    // The head above the first bar comes along.
    scroll.reveal(state.plan.row == 1 ? 0 : top, top + place.row_height);
  }
  shown_row = state.plan.row;
}

}  // namespace

Rect PlanDraw::row(std::size_t at) const {
  const Rect line = place.row(at);
  return {body.x, line.y, body.w, line.h};
}

PlanShown plan_rows(const State& state, Outbox& out, Rect r, float names) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("plan");
  const PlanNet& net = state.list.net;
  a11y::Node grid = scope_node(id_of("grid"), r, Aria::grid, "Timeline, " + plan_counts(net));
  grid.row_count = static_cast<int>(net.rows.size());
  grid.column_count = 2;
  const a11y::Scope scope(grid);
  Rect body = r;
  const Rect head = cut_top(body, head_height);
  PlanPlace place = place_plan(state, out, {body.x + names, body.y, body.w - names, body.h}, names);
  const BoardDrag drag = held_plan_drag(state, place);
  const PlanShown shown = shown_plan(state, drag);
  {
    Scroll scroll("rows", body, place.offset_of(net.rows.size()) + (names == 0 ? 80.0f : 8.0f));
    reveal_cursor(state, place, scroll);
    place.top = scroll.top();
    PlanDraw draw{state, out, shown, place, body, names};
    find_link_target(draw, drag);
    {
      const ClipScope clip(place.days);
      plan_grid(place, state.route.zoom, place.days);
    }
    const std::size_t first = place.row_at(body.y);
    const std::vector<BarHits> hits = hit_rows(draw, first);
    draw_bars(draw, hits, first);
    for (std::size_t at = 0; at < hits.size(); ++at) draw_line(draw, hits[at], first + at);
    if (names > 0) vertical_line(place.days.x - 1, body.y, body.h, c.border_default);
    if (is_dragged(state)) follow_plan_drag(draw, drag);
  }
  fill(head, c.bg_canvas);
  plan_head(place, state.route.zoom, state.today, {place.days.x, head.y, place.days.w, head.h});
  horizontal_line(head.x, head.bottom() - 1, head.w, c.border_default);
  return shown;
}

}  // namespace dits::web
