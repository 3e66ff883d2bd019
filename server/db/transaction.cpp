#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "server/db/commit_hook.hpp"
#include "server/db/own_statements.hpp"
#include "server/db/sql_error.hpp"
#include "server/db/transaction_state.hpp"

namespace dits {

// FNV-1a, for names: 64 bits are plenty for the shapes of queries one server sees, and the connection's own
// text decides what runs.
std::string name_of_computed(std::string_view name, std::string_view sql) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : sql) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  std::array<char, 20> digits{};
  std::snprintf(digits.data(), digits.size(), ".%016llx", static_cast<unsigned long long>(hash));
  return std::string(name.substr(0, 40)) + digits.data();
}

void Transaction::State::add_part_commands(std::vector<Command>& batch) {
  if (is_part_spoilt) {
    batch.push_back(command_for(return_to_savepoint[savepoint % 2]));
  } else if (is_part_wanted && savepoint > 0) {
    batch.push_back(command_for(release_savepoint[savepoint % 2]));
  }
  // A savepoint that was returned to stands for the next part as well.
  if (is_part_wanted && !is_part_spoilt) batch.push_back(command_for(make_savepoint[++savepoint % 2]));
  is_part_spoilt = false;
  is_part_wanted = false;
}

// What was kept is there, or was lost with what it was sent with.
void Transaction::State::note_sent(bool is_done) {
  if (!is_done) lost_parts += kept_parts;
  // What comes now may be taken back, what is there may not.
  if (is_done && kept_parts > 0) is_part_wanted = true;
  kept.clear();
  kept_things.clear();
  first_to_join = 0;
  kept_parts = 0;
  kept_bytes = 0;
}

std::vector<Param> Transaction::State::params_of(RowsToWrite& rows) const {
  std::vector<Param> params = {actor.user_id};
  for (ArrayText& column : rows.columns) params.push_back(column.take());
  return params;
}

void Transaction::State::add_kept(std::vector<Command>& batch, std::vector<std::vector<Param>>& params) {
  params.reserve(kept.size());
  for (Held& one : kept)
    batch.push_back(command_for(one.statement, params.emplace_back(params_of(one.rows))));
}

// What a part writes stays in its order, and what is written of one thing, too: a write joins one of the same
// statement that goes out not before those of its own part, and never one that is followed by another about
// the same thing.
void Transaction::State::keep_held() {
  const auto is_kept = [&](const Uuid& thing) { return kept_things.contains(thing); };
  if (std::ranges::any_of(held,
                          [&](const Held& one) { return std::ranges::any_of(one.rows.things, is_kept); })) {
    first_to_join = kept.size();
    kept_things.clear();
  }
  std::size_t at = first_to_join;
  for (Held& one : held) {
    for (const ArrayText& column : one.rows.columns) kept_bytes += column.bytes();
    kept_things.insert(one.rows.things.begin(), one.rows.things.end());
    while (at < kept.size() && kept[at].statement.name != one.statement.name) ++at;
    if (at == kept.size()) {
      kept.push_back(std::move(one));
      continue;
    }
    for (std::size_t column = 0; column < one.rows.columns.size(); ++column)
      kept[at].rows.columns[column].append(one.rows.columns[column]);
  }
  held.clear();
}

Result<Rows> Transaction::State::send(std::span<const Command> commands) {
  const std::array<Param, 2> params = actor_params(actor);
  std::vector<Command> batch;
  if (!is_begun) {
    batch.push_back(command_for(is_write(access) ? begin_write : begin_read));
    batch.push_back(command_for(is_write(access) ? set_writer : set_actor, params));
  }
  add_part_commands(batch);
  std::vector<std::vector<Param>> kept_params;
  add_kept(batch, kept_params);
  batch.insert(batch.end(), commands.begin(), commands.end());
  Result<Rows> rows = database.measure(*lease.operator->(), actor, batch);
  note_sent(rows.has_value());
  return rows;
}

void Transaction::State::take_back() {
  if (lease && is_private) lease->retire();
  if (lease && !lease->is_broken() && !lease->is_idle()) {
    const Command command = command_for(rollback_statement);
    // When it fails the connection is not idle, and is closed instead of going back.
    static_cast<void>(database.send(*lease.operator->(), std::span(&command, 1)));
  }
  lease = Lease();
  replica = nullptr;
}

// What statements carry goes into PostgreSQL's log, the table and its indexes.
static std::int64_t bytes_written_by(std::span<const Command> commands) {
  constexpr std::int64_t copies = 3;
  std::int64_t bytes = 0;
  for (const Command& command : commands) {
    for (const Param& param : command.params)
      bytes += param.is_null() ? 0 : static_cast<std::int64_t>(param.text().size());
  }
  return copies * bytes;
}

Result<Rows> Transaction::State::run(std::span<const Command> commands) {
  if (is_over || is_failed) return internal("a statement after the end of its transaction");
  // In the middle too: what goes on for minutes must stop before the disk is full, and what is large before
  // it has taken the room that is set aside.
  if (Result<void> room = database.check_room(access, bytes_written_by(commands)); !room) {
    is_failed = true;
    return std::move(room).error();
  }
  Result<Rows> rows = send(commands);
  const bool is_replica_lost = !rows && replica != nullptr && is_replica_trouble(rows.error());
  if (is_replica_lost && is_away(rows.error())) Replicas::leave_out(*replica);
  if (is_replica_lost && is_begun) {
    Error lost = unavailable("A read replica got lost. Please try again.");
    lost.kind = "replica_lost";
    rows = std::move(lost);
  }
  if (!rows && !is_begun && (is_replica_lost || is_away(rows.error()))) {
    // Nothing of this transaction has been seen yet: a connection that died while it was idle is simply
    // replaced, a replica by the primary.
    take_back();
    is_failed = true;  // unless there is another one
    lease = TRY(database.pool().checkout(priority_of(actor), deadline));
    rows = send(commands);
  }
  is_begun = true;
  is_failed = !rows;
  return rows;
}

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;

