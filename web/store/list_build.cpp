// The list follows the query and every change. The order without groups is kept in ListState::ordered, so
// that a changed issue is taken out and put back, and grouping is one pass.
#include "web/store/list_build.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "web/store/list_groups.hpp"
#include "web/store/list_sort.hpp"
#include "web/store/query_run.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

constexpr std::size_t droppable_terms = 8;  // longer queries get no advice
constexpr std::size_t touch_limit =
    256;  // more touched issues than this, and not few of all: everything again
constexpr std::size_t touched_part = 4;

bool belongs(const State& state, Slot slot) {
  const Issue& issue = state.entities.issues[slot];
  if (!issue.id.is_set() || !is_in_scope(state, state.list_route, slot)) return false;
  return !state.list.query || matches(state, *state.list.query, slot);
}

void run_over_all(State& state) {
  ListState& list = state.list;
  list.ordered.clear();
  list.result.total = 0;
  const auto count = static_cast<Slot>(state.entities.issues.size());
  for (Slot slot = 0; slot < count; ++slot) {
    if (!state.entities.issues[slot].id.is_set() || !is_in_scope(state, state.list_route, slot)) continue;
    ++list.result.total;
    if (!list.query || matches(state, *list.query, slot)) list.ordered.push_back(slot);
  }
  sort_slots(state, query::Order(sort_terms(state), query_names(state)), list.ordered);
}

std::uint32_t count_scope(const State& state) {
  std::uint32_t total = 0;
  const auto count = static_cast<Slot>(state.entities.issues.size());
  for (Slot slot = 0; slot < count; ++slot) {
    if (state.entities.issues[slot].id.is_set() && is_in_scope(state, state.list_route, slot)) ++total;
  }
  return total;
}

void run_over_touched(State& state, std::vector<Slot>& touched) {
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  std::vector<Slot>& ordered = state.list.ordered;
  std::erase_if(ordered, [&](Slot slot) { return std::binary_search(touched.begin(), touched.end(), slot); });
  std::erase_if(touched, [&](Slot slot) { return !belongs(state, slot); });
  const query::Order order(sort_terms(state), query_names(state));
  const auto before = [&](Slot a, Slot b) { return is_before(state, order, a, b); };
  std::sort(touched.begin(), touched.end(), before);
  const auto middle = static_cast<std::ptrdiff_t>(ordered.size());
  ordered.insert(ordered.end(), touched.begin(), touched.end());
  std::inplace_merge(ordered.begin(), ordered.begin() + middle, ordered.end(), before);
  state.list.result.total = count_scope(state);
}

// Where the terms of a query stand: what is between spaces that are not in quotes.
std::vector<std::pair<std::size_t, std::size_t>> term_ranges(std::string_view query) {
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  std::size_t begin = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at <= query.size(); ++at) {
    if (at < query.size() && query[at] == '"') is_quoted = !is_quoted;
    if (at < query.size() && (query[at] != ' ' || is_quoted)) continue;
    if (at > begin) ranges.emplace_back(begin, at);
    begin = at + 1;
  }
  return ranges;
}

std::uint32_t count_matches(const State& state, const CompiledQuery* compiled) {
  std::uint32_t found = 0;
  const auto count = static_cast<Slot>(state.entities.issues.size());
  for (Slot slot = 0; slot < count; ++slot) {
    if (!state.entities.issues[slot].id.is_set() || !is_in_scope(state, state.list_route, slot)) continue;
    if (compiled == nullptr || matches(state, *compiled, slot)) ++found;
  }
  return found;
}

// Which term to drop where nothing matches.
void find_term_to_drop(State& state) {
  ListState& list = state.list;
  list.result.drop_term.clear();
  list.result.drop_query.clear();
  if (!list.result.rows.empty() || !list.query || list.result.total == 0) return;
  const std::string_view all = list.query_text;
  const auto ranges = term_ranges(all);
  if (ranges.size() > droppable_terms) return;
  std::uint32_t best = 0;
  for (const auto& [begin, end] : ranges) {
    std::string rest(all.substr(0, begin));
    rest += all.substr(std::min(all.size(), end + 1));
    while (!rest.empty() && rest.back() == ' ') rest.pop_back();
    std::optional<QueryError> error;
    const auto compiled = compile_query(state, rest, &error);
    if (error) continue;
    const std::uint32_t found = count_matches(state, compiled.get());
    if (found <= best) continue;
    best = found;
    list.result.drop_term = all.substr(begin, end - begin);
    list.result.drop_query = std::move(rest);
  }
}

// The next line with an issue, or the one before, or `from` where there is none.
std::size_t nearest_issue(const std::vector<ListLine>& lines, std::size_t from) {
  for (std::size_t at = from; at < lines.size(); ++at) {
    if (!lines[at].is_header()) return at;
  }
  for (std::size_t at = from; at-- > 0;) {
    if (!lines[at].is_header()) return at;
  }
  return from;
}

