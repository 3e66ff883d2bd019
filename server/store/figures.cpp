#include "server/store/figures.hpp"

#include "server/store/enums.hpp"
#include "server/store/issue_query_sql.hpp"
#include "server/store/search.sql.hpp"
#include "server/store/stats.sql.hpp"
#include "shared/core/text.hpp"

namespace dits::store {

static CountByKey count_from_row(Row row) { return {std::string(row.text(0)), row.int64(1), row.int64(2)}; }

Result<IssueFigures> read_issue_figures(Transaction& transaction,
                                        UserId user_id,
                                        Timestamp now,
                                        Timestamp since) {
  IssueFigures figures;
  const Rows totals = TRY(transaction.run(sql::count_issues_in_total, {user_id, date_of(now)}));
  figures.totals = {totals[0].int64(0), totals[0].int64(1), totals[0].int64(2), totals[0].int64(3)};
  figures.by_status = all_of(TRY(transaction.run(sql::count_issues_per_status, {user_id})), [](Row row) {
    return CountByKey{std::string(row.text(0)), row.int64(1), 0};
  });
  figures.by_project = all_of(TRY(transaction.run(sql::count_issues_per_project, {user_id})), count_from_row);
  figures.by_area = all_of(TRY(transaction.run(sql::count_issues_per_area, {user_id})), count_from_row);
  figures.by_label = all_of(TRY(transaction.run(sql::count_issues_per_label, {user_id})), count_from_row);
  figures.by_priority =
      all_of(TRY(transaction.run(sql::count_issues_per_priority, {user_id})), count_from_row);
  figures.throughput =
      all_of(TRY(transaction.run(sql::measure_throughput, {user_id, since, now})), [](Row row) {
        return WeekFigures{std::string(row.text(0)), row.int64(1), row.int64(2)};
      });
  const Rows cycle = TRY(transaction.run(sql::measure_cycle_time, {user_id, since}));
  figures.cycle_time = {cycle[0].int64(0), cycle[0].number(1), cycle[0].number(2), cycle[0].number(3)};
  return figures;
}

static SearchHit hit_from_row(Row row) {
  return {row.id<IssueTag>(0),
          row.int64(1),
          std::string(row.text(2)),
          row.id<StatusTag>(3),
          row.id<ProjectTag>(4),
          enum_from_row(row.text(5), priority_from_name),
          row.optional_timestamp(6),
          row.timestamp(7),
          row.number(8),
          std::string(row.text(9))};
}

Result<std::vector<SearchHit>> search_issues(Reader reader,
                                             UserId user_id,
                                             const std::string& text,
                                             std::int64_t limit) {
  return all_of(TRY(reader.run(sql::search_issues, {user_id, text, limit})), hit_from_row);
}

Result<std::vector<SearchHit>> search_issues_literally(Transaction& transaction,
                                                       UserId user_id,
                                                       const LiteralSearch& search,
                                                       std::int64_t limit) {
  std::string all;
  const auto patterns_of = [&all](const std::vector<std::string>& list) {
    std::vector<std::string> patterns;
    for (const std::string& word : list) {
      patterns.push_back(like_pattern({word, false}));
      all += word;
    }
    return patterns;
  };
  const std::vector<std::string> patterns = patterns_of(search.words);
  const std::vector<std::string> refused = patterns_of(search.unwanted);
  const auto [capitals, folded] = capitals_of(all);
  const Rows found =
      search.within
          ? TRY(transaction.run(sql::find_literal_matches_within,
                                {user_id, patterns, refused, capitals, folded, *search.within}))
          : TRY(transaction.run(sql::find_literal_matches, {user_id, patterns, refused, capitals, folded}));
  if (found.empty()) return std::vector<SearchHit>();
  const auto ids = all_of(found, [](Row row) { return row.id<IssueTag>(0); });
  return all_of(TRY(transaction.run(sql::show_literal_matches,
                                    {user_id, ids, patterns, capitals, folded, search.words.front(), limit})),
                hit_from_row);
}

Result<std::vector<SearchHit>> search_issues_loosely(Transaction& transaction,
                                                     UserId user_id,
                                                     const std::vector<std::string>& words,
                                                     std::int64_t limit) {
  TRY(transaction.run(sql::allow_typing_errors));
  return all_of(TRY(transaction.run(sql::search_issues_loosely, {user_id, words, limit})), hit_from_row);
}

}  // namespace dits::store
