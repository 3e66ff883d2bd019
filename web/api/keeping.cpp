// What a change means for what the browser keeps, and what the tab is told of its surroundings.
#include <utility>

#include "web/api/gateway.hpp"

namespace dits::web {

constexpr int hidden_after_ms = 5000;

Gateway::Gateway(Platform& platform, const State& state, GatewayListener& listener)
    : platform_(platform), state_(state), listener_(listener), client_(platform) {}

void Gateway::start() {
  was_online_ = platform_.environment().online;
  was_visible_ = platform_.environment().visible;
  platform_.hear_tabs([this](const std::string& text) { hear_tab(text); });
  platform_.watch_storage([this] { keep_all_again(); });
  platform_.watch_versions([this] { arrive({VersionOffered{"A new version is here"}}); });
  load_look();
  ask_who();
  platform_.claim_tab([this](std::string tab) { take_name(std::move(tab)); });
}

// What was kept under a name that may be another tab's by now is kept under the new one.
void Gateway::take_name(std::string tab) {
  const std::string before = std::exchange(tab_, std::move(tab));
  if (before.empty()) return read_cache();
  if (!owner_.id.is_set()) return;
  queue_.lose_places();
  queue_.give_places([this] { return next_place(); });
  queue_changed();
  save_texts();
  platform_.storage_remove(words_of_log("undo") + before, [](Result<void>) {});
  keep_undo(std::exchange(kept_undo_, {}));
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
  watch_insights();
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
  return {platform_.now(), platform_.time_zone(), platform_.random_bits(), platform_.random_bits()};
}

EnvironmentChanged Gateway::surroundings() const {
  const Environment& environment = platform_.environment();
  return {environment.dark, environment.reduced_motion, environment.mac, environment.origin};
}

void Gateway::go_to(const std::string& url, bool replaces) {
  platform_.navigate(url, replaces ? Platform::History::replace : Platform::History::push);
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

// The issues that a change writes, so that their portions are kept again.
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
  // A hole that a purged issue left: which portion it was in is not known any more.
  if (const auto* gone = change.get_if<NounGone>(); gone != nullptr && gone->type == EntityType::issue) {
    for (std::size_t slot = 0; slot < state_.entities.issues.size(); ++slot) {
      if (!state_.entities.issues[slot].id.is_set()) touch_slot(static_cast<Slot>(slot));
    }
  }
  if (!dirty_portions_.empty() || nouns_are_dirty_) save_cache_soon();
}

}  // namespace dits::web
