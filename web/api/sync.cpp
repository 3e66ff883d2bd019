// The snapshot, and everything that changes after it.
#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/audit_json.hpp"
#include "web/api/entry_changes.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

constexpr std::string_view snapshot_page = "10000";
constexpr int flush_after_ms = 16;
constexpr int longest_pause_s = 60;

bool is_away(const State& state) {
  return state.sync.phase == SyncPhase::offline || state.sync.phase == SyncPhase::failed;
}

}  // namespace

void Gateway::begin_sync() {
  if (state_.sync.change_id > 0 && state_.sync.from_cache) {
    arrive({SnapshotEnded{state_.sync.change_id}});
    ask_changes();
  } else if (is_synced_once_) {
    ask_changes();
  } else {
    load_snapshot();
  }
  send_next();
}

void Gateway::load_snapshot() {
  close_stream();
  arrive({SyncChanged{SyncPhase::loading, ""}});
  ask_snapshot("");
}

void Gateway::ask_snapshot(const std::string& cursor) {
  const std::string path = paths::with_query(std::string(paths::sync),
                                             {{"since", "0"}, {"limit", snapshot_page}, {"cursor", cursor}});
  client_.send({"GET", path}, [this, is_first = cursor.empty()](const Answer& answer) {
    if (answer.status == 401) return session_lost();
    Result<SyncSnapshot> snapshot =
        answer.is_ok() ? sync_snapshot_from_text(answer.body) : Result<SyncSnapshot>(*answer.error);
    if (!snapshot) {
      if (answer.is_offline()) return went_offline();
      return sync_failed(snapshot.error());
    }
    if (!is_first) return take_snapshot_page(*snapshot, false);
    const User me = snapshot->user.value_or(state_.session.me);
    // Another tab has signed in as someone else.
    if (me.id != state_.session.me.id) return signed_in(me);
    auto page = std::make_shared<SyncSnapshot>(std::move(*snapshot));
    open_words(me, page->log, [this, page] { take_snapshot_page(*page, true); });
  });
}

void Gateway::take_snapshot_page(SyncSnapshot& snapshot, bool is_first) {
  log_is_sure_ = true;
  std::vector<Change> changes;
  if (is_first) {
    SnapshotBegan began;
    began.change_id = snapshot.change_id;
    began.log = snapshot.log;
    if (snapshot.user) began.me = *snapshot.user;
    began.projects = std::move(snapshot.projects);
    began.areas = std::move(snapshot.areas);
    began.labels = std::move(snapshot.labels);
    began.workflows = std::move(snapshot.workflows);
    began.views = std::move(snapshot.views);
    began.relations = std::move(snapshot.relations);
    changes.emplace_back(std::move(began));
  }
  for (Issue& issue : snapshot.issues) {
    if (!queue_.is_empty()) queue_.overlay(state_, issue);
  }
  changes.emplace_back(IssuesArrived{std::move(snapshot.issues)});
  std::unordered_map<IssueId, std::vector<GitIntegration>, IdHash> links;
  for (GitIntegration& link : snapshot.git_integrations) links[link.issue_id].push_back(std::move(link));
  for (auto& [issue, of_issue] : links) changes.emplace_back(GitLinksArrived{issue, std::move(of_issue)});
  const bool is_last = snapshot.next_cursor.empty();
  if (is_last)
    changes.emplace_back(
        SnapshotEnded{state_.sync.change_id != 0 && !is_first ? state_.sync.change_id : snapshot.change_id});
  arrive(std::move(changes));
  if (!is_last) return ask_snapshot(snapshot.next_cursor);
  is_synced_once_ = true;
  touch_all();
  save_cache_soon();
  open_stream();
  queue_changed();
  if (looked_at_.is_set()) load_details(looked_at_);
}

void Gateway::ask_changes() {
  const std::string since = std::to_string(state_.sync.change_id);
  client_.send(
      {"GET", paths::with_query(std::string(paths::sync), {{"since", since}, {"log", state_.sync.log}})},
      [this](const Answer& answer) {
        if (answer.status == 401) return session_lost();
        if (answer.is_offline()) return went_offline();
        if (answer.status == 409) return load_snapshot();
        const Result<SyncChanges> changes =
            answer.is_ok() ? sync_changes_from_text(answer.body) : Result<SyncChanges>(*answer.error);
        if (!changes) return sync_failed(changes.error());
        log_is_sure_ = true;
        apply_entries(changes->changes);
        arrive({ChangeIdReached{changes->change_id}});
        if (changes->has_more) return ask_changes();
        is_synced_once_ = true;
        open_stream();
        back_online();
        if (looked_at_.is_set()) load_details(looked_at_);
      });
}

