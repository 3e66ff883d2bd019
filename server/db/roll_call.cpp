#include "server/db/roll_call.hpp"

#include <algorithm>

#include "server/base/crypto.hpp"

namespace dits {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Calls, and answers with the listeners of all servers.
constexpr Statement call_servers{"dits.call_servers",
                                 "SELECT l.pid, pg_notify($1, $2) FROM pg_locks l JOIN pg_database d ON "
                                 "d.oid = l.database WHERE d.datname = "
                                 "current_database() AND l.locktype = 'advisory' AND l.classid = 0 AND "
                                 "l.objid = $3 AND l.objsubid = 1 AND "
                                 "l.granted"};

}  // namespace

void RollCall::hear(const Notice& notice, Notifications& answers) {
  if (notice.channel == calls_) answers.send(answers_, notice.payload);
  if (notice.channel != answers_) return;
  const std::lock_guard lock(mutex_);
  const auto found = here_.find(notice.payload);
  if (found == here_.end()) return;
  found->second.insert(notice.sender);
  changed_.notify_all();
}

Result<std::set<int>> RollCall::call(const std::string& mark) {
  std::set<int> servers;
  const Rows rows = TRY(database_.read(Actor::of_system(), call_servers, {calls_, mark, server_lock}));
  for (const Row row : rows) servers.insert(static_cast<int>(row.int64(0)));
  return servers;
}

bool RollCall::wait() {
  const std::string mark = random_name();
  const auto deadline = SteadyClock::now() + Notifications::longest_trust;
  {
    const std::lock_guard lock(mutex_);
    here_[mark];
  }
  const Result<std::set<int>> servers = call(mark);
  std::unique_lock lock(mutex_);
  // Who could not be called is not known: all of them may have to lose their trust.
  const bool are_all_here = changed_.wait_until(
      lock, deadline, [&] { return servers && std::ranges::includes(here_[mark], *servers); });
  here_.erase(mark);
  return are_all_here;
}

}  // namespace dits
