// What the address bar shows, and the address that is a command.
#include <utility>

#include "web/commands/desk.hpp"
#include "web/store/reduce.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

// /issues/new opens the form as soon as somebody is signed in and its workflow is here; from then on the
// address is that of the list beneath, so that a reload opens no second one.
void Desk::open_new_issue() {
  if (state_.session.phase != SessionPhase::signed_in || state_.entities.workflows.empty()) return;
  Route beneath = state_.route;
  beneath.makes_issue = false;
  reduce(state_, Navigated{beneath});
  gateway_.go_to(format_route(beneath), true);
  run({"issue.new", {}, {}, false, 0, 0});
}

bool Desk::has_other_query() const {
  return !state_.list.error && state_.list.query_text != screen_query(state_, state_.route);
}

bool Desk::address_lags() const {
  if (!shows_issues(state_.route.screen)) return false;
  const bool is_on_another_day =
      shows_calendar(state_.route) && state_.calendar.day != state_.route.day.value_or(state_.today);
  return has_other_query() || is_on_another_day;
}

void Desk::write_address() {
  if (!address_lags()) return;
  Route route = state_.route;
  if (has_other_query()) {
    route.has_query = true;
    route.query = state_.list.query_text;
  }
  if (shows_calendar(route)) route.day = state_.calendar.day;
  own_url_ = format_route(route);
  gateway_.go_to(own_url_, true);
}

}  // namespace dits::web
