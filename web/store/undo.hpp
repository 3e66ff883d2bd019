// The steps that `u` takes back, newest last. Kept across a reload by the ids of the changes in the audit
// log: the server undoes those.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "web/store/change.hpp"

namespace dits::web {

// One step: what the user did at once, and what takes it back.
struct UndoStep {
  std::string title;
  std::vector<Change> inverse;           // in the order in which they are applied; empty after a reload
  std::vector<std::int64_t> change_ids;  // of the audit log, known once the server has confirmed; newest last
  std::vector<Change> redo;              // what was done
  std::vector<Uuid> entities;            // what it is about
  bool is_by_log = false;                // only the log knows all that has to be put back
  std::uint64_t token = 0;               // ties the confirmation of a write to its step
};

constexpr std::size_t undo_limit = 200;

class UndoStack {
 public:
  // A new step; whatever could be redone is forgotten.
  void push(UndoStep step);
  // The newest step, taken from the stack. What is applied for it goes to redo with push_redo.
  std::optional<UndoStep> take_undo();
  std::optional<UndoStep> take_redo();
  void push_undo_again(UndoStep step);  // after a redo: keeps the other redo steps
  void push_redo(UndoStep step);
  // The server confirmed a write of the step with this token as `change_id`.
  void confirm(std::uint64_t token, std::int64_t change_id);
  // The server refused it: nothing to undo any more.
  void forget(std::uint64_t token);
  // What it is about is gone for ever: so are the steps that speak of it.
  void forget_entity(const Uuid& id);
  void clear();
  // Steps of another time or tab take their places among ours, by the log; ours that it does not know yet
  // stay the newest.
  void merge(const UndoStack& other);

  const std::vector<UndoStep>& steps() const { return undo_; }
  std::size_t undo_depth() const { return undo_.size(); }
  std::size_t redo_depth() const { return redo_.size(); }
  std::string undo_title() const { return undo_.empty() ? std::string{} : undo_.back().title; }

  // The steps with their change ids as text for the browser's storage, and back. Steps that are not confirmed
  // are left out.
  std::string to_text() const;
  static Result<UndoStack> from_text(std::string_view text);

 private:
  std::vector<UndoStep> undo_;
  std::vector<UndoStep> redo_;
};

}  // namespace dits::web
