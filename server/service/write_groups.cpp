#include "server/service/write_groups.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "server/base/long_wait.hpp"
#include "server/service/context.hpp"

namespace dits {

using SteadyClock = std::chrono::steady_clock;

namespace {

// Users whose names are remembered, and names of each.
constexpr std::size_t most_kept = 500;
constexpr std::size_t most_names = 2'000;

Error lost_with_others() {
  Error error = conflict("Something that was written together with this was refused. Please try again.");
  error.kind = write_again;
  return error;
}

}  // namespace

struct SharedWrite::Group {
  Group(ServiceContext& from, UserId user, Transaction begun)
      : context(from), user_id(user), transaction(std::move(begun)) {}

  enum class Fate { shared, lost };
  struct Member {
    store::UserCounters heads;  // after it
    Fate fate = Fate::shared;
  };

  ServiceContext& context;
  const UserId user_id;
  // Of the one who has the turn.
  Transaction transaction;
  store::LockedLog log;       // when the group began
  store::UserCounters heads;  // after the last member that is not lost
  WriteMemory memory;
  // Under the mutex of WriteGroups.
  std::uint64_t times_forgotten = 0;  // when it began
  const SteadyClock::time_point began = SteadyClock::now();
  int turns = 1;
  std::vector<Member> finished;
  std::optional<Result<void>> outcome;
  std::condition_variable ended;
};

void tell_commit(ServiceContext& context, UserId user_id, std::int64_t head) {
  if (context.stats != nullptr) context.stats->remove(user_id);
  context.event_bus.publish(user_id, head);
}

SharedWrite::SharedWrite(WriteGroups& groups, std::shared_ptr<Group> group, Turn turn)
    : groups_(&groups), group_(std::move(group)), turn_(turn) {
  group_->transaction.begin_part(turn);
}

SharedWrite::~SharedWrite() {
  try {
    static_cast<void>(give_up());
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): no memory; the turn is over all the same
  }
}

Transaction& SharedWrite::transaction() { return group_->transaction; }
const store::UserCounters& SharedWrite::heads() const { return group_->heads; }
WriteMemory* SharedWrite::memory() { return turn_ == Turn::deferred ? &group_->memory : nullptr; }

std::vector<IssueKey> SharedWrite::wanted() const {
  const std::lock_guard lock(groups_->mutex_);
  std::vector<IssueKey> keys;
  for (const WriteGroups::Waiter* waiter : groups_->lines_[group_->user_id].waiting)
    keys.push_back(waiter->wanted);
  return keys;
}

Result<void> SharedWrite::finish(const Done& done) {
  const std::shared_ptr<Group> group = std::exchange(group_, nullptr);
  std::size_t place = 0;
  try {
    group->transaction.keep_part();
    group->heads = done.heads;
    if (done.touches_names) group->memory.forget_names();
    if (turn_ == Turn::awaited) group->memory.forget_issues();
    for (const Issue& issue : done.issues) group->memory.remember(issue);
    const std::lock_guard lock(groups_->mutex_);
    place = group->finished.size();
    group->finished.push_back({done.heads, Group::Fate::shared});
  } catch (...) {
    groups_->break_off(group);
    throw;
  }
  groups_->end_turn(group);
  std::unique_lock lock(groups_->mutex_);
  const auto is_lost = [&] { return group->finished[place].fate == Group::Fate::lost; };
  const LongWait waits;
  group->ended.wait(lock, [&] { return group->outcome.has_value() || is_lost(); });
  if (is_lost()) return lost_with_others();
  return *group->outcome;
}

Result<void> SharedWrite::give_up() {
  if (!group_) return {};
  const std::shared_ptr<Group> group = std::exchange(group_, nullptr);
  const bool is_disturbed = group->transaction.has_lost_parts();
  try {
    groups_->note_lost(*group);
    group->transaction.take_back_part();
  } catch (...) {
    groups_->break_off(group);
    throw;
  }
  std::size_t seen = 0;
  const auto count = [&](Group::Fate fate) {
    return std::count_if(group->finished.begin(),
                         group->finished.begin() + static_cast<std::ptrdiff_t>(seen),
                         [&](const Group::Member& member) { return member.fate == fate; });
  };
  std::ptrdiff_t lost = 0;
  {
    const std::lock_guard lock(groups_->mutex_);
    seen = group->finished.size();
    lost = count(Group::Fate::lost);
  }
  groups_->end_turn(group);
  if (is_disturbed) return lost_with_others();
  std::unique_lock lock(groups_->mutex_);
  if (static_cast<std::ptrdiff_t>(seen) == lost) return {};  // nobody was there
  const LongWait waits;
  group->ended.wait(lock, [&] { return group->outcome.has_value(); });
  if (count(Group::Fate::lost) != lost) return lost_with_others();
  return *group->outcome;
}

