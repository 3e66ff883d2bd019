// Bars and links: the net, slack and the critical path, what a moved bar pushes, what comes next, the cursor.
#include "web/store/plan.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "tests/web/support/world.hpp"
#include "web/store/reduce.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

namespace {

Date day(const char* text) { return *parse_date(text); }

// An issue from `start` to `due`; empty: without that date.
Issue dated(std::int64_t number, const char* start, const char* due, int status = 1) {
  Issue issue;
  issue.id = world_issue(number);
  issue.number = number;
  issue.title = "Issue " + std::to_string(number);
  issue.status_id = world_status(status);
  if (*start != '\0') issue.start_date = day(start);
  if (*due != '\0') issue.due_date = day(due);
  issue.position = static_cast<double>(number);
  issue.created_at = issue.updated_at = world_now;
  return issue;
}

struct Blocks {
  std::int64_t from;
  std::int64_t to;
};

IssueRelation relation(std::int64_t from, std::int64_t to) {
  IssueRelation made;
  made.id = RelationId{world_uuid(static_cast<std::uint64_t>(90'000 + from * 100 + to))};
  made.source_id = world_issue(from);
  made.target_id = world_issue(to);
  made.type = RelationType::blocks;
  made.created_at = world_now;
  return made;
}

// Signed in, on the plan of all issues, which are these; today is Tuesday 14 July 2026.
State on_plan(std::vector<Issue> issues,
              const std::vector<Blocks>& links = {},
              std::string_view url = "/issues?layout=plan&q=") {
  State state;
  reduce(state, Ticked{world_now, {}, 1, 1});
  SnapshotBegan began = world_snapshot();
  began.relations.clear();
  for (const Blocks& link : links) began.relations.push_back(relation(link.from, link.to));
  reduce(state, Navigated{parse_route(url)});
  reduce(state, SignedIn{began.me});
  reduce(state, began);
  reduce(state, IssuesArrived{std::move(issues)});
  reduce(state, SnapshotEnded{10});
  reduce(state, SyncChanged{SyncPhase::synced, {}});
  return state;
}

// The plan of design/07: a chain of five, one of three, one of two, all into #148.
std::vector<Issue> beta() {
  return {dated(125, "2026-07-06", "2026-07-09", 4),
          dated(128, "2026-07-10", "2026-07-16", 2),
          dated(137, "2026-07-17", "2026-07-20"),
          dated(138, "2026-07-21", "2026-07-30"),
          dated(148, "", "2026-07-30"),
          dated(119, "2026-07-09", "2026-07-20", 2),
          dated(110, "2026-07-21", "2026-07-23", 0),
          dated(115, "2026-07-24", "2026-07-28", 0),
          dated(141, "2026-07-13", "2026-07-14", 2),
          dated(130, "2026-07-15", "2026-07-21"),
          dated(122, "2026-07-22", "2026-07-29")};
}
const std::vector<Blocks> beta_links{{125, 128},
                                     {128, 137},
                                     {137, 138},
                                     {138, 148},
                                     {119, 110},
                                     {110, 115},
                                     {115, 148},
                                     {141, 130},
                                     {130, 122},
                                     {122, 148}};

using Numbers = std::vector<std::int64_t>;

std::int64_t number_of(const State& state, std::uint32_t bar) {
  return issue_at(state, state.list.net.bars[bar].slot).number;
}
std::uint32_t bar_of_number(const State& state, std::int64_t number) {
  return find_bar(state.list.net, find_slot(state.entities, number));
}
// Heads are 0.
Numbers rows(const State& state) {
  Numbers found;
  for (const PlanRow& row : state.list.net.rows)
    found.push_back(row.is_head() ? 0 : number_of(state, row.bar));
  return found;
}
PlanTimes times_of(const State& state) { return plan_times(state.list.net, state.list.net.bars); }
BarTimes time_of(const State& state, std::int64_t number) {
  return times_of(state).bars[bar_of_number(state, number)];
}
Numbers critical(const State& state) {
  Numbers found;
  const PlanTimes times = times_of(state);
  for (const PlanRow& row : state.list.net.rows) {
    if (!row.is_head() && times.bars[row.bar].is_critical) found.push_back(number_of(state, row.bar));
  }
  return found;
}

// "#2 16-18 #3 20-20": bars after a move of `number`, days of July.
std::string pushed(const State& state, std::int64_t number, int begin_by, int end_by) {
  const PlanNet& net = state.list.net;
  const std::uint32_t bar = bar_of_number(state, number);
  std::string text;
  for (const BarMove& move :
       cascade(net, {{bar, net.bars[bar].begin + begin_by, net.bars[bar].end + end_by}})) {
    text += (text.empty() ? "#" : " #") + std::to_string(number_of(state, move.bar)) + ' ' +
            to_string(Date{move.begin}).substr(5) + ".." + to_string(Date{move.end - 1}).substr(5);
  }
  return text;
}

// ---- a naive reference ----

struct Made {
  std::vector<PlanBar> bars;
  std::vector<PlanLink> links;
};

// Links lead from lower to higher numbers where `is_acyclic`.
Made random_graph(std::mt19937& random, std::uint32_t count, std::uint32_t links, bool is_acyclic = true) {
  Made made;
  const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  for (std::uint32_t at = 0; at < count; ++at) {
    PlanBar bar;
    bar.slot = at;
    bar.has_days = below(5) != 0;
    bar.is_closed = below(6) == 0;
    if (bar.has_days) {
      bar.begin = 100 + static_cast<int>(below(30));
      bar.end = bar.begin + static_cast<int>(below(6));
    }
    made.bars.push_back(bar);
  }
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::uint32_t at = 0; at < links; ++at) {
    std::uint32_t from = below(count);
    std::uint32_t to = below(count);
    if (from == to) continue;
    if (is_acyclic && from > to) std::swap(from, to);
    if (seen.emplace(from, to).second) made.links.push_back({from, to});
  }
  return made;
}

// Every question answered by asking the neighbours again and again.
struct Naive {
  const Made& made;

  std::vector<std::uint32_t> blockers(std::uint32_t bar) const {
    std::vector<std::uint32_t> found;
    for (const PlanLink& link : made.links)
      if (link.to == bar) found.push_back(link.from);
    return found;
  }
  std::vector<std::uint32_t> blocked(std::uint32_t bar) const {
    std::vector<std::uint32_t> found;
    for (const PlanLink& link : made.links)
      if (link.from == bar) found.push_back(link.to);
    return found;
  }
  std::optional<int> end(std::uint32_t bar) const {
    if (made.bars[bar].has_days) return made.bars[bar].end;
    std::optional<int> latest;
    for (const std::uint32_t from : blockers(bar))
      if (const auto before = end(from)) latest = std::max(latest.value_or(*before), *before);
    return latest;
  }
  std::optional<int> earliest(std::uint32_t bar) const {
    std::optional<int> soonest;
    for (const std::uint32_t from : blockers(bar)) {
      if (!end(from)) continue;
      const int ready = *earliest(from) + made.bars[from].length();
      soonest = std::max(soonest.value_or(ready), ready);
    }
    if (soonest && !made.bars[bar].is_closed) return soonest;
    return end(bar) ? std::optional<int>(*end(bar) - made.bars[bar].length()) : std::nullopt;
  }
  std::set<std::uint32_t> component(std::uint32_t bar) const {
    std::set<std::uint32_t> all{bar};
    for (bool grows = true; grows;) {
      grows = false;
      for (const PlanLink& link : made.links) {
        if (all.contains(link.from) == all.contains(link.to)) continue;
        all.insert(link.from);
        all.insert(link.to);
        grows = true;
      }
    }
    return all;
  }
  int component_end(std::uint32_t bar) const {
    std::optional<int> open;
    std::optional<int> all;
    for (const std::uint32_t each : component(bar)) {
      const auto its = end(each);
      if (!its) continue;
      all = std::max(all.value_or(*its), *its);
      if (!made.bars[each].is_closed) open = std::max(open.value_or(*its), *its);
    }
    return open ? *open : *all;
  }
  int latest(std::uint32_t bar) const {
    int latest_end = component_end(bar);
    for (const std::uint32_t to : blocked(bar)) {
      if (!made.bars[to].is_closed && end(to))
        latest_end = std::min(latest_end, latest(to) - made.bars[to].length());
    }
    return latest_end;
  }
  // Pushes until nothing is pushed any more.
  std::vector<PlanBar> after(std::uint32_t moved, int by) const {
    std::vector<PlanBar> bars = made.bars;
    std::vector<std::optional<int>> pushing(bars.size());
    bars[moved].begin += by;
    bars[moved].end += by;
    if (by > 0) pushing[moved] = bars[moved].end;
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (const PlanLink& link : made.links) {
        if (!pushing[link.from] || link.to == moved || bars[link.to].is_closed) continue;
        PlanBar& to = bars[link.to];
        const int ready = *pushing[link.from];
        if (to.has_days ? to.begin >= ready : pushing[link.to].value_or(ready - 1) >= ready) continue;
        const int length = to.length();
        if (to.has_days) {
          to.begin = ready;
          to.end = ready + length;
        }
        pushing[link.to] = ready + length;
        has_changed = true;
      }
    }
    return bars;
  }
};

}  // namespace

TEST_CASE("A bar takes the days of its issue; a due date alone is a milestone at that day's end") {
  const PlanBar bar = bar_of(dated(1, "2026-07-10", "2026-07-16"));
  CHECK(bar.begin == day("2026-07-10").days);
  CHECK(bar.end == day("2026-07-17").days);
  CHECK(bar_of(dated(1, "2026-07-10", "")).length() == 1);
  CHECK(bar_of(dated(1, "", "2026-07-16")).length() == 0);
  CHECK(bar_of(dated(1, "", "2026-07-16")).end == day("2026-07-17").days);
  CHECK(bar_of(dated(1, "2026-07-20", "2026-07-16")).length() == 1);
  CHECK_FALSE(bar_of(dated(1, "", "")).has_days);
}

TEST_CASE("Rows go chain after chain by their days; what has neither days nor links stays out") {
  std::vector<Issue> issues = beta();
  issues.push_back(dated(7, "", ""));
  const State state = on_plan(std::move(issues), beta_links);
  CHECK(rows(state) == Numbers{125, 128, 137, 138, 148, 119, 110, 115, 141, 130, 122});
  CHECK(state.list.net.links.size() == 10);
  CHECK(state.list.net.left_out == 1);
}

TEST_CASE("The critical path is what moves the end when it is late, and slack is how late the rest may be") {
  const State state = on_plan(beta(), beta_links);
  CHECK(critical(state) == Numbers{125, 128, 137, 138, 148});
  CHECK(times_of(state).critical_days == 25);
  CHECK(time_of(state, 128).slack == 0);
  CHECK(time_of(state, 115).slack == 2);
  CHECK(time_of(state, 119).slack == 2);
  CHECK(time_of(state, 122).slack == 1);
  CHECK(time_of(state, 148).earliest == day("2026-07-31").days);
  CHECK(time_of(state, 130).latest == day("2026-07-23").days);
}

TEST_CASE("What is linked with nothing has no critical path, whenever it ends") {
  const State state = on_plan({dated(1, "2026-07-01", "2026-12-31"), dated(2, "", "2026-07-02")});
  CHECK(critical(state).empty());
  CHECK(times_of(state).critical_days == 0);
}

TEST_CASE("A link whose blocked end begins too early is broken, and its blocker is short of days") {
  const State state =
      on_plan({dated(1, "2026-07-01", "2026-07-10"), dated(2, "2026-07-08", "2026-07-12")}, {{1, 2}});
  CHECK(is_broken(state.list.net, times_of(state), state.list.net.links[0]));
  CHECK(time_of(state, 1).slack == -3);
  const State done =
      on_plan({dated(1, "2026-07-01", "2026-07-10", 4), dated(2, "2026-07-08", "2026-07-12")}, {{1, 2}});
  CHECK_FALSE(is_broken(done.list.net, times_of(done), done.list.net.links[0]));
}

TEST_CASE("A moved bar pushes what waits for it, as far as needed; what is done and what has room stay") {
  const State state = on_plan(beta(), beta_links);
  CHECK(pushed(state, 137, 1, 1) == "#137 07-18..07-21 #138 07-22..07-31 #148 08-01..07-31");
  CHECK(pushed(state, 119, 0, 2) == "#119 07-09..07-22 #110 07-23..07-25 #115 07-26..07-30");
  CHECK(pushed(state, 119, 0, 3).find("#148 08-01..07-31") != std::string::npos);
  CHECK(pushed(state, 137, -3, -3) == "#137 07-14..07-17");
  std::vector<Issue> issues = beta();
  issues[3].status_id = world_status(4);
  CHECK(pushed(on_plan(std::move(issues), beta_links), 137, 1, 1) == "#137 07-18..07-21");
}

TEST_CASE("What has no days hands on what it waits for") {
  const State state =
      on_plan({dated(1, "2026-07-01", "2026-07-10"), dated(2, "", ""), dated(3, "2026-07-11", "2026-07-12")},
              {{1, 2}, {2, 3}});
  CHECK(rows(state) == Numbers{1, 2, 3});
  CHECK(time_of(state, 2).is_placed);
  CHECK(time_of(state, 2).begin == day("2026-07-11").days);
  CHECK(critical(state) == Numbers{1, 2, 3});
  CHECK(pushed(state, 1, 0, 2) == "#1 07-01..07-12 #3 07-13..07-14");
}

TEST_CASE("Times and pushes are those of a naive reference, in random graphs") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const auto count = static_cast<std::uint32_t>(2 + random() % 9);
    const Made made = random_graph(random, count, count * 3 / 2);
    const PlanNet net = net_of(made.bars, made.links);
    const PlanTimes times = plan_times(net, net.bars);
    const Naive naive{made};
    CAPTURE(round);
    for (std::uint32_t at = 0; at < count; ++at) {
      CAPTURE(at);
      const BarTimes& time = times.bars[at];
      REQUIRE(time.is_placed == naive.end(at).has_value());
      if (!time.is_placed) continue;
      REQUIRE(time.end == naive.end(at));
      REQUIRE(time.earliest == naive.earliest(at));
      REQUIRE(time.latest == naive.latest(at));
      REQUIRE(time.slack == time.latest - time.end);
      if (!made.bars[at].has_days) continue;
      const int by = static_cast<int>(random() % 9) - 3;
      const PlanBar& bar = made.bars[at];
      const auto moves = cascade(net, {{at, bar.begin + by, bar.end + by}});
      REQUIRE(bars_after(net, moves) == naive.after(at, by));
    }
  }
}

