// What this process remembers by a key, as much as fits: the values that nobody has asked for longest make
// room. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "server/cache/hit_rate.hpp"

namespace dits {

struct MemoryFigures {
  std::size_t entries = 0;
  std::size_t bytes = 0;
  HitFigures asked;
};

struct MemoryLimits {
  std::size_t bytes = 0;        // of all values together, as set() was told
  std::size_t entry_bytes = 0;  // a larger value is not kept
};

template <typename Key, typename Value, typename Hash = std::hash<Key>>
class BoundedMemory {
 public:
  // How often something was forgotten. Taken before the database is asked: what it answers is not kept when
  // something was forgotten meanwhile, since nobody knows which of the two came first.
  using Moment = std::uint64_t;

  explicit BoundedMemory(MemoryLimits limits) : limits_(limits) {}

  std::optional<Value> get(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    counter_.count(found != places_.end());
    if (found == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  Moment moment() const {
    const std::lock_guard lock(mutex_);
    return forgotten_;
  }

  void set(const Key& key, Value value, std::size_t bytes, Moment moment) {
    const std::lock_guard lock(mutex_);
    if (moment != forgotten_ || bytes > limits_.entry_bytes) return;
    remove(key);
    std::list<Entry> added;
    added.push_front({key, std::move(value), bytes});
    places_.emplace(key, added.begin());
    entries_.splice(entries_.begin(), added);  // from here on nothing can fail
    bytes_ += bytes;
    while (bytes_ > limits_.bytes) remove(Key(entries_.back().key));
  }

  void forget(const Key& key) {
    const std::lock_guard lock(mutex_);
    ++forgotten_;
    remove(key);
  }

  void forget_all() {
    const std::lock_guard lock(mutex_);
    ++forgotten_;
    places_.clear();
    entries_.clear();
    bytes_ = 0;
  }

  MemoryFigures figures() const {
    const std::lock_guard lock(mutex_);
    return {entries_.size(), bytes_, counter_.figures()};
  }

 private:
  struct Entry {
    Key key;
    Value value;
    std::size_t bytes;
  };

  void remove(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    bytes_ -= found->second->bytes;
    entries_.erase(found->second);
    places_.erase(found);
  }

  const MemoryLimits limits_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // asked for last comes first
  std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> places_;
  std::size_t bytes_ = 0;
  Moment forgotten_ = 0;
  HitCounter counter_;
};

}  // namespace dits
