// Whose words the browser keeps. They are read when it is known who is signed in and which log the server
// has, and belong to that account until it sends or drops them: another account, or other data on the server,
// finds them put aside and hears only how many there are.
#include <array>
#include <memory>
#include <utility>

#include "web/api/gateway.hpp"
#include "web/api/kept_names.hpp"

namespace dits::web {

namespace {

bool is_of_log(const std::string& kind) { return kind == "queue" || kind == "undo" || kind == "conflict"; }

// Words over another log, which may still be sent. What undoes a change of that log can't.
bool is_older_word(const KeptName& name, const std::string& text, const std::string& log) {
  if (name.log == log) return false;
  if (name.kind == "conflict") return true;
  const Result<Write> write = write_from_text(text);
  return name.kind == "queue" && write && write->undoes.empty();
}

}  // namespace

std::string Gateway::words(std::string_view kind) const {
  return account_prefix(owner_.id) + std::string(kind);
}

std::string Gateway::words_of_log(std::string_view kind) const {
  return words(kind) + ":" + owner_log_ + ":";
}

// Words of an account over a log come into the tab; those that were in it go aside.
void Gateway::open_words(const User& me, const std::string& log, std::function<void()> then) {
  if (owner_.id == me.id && owner_log_ == log) return then();
  set_words_aside();
  const std::uint64_t ticket = ++words_ticket_;
  adopt_unnamed_words(me, log, [this, me, log, ticket, then = std::move(then)] {
    if (ticket != words_ticket_) return;
    owner_ = me;
    owner_log_ = log;
    platform_.storage_put(words("name"), me.email, [](Result<void>) {});
    platform_.storage_list(account_prefix(me.id),
                           [this, ticket, then](const Platform::StoredEntries& entries) {
                             if (ticket != words_ticket_) return;
                             take_words(entries);
                             then();
                           });
    if (!std::exchange(tells_of_others_, false)) return;
    platform_.storage_list(std::string(all_accounts),
                           [this](const Platform::StoredEntries& entries) { tell_of_other_words(entries); });
  });
}

void Gateway::take_words(const Platform::StoredEntries& entries) {
  take_texts(entries);
  for (const auto& [key, text] : entries) {
    const KeptName name = kept_name(key);
    if (!is_of_log(name.kind)) continue;
    if (name.log != owner_log_) {
      if (!is_older_word(name, text, owner_log_)) platform_.storage_remove(key, [](Result<void>) {});
      continue;
    }
    if (name.kind == "queue" && name.tab == tab_) take_write(key, text);
    if (name.kind == "conflict") {
      if (Result<Conflict> conflict = conflict_from_text(text)) arrive({ConflictFound{std::move(*conflict)}});
    }
    if (name.kind == "undo" && name.tab == tab_) {
      kept_undo_ = text;
      listener_.found_undo(text);
    }
  }
  queue_.give_places([this] { return next_place(); });
  lay_over_issues();
  queue_changed();
  take_over_ended_tabs();
  tell_of_older_words(entries);
}

// The tab forgets them, the storage does not.
void Gateway::set_words_aside() {
  if (!owner_.id.is_set()) return;
  save_texts();
  forget_sending();
  queue_.clear();
  awaited_.clear();
  kept_writes_.clear();
  kept_drafts_.clear();
  kept_view_.clear();
  kept_studio_.clear();
  kept_undo_.clear();
  tabs_taken_over_.clear();
  texts_are_loaded_ = false;
  log_is_sure_ = false;
  owner_ = {};
  owner_log_.clear();
  ++words_ticket_;
  tell_queue();
  arrive({WordsSetAside{}});
}

// Records of a version that did not say whose they are: they were those of the account whose copy stood
// beside them, or of whoever signed in.
void Gateway::adopt_unnamed_words(const User& owner, const std::string& log, std::function<void()> then) {
  if (std::exchange(words_are_adopted_, true)) return then();
  constexpr std::array<std::string_view, 7> kinds = {
      "conflict", "draft", "form", "queue", "studio", "undo", "view"};
  auto left = std::make_shared<std::size_t>(kinds.size());
  for (const std::string_view kind : kinds) {
    const std::string from(kind);
    const std::string to = account_prefix(owner.id) + from + (is_of_log(from) ? ":" + log : std::string());
    platform_.storage_list(from, [this, from, to, left, then](const Platform::StoredEntries& entries) {
      for (const auto& [key, text] : entries) {
        platform_.storage_put(to + key.substr(from.size()), text, [this, key = key](const Result<void>& put) {
          if (put) platform_.storage_remove(key, [](Result<void>) {});
        });
      }
      if (--*left == 0) then();
    });
  }
}

void Gateway::tell_of_other_words(const Platform::StoredEntries& entries) {
  Toast others;
  others.text = words_of_others(entries, owner_.id);
  if (others.text.empty() || !owner_.id.is_set()) return;
  others.stays = true;
  arrive({ToastShown{std::move(others)}});
}

void Gateway::tell_of_older_words(const Platform::StoredEntries& entries) {
  KeptWords older;
  for (const auto& [key, text] : entries) {
    const KeptName name = kept_name(key);
    if (is_of_log(name.kind) && is_older_word(name, text, owner_log_)) count_words(older, name, text);
  }
  if (older.is_empty()) return;
  const bool is_one = older.changes == 1;
  Toast toast;
  toast.kind = ToastKind::warning;
  toast.text = told(older) + " of yours " + (is_one ? "was" : "were") +
               " made before the server's data was replaced, and " + (is_one ? "waits" : "wait") +
               " in this browser";
  toast.action_label = is_one ? "Send it" : "Send them";
  toast.action_command = "words.send_older";
  toast.second_label = is_one ? "Drop it" : "Drop them";
  toast.second_command = "words.drop_older";
  toast.stays = true;
  arrive({ToastShown{std::move(toast)}});
}

void Gateway::send_older_words() {
  if (!owner_.id.is_set()) return;
  platform_.storage_list(words(""), [this, ticket = words_ticket_](const Platform::StoredEntries& entries) {
    if (ticket != words_ticket_) return;
    for (const auto& [key, text] : entries) {
      const KeptName name = kept_name(key);
      if (!is_of_log(name.kind) || !is_older_word(name, text, owner_log_)) continue;
      if (Result<Write> write = write_from_text(text); name.kind == "queue" && write) {
        write->place = next_place();
        queue_.push_kept(std::move(*write));
      }
      if (Result<Conflict> conflict = conflict_from_text(text); name.kind == "conflict" && conflict)
        arrive({ConflictFound{std::move(*conflict)}});
    }
    lay_over_issues();
    queue_changed();
    for (const auto& [key, text] : entries) {
      if (const KeptName name = kept_name(key); is_of_log(name.kind) && is_older_word(name, text, owner_log_))
        platform_.storage_remove(key, [](Result<void>) {});
    }
    send_next();
  });
}

void Gateway::drop_older_words() {
  if (!owner_.id.is_set()) return;
  platform_.storage_list(words(""), [this, ticket = words_ticket_](const Platform::StoredEntries& entries) {
    if (ticket != words_ticket_) return;
    for (const auto& [key, text] : entries) {
      if (const KeptName name = kept_name(key); is_of_log(name.kind) && is_older_word(name, text, owner_log_))
        platform_.storage_remove(key, [](Result<void>) {});
    }
  });
}

// What waits is seen over what the server or the copy has.
void Gateway::lay_over_issues() {
  IssuesArrived arrived;
  for (const IssueId id : queue_.issues()) {
    if (const Issue* known = find_issue(state_.entities, id)) arrived.issues.push_back(*known);
  }
  std::vector<Change> changes = queue_.made_issues(state_, {});
  if (!arrived.issues.empty()) changes.emplace_back(std::move(arrived));
  if (!changes.empty()) arrive(std::move(changes));
}

// The store was taken away: what is in the tab goes into the new one.
void Gateway::keep_all_again() {
  if (!owner_.id.is_set()) return;
  platform_.storage_put(words("name"), owner_.email, [](Result<void>) {});
  kept_writes_.clear();
  kept_drafts_.clear();
  kept_look_.clear();
  kept_view_.clear();
  kept_studio_.clear();
  queue_changed();
  save_texts();
  keep_undo(std::exchange(kept_undo_, {}));
  for (const Conflict& conflict : state_.conflicts) keep_conflict(conflict);
  cache_places_differ_ = true;
  save_cache_soon();
}

}  // namespace dits::web