TEST_CASE("The order puts blockers first; a circle loses a link that closes it, and nothing else is lost") {
  std::mt19937 random(11);
  int circles = 0;
  for (int round = 0; round < 300; ++round) {
    const auto count = static_cast<std::uint32_t>(2 + random() % 9);
    const bool is_acyclic = round % 2 == 0;
    const Made made = random_graph(random, count, count * 2, is_acyclic);
    const PlanNet net = net_of(made.bars, made.links);
    REQUIRE(net.order.size() == count);
    REQUIRE(std::set<std::uint32_t>(net.order.begin(), net.order.end()).size() == count);
    std::vector<std::size_t> place(count);
    for (std::size_t at = 0; at < count; ++at) place[net.order[at]] = at;
    REQUIRE(net.links.size() == made.links.size());
    for (const PlanLink& link : net.links) {
      if (link.closes_circle) ++circles;
      if (link.closes_circle) REQUIRE_FALSE(is_acyclic);
      // Without it there is a way back from its end to its begin.
      if (!link.closes_circle) REQUIRE(place[link.from] < place[link.to]);
    }
    (void)plan_times(net, net.bars);
  }
  CHECK(circles > 50);
}

TEST_CASE("Two thousand bars are looked at once a walk, and their links once") {
  std::mt19937 random(3);
  const Made made = random_graph(random, 2000, 5000);
  const PlanNet net = net_of(made.bars, made.links);
  const auto bars = static_cast<std::uint32_t>(net.bars.size());
  const auto links = static_cast<std::uint32_t>(net.links.size());
  CHECK(plan_times(net, net.bars).steps <= 3 * bars + 2 * links);
  std::uint32_t steps = 0;
  (void)cascade(net, {{0, 200, 210}}, &steps);
  CHECK(steps <= bars + links);
}

