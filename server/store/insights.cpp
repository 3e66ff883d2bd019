// As in issue_lists.cpp: the statements are put together from parts that are ours alone, every value is a
// parameter. In their texts @where is the condition on issues i, @days the beginnings of the days, @first the
// first of them, @started the ids of statuses, @since a time.
#include "server/store/insights.hpp"

#include <utility>

#include "server/store/issue_query_sql.hpp"

namespace dits::store {

namespace {

// Counts alone: how many rows it answers with is a matter of days and statuses. That a day's changes can be
// told from the numbers of now, with the moves turned round, saves to order each issue's moves. What is
// logged is read for itself, by the index of moves: the log of each issue has much else.
constexpr std::string_view count_days_sql = R"sql(
WITH matching AS MATERIALIZED (
  SELECT i.id, i.status_id::text AS status_id, i.completed_at,
         CASE WHEN i.created_at >= @first THEN width_bucket(i.created_at, @days) END AS born
  FROM issues i
  WHERE @where AND i.deleted_at IS NULL
), logged AS MATERIALIZED (
  SELECT a.entity_id, a.created_at, a.old_status_id AS old, a.new_status_id AS new
  FROM audit_logs a
  WHERE a.user_id = $1 AND a.new_status_id IS NOT NULL AND a.created_at >= @first
), moves AS MATERIALIZED (
  SELECT l.entity_id, width_bucket(l.created_at, @days) AS day, m.born, l.old, l.new
  FROM logged l JOIN matching m ON m.id = l.entity_id
), finished AS MATERIALIZED (
  SELECT m.id, m.status_id, m.born, width_bucket(m.completed_at, @days) AS day
  FROM matching m
  WHERE m.completed_at >= @first
), closed AS MATERIALIZED (
  SELECT f.status_id, f.born, f.day
  FROM finished f
  WHERE NOT EXISTS (SELECT FROM moves v WHERE v.entity_id = f.id AND v.new = f.status_id)
)
SELECT 0, 1, NULL, status_id, count(*) FROM matching GROUP BY status_id
UNION ALL
SELECT 1, born, NULL, status_id, count(*) FROM matching WHERE born IS NOT NULL GROUP BY born, status_id
UNION ALL
SELECT 2, day, NULL, status_id, count(*) FROM finished GROUP BY day, status_id
UNION ALL
SELECT 3, day, old, new, count(*) FROM moves GROUP BY day, old, new
UNION ALL
SELECT 4, born, old, new, count(*) FROM moves WHERE born IS NOT NULL GROUP BY born, old, new
UNION ALL
SELECT 5, day, NULL, status_id, count(*) FROM closed GROUP BY day, status_id
UNION ALL
SELECT 6, born, NULL, status_id, count(*) FROM closed WHERE born IS NOT NULL GROUP BY born, status_id
)sql";

// When work on an issue n began: with its first move to a status that is worked on, and with its creation
// when it left such a status before it came to one.
constexpr std::string_view beginning_sql = R"sql(
CROSS JOIN LATERAL (
  SELECT CASE WHEN came_out <= coalesce(went_in, came_out) THEN n.created_at ELSE went_in END AS at
  FROM (SELECT min(a.created_at) FILTER (WHERE a.new_status_id = ANY (@started::text[])) AS went_in,
               min(a.created_at) FILTER (WHERE a.old_status_id = ANY (@started::text[])) AS came_out
        FROM audit_logs a
        WHERE a.user_id = $1 AND a.entity_id = n.id AND a.new_status_id IS NOT NULL) AS moves
) AS beginning
)sql";

constexpr std::string_view find_finished_sql = R"sql(
WITH newest AS MATERIALIZED (
  SELECT i.id, i.number, i.title, i.created_at, i.completed_at
  FROM issues i
  WHERE @where AND i.deleted_at IS NULL AND i.completed_at >= @since
  ORDER BY i.completed_at DESC, i.number DESC
  LIMIT 1000
)
SELECT n.id, n.number, n.title, n.created_at, n.completed_at, beginning.at
FROM newest n @beginning
ORDER BY n.completed_at DESC, n.number DESC
)sql";

constexpr std::string_view find_working_sql = R"sql(
WITH in_work AS MATERIALIZED (
  SELECT i.id, i.number, i.title, i.created_at, i.status_id
  FROM issues i
  WHERE @where AND i.deleted_at IS NULL AND i.status_id = ANY (@started::uuid[])
), oldest AS MATERIALIZED (
  SELECT * FROM in_work ORDER BY created_at, number LIMIT 1000
)
SELECT n.id, n.number, n.title, n.status_id, coalesce(beginning.at, n.created_at)
FROM oldest n @beginning
ORDER BY 5, n.number
LIMIT 100
)sql";

