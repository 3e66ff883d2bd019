#include "server/db/server_watch.hpp"

#include <algorithm>

namespace dits {

namespace {

constexpr std::chrono::milliseconds silence_life{500};  // how long a server found silent is not asked again

}  // namespace

ServerWatch::SteadyClock::time_point ServerWatch::doubt_due(SteadyClock::time_point waiting_since) const {
  return std::max(waiting_since, heard_at_.load(std::memory_order_relaxed)) + longest_silence;
}

bool ServerWatch::is_there() {
  const std::lock_guard asking(asking_);
  const auto start = SteadyClock::now();
  const auto heard = heard_at_.load(std::memory_order_relaxed);
  if (start - heard < longest_silence) return true;
  if (silent_at_ > heard && start - silent_at_ < silence_life) return false;
  const bool has_answered = ask_();
  if (has_answered) hear();
  // Others may have been answered meanwhile, while a new connection takes its time.
  if (has_answered || heard_at_.load(std::memory_order_relaxed) > start) return true;
  silent_at_ = SteadyClock::now();
  on_silence_();
  return false;
}

}  // namespace dits