TEST_CASE("A link that would close a circle is found with the way round") {
  const State state = on_plan(beta(), beta_links);
  const auto circle = [&](std::int64_t from, std::int64_t to) {
    Numbers found;
    for (const Slot slot :
         circle_of(state.entities, find_slot(state.entities, from), find_slot(state.entities, to)))
      found.push_back(issue_at(state, slot).number);
    return found;
  };
  CHECK(circle(138, 128) == Numbers{128, 137, 138});
  CHECK(circle(128, 138).empty());
  CHECK(circle(119, 119) == Numbers{119});
}

TEST_CASE("What to start next is what unblocks most: open, held up by nothing, not begun") {
  std::vector<Issue> issues{dated(1, "", "2026-07-20"),
                            dated(2, "", "2026-07-21"),
                            dated(3, "", "2026-07-22"),
                            dated(4, "", "2026-07-23"),
                            dated(5, "", "2026-07-24", 2),
                            dated(6, "", "2026-07-25", 4),
                            dated(7, "", "2026-07-19")};
  issues[6].priority = Priority::high;
  const State state = on_plan(std::move(issues), {{2, 3}, {3, 4}, {1, 4}, {1, 6}, {5, 4}});
  Numbers found;
  for (const NextStart& next : state.list.net.next) {
    found.push_back(issue_at(state, next.slot).number);
    found.push_back(next.unblocks);
  }
  CHECK(found == Numbers{2, 2, 1, 1, 7, 0});
}

