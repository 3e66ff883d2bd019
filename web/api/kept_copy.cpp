// The browser's own copy of the issues, so that a start needs no server: a portion of shared/snapshot for
// each so many places of the store, read in one go and shown step by step, and a page of it that tells the
// rest. Portions are written before that page, so that no change which it claims is missing. Issues have
// other places in other tabs, and after they were loaded anew: all that was written over the same places has
// the same mark, and portions of another mark than the page's are none of its.
#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "shared/json/sync_json.hpp"
#include "shared/snapshot/page.hpp"
#include "web/api/gateway.hpp"
#include "web/api/kept_names.hpp"

namespace dits::web {

static_assert(int{git_branch} == snapshot::git_branch &&
              int{git_pull_request} == snapshot::git_pull_request && int{git_commit} == snapshot::git_commit);

namespace {

constexpr std::size_t portion_places = 2048;
constexpr std::size_t portions_a_step = 4;  // of what the page may do between two frames
constexpr int cache_after_ms = 2000;
constexpr std::string_view cache_lock = "copy";  // beside the names of tabs
constexpr std::string_view portion_prefix = "cache:portion:";
constexpr std::string_view former_prefix = "cache:issues:";  // of an earlier form
constexpr std::string_view meta_key = "cache:meta";

std::string portion_key(std::size_t portion) {
  std::string number = std::to_string(portion);
  return std::string(portion_prefix) + std::string(5 - std::min<std::size_t>(number.size(), 5), '0') + number;
}

// What the page tells of its portions, in the place of a cursor: "12:", and their mark.
struct Portions {
  std::size_t count = 0;
  std::string mark;
};

std::string text_of(const Portions& portions) { return std::to_string(portions.count) + ":" + portions.mark; }

Portions portions_from(std::string_view text) {
  Portions portions;
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, portions.count);
  if (error != std::errc() || end != text.data() + colon || colon + 1 >= text.size()) return {};
  portions.mark = text.substr(colon + 1);
  return portions;
}

snapshot::Portion portion_of(const Entities& entities, std::size_t portion) {
  snapshot::Portion out;
  const std::size_t end = std::min(entities.issues.size(), (portion + 1) * portion_places);
  for (std::size_t slot = portion * portion_places; slot < end; ++slot) {
    if (!entities.issues[slot].id.is_set()) continue;
    out.issues.push_back(entities.issues[slot]);
    out.git.push_back(entities.facts[slot].git);
  }
  return out;
}

}  // namespace

// As it was read, on its way into the store.
struct Gateway::Copy {
  snapshot::Page meta;
  std::string mark;
  std::vector<std::string> portions;
  std::size_t next = 0;
};

// On its way into the storage.
struct Gateway::Saving {
  UserId owner;
  std::uint64_t load_ticket = 0;  // of what was loaded when it began
  std::vector<std::size_t> portions;
  std::int64_t change_id = 0;
  std::size_t next = 0;
  std::size_t left = 0;  // not stored yet
  bool is_whole = true;
};

void Gateway::read_cache() {
  platform_.storage_list(std::string(cache_prefix),
                         [this](Platform::StoredEntries entries) { hear_cache(std::move(entries)); });
}

