// Remembers the words of the issues of those who search for text within words: read once, on a thread of its
// own, and brought up to date by the log. Until they are known, a search looks through the texts.
//
// What is remembered never decides: it tells which issues may fit, of the state of the log that it was read
// at. A search asks, in the same transaction in which it then looks at these, what was changed since; so that
// it finds what any instance has written, and a restored log is noticed by its name.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "server/cache/bounded_memory.hpp"
#include "server/cache/issue_words.hpp"
#include "server/db/database.hpp"
#include "server/store/issue_words.hpp"

namespace dits {

struct WordLimits {
  // Of all users together, and of one; twice as much while one's words are read.
  MemoryLimits memory{std::size_t{32} * 1024 * 1024, std::size_t{24} * 1024 * 1024};
  std::int64_t least_issues = 2000;  // fewer are looked through as quickly
  // From a reading until the same user's words are read again: when they were kept; when there were too few
  // issues; when there were too many words.
  std::chrono::milliseconds rest = std::chrono::seconds(5);
  std::chrono::milliseconds rest_when_few = std::chrono::minutes(1);
  std::chrono::milliseconds rest_when_many = std::chrono::hours(1);
};

class WordKeeper {
 public:
  using Limits = WordLimits;
  using Numbers = std::optional<std::vector<std::int64_t>>;

  explicit WordKeeper(Database& database, Limits limits = {}) : database_(database), limits_(limits) {}
  // Gives up what is being read, and waits for that.
  ~WordKeeper();
  WordKeeper(const WordKeeper&) = delete;
  WordKeeper& operator=(const WordKeeper&) = delete;

  // Runs `work(Transaction&, numbers)`, which answers with a Result, in a stale_read transaction: with the
  // numbers of all issues that may fit `root`. Runs nothing, and answers with nothing, when any may: then all
  // are to be looked through.
  template <typename Work>
  auto search(UserId user_id, const query::PlanNode& root, Work work)
      -> std::optional<std::invoke_result_t<Work, Transaction&, const std::vector<std::int64_t>&>>;

  // Until nothing is wanted or read, or the time is over; false in this case.
  bool wait(std::chrono::milliseconds at_most);
  void ask_to_stop();
  MemoryFigures figures() const { return memory_.figures(); }

 private:
  using Words = std::shared_ptr<const UserWords>;
  using TimePoint = std::chrono::steady_clock::time_point;

  // What may fit by what is remembered.
  struct Guess {
    Words words;  // null: nobody knows
    std::vector<std::int64_t> numbers;
  };
  Guess guess(UserId user_id, const query::PlanNode& root);
  // Adds what was changed since; nothing when too much was.
  Result<Numbers> complete(Transaction& transaction, UserId user_id, Guess guess);
  void want(UserId user_id);
  void work();
  void read(UserId user_id);
  Result<Words> read_words(UserId user_id);
  Result<Words> read_all(Transaction& transaction, UserId user_id);
  Result<Words> read_changed(Transaction& transaction,
                             UserId user_id,
                             const UserWords& known,
                             const std::vector<std::int64_t>& numbers,
                             std::int64_t change_id);
  Result<void> add_texts(IssueWordsBuilder& builder, const store::IssueTexts& texts) const;
  bool is_stopped() const;

  Database& database_;
  const Limits limits_;
  BoundedMemory<UserId, Words, IdHash> memory_{limits_.memory};
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable rest_;
  std::deque<UserId> wanted_;  // each once
  std::unordered_map<UserId, TimePoint, IdHash> not_before_;
  bool is_reading_ = false;
  bool is_stopped_ = false;
  std::thread thread_;  // begins with the first wish; last: it uses the rest
};

template <typename Work>
auto WordKeeper::search(UserId user_id, const query::PlanNode& root, Work work)
    -> std::optional<std::invoke_result_t<Work, Transaction&, const std::vector<std::int64_t>&>> {
  using Answer = std::invoke_result_t<Work, Transaction&, const std::vector<std::int64_t>&>;
  const Guess guessed = guess(user_id, root);
  if (!guessed.words) return std::nullopt;
  Result<std::optional<Answer>> answer = database_.stale_read(
      Actor::of_user(user_id), [&](Transaction& transaction) -> Result<std::optional<Answer>> {
        const Numbers numbers = TRY(complete(transaction, user_id, guessed));
        if (!numbers) return std::optional<Answer>();
        Answer found = work(transaction, *numbers);
        if (!found && found.error().kind == "replica_lost") return found.error();
        return std::optional<Answer>(std::move(found));
      });
  if (!answer) return Answer(std::move(answer).error());
  return std::move(*answer);
}

}  // namespace dits
