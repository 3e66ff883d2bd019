// A query made ready to run: names looked up, days worked out, `is:` and `has:` taken apart into tests. The
// matcher of the web app and the SQL of the server are both made from a plan, so that what a term means is
// decided in one place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/time_zone.hpp"
#include "shared/query/ast.hpp"
#include "shared/query/days.hpp"

namespace dits::query {

struct StatusName {
  StatusId id;
  std::string name;
  std::int32_t position = 0;
  bool is_closed = false;
};
struct ProjectName {
  ProjectId id;
  std::string name;
  bool is_archived = false;
};
struct AreaName {
  AreaId id;
  std::string name;
};
struct LabelName {
  LabelId id;
  std::string name;
};

// Everything that a query can name. Only what is not in the trash, but the statuses of all workflows.
struct Names {
  std::vector<StatusName> statuses;
  std::vector<ProjectName> projects;
  std::vector<AreaName> areas;
  std::vector<LabelName> labels;
};

// Where the person is in time.
struct Moment {
  Date today;
  TimeZone zone = {};  // whose days those of created, updated and completed are
};

enum class TestKind : std::uint8_t {
  status,      // ids
  label,       // ids: any of them
  project,     // ids
  area,        // ids
  parent,      // numbers
  blocks,      // numbers
  blocked_by,  // numbers
  priority,    // low..high
  number,      // low..high
  start,       // days
  due,         // days
  created,     // times
  updated,     // times
  completed,   // times
  text,        // text
  fact,        // fact
};

// What is so or is not so about an issue. Relations, sub-issues, comments and git links count when the other
// end is not in the trash.
enum class Fact : std::uint8_t {
  is_deleted,
  has_description,
  has_labels,
  has_project,
  has_area,
  has_parent,
  has_sub_issues,
  has_relations,
  has_start,
  has_due,
  has_git,
  has_comments,
  blocks_any,
  is_blocked_by_any,
  blocks_open_issue,
  has_open_blocker,
};

// Text folded by fold_case. Without wildcards it is looked for anywhere; with them the pattern has a * at
// both ends.
struct TextPattern {
  std::string folded;
  bool has_wildcard = false;
};
// Is the pattern found in a text that is folded already?
bool contains(std::string_view folded_text, const TextPattern& pattern);

// From `first` on and before `end`; a side that is not set is open.
struct TimeBounds {
  std::optional<Timestamp> first;
  std::optional<Timestamp> end;

  bool contains(Timestamp time) const { return (!first || *first <= time) && (!end || time < *end); }
};

struct Test {
  TestKind kind = TestKind::fact;
  std::vector<Uuid> ids;  // sorted
  std::vector<std::int64_t> numbers;
  std::int64_t low = 0;
  std::int64_t high = 0;
  DayBounds days;
  TimeBounds times;
  TextPattern text;
  Fact fact = Fact::is_deleted;
};

struct PlanNode {
  enum class Kind : std::uint8_t { all, any, negation, test };
  Kind kind = Kind::all;
  std::vector<PlanNode> children;
  Test test;
};

struct Plan {
  PlanNode root;
  bool includes_deleted = false;      // false: only what is not in the trash
  std::vector<Uuid> open_status_ids;  // sorted
  std::vector<SortTerm> sort;         // never empty
};

// Does the query need anything of Names? When not, an empty one will do.
bool needs_names(const Query& query);

// Does it depend on the day and the zone of the person? When not, any Moment will do.
bool needs_moment(const Query& query);

// Does the query look for text in titles and descriptions?
bool asks_for_text(const Query& query);

// A query without sort: is ordered by `default_sort`.
Plan make_plan(const Query& query,
               const Names& names,
               const Moment& moment,
               const std::vector<SortTerm>& default_sort = {{SortKey::updated, true}});

}  // namespace dits::query
