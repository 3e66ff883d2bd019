// For a thumb: the names stand above their bars, a finger pulls the days, what comes next is a sheet.
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/plan_parts.hpp"
#include "web/ui/plan_screen.hpp"

namespace dits::web {

namespace {

const IconButtonOptions big{.size = 44, .icon_size = 19};

bool is_sheet_open = false;

void phone_bar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = inset(r, 2, 0);
  if (icon_button("today", cut_left(bar, 44), icons::calendar_check, "Go to today", big))
    out.run("plan.today");
  if (icon_button("fit", cut_left(bar, 44), icons::maximize, "Fit all bars", big)) out.run("plan.fit");
  if (icon_button("next", cut_right(bar, 44), icons::list_todo, "Next to start", big)) is_sheet_open = true;
  if (icon_button("in", cut_right(bar, 44), icons::zoom_in, "Zoom in", big)) out.run("plan.zoom_in");
  if (icon_button("out", cut_right(bar, 44), icons::zoom_out, "Zoom out", big)) out.run("plan.zoom_out");
  const std::string counts = plan_counts(state.list.net);
  draw_text_in(bar, counts, theme::body_medium, c.text_secondary, Align::center);
  mirror(id_of("counts"), bar, {.role = Aria::heading, .name = counts, .level = 2});
}

}  // namespace

void phone_plan(const State& state, Outbox& out, Rect r) {
  const IdScope ids("plan");
  const a11y::Scope main(scope_node(id_of("main"), r, Aria::main, "Plan"));
  if (state.list.net.rows.empty()) {
    empty_state(r,
                {icons::waypoints,
                 Ring::backlog,
                 theme::colors().text_tertiary,
                 "No dates and no links yet",
                 "Bars are issues with a date"},
                0);
    return;
  }
  Rect rest = r;
  phone_bar(state, out, cut_top(rest, 44));
  (void)plan_rows(state, out, rest, 0);
}

void phone_plan_sheet(const State& state, Outbox& out) {
  is_sheet_open = is_sheet_open && shows_plan(state.route);
  if (!is_sheet_open) return;
  const theme::Palette& c = theme::colors();
  const Rect window = window_rect();
  const Layer layer("plan-sheet", LayerKind::modal, window);
  const IdScope ids("plan-sheet");
  const float rows = theme::phone_row_height * static_cast<float>(state.list.net.next.size());
  const float height = std::min(window.h * 0.8f, 64 + std::max(rows, 60.0f));
  const Rect r{0, window.h - height, window.w, height};
  fill(window, c.bg_scrim);
  shadow(r, 12);
  fill(r, c.bg_raised, 12, ImDrawFlags_RoundCornersTop);
  a11y::Node dialog = scope_node(id_of("sheet"), r, Aria::dialog, "Next to start");
  dialog.modal = true;
  const a11y::Scope scope(dialog);
  Rect rest = r;
  Rect head = cut_top(rest, 56);
  head = {head.x + 16, head.y, head.w - 20, head.h};
  if (icon_button_right(head, "close", icons::x, "Close", big)) is_sheet_open = false;
  draw_text_in(head, "Next to start", theme::title, c.text_primary);
  mirror(id_of("words"), head, {.role = Aria::heading, .name = "Next to start", .level = 2});
  if (layer.is_pressed_outside(r) || ImGui::IsKeyPressed(ImGuiKey_Escape)) is_sheet_open = false;
  next_rows(state, out, rest, theme::phone_row_height);
}

}  // namespace dits::web
