// Writes and steps to undo, kept in the browser: a record for each write under the name of its tab, so that
// tabs overwrite nothing of each other. What a tab leaves behind when it ends, another one takes over.
#include <algorithm>
#include <utility>

#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

constexpr std::size_t place_digits = 15;

std::string queue_prefix(const std::string& tab) { return "queue:" + tab + ":"; }
std::string undo_key(const std::string& tab) { return "undo:" + tab; }

// Of a key that begins with a word and a tab: "queue:<tab>:…", "undo:<tab>".
std::string tab_of(const std::string& key) {
  const std::size_t begin = key.find(':') + 1;
  return key.substr(begin, key.find(':', begin) - begin);
}

std::int64_t number_of(std::string_view place) {
  std::int64_t number = 0;
  for (const char c : place.substr(0, place_digits)) number = number * 10 + (c - '0');
  return number;
}

}  // namespace

void Gateway::load_own(std::string tab) {
  tab_ = std::move(tab);
  load_texts();
  load_writes(tab_);
  platform_.storage_get(undo_key(tab_), [this](const std::optional<std::string>& undo) {
    if (undo) listener_.found_undo(*undo);
    read_cache();
  });
}

void Gateway::load_writes(const std::string& tab) {
  const std::string prefix = queue_prefix(tab);
  platform_.storage_list(prefix, [this, prefix](const Platform::StoredEntries& entries) {
    for (const auto& [key, text] : entries) {
      Result<Write> write = write_from_text(text);
      if (!write) continue;
      write->place = key;
      kept_writes_[key] = text;
      last_place_ = std::max(last_place_, number_of(std::string_view(key).substr(prefix.size())));
      queue_.push_kept(std::move(*write));
    }
    if (entries.empty()) return;
    queue_changed();
    send_next();
  });
}

std::string Gateway::next_place() {
  last_place_ = std::max(last_place_ + 1, platform_.now().unix_ms);
  const std::string number = std::to_string(last_place_);
  return queue_prefix(tab_) + std::string(place_digits - std::min(place_digits, number.size()), '0') + number;
}

void Gateway::keep_writes() {
  std::set<std::string> seen;
  for (const Write& write : queue_.writes()) {
    seen.insert(write.place);
    std::string text = write_to_text(write);
    std::string& kept = kept_writes_[write.place];
    if (kept == text) continue;
    kept = std::move(text);
    platform_.storage_put(write.place, kept, [this, place = write.place](const Result<void>& put) {
      if (put) return;
      if (const auto found = kept_writes_.find(place); found != kept_writes_.end()) found->second.clear();
      storage_failed();
    });
  }
  std::erase_if(kept_writes_, [&](const auto& kept) {
    if (seen.contains(kept.first)) return false;
    platform_.storage_remove(kept.first, [](Result<void>) {});
    return true;
  });
}

void Gateway::keep_undo(const std::string& text) {
  if (!tab_.empty()) platform_.storage_put(undo_key(tab_), text, [](Result<void>) {});
}

void Gateway::take_over_ended_tabs() {
  for (const char* kind : {"queue:", "undo:", "form:"}) {
    platform_.storage_list(kind, [this](const Platform::StoredEntries& entries) {
      for (const auto& [key, text] : entries) take_over(tab_of(key));
    });
  }
}

void Gateway::take_over(const std::string& tab) {
  if (tab == tab_ || !tabs_taken_over_.insert(tab).second) return;
  platform_.claim_ended_tab(tab, [this, tab](bool has_ended) {
    if (!has_ended) {
      tabs_taken_over_.erase(tab);
      return;
    }
    load_writes(tab);
    take_over_form(tab);
    platform_.storage_get(undo_key(tab), [this, tab](const std::optional<std::string>& undo) {
      if (!undo) return;
      listener_.found_undo(*undo);
      platform_.storage_remove(undo_key(tab), [](Result<void>) {});
    });
  });
}

void Gateway::forget_storage() {
  kept_writes_.clear();
  kept_drafts_.clear();
  kept_view_.clear();
  kept_studio_.clear();
  platform_.storage_remove_all([](Result<void>) {});
}

}  // namespace dits::web
