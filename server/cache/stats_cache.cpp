#include "server/cache/stats_cache.hpp"

namespace dits {
namespace {

std::string key_of(UserId user_id) { return "user:" + to_string(user_id) + ":stats"; }

// {"changeId":12,"stats":{…}}
std::string head_of(std::int64_t change_id) {
  return "{\"changeId\":" + std::to_string(change_id) + ",\"stats\":";
}

}  // namespace

std::optional<std::string> StatsCache::get(UserId user_id, std::int64_t head) {
  std::optional<std::string> kept = store_.get(key_of(user_id));
  const std::string begin = head_of(head);
  const bool is_hit = kept && kept->starts_with(begin) && kept->ends_with('}');
  counter_.count(is_hit);
  if (!is_hit) return std::nullopt;
  return kept->substr(begin.size(), kept->size() - begin.size() - 1);
}

void StatsCache::set(UserId user_id, std::int64_t head, const std::string& text) {
  store_.set(key_of(user_id), head_of(head) + text + "}", life);
}

void StatsCache::remove(UserId user_id) { store_.remove(key_of(user_id)); }

}  // namespace dits
