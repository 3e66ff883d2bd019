// Places and how they look.
#include <algorithm>
#include <utility>

#include "web/commands/app_plans.hpp"
#include "web/commands/issue_plans.hpp"
#include "web/store/display.hpp"

namespace dits::web {

namespace {

Plan change_display(const State& state, const Display& display) {
  if (display == state.list.display) return {};
  return change_view(DisplayChanged{display});
}

}  // namespace

Plan plan_go(const State&, const Invocation&, Screen screen) { return go_to(route_to(screen)); }

Plan plan_go_entity(const State& state, const Invocation& invocation, PickerKind kind) {
  if (const auto* project = argument_as<ProjectId>(invocation))
    return go_to(route_to(Screen::project, project->uuid));
  if (const auto* area = argument_as<AreaId>(invocation)) return go_to(route_to(Screen::area, area->uuid));
  if (const auto* view = argument_as<SavedViewId>(invocation))
    return go_to(route_to(Screen::view, view->uuid));
  Invocation on_none = invocation;
  Plan plan = open_picker(state, on_none, kind, invocation.command);
  return plan;
}

Plan plan_go_label(const State&, const Invocation& invocation) {
  if (const auto* label = argument_as<LabelId>(invocation))
    return go_to(route_to(Screen::label, label->uuid));
  return refuse("Which label?");
}

Plan plan_go_route(const State&, const Invocation& invocation) {
  if (const auto* route = argument_as<Route>(invocation)) return go_to(*route);
  return refuse("Where to?");
}

Plan plan_open_url(const State&, const Invocation& invocation) {
  const auto* url = argument_as<std::string>(invocation);
  if (url == nullptr) return refuse("Which page?");
  Plan plan;
  // A file of an issue is saved under the name that the server gives it.
  const bool is_file =
      url->rfind("/api/v1/issues/", 0) == 0 && url->find("/attachments/") != std::string::npos;
  if (is_file) {
    plan.effects.emplace_back(SaveUrl{*url, ""});
  } else {
    plan.effects.emplace_back(OpenUrl{*url});
  }
  return plan;
}

Plan plan_go_settings(const State&, const Invocation& invocation) {
  Route route = route_to(Screen::settings);
  if (const auto* section = argument_as<SettingsSection>(invocation)) route.section = *section;
  return go_to(std::move(route));
}

Plan plan_back(const State& state, const Invocation&) {
  if (!state.pending.keys.empty() || !state.pending.complaint.empty()) return change_view(KeysPending{});
  if (state.region == Region::sidebar) return change_view(RegionFocused{Region::body});
  if (shows_plan(state.route) && is_in_next(state)) return change_view(RegionFocused{Region::body});
  if (shows_calendar(state.route)) {
    if (is_in_tray(state)) return change_view(RegionFocused{Region::body});
    // The list of the day is also there for an issue that the day itself has no room for.
    const std::vector<Slot> here = issues_on(state.list.by_day, state.calendar.day, state.week_start);
    if (!here.empty() && (state.calendar.is_day_open || here.front() != calendar_slot(state))) {
      CalendarState calendar = state.calendar;
      calendar.is_day_open = false;
      calendar.issue = {};
      return change_view(CalendarChanged{calendar});
    }
  }
  if (!state.list.selected.empty() && state.route.screen != Screen::issue)
    return change_view(SelectionChanged{});
  if (state.route.screen == Screen::issue || state.route.screen == Screen::settings ||
      state.route.screen == Screen::not_found) {
    return go_to(state.list_route);
  }
  return {};
}

Plan plan_region(const State& state, const Invocation&, int step) {
  std::vector<Region> regions;
  if (state.sidebar != SidebarMode::hidden) regions.push_back(Region::sidebar);
  if (shows_issues(state.route.screen)) regions.push_back(Region::query);
  regions.push_back(Region::body);
  if (shows_calendar(state.route) && state.detail_open && !tray_issues(state).empty())
    regions.push_back(Region::detail);
  if (shows_plan(state.route) && state.detail_open && !state.list.net.next.empty())
    regions.push_back(Region::detail);
  const auto here = std::find(regions.begin(), regions.end(), state.region);
  const auto count = static_cast<int>(regions.size());
  const auto body = std::find(regions.begin(), regions.end(), Region::body);
  const int at = static_cast<int>((here == regions.end() ? body : here) - regions.begin());
  return change_view(RegionFocused{regions[static_cast<std::size_t>((at + step + count) % count)]});
}

Plan plan_layout(const State& state, const Invocation&, Layout layout) {
  Route route = state.route.screen == Screen::issue ? state.list_route : state.route;
  if (layout == Layout::calendar && (!shows_issues(route.screen) || route.screen == Screen::trash))
    route = route_to(Screen::upcoming);
  if (layout == Layout::plan && (!shows_issues(route.screen) || route.screen == Screen::trash))
    route = route_to(Screen::all);
  if (layout == Layout::insights && !has_history(route.screen)) route = route_to(Screen::all);
  if (!shows_issues(route.screen)) return refuse("This screen has no board");
  // What was typed goes along, even before the address bar has it.
  const bool is_here =
      route.screen == state.list_route.screen && route.entity_id == state.list_route.entity_id;
  if (is_here && state.list.query_text != screen_query(state, route)) {
    route.has_query = true;
    route.query = state.list.query_text;
  }
  route.layout = layout;
  if (layout != Layout::calendar) {
    route.by_week = false;
    route.day.reset();
  }
  if (layout != Layout::plan) route.zoom = PlanZoom::day;
  if (layout != Layout::insights) route.days = 60;
  return go_to(std::move(route));
}

Plan plan_sidebar_mode(const State& state, const Invocation&) {
  AppearanceChanged change;
  change.sidebar = state.sidebar == SidebarMode::open   ? SidebarMode::rail
                   : state.sidebar == SidebarMode::rail ? SidebarMode::hidden
                                                        : SidebarMode::open;
  return change_view(change);
}

Plan plan_detail(const State& state, const Invocation&) {
  AppearanceChanged change;
  change.detail_open = !state.detail_open;
  return change_view(change);
}

Plan plan_theme(const State& state, const Invocation& invocation) {
  AppearanceChanged change;
  change.theme = is_dark(state) ? ThemeChoice::light : ThemeChoice::dark;
  if (const auto* word = argument_as<std::string>(invocation)) {
    change.theme = *word == "dark"    ? ThemeChoice::dark
                   : *word == "light" ? ThemeChoice::light
                                      : ThemeChoice::system;
  }
  return change_view(change);
}

Plan plan_density(const State& state, const Invocation& invocation) {
  AppearanceChanged change;
  change.density = state.density == Density::compact ? Density::comfortable : Density::compact;
  if (const auto* word = argument_as<std::string>(invocation)) {
    change.density = *word == "compact" ? Density::compact : Density::comfortable;
  }
  return change_view(change);
}

Plan plan_timing(const State& state, const Invocation&) {
  AppearanceChanged change;
  change.show_timing = !state.show_timing;
  return change_view(change);
}

Plan plan_help(const State&, const Invocation&) {
  Dialog dialog;
  dialog.kind = DialogKind::keyboard_help;
  dialog.title = "Keyboard";
  return change_view(DialogChanged{std::move(dialog)});
}

Plan plan_menu(const State& state, const Invocation& invocation) {
  if (targets_of(state, invocation).empty()) return refuse("There is no issue under the cursor");
  return open_picker(state, invocation, PickerKind::context_menu, invocation.command);
}

Plan plan_grouping(const State& state, const Invocation& invocation) {
  const auto* grouping = argument_as<Grouping>(invocation);
  if (grouping == nullptr) return open_picker(state, invocation, PickerKind::grouping, invocation.command);
  Display display = state.list.display;
  display.grouping = *grouping;
  return change_display(state, display);
}

Plan plan_display(const State& state, const Invocation& invocation) {
  const auto* word = argument_as<std::string>(invocation);
  if (word == nullptr) return open_picker(state, invocation, PickerKind::display, invocation.command);
  Display display = state.list.display;
  if (*word == "descending") display.descending = !display.descending;
  if (*word == "empty_groups") display.show_empty_groups = !display.show_empty_groups;
  return change_display(state, display);
}

Plan plan_sort(const State& state, const Invocation& invocation) {
  const auto* field = argument_as<SortField>(invocation);
  if (field == nullptr) return open_picker(state, invocation, PickerKind::display, invocation.command);
  Display display = state.list.display;
  display.descending =
      display.sort == *field
          ? !display.descending
          : *field == SortField::priority || *field == SortField::updated || *field == SortField::created;
  display.sort = *field;
  return change_display(state, display);
}

Plan plan_column(const State& state, const Invocation& invocation) {
  const auto* column = argument_as<std::int64_t>(invocation);
  if (column == nullptr) return refuse("Which column?");
  Display display = state.list.display;
  display.columns = static_cast<std::uint16_t>(display.columns ^ static_cast<std::uint16_t>(*column));
  return change_display(state, display);
}

Plan plan_undo(const State& state, const Invocation&) {
  if (state.undo_depth == 0) return refuse("There is nothing to undo");
  Plan plan;
  plan.effects.emplace_back(UndoLast{});
  return plan;
}

Plan plan_redo(const State& state, const Invocation&) {
  if (state.redo_depth == 0) return refuse("There is nothing to redo");
  Plan plan;
  plan.effects.emplace_back(RedoLast{});
  return plan;
}

Plan plan_undo_log(const State&, const Invocation& invocation) {
  const auto* change_id = argument_as<std::int64_t>(invocation);
  if (change_id == nullptr) return refuse("Which change?");
  Plan plan;
  plan.effects.emplace_back(UndoOfLog{*change_id});
  return plan;
}

}  // namespace dits::web
