#include "web/store/plan.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>
#include <utility>

#include "shared/core/sorting.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

constexpr std::size_t next_limit = 100;

bool is_on_plan(const Entities& entities, Slot slot) {
  const Issue& issue = entities.issues[slot];
  return issue.id.is_set() && !issue.deleted_at;
}

bool is_open(const Entities& entities, Slot slot) {
  return is_on_plan(entities, slot) && !entities.facts[slot].is_closed;
}

// The slots that this one blocks, or that block it.
template <typename Do>
void each_end(const Entities& entities, Slot slot, RelationType type, const Do& act) {
  const auto found = entities.relation_ends.find(slot);
  if (found == entities.relation_ends.end()) return;
  for (const RelationEnd& end : found->second) {
    if (end.type == type) act(end.other);
  }
}

// What a row is sorted by: where its bar begins; without days, where it could, or where what it blocks does.
struct RowKeys {
  std::vector<int> begins;
  std::vector<std::uint32_t> places;  // in PlanNet::order

  RowKeys(const PlanNet& net, const PlanTimes& times) : begins(net.bars.size()), places(net.bars.size()) {
    for (auto next = net.order.size(); next-- > 0;) {
      const std::uint32_t at = net.order[next];
      places[at] = static_cast<std::uint32_t>(next);
      begins[at] = std::numeric_limits<int>::max();
      if (times.bars[at].is_placed) begins[at] = times.bars[at].begin;
      if (times.bars[at].is_placed) continue;
      for (std::uint32_t link = net.out_begin[at]; link < net.out_begin[at + 1]; ++link)
        if (!net.links[link].closes_circle) begins[at] = std::min(begins[at], begins[net.links[link].to]);
    }
  }
  bool is_before(std::uint32_t a, std::uint32_t b) const {
    return begins[a] != begins[b] ? begins[a] < begins[b] : places[a] < places[b];
  }
};

// Chain after chain: below a bar stands the first of those that it blocks, if that has no place yet.
void add_chains(PlanNet& net, const RowKeys& keys, const std::vector<std::uint32_t>& bars, PlanRow row) {
  std::vector<std::uint32_t> sorted = bars;
  sort_stably(sorted, [&](std::uint32_t a, std::uint32_t b) { return keys.is_before(a, b); });
  std::vector<bool> waits(net.bars.size());
  for (const std::uint32_t bar : bars) waits[bar] = true;
  for (const std::uint32_t first : sorted) {
    std::uint32_t at = waits[first] ? first : no_bar;
    while (at != no_bar) {
      waits[at] = false;
      net.row_of[at] = static_cast<std::uint32_t>(net.rows.size());
      row.bar = at;
      net.rows.push_back(row);
      std::uint32_t below = no_bar;
      for (std::uint32_t link = net.out_begin[at]; link < net.out_begin[at + 1]; ++link) {
        const std::uint32_t to = net.links[link].to;
        if (waits[to] && (below == no_bar || keys.is_before(to, below))) below = to;
      }
      at = below;
    }
  }
}

// By project where there are several, with a head for each.
void arrange_rows(const State& state, PlanNet& net) {
  const RowKeys keys(net, plan_times(net, net.bars));
  net.row_of.assign(net.bars.size(), 0);
  std::unordered_map<ProjectId, std::vector<std::uint32_t>, IdHash> by_project;
  for (std::uint32_t at = 0; at < net.bars.size(); ++at)
    by_project[state.entities.issues[net.bars[at].slot].project_id].push_back(at);
  if (by_project.size() == 1) return add_chains(net, keys, by_project.begin()->second, {});
  std::vector<ProjectId> projects;
  for (const Project* project : shown_projects(state)) projects.push_back(project->id);
  std::vector<ProjectId> others;
  for (const auto& [id, bars] : by_project) {
    if (std::find(projects.begin(), projects.end(), id) == projects.end()) others.push_back(id);
  }
  sort_stably(others, [](ProjectId a, ProjectId b) { return to_string(a) > to_string(b); });
  projects.insert(projects.end(), others.begin(), others.end());
  std::uint32_t group = 0;
  for (const ProjectId id : projects) {
    const auto found = by_project.find(id);
    if (found == by_project.end()) continue;
    PlanRow row{no_bar, group, id, static_cast<std::uint32_t>(found->second.size())};
    net.rows.push_back(row);
    row.group = ++group;
    add_chains(net, keys, found->second, row);
  }
}

