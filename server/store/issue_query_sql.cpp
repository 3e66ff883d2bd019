// NULL is treated as false by AND and OR, as the matcher does; a negation is therefore "IS NOT TRUE".
#include "server/store/issue_query_sql.hpp"

#include <string_view>
#include <utility>

#include "server/store/query_names.sql.hpp"
#include "shared/core/text.hpp"

namespace dits::store {

namespace {

using query::Fact;
using query::PlanNode;
using query::Test;
using query::TestKind;

std::string id_array(const std::vector<Uuid>& ids) {
  std::string text = "{";
  for (const Uuid& id : ids) {
    if (text.size() > 1) text += ',';
    text += to_string(id);
  }
  return text + "}";
}

// Where a test stands: it must hold for every row of the answer, or is a part of OR or NOT.
enum class Place : std::uint8_t { alone, within };

class Compiler {
 public:
  explicit Compiler(const query::Plan& plan) : plan_(plan) {}

  std::string condition(const PlanNode& node, Place place = Place::alone) {
    switch (node.kind) {
      case PlanNode::Kind::negation:
        return "(" + condition(node.children[0], Place::within) + " IS NOT TRUE)";
      case PlanNode::Kind::test:
        place_ = place;
        return test(node.test);
      case PlanNode::Kind::all:
      case PlanNode::Kind::any:
        break;
    }
    const bool is_any = node.kind == PlanNode::Kind::any;
    if (node.children.empty()) return is_any ? "FALSE" : "TRUE";
    std::string out = "(";
    for (std::size_t at = 0; at < node.children.size(); ++at) {
      if (at > 0) out += is_any ? " OR " : " AND ";
      out += condition(node.children[at], is_any ? Place::within : place);
    }
    return out + ")";
  }

  std::vector<Param> take_params() { return std::move(params_); }

 private:
  std::string place(Param param, std::string_view type) {
    params_.push_back(std::move(param));
    return "$" + std::to_string(params_.size() + 1) + "::" + std::string(type);
  }

  std::string among(const std::string& column, const std::vector<Uuid>& ids) {
    if (ids.empty()) return "FALSE";
    if (ids.size() == 1) return "(" + column + " = " + place(Param(ids[0]), "uuid") + ")";
    return "(" + column + " = ANY (" + place(Param(id_array(ids)), "uuid[]") + "))";
  }

  // The same for those of which there are few: PostgreSQL looks for these by the index instead of going
  // through all issues in the order of the page. Within OR and NOT it would look through the few for each
  // issue.
  static std::string among_few(const std::string& column, const std::string& query) {
    return "(" + column + " = ANY (ARRAY(" + query + ")))";
  }

  // "Is this issue among those?" IS TRUE keeps the planner from joining: the inner query runs once and is
  // looked up in a hash table, however wrong the statistics are just after an import.
  static std::string among_those(const std::string& column, const std::string& query) {
    return "((" + column + " IN (" + query + ")) IS TRUE)";
  }

  std::string parent_of_number(const Test& test) {
    const std::string query =
        "SELECT n.id FROM issues n WHERE n.user_id = $1 AND n.deleted_at IS NULL AND n.number = ";
    // Of one PostgreSQL knows how few the children are.
    if (test.numbers.size() == 1)
      return "(i.parent_issue_id = (" + query + place(Param(test.numbers[0]), "bigint") + "))";
    return among_few("i.parent_issue_id", query + "ANY (" + place(Param(test.numbers), "bigint[]") + ")");
  }

  // Relations from or to this issue whose other end `o` is not in the trash.
  static std::string related(std::string_view own_end, std::string_view other_end) {
    return among_those("i.id",
                       "SELECT r." + std::string(own_end) +
                           " FROM issue_relations r JOIN issues o ON o.user_id = $1 AND o.id = r." +
                           std::string(other_end) + " WHERE r.user_id = $1 AND o.deleted_at IS NULL");
  }
  // What blocks is few among all. The other ends are looked up one by one: joined, PostgreSQL would read all
  // issues for them.
  std::string blocks(std::string_view own_end,
                     std::string_view other_end,
                     const std::string& condition) const {
    const std::string query =
        "SELECT r." + std::string(own_end) +
        " FROM issue_relations r WHERE r.user_id = $1 AND r.relation_type = 'BLOCKS' AND "
        "(SELECT o.deleted_at IS NULL" +
        condition + " FROM issues o WHERE o.user_id = $1 AND o.id = r." + std::string(other_end) + ")";
    return place_ == Place::alone ? among_few("i.id", query) : among_those("i.id", query);
  }
  std::string numbered_blocks(std::string_view own_end, std::string_view other_end, const Test& test) {
    return among_few("i.id",
                     "SELECT r." + std::string(own_end) +
                         " FROM issues o JOIN issue_relations r ON r.user_id = $1 AND r." +
                         std::string(other_end) +
                         " = o.id WHERE o.user_id = $1 AND o.deleted_at IS NULL AND r.relation_type = "
                         "'BLOCKS' AND o.number = ANY (" +
                         place(Param(test.numbers), "bigint[]") + ")");
  }

