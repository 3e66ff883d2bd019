// Runs a plan on issues in memory: no allocation and no name for each issue.
#pragma once

#include <string_view>
#include <vector>

#include "shared/model/issue.hpp"
#include "shared/query/plan.hpp"

namespace dits::query {

// What an issue alone does not tell. Written by whoever keeps the issues; asked only by queries that need it.
class Facts {
 public:
  Facts() = default;
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;
  virtual ~Facts() = default;

  // The issue of this number that is not in the trash; unset when there is none.
  virtual IssueId issue_of_number(std::int64_t number) const = 0;
  // Of Fact: has_sub_issues, has_relations, has_git, has_comments, blocks_any, is_blocked_by_any,
  // blocks_open_issue, has_open_blocker.
  virtual bool holds(Fact fact, const Issue& issue) const = 0;
  // Is there a relation `blocker` BLOCKS `blocked`?
  virtual bool blocks(IssueId blocker, IssueId blocked) const = 0;
  // Overridden by a store that does not have every description at hand.
  virtual bool has_description(const Issue& issue) const { return !issue.description.empty(); }
  virtual bool description_contains(const Issue& issue, const TextPattern& pattern) const;
};

class Matcher {
 public:
  // `facts` must outlive the matcher. Numbers of issues are looked up here, once.
  Matcher(Plan plan, const Facts& facts);

  // `folded_title` is fold_case(issue.title), which the caller keeps.
  bool matches(const Issue& issue, std::string_view folded_title) const;

  const Plan& plan() const { return plan_; }

 private:
  void look_up_numbers(PlanNode& node);
  bool fits(const PlanNode& node, const Issue& issue, std::string_view folded_title) const;
  bool fits(const Test& test, const Issue& issue, std::string_view folded_title) const;
  bool holds(Fact fact, const Issue& issue) const;

  Plan plan_;
  const Facts& facts_;
};

}  // namespace dits::query
