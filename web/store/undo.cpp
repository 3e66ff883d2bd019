// The undo stack, and the part of it that survives a reload.
#include "web/store/undo.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/sorting.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/value.hpp"

namespace dits::web {

namespace {

std::optional<UndoStep> take_last(std::vector<UndoStep>& steps) {
  if (steps.empty()) return std::nullopt;
  UndoStep step = std::move(steps.back());
  steps.pop_back();
  return step;
}

void push_limited(std::vector<UndoStep>& steps, UndoStep step) {
  steps.push_back(std::move(step));
  if (steps.size() > undo_limit) steps.erase(steps.begin());
}

}  // namespace

void UndoStack::push(UndoStep step) {
  redo_.clear();
  push_limited(undo_, std::move(step));
}

std::optional<UndoStep> UndoStack::take_undo() { return take_last(undo_); }
std::optional<UndoStep> UndoStack::take_redo() { return take_last(redo_); }
void UndoStack::push_undo_again(UndoStep step) { push_limited(undo_, std::move(step)); }
void UndoStack::push_redo(UndoStep step) { push_limited(redo_, std::move(step)); }

void UndoStack::confirm(std::uint64_t token, std::int64_t change_id) {
  for (std::vector<UndoStep>* steps : {&undo_, &redo_}) {
    for (UndoStep& step : *steps) {
      if (step.token == token) step.change_ids.push_back(change_id);
    }
  }
}

void UndoStack::forget(std::uint64_t token) {
  for (std::vector<UndoStep>* steps : {&undo_, &redo_}) {
    std::erase_if(*steps, [token](const UndoStep& step) { return step.token == token; });
  }
}

void UndoStack::forget_entity(const Uuid& id) {
  for (std::vector<UndoStep>* steps : {&undo_, &redo_}) {
    std::erase_if(*steps, [&](const UndoStep& step) {
      return std::find(step.entities.begin(), step.entities.end(), id) != step.entities.end();
    });
  }
}

void UndoStack::clear() {
  undo_.clear();
  redo_.clear();
}

void UndoStack::merge(const UndoStack& other) {
  undo_.insert(undo_.begin(), other.undo_.begin(), other.undo_.end());
  sort_stably(undo_, [](const UndoStep& a, const UndoStep& b) {
    if (a.change_ids.empty() || b.change_ids.empty()) return !a.change_ids.empty() && b.change_ids.empty();
    return a.change_ids.back() < b.change_ids.back();
  });
  if (undo_.size() > undo_limit)
    undo_.erase(undo_.begin(), undo_.end() - static_cast<std::ptrdiff_t>(undo_limit));
}

std::string UndoStack::to_text() const {
  Json steps = Json::array();
  for (const UndoStep& step : undo_) {
    if (step.change_ids.empty()) continue;
    Json saved = Json::object();
    saved["title"] = step.title;
    saved["changeIds"] = step.change_ids;
    Json entities = Json::array();
    for (const Uuid& id : step.entities) entities.push_back(to_string(id));
    saved["entities"] = std::move(entities);
    steps.push_back(std::move(saved));
  }
  return dump(steps);
}

Result<UndoStack> UndoStack::from_text(std::string_view text) {
  const Json steps = TRY(parse_json(text));
  UndoStack stack;
  for (const Json& saved : steps) {
    UndoStep step;
    const auto* title =
        saved.is_object() && saved.contains("title") ? saved["title"].get_ptr<const std::string*>() : nullptr;
    if (title == nullptr || !saved.contains("changeIds")) return invalid("undo", "Is not a kept undo stack");
    step.title = *title;
    for (const Json& id : saved["changeIds"]) {
      std::int64_t change_id = 0;
      if (read_value(id, change_id) == nullptr) step.change_ids.push_back(change_id);
    }
    if (const auto entities = saved.find("entities"); entities != saved.end()) {
      for (const Json& one : *entities) {
        Uuid id;
        if (read_value(one, id) == nullptr) step.entities.push_back(id);
      }
    }
    if (!step.change_ids.empty()) stack.push(std::move(step));
  }
  return stack;
}

}  // namespace dits::web
