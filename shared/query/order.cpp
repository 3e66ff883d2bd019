#include "shared/query/order.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include "shared/core/text.hpp"

namespace dits::query {

namespace {

using Ranks = std::vector<std::pair<Uuid, std::uint64_t>>;

constexpr std::uint64_t missing = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63U;

std::uint64_t ordered_bits(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ sign_bit; }

std::uint64_t ordered_bits(double value) {
  const double without_minus_zero = value + 0.0;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &without_minus_zero, sizeof bits);
  return (bits & sign_bit) != 0 ? ~bits : bits ^ sign_bit;
}

std::uint64_t first_bytes(std::string_view text) {
  std::uint64_t bits = 0;
  for (std::size_t at = 0; at < 8; ++at) {
    bits = bits << 8U | (at < text.size() ? static_cast<unsigned char>(text[at]) : 0U);
  }
  return bits;
}

std::uint64_t bits_of(const std::optional<Date>& date) {
  return date ? ordered_bits(std::int64_t{date->days}) : missing;
}
std::uint64_t bits_of(const std::optional<Timestamp>& time) {
  return time ? ordered_bits(time->unix_ms) : missing;
}

template <typename Named>
Ranks ranks_by_name(const std::vector<Named>& named) {
  std::vector<std::pair<std::string, Uuid>> by_name;
  for (const Named& each : named) by_name.emplace_back(fold_case(each.name), each.id.uuid);
  std::sort(by_name.begin(), by_name.end());
  Ranks ranks;
  for (std::size_t at = 0; at < by_name.size(); ++at) {
    const bool is_same = at > 0 && by_name[at].first == by_name[at - 1].first;
    ranks.emplace_back(by_name[at].second, is_same ? ranks.back().second : at);
  }
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

}  // namespace

Order::Order(std::vector<SortTerm> sort, const Names& names)
    : sort_(std::move(sort)),
      project_ranks_(ranks_by_name(names.projects)),
      area_ranks_(ranks_by_name(names.areas)) {
  for (const StatusName& status : names.statuses) {
    status_ranks_.emplace_back(status.id.uuid, ordered_bits(std::int64_t{status.position}));
  }
  std::sort(status_ranks_.begin(), status_ranks_.end());
}

std::uint64_t Order::rank_of(const Ranks& ranks, const Uuid& id) const {
  const auto found = std::lower_bound(
      ranks.begin(), ranks.end(), id, [](const std::pair<Uuid, std::uint64_t>& rank, const Uuid& wanted) {
        return rank.first < wanted;
      });
  return found != ranks.end() && found->first == id ? found->second : missing;
}

std::uint64_t Order::prefix(SortKey key, const OrderedIssue& item) const {
  const Issue& issue = item.issue;
  switch (key) {
    case SortKey::created:
      return ordered_bits(issue.created_at.unix_ms);
    case SortKey::updated:
      return ordered_bits(issue.updated_at.unix_ms);
    case SortKey::due:
      return bits_of(issue.due_date);
    case SortKey::start:
      return bits_of(issue.start_date);
    case SortKey::completed:
      return bits_of(issue.completed_at);
    case SortKey::priority:
      return static_cast<std::uint64_t>(issue.priority);
    case SortKey::status:
      return rank_of(status_ranks_, issue.status_id.uuid);
    case SortKey::title:
      return first_bytes(item.folded_title);
    case SortKey::number:
      return ordered_bits(issue.number);
    case SortKey::position:
      return ordered_bits(issue.position);
    case SortKey::project:
      return rank_of(project_ranks_, issue.project_id.uuid);
    case SortKey::area:
      break;
  }
  return rank_of(area_ranks_, issue.area_id.uuid);
}

std::uint64_t Order::prefix(const OrderedIssue& item) const {
  const std::uint64_t bits = prefix(sort_.front().key, item);
  return sort_.front().is_descending && bits != missing ? ~bits : bits;
}

std::uint64_t Order::part_of_title(const OrderedIssue& item, std::size_t at) const {
  const std::string_view title = item.folded_title;
  const std::uint64_t bits = first_bytes(title.substr(std::min(at, title.size())));
  return sort_.front().is_descending ? ~bits : bits;
}

bool Order::is_before(const OrderedIssue& a, const OrderedIssue& b) const {
  for (const SortTerm& term : sort_) {
    std::uint64_t of_a = prefix(term.key, a);
    std::uint64_t of_b = prefix(term.key, b);
    if (of_a != of_b) {
      if (of_a == missing || of_b == missing) return of_b == missing;
      return (of_a < of_b) != term.is_descending;
    }
    if (term.key != SortKey::title) continue;
    // Bytes, as PostgreSQL compares with the collation "C".
    const int difference = a.folded_title.compare(b.folded_title);
    if (difference != 0) return (difference < 0) != term.is_descending;
  }
  return (a.issue.number < b.issue.number) !=
         (sort_.front().is_descending && a.issue.number != b.issue.number);
}

}  // namespace dits::query
