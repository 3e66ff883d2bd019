// Writes that wait for the server, in the order in which they were made. Kept in the browser, so that a
// reload, a crash or a lost session forgets none.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "web/store/change.hpp"

namespace dits::web {

struct Write {
  std::string key;  // Idempotency-Key, the same at every try
  std::string method;
  std::string path;
  std::string body;
  std::string title;              // "Set priority: High": for the toast when it is refused
  Uuid entity_id;                 // what it is about
  std::vector<IssueId> issues;    // that are marked as waiting
  bool needs_version = false;     // If-Match with the version that the issue has when it is sent
  std::vector<IssueEdit> edits;   // what it changes: laid over what the server says meanwhile
  std::vector<IssueEdit> before;  // the same fields as they were
  std::vector<Change> rollback;   // shown when the server refuses, in this order
  std::vector<std::uint64_t> undo_tokens;
  int tries = 0;
};

class WriteQueue {
 public:
  // Adds a write. A PATCH of the entity of the last waiting write is joined with it, so that many keys make
  // one request.
  void push(Write write);

  bool is_empty() const { return writes_.empty(); }
  std::size_t size() const { return writes_.size(); }
  Write& front() { return writes_.front(); }
  const std::deque<Write>& writes() const { return writes_; }
  void mark_front_sent() { front_is_sent_ = true; }
  void retry_front() { front_is_sent_ = false; }
  Write take_front();
  void clear();

  bool has(IssueId id) const;
  std::vector<IssueId> issues() const;  // each once
  // Lays what waits over an issue as the server has it.
  void overlay(const State& state, Issue& issue) const;

  std::string to_text() const;
  static Result<WriteQueue> from_text(std::string_view text);

 private:
  std::deque<Write> writes_;
  bool front_is_sent_ = false;
};

// Did someone else change a field that `mine` changes, to something else? `before`: the fields as this
// browser knew them.
bool is_conflict(const IssuePatch& mine, const IssuePatch& before, const Issue& theirs);

}  // namespace dits::web
