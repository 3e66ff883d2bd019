// What the user looks at: places, cursor, selection, popups.
#include <algorithm>
#include <utility>

#include "web/store/display.hpp"
#include "web/store/issue_index.hpp"
#include "web/store/list_build.hpp"
#include "web/store/reduce_parts.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

constexpr std::int64_t toast_ms = 6000;
constexpr std::size_t toast_limit = 3;
constexpr std::size_t history_limit = 50;

void compile_and_run(State& state) {
  compile_list_query(state);
  state.list_work.is_all = true;
}

Display display_for(const State& state, const Route& route) {
  const auto found = state.displays.find(display_key(route));
  if (found != state.displays.end()) return found->second;
  if (route.screen == Screen::view) {
    const SavedView* view = find_view(state.entities, SavedViewId{route.entity_id});
    if (view != nullptr) return display_from_text(view->settings);
  }
  return {};
}

void open_list(State& state, const Route& route) {
  ListState& list = state.list;
  const bool is_same_place =
      route.screen == state.list_route.screen && route.entity_id == state.list_route.entity_id;
  const bool is_same_layout = is_same_place && route.layout == state.list_route.layout;
  const Date day_before = state.calendar.day;
  state.list_route = route;
  if (!is_same_place) {
    list.selected.clear();
    list.anchor.reset();
    list.folded.clear();
    list.cursor = 0;
    list.cursor_id = {};
    list.is_fresh = true;
    list.display = display_for(state, route);
    state.insights = nullptr;  // those of another place
  }
  const std::string text = screen_query(state, route);
  if (!is_same_layout || text != list.query_text || !list.is_ready) {
    list.query_text = text;
    list.is_ready = true;
    compile_and_run(state);
  }
  list.scroll_to_cursor = true;
  if (shows_plan(route)) {
    if (!is_same_layout) state.plan = {};
    settle_plan(state);
  }
  if (!shows_calendar(route)) return;
  if (!is_same_layout) state.calendar = {};
  state.calendar.day = route.day.value_or(state.today);
  if (state.calendar.day != day_before) state.calendar.issue = {};
  settle_calendar(state);
}

// On a calendar the cursor stands on the issue's day.
void go_to_day(State& state, IssueId id) {
  const Issue* issue = find_issue(state.entities, id);
  const auto days = issue != nullptr ? days_of(*issue) : std::nullopt;
  if (!days || !shows_calendar(state.list_route) || is_in_tray(state)) return;
  state.calendar.day = std::clamp(state.calendar.day, days->first, days->last);
  state.calendar.issue = id;
  state.list_route.day = state.calendar.day;
  settle_calendar(state);
}

void go_to_bar(State& state, IssueId id) {
  const Slot slot = find_slot(state.entities, id);
  if (!shows_plan(state.list_route) || find_bar(state.list.net, slot) == no_bar) return;
  state.plan.issue = id;
  state.plan.wants_bar = true;
  settle_plan(state);
}

void set_cursor(State& state, std::size_t line) {
  ListState& list = state.list;
  const auto& lines = list.result.lines;
  if (lines.empty()) return;
  list.cursor = std::min(line, lines.size() - 1);
  const Slot slot = lines[list.cursor].slot;
  list.cursor_id = slot == no_slot ? IssueId{} : state.entities.issues[slot].id;
  list.scroll_to_cursor = true;
  go_to_day(state, list.cursor_id);
  go_to_bar(state, list.cursor_id);
}

template <typename T>
void remember_first(std::vector<T>& list, const T& item) {
  std::erase(list, item);
  list.insert(list.begin(), item);
  if (list.size() > history_limit) list.resize(history_limit);
}

}  // namespace

void show_toast(State& state, Toast toast) {
  toast.id = state.next_toast_id++;
  toast.shown_at = state.now;
  state.announcement = toast.text;
  // Of what passes by itself the last one is told; a warning is read to its end.
  std::erase_if(state.toasts, [](const Toast& shown) {
    return !shown.stays && (shown.kind == ToastKind::info || shown.kind == ToastKind::success);
  });
  state.toasts.push_back(std::move(toast));
  while (state.toasts.size() > toast_limit) {
    const auto leaving = std::find_if(
        state.toasts.begin(), state.toasts.end(), [](const Toast& shown) { return !shown.stays; });
    state.toasts.erase(leaving == state.toasts.end() ? state.toasts.begin() : leaving);
  }
}