Transaction& Transaction::operator=(Transaction&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Transaction::~Transaction() {
  if (state_) state_->take_back();
}

void RowsToWrite::add_row(std::initializer_list<Param> values) {
  std::size_t column = 0;
  for (const Param& value : values) columns[column++].add(value);
}

// What is kept beyond it goes out before more is held back.
constexpr std::size_t most_kept_bytes = std::size_t{1} << 20;

Result<Rows> Transaction::run(const Statement& statement, std::span<const Param> params) {
  const Command command = command_for(statement, params);
  return state_->run(std::span(&command, 1));
}

Result<Rows> Transaction::run_computed(std::string_view name,
                                       const std::string& sql,
                                       std::span<const Param> params) {
  const std::string prepared_name = name_of_computed(name, sql);
  const Command command{prepared_name, sql, params, true, state_->most_bytes};
  return state_->run(std::span(&command, 1));
}

Result<void> Transaction::write(const Statement& statement, RowsToWrite rows) {
  if (!state_->is_deferring) {
    TRY(run(statement, state_->params_of(rows)));
    return {};
  }
  if (state_->is_over || state_->is_failed) return internal("a statement after the end of its transaction");
  TRY(state_->database.check_room(state_->access));
  if (state_->kept_bytes > most_kept_bytes) TRY(state_->run({}));
  state_->held.push_back({statement, std::move(rows)});
  return {};
}

void Transaction::begin_part(Part part) {
  State& state = *state_;
  state.has_parts = true;
  state.is_deferring = part == Part::deferred;
  // Deferred parts that go out together share a savepoint.
  state.is_part_wanted = state.is_part_wanted || state.kept.empty();
}

void Transaction::keep_part() {
  State& state = *state_;
  if (!state.is_deferring) return;
  state.keep_held();
  ++state.kept_parts;
}

void Transaction::take_back_part() {
  State& state = *state_;
  // Nothing was sent of a part whose savepoint is still wanted, and nothing was changed by a deferred one
  // that is not kept.
  const bool has_changed = state.is_failed || !state.is_deferring;
  state.is_part_spoilt = state.is_part_spoilt || (has_changed && !state.is_part_wanted);
  if (state.kept.empty()) state.is_part_wanted = false;
  state.held.clear();
  state.is_failed = is_lost();
}

Result<void> Transaction::settle() {
  if (state_->kept.empty()) {
    state_->kept_parts = 0;  // they wrote nothing
    return {};
  }
  // What is kept was let in when it came: a disk that has become full since is no reason to leave it with
  // what comes next.
  const Result<Rows> rows = state_->send({});
  state_->is_failed = !rows;
  if (!rows) return rows.error();
  return {};
}

bool Transaction::has_lost_parts() const { return state_->lost_parts > 0; }

int Transaction::take_lost_parts() { return std::exchange(state_->lost_parts, 0); }

bool Transaction::is_lost() const { return !state_->lease || state_->lease->is_broken(); }

void Transaction::keep_connection_private() { state_->is_private = true; }
void Transaction::limit_answers(std::size_t bytes) { state_->most_bytes = bytes; }

Result<void> Transaction::commit() {
  State& state = *state_;
  if (state.is_failed && is_lost()) return database_away();
  if (state.is_over || state.is_failed) return internal("a commit after a failed statement");
  if (is_write(state.access) && state.actor.user_id.is_set() && !state.has_parts) {
    TRY(run_commit_hook(*this, state.actor.user_id, 0));
  }
  state.is_over = true;
  if (!state.is_begun) return {};
  std::vector<Command> batch;
  if (state.kept.empty()) state.is_part_wanted = false;
  state.add_part_commands(batch);
  std::vector<std::vector<Param>> kept_params;
  state.add_kept(batch, kept_params);
  batch.push_back(command_for(commit_statement));
  // With replicas, where the commit lies in the log comes back in the same round trip.
  const bool is_marked = state.database.replicas_ && is_write(state.access) && state.actor.user_id.is_set();
  if (is_marked) batch.push_back(command_for(commit_mark));
  const Result<Rows> done = state.database.measure(*state.lease.operator->(), state.actor, batch);
  state.note_sent(done.has_value());
  if (!done && !is_lost() && !state.lease->is_idle()) {
    state.is_over = false;
    state.is_failed = true;
    Error error = conflict("Something that was sent together with this was refused. Please try again.");
    error.kind = "parts_lost";
    return error;
  }
  const bool is_gone = is_lost();
  if (state.is_private) state.lease->retire();
  state.lease = Lease();
  if (done && is_marked)
    state.database.marks_->note(state.actor.user_id,
                                parse_log_position((*done)[0].text(0)).value_or(unknown_log_position));
  if (done) return {};
  Error error = done.error();
  if ((is_gone || is_away(error)) && is_write(state.access)) {
    if (is_marked) state.database.marks_->note(state.actor.user_id, unknown_log_position);
    error.kind = "commit_unknown";
    error.message =
        "The connection to the database broke while saving: the change may or may not be there. Please try "
        "again.";
  }
  return error;
}

}  // namespace dits
