#include "web/store/issue_facts.hpp"

#include "shared/core/text.hpp"
#include "web/store/query_run.hpp"

namespace dits::web {

bool is_live(const Issue& issue) { return issue.id.is_set() && !issue.deleted_at; }

namespace {

std::uint8_t smart_bits(const State& state, const Issue& issue, const IssueFacts& facts) {
  if (!is_live(issue)) return 0;
  if (facts.is_closed) {
    const bool is_of_today =
        issue.completed_at && state.zone.date_of(*issue.completed_at) == state.today;
    return static_cast<std::uint8_t>(smart_logbook | (is_of_today ? smart_done_today : 0));
  }
  unsigned bits = 0;
  if (!issue.project_id.is_set() && !issue.area_id.is_set()) bits |= smart_inbox;
  const bool is_due = issue.due_date && *issue.due_date <= state.today;
  const bool starts_later = issue.start_date && *issue.start_date > state.today;
  const bool is_in_hand = facts.kind == StatusKind::progress || facts.kind == StatusKind::review;
  if (is_due) bits |= smart_today;
  if (!is_due && (is_in_hand || (issue.start_date && !starts_later))) bits |= smart_desk;
  if ((issue.due_date && *issue.due_date > state.today) || starts_later) bits |= smart_upcoming;
  if (facts.kind == StatusKind::todo && facts.open_blockers == 0 && !starts_later) bits |= smart_next;
  return static_cast<std::uint8_t>(bits);
}

std::uint32_t view_bits(const State& state, Slot slot) {
  std::uint32_t bits = 0;
  for (std::size_t at = 0; at < state.view_queries.size(); ++at) {
    const auto& query = state.view_queries[at];
    if (query && is_live(state.entities.issues[slot]) && matches(state, *query, slot)) bits |= 1U << at;
  }
  return bits;
}

void count_views(State& state, std::uint32_t bits, int sign) {
  for (std::size_t at = 0; bits != 0; ++at, bits >>= 1U) {
    if ((bits & 1U) != 0) add(state.view_counts[state.entities.views[at].id], sign);
  }
}

void keep(std::set<Slot>& slots, Slot slot, bool is_in) {
  if (is_in) {
    slots.insert(slot);
  } else {
    slots.erase(slot);
  }
}

}  // namespace

void contribute(State& state, Slot slot, int sign) {
  const Issue& issue = state.entities.issues[slot];
  const IssueFacts& facts = state.entities.facts[slot];
  if (!issue.id.is_set()) return;
  Counts& counts = state.counts;
  if (issue.deleted_at) {
    add(counts.trash, sign);
    return;
  }
  add(counts.all, sign);
  if (!facts.is_closed) add(counts.open, sign);
  if ((facts.smart & smart_inbox) != 0) add(counts.inbox, sign);
  if ((facts.smart & smart_today) != 0) add(counts.today, sign);
  if ((facts.smart & smart_desk) != 0) add(counts.desk, sign);
  if ((facts.smart & smart_done_today) != 0) add(counts.done_today, sign);
  if ((facts.smart & smart_upcoming) != 0) add(counts.upcoming, sign);
  if ((facts.smart & smart_next) != 0) add(counts.next, sign);
  if ((facts.smart & smart_logbook) != 0) add(counts.logbook, sign);
  if (issue.project_id.is_set()) {
    Progress& progress = state.project_progress[issue.project_id];
    add(facts.is_closed ? progress.closed : progress.open, sign);
  }
  if (issue.area_id.is_set()) {
    Progress& progress = state.area_progress[issue.area_id];
    add(facts.is_closed ? progress.closed : progress.open, sign);
  }
  if (!facts.is_closed) {
    for (const LabelId label : issue.label_ids) add(state.label_counts[label], sign);
  }
  count_views(state, facts.views, sign);
}

StatusFacts::StatusFacts(const Entities& entities) {
  for (const Workflow& workflow : entities.workflows) {
    for (const Status& status : workflow.statuses)
      meanings_.push_back({status.id, status_kind(status), status.is_closed});
  }
}

void StatusFacts::read(const Issue& issue, IssueFacts& facts) const {
  facts.kind = StatusKind::todo;
  facts.is_closed = issue.completed_at.has_value();
  for (const Meaning& meaning : meanings_) {
    if (meaning.id != issue.status_id) continue;
    facts.kind = meaning.kind;
    facts.is_closed = meaning.is_closed;
    break;
  }
  facts.folded_title = fold_case(issue.title);
}

void read_own_facts(State& state, Slot slot) { read_own_facts(state, slot, StatusFacts(state.entities)); }

void read_own_facts(State& state, Slot slot, const StatusFacts& statuses) {
  statuses.read(state.entities.issues[slot], state.entities.facts[slot]);
}

void refresh_derived(State& state, Slot slot) {
  IssueFacts& facts = state.entities.facts[slot];
  facts.smart = smart_bits(state, state.entities.issues[slot], facts);
  facts.views = view_bits(state, slot);
  const Issue& issue = state.entities.issues[slot];
  const bool is_open = is_live(issue) && !facts.is_closed;
  const int ahead = issue.due_date ? issue.due_date->days - state.today.days : -1;
  keep(state.in_progress, slot, is_open && facts.kind == StatusKind::progress);
  keep(state.due_in_week, slot, is_open && ahead >= 0 && ahead < 7);
}

}  // namespace dits::web