  std::string within(const std::string& column, const query::DayBounds& days) {
    std::string out = "(" + column + " IS NOT NULL";
    if (days.first) out += " AND " + column + " >= " + place(Param(*days.first), "date");
    if (days.last) out += " AND " + column + " <= " + place(Param(*days.last), "date");
    return out + ")";
  }

  std::string within(const std::string& column, const query::TimeBounds& times) {
    std::string out = "(" + column + " IS NOT NULL";
    if (times.first) out += " AND " + column + " >= " + place(Param(*times.first), "timestamptz");
    if (times.end) out += " AND " + column + " < " + place(Param(*times.end), "timestamptz");
    return out + ")";
  }

  std::string priority(const Test& test) {
    if (test.low > test.high) return "FALSE";
    const auto place_of = [&](std::int64_t value) { return place(Param(value), "smallint"); };
    if (test.low == test.high) return "(i.priority_rank = " + place_of(test.low) + ")";
    std::string out = "(TRUE";
    if (test.low > 0) out += " AND i.priority_rank >= " + place_of(test.low);
    if (test.high < 4) out += " AND i.priority_rank <= " + place_of(test.high);
    return out + ")";
  }

  std::string number(const Test& test) {
    if (test.low == test.high) return "(i.number = " + place(Param(test.low), "bigint") + ")";
    return "(i.number >= " + place(Param(test.low), "bigint") +
           " AND i.number <= " + place(Param(test.high), "bigint") + ")";
  }

  // As fold_text(…) LIKE, which folds every letter of a long text: here only those that the pattern can meet.
  // replace() is the quicker way for a few of them, since it passes over what isn't there.
  std::string text(const Test& test) {
    constexpr std::size_t few = 6;
    const std::string pattern = place(Param(like_pattern(test.text)), "text");
    const Capitals letters = capitals_of(test.text.folded);
    const bool are_few = count_code_points(letters.capitals) <= few;
    std::vector<std::pair<std::string, std::string>> places;  // of capitals and of what they fold to
    if (!are_few)
      places.emplace_back(place(Param(letters.capitals), "text"), place(Param(letters.folded), "text"));
    std::size_t there = 0;
    for (std::size_t here = 0; are_few && here < letters.capitals.size();) {
      std::string capital;
      std::string folded;
      append_code_point(capital, take_code_point(letters.capitals, here));
      append_code_point(folded, take_code_point(letters.folded, there));
      std::string place_of_capital = place(Param(capital), "text");
      places.emplace_back(std::move(place_of_capital), place(Param(folded), "text"));
    }
    const auto is_like = [&](std::string text) {
      text = "lower(" + text + " COLLATE \"C\")";
      for (const auto& [capitals, folded] : places) {
        text.insert(0, are_few ? "replace(" : "translate(");
        text += ", " + capitals + ", " + folded + ")";
      }
      return text + " LIKE " + pattern;
    };
    return "(" + is_like("i.title") + " OR " + is_like("i.description") + ")";
  }

  std::string test(const Test& test) {
    switch (test.kind) {
      case TestKind::status:
        return among("i.status_id", test.ids);
      case TestKind::label:
        if (test.ids.empty()) return "FALSE";
        return among_those("i.id",
                           "SELECT l.issue_id FROM issue_labels l WHERE l.user_id = $1 AND " +
                               among("l.label_id", test.ids));
      case TestKind::project:
        return among("i.project_id", test.ids);
      case TestKind::area:
        return among("i.area_id", test.ids);
      case TestKind::parent:
        return parent_of_number(test);
      case TestKind::blocks:
        return numbered_blocks("source_id", "target_id", test);
      case TestKind::blocked_by:
        return numbered_blocks("target_id", "source_id", test);
      case TestKind::priority:
        return priority(test);
      case TestKind::number:
        return number(test);
      case TestKind::start:
        return within("i.start_date", test.days);
      case TestKind::due:
        return within("i.due_date", test.days);
      case TestKind::created:
        return within("i.created_at", test.times);
      case TestKind::updated:
        return within("i.updated_at", test.times);
      case TestKind::completed:
        return within("i.completed_at", test.times);
      case TestKind::text:
        return text(test);
      case TestKind::fact:
        break;
    }
    return fact(test.fact);
  }

