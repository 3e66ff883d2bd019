// Sorting within a frame gives the order that comparing issue by issue gives.
#include "web/store/list_sort.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "tests/web/support/world.hpp"
#include "web/store/issue_index.hpp"
#include "web/store/query_run.hpp"
#include "web/store/reduce.hpp"

namespace dits::web::test {

TEST_CASE("Titles that begin alike for long are sorted as their bytes are") {
  State state = make_world(600);
  std::mt19937 random(5);
  const std::vector<std::string> parts = {"",
                                          "a",
                                          "reader ",
                                          "The reader waits for ",
                                          "token",
                                          "é",
                                          std::string(1, '\0'),
                                          "long beginning ",
                                          "z"};
  for (Issue& issue : state.entities.issues) {
    issue.title = random() % 3 == 0 ? "The same for many of them" : "";
    for (int part = 0; part < 5; ++part) issue.title += parts[random() % parts.size()];
  }
  rebuild_index(state);
  for (const char* query :
       {"sort:title", "sort:-title", "sort:title,priority", "sort:-priority,title", "sort:-number"}) {
    CAPTURE(query);
    reduce(state, QueryTyped{query});
    const query::Order order(sort_terms(state), query_names(state));
    std::vector<Slot> slots(state.entities.issues.size());
    std::iota(slots.begin(), slots.end(), Slot{0});
    std::shuffle(slots.begin(), slots.end(), random);
    std::vector<Slot> expected = slots;
    std::sort(
        expected.begin(), expected.end(), [&](Slot a, Slot b) { return is_before(state, order, a, b); });
    sort_slots(state, order, slots);
    CHECK(slots == expected);
  }
}

}  // namespace dits::web::test