void Gateway::open_stream() {
  if (stream_ != 0 || !platform_.environment().visible) return;
  EventStreamHandlers handlers;
  handlers.opened = [this] {
    stream_is_open_ = true;
    log_is_sure_ = true;
    back_online();
  };
  handlers.joined = [this] {
    stream_is_open_ = true;
    ask_changes();
  };
  handlers.received = [this](const ServerEvent& event) { hear_event(event); };
  handlers.lost = [this](int status) {
    stream_is_open_ = false;
    if (status == 401) return session_lost();
    if (status == 409) return load_snapshot();  // which closes it
    if (status == 0) went_offline();
  };
  stream_ =
      platform_.open_event_stream(paths::with_query(std::string(paths::events), {{"log", state_.sync.log}}),
                                  std::to_string(state_.sync.change_id),
                                  std::move(handlers));
}

void Gateway::close_stream() {
  if (stream_ != 0) platform_.close_event_stream(stream_);
  stream_ = 0;
  stream_is_open_ = false;
}

void Gateway::hear_event(const ServerEvent& event) {
  back_online();
  if (event.name != "change") return;
  Result<AuditEntry> entry = audit_entry_from_text(event.data);
  if (!entry) return;
  events_.push_back(std::move(*entry));
  if (flush_is_due_) return;
  flush_is_due_ = true;
  platform_.call_after(flush_after_ms, [this] { flush_events(); });
}

void Gateway::flush_events() {
  flush_is_due_ = false;
  const std::vector<AuditEntry> entries = std::exchange(events_, {});
  // The log has no gaps: where one is seen, something did not come here.
  std::int64_t expected = state_.sync.change_id + 1;
  for (const AuditEntry& entry : entries) {
    if (entry.change_id > expected) return ask_changes();
    expected = std::max(expected, entry.change_id + 1);
  }
  apply_entries(entries);
}

void Gateway::apply_entries(const std::vector<AuditEntry>& entries) {
  if (entries.empty()) return;
  EntryChanges reader(state_, queue_);
  std::vector<Change> nouns;
  for (const AuditEntry& entry : entries) {
    if (entry.change_id <= state_.sync.change_id && is_synced_once_) continue;
    // Rows changed without a word about each: what is here may be anything but what is there.
    if (entry.entity_type == EntityType::studio) return load_snapshot();
    // Nouns are changed in place: each needs what the one before it did.
    if (entry.entity_type != EntityType::issue) {
      std::vector<Change> changes = reader.take();
      for (Change& change : reader.noun_changes(entry)) changes.push_back(std::move(change));
      if (!changes.empty()) arrive(std::move(changes));
      nouns_are_dirty_ = true;
    } else {
      reader.add_issue(entry);
    }
    for (std::size_t at = 0; at < awaited_.size(); ++at) {
      if (awaited_[at].entity_id != entry.entity_id) continue;
      for (const std::uint64_t token : awaited_[at].undo_tokens) listener_.confirmed(token, entry.change_id);
      awaited_.erase(awaited_.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    }
  }
  std::vector<Change> changes = reader.take();
  changes.emplace_back(ChangeIdReached{entries.back().change_id});
  arrive(std::move(changes));
  if (nouns_are_dirty_) save_cache_soon();
  if (const auto activity = state_.entities.activity.find(looked_at_);
      activity != state_.entities.activity.end()) {
    std::vector<AuditEntry> all = activity->second;
    for (const AuditEntry& entry : entries) {
      const bool is_known = !all.empty() && all.front().change_id >= entry.change_id;
      if (entry.entity_id == looked_at_.uuid && !is_known) all.insert(all.begin(), entry);
    }
    if (all.size() != activity->second.size()) arrive({ActivityArrived{looked_at_, std::move(all)}});
  }
}

void Gateway::went_offline() {
  log_is_sure_ = false;
  if (state_.sync.phase != SyncPhase::offline) arrive({SyncChanged{SyncPhase::offline, ""}});
  try_again_later(0);
}

void Gateway::sync_failed(const Error& error) {
  arrive({SyncChanged{SyncPhase::failed, error.message}});
  try_again_later(error.retry_after_seconds);
}

void Gateway::try_again_later(int at_least_s) {
  if (retry_is_due_) return;
  retry_is_due_ = true;
  ++offline_tries_;
  const int pause_s = std::max(at_least_s, std::min(longest_pause_s, 1 << std::min(offline_tries_, 6)));
  const auto jitter_ms = static_cast<int>(platform_.random_bits() % 1000);
  platform_.call_after(pause_s * 1000 + jitter_ms, [this] {
    retry_is_due_ = false;
    if (is_away(state_)) sync_now();
  });
}

// What changed elsewhere comes by the stream; without one it is asked for before anything is called synced.
void Gateway::reached_server() {
  if (is_away(state_) && !stream_is_open_) {
    if (state_.sync.phase == SyncPhase::offline) sync_now();
    return send_next();
  }
  back_online();
}

void Gateway::back_online() {
  offline_tries_ = 0;
  if (is_away(state_) || (state_.sync.phase == SyncPhase::loading && is_synced_once_)) {
    arrive({SyncChanged{SyncPhase::synced, ""}});
  }
  send_next();
}

void Gateway::sync_now() {
  if (!who_is_known_) return ask_who();
  if (state_.session.phase != SessionPhase::signed_in) return;
  if (is_synced_once_) {
    ask_changes();
  } else {
    begin_sync();
  }
  send_next();
}

}  // namespace dits::web
