#include "server/service/word_keeper.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "server/base/log.hpp"
#include "server/store/audit_logs.hpp"
#include "server/store/issue_words.hpp"
#include "shared/core/text.hpp"

namespace dits {
namespace {

constexpr std::size_t most_wanted = 100;
constexpr std::size_t most_resting = 10'000;
// A search is narrowed to this share of the issues: one that more fit fills its page soon when it looks
// through them in the order of the page.
constexpr std::int64_t share_narrowed_to = 50;
constexpr std::int64_t least_narrowed_to = 500;
// Changes since the words were read: so many are looked at with each search; from so many on they are read
// anew.
constexpr std::int64_t most_changes = 2000;
constexpr std::int64_t many_changes = 500;
constexpr std::int64_t most_changes_read = 5000;
// All are read anew when the layers of what was changed hold this share of all issues.
constexpr std::size_t share_changed = 8;

Error given_up() { return unavailable("The server is stopping."); }

constexpr const char* too_many_words = "too_many_words";  // the kind of an error

Error has_too_many_words() {
  Error error = unavailable("There are more words than are kept.");
  error.kind = too_many_words;
  return error;
}

}  // namespace

WordKeeper::~WordKeeper() {
  ask_to_stop();
  if (thread_.joinable()) thread_.join();
}

void WordKeeper::ask_to_stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  wake_.notify_all();
}

bool WordKeeper::is_stopped() const {
  const std::lock_guard lock(mutex_);
  return is_stopped_;
}

bool WordKeeper::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  return rest_.wait_for(lock, at_most, [this] { return wanted_.empty() && !is_reading_; });
}

WordKeeper::Guess WordKeeper::guess(UserId user_id, const query::PlanNode& root) {
  Words words = memory_.get(user_id).value_or(nullptr);
  if (!words) {
    want(user_id);
    return {};
  }
  Numbers numbers = words->find(root);
  if (!numbers) return {};
  return {std::move(words), std::move(*numbers)};
}

Result<WordKeeper::Numbers> WordKeeper::complete(Transaction& transaction, UserId user_id, Guess guess) {
  const UserWords& words = *guess.words;
  const store::IssueChanges changes =
      TRY(store::find_issue_changes(transaction, user_id, words.change_id, most_changes));
  const std::int64_t count = changes.last_change_id - words.change_id;
  // A replica may be older than what is remembered.
  const bool fits = changes.log == words.log && !changes.has_studio && count >= 0 && count <= most_changes;
  if (changes.log != words.log || changes.has_studio || changes.has_purge || count >= many_changes)
    want(user_id);
  if (!fits) return Numbers();
  std::vector<std::int64_t> numbers;
  std::set_union(guess.numbers.begin(),
                 guess.numbers.end(),
                 changes.numbers.begin(),
                 changes.numbers.end(),
                 std::back_inserter(numbers));
  return Numbers(std::move(numbers));
}

void WordKeeper::want(UserId user_id) {
  const std::lock_guard lock(mutex_);
  if (is_stopped_ || wanted_.size() == most_wanted) return;
  const auto resting = not_before_.find(user_id);
  if (resting != not_before_.end() && std::chrono::steady_clock::now() < resting->second) return;
  if (std::ranges::find(wanted_, user_id) != wanted_.end()) return;
  wanted_.push_back(user_id);
  wake_.notify_all();
  if (thread_.joinable()) return;
  try {
    thread_ = std::thread([this] { work(); });
  } catch (const std::system_error& error) {  // no more threads to be had
    wanted_.clear();
    log::warn("cannot read the words of issues now", {{"reason", error.what()}});
  }
}

void WordKeeper::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return is_stopped_ || !wanted_.empty(); });
    if (is_stopped_) break;
    const UserId user_id = wanted_.front();
    is_reading_ = true;
    lock.unlock();
    read(user_id);
    lock.lock();
    wanted_.pop_front();
    is_reading_ = false;
    rest_.notify_all();
  }
  wanted_.clear();
  rest_.notify_all();
}