Result<SharedWrite> WriteGroups::join(ServiceContext& context,
                                      UserId user_id,
                                      Turn turn,
                                      const IssueKey& wanted) {
  std::shared_ptr<Group> group = TRY(wait_for_turn(user_id, wanted));
  if (!group) group = TRY(begin_group(context, user_id));
  try {
    // Nobody else's refusal is met within an awaited turn.
    if (turn == Turn::awaited) TRY(settle(group));
    return SharedWrite(*this, group, turn);
  } catch (...) {
    break_off(group);
    throw;
  }
}

// Errors: only that of a lost connection, with which the turn is over.
Result<void> WriteGroups::settle(const std::shared_ptr<Group>& group) {
  Result<void> settled = group->transaction.settle();
  if (settled) return settled;
  note_lost(*group);
  group->transaction.take_back_part();
  if (!group->transaction.is_lost()) return {};
  end_turn(group);
  return settled;
}

// The group whose turn it is to take; null for who begins one.
Result<std::shared_ptr<WriteGroups::Group>> WriteGroups::wait_for_turn(UserId user_id,
                                                                       const IssueKey& wanted) {
  std::unique_lock lock(mutex_);
  const auto [line, is_free] = lines_.try_emplace(user_id);
  if (is_free) return std::shared_ptr<Group>();
  Waiter waiter;
  waiter.wanted = wanted;
  std::deque<Waiter*>& waiting = line->second.waiting;
  if (waiting.size() >= limits_.waiting) {
    Error error = unavailable("Too many changes of this account wait already. Please try again.");
    error.kind = "busy";
    return error;
  }
  const LongWait waits;
  waiting.push_back(&waiter);
  waiter.called.wait_until(lock, SteadyClock::now() + limits_.wait, [&] { return waiter.is_called; });
  if (waiter.refused) return *std::move(waiter.refused);
  if (waiter.is_called) return std::move(waiter.group);
  std::erase(waiting, &waiter);
  Error error = unavailable("Other changes of this account took too long. Please try again.");
  error.kind = "timeout";
  return error;
}

Result<std::shared_ptr<WriteGroups::Group>> WriteGroups::begin_group(ServiceContext& context,
                                                                     UserId user_id) {
  try {
    Result<std::shared_ptr<Group>> group = open_group(context, user_id);
    if (!group) {
      const std::lock_guard lock(mutex_);
      refuse_all(user_id, group.error());
    }
    return group;
  } catch (...) {
    const std::lock_guard lock(mutex_);
    call_next(user_id, nullptr);
    throw;
  }
}

Result<std::shared_ptr<WriteGroups::Group>> WriteGroups::open_group(ServiceContext& context, UserId user_id) {
  std::uint64_t times_forgotten = 0;
  {
    const std::lock_guard lock(mutex_);
    times_forgotten = times_forgotten_;
  }
  Transaction begun = TRY(context.database.begin(Actor::of_user(user_id), Access::write));
  const store::LockedLog log = TRY(store::lock_user_log(begun, user_id));
  auto group = std::make_shared<Group>(context, user_id, std::move(begun));
  group->log = log;
  group->heads = log.heads;
  group->times_forgotten = times_forgotten;
  const std::lock_guard lock(mutex_);
  take_memory(*group);
  return group;
}

void WriteGroups::break_off(const std::shared_ptr<Group>& group) noexcept {
  // What was half done may not be committed: the whole group is given up.
  { const Transaction given_up = std::move(group->transaction); }
  const std::lock_guard lock(mutex_);
  group->outcome = unavailable("The server had no memory left for this. Please try again.");
  group->ended.notify_all();
  call_next(group->user_id, nullptr);
}

bool WriteGroups::may_grow(const Group& group) const {
  return !group.transaction.is_lost() && group.turns < limits_.members &&
         SteadyClock::now() < group.began + limits_.growth;
}

void WriteGroups::end_turn(const std::shared_ptr<Group>& group) {
  {
    const std::lock_guard lock(mutex_);
    if (!lines_[group->user_id].waiting.empty() && may_grow(*group)) {
      ++group->turns;
      return call_next(group->user_id, group);
    }
  }
  commit(*group);
}

