// What the server reads to remember which words a user's issues have.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/reader.hpp"

namespace dits::store {

struct IssueTexts {
  std::int64_t number = 0;
  std::string_view title;
  std::string_view description;
};
// For one issue; the texts live no longer than the call. An error ends the reading.
using TakeTexts = std::function<Result<void>(const IssueTexts& texts)>;

// Of all issues, those in the trash too, by number, some at a time.
Result<void> read_issue_texts(Transaction& transaction, UserId user_id, const TakeTexts& take);
// Of those that are there of these numbers, which ascend.
Result<void> read_issue_texts(Transaction& transaction,
                              UserId user_id,
                              const std::vector<std::int64_t>& numbers,
                              const TakeTexts& take);

struct IssueChanges {
  std::string log;  // see find_log_name
  std::int64_t last_change_id = 0;
  bool has_studio = false;            // tables were changed as such: any issue may be another
  bool has_purge = false;             // an issue went for good
  std::vector<std::int64_t> numbers;  // of issues that were changed and are there; ascending
};
// The log from the change `after` on; of at most so many changes, though the head may be farther. Errors:
// not_found for an account that is gone.
Result<IssueChanges> find_issue_changes(Reader reader, UserId user_id, std::int64_t after, std::int64_t most);

}  // namespace dits::store
