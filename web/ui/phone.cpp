// The same screens, arranged for a thumb.
#include "web/ui/phone.hpp"

#include <array>
#include <optional>

#include "web/store/inline_draft.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/board_screen.hpp"
#include "web/ui/calendar_screen.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/header.hpp"
#include "web/ui/insights_screen.hpp"
#include "web/ui/issue_detail.hpp"
#include "web/ui/list_screen.hpp"
#include "web/ui/plan_screen.hpp"
#include "web/ui/popups.hpp"
#include "web/ui/query_bar.hpp"
#include "web/ui/settings_screen.hpp"
#include "web/ui/sidebar.hpp"
#include "web/ui/studio_screen.hpp"
#include "web/ui/system_screen.hpp"
#include "web/ui/today_screen.hpp"

namespace dits::web {

namespace {

enum class Sheet { none, projects, more };
Sheet open_sheet = Sheet::none;

const IconButtonOptions big{.size = 40, .icon_size = 19};

const char* sync_icon(const State& state, ImU32& color) {
  const theme::Palette& c = theme::colors();
  color = c.text_secondary;
  if (state.sync.phase == SyncPhase::offline) {
    color = c.signal_warning;
    return icons::cloud_off;
  }
  if (state.sync.phase == SyncPhase::failed) {
    color = c.signal_danger;
    return icons::circle_alert;
  }
  if (state.sync.waiting > 0 || state.sync.phase == SyncPhase::loading) return icons::cloud_upload;
  return nullptr;
}

// A page of the settings or a table of Studio lies below a list: where that is, and what the page is called.
std::optional<Route> place_above(const State& state, std::string& title) {
  const Route& here = state.route;
  Route up;
  up.screen = here.screen;
  if (here.screen == Screen::settings && !here.lists_sections) {
    title = title_of(here.section);
    up.lists_sections = true;
    return up;
  }
  if (here.screen == Screen::studio && !here.table.empty()) {
    title = here.table;
    return up;
  }
  return std::nullopt;
}

void top_bar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("top");
  const a11y::Scope scope(scope_node(id_of("banner"), r, Aria::banner, "Header"));
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = inset(r, 6, 0);
  if (!state.list.selected.empty()) {
    if (icon_button("clear", middle(cut_left(bar, 40, 4), 40), icons::x, "Clear the selection", big))
      out.change(SelectionChanged{});
    const Rect more = cut_right(bar, 40);
    if (icon_button("actions", middle(more, 40), icons::ellipsis_vertical, "Actions", big))
      run_below(out, more, "menu.open");
    draw_text(bar.x,
              bar.center_y(),
              std::to_string(state.list.selected.size()) + " selected",
              theme::title,
              c.text_primary);
    return;
  }
  const bool is_list = shows_issues(state.route.screen);
  if (is_list) {
    const bool is_calendar = shows_calendar(state.route);
    const bool is_plan = shows_plan(state.route);
    const bool is_insights = shows_insights(state.route);
    if (is_insights && icon_button_right(bar, "list", icons::list, "List", big)) out.run("view.list");
    if (!is_calendar && !is_plan && !is_insights) {
      const Rect display = cut_right(bar, 40);
      if (icon_button("display", middle(display, 40), icons::sliders_horizontal, "Display", big))
        run_below(out, display, "view.display");
    }
    if (state.route.screen != Screen::trash && !is_calendar && !is_insights &&
        icon_button_right(
            bar, "plan", is_plan ? icons::list : icons::waypoints, is_plan ? "List" : "Plan", big)) {
      out.run(is_plan ? "view.list" : "view.plan");
    }
    if (has_history(state.route.screen) && !is_calendar && !is_plan && !is_insights &&
        state.route.screen != Screen::all &&
        icon_button_right(bar, "insights", icons::chart_line, "Insights", big)) {
      out.run("view.insights");
    }
    if (state.route.screen != Screen::trash && !is_plan && !is_insights &&
        icon_button_right(bar,
                          "calendar",
                          is_calendar ? icons::list : icons::calendar,
                          is_calendar ? "List" : "Calendar",
                          big)) {
      out.run(is_calendar ? "view.list" : "view.calendar");
    }
    const bool is_board = state.route.layout == Layout::board;
    if (!is_calendar && !is_plan && !is_insights &&
        icon_button_right(
            bar, "layout", is_board ? icons::list : icons::square_kanban, is_board ? "List" : "Board", big)) {
      out.run(is_board ? "view.list" : "view.board");
    }
  }
  ImU32 color = 0;
  if (const char* icon = sync_icon(state, color)) {
    const std::string label = sync_label(state);
    if (icon_button_right(bar, "sync", icon, label, {.size = 40, .icon_size = 19, .color = color}))
      out.run("sync.now");
  }
  std::string title = screen_title(state);
  if (const auto up = place_above(state, title)) {
    if (icon_button("back", middle(cut_left(bar, 40, 4), 40), icons::chevron_left, "Back", big)) go(out, *up);
  } else {
    bar.x += 8;
    bar.w -= 8;
  }
  if (state.route.screen == Screen::project) {
    const Progress progress = project_progress(state, ProjectId{state.route.entity_id});
    draw_progress_ring(
        bar.x + 8,
        bar.center_y(),
        static_cast<float>(progress.closed) / static_cast<float>(std::max(1u, progress.total())),
        16);
    bar.x += 24;
    bar.w -= 24;
  }
  text_line(bar, title, theme::title, c.text_primary);
  mirror(id_of("title"), bar, {.role = Aria::heading, .name = title, .level = 1});
}

struct Tab {
  const char* icon;
  HeldText name;
  bool is_on;
};

void tab_bar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("tabs");
  const a11y::Scope scope(scope_node(id_of("nav"), r, Aria::navigation, "Tabs"));
  fill(r, c.bg_panel);
  horizontal_line(r.x, r.y, r.w, c.border_default);
  const Screen screen = state.route.screen;
  const bool is_project = screen == Screen::project || screen == Screen::area;
  const std::array<Tab, 5> tabs{
      {{icons::inbox, "Inbox", screen == Screen::inbox && open_sheet == Sheet::none},
       {icons::sun, "Today", screen == Screen::today && open_sheet == Sheet::none},
       {icons::folder, "Projects", is_project || open_sheet == Sheet::projects},
       {icons::search, "Search", false},
       {icons::menu, "More", open_sheet == Sheet::more}}};
  const float step = r.w / 5;
  for (std::size_t i = 0; i < tabs.size(); ++i) {
    const Tab& tab = tabs[i];
    const Rect cell{r.x + step * static_cast<float>(i), r.y + 1, step, r.h - 1};
    a11y::Node node;
    node.role = Aria::button;
    node.name = tab.name;
    node.current = tab.is_on ? a11y::Current::page : a11y::Current::no;
    const ItemState tab_state = item(id_of(i + 1), cell, node);
    const ImU32 ink = tab.is_on ? c.accent_text : c.text_secondary;
    if (tab.is_on) fill({cell.center_x() - 16, r.y, 32, 2}, c.accent_base);
    if (tab_state.has_ring) focus_ring(inset(cell, 4), 6);
    draw_icon(cell.center_x(), cell.y + 19, tab.icon, 19, ink);
    draw_text_in({cell.x, cell.y + 34, cell.w, 14}, tab.name, theme::caption_medium, ink, Align::center);
    if (!tab_state.clicked) continue;
    open_sheet = Sheet::none;
    switch (i) {
      case 0:
        out.run("go.inbox");
        break;
      case 1:
        out.run("go.today");
        break;
      case 2:
        open_sheet = Sheet::projects;
        break;
      case 3:
        out.run("palette.open");
        break;
      default:
        open_sheet = Sheet::more;
        break;
    }
  }
}

