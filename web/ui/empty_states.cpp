// A sign, one line, one sentence, and what can be done about it.
#include "web/ui/empty_states.hpp"

#include "shared/model/trash.hpp"
#include "web/theme/icons.hpp"
#include "web/ui/query_colors.hpp"

namespace dits::web {

namespace {

const ButtonOptions new_issue{.kind = ButtonKind::primary, .icon = icons::plus, .keys = "c"};

// "1 issue is closed.", "12 issues are closed."
std::string count_text(std::uint32_t count, std::string_view one, std::string_view many) {
  std::string text = std::to_string(count) + (count == 1 ? " issue" : " issues");
  return text.append(count == 1 ? one : many);
}

EmptyState words_for(const State& state) {
  EmptyState what;
  switch (state.route.screen) {
    case Screen::inbox:
      what = {nullptr, Ring::done, 0, "Inbox is clear", "New and unsorted issues land here."};
      break;
    case Screen::today: {
      const std::uint32_t next = state.counts.next;
      what = {nullptr,
              Ring::done,
              0,
              "Nothing due",
              next ? "Next has " + std::to_string(next) + "." : "Enjoy the day."};
      break;
    }
    case Screen::upcoming:
      what = {nullptr,
              Ring::todo,
              0,
              "Nothing planned",
              "Issues with a due date after today stand here, day by day."};
      break;
    case Screen::next:
      what = {nullptr,
              Ring::todo,
              0,
              "Nothing in To Do is free to start",
              state.counts.open > 0
                  ? count_text(state.counts.open, " is open.", " are open.") +
                        " One in To Do stands here once nothing blocks it and its start date has come."
                  : "Issues in To Do that nothing blocks stand here."};
      break;
    case Screen::logbook:
      what = {
          nullptr, Ring::backlog, 0, "Nothing finished yet", "What is done stands here, the newest first."};
      break;
    case Screen::trash:
      what = {icons::trash_2,
              Ring::backlog,
              0,
              "The trash is empty",
              "Deleted issues stay here for " + std::to_string(days_in_trash) +
                  " days, then they are gone for ever."};
      break;
    default:
      what = {nullptr, Ring::backlog, 0, "No issues here yet", "Make the first one."};
      break;
  }
  return what;
}

// What the query bar holds on this screen when nothing was typed.
std::string plain_query(const State& state) {
  Route plain = state.route;
  plain.has_query = false;
  plain.query.clear();
  return screen_query(state, plain);
}

}  // namespace

Rect empty_state(Rect r, const EmptyState& what, float actions_width) {
  const theme::Palette& c = theme::colors();
  const float width = std::min(400.0f, r.w - 32);
  const float text_height = wrapped_height(width, what.text, theme::body);
  const float height = 34 + 12 + 22 + 6 + text_height + 16 + 28;
  float y = r.y + std::max(16.0f, (r.h - height) / 2);
  if (what.icon) {
    draw_icon(r.center_x(), y + 17, what.icon, 32, what.icon_color ? what.icon_color : c.text_tertiary);
  } else {
    draw_ring(r.center_x(), y + 17, what.ring, 34, c.bg_canvas);
  }
  y += 46;
  draw_text_in({r.x + 16, y, r.w - 32, 22}, what.title, theme::title, c.text_primary, Align::center);
  mirror(id_of(what.title),
         {r.x + 16, y, r.w - 32, 22},
         {.role = Aria::heading, .name = what.title, .level = 2});
  y += 28;
  const float text_w = std::min(width, text_width(what.text, theme::body));
  draw_wrapped(r.center_x() - text_w / 2, y, width, what.text, theme::body, c.text_secondary);
  mirror(id_of("empty-text"), {r.x + 16, y, r.w - 32, text_height}, {.role = Aria::text, .name = what.text});
  y += text_height + 16;
  return {r.center_x() - actions_width / 2, y, actions_width, 28};
}

void empty_list(const State& state, Outbox& out, Rect r) {
  const ListResult& result = state.list.result;
  const Screen screen = state.route.screen;
  const bool can_add = screen != Screen::trash && screen != Screen::logbook;
  const float add_width = can_add ? button_width("New issue", new_issue) : 0;
  const std::string plain = plain_query(state);
  const bool has_query = !state.list.query_text.empty() && state.list.query_text != plain;
  EmptyState what;
  std::string clear;  // the button that shows what a query hides
  std::string drop;
  if (result.total == 0) {
    what = words_for(state);
    if (screen == Screen::next && state.counts.open > 0) clear = "All issues";
  } else if (!has_query && plain == "is:open") {
    what = {nullptr,
            Ring::done,
            0,
            "Nothing is open here",
            count_text(result.total, " is closed.", " are closed.")};
    clear = "Show closed";
  } else {
    what.title = "No issue matches";
    what.text = count_text(result.total, " is in ", " are in ") + screen_title(state) + '.';
    clear = "Clear query";
    if (!result.drop_term.empty()) drop = "Drop " + result.drop_term;
  }
  const ButtonOptions drop_options{.icon = icons::filter_x};
  const float drop_width = drop.empty() ? 0 : button_width(drop, drop_options) + 8;
  const float clear_width = clear.empty() ? 0 : button_width(clear, {}) + 8;
  Rect actions = empty_state(r, what, std::min(drop_width + clear_width + add_width, r.w - 16));
  if (!drop.empty() && button_left(actions, "drop", drop, drop_options, 8))
    out.change(QueryTyped{result.drop_query});
  if (!clear.empty() && button_left(actions, "clear", clear, {}, 8)) {
    if (result.total == 0) {
      out.run("go.all");
    } else {
      out.change(QueryTyped{has_query ? plain : std::string{}});
    }
  }
  if (can_add && button_left(actions, "empty-new", "New issue", new_issue)) out.run("issue.new");
}

void not_found_screen(const State& state, Outbox& out, Rect r) {
  EmptyState what;
  what.icon = icons::circle_help;
  if (state.route.screen == Screen::issue) {
    what.title = '#' + std::to_string(state.route.issue_number) + " does not exist";
    const std::int64_t last = last_number(state.entities);
    what.text = last > 0 ? "The last issue is #" + std::to_string(last) + '.' : "There are no issues yet.";
  } else {
    what.title = "There is nothing here";
    what.text =
        state.route.path.empty() ? "This address leads nowhere." : state.route.path + " leads nowhere.";
  }
  const ButtonOptions home{.kind = ButtonKind::primary, .icon = icons::inbox};
  Rect actions = empty_state(r, what, button_width("Go to the inbox", home));
  if (button_left(actions, "home", "Go to the inbox", home)) out.run("go.inbox");
}

void unreachable_screen(const State& state, Outbox& out, Rect r) {
  EmptyState what;
  what.icon = icons::unplug;
  what.icon_color = theme::colors().signal_danger;
  what.title = "The server does not answer";
  what.text = state.sync.problem.empty() ? "It will be asked again by itself." : state.sync.problem;
  const ButtonOptions again{.kind = ButtonKind::primary};
  Rect actions = empty_state(r, what, button_width("Try again", again));
  if (button_left(actions, "again", "Try again", again)) out.run("sync.now");
}

}  // namespace dits::web
