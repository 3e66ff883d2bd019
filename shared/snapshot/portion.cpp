#include "shared/snapshot/portion.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "shared/snapshot/columns.hpp"

namespace dits::snapshot {

namespace {

constexpr std::string_view magic = "DITSI\x01";
constexpr std::uint8_t has_start = 1;
constexpr std::uint8_t has_due = 2;
constexpr std::uint8_t has_completed = 4;
constexpr std::uint8_t has_deleted = 8;
constexpr std::uint8_t all_dates = has_start | has_due | has_completed | has_deleted;
constexpr std::uint8_t all_git = git_branch | git_pull_request | git_commit;
// A row takes at least so many in its columns: no memory for rows that can't be there.
constexpr std::size_t least_issue_bytes = 20;
constexpr std::size_t least_relation_bytes = 12;
constexpr double largest_whole = 9'007'199'254'740'992.0;  // 2^53

std::int64_t bits_of(double value) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// The position as a whole number, unless it is something else (-0 is).
bool is_whole(double value) {
  return std::fabs(value) <= largest_whole &&
         bits_of(static_cast<double>(static_cast<std::int64_t>(value))) == bits_of(value);
}

std::int64_t created_day(const Issue& issue) { return date_of(issue.created_at).days; }

template <typename Item, typename Value>
Numbers numbers_of(const std::vector<Item>& items, Value value) {
  Numbers numbers;
  numbers.reserve(items.size());
  for (const Item& item : items) numbers.push_back(value(item));
  return numbers;
}

Numbers differences(Numbers numbers) {
  for (std::size_t at = numbers.size(); at-- > 1;) numbers[at] = difference(numbers[at], numbers[at - 1]);
  return numbers;
}

Numbers sums(Numbers numbers) {
  for (std::size_t at = 1; at < numbers.size(); ++at) numbers[at] = sum(numbers[at], numbers[at - 1]);
  return numbers;
}

class Writer {
 public:
  explicit Writer(const Portion& portion) : portion_(portion), issues_(portion.issues) {}

  std::string write() {
    assert(issues_.size() <= max_portion_issues);
    out_ = magic;
    out_.reserve(issues_.size() * 100);
    put_varint(out_, issues_.size());
    put_numbers(out_, differences(numbers_of(issues_, [](const Issue& issue) { return issue.number; })));
    put_issue_ids();
    std::vector<std::string_view> titles;
    titles.reserve(issues_.size());
    for (const Issue& issue : issues_) titles.push_back(issue.title);
    put_texts(out_, titles);
    put_numbers(out_, numbers_of(issues_, [](const Issue& issue) {
                  return difference(issue.updated_at.unix_ms, issue.created_at.unix_ms);
                }));
    put_numbers(out_, numbers_of(issues_, [](const Issue& issue) { return issue.version; }));
    put_dates();
    put_positions();
    for (const Issue& issue : issues_) out_ += static_cast<char>(issue.priority);
    for (std::size_t at = 0; at < issues_.size(); ++at)
      out_ += at < portion_.git.size() ? static_cast<char>(portion_.git[at] & all_git) : '\0';
    put_table([](const Issue& issue) { return issue.status_id.uuid; });
    put_table([](const Issue& issue) { return issue.project_id.uuid; });
    put_table([](const Issue& issue) { return issue.area_id.uuid; });
    put_labels();
    put_references();
    return std::move(out_);
  }

 private:
  void put_issue_ids() {
    const Numbers created = numbers_of(issues_, [](const Issue& issue) { return issue.created_at.unix_ms; });
    put_numbers(out_, differences(created));
    std::vector<Uuid> ids;
    ids.reserve(issues_.size());
    for (const Issue& issue : issues_) ids.push_back(issue.id.uuid);
    put_ids(out_, ids, created);
  }

  void put_dates() {
    Numbers starts;
    Numbers dues;
    Numbers completed;
    Numbers deleted;
    for (const Issue& issue : issues_) {
      unsigned set = 0;
      if (issue.start_date) {
        set |= has_start;
        starts.push_back(issue.start_date->days - created_day(issue));
      }
      if (issue.due_date) {
        set |= has_due;
        dues.push_back(issue.due_date->days - created_day(issue));
      }
      if (issue.completed_at) {
        set |= has_completed;
        completed.push_back(difference(issue.completed_at->unix_ms, issue.updated_at.unix_ms));
      }
      if (issue.deleted_at) {
        set |= has_deleted;
        deleted.push_back(difference(issue.deleted_at->unix_ms, issue.updated_at.unix_ms));
      }
      out_ += static_cast<char>(set);
    }
    for (const Numbers* column : {&starts, &dues, &completed, &deleted}) put_numbers(out_, *column);
  }