void sheet_row(Outbox& out, const SidebarRow& row, Rect r, std::size_t index) {
  const theme::Palette& c = theme::colors();
  if (row.kind == SidebarRow::Kind::heading) {
    draw_text(r.x + 16, r.bottom() - 14, row.title, theme::small_medium, c.text_tertiary);
    if (!row.command.empty() && icon_button("add" + row.title,
                                            {r.right() - 48, r.bottom() - 34, 40, 34},
                                            icons::plus,
                                            "New in " + row.title,
                                            {.icon_size = 17})) {
      open_sheet = Sheet::none;
      out.run(row.command);
    }
    return;
  }
  a11y::Node node;
  node.role = Aria::link;
  node.name = row.title;
  node.current = row.is_current ? a11y::Current::page : a11y::Current::no;
  const ItemState state = item(id_of(index + 1), r, node);
  if (row.is_current) fill(inset(r, 8, 0), c.bg_selected, 6);
  const float y = r.center_y();
  switch (row.kind) {
    case SidebarRow::Kind::project:
      draw_progress_ring(
          r.x + 25,
          y,
          static_cast<float>(row.progress.closed) / static_cast<float>(std::max(1u, row.progress.total())),
          16);
      break;
    case SidebarRow::Kind::area:
      draw_square(r.x + 25, y, theme::hue_of(row.color));
      break;
    default:
      draw_icon(r.x + 25, y, sidebar_icon(row), 17, c.text_secondary);
      break;
  }
  draw_text_in({r.x + 46, r.y, r.w - 100, r.h}, row.title, theme::touch_body, c.text_primary);
  if (row.count > 0)
    draw_text_in({r.right() - 60, r.y, 44, r.h},
                 std::to_string(row.count),
                 theme::mono,
                 c.text_tertiary,
                 Align::right);
  if (state.clicked) {
    open_sheet = Sheet::none;
    Route route = row.route;
    route.lists_sections = route.screen == Screen::settings;
    go(out, route);
  }
}

