// The figures of the server, asked for again and again while an administrator looks at them.
#include "web/store/system.hpp"

#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/system_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

void Gateway::change_system(const std::function<void(SystemView&)>& change) {
  // An answer that comes after signing out is nobody's.
  if (state_.session.phase != SessionPhase::signed_in) return;
  auto next = std::make_shared<SystemView>(system_of(state_));
  change(*next);
  arrive({SystemChanged{std::move(next)}});
}

void Gateway::watch_system() {
  const bool is_looked_at = state_.route.screen == Screen::system && platform_.environment().visible;
  const bool is_admin =
      state_.session.phase == SessionPhase::signed_in && state_.session.me.role == Role::admin;
  if (!is_looked_at || !is_admin || system_is_asked_) return;
  const double left_ms = system_due_ms_ - platform_.monotonic_ms();
  if (left_ms <= 0) return ask_system(false);
  // In every frame: an earlier wake-up takes the place of a later one.
  platform_.wake_after(static_cast<int>(left_ms) + 1);
}

void Gateway::ask_system(bool is_whole) {
  system_is_asked_ = true;
  const std::shared_ptr<const SystemOverview> known = system_of(state_).overview;
  const bool has_samples = known && !known->samples.empty() && !is_whole;
  const std::string since = has_samples ? to_string(known->samples.back().at) : std::string{};
  const std::string path = paths::with_query(std::string(paths::admin_system), {{"since", since}});
  client_.send({"GET", path}, [this, since](const Answer& answer) { hear_system(answer, !since.empty()); });
}

void Gateway::hear_system(const Answer& answer, bool is_part) {
  system_is_asked_ = false;
  system_due_ms_ = platform_.monotonic_ms() + static_cast<double>(system_step_ms);
  if (answer.status == 401) return session_lost();
  Result<SystemOverview> fresh =
      answer.is_ok() ? system_overview_from_text(answer.body) : Result<SystemOverview>(*answer.error);
  if (!fresh) {
    return change_system([&](SystemView& view) { view.problem = fresh.error().message; });
  }
  const std::shared_ptr<const SystemOverview> known = system_of(state_).overview;
  // Another server answered, or the same one after a start: what is later is not enough.
  if (is_part && known && !is_same_server(*known, *fresh)) return ask_system(true);
  change_system([&](SystemView& view) { take_overview(view, std::move(*fresh)); });
}

}  // namespace dits::web
