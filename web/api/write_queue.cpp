// The queue of writes.
#include "web/api/write_queue.hpp"

#include <algorithm>
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/value.hpp"

namespace dits::web {

namespace {

// The fields of `later` over those of `earlier`; empty when one is not an object.
std::string joined_bodies(const std::string& earlier, const std::string& later) {
  Result<Json> first = parse_json(earlier);
  const Result<Json> second = parse_json(later);
  if (!first || !second || !first->is_object() || !second->is_object()) return {};
  for (auto field = second->begin(); field != second->end(); ++field) (*first)[field.key()] = field.value();
  return dump(*first);
}

template <typename T>
void take_later(std::optional<T>& into, const std::optional<T>& later) {
  if (later) into = later;
}

void join(IssuePatch& into, const IssuePatch& later) {
  take_later(into.title, later.title);
  take_later(into.description, later.description);
  take_later(into.priority, later.priority);
  take_later(into.status_id, later.status_id);
  take_later(into.project_id, later.project_id);
  take_later(into.area_id, later.area_id);
  take_later(into.parent_issue_id, later.parent_issue_id);
  take_later(into.start_date, later.start_date);
  take_later(into.due_date, later.due_date);
  take_later(into.position, later.position);
  take_later(into.label_ids, later.label_ids);
  take_later(into.metadata, later.metadata);
}

std::string text_in(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  const auto* text = found->get_ptr<const std::string*>();
  return text != nullptr ? *text : std::string{};
}

}  // namespace

void WriteQueue::push(Write write) {
  const bool last_waits = !writes_.empty() && !(writes_.size() == 1 && front_is_sent_);
  if (last_waits && write.method == "PATCH") {
    Write& last = writes_.back();
    const bool is_same = last.method == "PATCH" && last.path == write.path;
    std::string body = is_same ? joined_bodies(last.body, write.body) : std::string{};
    if (!body.empty()) {
      last.body = std::move(body);
      last.title = write.title;
      if (!last.edits.empty() && !write.edits.empty()) {
        join(last.edits.front().patch, write.edits.front().patch);
        // The oldest known value of each field counts.
        IssuePatch before = write.before.front().patch;
        join(before, last.before.front().patch);
        last.before.front().patch = std::move(before);
      }
      last.rollback.insert(last.rollback.begin(), write.rollback.begin(), write.rollback.end());
      last.undo_tokens.insert(last.undo_tokens.end(), write.undo_tokens.begin(), write.undo_tokens.end());
      return;
    }
  }
  writes_.push_back(std::move(write));
}

Write WriteQueue::take_front() {
  Write write = std::move(writes_.front());
  writes_.pop_front();
  front_is_sent_ = false;
  return write;
}

void WriteQueue::clear() {
  writes_.clear();
  front_is_sent_ = false;
}

bool WriteQueue::has(IssueId id) const {
  return std::any_of(writes_.begin(), writes_.end(), [&](const Write& write) {
    return std::find(write.issues.begin(), write.issues.end(), id) != write.issues.end();
  });
}

std::vector<IssueId> WriteQueue::issues() const {
  std::vector<IssueId> all;
  for (const Write& write : writes_) all.insert(all.end(), write.issues.begin(), write.issues.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void WriteQueue::overlay(const State& state, Issue& issue) const {
  for (const Write& write : writes_) {
    for (const IssueEdit& edit : write.edits) {
      if (edit.id != issue.id) continue;
      const Status* before = find_status(state.entities, issue.status_id);
      dits::apply(edit.patch, issue);
      if (edit.patch.description) issue.has_description = true;
      const Status* after = find_status(state.entities, issue.status_id);
      if (before != nullptr && after != nullptr) {
        apply_completion(issue, before->is_closed, after->is_closed, state.now);
      }
    }
  }
}

std::string WriteQueue::to_text() const {
  Json all = Json::array();
  for (const Write& write : writes_) {
    Json one = Json::object();
    one["key"] = write.key;
    one["method"] = write.method;
    one["path"] = write.path;
    one["body"] = write.body;
    one["title"] = write.title;
    one["entityId"] = to_string(write.entity_id);
    one["needsVersion"] = write.needs_version;
    Json issues = Json::array();
    for (const IssueId id : write.issues) issues.push_back(to_string(id));
    one["issues"] = std::move(issues);
    all.push_back(std::move(one));
  }
  return dump(all);
}

Result<WriteQueue> WriteQueue::from_text(std::string_view text) {
  const Json all = TRY(parse_json(text));
  WriteQueue queue;
  for (const Json& one : all) {
    if (!one.is_object()) return invalid("queue", "Is not a kept queue of writes");
    Write write;
    write.key = text_in(one, "key");
    write.method = text_in(one, "method");
    write.path = text_in(one, "path");
    write.body = text_in(one, "body");
    write.title = text_in(one, "title");
    if (const auto id = parse_uuid(text_in(one, "entityId"))) write.entity_id = *id;
    const auto version = one.find("needsVersion");
    write.needs_version = version != one.end() && *version == true;
    const auto issues = one.find("issues");
    if (issues != one.end()) (void)read_value(*issues, write.issues);
    // What it changes can be read from its body; how it was before is not known any more.
    if (write.needs_version && write.method == "PATCH" && write.issues.size() == 1) {
      const Result<Json> body = parse_json(write.body);
      const Result<IssueUpdate> update =
          body ? issue_update_from_json(*body) : Result<IssueUpdate>(IssueUpdate{});
      if (update) {
        write.edits.push_back({write.issues.front(), update->patch});
        write.before.push_back({write.issues.front(), {}});
      }
    }
    if (write.method.empty() || write.path.empty()) return invalid("queue", "Is not a kept queue of writes");
    queue.writes_.push_back(std::move(write));
  }
  return queue;
}

bool is_conflict(const IssuePatch& mine, const IssuePatch& before, const Issue& theirs) {
  const Json wanted = issue_patch_to_json(mine);
  const Json known = issue_patch_to_json(before);
  const Json found = issue_to_json(theirs);
  for (auto field = wanted.begin(); field != wanted.end(); ++field) {
    const auto there = found.find(field.key());
    if (there == found.end() || *there == field.value()) continue;
    const auto base = known.find(field.key());
    if (base == known.end() || *base != *there) return true;
  }
  return false;
}

}  // namespace dits::web