  void put_positions() {
    Numbers whole;
    std::vector<std::size_t> others;
    for (std::size_t at = 0; at < issues_.size(); ++at) {
      const double position = issues_[at].position;
      const bool is_other = std::isfinite(position) && !is_whole(position);
      if (is_other) others.push_back(at);
      whole.push_back(is_other ? 0
                               : difference(std::isfinite(position) ? static_cast<std::int64_t>(position) : 0,
                                            issues_[at].number));
    }
    put_numbers(out_, whole);
    put_varint(out_, others.size());
    std::size_t before = 0;
    for (const std::size_t at : others) {
      put_varint(out_, at - before);
      before = at;
      const auto bits = static_cast<std::uint64_t>(bits_of(issues_[at].position));
      for (unsigned shift = 0; shift < 64; shift += 8) out_ += static_cast<char>(bits >> shift);
    }
  }

  template <typename Value>
  void put_table(Value value) {
    IdTable table;
    std::string places;
    for (const Issue& issue : issues_) put_varint(places, table.place_of(value(issue)));
    put_varint(out_, table.ids().size());
    put_ids(out_, table.ids());
    out_ += places;
  }

  void put_labels() {
    std::vector<Uuid> labels;
    IdTable table;
    for (const Issue& issue : issues_) {
      for (const LabelId label : issue.label_ids) table.place_of(label.uuid);
    }
    labels = table.ids();
    std::sort(labels.begin(), labels.end());
    put_varint(out_, labels.size());
    put_ids(out_, labels);
    std::vector<std::size_t> places;
    for (const Issue& issue : issues_) {
      places.clear();
      for (const LabelId label : issue.label_ids) {
        if (label.is_set())
          places.push_back(static_cast<std::size_t>(
              std::lower_bound(labels.begin(), labels.end(), label.uuid) - labels.begin()));
      }
      std::sort(places.begin(), places.end());
      places.erase(std::unique(places.begin(), places.end()), places.end());
      put_varint(out_, places.size());
      for (const std::size_t place : places) put_varint(out_, place);
    }
  }

  // The place of an issue among those here and those that are only named.
  std::int64_t place_of(IssueId id) const {
    return id.is_set() ? static_cast<std::int64_t>(places_.at(id)) : 0;
  }

  void find_places() {
    places_.reserve(issues_.size());
    for (std::size_t at = 0; at < issues_.size(); ++at) places_.emplace(issues_[at].id, at + 1);
    IdTable named;
    const auto name = [&](IssueId id) {
      if (!places_.contains(id)) named.place_of(id.uuid);
    };
    for (const Issue& issue : issues_) name(issue.parent_issue_id);
    for (const IssueRelation& one : portion_.relations) {
      name(one.source_id);
      name(one.target_id);
    }
    outside_ = named.ids();
    std::sort(outside_.begin(), outside_.end());
    for (std::size_t at = 0; at < outside_.size(); ++at)
      places_.emplace(IssueId{outside_[at]}, issues_.size() + at + 1);
  }

  void put_references() {
    find_places();
    std::string parents;
    for (const Issue& issue : issues_)
      put_varint(parents, static_cast<std::uint64_t>(place_of(issue.parent_issue_id)));
    const std::vector<IssueRelation>& relations = portion_.relations;
    const Numbers sources =
        numbers_of(relations, [this](const IssueRelation& one) { return place_of(one.source_id); });
    const Numbers targets =
        numbers_of(relations, [this](const IssueRelation& one) { return place_of(one.target_id); });
    put_varint(out_, relations.size());
    put_varint(out_, outside_.size());
    put_ids(out_, outside_);
    out_ += parents;
    const Numbers created =
        numbers_of(relations, [](const IssueRelation& one) { return one.created_at.unix_ms; });
    put_numbers(out_, differences(created));
    std::vector<Uuid> ids;
    ids.reserve(relations.size());
    for (const IssueRelation& one : relations) ids.push_back(one.id.uuid);
    put_ids(out_, ids, created);
    for (const IssueRelation& one : relations) out_ += static_cast<char>(one.type);
    put_numbers(out_, differences(sources));
    put_numbers(out_, targets);
  }

