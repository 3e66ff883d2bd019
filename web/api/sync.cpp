// The snapshot, and everything that changes after it.
#include <algorithm>
#include <memory>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/git_integration_json.hpp"
#include "web/api/entry_changes.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

constexpr std::string_view first_portion = "1000";  // soon on the screen
constexpr std::string_view next_portions = "5000";
constexpr int flush_after_ms = 16;
constexpr int longest_pause_s = 60;

bool is_away(const State& state) {
  return state.sync.phase == SyncPhase::offline || state.sync.phase == SyncPhase::failed;
}

}  // namespace

void Gateway::begin_sync() {
  if (state_.sync.change_id > 0 && state_.sync.from_cache) {
    ++load_ticket_;  // a load that was on its way and has shown nothing yet
    arrive({SnapshotEnded{state_.sync.change_id}});
    ask_changes();
  } else if (is_synced_once_) {
    ask_changes();
  } else {
    load_snapshot();
  }
  send_next();
}

// Until its last page is in, nothing that is here counts as whole.
void Gateway::load_snapshot() {
  is_synced_once_ = false;
  close_stream();
  events_.clear();
  arrive({SyncChanged{SyncPhase::loading, ""}});
  ask_snapshot("", ++load_ticket_);
}

void Gateway::ask_snapshot(const std::string& cursor, std::uint64_t ticket) {
  const bool is_first = cursor.empty();
  const std::string path =
      paths::with_query(std::string(paths::sync_snapshot),
                        {{"limit", is_first ? first_portion : next_portions}, {"cursor", cursor}});
  client_.send({"GET", path}, [this, is_first, ticket](const Answer& answer) {
    if (ticket != load_ticket_) return;
    if (answer.status == 401) return session_lost();
    if (answer.is_offline()) return went_offline();
    Result<snapshot::Page> page =
        answer.is_ok() ? snapshot::page_from_bytes(answer.body) : Result<snapshot::Page>(*answer.error);
    if (!page) return sync_failed(page.error());
    if (!is_first) return take_portion(*page, {});
    const Result<SyncSnapshot> head = sync_snapshot_from_text(page->head);
    if (!head) return sync_failed(head.error());
    const User me = head->user.value_or(state_.session.me);
    // Another tab has signed in as someone else.
    if (me.id != state_.session.me.id) return signed_in(me);
    const auto first = std::make_shared<std::pair<snapshot::Page, SyncSnapshot>>(std::move(*page), *head);
    open_words(me, head->log, [this, first, ticket] {
      if (ticket == load_ticket_) take_first_page(first->first, first->second);
    });
  });
}

void Gateway::take_first_page(snapshot::Page& page, SyncSnapshot& head) {
  SnapshotBegan began;
  began.change_id = page.change_id;
  began.log = head.log;
  if (head.user) began.me = *head.user;
  began.projects = std::move(head.projects);
  began.areas = std::move(head.areas);
  began.labels = std::move(head.labels);
  began.workflows = std::move(head.workflows);
  began.views = std::move(head.views);
  std::vector<Change> changes;
  changes.emplace_back(std::move(began));
  take_portion(page, std::move(changes));
}

void Gateway::take_portion(snapshot::Page& page, std::vector<Change> changes) {
  log_is_sure_ = true;
  const bool is_last = page.next_cursor.empty();
  // Asked for before this one is drawn.
  if (!is_last) ask_snapshot(page.next_cursor, load_ticket_);
  changes.emplace_back(IssuesArrived{
      std::move(page.portion.issues), std::move(page.portion.git), std::move(page.portion.relations)});
  if (is_last) changes.emplace_back(SnapshotEnded{page.change_id});
  arrive(std::move(changes));
  if (!is_last) return;
  is_synced_once_ = true;
  cache_places_differ_ = true;
  save_cache_soon();
  open_stream();
  queue_changed();
  if (looked_at_.is_set()) load_details(looked_at_);
}

void Gateway::ask_changes() {
  const std::string since = std::to_string(state_.sync.change_id);
  client_.send(
      {"GET", paths::with_query(std::string(paths::sync), {{"since", since}, {"log", state_.sync.log}})},
      [this, ticket = load_ticket_](const Answer& answer) {
        if (ticket != load_ticket_) return;  // everything is loaded anew meanwhile
        if (answer.status == 401) return session_lost();
        if (answer.is_offline()) return went_offline();
        if (answer.status == 409) return load_snapshot();
        const Result<SyncChanges> changes =
            answer.is_ok() ? sync_changes_from_text(answer.body) : Result<SyncChanges>(*answer.error);
        if (!changes) return sync_failed(changes.error());
        log_is_sure_ = true;
        apply_entries(changes->changes);
        if (ticket != load_ticket_) return;  // as one of them wants it
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
    platform_.look_for_version();  // a server that was away may be another one
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
  EntryChanges reader(state_);
  std::vector<Change> nouns;
  for (const AuditEntry& entry : entries) {
    if (entry.change_id <= state_.sync.change_id && is_synced_once_) continue;
    // Rows changed without a word about each: what is here may be anything but what is there.
    if (entry.entity_type == EntityType::studio) return load_snapshot();
    // Nouns are changed in place: each needs what the one before it did.
    if (entry.entity_type != EntityType::issue) {
      std::vector<Change> changes = reader.take();
      for (Change& change : reader.noun_changes(entry)) changes.push_back(std::move(change));
      if (entry.entity_type == EntityType::git_integration) load_links(entry);
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

// Of an issue whose links are not here, one entry does not tell which kinds it has.
void Gateway::load_links(const AuditEntry& entry) {
  const Json notes = json_from_stored(entry.metadata);
  FieldReader reader(notes);
  IssueId id;
  reader.read("issueId", id);
  if (!id.is_set() || state_.entities.git_links.contains(id) || find_issue(state_.entities, id) == nullptr)
    return;
  client_.send({"GET", paths::path_with(paths::issue_git_integrations, id)},
               [this, id](const Answer& answer) {
                 if (!answer.is_ok()) return;
                 GitLinksArrived arrived{id, {}};
                 for (const Json& item : items_of(answer.body)) {
                   if (Result<GitIntegration> link = git_integration_from_json(item))
                     arrived.links.push_back(std::move(*link));
                 }
                 arrive({std::move(arrived)});
               });
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