void Gateway::hear_cache(Platform::StoredEntries entries) {
  const auto copy = std::make_shared<Copy>();
  Result<snapshot::Page> meta = not_found("There is no copy");
  bool has_former = false;
  for (auto& [key, value] : entries) {
    if (key == meta_key) meta = snapshot::page_from_bytes(value);
    if (key.starts_with(portion_prefix)) copy->portions.push_back(std::move(value));
    if (key == closed_key) copy_is_closed_ = true;
    has_former = has_former || key.starts_with(former_prefix);
  }
  if (has_former) platform_.storage_remove_all(std::string(former_prefix), [](Result<void>) {});
  stored_portions_ = copy->portions.size();
  const Result<SyncSnapshot> head =
      meta ? sync_snapshot_from_text(meta->head) : Result<SyncSnapshot>(meta.error());
  if (!head || !head->user || meta->change_id <= 0) return cache_is_read();
  // What stands behind them is of a copy that was longer; where one is missing or of another, the copy is
  // none.
  const Portions portions = portions_from(meta->next_cursor);
  if (portions.mark.empty() || portions.count > copy->portions.size()) return cache_is_read();
  copy->portions.resize(portions.count);
  const bool is_one =
      std::all_of(copy->portions.begin(), copy->portions.end(), [&](const std::string& portion) {
        return portion.starts_with(portions.mark);
      });
  if (!is_one) return cache_is_read();
  copy->mark = portions.mark;
  copy->meta = std::move(*meta);
  cached_me_ = *head->user;
  SnapshotBegan began;
  began.change_id = copy->meta.change_id;
  began.log = head->log;
  began.me = *head->user;
  began.projects = head->projects;
  began.areas = head->areas;
  began.labels = head->labels;
  began.workflows = head->workflows;
  began.views = head->views;
  began.expected_issues = static_cast<std::uint32_t>(portions.count * portion_places);
  began.from_cache = true;
  arrive({std::move(began)});
  show_copy(copy, load_ticket_);
}

// The first portion at once, the others some at a time, with frames between them.
void Gateway::show_copy(const std::shared_ptr<Copy>& copy, std::uint64_t ticket) {
  if (ticket != load_ticket_) return cache_is_read();  // another tab has signed out
  const std::size_t end =
      std::min(copy->portions.size(), copy->next + (copy->next == 0 ? 1 : portions_a_step));
  IssuesArrived arrived;
  for (; copy->next < end; ++copy->next) {
    const std::string_view bytes = std::string_view(copy->portions[copy->next]).substr(copy->mark.size());
    Result<snapshot::Portion> portion = snapshot::portion_from_bytes(bytes);
    if (!portion) return drop_copy();  // another version wrote it, or it is damaged
    copy->portions[copy->next].clear();
    arrived.issues.insert(arrived.issues.end(),
                          std::make_move_iterator(portion->issues.begin()),
                          std::make_move_iterator(portion->issues.end()));
    arrived.git.insert(arrived.git.end(), portion->git.begin(), portion->git.end());
  }
  const bool is_done = copy->next == copy->portions.size();
  if (is_done) arrived.relations = std::move(copy->meta.portion.relations);
  arrive({std::move(arrived)});
  if (is_done) return cache_is_read();
  show_early();
  platform_.call_after(0, [this, copy, ticket] { show_copy(copy, ticket); });
}

// The server has everything.
void Gateway::drop_copy() {
  cached_me_ = {};
  platform_.storage_remove_all(std::string(cache_prefix), [](Result<void>) {});
  arrive({SnapshotBegan{}});
  cache_is_read();
}

void Gateway::cache_is_read() {
  is_reading_cache_ = false;
  if (!cached_me_.id.is_set()) return copy_is_in();
  adopt_unnamed_words(cached_me_, state_.sync.log, [this] { copy_is_in(); });
}

// From now on the server's answer to who we are counts at once.
void Gateway::copy_is_in() {
  copy_is_in_ = true;
  if (const std::optional<Answer> answer = std::exchange(early_who_, std::nullopt)) return hear_who(*answer);
  if (who_is_late_) go_on_alone();
}

void Gateway::touch_slot(Slot slot) { dirty_portions_.insert(slot / portion_places); }

void Gateway::touch_all() {
  nouns_are_dirty_ = true;
  for (std::size_t slot = 0; slot < state_.entities.issues.size(); slot += portion_places)
    touch_slot(static_cast<Slot>(slot));
}

void Gateway::save_cache_soon() {
  if (cache_save_is_due_) return;
  cache_save_is_due_ = true;
  platform_.call_after(cache_after_ms, [this] {
    cache_save_is_due_ = false;
    save_cache();
  });
}