// Open, held up by nothing, and nobody is at it.
std::vector<NextStart> rank_next(const State& state, const PlanNet& net) {
  std::vector<NextStart> next;
  for (const PlanBar& bar : net.bars) {
    const IssueFacts& facts = state.entities.facts[bar.slot];
    const bool is_ahead = facts.kind == StatusKind::backlog || facts.kind == StatusKind::todo;
    if (bar.is_closed || !is_ahead || facts.open_blockers > 0) continue;
    next.push_back({bar.slot, facts.blocks_open > 0 ? count_waiting(state.entities, bar.slot) : 0});
  }
  sort_stably(next, [&](const NextStart& a, const NextStart& b) {
    if (a.unblocks != b.unblocks) return a.unblocks > b.unblocks;
    const Issue& left = state.entities.issues[a.slot];
    const Issue& right = state.entities.issues[b.slot];
    if (left.priority != right.priority) return left.priority > right.priority;
    constexpr Date never{std::numeric_limits<std::int32_t>::max()};
    return left.due_date.value_or(never) < right.due_date.value_or(never);
  });
  if (next.size() > next_limit) next.resize(next_limit);
  return next;
}

}  // namespace

PlanBar bar_of(const Issue& issue) {
  PlanBar bar;
  const auto days = days_of(issue);
  if (!days) return bar;
  bar.has_days = true;
  bar.end = days->last.days + 1;
  bar.begin = issue.start_date ? days->first.days : bar.end;
  return bar;
}

PlanNet plan_net(const State& state, const std::vector<Slot>& ordered) {
  const Entities& entities = state.entities;
  std::unordered_map<Slot, std::uint32_t> shown;
  for (const Slot slot : ordered) shown.emplace(slot, no_bar);
  const auto is_linked = [&](Slot slot) {
    bool found = false;
    for (const RelationType type : {RelationType::blocks, RelationType::blocked_by})
      each_end(entities, slot, type, [&](Slot other) { found = found || shown.contains(other); });
    return found;
  };
  std::vector<PlanBar> bars;
  std::uint32_t left_out = 0;
  for (const Slot slot : ordered) {
    PlanBar bar = bar_of(entities.issues[slot]);
    if (!bar.has_days && !is_linked(slot)) {
      ++left_out;
      continue;
    }
    bar.slot = slot;
    bar.is_closed = entities.facts[slot].is_closed;
    shown[slot] = static_cast<std::uint32_t>(bars.size());
    bars.push_back(bar);
  }
  std::vector<PlanLink> links;
  for (std::uint32_t at = 0; at < bars.size(); ++at) {
    each_end(entities, bars[at].slot, RelationType::blocks, [&](Slot other) {
      const auto found = shown.find(other);
      if (found != shown.end()) links.push_back({at, found->second});
    });
  }
  PlanNet net = net_of(std::move(bars), std::move(links));
  net.left_out = left_out;
  if (!net.bars.empty()) arrange_rows(state, net);
  net.next = rank_next(state, net);
  return net;
}

std::vector<Slot> circle_of(const Entities& entities, Slot from, Slot to) {
  if (from == to) return {from};
  std::unordered_map<Slot, Slot> before{{to, to}};
  std::vector<Slot> waiting{to};
  for (std::size_t next = 0; next < waiting.size() && !before.contains(from); ++next) {
    const Slot here = waiting[next];
    each_end(entities, here, RelationType::blocks, [&](Slot other) {
      if (is_on_plan(entities, other) && before.emplace(other, here).second) waiting.push_back(other);
    });
  }
  if (!before.contains(from)) return {};
  std::vector<Slot> circle{from};
  while (circle.back() != to) circle.push_back(before[circle.back()]);
  std::reverse(circle.begin(), circle.end());
  return circle;
}