  std::string fact(Fact fact) {
    switch (fact) {
      case Fact::is_deleted:
        return "(i.deleted_at IS NOT NULL)";
      case Fact::has_description:
        return "(i.description <> '')";
      case Fact::has_labels:
        return among_those("i.id", "SELECT l.issue_id FROM issue_labels l WHERE l.user_id = $1");
      case Fact::has_project:
        return "(i.project_id IS NOT NULL)";
      case Fact::has_area:
        return "(i.area_id IS NOT NULL)";
      case Fact::has_parent:
        return "(i.parent_issue_id IS NOT NULL)";
      case Fact::has_sub_issues:
        return among_those("i.id",
                           "SELECT o.parent_issue_id FROM issues o WHERE o.user_id = $1 AND "
                           "o.parent_issue_id IS NOT NULL AND "
                           "o.deleted_at IS NULL");
      case Fact::has_relations:
        return "(" + related("source_id", "target_id") + " OR " + related("target_id", "source_id") + ")";
      case Fact::has_start:
        return "(i.start_date IS NOT NULL)";
      case Fact::has_due:
        return "(i.due_date IS NOT NULL)";
      case Fact::has_git:
        return among_those("i.id", "SELECT g.issue_id FROM git_integrations g WHERE g.user_id = $1");
      case Fact::has_comments:
        return among_those("i.id",
                           "SELECT c.issue_id FROM comments c WHERE c.user_id = $1 AND c.deleted_at IS NULL");
      case Fact::blocks_any:
        return blocks("source_id", "target_id", "");
      case Fact::is_blocked_by_any:
        return blocks("target_id", "source_id", "");
      case Fact::blocks_open_issue:
        return blocks("source_id", "target_id", " AND " + is_open("o.status_id"));
      case Fact::has_open_blocker:
        break;
    }
    return blocks("target_id", "source_id", " AND " + is_open("o.status_id"));
  }
  std::string is_open(const std::string& column) { return among(column, plan_.open_status_ids); }

  const query::Plan& plan_;
  std::vector<Param> params_;
  Place place_ = Place::alone;  // of the test at hand
};

SortExpression sort_expression(const query::SortTerm& term) {
  using query::SortKey;
  const auto make = [&](std::string sql, std::string cast, bool is_nullable = false) {
    return SortExpression{std::move(sql), std::move(cast), term.is_descending, is_nullable};
  };
  switch (term.key) {
    case SortKey::created:
      return make("i.created_at", "timestamptz");
    case SortKey::updated:
      return make("i.updated_at", "timestamptz");
    case SortKey::due:
      return make("i.due_date", "date", true);
    case SortKey::start:
      return make("i.start_date", "date", true);
    case SortKey::completed:
      return make("i.completed_at", "timestamptz", true);
    case SortKey::priority:
      return make("i.priority_rank", "smallint");
    case SortKey::status:
      return make("(SELECT s.position FROM statuses s WHERE s.user_id = $1 AND s.id = i.status_id)",
                  "integer");
    case SortKey::title:
      return make("(fold_text(i.title) COLLATE \"C\")", "text");
    case SortKey::number:
      return make("i.number", "bigint");
    case SortKey::position:
      return make("i.position", "double precision");
    case SortKey::project:
      return make(
          "((SELECT fold_text(p.name) FROM projects p WHERE p.user_id = $1 AND p.id = i.project_id AND "
          "p.deleted_at IS NULL) COLLATE \"C\")",
          "text",
          true);
    case SortKey::area:
      break;
  }
  return make(
      "((SELECT fold_text(a.name) FROM areas a WHERE a.user_id = $1 AND a.id = i.area_id AND a.deleted_at IS "
      "NULL) COLLATE \"C\")",
      "text",
      true);
}

std::vector<SortExpression> sort_expressions(const std::vector<query::SortTerm>& sort) {
  std::vector<SortExpression> order;
  for (const query::SortTerm& term : sort) {
    order.push_back(sort_expression(term));
    if (term.key == query::SortKey::number) return order;
  }
  order.push_back(sort_expression({query::SortKey::number, sort.front().is_descending}));
  return order;
}

}  // namespace

std::string like_pattern(const query::TextPattern& pattern) {
  std::string like = pattern.has_wildcard ? "" : "%";
  for (const char c : pattern.folded) {
    if (c == '%' || c == '_' || c == '\\') like += '\\';
    like += pattern.has_wildcard && c == '*' ? '%' : c;
  }
  return pattern.has_wildcard ? like : like + "%";
}

IssueQuerySql compile_issue_query(const query::Plan& plan) {
  Compiler compiler(plan);
  IssueQuerySql sql;
  sql.where = compiler.condition(plan.root);
  // Alone, so that the partial indexes on what is not in the trash fit.
  if (!plan.includes_deleted) sql.where += " AND i.deleted_at IS NULL";
  sql.params = compiler.take_params();
  sql.order = sort_expressions(plan.sort);
  return sql;
}

Result<query::Names> load_query_names(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::list_query_names, {user_id}));
  query::Names names;
  for (Row row : rows) {
    const std::string_view kind = row.text(0);
    std::string name(row.text(2));
    if (kind == "status") {
      const auto position = static_cast<std::int32_t>(row.int64(3));
      names.statuses.push_back({row.id<StatusTag>(1), std::move(name), position, row.boolean(4)});
    } else if (kind == "project") {
      names.projects.push_back({row.id<ProjectTag>(1), std::move(name), row.boolean(4)});
    } else if (kind == "area") {
      names.areas.push_back({row.id<AreaTag>(1), std::move(name)});
    } else {
      names.labels.push_back({row.id<LabelTag>(1), std::move(name)});
    }
  }
  return names;
}

}  // namespace dits::store
