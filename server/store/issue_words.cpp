#include "server/store/issue_words.hpp"

#include <algorithm>
#include <charconv>

#include "server/store/issue_words.sql.hpp"

namespace dits::store {

// So many issues at once, and about so many bytes: one may have a text of half a megabyte.
constexpr std::int64_t texts_at_once = 100;
constexpr std::int64_t text_bytes_at_once = std::int64_t{1} << 20;

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
    const Rows rows =
        TRY(transaction.run(sql::list_issue_texts, {user_id, last, texts_at_once, text_bytes_at_once}));
    if (rows.empty()) return {};
    last = TRY(take_rows(rows, take));
  }
}

Result<void> read_issue_texts(Transaction& transaction,
                              UserId user_id,
                              const std::vector<std::int64_t>& numbers,
                              const TakeTexts& take) {
  for (auto begin = numbers.begin(); begin != numbers.end();) {
    const auto end = begin + std::min<std::ptrdiff_t>(texts_at_once, numbers.end() - begin);
    const std::vector<std::int64_t> some(begin, end);
    const Rows rows = TRY(transaction.run(sql::list_issue_texts_of, {user_id, some, text_bytes_at_once}));
    // Of those behind the last one that came, none was looked at.
    begin = rows.empty() ? end : std::upper_bound(begin, end, TRY(take_rows(rows, take)));
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