std::string circle_words(const State& state, const std::vector<Slot>& circle) {
  std::string words = "A circle: ";
  for (const Slot slot : circle) words += '#' + std::to_string(issue_at(state, slot).number) + " → ";
  return words + '#' + std::to_string(issue_at(state, circle.front()).number);
}

std::uint32_t count_waiting(const Entities& entities, Slot slot) {
  std::vector<Slot> waiting{slot};
  std::unordered_map<Slot, bool> seen{{slot, true}};
  for (std::size_t next = 0; next < waiting.size() && waiting.size() <= most_waiting; ++next) {
    each_end(entities, waiting[next], RelationType::blocks, [&](Slot other) {
      if (is_open(entities, other) && seen.emplace(other, true).second) waiting.push_back(other);
    });
  }
  return std::min(most_waiting, static_cast<std::uint32_t>(waiting.size() - 1));
}

std::string_view name_of(PlanZoom zoom) {
  constexpr std::array<std::string_view, plan_zoom_count> names{"day", "week", "month", "quarter"};
  return names[static_cast<std::size_t>(zoom)];
}

float pixels_per_day(PlanZoom zoom) {
  constexpr std::array<float, plan_zoom_count> pixels{32, 14, 5, 2};
  return pixels[static_cast<std::size_t>(zoom)];
}

bool is_in_next(const State& state) {
  return state.region == Region::detail && state.detail_open && shows_plan(state.list_route);
}

std::uint32_t find_bar(const PlanNet& net, Slot slot) {
  const auto found =
      std::find_if(net.bars.begin(), net.bars.end(), [&](const PlanBar& bar) { return bar.slot == slot; });
  return found == net.bars.end() ? no_bar : static_cast<std::uint32_t>(found - net.bars.begin());
}

std::uint32_t bar_at_cursor(const State& state) {
  const std::vector<PlanRow>& rows = state.list.net.rows;
  return state.plan.row < rows.size() ? rows[state.plan.row].bar : no_bar;
}

Slot plan_slot(const State& state) {
  if (is_in_next(state)) return find_slot(state.entities, state.plan.next_issue);
  const std::uint32_t bar = bar_at_cursor(state);
  return bar == no_bar ? no_slot : state.list.net.bars[bar].slot;
}

void settle_plan(State& state) {
  if (!shows_plan(state.list_route)) return;
  PlanState& plan = state.plan;
  const PlanNet& net = state.list.net;
  const Slot slot = find_slot(state.entities, plan.issue);
  const std::uint32_t bar = slot == no_slot ? no_bar : find_bar(net, slot);
  // What comes first is known only when all is here.
  const bool is_lost = bar == no_bar || state.sync.phase == SyncPhase::loading;
  if (!net.rows.empty() && is_lost) {
    const auto last = static_cast<std::uint32_t>(net.rows.size() - 1);
    plan.row = state.sync.phase == SyncPhase::loading ? 0 : std::min(plan.row, last);
    if (net.rows[plan.row].is_head()) plan.row += plan.row < last ? 1 : 0;
    plan.issue = state.entities.issues[net.bars[net.rows[plan.row].bar].slot].id;
  } else if (!net.rows.empty()) {
    plan.row = net.row_of[bar];
  }
  const auto here = std::find_if(net.next.begin(), net.next.end(), [&](const NextStart& next) {
    return next.slot == find_slot(state.entities, plan.next_issue);
  });
  if (here == net.next.end())
    plan.next_issue = net.next.empty() ? IssueId{} : state.entities.issues[net.next.front().slot].id;
}

}  // namespace dits::web