  const Portion& portion_;
  const std::vector<Issue>& issues_;
  std::unordered_map<IssueId, std::size_t, IdHash> places_;
  std::vector<Uuid> outside_;
  std::string out_;
};

class PortionReader {
 public:
  explicit PortionReader(std::string_view bytes) : reader_(bytes) {}

  Result<Portion> read() {
    if (reader_.take(magic.size()) != magic) return invalid("snapshot", "Was written by another version");
    const std::size_t count = reader_.count(std::min(max_portion_issues, reader_.left() / least_issue_bytes));
    const Numbers numbers = sums(read_numbers(reader_, count));
    const Numbers created = sums(read_numbers(reader_, count));
    const std::vector<Uuid> ids = read_ids(reader_, count, created);
    std::vector<std::string> titles = read_texts(reader_, count);
    const Numbers updated = read_numbers(reader_, count);
    const Numbers versions = read_numbers(reader_, count);
    if (reader_.is_broken()) return damaged();
    issues_.resize(count);
    for (std::size_t at = 0; at < count; ++at) {
      Issue& issue = issues_[at];
      issue.number = numbers[at];
      issue.created_at = checked_time(reader_, created[at]);
      issue.id.uuid = ids[at];
      issue.title = std::move(titles[at]);
      issue.updated_at = checked_time(reader_, sum(updated[at], created[at]));
      issue.version = versions[at];
      issue.has_description = false;
      if (!issue.id.is_set() || issue.number < 0 || issue.version < 0) reader_.refuse();
    }
    read_dates();
    read_positions(numbers);
    read_priorities();
    read_git();
    read_table([](Issue& issue, const Uuid& id) { issue.status_id.uuid = id; });
    read_table([](Issue& issue, const Uuid& id) { issue.project_id.uuid = id; });
    read_table([](Issue& issue, const Uuid& id) { issue.area_id.uuid = id; });
    read_labels();
    read_references();
    if (reader_.is_broken() || reader_.left() > 0) return damaged();
    return Portion{std::move(issues_), std::move(git_), std::move(relations_)};
  }

 private:
  static Error damaged() { return invalid("snapshot", "Is damaged"); }

  void read_dates() {
    const std::string_view set = reader_.take(issues_.size());
    if (reader_.is_broken()) return;
    const auto count_of = [&](std::uint8_t bit) {
      return static_cast<std::size_t>(std::count_if(
          set.begin(), set.end(), [bit](char one) { return (static_cast<std::uint8_t>(one) & bit) != 0; }));
    };
    const Numbers starts = read_numbers(reader_, count_of(has_start));
    const Numbers dues = read_numbers(reader_, count_of(has_due));
    const Numbers completed = read_numbers(reader_, count_of(has_completed));
    const Numbers deleted = read_numbers(reader_, count_of(has_deleted));
    std::size_t start = 0;
    std::size_t due = 0;
    std::size_t done = 0;
    std::size_t gone = 0;
    for (std::size_t at = 0; at < issues_.size() && !reader_.is_broken(); ++at) {
      Issue& issue = issues_[at];
      const auto bits = static_cast<std::uint8_t>(set[at]);
      if ((bits & ~all_dates) != 0) reader_.refuse();
      if ((bits & has_start) != 0)
        issue.start_date = checked_date(reader_, sum(starts[start++], created_day(issue)));
      if ((bits & has_due) != 0) issue.due_date = checked_date(reader_, sum(dues[due++], created_day(issue)));
      if ((bits & has_completed) != 0)
        issue.completed_at = checked_time(reader_, sum(completed[done++], issue.updated_at.unix_ms));
      if ((bits & has_deleted) != 0)
        issue.deleted_at = checked_time(reader_, sum(deleted[gone++], issue.updated_at.unix_ms));
    }
  }