TEST_CASE("How much waits behind an issue is what a naive walk reaches, in random graphs") {
  std::mt19937 random(5);
  for (int round = 0; round < 40; ++round) {
    std::vector<Issue> issues;
    for (int number = 1; number <= 9; ++number)
      issues.push_back(dated(number, "", "2026-07-20", random() % 5 == 0 ? 4 : 1));
    std::vector<Blocks> links;
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    for (int at = 0; at < 14; ++at) {
      const auto from = static_cast<std::int64_t>(random() % 9 + 1);
      const auto to = static_cast<std::int64_t>(random() % 9 + 1);
      if (from != to && seen.emplace(from, to).second) links.push_back({from, to});
    }
    const State state = on_plan(issues, links);
    for (std::int64_t number = 1; number <= 9; ++number) {
      std::set<std::int64_t> reached;
      const std::function<void(std::int64_t)> walk = [&](std::int64_t here) {
        for (const Blocks& link : links) {
          const bool is_done = issues[static_cast<std::size_t>(link.to - 1)].status_id == world_status(4);
          if (link.from == here && !is_done && link.to != number && reached.insert(link.to).second)
            walk(link.to);
        }
      };
      walk(number);
      REQUIRE(count_waiting(state.entities, find_slot(state.entities, number)) == reached.size());
    }
  }
}

