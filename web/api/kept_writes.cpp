// Writes and steps to undo, kept in the browser: a record for each write under the name of its tab, so that
// tabs overwrite nothing of each other. What a tab leaves behind when it ends, another one takes over.
#include <algorithm>
#include <utility>

#include "web/api/gateway.hpp"
#include "web/api/kept_names.hpp"

namespace dits::web {

namespace {

constexpr std::size_t place_digits = 15;
constexpr int ended_after_ms = 2000;  // how soon a tab that lives and has writes is asked for again

std::int64_t number_of(std::string_view place) {
  std::int64_t number = 0;
  for (const char c : place.substr(0, place_digits)) number = number * 10 + (c - '0');
  return number;
}

}  // namespace

void Gateway::take_write(const std::string& key, const std::string& text) {
  Result<Write> write = write_from_text(text);
  if (!write) return;
  write->place = key;
  kept_writes_[key] = {text, true};
  last_place_ = std::max(last_place_, number_of(kept_name(key).rest));
  queue_.push_kept(std::move(*write));
}

void Gateway::load_writes(const std::string& tab) {
  const std::string prefix = words_of_log("queue") + tab + ":";
  platform_.storage_list(prefix, [this, prefix, tab](const Platform::StoredEntries& entries) {
    if (entries.empty() || prefix != words_of_log("queue") + tab + ":") return;
    for (const auto& [key, text] : entries) take_write(key, text);
    lay_over_issues();
    queue_changed();
    send_next();
  });
}

std::string Gateway::next_place() {
  last_place_ = std::max(last_place_ + 1, platform_.now().unix_ms);
  const std::string number = std::to_string(last_place_);
  return words_of_log("queue") + tab_ + ":" +
         std::string(place_digits - std::min(place_digits, number.size()), '0') + number;
}

void Gateway::keep_writes() {
  if (!owner_.id.is_set()) return;
  std::set<std::string> seen;
  for (const Write& write : queue_.writes()) {
    if (write.place.empty()) continue;
    seen.insert(write.place);
    std::string text = write_to_text(write);
    KeptWrite& kept = kept_writes_[write.place];
    if (kept.text == text) continue;
    kept = {std::move(text), false};
    platform_.storage_put(write.place, kept.text, [this, place = write.place](const Result<void>& put) {
      const auto found = kept_writes_.find(place);
      if (found == kept_writes_.end()) return;
      found->second.is_stored = put && platform_.storage_is_durable();
      if (!put) found->second.text.clear();
      if (!found->second.is_stored) storage_failed();
      tell_queue();
    });
  }
  std::erase_if(kept_writes_, [&](const auto& kept) {
    if (seen.contains(kept.first)) return false;
    platform_.storage_remove(kept.first, [](Result<void>) {});
    return true;
  });
}

void Gateway::keep_undo(const std::string& text) {
  if (!owner_.id.is_set() || text == kept_undo_) return;
  kept_undo_ = text;
  platform_.storage_put(words_of_log("undo") + tab_, text, [](Result<void>) {});
}

void Gateway::take_over_ended_tabs() {
  if (!owner_.id.is_set()) return;
  for (const std::string& prefix : {words_of_log("queue"), words_of_log("undo"), words("form:")}) {
    platform_.storage_list(prefix,
                           [this, prefix, ticket = words_ticket_](const Platform::StoredEntries& entries) {
                             if (ticket != words_ticket_) return;
                             for (const auto& [key, text] : entries) take_over(kept_name(key).tab);
                           });
  }
}

void Gateway::take_over(const std::string& tab) {
  if (tab == tab_ || !tabs_taken_over_.insert(tab).second) return;
  platform_.claim_ended_tab(tab, [this, tab, ticket = words_ticket_](bool has_ended) {
    if (ticket != words_ticket_) return;
    if (!has_ended) return look_again_for(tab);
    load_writes(tab);
    take_over_form(tab);
    const std::string record = words_of_log("undo") + tab;
    platform_.storage_get(record, [this, record, ticket](const std::optional<std::string>& undo) {
      if (!undo || ticket != words_ticket_) return;
      listener_.found_undo(*undo);
      platform_.storage_remove(record, [](Result<void>) {});
    });
  });
}

// A tab that is being closed may hold its name a moment longer than its last words take to be kept: while it
// has writes, it is asked for again. Drafts and steps to undo wait until this tab comes back to the front.
void Gateway::look_again_for(const std::string& tab) {
  platform_.storage_list(words_of_log("queue") + tab + ":",
                         [this, tab, ticket = words_ticket_](const Platform::StoredEntries& waiting) {
                           if (ticket != words_ticket_) return;
                           if (waiting.empty()) {
                             tabs_taken_over_.erase(tab);
                             return;
                           }
                           platform_.call_after(ended_after_ms, [this, tab, ticket] {
                             if (ticket != words_ticket_) return;
                             tabs_taken_over_.erase(tab);
                             take_over(tab);
                           });
                         });
}

}  // namespace dits::web
