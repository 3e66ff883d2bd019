// Bars and links alone: their order, and what follows from the days of the bars.
#include <algorithm>
#include <limits>
#include <utility>

#include "web/store/plan.hpp"

namespace dits::web {

namespace {

// Where the links of each bar begin, counted by `end_of`; they stand one behind the other.
template <typename EndOf>
std::vector<std::uint32_t> begins_of(const PlanNet& net, const EndOf& end_of) {
  std::vector<std::uint32_t> begins(net.bars.size() + 1);
  for (const PlanLink& link : net.links) ++begins[end_of(link) + 1];
  for (std::size_t at = 1; at < begins.size(); ++at) begins[at] += begins[at - 1];
  return begins;
}

void index_links(PlanNet& net) {
  const auto from = [](const PlanLink& link) { return link.from; };
  const auto to = [](const PlanLink& link) { return link.to; };
  net.out_begin = begins_of(net, from);
  net.in_begin = begins_of(net, to);
  std::vector<PlanLink> sorted(net.links.size());
  std::vector<std::uint32_t> next(net.out_begin.begin(), net.out_begin.end());
  for (const PlanLink& link : net.links) sorted[next[link.from]++] = link;
  net.links = std::move(sorted);
  net.in_links.resize(net.links.size());
  next = net.in_begin;
  for (std::uint32_t at = 0; at < net.links.size(); ++at) net.in_links[next[net.links[at].to]++] = at;
}

// Depth first, backwards; a link into what is being walked closes a circle.
void find_order(PlanNet& net) {
  enum class Walk : std::uint8_t { ahead, open, done };
  struct Step {
    std::uint32_t bar;
    std::uint32_t link;
  };
  std::vector<Walk> walks(net.bars.size(), Walk::ahead);
  std::vector<Step> path;
  net.order.clear();
  for (std::uint32_t start = static_cast<std::uint32_t>(net.bars.size()); start-- > 0;) {
    if (walks[start] != Walk::ahead) continue;
    walks[start] = Walk::open;
    path.push_back({start, net.out_begin[start]});
    while (!path.empty()) {
      Step& here = path.back();
      if (here.link == net.out_begin[here.bar + 1]) {
        walks[here.bar] = Walk::done;
        net.order.push_back(here.bar);
        path.pop_back();
        continue;
      }
      PlanLink& link = net.links[here.link++];
      if (walks[link.to] == Walk::open) link.closes_circle = true;
      if (walks[link.to] != Walk::ahead) continue;
      walks[link.to] = Walk::open;
      path.push_back({link.to, net.out_begin[link.to]});
    }
  }
  std::reverse(net.order.begin(), net.order.end());
}

void find_components(PlanNet& net) {
  net.component.assign(net.bars.size(), no_bar);
  net.components = 0;
  std::vector<std::uint32_t> waiting;
  for (std::uint32_t start = 0; start < net.bars.size(); ++start) {
    if (net.component[start] != no_bar) continue;
    const std::uint32_t number = net.components++;
    const auto reach = [&](std::uint32_t bar) {
      if (net.component[bar] != no_bar) return;
      net.component[bar] = number;
      waiting.push_back(bar);
    };
    reach(start);
    while (!waiting.empty()) {
      const std::uint32_t bar = waiting.back();
      waiting.pop_back();
      for (std::uint32_t at = net.out_begin[bar]; at < net.out_begin[bar + 1]; ++at) reach(net.links[at].to);
      for (std::uint32_t at = net.in_begin[bar]; at < net.in_begin[bar + 1]; ++at)
        reach(net.links[net.in_links[at]].from);
    }
  }
}

// The walks over a bar's links that count.
template <typename Do>
void each_blocker(const PlanNet& net, std::uint32_t bar, const Do& act) {
  for (std::uint32_t at = net.in_begin[bar]; at < net.in_begin[bar + 1]; ++at) {
    const PlanLink& link = net.links[net.in_links[at]];
    if (!link.closes_circle) act(link.from);
  }
}
template <typename Do>
void each_blocked(const PlanNet& net, std::uint32_t bar, const Do& act) {
  for (std::uint32_t at = net.out_begin[bar]; at < net.out_begin[bar + 1]; ++at) {
    if (!net.links[at].closes_circle) act(net.links[at].to);
  }
}

bool has_links(const PlanNet& net, std::uint32_t bar) {
  return net.out_begin[bar] != net.out_begin[bar + 1] || net.in_begin[bar] != net.in_begin[bar + 1];
}

// Where bars lie, and how early they could.
void walk_forward(const PlanNet& net, const std::vector<PlanBar>& bars, PlanTimes& times) {
  for (const std::uint32_t at : net.order) {
    ++times.steps;
    const PlanBar& bar = bars[at];
    BarTimes& time = times.bars[at];
    bool follows = false;
    int ready = 0;
    int soonest = 0;
    each_blocker(net, at, [&](std::uint32_t from) {
      ++times.steps;
      const BarTimes& before = times.bars[from];
      if (!before.is_placed) return;
      const int end = before.earliest + (before.end - before.begin);
      ready = follows ? std::max(ready, before.end) : before.end;
      soonest = follows ? std::max(soonest, end) : end;
      follows = true;
    });
    time.is_placed = bar.has_days || follows;
    time.begin = bar.has_days ? bar.begin : ready;
    time.end = bar.has_days ? bar.end : ready;
    time.earliest = follows && !bar.is_closed ? soonest : time.begin;
  }
}

// The end of what each component has still to do; of all of it where nothing is left.
std::vector<int> component_ends(const PlanNet& net, const std::vector<PlanBar>& bars, PlanTimes& times) {
  constexpr int never = std::numeric_limits<int>::min();
  std::vector<int> open(net.components, never);
  std::vector<int> all(net.components, never);
  for (std::uint32_t at = 0; at < bars.size(); ++at) {
    ++times.steps;
    if (!times.bars[at].is_placed) continue;
    const std::uint32_t number = net.component[at];
    all[number] = std::max(all[number], times.bars[at].end);
    if (!bars[at].is_closed) open[number] = std::max(open[number], times.bars[at].end);
  }
  for (std::uint32_t number = 0; number < net.components; ++number) {
    if (open[number] == never) open[number] = all[number];
  }
  return open;
}

void walk_backward(const PlanNet& net,
                   const std::vector<PlanBar>& bars,
                   const std::vector<int>& ends,
                   PlanTimes& times) {
  for (auto next = net.order.rbegin(); next != net.order.rend(); ++next) {
    const std::uint32_t at = *next;
    ++times.steps;
    BarTimes& time = times.bars[at];
    if (!time.is_placed) continue;
    time.latest = ends[net.component[at]];
    each_blocked(net, at, [&](std::uint32_t to) {
      ++times.steps;
      const BarTimes& after = times.bars[to];
      if (bars[to].is_closed || !after.is_placed) return;
      time.latest = std::min(time.latest, after.latest - (after.end - after.begin));
    });
    time.slack = time.latest - time.end;
    time.is_critical = has_links(net, at) && (bars[at].is_closed ? time.slack == 0 : time.slack <= 0);
  }
}

}  // namespace

PlanNet net_of(std::vector<PlanBar> bars, std::vector<PlanLink> links) {
  static std::uint64_t made = 0;
  PlanNet net;
  net.version = ++made;
  net.bars = std::move(bars);
  net.links = std::move(links);
  index_links(net);
  find_order(net);
  find_components(net);
  return net;
}

PlanTimes plan_times(const PlanNet& net, const std::vector<PlanBar>& bars) {
  PlanTimes times;
  times.bars.resize(bars.size());
  walk_forward(net, bars, times);
  walk_backward(net, bars, component_ends(net, bars, times), times);
  std::vector<std::pair<int, int>> paths(net.components, {std::numeric_limits<int>::max(), 0});
  for (std::uint32_t at = 0; at < bars.size(); ++at) {
    const BarTimes& time = times.bars[at];
    if (!time.is_critical) continue;
    auto& [begin, end] = paths[net.component[at]];
    end = begin > end ? time.end : std::max(end, time.end);
    begin = std::min(begin, time.begin);
    times.critical_days = std::max(times.critical_days, end - begin);
  }
  return times;
}

bool is_critical(const PlanTimes& times, const PlanLink& link) {
  const BarTimes& from = times.bars[link.from];
  const BarTimes& to = times.bars[link.to];
  return !link.closes_circle && from.is_critical && to.is_critical && to.begin <= from.end;
}

bool is_broken(const PlanNet& net, const PlanTimes& times, const PlanLink& link) {
  if (link.closes_circle) return true;
  const BarTimes& from = times.bars[link.from];
  const BarTimes& to = times.bars[link.to];
  return from.is_placed && to.is_placed && to.begin < from.end && !net.bars[link.from].is_closed &&
         !net.bars[link.to].is_closed;
}

std::vector<BarMove> cascade(const PlanNet& net, const std::vector<BarMove>& moved, std::uint32_t* steps) {
  enum class Push : std::uint8_t { none, fixed, pushes };
  std::vector<Push> pushes(net.bars.size(), Push::none);
  std::vector<int> ends(net.bars.size());
  std::vector<BarMove> all = moved;
  for (const BarMove& move : moved) {
    pushes[move.bar] = move.end > net.bars[move.bar].end ? Push::pushes : Push::fixed;
    ends[move.bar] = move.end;
  }
  std::uint32_t looked_at = 0;
  for (const std::uint32_t at : net.order) {
    ++looked_at;
    const PlanBar& bar = net.bars[at];
    if (pushes[at] != Push::none || bar.is_closed) continue;
    bool is_pushed = false;
    int ready = 0;
    each_blocker(net, at, [&](std::uint32_t from) {
      ++looked_at;
      if (pushes[from] != Push::pushes) return;
      ready = is_pushed ? std::max(ready, ends[from]) : ends[from];
      is_pushed = true;
    });
    if (!is_pushed || (bar.has_days && bar.begin >= ready)) continue;
    pushes[at] = Push::pushes;
    ends[at] = ready + bar.length();
    if (bar.has_days) all.push_back({at, ready, ends[at]});
  }
  if (steps != nullptr) *steps = looked_at;
  return all;
}

std::vector<PlanBar> bars_after(const PlanNet& net, const std::vector<BarMove>& moves) {
  std::vector<PlanBar> bars = net.bars;
  for (const BarMove& move : moves) {
    bars[move.bar].begin = move.begin;
    bars[move.bar].end = move.end;
    bars[move.bar].has_days = true;
  }
  return bars;
}

}  // namespace dits::web
