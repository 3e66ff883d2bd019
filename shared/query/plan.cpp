#include "shared/query/plan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "shared/core/text.hpp"

namespace dits::query {

namespace {

// Databases count years from 1 to 9999 and an offset moves midnight; instants keep a year's distance from
// both ends.
constexpr Date earliest_instant_day = {-718797};  // 0002-01-01
constexpr Date latest_instant_day = {2932530};    // 9998-12-31

TimeBounds times_of(const DayBounds& days, const TimeZone& zone) {
  const auto begin_of = [&](Date day) {
    return zone.begin_of(std::clamp(day, earliest_instant_day, latest_instant_day));
  };
  TimeBounds times;
  if (days.first) times.first = begin_of(*days.first);
  if (days.last) times.end = begin_of({std::min(*days.last, latest_instant_day).days + 1});
  return times;
}

PlanNode test_node(Test test) {
  PlanNode node;
  node.kind = PlanNode::Kind::test;
  node.test = std::move(test);
  return node;
}

PlanNode fact_node(Fact fact) {
  Test test;
  test.fact = fact;
  return test_node(std::move(test));
}

PlanNode days_node(TestKind kind, DayBounds days) {
  Test test;
  test.kind = kind;
  test.days = days;
  return test_node(std::move(test));
}

PlanNode times_node(TestKind kind, TimeBounds times) {
  Test test;
  test.kind = kind;
  test.times = times;
  return test_node(std::move(test));
}

PlanNode ids_node(TestKind kind, std::vector<Uuid> ids) {
  std::sort(ids.begin(), ids.end());
  Test test;
  test.kind = kind;
  test.ids = std::move(ids);
  return test_node(std::move(test));
}

PlanNode negation_of(PlanNode child) {
  PlanNode node;
  node.kind = PlanNode::Kind::negation;
  node.children.push_back(std::move(child));
  return node;
}

template <typename... Nodes>
PlanNode group(PlanNode::Kind kind, Nodes... children) {
  PlanNode node;
  node.kind = kind;
  (node.children.push_back(std::move(children)), ...);
  return node;
}

// "In Progress" is found by "in progress", in-progress and in_progress.
std::string folded_name(std::string_view name) {
  std::string folded = fold_case(name);
  std::replace(folded.begin(), folded.end(), ' ', '-');
  std::replace(folded.begin(), folded.end(), '_', '-');
  return folded;
}

template <typename Named>
void add_matching(std::vector<Uuid>& ids, const std::vector<Named>& named, const Pattern& pattern) {
  const std::string wanted = folded_name(pattern.text);
  for (const Named& candidate : named) {
    const std::string name = folded_name(candidate.name);
    const bool fits = pattern.has_wildcard ? matches_wildcard(name, wanted)
                                           : name == wanted || to_string(candidate.id) == wanted;
    if (fits) ids.push_back(candidate.id.uuid);
  }
}

class Planner {
 public:
  Planner(const Names& names, const Moment& moment) : names_(names), moment_(moment) {
    for (const StatusName& status : names.statuses) {
      (status.is_closed ? closed_ids_ : open_ids_).push_back(status.id.uuid);
    }
    std::sort(open_ids_.begin(), open_ids_.end());
  }

  const std::vector<Uuid>& open_ids() const { return open_ids_; }

  PlanNode node(const Node& node) const {
    if (node.kind == Node::Kind::term) return term(node.term);
    PlanNode made;
    made.kind = node.kind == Node::Kind::all   ? PlanNode::Kind::all
                : node.kind == Node::Kind::any ? PlanNode::Kind::any
                                               : PlanNode::Kind::negation;
    for (const Node& child : node.children) made.children.push_back(this->node(child));
    return made;
  }

 private:
  PlanNode term(const Term& term) const {
    if (info_of(term.field).kind == FieldKind::name) return named(term);
    if (info_of(term.field).kind == FieldKind::issue) return related(term);
    if (term.values.size() == 1) return value(term.field, term.values[0]);
    PlanNode any;
    any.kind = PlanNode::Kind::any;
    for (const Value& each : term.values) any.children.push_back(value(term.field, each));
    return any;
  }

