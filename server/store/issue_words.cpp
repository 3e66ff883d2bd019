#include "server/store/issue_words.hpp"

#include <algorithm>
#include <charconv>

#include "server/store/issue_words.sql.hpp"

namespace dits::store {

// Each may have a text of half a megabyte.
constexpr std::int64_t texts_at_once = 100;

static Result<std::int64_t> take_rows(const Rows& rows, const TakeTexts& take) {
  std::int64_t last = 0;
  for (const Row row : rows) {
    last = row.int64(0);
    TRY(take({last, row.text(1), row.text(2)}));
  }
  return last;
}

Result<void> read_issue_texts(Transaction& transaction, UserId user_id, const TakeTexts& take) {
  std::int64_t last = 0;
  while (true) {
    const Rows rows = TRY(transaction.run(sql::list_issue_texts, {user_id, last, texts_at_once}));
    last = TRY(take_rows(rows, take));
    if (rows.size() < texts_at_once) return {};
  }
}

Result<void> read_issue_texts(Transaction& transaction,
                              UserId user_id,
                              const std::vector<std::int64_t>& numbers,
                              const TakeTexts& take) {
  for (auto begin = numbers.begin(); begin != numbers.end();) {
    const auto end = begin + std::min<std::ptrdiff_t>(texts_at_once, numbers.end() - begin);
    const std::vector<std::int64_t> some(begin, end);
    const Rows rows = TRY(transaction.run(sql::list_issue_texts_of, {user_id, some}));
    TRY(take_rows(rows, take));
    begin = end;
  }
  return {};
}

Result<IssueChanges> find_issue_changes(Reader reader,
                                        UserId user_id,
                                        std::int64_t after,
                                        std::int64_t most) {
  const Rows rows = TRY(reader.run(sql::find_issue_changes, {user_id, after, most}));
  if (rows.empty()) return not_found("This account does not exist any more.");
  const Row row = rows[0];
  IssueChanges changes{std::string(row.text(0)), row.int64(1), row.boolean(2), row.boolean(3), {}};
  const std::string_view text = row.text(4);
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end; ++at) {
    std::int64_t number = 0;
    at = std::from_chars(at, end, number).ptr;
    changes.numbers.push_back(number);
  }
  std::sort(changes.numbers.begin(), changes.numbers.end());
  return changes;
}

}  // namespace dits::store
