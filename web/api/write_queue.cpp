// The queue of writes.
#include "web/api/write_queue.hpp"

#include <algorithm>
#include <set>
#include <type_traits>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/value.hpp"

namespace dits::web {

namespace {

// PATCH of something that is no issue: one body over another; empty when one is not an object.
std::string joined_bodies(const std::string& earlier, const std::string& later) {
  Result<Json> first = parse_json(earlier);
  const Result<Json> second = parse_json(later);
  if (!first || !second || !first->is_object() || !second->is_object()) return {};
  for (auto field = second->begin(); field != second->end(); ++field) (*first)[field.key()] = field.value();
  return dump(*first);
}

bool can_join(const Write& last, const Write& next) {
  if (next.method != "PATCH" || last.method != "PATCH" || last.path != next.path) return false;
  if (last.edits.empty() != next.edits.empty()) return false;
  if (next.edits.empty()) return true;
  return !(last.edits.front().patch.status_id && next.edits.front().patch.status_id);
}

void join_writes(Write& last, Write next) {
  if (next.edits.empty()) {
    last.body = joined_bodies(last.body, next.body);
  } else {
    join(last.edits.front().patch, next.edits.front().patch);
    // The oldest known value of each field counts.
    IssuePatch before = next.before.front().patch;
    join(before, last.before.front().patch);
    last.before.front().patch = std::move(before);
  }
  last.title = std::move(next.title);
  last.rollback.insert(last.rollback.begin(), next.rollback.begin(), next.rollback.end());
  last.undo_tokens.insert(last.undo_tokens.end(), next.undo_tokens.begin(), next.undo_tokens.end());
}

Json edits_to_json(const Write& write) {
  Json edits = Json::array();
  for (std::size_t at = 0; at < write.edits.size(); ++at) {
    Json edit = Json::object();
    edit["id"] = to_string(write.edits[at].id);
    edit["patch"] = issue_patch_to_json(write.edits[at].patch);
    if (at < write.before.size()) edit["before"] = issue_patch_to_json(write.before[at].patch);
    if (at < write.versions.size()) edit["version"] = write.versions[at];
    edits.push_back(std::move(edit));
  }
  return edits;
}

Result<IssuePatch> patch_in(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end()) return IssuePatch{};
  return TRY(issue_update_from_json(*found)).patch;
}

Result<void> read_edits(const Json& kept, Write& write) {
  const auto edits = kept.find("edits");
  if (edits == kept.end()) return {};
  for (const Json& edit : *edits) {
    if (!edit.is_object()) return invalid("edits", "Is not a kept edit");
    FieldReader reader(edit);
    IssueId id;
    std::int64_t version = 0;
    reader.read("id", id);
    reader.read("version", version);
    write.edits.push_back({id, TRY(patch_in(edit, "patch"))});
    write.before.push_back({id, TRY(patch_in(edit, "before"))});
    write.versions.push_back(version);
  }
  return {};
}

// The edits from `begin` to before `end`: one of them is a PATCH.
Write part_of(const Write& all, std::size_t begin, std::size_t end) {
  const auto range = [&](const auto& list) {
    const auto from = list.begin() + static_cast<std::ptrdiff_t>(std::min(begin, list.size()));
    const auto to = list.begin() + static_cast<std::ptrdiff_t>(std::min(end, list.size()));
    return std::decay_t<decltype(list)>(from, to);
  };
  Write part;
  const bool is_one = end - begin == 1;
  part.method = is_one ? "PATCH" : all.method;
  part.path = is_one ? paths::path_with(paths::issue, all.edits[begin].id) : all.path;
  part.title = all.title;
  part.entity_id = all.edits[begin].id.uuid;
  part.edits = range(all.edits);
  part.before = range(all.before);
  part.versions = range(all.versions);
  for (const IssueEdit& edit : part.edits) part.issues.push_back(edit.id);
  part.undo_tokens = all.undo_tokens;
  return part;
}

// Does the server let it through on a full disk?
bool frees_room(const Write& write) {
  if (write.method == "DELETE") return true;
  const bool is_bulk_action = write.path == paths::issues_bulk && write.edits.empty();
  return write.method == "POST" && (is_bulk_action || write.path.ends_with("/restore"));
}

// Every id that stands in a write: of what it is about, what that belongs to, what it names.
void add_ids(const Write& write, std::set<Uuid>& ids) {
  constexpr std::size_t length = 36;
  const std::string text = write_to_text(write);
  for (std::size_t hyphen = text.find('-'); hyphen != std::string::npos;
       hyphen = text.find('-', hyphen + 1)) {
    if (hyphen < 8 || hyphen - 8 + length > text.size()) continue;
    if (const Result<Uuid> id = parse_uuid(std::string_view(text).substr(hyphen - 8, length)))
      ids.insert(*id);
  }
}

// Is it about one of these? An issue, or several; else what belongs to one, and not the issue itself.
bool is_about(const Write& write, const std::set<Uuid>& ids) {
  if (ids.contains(write.entity_id)) return true;
  const bool is_of_issues = !write.issues.empty() && write.issues.front().uuid == write.entity_id;
  return is_of_issues && std::any_of(write.issues.begin(), write.issues.end(), [&](const IssueId id) {
           return ids.contains(id.uuid);
         });
}

}  // namespace