int WriteGroups::note_lost(Group& group) {
  const int lost = group.transaction.take_lost_parts();
  if (lost == 0 || group.transaction.is_lost()) return 0;
  group.memory = {};
  const std::lock_guard lock(mutex_);
  const std::size_t left = group.finished.size() - static_cast<std::size_t>(lost);
  for (std::size_t at = left; at < group.finished.size(); ++at) group.finished[at].fate = Group::Fate::lost;
  group.heads = group.log.heads;
  for (const Group::Member& member : group.finished) {
    if (member.fate == Group::Fate::shared) group.heads = member.heads;
  }
  group.ended.notify_all();
  return lost;
}

// Those that nobody waits for are rolled back with the group.
Result<void> WriteGroups::commit_what_is_left(Group& group) {
  while (std::ranges::any_of(group.finished,
                             [](const auto& member) { return member.fate == Group::Fate::shared; })) {
    Result<void> done = group.transaction.commit();
    if (done || done.error().kind != "parts_lost") return done;
    // A savepoint that can't be had leaves nothing to go back to.
    if (note_lost(group) == 0)
      return unavailable("The database refused what was written together. Please try again.");
    group.transaction.take_back_part();
  }
  return {};
}

Result<void> WriteGroups::commit_and_tell(Group& group) {
  Result<void> outcome = commit_what_is_left(group);
  const bool is_news = group.heads.last_change_id != group.log.heads.last_change_id;
  if (outcome && is_news) tell_commit(group.context, group.user_id, group.heads.last_change_id);
  return outcome;
}

void WriteGroups::commit(Group& group) {
  Result<void> outcome;
  try {
    outcome = commit_and_tell(group);
  } catch (const std::exception&) {  // no memory: nobody knows how far it came
    outcome =
        unavailable("The server had no memory left for this, and may have stored it or not. Please look.");
  }
  const bool is_kept = outcome.has_value();
  const std::lock_guard lock(mutex_);
  // What is remembered is there before the next one begins, and may be lost; those who wait may not.
  try {
    if (is_kept) keep_memory(group);
  } catch (const std::exception&) {
    kept_.erase(group.user_id);
  }
  group.outcome = std::move(outcome);
  group.ended.notify_all();
  call_next(group.user_id, nullptr);
}

void WriteGroups::take_memory(Group& group) {
  const auto kept = kept_.find(group.user_id);
  if (kept == kept_.end()) return;
  const bool is_same = kept->second.log.name == group.log.name &&
                       kept->second.log.heads.last_change_id == group.log.heads.last_change_id;
  if (is_same) group.memory = std::move(kept->second.memory);
  kept_.erase(kept);
}

void WriteGroups::keep_memory(Group& group) {
  WriteMemory& memory = group.memory;
  memory.forget_issues();
  if (group.times_forgotten != times_forgotten_) return;
  if (!memory.workflows || memory.projects.size() + memory.areas.size() + memory.labels.size() > most_names)
    return;
  if (kept_.size() >= most_kept) kept_.clear();
  kept_[group.user_id] = {{group.heads, group.log.name}, std::move(memory)};
}

std::size_t WriteGroups::waiting() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [user_id, line] : lines_) count += line.waiting.size();
  return count;
}

void WriteGroups::forget_names(UserId user_id) {
  const std::lock_guard lock(mutex_);
  ++times_forgotten_;
  kept_.erase(user_id);
}

void WriteGroups::forget_all_names() {
  const std::lock_guard lock(mutex_);
  ++times_forgotten_;
  kept_.clear();
}

void WriteGroups::refuse_all(UserId user_id, const Error& error) {
  const auto line = lines_.find(user_id);
  for (Waiter* const waiter : line->second.waiting) {
    waiter->refused = error;
    waiter->is_called = true;
    waiter->called.notify_one();
  }
  lines_.erase(line);
}

void WriteGroups::call_next(UserId user_id, std::shared_ptr<Group> group) {
  const auto line = lines_.find(user_id);
  std::deque<Waiter*>& waiting = line->second.waiting;
  if (waiting.empty()) {
    lines_.erase(line);
    return;
  }
  Waiter& next = *waiting.front();
  waiting.pop_front();
  next.group = std::move(group);
  next.is_called = true;
  next.called.notify_one();
}

}  // namespace dits
