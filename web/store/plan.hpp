// A plan: the shown issues that have days or block each other, as bars on a line of days and links between
// them. Which links there are changes with the list alone; what follows from the days (slack, the critical
// path, what a moved bar pushes) is found in one walk over bars and links, in every frame of a drag.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/time.hpp"
#include "web/store/drag_part.hpp"
#include "web/store/entities.hpp"
#include "web/store/plan_zoom.hpp"

namespace dits::web {

struct BoardDrag;
struct State;

// The days of an issue as points between days: `end` is the day after its last one. What has a due date alone
// is a milestone: it takes no time, and lies at the end of its day.
struct PlanBar {
  Slot slot = no_slot;
  int begin = 0;
  int end = 0;
  bool has_days = false;  // without, it takes no time and hands on what it waits for
  bool is_closed = false;
  int length() const { return end - begin; }
  friend bool operator==(const PlanBar&, const PlanBar&) = default;
};
PlanBar bar_of(const Issue& issue);

struct PlanLink {  // `from` blocks `to`: places among the bars
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  bool closes_circle = false;  // then it counts for nothing
};

constexpr std::uint32_t no_bar = 0xFFFFFFFF;

struct PlanRow {
  std::uint32_t bar = no_bar;  // no_bar: the head of a project
  std::uint32_t group = 0;     // how many heads come before it
  ProjectId project;           // of a head; unset: no project
  std::uint32_t count = 0;     // of a head: its bars
  bool is_head() const { return bar == no_bar; }
};

struct NextStart {
  Slot slot = no_slot;
  std::uint32_t unblocks = 0;  // open issues that wait for it, directly or behind others
};

struct PlanNet {
  std::uint64_t version = 0;  // another one each time it is made
  std::vector<PlanBar> bars;
  std::vector<PlanLink> links;           // by `from`
  std::vector<std::uint32_t> out_begin;  // of each bar in `links`; one more than bars
  std::vector<std::uint32_t> in_links;   // places in `links`, by `to`
  std::vector<std::uint32_t> in_begin;   // of each bar in `in_links`; one more than bars
  std::vector<std::uint32_t> order;      // bars, each behind all that block it
  std::vector<std::uint32_t> component;  // of each bar: bars that links connect share a number
  std::uint32_t components = 0;
  std::vector<PlanRow> rows;
  std::vector<std::uint32_t> row_of;  // each bar's place in `rows`
  std::vector<NextStart> next;        // what can be started, what unblocks most first
  std::uint32_t left_out = 0;         // shown issues without days and links
};
PlanNet plan_net(const State& state, const std::vector<Slot>& ordered);
// The net of given bars and links alone: everything of it but rows and what comes next.
PlanNet net_of(std::vector<PlanBar> bars, std::vector<PlanLink> links);

struct BarTimes {
  bool is_placed = false;  // has days, or follows something that has
  int begin = 0;           // where it lies
  int end = 0;
  int earliest = 0;  // begin, if all that blocks it goes as early as it can
  int latest = 0;    // end, without moving the end of what it is linked with
  int slack = 0;     // latest - end; below 0: what it blocks begins too early
  bool is_critical = false;
};
struct PlanTimes {
  std::vector<BarTimes> bars;
  int critical_days = 0;    // the longest critical path, from its begin to its end
  std::uint32_t steps = 0;  // bars and links looked at
};
// `bars` are the net's own, or where they would be.
PlanTimes plan_times(const PlanNet& net, const std::vector<PlanBar>& bars);
// Both ends are critical, and one begins when the other ends.
bool is_critical(const PlanTimes& times, const PlanLink& link);
// What is blocked begins before its blocker ends, and neither is done.
bool is_broken(const PlanNet& net, const PlanTimes& times, const PlanLink& link);

struct BarMove {
  std::uint32_t bar = 0;
  int begin = 0;
  int end = 0;
  friend bool operator==(const BarMove&, const BarMove&) = default;
};
// What moved bars push: who waits for one that ends later than it did begins when that ends, as long as
// before. What is done stays. Answers the moved ones first, then the pushed ones. `steps` as above.
std::vector<BarMove> cascade(const PlanNet& net,
                             const std::vector<BarMove>& moved,
                             std::uint32_t* steps = nullptr);
std::vector<PlanBar> bars_after(const PlanNet& net, const std::vector<BarMove>& moves);

// A bar, or one end of it, so many days later; an end stops at the other one. Empty: nothing changes.
std::optional<BarMove> moved_bar(const PlanNet& net, std::uint32_t bar, DragPart part, int days);
// What is dragged, were it let go where `drag` says: the dragged bars first, then what they push.
struct PlanDrag {
  std::vector<BarMove> moves;
  std::size_t dragged = 0;  // so many of them are the user's
};
PlanDrag plan_drag(const State& state, const BoardDrag& drag);
// The dates that put an issue there.
IssuePatch patch_to(const Issue& issue, const BarMove& move);

// The way from `to` along what blocks what back to `from`, both included, that `from` blocking `to` would
// close; empty: none.
std::vector<Slot> circle_of(const Entities& entities, Slot from, Slot to);
std::string circle_words(const State& state, const std::vector<Slot>& circle);  // "A circle: #1 → #2 → #1"

// Open issues that wait for this one, directly or behind others; not more than `most_waiting`.
constexpr std::uint32_t most_waiting = 1000;
std::uint32_t count_waiting(const Entities& entities, Slot slot);

// ---- the cursor and what is seen ----

struct PlanState {
  IssueId issue;                 // that keys act on
  IssueId next_issue;            // likewise, in the list of what comes next
  std::uint32_t row = 0;         // where `issue` stands
  std::optional<double> middle;  // the day in the middle of what is seen; absent: nobody has moved yet
  bool wants_fit = false;        // show all bars: who draws knows the room
  bool wants_bar = false;        // show the bar of the cursor
};

// What comes next has the keyboard.
bool is_in_next(const State& state);
std::uint32_t bar_at_cursor(const State& state);  // or no_bar
std::uint32_t find_bar(const PlanNet& net, Slot slot);
// The issue that keys act on.
Slot plan_slot(const State& state);
// After the list changed: the cursor stays on its issue, else on its row.
void settle_plan(State& state);

}  // namespace dits::web
