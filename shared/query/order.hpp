// The order of issues: the same total order on both sides. Missing values come last whatever the direction;
// texts are compared by the bytes of their folded form; the number decides between equals, in the direction
// of the first key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/model/issue.hpp"
#include "shared/query/plan.hpp"

namespace dits::query {

// An issue beside fold_case of its title.
struct OrderedIssue {
  const Issue& issue;
  std::string_view folded_title;
};

class Order {
 public:
  // `sort` must not be empty.
  Order(std::vector<SortTerm> sort, const Names& names);

  bool is_before(const OrderedIssue& a, const OrderedIssue& b) const;

  // A number that grows with the order as far as it goes: sorting by it first, and by is_before only where
  // two are equal, gives the same order in a fraction of the time.
  std::uint64_t prefix(const OrderedIssue& item) const;

  // Whether titles come first. Then part_of_title tells, of those with the same number above, what follows:
  // the eight bytes from `at` on.
  bool is_by_title() const { return sort_.front().key == SortKey::title; }
  std::uint64_t part_of_title(const OrderedIssue& item, std::size_t at) const;

 private:
  std::uint64_t prefix(SortKey key, const OrderedIssue& item) const;
  std::uint64_t rank_of(const std::vector<std::pair<Uuid, std::uint64_t>>& ranks, const Uuid& id) const;

  std::vector<SortTerm> sort_;
  // Sorted by id. Places of equal names are equal.
  std::vector<std::pair<Uuid, std::uint64_t>> status_ranks_;
  std::vector<std::pair<Uuid, std::uint64_t>> project_ranks_;
  std::vector<std::pair<Uuid, std::uint64_t>> area_ranks_;
};

}  // namespace dits::query