  PlanNode named(const Term& term) const {
    std::vector<Uuid> ids;
    for (const Value& value : term.values) {
      const auto* pattern = std::get_if<Pattern>(&value.operand);
      if (pattern == nullptr) continue;
      switch (term.field) {
        case Field::status:
          add_matching(ids, names_.statuses, *pattern);
          break;
        case Field::label:
          add_matching(ids, names_.labels, *pattern);
          break;
        case Field::project:
          add_matching(ids, names_.projects, *pattern);
          break;
        default:
          add_matching(ids, names_.areas, *pattern);
          break;
      }
    }
    switch (term.field) {
      case Field::status:
        return ids_node(TestKind::status, std::move(ids));
      case Field::label:
        return ids_node(TestKind::label, std::move(ids));
      case Field::project:
        return ids_node(TestKind::project, std::move(ids));
      default:
        return ids_node(TestKind::area, std::move(ids));
    }
  }

  static PlanNode related(const Term& term) {
    Test test;
    test.kind = term.field == Field::parent   ? TestKind::parent
                : term.field == Field::blocks ? TestKind::blocks
                                              : TestKind::blocked_by;
    bool is_any = false;
    for (const Value& value : term.values) {
      if (const auto* number = std::get_if<std::int64_t>(&value.operand)) test.numbers.push_back(*number);
      is_any = is_any || std::holds_alternative<AnyIssue>(value.operand);
    }
    if (!is_any) return test_node(std::move(test));
    return fact_node(term.field == Field::parent   ? Fact::has_parent
                     : term.field == Field::blocks ? Fact::blocks_any
                                                   : Fact::is_blocked_by_any);
  }

  PlanNode value(Field field, const Value& value) const {
    switch (field) {
      case Field::is:
        return state(*std::get_if<State>(&value.operand));
      case Field::has:
        return part(*std::get_if<Part>(&value.operand));
      case Field::no:
        return negation_of(part(*std::get_if<Part>(&value.operand)));
      case Field::priority:
        return between<Priority>(TestKind::priority, value, 0, 4);
      case Field::number:
        return between<std::int64_t>(TestKind::number, value, 0, std::numeric_limits<std::int64_t>::max());
      case Field::start:
        return days_node(TestKind::start, bounds_of(value, moment_.today, false));
      case Field::due:
        return days_node(TestKind::due, bounds_of(value, moment_.today, false));
      case Field::created:
        return times_node(TestKind::created, times(value));
      case Field::updated:
        return times_node(TestKind::updated, times(value));
      case Field::completed:
        return times_node(TestKind::completed, times(value));
      default:
        return text(*std::get_if<Pattern>(&value.operand));
    }
  }

  TimeBounds times(const Value& value) const {
    return times_of(bounds_of(value, moment_.today, true), moment_.zone);
  }

  static PlanNode text(const Pattern& pattern) {
    Test test;
    test.kind = TestKind::text;
    test.text = {fold_case(pattern.text), pattern.has_wildcard};
    if (pattern.has_wildcard) test.text.folded = "*" + test.text.folded + "*";
    return test_node(std::move(test));
  }

  // A comparison of whole numbers as the least and the greatest that fit.
  template <typename Number>
  static PlanNode between(TestKind kind, const Value& value, std::int64_t least, std::int64_t greatest) {
    const auto number_in = [](const Operand& operand, std::int64_t otherwise) {
      const auto* number = std::get_if<Number>(&operand);
      return number == nullptr ? otherwise : static_cast<std::int64_t>(*number);
    };
    const std::int64_t number = number_in(value.operand, least);
    Test test;
    test.kind = kind;
    test.low = least;
    test.high = greatest;
    switch (value.comparison) {
      case Comparison::equal:
        test.low = test.high = number;
        break;
      case Comparison::less:
        test.high = number - 1;
        break;
      case Comparison::less_or_equal:
        test.high = number;
        break;
      case Comparison::greater:
        test.low = number + 1;
        break;
      case Comparison::greater_or_equal:
        test.low = number;
        break;
      case Comparison::range:
        test.low = number;
        test.high = number_in(value.last, greatest);
        break;
    }
    return test_node(std::move(test));
  }

