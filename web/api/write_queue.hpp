// Writes that wait for the server, in the order in which they were made. Kept in the browser, so that a
// reload, a crash or a lost session forgets none.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.hpp"
#include "web/store/change.hpp"
#include "web/store/conflict.hpp"

namespace dits::web {

struct Write {
  std::string key;  // Idempotency-Key, the same at every try
  std::string method;
  std::string path;
  std::string body;               // empty where `edits` say it all: see body_of
  std::string title;              // "Set priority: High": for the toast when it is refused
  Uuid entity_id;                 // what it is about
  std::vector<IssueId> issues;    // that are marked as waiting
  std::vector<IssueEdit> edits;   // what it changes: laid over what the server says meanwhile
  std::vector<IssueEdit> before;  // of each edit: the same fields as they were
  // Of each edit: the version of the issue that was written over. The server refuses the write when it has
  // another one.
  std::vector<std::int64_t> versions;
  std::vector<Change> rollback;  // shown when the server refuses, in this order
  std::vector<std::uint64_t> undo_tokens;
  // Takes back these changes of the log, one after the other, the last first.
  std::vector<std::int64_t> undoes;
  std::string undo_title;  // of their step; empty: it is on no stack
  std::string place;       // in the browser's storage; in their order writes are sent
  int tries = 0;
};

// For the browser's storage. Errors: invalid, when it is not the text of one.
std::string write_to_text(const Write& write);
Result<Write> write_from_text(std::string_view text);

// What is sent: the body, or that of PATCH or of a bulk call made of the edits and versions.
std::string body_of(const Write& write);

class WriteQueue {
 public:
  // Adds a write. A PATCH of the entity of the last waiting write is joined with it, so that many keys make
  // one request; but not two steps through a workflow, which may forbid the one over both.
  void push(Write write);
  // Adds one that was kept, as it was.
  void push_kept(Write write) { writes_.push_back(std::move(write)); }

  bool is_empty() const { return writes_.empty(); }
  std::size_t size() const { return writes_.size(); }
  Write& front() { return writes_.front(); }
  const std::deque<Write>& writes() const { return writes_; }
  void mark_front_sent() { front_is_sent_ = true; }
  void retry_front() { front_is_sent_ = false; }
  Write take_front();
  void lose_places();
  // To those that have none.
  void give_places(const std::function<std::string()>& next_place);
  // What takes away, or brings that back, goes before what takes room, unless it is about something that a
  // write before it is about or names, or may be. False when nothing does, or when it is at the front
  // already.
  bool put_freeing_first();
  // What was taken from the front goes on there.
  void put_front(Write write) { writes_.push_front(std::move(write)); }
  // In place of a write of many issues, two of half as many, with keys by `new_key`.
  void split_front(const std::function<std::string()>& new_key);
  void clear();
  // A write of ours took the issue from one version to the next: what waits was written over the next.
  void raise_version(IssueId id, std::int64_t from, std::int64_t to);

  bool has(IssueId id) const;
  std::vector<IssueId> issues() const;  // each once
  // Lays what waits over what the server says (lay_over.cpp): edits, what goes into the trash or comes out
  // of it; what goes for good is left out, what is made is there, with the end of a snapshot issues too.
  void lay_over(const State& state, std::vector<Change>& changes) const;
  // Those that wait to be made and are neither in the state nor in the changes.
  std::vector<Change> made_issues(const State& state, const std::vector<Change>& changes) const;

 private:
  std::deque<Write> writes_;
  bool front_is_sent_ = false;
};

}  // namespace dits::web
