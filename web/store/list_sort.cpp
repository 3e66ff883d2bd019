// Which order a list has, and sorting by it within a frame.
#include "web/store/list_sort.hpp"

#include <algorithm>
#include <utility>

#include "web/store/query_run.hpp"

namespace dits::web {

namespace {

using query::SortKey;

std::vector<query::SortTerm> screen_order(Screen screen) {
  switch (screen) {
    case Screen::inbox:
      return {{SortKey::created, true}};
    case Screen::today:
    case Screen::next:
      return {{SortKey::priority, true}, {SortKey::due, false}};
    case Screen::upcoming:
      return {{SortKey::priority, true}};
    case Screen::logbook:
      return {{SortKey::completed, true}};
    case Screen::trash:
      return {{SortKey::updated, true}};
    default:
      return {{SortKey::position, false}};
  }
}

SortKey key_of(SortField field) {
  switch (field) {
    case SortField::manual:
      return SortKey::position;
    case SortField::priority:
      return SortKey::priority;
    case SortField::due:
      return SortKey::due;
    case SortField::start:
      return SortKey::start;
    case SortField::created:
      return SortKey::created;
    case SortField::updated:
      return SortKey::updated;
    case SortField::completed:
      return SortKey::completed;
    case SortField::title:
      return SortKey::title;
    case SortField::number:
      return SortKey::number;
    case SortField::status:
      return SortKey::status;
  }
  return SortKey::position;
}

query::OrderedIssue ordered(const State& state, Slot slot) {
  return {state.entities.issues[slot], state.entities.facts[slot].folded_title};
}

}  // namespace

std::vector<query::SortTerm> sort_terms(const State& state) {
  if (state.list.query) {
    std::vector<query::SortTerm> own = sort_terms_of(*state.list.query);
    if (!own.empty()) return own;
  }
  const Display& display = state.list.display;
  if (display.sort == SortField::manual && !display.descending) return screen_order(state.list_route.screen);
  return {{key_of(display.sort), display.descending}};
}

bool is_before(const State& state, const query::Order& order, Slot a, Slot b) {
  return order.is_before(ordered(state, a), ordered(state, b));
}

void sort_slots(const State& state, const query::Order& order, std::vector<Slot>& slots) {
  std::vector<std::pair<std::uint64_t, Slot>> keyed;
  keyed.reserve(slots.size());
  for (const Slot slot : slots) keyed.emplace_back(order.prefix(ordered(state, slot)), slot);
  std::sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : is_before(state, order, a.second, b.second);
  });
  for (std::size_t at = 0; at < slots.size(); ++at) slots[at] = keyed[at].second;
}

}  // namespace dits::web
