// How issues flow, asked for while it is looked at.
#include "web/store/insights.hpp"

#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/insights_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

constexpr double typing_ms = 250;    // a query that is being typed is asked when the keys rest
constexpr double changed_ms = 2000;  // between two answers, when issues change
constexpr double retry_ms = 5000;

}  // namespace

void Gateway::watch_insights() {
  const bool is_looked_at = shows_insights(state_.route) && platform_.environment().visible;
  const bool can_ask = state_.session.phase == SessionPhase::signed_in && state_.list.is_ready &&
                       !state_.list.error && state_.sync.phase == SyncPhase::synced;
  if (!is_looked_at || !can_ask || insights_are_asked_) return;
  const InsightsView& view = insights_of(state_);
  const InsightsQuestion wanted = insights_question(state_);
  const double now = platform_.monotonic_ms();
  if (!(wanted == insights_wanted_)) {
    const bool is_typed = view.figures && wanted.days == insights_wanted_.days;
    insights_due_ms_ = is_typed ? now + typing_ms : now;
    insights_wanted_ = wanted;
  }
  // Over midnight the last day is another one.
  const bool is_known =
      view.figures && view.problem.empty() && view.asked == wanted && insights_day_ == state_.today;
  if (is_known && insights_change_id_ == state_.sync.change_id) return;
  if (!view.figures && view.problem.empty()) insights_due_ms_ = now;
  if (insights_due_ms_ <= now) return ask_insights(wanted);
  platform_.wake_after(static_cast<int>(insights_due_ms_ - now) + 1);
}

void Gateway::ask_insights(const InsightsQuestion& question) {
  insights_are_asked_ = true;
  insights_change_id_ = state_.sync.change_id;
  insights_day_ = state_.today;
  const std::string path = paths::with_query(
      std::string(paths::insights), {{"q", question.query}, {"days", std::to_string(question.days)}});
  client_.send({"GET", path}, [this, question, asker = state_.session.me.id](const Answer& answer) {
    insights_are_asked_ = false;
    // An answer that comes after signing out, be it another who is here by now, is nobody's.
    if (state_.session.phase == SessionPhase::signed_in && state_.session.me.id == asker)
      hear_insights(answer, question);
  });
}

void Gateway::hear_insights(const Answer& answer, const InsightsQuestion& question) {
  if (answer.status == 401) return session_lost();
  // Something else is looked at by now.
  if (!shows_insights(state_.route) || !(insights_question(state_) == question)) return;
  Result<Insights> fresh = answer.is_ok() ? insights_from_text(answer.body) : Result<Insights>(*answer.error);
  insights_due_ms_ = platform_.monotonic_ms() + (fresh ? changed_ms : retry_ms);
  auto next = std::make_shared<InsightsView>(insights_of(state_));
  if (fresh) {
    const bool is_other = !(next->asked == question);
    next->figures = std::make_shared<const FlowFigures>(flow_figures(state_, std::move(*fresh)));
    next->asked = question;
    next->problem.clear();
    if (is_other || !reading_at(*next)) next->is_reading = false;
  } else {
    next->problem = fresh.error().message;
  }
  arrive({InsightsChanged{std::move(next)}});
}

}  // namespace dits::web
