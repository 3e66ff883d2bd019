// Writes go out one at a time and in order: what the server confirmed never overtakes what was done before
// it.
#include <algorithm>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/sync_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

constexpr int patience = 5;  // tries for what the server itself fails at

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

}  // namespace

std::string Gateway::new_key() {
  return to_string(make_uuid_v7(platform_.now().unix_ms, platform_.random_bits(), platform_.random_bits()));
}

void Gateway::enqueue(Write write) {
  if (write.key.empty()) write.key = new_key();
  queue_.push(std::move(write));
  queue_changed();
  send_next();
}

void Gateway::queue_changed() {
  platform_.storage_put("queue", queue_.to_text(), [](Result<void>) {});
  arrive({QueueChanged{static_cast<std::uint32_t>(queue_.size()), is_sending_, queue_.issues()}});
}

void Gateway::send_next() {
  Write* write = find_waiting(queue_);
  const bool is_ready = state_.session.phase == SessionPhase::signed_in && who_is_known_ && was_online_;
  if (write == nullptr || is_sending_ || !is_ready) return;
  is_sending_ = true;
  queue_.mark_front_sent();
  Call call{write->method,
            write->path,
            write->body,
            write->method == "POST" ? write->key : std::string{},
            std::nullopt};
  if (write->needs_version && !write->issues.empty()) {
    const Issue* issue = find_issue(state_.entities, write->issues.front());
    if (issue != nullptr) call.if_match = issue->version;
  }
  await_entry(*write);
  client_.send(call, [this](const Answer& answer) { hear_write(answer); });
}

void Gateway::hear_write(const Answer& answer) {
  is_sending_ = false;
  Write* write = find_waiting(queue_);
  if (write == nullptr) return;  // signed out meanwhile
  if (answer.is_offline()) {
    queue_.retry_front();
    went_offline();
    return;
  }
  if (answer.status == 401) return session_lost();
  if (answer.status == 412) return hear_conflict(answer);
  const bool was_there_already = answer.status == 404 && write->method == "DELETE";
  if (answer.is_ok() || was_there_already) {
    const Write done = queue_.take_front();
    queue_changed();
    take_answer(done, answer);
    back_online();
    return;
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
  std::vector<Issue> issues = issues_in(answer.body);
  if (issues.empty()) return;
  for (Issue& issue : issues) {
    queue_.overlay(state_, issue);
    if (const Slot slot = find_slot(state_.entities, issue.id); slot != no_slot) touch_slot(slot);
  }
  const bool is_new = write.method == "POST" && !state_.entities.comments.contains(looked_at_);
  arrive({IssuesArrived{std::move(issues)}});
  if (is_new && looked_at_.is_set()) load_details(looked_at_);
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

// The server has another version. Where other fields were changed, ours still holds; else the user decides.
void Gateway::hear_conflict(const Answer& answer) {
  Write& write = queue_.front();
  const Result<Json> problem = parse_json(answer.body);
  const bool has_current = problem && problem->is_object() && problem->contains("current");
  Result<Issue> theirs =
      has_current ? issue_from_json((*problem)["current"]) : Result<Issue>(internal("No current issue"));
  if (!theirs) {
    refuse_write(*answer.error);
    send_next();
    return;
  }
  const bool is_patch = write.edits.size() == 1 && write.before.size() == 1;
  if (!is_patch || !is_conflict(write.edits.front().patch, write.before.front().patch, *theirs)) {
    queue_.retry_front();
    queue_.overlay(state_, *theirs);
    arrive({IssuesArrived{{std::move(*theirs)}}});
    send_next();
    return;
  }
  const Write lost = queue_.take_front();
  forget_awaited(lost);
  Conflict conflict{theirs->id, lost.edits.front().patch, *theirs};
  queue_.overlay(state_, *theirs);
  listener_.refused(lost.undo_tokens);
  arrive({IssuesArrived{{std::move(*theirs)}}, ConflictFound{std::move(conflict)}});
  queue_changed();
  send_next();
}

void Gateway::refuse_write(const Error& error) {
  const Write lost = queue_.take_front();
  forget_awaited(lost);
  listener_.refused(lost.undo_tokens);
  std::vector<Change> changes = lost.rollback;
  Toast refused;
  refused.kind = ToastKind::error;
  refused.text = (lost.title.empty() ? std::string("Not saved") : lost.title) + ": " + error.message;
  refused.stays = true;
  changes.emplace_back(ToastShown{std::move(refused)});
  arrive(std::move(changes));
  queue_changed();
  // After a reload what it was before is not known here: the server tells.
  if (lost.rollback.empty()) {
    for (const IssueId id : lost.issues) {
      client_.send({"GET", paths::path_with(paths::issue, id)}, [this, id](const Answer& answer) {
        if (answer.is_ok()) arrive({IssuesArrived{issues_in(answer.body)}});
        if (answer.status == 404) arrive({NounGone{EntityType::issue, id.uuid}});
      });
    }
  }
}

void Gateway::keep_mine(IssueId id) { arrive({ConflictSettled{id}}); }

void Gateway::undo_of_log(std::int64_t change_id) { undo_of_log(std::vector<std::int64_t>{change_id}); }

void Gateway::undo_of_log(std::vector<std::int64_t> change_ids) {
  if (change_ids.empty()) return;
  const std::int64_t last = change_ids.back();
  change_ids.pop_back();
  const std::string path = paths::path_with(paths::audit_log_undo, {std::to_string(last)});
  client_.send({"POST", path, "{}", new_key()}, [this, rest = std::move(change_ids)](const Answer& answer) {
    if (!answer.is_ok()) {
      toast(ToastKind::error, answer.error->message);
      return;
    }
    if (const Result<SyncChanges> made = sync_changes_from_text(answer.body);
        made && !made->changes.empty()) {
      // They come by the stream too; whoever is first is shown.
      const bool is_next = made->changes.front().change_id == state_.sync.change_id + 1;
      if (is_next) apply_entries(made->changes);
    }
    undo_of_log(rest);
  });
}

void Gateway::toast(ToastKind kind, std::string text) {
  Toast shown;
  shown.kind = kind;
  shown.text = std::move(text);
  arrive({ToastShown{std::move(shown)}});
}

}  // namespace dits::web
