// shared/query on the entities of the browser.
#include "web/store/query_run.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/query/match.hpp"
#include "shared/query/parser.hpp"

namespace dits::web {

namespace {

using query::Fact;

// What a matcher asks of the store. The state is told anew with every question, so that states may move.
class StoreFacts : public query::Facts {
 public:
  void look_at(const State& state) { state_ = &state; }

  IssueId issue_of_number(std::int64_t number) const override {
    const Issue* issue = find_issue(state_->entities, number);
    return issue != nullptr && !issue->deleted_at ? issue->id : IssueId{};
  }

  bool holds(Fact fact, const Issue& issue) const override {
    const Entities& entities = state_->entities;
    const Slot slot = slot_of(issue);
    const IssueFacts& facts = entities.facts[slot];
    switch (fact) {
      case Fact::has_sub_issues:
        return facts.children > 0;
      case Fact::has_relations:
        return has_end(slot, [](RelationType) { return true; });
      case Fact::has_git:
        return facts.git != 0;
      case Fact::has_comments: {
        const auto comments = entities.comments.find(issue.id);
        return comments != entities.comments.end() && !comments->second.empty();
      }
      case Fact::blocks_any:
        return has_end(slot, [](RelationType type) { return type == RelationType::blocks; });
      case Fact::is_blocked_by_any:
        return has_end(slot, [](RelationType type) { return type == RelationType::blocked_by; });
      case Fact::blocks_open_issue:
        return facts.blocks_open > 0;
      case Fact::has_open_blocker:
        return facts.open_blockers > 0;
      default:
        return false;  // the matcher sees the others in the issue itself
    }
  }

  bool blocks(IssueId blocker, IssueId blocked) const override {
    const Entities& entities = state_->entities;
    const auto ends = entities.relation_ends.find(find_slot(entities, blocker));
    if (ends == entities.relation_ends.end()) return false;
    return std::any_of(ends->second.begin(), ends->second.end(), [&](const RelationEnd& end) {
      return end.type == RelationType::blocks && entities.issues[end.other].id == blocked;
    });
  }

  // Lists come without descriptions; most issues have one.
  bool has_description(const Issue& issue) const override {
    return !issue.has_description || !issue.description.empty();
  }

  bool description_contains(const Issue& issue, const query::TextPattern& pattern) const override {
    if (issue.has_description) return query::Facts::description_contains(issue, pattern);
    const auto hits = state_->list.text_hits.find(pattern.folded);
    return hits != state_->list.text_hits.end() &&
           std::binary_search(hits->second.begin(), hits->second.end(), slot_of(issue));
  }

 private:
  Slot slot_of(const Issue& issue) const {
    return static_cast<Slot>(&issue - state_->entities.issues.data());
  }

  template <typename Wanted>
  bool has_end(Slot slot, Wanted wanted) const {
    const auto ends = state_->entities.relation_ends.find(slot);
    if (ends == state_->entities.relation_ends.end()) return false;
    return std::any_of(ends->second.begin(), ends->second.end(), [&](const RelationEnd& end) {
      return wanted(end.type) && !state_->entities.issues[end.other].deleted_at;
    });
  }

  const State* state_ = nullptr;
};

void collect_texts(const query::PlanNode& node, std::vector<std::string>& texts) {
  if (node.kind == query::PlanNode::Kind::test && node.test.kind == query::TestKind::text) {
    texts.push_back(node.test.text.folded);
  }
  for (const query::PlanNode& child : node.children) collect_texts(child, texts);
}

}  // namespace

struct CompiledQuery {
  CompiledQuery(const State& state, query::Query parsed, query::Plan plan)
      : tree(std::move(parsed)), matcher((facts.look_at(state), std::move(plan)), facts) {}

  query::Query tree;
  mutable StoreFacts facts;  // before the matcher, which refers to it
  query::Matcher matcher;
};

std::shared_ptr<const CompiledQuery> compile_query(const State& state,
                                                   std::string_view text,
                                                   std::optional<QueryError>* error) {
  if (trim(text).empty()) return nullptr;
  query::Parsed parsed = query::read_query(text);
  if (parsed.problem) {
    const query::Problem& problem = *parsed.problem;
    if (error != nullptr) {
      *error = QueryError{problem.begin, problem.end - problem.begin, problem.message, problem.suggestion};
    }
    return nullptr;
  }
  query::Plan plan =
      query::make_plan(parsed.query, query_names(state), {state.today, state.zone});
  // What is in the trash is out of scope everywhere but there, where all of it is meant.
  plan.includes_deleted = true;
  return std::make_shared<const CompiledQuery>(state, std::move(parsed.query), std::move(plan));
}

bool matches(const State& state, const CompiledQuery& compiled, Slot slot) {
  compiled.facts.look_at(state);
  return compiled.matcher.matches(state.entities.issues[slot], state.entities.facts[slot].folded_title);
}

std::vector<query::SortTerm> sort_terms_of(const CompiledQuery& compiled) { return compiled.tree.sort; }

std::vector<std::string> texts_of(const CompiledQuery& compiled) {
  std::vector<std::string> texts;
  collect_texts(compiled.matcher.plan().root, texts);
  return texts;
}

query::Names query_names(const State& state) {
  query::Names names;
  for (const Workflow& workflow : state.entities.workflows) {
    for (const Status& status : workflow.statuses) {
      names.statuses.push_back({status.id, status.name, status.position, status.is_closed});
    }
  }
  for (const Project& project : state.entities.projects) {
    if (project.deleted_at) continue;
    names.projects.push_back({project.id, project.name, project.status == ProjectStatus::archived});
  }
  for (const Area& area : state.entities.areas) {
    if (!area.deleted_at) names.areas.push_back({area.id, area.name});
  }
  for (const Label& label : state.entities.labels) {
    if (!label.deleted_at) names.labels.push_back({label.id, label.name});
  }
  return names;
}

}  // namespace dits::web