  PlanNode state(State state) const {
    constexpr auto all = PlanNode::Kind::all;
    const Date today = moment_.today;
    switch (state) {
      case State::open:
        break;
      case State::closed:
        return ids_node(TestKind::status, closed_ids_);
      case State::overdue:
        return group(all, open(), days_node(TestKind::due, {std::nullopt, Date{today.days - 1}}));
      case State::blocked:
        return group(all, open(), fact_node(Fact::has_open_blocker));
      case State::blocking:
        return group(all, open(), fact_node(Fact::blocks_open_issue));
      case State::startable:
        return group(all,
                     open(),
                     negation_of(fact_node(Fact::has_open_blocker)),
                     negation_of(days_node(TestKind::start, {Date{today.days + 1}, std::nullopt})));
      case State::archived: {
        std::vector<Uuid> ids;
        for (const ProjectName& project : names_.projects) {
          if (project.is_archived) ids.push_back(project.id.uuid);
        }
        return ids_node(TestKind::project, std::move(ids));
      }
      case State::deleted:
        return fact_node(Fact::is_deleted);
    }
    return open();
  }
  PlanNode open() const { return ids_node(TestKind::status, open_ids_); }

  static PlanNode part(Part part) {
    switch (part) {
      case Part::description:
        return fact_node(Fact::has_description);
      case Part::priority:
        break;
      case Part::labels:
        return fact_node(Fact::has_labels);
      case Part::project:
        return fact_node(Fact::has_project);
      case Part::area:
        return fact_node(Fact::has_area);
      case Part::parent:
        return fact_node(Fact::has_parent);
      case Part::sub_issues:
        return fact_node(Fact::has_sub_issues);
      case Part::relations:
        return fact_node(Fact::has_relations);
      case Part::start:
        return fact_node(Fact::has_start);
      case Part::due:
        return fact_node(Fact::has_due);
      case Part::dates:
        return group(PlanNode::Kind::any, fact_node(Fact::has_start), fact_node(Fact::has_due));
      case Part::git:
        return fact_node(Fact::has_git);
      case Part::comments:
        return fact_node(Fact::has_comments);
    }
    Value at_least_low;
    at_least_low.comparison = Comparison::greater_or_equal;
    at_least_low.operand = Priority::low;
    return between<Priority>(TestKind::priority, at_least_low, 0, 4);
  }

  const Names& names_;
  const Moment& moment_;
  std::vector<Uuid> open_ids_;
  std::vector<Uuid> closed_ids_;
};

}  // namespace

bool contains(std::string_view folded_text, const TextPattern& pattern) {
  if (pattern.has_wildcard) return matches_wildcard(folded_text, pattern.folded);
  return folded_text.find(pattern.folded) != std::string_view::npos;
}

bool needs_names(const Query& query) {
  bool needs = false;
  for_each_term(query.root, [&](const Term& term) {
    needs = needs || info_of(term.field).kind == FieldKind::name || term.field == Field::is;
  });
  return needs;
}

bool needs_moment(const Query& query) {
  bool needs = false;
  for_each_term(query.root, [&](const Term& term) {
    needs = needs || info_of(term.field).kind == FieldKind::day;
    for (const Value& value : term.values) {
      const auto* state = std::get_if<State>(&value.operand);
      needs = needs || (state != nullptr && (*state == State::overdue || *state == State::startable));
    }
  });
  return needs;
}

bool asks_for_text(const Query& query) {
  bool asks = false;
  for_each_term(query.root, [&](const Term& term) { asks = asks || term.field == Field::text; });
  return asks;
}

Plan make_plan(const Query& query,
               const Names& names,
               const Moment& moment,
               const std::vector<SortTerm>& default_sort) {
  const Planner planner(names, moment);
  Plan plan;
  plan.root = planner.node(query.root);
  plan.open_status_ids = planner.open_ids();
  plan.sort = query.sort.empty() ? default_sort : query.sort;
  for_each_term(query.root, [&](const Term& term) {
    for (const Value& value : term.values) {
      const auto* state = std::get_if<State>(&value.operand);
      plan.includes_deleted = plan.includes_deleted || (state != nullptr && *state == State::deleted);
    }
  });
  return plan;
}

}  // namespace dits::query