void apply(State& state, const Ticked& change) {
  state.now = change.now;
  state.zone = change.zone;
  state.random_high = change.random_high;
  state.random_low = change.random_low;
  const Date today = change.zone.date_of(change.now);
  std::erase_if(state.toasts, [&](const Toast& toast) {
    return !toast.stays && toast.shown_at.unix_ms + toast_ms <= state.now.unix_ms;
  });
  if (today == state.today) return;
  // A calendar that was opened on today goes on with it.
  if (!state.list_route.day && state.calendar.day == state.today) state.calendar.day = today;
  state.today = today;
  rebuild_index(state);
  compile_and_run(state);
}

void apply(State& state, const Navigated& change) {
  // The day of a calendar is where its cursor is, which the address follows when there is time. A plan that
  // is zoomed is the same plan.
  Route same_day = change.route;
  if (shows_calendar(change.route) && shows_calendar(state.route)) same_day.day = state.route.day;
  if (shows_plan(change.route) && shows_plan(state.route)) same_day.zoom = state.route.zoom;
  const bool is_elsewhere = !(same_day == state.route);
  state.route = change.route;
  if (is_elsewhere) {
    state.picker = {};
    state.palette.is_open = false;
    state.pending = {};
    state.page_item = 0;
    state.issue_missing = false;
    state.is_typing = false;
    if (state.region != Region::query) state.region = Region::body;
  }
  if (shows_issues(change.route.screen)) open_list(state, change.route);
}

void apply(State& state, const QueryTyped& change) {
  if (state.list.query_text == change.text) return;
  state.list.query_text = change.text;
  // The list that is come back to has it, even before the address bar does.
  state.list_route.has_query = true;
  state.list_route.query = change.text;
  state.list.is_fresh = true;
  compile_and_run(state);
  state.list.scroll_to_cursor = true;
}

void apply(State& state, const QueryRemembered& change) {
  if (!change.text.empty()) remember_first(state.query_history, change.text);
}

void apply(State& state, const CursorMoved& change) {
  set_cursor(state, change.line);
  state.list.centre_cursor = change.centre;
}

void apply(State& state, const CursorWent& change) {
  const Slot slot = find_slot(state.entities, change.id);
  refresh_list(state);  // it may have been made by the change before this one
  const auto& lines = state.list.result.lines;
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const ListLine& line) { return line.slot == slot; });
  if (slot != no_slot && found != lines.end())
    set_cursor(state, static_cast<std::size_t>(found - lines.begin()));
}

void apply(State& state, const CalendarChanged& change) {
  state.calendar = change.calendar;
  state.list_route.day = change.calendar.day;
  settle_calendar(state);
}

void apply(State& state, const PlanChanged& change) {
  state.plan = change.plan;
  settle_plan(state);
}

void apply(State& state, const ScrollDone&) {
  state.list.scroll_to_cursor = false;
  state.list.centre_cursor = false;
  state.page_scroll = 0;
  state.page_item_moved = false;
}

void apply(State& state, const SelectionChanged& change) {
  state.list.selected.clear();
  for (const IssueId id : change.ids) {
    if (const Slot slot = find_slot(state.entities, id); slot != no_slot) state.list.selected.insert(slot);
  }
  state.list.anchor = change.anchor;
}

void apply(State& state, const SelectionToggled& change) {
  const Slot slot = find_slot(state.entities, change.id);
  if (slot == no_slot) return;
  if (state.list.selected.erase(slot) == 0) state.list.selected.insert(slot);
  state.list.anchor = state.list.cursor;
}

void apply(State& state, const GroupFolded& change) {
  if (change.is_folded) {
    state.list.folded.insert(change.key);
  } else {
    state.list.folded.erase(change.key);
  }
  if (cursor_slot(state) != no_slot) {
    const ListGroup& group = state.list.result.groups[state.list.result.lines[state.list.cursor].group];
    if (group.key == change.key && change.is_folded) {
      state.list.cursor = group.first_line;
      state.list.cursor_id = {};
    }
  }
  state.list_work.is_layout = true;
}

