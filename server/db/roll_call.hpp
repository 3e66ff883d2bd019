// "Have you all heard?": one server asks those that listen on the same database, and waits until each of them
// has handled what was told before.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "server/db/database.hpp"
#include "server/db/notifications.hpp"

namespace dits {

class RollCall {
 public:
  // The listener of every server has to listen to both channels and give what it hears to hear(). `database`
  // outlives it.
  RollCall(Database& database, std::string calls, std::string answers)
      : database_(database), calls_(std::move(calls)), answers_(std::move(answers)) {}

  std::vector<std::string> channels() const { return {calls_, answers_}; }
  // Answers a call, notes an answer; nothing else.
  void hear(const Notice& notice, Notifications& answers);

  // Returns when every server has handled what was committed before, or when those that have not can't be
  // current any more (Notifications::is_current). False: some did not answer.
  bool wait();

 private:
  Result<std::set<int>> call(const std::string& mark);

  Database& database_;
  const std::string calls_;
  const std::string answers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::set<int>> here_;  // by the mark of each call under way: who has answered
};

}  // namespace dits
