#include "server/db/connection.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include "server/db/connection_handle.hpp"

namespace dits {

namespace {

constexpr std::size_t most_computed = 100;  // prepared statements with computed text that a connection keeps

// Rows that come one by one: the first ones are kept, as many as fit, and the others forgotten.
class RowKeeper {
 public:
  explicit RowKeeper(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  void take(ResultPointer row) {
    bytes_ += PQresultMemorySize(row.get());
    is_cut_ = is_cut_ || (bytes_ > most_bytes_ && !rows_.empty());
    if (!is_cut_) rows_.push_back(std::move(row));
  }
  // One result of the kept rows; `end` is what came behind the last of them.
  ResultPointer whole(ResultPointer end) {
    if (rows_.empty()) return end;
    ResultPointer whole(PQcopyResult(end.get(), PG_COPYRES_ATTRS));
    for (std::size_t at = 0; whole && at < rows_.size(); ++at) {
      const PGresult* row = rows_[at].get();
      for (int column = 0; column < PQnfields(row); ++column) {
        const bool is_null = PQgetisnull(row, 0, column) == 1;
        PQsetvalue(whole.get(),
                   static_cast<int>(at),
                   column,
                   is_null ? nullptr : PQgetvalue(row, 0, column),
                   is_null ? -1 : PQgetlength(row, 0, column));
      }
      rows_[at].reset();
    }
    return whole;
  }
  bool is_cut() const { return is_cut_; }

 private:
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  bool is_cut_ = false;
  std::vector<ResultPointer> rows_;
};

Error too_large_row(std::size_t most_bytes) {
  Error error =
      invalid({},
              "One row of this answer has more than " + std::to_string(2 * most_bytes / (1024 * 1024)) +
                  " MB, and was not read. Ask for a part of it: left(column, 1000), for example.");
  error.kind = "sql_error";
  return error;
}

// Arrays as libpq wants them.
struct ParamArrays {
  explicit ParamArrays(std::span<const Param> params) {
    for (const Param& param : params) values.push_back(param.is_null() ? nullptr : param.text().c_str());
  }
  int count() const { return static_cast<int>(values.size()); }
  std::vector<const char*> values;
};

}  // namespace

Connection::Connection(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Connection::~Connection() = default;

void Connection::doubt_silence(ServerWatch& watch) { handle_->watch = &watch; }

Error Connection::lost() {
  handle_->mark_broken();
  return database_away();
}

Result<void> Connection::make_room_for_computed() {
  if (computed_count_ < most_computed) return {};
  auto oldest = prepared_.end();
  for (auto at = prepared_.begin(); at != prepared_.end(); ++at) {
    if (at->second > 0 && (oldest == prepared_.end() || at->second < oldest->second)) oldest = at;
  }
  if (oldest == prepared_.end()) return {};
  if (PQsendClosePrepared(handle_->connection, oldest->first.c_str()) != 1) return lost();
  prepared_.erase(oldest);
  --computed_count_;
  sent_.push_back(Sent::close);
  return {};
}

Result<void> Connection::send(const Command& command) {
  PGconn* connection = handle_->connection;
  const std::string name(command.name);
  const auto known = prepared_.find(name);
  if (known != prepared_.end()) {
    if (command.is_computed) known->second = ++use_;
  } else if (std::ranges::find(being_prepared_, std::pair(name, command.is_computed)) ==
             being_prepared_.end()) {
    if (command.is_computed) TRY(make_room_for_computed());
    if (PQsendPrepare(connection, name.c_str(), std::string(command.sql).c_str(), 0, nullptr) != 1)
      return lost();
    sent_.push_back(Sent::prepare);
    being_prepared_.emplace_back(name, command.is_computed);
  }
  const ParamArrays params(command.params);
  if (PQsendQueryPrepared(
          connection, name.c_str(), params.count(), params.values.data(), nullptr, nullptr, 0) != 1)
    return lost();
  sent_.push_back(Sent::execute);
  return {};
}

Result<Rows> Connection::run(std::span<const Command> commands) {
  Result<Rows> rows = run_batch(commands);
  // A batch that failed has taken back what it set, and what it had found there.
  if (!rows) forget_reader();
  return rows;
}

Result<Rows> Connection::run_batch(std::span<const Command> commands) {
  if (is_broken()) return database_away();
  sent_.clear();
  being_prepared_.clear();
  for (const Command& command : commands) TRY(send(command));
  if (commands.empty()) return collect({}, {});
  return collect(commands.back().name, commands.back().sql, commands.back().most_bytes);
}

// Ends the batch with a sync and reads what comes back. What was prepared is remembered once the server has
// said so.
Result<Rows> Connection::collect(std::string_view name, std::string_view sql, std::size_t most_bytes) {
  const Deadline deadline = deadline_after(answer_timeout_);
  if (PQpipelineSync(handle_->connection) != 1 || !handle_->flush(deadline)) return lost();
  std::optional<Error> error;
  ResultPointer last;
  std::size_t prepared = 0;
  RowKeeper keeper(most_bytes);
  for (std::size_t at = 0; at < sent_.size(); ++at) {
    const Sent what = sent_[at];
    const bool is_kept_short = most_bytes > 0 && at + 1 == sent_.size();
    if (is_kept_short) PQsetSingleRowMode(handle_->connection);
    handle_->most_unread = is_kept_short ? 2 * most_bytes : 0;
    ResultPointer result = handle_->next(deadline);
    while (result && PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
      keeper.take(std::move(result));
      result = handle_->next(deadline);
    }
    const ExecStatusType status = result ? PQresultStatus(result.get()) : PGRES_FATAL_ERROR;
    if (result && status == PGRES_FATAL_ERROR && !error)
      error = tells_errors_ ? told_error_from_sql(name, failure_of(result.get()), sql)
                            : error_from_sql(name, failure_of(result.get()));
    if (handle_->is_flooded) return too_large_row(most_bytes);
    // PostgreSQL looks at its own limit of time only between two of its steps.
    if (!result && tells_errors_ && handle_->is_late) return took_too_long();
    if (!result || is_broken()) return lost();
    if (status == PGRES_COMMAND_OK && what == Sent::prepare) ++prepared;
    if ((status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) && what == Sent::execute)
      last = keeper.whole(std::move(result));
    while (handle_->next(deadline)) {
    }
    if (is_broken()) return lost();
  }
  TRY(take_sync());
  for (std::size_t at = 0; at < prepared; ++at) {
    const auto& [prepared_name, is_computed] = being_prepared_[at];
    prepared_[prepared_name] = is_computed ? ++use_ : 0;
    if (is_computed) ++computed_count_;
  }
  if (error) {
    if (error->kind == "database_away") handle_->mark_broken();
    return std::move(*error);
  }
  return Rows(
      std::shared_ptr<void>(last.release(), [](void* result) { PQclear(static_cast<PGresult*>(result)); }),
      keeper.is_cut());
}

Result<void> Connection::take_sync() {
  const Deadline deadline = deadline_after(answer_timeout_);
  const ResultPointer sync = handle_->next(deadline);
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) return lost();
  while (handle_->next(deadline)) {
  }
  return {};
}

Result<Rows> Connection::run_once(std::string_view sql, std::span<const Param> params) {
  if (is_broken()) return database_away();
  sent_.assign(1, Sent::execute);
  being_prepared_.clear();
  const ParamArrays arrays(params);
  if (PQsendQueryParams(handle_->connection,
                        std::string(sql).c_str(),
                        arrays.count(),
                        nullptr,
                        arrays.values.data(),
                        nullptr,
                        nullptr,
                        0) != 1) {
    return lost();
  }
  return collect("once", sql);
}

Result<void> Connection::run_script(const std::string& sql) {
  if (is_broken()) return database_away();
  PGconn* connection = handle_->connection;
  PQexitPipelineMode(connection);
  const Deadline deadline = deadline_after(answer_timeout_);
  std::optional<Error> error;
  if (PQsendQuery(connection, sql.c_str()) != 1 || !handle_->flush(deadline)) return lost();
  while (const ResultPointer result = handle_->next(deadline)) {
    if (PQresultStatus(result.get()) != PGRES_FATAL_ERROR || error) continue;
    const SqlFailure failure = failure_of(result.get());
    error = error_from_sql("script", failure);
    if (error->kind != "database_away") error->message = words_of(failure);
  }
  if (!is_broken()) PQenterPipelineMode(connection);
  if (error) return std::move(*error);
  if (is_broken()) return database_away();
  return {};
}

bool Connection::ping(std::chrono::milliseconds at_most) {
  const Deadline deadline = deadline_after(at_most);
  if (is_broken() || PQpipelineSync(handle_->connection) != 1 || !handle_->flush(deadline)) {
    handle_->mark_broken();
    return false;
  }
  const ResultPointer sync = handle_->next(deadline);
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) {
    handle_->mark_broken();
    return false;
  }
  while (handle_->next(deadline)) {
  }
  return !is_broken();
}

Result<std::vector<Notice>> Connection::wait_for_notices(std::chrono::milliseconds at_most, int also) {
  PGconn* connection = handle_->connection;
  std::vector<Notice> notices;
  const auto take_all = [&] {
    using NotifyPointer = std::unique_ptr<PGnotify, decltype([](PGnotify* notify) { PQfreemem(notify); })>;
    while (const NotifyPointer notify{PQnotifies(connection)}) {
      notices.push_back({notify->relname, notify->extra, notify->be_pid});
    }
  };
  if (is_broken()) return database_away();
  take_all();  // those that came with answers
  if (!notices.empty()) return notices;
  std::array<pollfd, 2> entries{pollfd{handle_->socket(), POLLIN, 0}, pollfd{also, POLLIN, 0}};
  if (::poll(entries.data(), also < 0 ? 1 : 2, static_cast<int>(at_most.count())) <= 0) return notices;
  if (entries[0].revents == 0) return notices;
  if (PQconsumeInput(connection) != 1) return lost();
  take_all();
  if (is_broken()) return lost();
  return notices;
}

void Connection::retire() { handle_->mark_broken(); }

bool Connection::is_broken() const {
  return handle_->is_broken || PQstatus(handle_->connection) != CONNECTION_OK;
}
bool Connection::is_idle() const {
  return !is_broken() && PQtransactionStatus(handle_->connection) == PQTRANS_IDLE;
}

bool Connection::looks_alive() {
  if (is_broken()) return false;
  // Whatever arrives while nobody asked is nearly always the farewell of a server that shuts down.
  pollfd entry{handle_->socket(), POLLIN, 0};
  return ::poll(&entry, 1, 0) == 0;
}

int Connection::server_version() const { return PQserverVersion(handle_->connection); }

bool Connection::is_local() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ::getsockname(handle_->socket(), reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
         address.ss_family == AF_UNIX;
}

}  // namespace dits
