// The frame: sidebar, screen, mode line; on a phone the screen over the tabs.
#include "web/ui/app_screen.hpp"

#include <array>
#include <cstdio>

#include "web/store/selectors.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/board_screen.hpp"
#include "web/ui/calendar_screen.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/insights_screen.hpp"
#include "web/ui/issue_detail.hpp"
#include "web/ui/list_screen.hpp"
#include "web/ui/login_screen.hpp"
#include "web/ui/mode_line.hpp"
#include "web/ui/phone.hpp"
#include "web/ui/plan_screen.hpp"
#include "web/ui/popups.hpp"
#include "web/ui/settings_screen.hpp"
#include "web/ui/sidebar.hpp"
#include "web/ui/studio_screen.hpp"
#include "web/ui/system_screen.hpp"
#include "web/ui/today_screen.hpp"

namespace dits::web {

namespace {

void starting_screen(Rect r) {
  if (!has_waited(id_of("starting"), 400)) return;
  draw_logo(r.center_x(), r.center_y(), 36);
  mirror(id_of("loading"), r, {.role = Aria::status, .name = "Loading"});
}

// The screen of the route into `r`.
void route_screen(const State& state, Outbox& out, Rect r) {
  const a11y::Scope main(scope_node(id_of("screen"), r, Aria::region, screen_title(state)));
  switch (state.route.screen) {
    case Screen::issue:
      issue_screen(state, out, r);
      return;
    case Screen::settings:
      settings_screen(state, out, r);
      return;
    case Screen::studio:
      studio_screen(state, out, r);
      return;
    case Screen::system:
      system_screen(state, out, r);
      return;
    case Screen::not_found:
      not_found_screen(state, out, r);
      return;
    case Screen::today:
      if (state.route.layout == Layout::list && !state.route.has_query) {
        today_screen(state, out, r);
        return;
      }
      break;
    default:
      break;
  }
  if (state.route.layout == Layout::board) {
    board_screen(state, out, r);
  } else if (shows_calendar(state.route)) {
    calendar_screen(state, out, r);
  } else if (shows_plan(state.route)) {
    plan_screen(state, out, r);
  } else if (shows_insights(state.route)) {
    insights_screen(state, out, r);
  } else {
    list_screen(state, out, r);
  }
}

float sidebar_width(const State& state, float window_width) {
  if (state.sidebar == SidebarMode::hidden) return 0;
  if (state.route.screen == Screen::studio) return theme::rail_width;  // rows need the room
  if (state.sidebar == SidebarMode::rail || window_width < theme::rail_width_below) return theme::rail_width;
  return theme::sidebar_width;
}

// Between 700 and 1100 px the pane lies over the list.
void overlay_pane(const State& state, Outbox& out, Rect body) {
  if (window_rect().w >= theme::overlay_pane_below || !state.detail_open || state.region != Region::detail)
    return;
  if (!shows_issues(state.route.screen) || state.route.layout != Layout::list) return;
  const Issue* issue = opened_issue(state);
  if (!issue) return;
  const float top = theme::header_height + theme::query_bar_height;
  const float width = std::min(theme::detail_width, body.w);
  const Rect pane{body.right() - width, body.y + top, width, body.h - top};
  const Layer layer("pane", LayerKind::floating, inset(pane, -16));
  shadow(pane, 0);
  issue_pane(state, out, *issue, pane);
  vertical_line(pane.x, pane.y, pane.h, theme::colors().border_default);
}

// How long the last frame and the last key took: command "view.timing".
void timing_overlay(const State& state, Rect window, const AppFrame& frame) {
  if (!state.show_timing) return;
  const Rect r{window.right() - 250, window.y + 52, 238, 26};
  const Layer layer("timing", LayerKind::floating, r);
  fill(r, theme::with_alpha(theme::colors().text_primary, 0.85f), 5);
  std::array<char, 96> text{};
  std::snprintf(text.data(),
                text.size(),
                "logic %.2f ms  key %.1f ms  frame %d",
                frame.logic_ms,
                frame.key_to_frame_ms,
                frame.frames);
  draw_text(r.x + 8, r.center_y(), text.data(), theme::mono_small, theme::colors().bg_canvas);
}

void desktop(const State& state, Outbox& out, Rect window, const AppFrame& frame) {
  Rect rest = window;
  const Rect foot = cut_bottom(rest, theme::mode_line_height);
  const float side = sidebar_width(state, window.w);
  Rect body = rest;
  {
    const Layer page("page", LayerKind::page, window);
    fill(window, theme::colors().bg_canvas);
    const Rect side_place = cut_left(body, side);
    if (side > 0) sidebar(state, out, side_place, side < 100);
    route_screen(state, out, body);
    mode_line(state, out, foot, frame.is_mac);
  }
  overlay_pane(state, out, body);
  which_key_panel(state, out, body);
  toasts(state, out, body);
}

}  // namespace

int app_screen(const State& state, Outbox& out, const AppFrame& frame) {
  begin_frame({frame.now_ms, state.reduced_motion});
  theme::use_dark(is_dark(state));
  use_mac_keys(frame.is_mac);
  const Rect window = window_rect();
  if (state.session.phase != SessionPhase::signed_in) {
    const Layer page("page", LayerKind::page, window);
    fill(window, theme::colors().bg_canvas);
    switch (state.session.phase) {
      case SessionPhase::setup:
        first_run_screen(state, out, window);
        break;
      case SessionPhase::signed_out:
        login_screen(state, out, window);
        break;
      default:
        if (state.sync.phase == SyncPhase::failed || state.sync.phase == SyncPhase::offline) {
          unreachable_screen(state, out, window);
        } else {
          starting_screen(window);
        }
    }
    return end_frame();
  }
  forget_login_forms();
  if (is_phone()) {
    phone_frame(state, out, window);
  } else {
    desktop(state, out, window, frame);
  }
  quick_create_popup(state, out);
  caret_menu_popup(state, out);
  dialog_popup(state, out);
  palette_popup(state, out);
  picker_popup(state, out);
  timing_overlay(state, window, frame);
  if (!state.announcement.empty()) {
    static std::string last_said;
    if (last_said != state.announcement) {
      last_said = state.announcement;
      a11y::announce(last_said);
    }
  }
  return end_frame();
}

}  // namespace dits::web
