// Which order a list has, and sorting by it within a frame.
#include "web/store/list_sort.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
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

struct Keyed {
  std::uint64_t key;
  Slot slot;
};

constexpr std::size_t bytes_of_key = 8;
constexpr std::ptrdiff_t few = 8;  // are compared at once

// Sorts by the keys; where these are equal, by what follows. `at` is where in the titles the keys were read:
// many begin alike, and each further part of one is read once instead of again with every comparison.
void sort_keyed(const State& state, const query::Order& order, std::span<Keyed> all, std::size_t at) {
  std::sort(all.begin(), all.end(), [](const Keyed& a, const Keyed& b) { return a.key < b.key; });
  const std::size_t next = at + bytes_of_key;
  for (auto first = all.begin(); first != all.end();) {
    const auto last =
        std::find_if(first + 1, all.end(), [&](const Keyed& each) { return each.key != first->key; });
    const bool goes_on = order.is_by_title() && state.entities.facts[first->slot].folded_title.size() > next;
    if (last - first >= few && goes_on) {
      for (auto each = first; each != last; ++each) {
        each->key = order.part_of_title(ordered(state, each->slot), next);
      }
      sort_keyed(state, order, {first, last}, next);
    } else if (last - first > 1) {
      std::sort(first, last, [&](const Keyed& a, const Keyed& b) {
        return is_before(state, order, a.slot, b.slot);
      });
    }
    first = last;
  }
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
  std::vector<Keyed> keyed;
  keyed.reserve(slots.size());
  for (const Slot slot : slots) keyed.push_back({order.prefix(ordered(state, slot)), slot});
  sort_keyed(state, order, keyed, 0);
  for (std::size_t at = 0; at < slots.size(); ++at) slots[at] = keyed[at].slot;
}

}  // namespace dits::web
