// What the browser keeps: a copy of the issues in chunks; and what the tab is told of its surroundings.
// Chunks are written before the change id that they hold, so that a copy is never newer than it says.
#include <algorithm>
#include <utility>

#include "shared/json/sync_json.hpp"
#include "shared/json/user_json.hpp"
#include "web/api/gateway.hpp"
#include "web/api/issue_codec.hpp"
#include "web/api/kept_names.hpp"

namespace dits::web {

namespace {

constexpr std::size_t chunk_size = 1024;
constexpr int cache_after_ms = 2000;
constexpr int hidden_after_ms = 5000;
constexpr std::string_view cache_lock = "copy";  // beside the names of tabs

std::string chunk_key(std::size_t chunk) {
  std::string number = std::to_string(chunk);
  return "cache:issues:" + std::string(5 - std::min<std::size_t>(number.size(), 5), '0') + number;
}

}  // namespace

Gateway::Gateway(Platform& platform, const State& state, GatewayListener& listener)
    : platform_(platform), state_(state), listener_(listener), client_(platform) {}

void Gateway::start() {
  was_online_ = platform_.environment().online;
  was_visible_ = platform_.environment().visible;
  platform_.hear_tabs([this](const std::string& text) { hear_tab(text); });
  platform_.watch_storage([this] { keep_all_again(); });
  load_look();
  platform_.claim_tab([this](std::string tab) {
    tab_ = std::move(tab);
    read_cache();
  });
}

void Gateway::tick() {
  const Environment& environment = platform_.environment();
  const bool came_back = environment.visible && !was_visible_;
  was_visible_ = environment.visible;
  const bool went = was_online_ && !environment.online;
  const bool is_back_online = !was_online_ && environment.online;
  was_online_ = environment.online;
  if (went && state_.session.phase == SessionPhase::signed_in) went_offline();
  if (is_back_online) offline_tries_ = 0;
  // A tab that was hidden has closed its stream.
  if (is_back_online || (came_back && stream_ == 0 && is_synced_once_)) sync_now();
  if (texts_are_loaded_ && (is_back_online || came_back)) take_over_ended_tabs();
  watch_system();
}

// A browser has six connections for all tabs of a server: those that nobody looks at do without a stream.
void Gateway::leaving() {
  save_texts();
  was_visible_ = platform_.environment().visible;
  if (was_visible_) return;
  platform_.call_after(hidden_after_ms, [this] {
    if (!platform_.environment().visible) close_stream();
  });
}

Ticked Gateway::clock() {
  const Timestamp now = platform_.now();
  return {now, platform_.utc_offset_minutes(now), platform_.random_bits(), platform_.random_bits()};
}

EnvironmentChanged Gateway::surroundings() const {
  const Environment& environment = platform_.environment();
  return {environment.dark, environment.reduced_motion, environment.mac, environment.origin};
}

void Gateway::go_to(const std::string& url, bool replaces) {
  platform_.navigate(url, replaces ? Platform::History::replace : Platform::History::push);
}

// ---- the copy of the issues

void Gateway::read_cache() {
  platform_.storage_list(std::string(cache_prefix), [this](const Platform::StoredEntries& entries) {
    hear_cache(entries);
    is_reading_cache_ = false;
    if (!cached_me_.id.is_set()) return ask_who();
    adopt_unnamed_words(cached_me_, state_.sync.log, [this] { ask_who(); });
  });
}

void Gateway::hear_cache(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::vector<Issue> issues;
  Result<SyncSnapshot> meta = not_found("There is no copy");
  for (const auto& [key, value] : entries) {
    if (key == "cache:meta") {
      meta = sync_snapshot_from_text(value);
      continue;
    }
    Result<std::vector<Issue>> chunk = unpack_issues(value);
    if (!chunk) return;  // another version wrote it: the server has everything
    // Behind a chunk with a hole, issues have moved up.
    if (issues.size() != stored_chunks_ * chunk_size) cache_is_uneven_ = true;
    ++stored_chunks_;
    issues.insert(
        issues.end(), std::make_move_iterator(chunk->begin()), std::make_move_iterator(chunk->end()));
  }
  if (!meta || !meta->user || meta->change_id <= 0) return;
  cached_me_ = *meta->user;
  SnapshotBegan began;
  began.change_id = meta->change_id;
  began.log = meta->log;
  began.me = *meta->user;
  began.projects = std::move(meta->projects);
  began.areas = std::move(meta->areas);
  began.labels = std::move(meta->labels);
  began.workflows = std::move(meta->workflows);
  began.views = std::move(meta->views);
  began.relations = std::move(meta->relations);
  began.expected_issues = static_cast<std::uint32_t>(issues.size());
  began.from_cache = true;
  arrive({std::move(began), IssuesArrived{std::move(issues)}});
}

void Gateway::touch_slot(Slot slot) { dirty_chunks_.insert(slot / chunk_size); }

void Gateway::touch_all() {
  nouns_are_dirty_ = true;
  for (std::size_t slot = 0; slot < state_.entities.issues.size(); ++slot)
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
  if (std::exchange(cache_is_uneven_, false)) touch_all();
  is_saving_cache_ = true;
  saved_for_ = state_.session.me.id;
  const std::int64_t change_id = state_.sync.change_id;
  const std::set<std::size_t> chunks = std::exchange(dirty_chunks_, {});
  nouns_are_dirty_ = false;
  struct Outcome {
    std::size_t left;
    bool is_whole;
  };
  const auto outcome = std::make_shared<Outcome>(Outcome{chunks.size(), true});
  const auto one_done = [this, outcome, chunks, change_id](const Result<void>& put) {
    if (!put) outcome->is_whole = false;
    if (--outcome->left == 0) cache_saved(chunks, change_id, outcome->is_whole);
  };
  const std::size_t chunk_count = (state_.entities.issues.size() + chunk_size - 1) / chunk_size;
  for (std::size_t gone = chunk_count; gone < stored_chunks_; ++gone)
    platform_.storage_remove(chunk_key(gone), [](Result<void>) {});
  stored_chunks_ = chunk_count;
  if (chunks.empty()) return save_meta(change_id);
  for (const std::size_t chunk : chunks) {
    std::string bytes;
    const std::size_t end = std::min(state_.entities.issues.size(), (chunk + 1) * chunk_size);
    for (std::size_t slot = chunk * chunk_size; slot < end; ++slot) {
      const Issue& issue = state_.entities.issues[slot];
      if (issue.id.is_set()) append_packed(bytes, issue);
    }
    platform_.storage_put(chunk_key(chunk), std::move(bytes), one_done);
  }
}

// Another tab may have kept the copy since we read it: what we keep, we keep whole.
void Gateway::claim_cache() {
  platform_.claim_ended_tab(std::string(cache_lock), [this](bool is_free) {
    if (!is_free) return;
    cache_is_ours_ = true;
    cache_is_uneven_ = true;
    save_cache();
  });
}

void Gateway::save_meta(std::int64_t change_id) {
  // Whose copy it was has signed out, or another account in.
  if (state_.session.phase != SessionPhase::signed_in || state_.session.me.id != saved_for_) {
    is_saving_cache_ = false;
    return;
  }
  SyncSnapshot meta;
  meta.change_id = change_id;
  meta.log = state_.sync.log;
  meta.user = state_.session.me;
  meta.projects = state_.entities.projects;
  meta.areas = state_.entities.areas;
  meta.labels = state_.entities.labels;
  meta.workflows = state_.entities.workflows;
  meta.views = state_.entities.views;
  meta.relations = state_.entities.relations;
  platform_.storage_put("cache:meta", sync_snapshot_to_text(meta), [this](const Result<void>& put) {
    is_saving_cache_ = false;
    if (!put) storage_failed();
  });
}

// A chunk that is not there is older than the change id would say: the copy stays at the one before.
void Gateway::cache_saved(const std::set<std::size_t>& chunks, std::int64_t change_id, bool is_whole) {
  if (is_whole) return save_meta(change_id);
  dirty_chunks_.insert(chunks.begin(), chunks.end());
  nouns_are_dirty_ = true;
  is_saving_cache_ = false;
  storage_failed();
}

void Gateway::storage_failed() {
  if (std::exchange(storage_has_failed_, true)) return;
  Toast failed;
  failed.kind = ToastKind::warning;
  failed.text =
      "This browser cannot store what you write: make room on the disk, and close this tab only when "
      "everything is synced";
  failed.stays = true;
  arrive({ToastShown{std::move(failed)}});
}

namespace {

// The issues that a change writes, so that their chunks are kept again.
std::vector<IssueId> issues_of(const Change& change) {
  std::vector<IssueId> ids;
  if (const auto* created = change.get_if<IssueCreated>()) ids.push_back(created->issue.id);
  if (const auto* patched = change.get_if<IssuesPatched>()) {
    for (const IssueEdit& edit : patched->edits) ids.push_back(edit.id);
  }
  if (const auto* trashed = change.get_if<IssuesTrashed>()) ids = trashed->ids;
  if (const auto* restored = change.get_if<IssuesRestored>()) ids = restored->ids;
  if (const auto* arrived = change.get_if<IssuesArrived>()) {
    for (const Issue& issue : arrived->issues) ids.push_back(issue.id);
  }
  return ids;
}

bool is_text_or_view(const Change& change) {
  return change.is<EditorTyped>() || change.is<EditorClosed>() || change.is<EditorOpened>() ||
         change.is<EditorSaved>() || change.is<DraftKept>() || change.is<DraftTaken>() ||
         change.is<DraftDropped>() || change.is<QuickCreateChanged>() || change.is<QuickCreateClosed>() ||
         change.is<CommandRemembered>() || change.is<QueryRemembered>() || change.is<DisplayChanged>() ||
         change.is<AppearanceChanged>() || change.is<StudioChanged>() || change.is<NounGone>();
}

// Links between issues are removed without a trash, and come back by undo.
bool is_gone_for_ever(const NounGone& gone) {
  return gone.type != EntityType::issue_relation && gone.type != EntityType::git_integration;
}

}  // namespace

void Gateway::noted(const Change& change) {
  if (is_text_or_view(change)) save_texts_soon();
  note_conflicts(change);
  if (const auto* gone = change.get_if<NounGone>(); gone != nullptr && is_gone_for_ever(*gone))
    listener_.gone_for_ever(gone->id);
  if (is_reading_cache_) return;
  for (const IssueId id : issues_of(change)) {
    if (const Slot slot = find_slot(state_.entities, id); slot != no_slot) touch_slot(slot);
  }
  // A hole that a purged issue left: which chunk it was in is not known any more.
  if (const auto* gone = change.get_if<NounGone>(); gone != nullptr && gone->type == EntityType::issue) {
    for (std::size_t slot = 0; slot < state_.entities.issues.size(); ++slot) {
      if (!state_.entities.issues[slot].id.is_set()) touch_slot(static_cast<Slot>(slot));
    }
  }
  if (!dirty_chunks_.empty() || nouns_are_dirty_) save_cache_soon();
}

}  // namespace dits::web