std::string body_of(const Write& write) {
  if (write.edits.empty()) return write.body;
  if (write.method == "PATCH") return dump(issue_patch_to_json(write.edits.front().patch));
  std::vector<IssueBulkStep> steps;
  for (std::size_t at = 0; at < write.edits.size(); ++at) {
    IssueBulkStep step;
    step.id = write.edits[at].id;
    step.update.patch = write.edits[at].patch;
    if (at < write.versions.size() && write.versions[at] > 0) step.version = write.versions[at];
    steps.push_back(std::move(step));
  }
  return dump(issue_bulk_to_json(steps));
}

void WriteQueue::push(Write write) {
  const bool last_waits = !writes_.empty() && !(writes_.size() == 1 && front_is_sent_);
  if (last_waits && can_join(writes_.back(), write)) return join_writes(writes_.back(), std::move(write));
  writes_.push_back(std::move(write));
}

void WriteQueue::lose_places() {
  for (Write& write : writes_) write.place.clear();
}

void WriteQueue::give_places(const std::function<std::string()>& next_place) {
  for (Write& write : writes_) {
    if (write.place.empty()) write.place = next_place();
  }
}

Write WriteQueue::take_front() {
  Write write = std::move(writes_.front());
  writes_.pop_front();
  front_is_sent_ = false;
  return write;
}

bool WriteQueue::put_freeing_first() {
  if (writes_.empty() || frees_room(writes_.front())) return false;
  std::vector<std::size_t> freeing;
  std::set<Uuid> before;     // what those that stay are about or name
  bool is_all_known = true;  // what a step of the log takes back is not
  for (std::size_t at = 0; at < writes_.size(); ++at) {
    const Write& write = writes_[at];
    if (is_all_known && frees_room(write) && !is_about(write, before)) {
      freeing.push_back(at);
    } else {
      add_ids(write, before);
      is_all_known = is_all_known && write.undoes.empty();
    }
  }
  if (freeing.empty()) return false;  // and every write stays where it is
  std::deque<Write> ordered;
  for (const std::size_t at : freeing) ordered.push_back(std::move(writes_[at]));
  for (std::size_t at = 0; at < writes_.size(); ++at) {
    if (!std::binary_search(freeing.begin(), freeing.end(), at)) ordered.push_back(std::move(writes_[at]));
  }
  writes_ = std::move(ordered);
  return true;
}

void WriteQueue::split_front(const std::function<std::string()>& new_key) {
  const Write all = take_front();
  const std::size_t half = all.edits.size() / 2;
  Write second = part_of(all, half, all.edits.size());
  second.key = new_key();
  second.place = all.place + ".1";
  writes_.push_front(std::move(second));
  Write first = part_of(all, 0, half);
  first.key = new_key();
  first.place = all.place + ".0";
  writes_.push_front(std::move(first));
}

void WriteQueue::raise_version(IssueId id, std::int64_t from, std::int64_t to) {
  for (Write& write : writes_) {
    for (std::size_t at = 0; at < write.versions.size(); ++at) {
      if (write.edits[at].id == id && write.versions[at] == from) write.versions[at] = to;
    }
  }
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

std::string write_to_text(const Write& write) {
  Json kept = Json::object();
  kept["key"] = write.key;
  kept["method"] = write.method;
  kept["path"] = write.path;
  kept["body"] = write.body;
  kept["title"] = write.title;
  kept["entityId"] = to_string(write.entity_id);
  if (!write.edits.empty()) kept["edits"] = edits_to_json(write);
  if (!write.undoes.empty()) kept["undoes"] = write.undoes;
  kept["undoTitle"] = write.undo_title;
  Json issues = Json::array();
  for (const IssueId id : write.issues) issues.push_back(to_string(id));
  kept["issues"] = std::move(issues);
  return dump(kept);
}

Result<Write> write_from_text(std::string_view text) {
  const Json kept = TRY(parse_json(text));
  if (!kept.is_object()) return invalid("write", "Is not a kept write");
  FieldReader reader(kept);
  Write write;
  reader.read("key", write.key);
  reader.read("method", write.method);
  reader.read("path", write.path);
  reader.read("body", write.body);
  reader.read("title", write.title);
  reader.read("entityId", write.entity_id);
  reader.read("undoTitle", write.undo_title);
  reader.read("issues", write.issues);
  if (const auto undoes = kept.find("undoes"); undoes != kept.end()) {
    for (const Json& one : *undoes) {
      std::int64_t change_id = 0;
      if (read_value(one, change_id) == nullptr) write.undoes.push_back(change_id);
    }
  }
  TRY(read_edits(kept, write));
  if (write.method.empty() || write.path.empty()) return invalid("write", "Is not a kept write");
  return write;
}

}  // namespace dits::web