void sheet(const State& state, Outbox& out, Rect window) {
  if (open_sheet == Sheet::none) return;
  const theme::Palette& c = theme::colors();
  const Layer layer("sheet", LayerKind::modal, window);
  const IdScope ids("sheet");
  std::vector<SidebarRow> rows;
  for (SidebarRow& row : sidebar_rows(state)) {
    const bool is_project =
        row.kind == SidebarRow::Kind::project || row.kind == SidebarRow::Kind::area ||
        (row.kind == SidebarRow::Kind::heading && (row.title == "Projects" || row.title == "Areas"));
    if (is_project == (open_sheet == Sheet::projects)) rows.push_back(std::move(row));
  }
  float height = 16;
  for (const SidebarRow& row : rows) height += row.kind == SidebarRow::Kind::heading ? 40.0f : 46.0f;
  const float shown = std::min(height, window.h * 0.8f);
  const Rect r{0, window.h - shown, window.w, shown};
  fill(window, c.bg_scrim);
  if (layer.is_pressed_outside(r) || ImGui::IsKeyPressed(ImGuiKey_Escape)) open_sheet = Sheet::none;
  shadow(r, 12);
  fill(r, c.bg_raised, 12, ImDrawFlags_RoundCornersTop);
  a11y::Node dialog =
      scope_node(id_of("dialog"), r, Aria::dialog, open_sheet == Sheet::projects ? "Projects" : "More");
  dialog.modal = true;
  const a11y::Scope scope(dialog);
  const Scroll scroll("rows", r, height);
  float y = scroll.top() + 8;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float row_height = rows[i].kind == SidebarRow::Kind::heading ? 40.0f : 46.0f;
    sheet_row(out, rows[i], {r.x, y, r.w, row_height}, i);
    y += row_height;
  }
}

void action_button(const State& state, Outbox& out, Rect body) {
  const theme::Palette& c = theme::colors();
  const Rect r{body.right() - 68, body.bottom() - 68, 52, 52};
  const Layer layer("action", LayerKind::floating, inset(r, -16));
  const bool has_draft = has_waiting_form(state);
  const ItemState press = item(
      id_of("new"), r, {.role = Aria::button, .name = has_draft ? "New issue, a draft waits" : "New issue"});
  shadow(r, 14);
  fill(r, press.held ? c.accent_hover : c.accent_base, 14);
  draw_icon(r.center_x(), r.center_y(), icons::plus, 24, c.text_on_accent);
  if (has_draft) fill({r.right() - 14, r.y + 4, 10, 10}, c.signal_warning, 5);
  if (press.has_ring) focus_ring(r, 14);
  if (press.clicked) out.run("issue.new");
}

void list_page(const State& state, Outbox& out, Rect rest) {
  const Rect search = cut_top(rest, 52);
  query_field(state, out, {search.x + 12, search.y + 7, search.w - 24, theme::phone_query_height});
  horizontal_line(search.x, search.bottom() - 1, search.w, theme::colors().border_subtle);
  connection_banner(state, out, rest);
  trash_hint(state, rest);
  if (state.route.layout == Layout::board) {
    board(state, out, rest);
  } else if (shows_calendar(state.route)) {
    phone_calendar(state, out, rest);
  } else if (shows_plan(state.route)) {
    phone_plan(state, out, rest);
  } else if (shows_insights(state.route)) {
    phone_insights(state, out, rest);
  } else {
    issue_list(state, out, rest);
  }
}

}  // namespace

void phone_frame(const State& state, Outbox& out, Rect window) {
  Rect body = window;
  bool has_action = false;
  {
    const Layer page("page", LayerKind::page, window);
    fill(window, theme::colors().bg_canvas);
    const a11y::Scope main(scope_node(id_of("screen"), window, Aria::region, screen_title(state)));
    if (state.route.screen == Screen::issue) {
      phone_issue_screen(state, out, body);
    } else {
      const Rect tabs = cut_bottom(body, theme::phone_tabs_height);
      Rect rest = body;
      top_bar(state, out, cut_top(rest, theme::phone_top_height));
      if (state.route.screen == Screen::settings) {
        phone_settings_screen(state, out, rest);
      } else if (state.route.screen == Screen::studio) {
        phone_studio_screen(state, out, rest);
      } else if (state.route.screen == Screen::system) {
        phone_system_screen(state, out, rest);
      } else if (state.route.screen == Screen::not_found) {
        not_found_screen(state, out, rest);
      } else if (state.route.screen == Screen::today && state.route.layout == Layout::list &&
                 !state.route.has_query) {
        phone_today_screen(state, out, rest);
        has_action = true;
      } else {
        list_page(state, out, rest);
        has_action = state.route.screen != Screen::trash && !shows_insights(state.route);
      }
      tab_bar(state, out, tabs);
    }
  }
  if (has_action) action_button(state, out, body);
  sheet(state, out, window);
  phone_calendar_sheet(state, out);
  phone_plan_sheet(state, out);
  toasts(state, out, {body.x, body.y, body.w, body.h - (has_action ? 76.0f : 4.0f)});
}

}  // namespace dits::web
