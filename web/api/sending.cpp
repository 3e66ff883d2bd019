// Writes go out one at a time and in order: what the server confirmed never overtakes what was done before
// it. But on a full disk what frees room goes before what finds none.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/sync_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

constexpr int patience = 5;  // tries for what the server itself fails at
constexpr int disk_is_full = 507;

// The issues in an answer: one, or a list of them.
std::vector<Issue> issues_in(std::string_view body) {
  std::vector<Issue> issues;
  const Result<Json> json = parse_json(body);
  if (!json) return issues;
  const auto add = [&](const Json& one) {
    if (Result<Issue> issue = issue_from_json(one)) issues.push_back(std::move(*issue));
  };
  if (json->is_object() && json->contains("number")) add(*json);
  if (json->is_object() && json->contains("items")) {
    for (const Json& one : items_of(body)) add(one);
  }
  if (json->is_array()) {
    for (const Json& one : *json) add(one);
  }
  return issues;
}

Write* find_waiting(WriteQueue& queue) { return queue.is_empty() ? nullptr : &queue.front(); }

// Asks for the last of the changes to be taken back.
Write undo_write(Write write, std::string key) {
  write.key = std::move(key);
  write.method = "POST";
  write.path = paths::path_with(paths::audit_log_undo, {std::to_string(write.undoes.back())});
  write.body = "{}";
  return write;
}

Write next_undo(Write done, std::string key) {
  done.undoes.pop_back();
  done.rollback.clear();
  done.tries = 0;
  return undo_write(std::move(done), std::move(key));
}

}  // namespace

std::string Gateway::new_key() {
  return to_string(make_uuid_v7(platform_.now().unix_ms, platform_.random_bits(), platform_.random_bits()));
}

void Gateway::enqueue(Write write) {
  if (write.key.empty()) write.key = new_key();
  if (owner_.id.is_set()) write.place = next_place();
  queue_.push(std::move(write));
  queue_changed();
  send_next();
}

void Gateway::queue_changed() {
  keep_writes();
  tell_queue();
}

void Gateway::tell_queue() {
  QueueChanged changed{static_cast<std::uint32_t>(queue_.size()), is_sending_, queue_.issues(), 0};
  for (const auto& [place, kept] : kept_writes_) changed.kept += kept.is_stored ? 1 : 0;
  arrive({std::move(changed)});
}

void Gateway::send_next() {
  Write* write = find_waiting(queue_);
  const bool is_ready = state_.session.phase == SessionPhase::signed_in && who_is_known_ && was_online_ &&
                        owner_.id.is_set() && log_is_sure_;
  if (write == nullptr || is_sending_ || !is_ready) return;
  is_sending_ = true;
  queue_.mark_front_sent();
  Call call{write->method,
            write->path,
            body_of(*write),
            write->method == "POST" ? write->key : std::string{},
            std::nullopt};
  const bool is_patch = write->method == "PATCH" && !write->versions.empty();
  if (is_patch && write->versions.front() > 0) call.if_match = write->versions.front();
  await_entry(*write);
  client_.send(call, [this, ticket = ++send_ticket_](const Answer& answer) {
    if (ticket == send_ticket_) hear_write(answer);
  });
}

void Gateway::forget_sending() {
  ++send_ticket_;
  is_sending_ = false;
  queue_.retry_front();
}

void Gateway::hear_write(const Answer& answer) {
  is_sending_ = false;
  Write* write = find_waiting(queue_);
  if (write == nullptr) return;
  if (answer.is_offline()) {
    queue_.retry_front();
    went_offline();
    return;
  }
  if (answer.status == 401) return session_lost();
  if (answer.status == 412) return hear_conflict(answer);
  const std::string kind = answer.error ? answer.error->kind : std::string{};
  if (kind == "version_mismatch" && write->edits.size() > 1) {
    // One of many was changed elsewhere: halves of halves find out which.
    forget_awaited(*write);
    queue_.split_front([this] { return new_key(); });
    queue_changed();
    return send_next();
  }
  const bool was_there_already = answer.status == 404 && write->method == "DELETE";
  const bool was_done_before = kind == "already_applied";
  if (answer.is_ok() || was_there_already || was_done_before) {
    const Write done = queue_.take_front();
    take_answer(done, answer);
    if (done.undoes.size() > 1) queue_.put_front(next_undo(done, new_key()));
    queue_changed();
    if (was_done_before) reload_issues(done.issues);
    reached_server();
    return;
  }
  if (answer.status == disk_is_full && queue_.put_freeing_first()) {
    queue_.retry_front();
    return send_next();
  }
  ++write->tries;
  const bool may_pass =
      answer.status == 429 || answer.status == 502 || answer.status == 503 || answer.status == 504;
  if (may_pass || (answer.status >= 500 && write->tries < patience)) {
    queue_.retry_front();
    const int asked = answer.error->retry_after_seconds;
    return retry_later(asked > 0 ? asked : 1 << std::min(write->tries, 6));
  }
  refuse_write(*answer.error);
  send_next();
}

void Gateway::retry_later(int seconds) {
  const auto jitter_ms = static_cast<int>(platform_.random_bits() % 500);
  platform_.call_after(seconds * 1000 + jitter_ms, [this] { send_next(); });
}

void Gateway::take_answer(const Write& write, const Answer& answer) {
  if (!write.undoes.empty()) return take_undo(answer);
  std::vector<Issue> issues = issues_in(answer.body);
  if (issues.empty()) return;
  std::unordered_map<IssueId, std::int64_t, IdHash> versions;
  for (std::size_t at = 0; at < write.versions.size(); ++at)
    versions.emplace(write.edits[at].id, write.versions[at]);
  for (Issue& issue : issues) {
    if (const auto known = versions.find(issue.id); known != versions.end())
      queue_.raise_version(issue.id, known->second, issue.version);
    if (const Slot slot = find_slot(state_.entities, issue.id); slot != no_slot) touch_slot(slot);
  }
  // Not asked for while the write was on its way.
  const bool lacks_details = !state_.entities.comments.contains(looked_at_);
  arrive({IssuesArrived{std::move(issues)}});
  if (lacks_details && looked_at_.is_set()) load_details(looked_at_);
}

// The entry may come by the stream before the answer does.
void Gateway::await_entry(const Write& write) {
  if (write.undo_tokens.empty()) return;
  forget_awaited(write);
  awaited_.push_back({write.key, write.entity_id, write.undo_tokens});
}

void Gateway::forget_awaited(const Write& write) {
  std::erase_if(awaited_, [&](const Awaited& one) { return one.key == write.key; });
}

void Gateway::undo_of_log(std::vector<std::int64_t> change_ids,
                          std::string title,
                          std::vector<Change> rollback) {
  if (change_ids.empty()) return;
  Write write;
  write.undoes = std::move(change_ids);
  write.title = "Undo" + (title.empty() ? std::string{} : " " + title);
  write.undo_title = std::move(title);
  write.rollback = std::move(rollback);
  enqueue(undo_write(std::move(write), new_key()));
}

// What it changed comes by the stream too; whoever is first is shown.
void Gateway::take_undo(const Answer& answer) {
  const Result<SyncChanges> made = sync_changes_from_text(answer.body);
  if (!made || made->changes.empty()) return;
  if (made->changes.front().change_id == state_.sync.change_id + 1) apply_entries(made->changes);
}

void Gateway::toast(ToastKind kind, std::string text) {
  Toast shown;
  shown.kind = kind;
  shown.text = std::move(text);
  arrive({ToastShown{std::move(shown)}});
}

}  // namespace dits::web