// Each name is one parameter, wherever it stands.
class Builder {
 public:
  Builder(UserId user_id, const InsightsRequest& request, std::string_view text)
      : made_{std::string(text), {}} {
    IssueQuerySql query = compile_issue_query(request.plan);
    made_.params.emplace_back(user_id);
    for (Param& param : query.params) made_.params.push_back(std::move(param));
    std::string where = "i.user_id = $1 AND " + query.where;
    if (request.within) {
      where += " AND i.number = ANY (ARRAY(SELECT unnest(" + next(*request.within) + "::bigint[])))";
    }
    put("@where", where);
  }

  void put(std::string_view name, const std::string& text) {
    for (std::size_t at = made_.sql.find(name); at != std::string::npos;
         at = made_.sql.find(name, at + text.size())) {
      made_.sql.replace(at, name.size(), text);
    }
  }
  void put(std::string_view name, Param value, std::string_view type) {
    put(name, next(std::move(value)) + std::string(type));
  }
  InsightsStatement take() { return std::move(made_); }

 private:
  std::string next(Param value) {
    made_.params.push_back(std::move(value));
    return "$" + std::to_string(made_.params.size());
  }

  InsightsStatement made_;
};

std::vector<std::string> texts_of(const std::vector<Timestamp>& times) {
  std::vector<std::string> texts;
  for (const Timestamp time : times) texts.push_back(to_string(time));
  return texts;
}

// What a forged log names is no status.
StatusId status_from_text(std::string_view text) {
  const Result<Uuid> uuid = parse_uuid(text);
  return uuid ? StatusId{*uuid} : StatusId{};
}

Result<Rows> run(Transaction& transaction, std::string_view name, const InsightsStatement& statement) {
  return transaction.run_computed(name, statement.sql, statement.params);
}

}  // namespace

InsightsStatement count_days_statement(UserId user_id, const InsightsRequest& request) {
  Builder builder(user_id, request, count_days_sql);
  builder.put("@days", texts_of(request.days), "::timestamptz[]");
  builder.put("@first", request.days.front(), "::timestamptz");
  return builder.take();
}

InsightsStatement find_finished_statement(UserId user_id, const InsightsRequest& request) {
  Builder builder(user_id, request, find_finished_sql);
  builder.put("@beginning", std::string(beginning_sql));
  builder.put("@started", request.started, "");
  builder.put("@since", request.since, "::timestamptz");
  return builder.take();
}

InsightsStatement find_working_statement(UserId user_id, const InsightsRequest& request) {
  Builder builder(user_id, request, find_working_sql);
  // Looked up as ids of issues, and as texts of the log.
  builder.put("@started::uuid", request.started, "::uuid");
  builder.put("@beginning", std::string(beginning_sql));
  builder.put("@started", request.started, "");
  return builder.take();
}

Result<std::vector<DayCount>> count_days(Transaction& transaction,
                                         UserId user_id,
                                         const InsightsRequest& request) {
  const Rows rows = TRY(run(transaction, "count_insight_days", count_days_statement(user_id, request)));
  return all_of(rows, [](Row row) {
    return DayCount{static_cast<DayCount::Kind>(row.int64(0)),
                    static_cast<std::size_t>(row.int64(1) - 1),
                    status_from_text(row.text(2)),
                    status_from_text(row.text(3)),
                    row.int64(4)};
  });
}

Result<std::vector<Insights::Finished>> find_finished(Transaction& transaction,
                                                      UserId user_id,
                                                      const InsightsRequest& request) {
  const Rows rows = TRY(run(transaction, "find_finished_issues", find_finished_statement(user_id, request)));
  return all_of(rows, [](Row row) {
    const Timestamp created = row.timestamp(3);
    const Timestamp completed = row.timestamp(4);
    const std::optional<Timestamp> started = row.optional_timestamp(5);
    return Insights::Finished{row.id<IssueTag>(0),
                              row.int64(1),
                              std::string(row.text(2)),
                              started,
                              completed,
                              days_between(started.value_or(created), completed),
                              days_between(created, completed)};
  });
}

Result<std::vector<Insights::Working>> find_working(Transaction& transaction,
                                                    UserId user_id,
                                                    const InsightsRequest& request) {
  const Rows rows = TRY(run(transaction, "find_issues_in_work", find_working_statement(user_id, request)));
  return all_of(rows, [](Row row) {
    return Insights::Working{
        row.id<IssueTag>(0), row.int64(1), std::string(row.text(2)), row.id<StatusTag>(3), row.timestamp(4)};
  });
}

}  // namespace dits::store