// The cursor stays on its issue; where that is gone, on the line where it was.
void follow_cursor(State& state) {
  ListState& list = state.list;
  const std::vector<ListLine>& lines = list.result.lines;
  // A list that was empty begins anew when something comes back into it.
  const bool was_fresh = std::exchange(list.is_fresh, lines.empty());
  const Slot wanted = find_slot(state.entities, list.cursor_id);
  if (wanted != no_slot) {
    if (list.cursor < lines.size() && lines[list.cursor].slot == wanted) return;
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const ListLine& line) { return line.slot == wanted; });
    if (found != lines.end()) {
      list.cursor = static_cast<std::size_t>(found - lines.begin());
      return;
    }
  }
  if (lines.empty()) {
    list.cursor = 0;
    list.cursor_id = {};
    return;
  }
  list.cursor = std::min(list.cursor, lines.size() - 1);
  // Only who went to a header stands on it: a new list starts on an issue, and so goes on one whose issue
  // left.
  const bool wants_issue = was_fresh || list.cursor_id.is_set() || state.list_route.layout == Layout::board;
  if (wants_issue && lines[list.cursor].is_header()) list.cursor = nearest_issue(lines, list.cursor);
  const Slot slot = lines[list.cursor].slot;
  list.cursor_id = slot == no_slot ? IssueId{} : state.entities.issues[slot].id;
}

// What has left the list, as an issue that was closed, is not selected any more: nothing would be done to it.
void drop_unseen_selected(ListState& list) {
  if (list.selected.empty()) return;
  decltype(list.selected) seen;
  for (const Slot slot : list.ordered) {
    if (list.selected.contains(slot)) seen.insert(slot);
  }
  list.selected = std::move(seen);
}

}  // namespace

Grouping effective_grouping(const State& state) {
  if (state.list_route.layout == Layout::board) return Grouping::status;
  if (state.list_route.layout >= Layout::calendar) return Grouping::none;
  if (state.list.display.grouping != Grouping::smart) return state.list.display.grouping;
  switch (state.list_route.screen) {
    case Screen::all:
    case Screen::project:
    case Screen::area:
    case Screen::label:
    case Screen::view:
      return Grouping::status;
    case Screen::today:
    case Screen::upcoming:
    case Screen::logbook:
      return Grouping::smart;
    default:
      return Grouping::none;
  }
}

bool is_in_scope(const State& state, const Route& route, Slot slot) {
  const Issue& issue = state.entities.issues[slot];
  if (route.screen == Screen::trash) return issue.deleted_at.has_value();
  if (issue.deleted_at) return false;
  const unsigned smart = state.entities.facts[slot].smart;
  switch (route.screen) {
    case Screen::inbox:
      return (smart & smart_inbox) != 0;
    case Screen::today:
      return (smart & (smart_today | smart_desk | smart_done_today)) != 0;
    case Screen::upcoming:
      // Its calendar and its plan have the days that were as well.
      return route.layout >= Layout::calendar || (smart & smart_upcoming) != 0;
    case Screen::next:
      return (smart & smart_next) != 0;
    case Screen::logbook:
      return (smart & smart_logbook) != 0;
    case Screen::project:
      return issue.project_id.uuid == route.entity_id;
    case Screen::area:
      return issue.area_id.uuid == route.entity_id;
    case Screen::label:
      return std::find(issue.label_ids.begin(), issue.label_ids.end(), LabelId{route.entity_id}) !=
             issue.label_ids.end();
    case Screen::all:
    case Screen::view:
      return true;
    default:
      return false;
  }
}

void compile_list_query(State& state) {
  ListState& list = state.list;
  std::optional<QueryError> error;
  auto compiled = compile_query(state, list.query_text, &error);
  list.error = std::move(error);
  if (list.error) return;
  list.texts = compiled ? texts_of(*compiled) : std::vector<std::string>{};
  list.query = std::move(compiled);
}

void refresh_list(State& state) {
  ListWork work = std::exchange(state.list_work, {});
  const bool are_many =
      work.touched.size() > touch_limit && work.touched.size() * touched_part > state.entities.issues.size();
  if (work.is_all || are_many) {
    run_over_all(state);
  } else if (!work.touched.empty()) {
    run_over_touched(state, work.touched);
  } else if (!work.is_layout) {
    return;
  }
  arrange_list(state);
}

void arrange_list(State& state) {
  ListState& list = state.list;
  drop_unseen_selected(list);
  Grouped grouped = group_rows(state, effective_grouping(state), list.ordered);
  ListResult& result = list.result;
  result.rows = std::move(grouped.rows);
  result.groups = std::move(grouped.groups);
  result.lines.clear();
  result.lines.reserve(result.rows.size() + result.groups.size());
  for (std::uint32_t at = 0; at < result.groups.size(); ++at) {
    ListGroup& group = result.groups[at];
    group.first_line = static_cast<std::uint32_t>(result.lines.size());
    group.is_folded = list.folded.contains(group.key);
    if (group.kind != GroupKind::all) result.lines.push_back({at, no_slot});
    if (group.is_folded) continue;
    for (std::uint32_t row = group.first; row < group.first + group.count; ++row) {
      result.lines.push_back({at, result.rows[row]});
    }
  }
  list.by_day = shows_calendar(state.list_route) ? index_by_day(state, list.ordered) : CalendarIndex{};
  list.net = shows_plan(state.list_route) ? plan_net(state, list.ordered) : PlanNet{};
  find_term_to_drop(state);
  follow_cursor(state);
  settle_calendar(state);
  settle_plan(state);
}

}  // namespace dits::web