void apply(State& state, const DisplayChanged& change) {
  state.list.display = change.display;
  state.displays[display_key(state.list_route)] = change.display;
  state.list_work.is_all = true;
}

void apply(State& state, const AppearanceChanged& change) {
  if (change.theme) state.theme = *change.theme;
  if (change.density) state.density = *change.density;
  if (change.week_start) state.week_start = *change.week_start % 7;
  if (change.sidebar) state.sidebar = *change.sidebar;
  if (change.detail_open) state.detail_open = *change.detail_open;
  if (change.detail_width) state.detail_width = *change.detail_width;
  if (change.show_timing) state.show_timing = *change.show_timing;
}

void apply(State& state, const EnvironmentChanged& change) {
  state.system_is_dark = change.system_is_dark;
  state.reduced_motion = change.reduced_motion;
  state.is_mac = change.is_mac;
  state.origin = change.origin;
}

void apply(State& state, const ModeChanged& change) {
  state.pending = {};
  state.is_typing = change.mode == Mode::edit;
  if (change.mode == Mode::query) {
    state.region = Region::query;
  } else if (state.region == Region::query) {
    state.region = Region::body;
  }
}

void apply(State& state, const RegionFocused& change) { state.region = change.region; }
void apply(State& state, const SidebarCursorMoved& change) { state.sidebar_cursor = change.row; }
void apply(State& state, const KeysPending& change) { state.pending = change.pending; }
void apply(State& state, const PickerOpened& change) {
  state.picker = change.picker;
  state.pending = {};
}

void apply(State& state, const PickerChanged& change) {
  state.picker.filter = change.filter;
  state.picker.cursor = change.cursor;
  state.picker.month = change.month;
}

void apply(State& state, const PickerClosed&) { state.picker = {}; }

void apply(State& state, const PaletteChanged& change) {
  const std::vector<std::string> recent = std::move(state.palette.recent);
  state.palette = change.palette;
  state.palette.recent = recent;
  state.palette.is_open = true;
}

void apply(State& state, const PaletteClosed&) {
  const std::vector<std::string> recent = std::move(state.palette.recent);
  state.palette = {};
  state.palette.recent = recent;
}

void apply(State& state, const CommandRemembered& change) {
  remember_first(state.palette.recent, change.command);
}
void apply(State& state, const DialogChanged& change) { state.dialog = change.dialog; }
void apply(State& state, const DialogClosed&) { state.dialog = {}; }

void apply(State& state, const DragChanged& change) { state.drag = change.drag; }
void apply(State& state, const ToastShown& change) { show_toast(state, change.toast); }

void apply(State& state, const VersionOffered& change) {
  constexpr const char* command = "app.reload";
  std::erase_if(state.toasts, [&](const Toast& toast) { return toast.action_command == command; });
  state.has_new_version = true;
  Toast toast;
  toast.text = change.sentence;
  toast.action_label = "Reload";
  toast.action_command = command;
  toast.stays = true;
  show_toast(state, std::move(toast));
}

void apply(State& state, const ToastDismissed& change) {
  std::erase_if(state.toasts, [&](const Toast& toast) { return toast.id == change.id; });
}

void apply(State& state, const Announced& change) { state.announcement = change.text; }

void apply(State& state, const PageItemMoved& change) {
  state.page_item = change.item;
  state.page_item_moved = true;
}

void apply(State& state, const PageScrolled& change) { state.page_scroll += change.lines; }

void apply(State& state, const StudioChanged& change) { state.studio = change.studio; }
void apply(State& state, const SystemChanged& change) { state.system = change.system; }
void apply(State& state, const InsightsChanged& change) { state.insights = change.insights; }

void apply(State& state, const UndoStackChanged& change) {
  state.undo_depth = change.undo_depth;
  state.redo_depth = change.redo_depth;
  state.undo_title = change.undo_title;
}

}  // namespace dits::web
