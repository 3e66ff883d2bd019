#include "web/ui/plan_parts.hpp"

#include <algorithm>
#include <cmath>

#include "web/store/calendar.hpp"

namespace dits::web {

namespace {

struct KeptPlan {
  std::uint64_t version = 0;
  PlanDrag drag;
  PlanTimes times;
};
KeptPlan kept;

std::string count_words(int count, const char* one, const char* more) {
  return std::to_string(count) + ' ' + (count == 1 ? one : more);
}

void add_number(const State& state, const PlanNet& net, std::uint32_t bar, std::string& words) {
  words += (words.empty() ? "" : ", ") + number_text(issue_at(state, net.bars[bar].slot));
}

std::string blockers_of(const State& state, const PlanNet& net, std::uint32_t bar) {
  std::string words;
  for (std::uint32_t at = net.in_begin[bar]; at < net.in_begin[bar + 1]; ++at)
    add_number(state, net, net.links[net.in_links[at]].from, words);
  return words;
}

std::string blocked_by(const State& state, const PlanNet& net, std::uint32_t bar) {
  std::string words;
  for (std::uint32_t at = net.out_begin[bar]; at < net.out_begin[bar + 1]; ++at)
    add_number(state, net, net.links[at].to, words);
  return words;
}

}  // namespace

bool PlanShown::is_moved(std::uint32_t bar) const {
  return std::any_of(
      drag.moves.begin(), drag.moves.end(), [&](const BarMove& move) { return move.bar == bar; });
}

PlanShown shown_plan(const State& state, const BoardDrag& drag) {
  const PlanNet& net = state.list.net;
  PlanDrag made = drag.issues.empty() ? PlanDrag{} : plan_drag(state, drag);
  if (kept.version != net.version || kept.drag.moves != made.moves) {
    kept.version = net.version;
    kept.times = plan_times(net, made.moves.empty() ? net.bars : bars_after(net, made.moves));
  }
  kept.drag = std::move(made);
  return {net, kept.times, kept.drag};
}

std::string plan_days_words(const BarTimes& time) {
  const Date first{time.begin == time.end ? time.end - 1 : time.begin};
  const Date last{time.end - 1};
  const CivilDate from = civil_from_date(first);
  const CivilDate to = civil_from_date(last);
  const auto day = [](Date date, const CivilDate& civil) {
    return std::string(weekday_name(weekday_of(date))) + ' ' + std::to_string(civil.day);
  };
  std::string words = day(last, to) + ' ' + std::string(full_month_name(to.month));
  if (first == last) return words;
  const std::string month = from.month == to.month ? "" : ' ' + std::string(full_month_name(from.month));
  return day(first, from) + month + " to " + words;
}

std::string slack_words(const PlanShown& shown, std::uint32_t bar) {
  const BarTimes& time = shown.times.bars[bar];
  const bool is_linked = shown.net.out_begin[bar] != shown.net.out_begin[bar + 1] ||
                         shown.net.in_begin[bar] != shown.net.in_begin[bar + 1];
  if (!is_linked || !time.is_placed || shown.net.bars[bar].is_closed) return {};
  if (time.slack == 0) return "No slack";
  if (time.slack > 0) return count_words(time.slack, "day", "days") + " of slack";
  return count_words(-time.slack, "day", "days") + " short";
}

std::string late_words(const State& state, std::uint32_t bar) {
  const PlanNet& net = state.list.net;
  const auto move = moved_bar(net, bar, DragPart::due, 1);
  if (!move || net.bars[bar].is_closed) return {};
  const std::vector<BarMove> moves = cascade(net, {*move});
  if (moves.size() < 2) return {};
  // Of those that are pushed: the first is the late one itself.
  const BarMove& last = *std::max_element(
      moves.begin() + 1, moves.end(), [](const BarMove& a, const BarMove& b) { return a.end < b.end; });
  if (moves.size() == 2)
    return "A day late moves " + number_text(issue_at(state, net.bars[last.bar].slot)) + " to " +
           full_date_label(Date{last.end - 1});
  return "A day late moves " + std::to_string(moves.size() - 1) + " others, " +
         number_text(issue_at(state, net.bars[last.bar].slot)) + " to " + full_date_label(Date{last.end - 1});
}

std::string plan_counts(const PlanNet& net) {
  return count_words(static_cast<int>(net.bars.size()), "issue", "issues") + ", " +
         count_words(static_cast<int>(net.links.size()), "link", "links");
}

std::string bar_words(const State& state, const PlanShown& shown, std::uint32_t bar) {
  std::string words =
      number_text(issue_at(state, shown.net.bars[bar].slot)) + "  " + plan_days_words(shown.times.bars[bar]);
  if (const std::string slack = slack_words(shown, bar); !slack.empty()) words += ".  " + slack;
  if (const std::string late = late_words(state, bar); !late.empty()) words += ".  " + late;
  return words;
}

std::string bar_description(const State& state, const PlanShown& shown, std::uint32_t bar) {
  const Status* status = status_of(state, issue_at(state, shown.net.bars[bar].slot));
  std::string words = status != nullptr ? status->name : "";
  words += shown.net.bars[bar].has_days ? ", " + plan_days_words(shown.times.bars[bar]) : ", no date";
  if (const std::string slack = slack_words(shown, bar); !slack.empty())
    words += ", " + (slack == "No slack" ? std::string("critical, no slack") : slack);
  if (const std::string by = blockers_of(state, shown.net, bar); !by.empty()) words += ", blocked by " + by;
  if (const std::string blocks = blocked_by(state, shown.net, bar); !blocks.empty())
    words += ", blocks " + blocks;
  return words;
}

float done_part(const State& state, Slot slot) {
  if (facts_at(state, slot).is_closed) return 1;
  const Progress progress = sub_issue_progress(state, slot);
  return progress.total() == 0 ? 0
                               : static_cast<float>(progress.closed) / static_cast<float>(progress.total());
}

}  // namespace dits::web
