// The cache within this process.
#include <algorithm>
#include <charconv>
#include <mutex>
#include <unordered_map>

#include "server/cache/key_value.hpp"
#include "shared/core/text.hpp"

namespace dits {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

class MemoryKeyValue final : public KeyValue {
 public:
  explicit MemoryKeyValue(std::size_t max_entries) : max_entries_(max_entries) {}

  std::optional<std::string> get(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    return find(key);
  }

  std::vector<std::optional<std::string>> get_all(const std::vector<std::string>& keys) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::optional<std::string>> values;
    for (const std::string& key : keys) values.push_back(find(key));
    return values;
  }

  void set(const std::string& key, const std::string& value, std::chrono::milliseconds life) override {
    const std::lock_guard lock(mutex_);
    put(key, value, life);
  }

  void remove(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    entries_.erase(key);
  }

  void remove_matching(const std::string& pattern) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, [&](const auto& entry) { return matches_wildcard(entry.first, pattern); });
  }

  void refresh(const std::string& key, std::chrono::milliseconds life) override {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end()) found->second.end = std::chrono::steady_clock::now() + life;
  }

  std::optional<std::chrono::milliseconds> now() override { return time_now(); }

  bool raise(const std::string& key,
             std::int64_t number,
             std::chrono::milliseconds life,
             std::chrono::milliseconds until) override {
    const std::lock_guard lock(mutex_);
    if (time_now() > until) return false;
    std::int64_t& floor = floors_[key];
    if (number < floor) return true;
    floor = number;
    put(key, std::to_string(number), life);
    return true;
  }

  void advance(const std::string& key, std::int64_t number, std::chrono::milliseconds life) override {
    const std::lock_guard lock(mutex_);
    const std::string held = find(key).value_or("");
    std::int64_t there = 0;
    const auto read = std::from_chars(held.data(), held.data() + held.size(), there);
    const bool is_number = read.ec == std::errc{} && read.ptr == held.data() + held.size();
    put(key, std::to_string(is_number ? std::max(number, there) : number), life);
  }

  std::optional<std::chrono::milliseconds> take_call(const std::string&, CallRate) override {
    return std::nullopt;
  }

 private:
  struct Entry {
    std::string value;
    SteadyTime end;
  };

  std::optional<std::string> find(const std::string& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    if (found->second.end > std::chrono::steady_clock::now()) return found->second.value;
    entries_.erase(found);
    return std::nullopt;
  }

  static std::chrono::milliseconds time_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  }

  void put(const std::string& key, const std::string& value, std::chrono::milliseconds life) {
    if (entries_.size() >= max_entries_ && !entries_.contains(key)) make_room();
    entries_[key] = {value, std::chrono::steady_clock::now() + life};
  }

  void make_room() {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (std::erase_if(entries_, [&](const auto& entry) { return entry.second.end <= now; }) > 0) return;
    const auto first = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      return a.second.end < b.second.end;
    });
    if (first != entries_.end()) entries_.erase(first);
  }

  const std::size_t max_entries_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::unordered_map<std::string, std::int64_t> floors_;  // of the few keys that are raised
};

}  // namespace

std::unique_ptr<KeyValue> make_memory_key_value(std::size_t max_entries) {
  return std::make_unique<MemoryKeyValue>(max_entries);
}

}  // namespace dits