void WordKeeper::read(UserId user_id) {
  Result<Words> words = read_words(user_id);
  const std::size_t bytes = words && *words ? (*words)->bytes() : 0;
  if (bytes > limits_.memory.entry_bytes) words = has_too_many_words();
  auto rest = limits_.rest;
  if (bytes > 0 && words) {
    memory_.set(user_id, std::move(*words), bytes, memory_.moment());
  } else {
    memory_.forget(user_id);
    const bool is_too_much = !words && words.error().kind == too_many_words;
    rest = is_too_much ? limits_.rest_when_many : limits_.rest_when_few;
  }
  const std::lock_guard lock(mutex_);
  if (not_before_.size() >= most_resting) not_before_.clear();
  not_before_[user_id] = std::chrono::steady_clock::now() + rest;
}

Result<void> WordKeeper::add_texts(IssueWordsBuilder& builder, const store::IssueTexts& texts) const {
  if (is_stopped()) return given_up();
  builder.add(texts.number, fold_case(texts.title));
  builder.add(texts.number, fold_case(texts.description));
  if (builder.bytes() > 2 * limits_.memory.entry_bytes) return has_too_many_words();
  return {};
}

// Null when there are too few issues.
Result<WordKeeper::Words> WordKeeper::read_words(UserId user_id) {
  const Words known = memory_.get(user_id).value_or(nullptr);
  Transaction transaction = TRY(database_.begin(Actor::of_user(user_id), Access::read));
  if (!known) return read_all(transaction, user_id);
  const store::IssueChanges changes =
      TRY(store::find_issue_changes(transaction, user_id, known->change_id, most_changes_read));
  const std::int64_t count = changes.last_change_id - known->change_id;
  std::size_t changed = changes.numbers.size();
  for (std::size_t at = 1; at < known->layers.size(); ++at) changed += known->layers[at]->issue_count();
  const bool is_little = changed <= known->layers[0]->issue_count() / share_changed;
  // What went for good goes from here as well.
  const bool goes_on = changes.log == known->log && !changes.has_studio && !changes.has_purge && count >= 0 &&
                       count <= most_changes_read && is_little;
  if (!goes_on) return read_all(transaction, user_id);
  return read_changed(transaction, user_id, *known, changes.numbers, changes.last_change_id);
}

Result<WordKeeper::Words> WordKeeper::read_all(Transaction& transaction, UserId user_id) {
  auto words = std::make_shared<UserWords>();
  words->log = TRY(store::find_log_name(transaction, user_id));
  const store::UserCounters heads = TRY(store::find_user_counters(transaction, user_id));
  if (heads.last_issue_number < limits_.least_issues) return Words();
  words->change_id = heads.last_change_id;
  words->most =
      static_cast<std::size_t>(std::max(least_narrowed_to, heads.last_issue_number / share_narrowed_to));
  IssueWordsBuilder builder(words->most);
  TRY(store::read_issue_texts(
      transaction, user_id, [&](const store::IssueTexts& texts) { return add_texts(builder, texts); }));
  words->layers.push_back(std::make_shared<const IssueWords>(builder.finish()));
  return Words(std::move(words));
}

Result<WordKeeper::Words> WordKeeper::read_changed(Transaction& transaction,
                                                   UserId user_id,
                                                   const UserWords& known,
                                                   const std::vector<std::int64_t>& numbers,
                                                   std::int64_t change_id) {
  auto words = std::make_shared<UserWords>(known);
  words->change_id = change_id;
  IssueWordsBuilder builder(words->most);
  TRY(store::read_issue_texts(transaction, user_id, numbers, [&](const store::IssueTexts& texts) {
    return add_texts(builder, texts);
  }));
  if (!numbers.empty()) words->layers.push_back(std::make_shared<const IssueWords>(builder.finish()));
  return Words(std::move(words));
}

}  // namespace dits
