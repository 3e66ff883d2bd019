// What can be started, what unblocks most first: beside the bars, on a phone in a sheet.
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/plan_parts.hpp"
#include "web/ui/plan_screen.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

constexpr float next_row_height = 44;

std::string unblocks_words(const NextStart& next) {
  if (next.unblocks == 0) return "unblocks nothing";
  const std::string count = next.unblocks == most_waiting ? std::to_string(most_waiting) + " or more"
                                                          : std::to_string(next.unblocks);
  return "unblocks " + count;
}

void next_row(const State& state, Outbox& out, const NextStart& next, Rect r, bool is_cursor) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(static_cast<std::uint64_t>(next.slot) + 1);
  const Issue& issue = issue_at(state, next.slot);
  a11y::Node node;
  node.role = Aria::option;
  node.name = issue_name(issue);
  node.description = unblocks_words(next);
  node.selected = is_cursor || is_selected(state, next.slot) ? Tri::yes : Tri::no;
  node.focused = is_cursor;
  const ItemState press = item(id_of("row"), r, node, item_no_tab_stop);
  if (is_cursor || is_selected(state, next.slot)) fill(r, c.bg_selected, 6);
  if (press.hovered) fill(r, c.bg_hover, 6);
  if (is_cursor) outline(r, c.focus_ring, 6, 2);
  draw_ring(r.x + 15, r.y + 15, ring_of(facts_at(state, next.slot).kind), 14, c.bg_inset);
  const float x = r.x + 30;
  title_line({x, r.y + 5, r.w - 38, 20}, issue.title, theme::body, c.text_primary);
  const std::string words = number_text(issue) + "  " + unblocks_words(next);
  draw_text(x, r.y + 32, words, theme::small, next.unblocks > 0 ? c.text_secondary : c.text_tertiary);
  if (open_tab_by_click(out, press, issue)) return;
  if (press.double_clicked || (press.clicked && is_phone())) return out.run("issue.open", {}, {issue.id});
  if (!press.clicked && !press.context) return;
  PlanState plan = state.plan;
  plan.next_issue = issue.id;
  plan.issue = issue.id;
  plan.wants_bar = true;
  out.change(RegionFocused{Region::detail});
  out.change(PlanChanged{plan});
  if (press.context) out.run_at(mouse().x, mouse().y, "menu.open");
}

}  // namespace

void next_rows(const State& state, Outbox& out, Rect r, float row_height) {
  const std::vector<NextStart>& next = state.list.net.next;
  const a11y::Scope list(scope_node(id_of("list"), r, Aria::listbox, "Next to start"));
  Scroll scroll("rows", r, row_height * static_cast<float>(next.size()) + 8);
  static IssueId shown;
  const bool has_keys = is_in_next(state) && !is_phone();
  for (std::size_t at = 0; at < next.size(); ++at) {
    const float top = row_height * static_cast<float>(at);
    const bool is_cursor = has_keys && issue_at(state, next[at].slot).id == state.plan.next_issue;
    if (is_cursor && shown != state.plan.next_issue) scroll.reveal(top, top + row_height);
    const Rect place{r.x + 8, scroll.top() + top, r.w - 16, row_height};
    if (place.bottom() < r.y || place.y > r.bottom()) continue;
    next_row(state, out, next[at], place, is_cursor);
  }
  shown = has_keys ? state.plan.next_issue : IssueId{};
}

void plan_next(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("plan-next");
  const a11y::Scope scope(scope_node(id_of("side"), r, Aria::complementary, "Next to start"));
  fill(r, c.bg_inset);
  vertical_line(r.x, r.y, r.h, c.border_default);
  Rect rest = r;
  const Rect head = cut_top(rest, theme::pane_header_height);
  Rect bar{head.x + 14, head.y, head.w - 22, head.h};
  if (icon_button_right(bar, "close", icons::panel_right_close, "Close what comes next", {.keys = "]"}))
    out.run("view.detail");
  const float width = draw_text(bar.x, bar.center_y(), "Next to start", theme::body_strong, c.text_primary);
  const std::string count = std::to_string(state.list.net.next.size());
  draw_text(bar.x + width + 8, bar.center_y(), count, theme::mono_small, c.text_tertiary);
  mirror(id_of("title"), bar, {.role = Aria::heading, .name = "Next to start, " + count, .level = 2});
  if (state.list.net.next.empty()) {
    draw_wrapped(rest.x + 16,
                 rest.y + 4,
                 rest.w - 32,
                 "Everything here is held up, begun or done.",
                 theme::small,
                 c.text_tertiary);
    return;
  }
  next_rows(state, out, rest, next_row_height);
}

}  // namespace dits::web
