// See conflict.hpp. Fields are compared as the JSON that both sides write.
#include "web/store/conflict.hpp"

#include <utility>

#include "shared/json/issue_json.hpp"

namespace dits::web {

namespace {

template <typename T>
void take_later(std::optional<T>& into, const std::optional<T>& later) {
  if (later) into = later;
}

Result<IssuePatch> patch_in(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end()) return invalid(std::string(name), "Is missing");
  return TRY(issue_update_from_json(*found)).patch;
}

}  // namespace

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

SplitPatch split_patch(const IssuePatch& mine, const IssuePatch& before, const Issue& theirs) {
  const Json wanted = issue_patch_to_json(mine);
  const Json known = issue_patch_to_json(before);
  const Json found = issue_to_json(theirs);
  SplitPatch split{mine, mine};
  const auto is_disputed = [&](const char* name) {
    const auto field = wanted.find(name);
    const auto there = found.find(name);
    if (field == wanted.end() || there == found.end() || *there == *field) return false;
    const auto base = known.find(name);
    return base == known.end() || *base != *there;
  };
  const auto part = [&](const char* name, auto IssuePatch::*field) {
    (split.*(is_disputed(name) ? &SplitPatch::agreed : &SplitPatch::disputed).*field).reset();
  };
  part("title", &IssuePatch::title);
  part("description", &IssuePatch::description);
  part("priority", &IssuePatch::priority);
  part("statusId", &IssuePatch::status_id);
  part("projectId", &IssuePatch::project_id);
  part("areaId", &IssuePatch::area_id);
  part("parentIssueId", &IssuePatch::parent_issue_id);
  part("startDate", &IssuePatch::start_date);
  part("dueDate", &IssuePatch::due_date);
  part("position", &IssuePatch::position);
  part("labelIds", &IssuePatch::label_ids);
  part("metadata", &IssuePatch::metadata);
  return split;
}

bool is_conflict(const IssuePatch& mine, const IssuePatch& before, const Issue& theirs) {
  return !split_patch(mine, before, theirs).disputed.is_empty();
}

std::string conflict_to_text(const Conflict& conflict) {
  Json kept = Json::object();
  kept["mine"] = issue_patch_to_json(conflict.mine);
  kept["theirs"] = issue_to_json(conflict.theirs);
  return dump(kept);
}

Result<Conflict> conflict_from_text(std::string_view text) {
  const Json kept = TRY(parse_json(text));
  if (!kept.is_object() || !kept.contains("theirs")) return invalid("conflict", "Is not a kept conflict");
  Conflict conflict;
  conflict.theirs = TRY(issue_from_json(kept["theirs"]));
  conflict.issue_id = conflict.theirs.id;
  conflict.mine = TRY(patch_in(kept, "mine"));
  return conflict;
}

}  // namespace dits::web