void Gateway::save_cache() {
  if (!is_synced_once_ || state_.session.phase != SessionPhase::signed_in) return;
  if (is_saving_cache_) return save_cache_soon();
  if (!cache_is_ours_) return claim_cache();
  if (std::exchange(cache_places_differ_, false)) {
    cache_mark_ = new_key();
    dirty_portions_.clear();
    touch_all();
  }
  is_saving_cache_ = true;
  const auto saving = std::make_shared<Saving>();
  saving->owner = state_.session.me.id;
  saving->load_ticket = load_ticket_;
  saving->change_id = state_.sync.change_id;
  saving->portions.assign(dirty_portions_.begin(), dirty_portions_.end());
  saving->left = saving->portions.size();
  dirty_portions_.clear();
  nouns_are_dirty_ = false;
  const std::size_t count = portion_count();
  for (std::size_t gone = count; gone < stored_portions_; ++gone)
    platform_.storage_remove(portion_key(gone), [](Result<void>) {});
  stored_portions_ = count;
  if (saving->portions.empty()) return save_meta(*saving);
  save_portions(saving);
}

std::size_t Gateway::portion_count() const {
  return (state_.entities.issues.size() + portion_places - 1) / portion_places;
}

void Gateway::save_portions(const std::shared_ptr<Saving>& saving) {
  if (!may_go_on(*saving)) return;
  const std::size_t end = std::min(saving->portions.size(), saving->next + portions_a_step);
  for (; saving->next < end; ++saving->next) {
    const std::size_t portion = saving->portions[saving->next];
    platform_.storage_put(portion_key(portion),
                          cache_mark_ + portion_to_bytes(portion_of(state_.entities, portion)),
                          [this, saving](const Result<void>& put) {
                            if (!put) saving->is_whole = false;
                            if (--saving->left == 0) cache_saved(*saving);
                          });
  }
  if (saving->next < saving->portions.size())
    platform_.call_after(0, [this, saving] { save_portions(saving); });
}

// No more when whose copy it was has signed out, or everything is being loaded anew. What was to be written
// still is, whenever that may be.
bool Gateway::may_go_on(const Saving& saving) {
  const bool is_ours =
      state_.session.phase == SessionPhase::signed_in && state_.session.me.id == saving.owner;
  if (is_ours && saving.load_ticket == load_ticket_) return true;
  cache_places_differ_ = true;
  is_saving_cache_ = false;
  return false;
}

// Another tab may have kept the copy since we read it: what we keep, we keep whole.
void Gateway::claim_cache() {
  platform_.claim_ended_tab(std::string(cache_lock), [this](bool is_free) {
    if (!is_free) return;
    cache_is_ours_ = true;
    cache_places_differ_ = true;
    save_cache();
  });
}

void Gateway::save_meta(const Saving& saving) {
  if (!may_go_on(saving)) return;
  SyncSnapshot head;
  head.change_id = saving.change_id;
  head.log = state_.sync.log;
  head.user = state_.session.me;
  head.projects = state_.entities.projects;
  head.areas = state_.entities.areas;
  head.labels = state_.entities.labels;
  head.workflows = state_.entities.workflows;
  head.views = state_.entities.views;
  snapshot::Page meta;
  meta.change_id = saving.change_id;
  meta.head = sync_snapshot_to_text(head);
  meta.next_cursor = text_of({stored_portions_, cache_mark_});
  meta.portion.relations = state_.entities.relations;
  platform_.storage_put(std::string(meta_key), page_to_bytes(meta), [this](const Result<void>& put) {
    is_saving_cache_ = false;
    if (!put) storage_failed();
  });
}

// A portion that is not there is older than the change id would say: the copy stays at the one before.
void Gateway::cache_saved(const Saving& saving) {
  if (saving.is_whole) return save_meta(saving);
  dirty_portions_.insert(saving.portions.begin(), saving.portions.end());
  nouns_are_dirty_ = true;
  is_saving_cache_ = false;
  storage_failed();
}

}  // namespace dits::web