TEST_CASE("Several projects have a head each, by name, and what has none stands last") {
  std::vector<Issue> issues{
      dated(1, "", "2026-07-20"), dated(2, "", "2026-07-21"), dated(3, "", "2026-07-22")};
  issues[1].project_id = world_project(0);
  const State state = on_plan(std::move(issues));
  CHECK(rows(state) == Numbers{0, 2, 0, 1, 3});
  CHECK(state.list.net.rows[0].project == world_project(0));
  CHECK(state.list.net.rows[2].count == 2);
  CHECK(state.list.net.rows[4].group == 2);
  CHECK(number_of(state, bar_at_cursor(state)) == 2);
}

TEST_CASE("The net follows the list: dates, relations and what the query leaves") {
  State state = on_plan({dated(1, "2026-07-01", "2026-07-10"), dated(2, "", ""), dated(3, "", "2026-07-12")});
  CHECK(rows(state) == Numbers{1, 3});
  reduce(state, RelationAdded{relation(1, 2)});
  CHECK(rows(state) == Numbers{1, 2, 3});
  reduce(state, RelationRemoved{relation(1, 2)});
  CHECK(rows(state) == Numbers{1, 3});
  IssuePatch patch;
  patch.start_date = std::optional<Date>(day("2026-07-14"));
  reduce(state, IssuesPatched{{{world_issue(2), patch}}, world_now});
  CHECK(rows(state) == Numbers{1, 3, 2});
  reduce(state, QueryTyped{"number:3"});
  CHECK(rows(state) == Numbers{3});
}

TEST_CASE("The cursor stays on its issue when the rows change, and on its row when the issue leaves") {
  State state = on_plan({dated(1, "2026-07-01", "2026-07-02"),
                         dated(2, "2026-07-03", "2026-07-04"),
                         dated(3, "2026-07-05", "2026-07-06")});
  reduce(state, PlanChanged{PlanState{world_issue(2), {}, 0, {}, false, false}});
  CHECK(cursor_issue(state)->number == 2);
  IssuePatch patch;
  patch.start_date = std::optional<Date>(day("2026-06-01"));
  reduce(state, IssuesPatched{{{world_issue(2), patch}}, world_now});
  CHECK(rows(state) == Numbers{2, 1, 3});
  CHECK(cursor_issue(state)->number == 2);
  reduce(state, IssuesTrashed{{world_issue(2)}, world_now});
  CHECK(cursor_issue(state)->number == 1);
}

TEST_CASE("A plan's address has its zoom, and other layouts have none") {
  const Route route = parse_route("/issues?layout=plan&zoom=month&q=a");
  CHECK(shows_plan(route));
  CHECK(route.zoom == PlanZoom::month);
  CHECK(format_route(route) == "/issues?layout=plan&zoom=month&q=a");
  CHECK(format_route(parse_route("/today?layout=plan&zoom=day")) == "/today?layout=plan");
  CHECK(parse_route("/issues?layout=plan&zoom=year").zoom == PlanZoom::day);
  CHECK_FALSE(shows_plan(parse_route("/trash?layout=plan")));
}

}  // namespace dits::web::test