  void read_positions(const Numbers& numbers) {
    const Numbers whole = read_numbers(reader_, issues_.size());
    if (reader_.is_broken()) return;
    for (std::size_t at = 0; at < issues_.size(); ++at)
      issues_[at].position = static_cast<double>(sum(whole[at], numbers[at]));
    std::size_t at = 0;
    for (std::size_t others = reader_.count(issues_.size()); others > 0; --others) {
      at += reader_.count(issues_.size());
      const std::string_view bytes = reader_.take(sizeof(double));
      if (reader_.is_broken() || at >= issues_.size()) return reader_.refuse();
      std::uint64_t bits = 0;
      for (std::size_t byte = bytes.size(); byte-- > 0;)
        bits = bits << 8U | static_cast<unsigned char>(bytes[byte]);
      double position = 0;
      std::memcpy(&position, &bits, sizeof position);
      if (!std::isfinite(position)) return reader_.refuse();
      issues_[at].position = position;
    }
  }

  void read_priorities() {
    for (Issue& issue : issues_) {
      const std::uint8_t priority = reader_.byte();
      if (priority > static_cast<std::uint8_t>(Priority::urgent)) return reader_.refuse();
      issue.priority = static_cast<Priority>(priority);
    }
  }

  void read_git() {
    git_.resize(issues_.size());
    for (std::uint8_t& git : git_) {
      git = reader_.byte();
      if ((git & ~all_git) != 0) return reader_.refuse();
    }
  }

  template <typename Set>
  void read_table(Set set) {
    const std::vector<Uuid> ids = read_ids(reader_, reader_.count(reader_.left()));
    for (Issue& issue : issues_) {
      const std::size_t place = reader_.count(ids.size());
      if (place > 0) set(issue, ids[place - 1]);
    }
  }

  void read_labels() {
    const std::vector<Uuid> labels = read_ids(reader_, reader_.count(reader_.left()));
    if (std::adjacent_find(labels.begin(), labels.end(), [](const Uuid& a, const Uuid& b) {
          return !(a < b);
        }) != labels.end())
      return reader_.refuse();
    for (Issue& issue : issues_) {
      const std::size_t count = reader_.count(std::min(labels.size(), reader_.left()));
      issue.label_ids.reserve(count);
      std::size_t least = 0;
      for (std::size_t at = 0; at < count; ++at) {
        const std::size_t place = reader_.count(labels.size());
        if (reader_.is_broken() || place < least || place >= labels.size()) return reader_.refuse();
        issue.label_ids.push_back(LabelId{labels[place]});
        least = place + 1;
      }
    }
  }

  IssueId issue_at(std::uint64_t place, const std::vector<Uuid>& outside) {
    if (place == 0) return {};
    if (place <= issues_.size()) return issues_[static_cast<std::size_t>(place) - 1].id;
    const std::uint64_t beyond = place - issues_.size();
    if (beyond <= outside.size()) return IssueId{outside[static_cast<std::size_t>(beyond) - 1]};
    reader_.refuse();
    return {};
  }

  void read_references() {
    const std::size_t count = reader_.count(reader_.left() / least_relation_bytes);
    const std::vector<Uuid> outside = read_ids(reader_, reader_.count(reader_.left()));
    for (Issue& issue : issues_) issue.parent_issue_id = issue_at(reader_.varint(), outside);
    const Numbers created = sums(read_numbers(reader_, count));
    const std::vector<Uuid> ids = read_ids(reader_, count, created);
    const std::string_view types = reader_.take(count);
    const Numbers sources = sums(read_numbers(reader_, count));
    const Numbers targets = read_numbers(reader_, count);
    if (reader_.is_broken()) return;
    relations_.resize(count);
    for (std::size_t at = 0; at < count; ++at) {
      IssueRelation& relation = relations_[at];
      relation.id.uuid = ids[at];
      relation.created_at = checked_time(reader_, created[at]);
      const auto type = static_cast<std::uint8_t>(types[at]);
      if (type > static_cast<std::uint8_t>(RelationType::duplicated_by)) return reader_.refuse();
      relation.type = static_cast<RelationType>(type);
      relation.source_id = issue_at(static_cast<std::uint64_t>(sources[at]), outside);
      relation.target_id = issue_at(static_cast<std::uint64_t>(targets[at]), outside);
    }
  }

  ByteReader reader_;
  std::vector<Issue> issues_;
  std::vector<std::uint8_t> git_;
  std::vector<IssueRelation> relations_;
};

}  // namespace

std::string portion_to_bytes(const Portion& portion) { return Writer(portion).write(); }

Result<Portion> portion_from_bytes(std::string_view bytes) { return PortionReader(bytes).read(); }

}  // namespace dits::snapshot
