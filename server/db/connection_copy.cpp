// COPY: rows in pieces, into the database and out of it.
#include <cstdlib>

#include <libpq-fe.h>
#include <poll.h>

#include "server/db/connection_handle.hpp"

namespace dits {

// The command's own answer, and back into pipeline mode; the number of rows it moved.
Result<std::int64_t> Connection::leave_copy() {
  const Deadline deadline = deadline_after(answer_timeout_);
  std::optional<Error> error;
  std::int64_t rows = 0;
  while (const ResultPointer result = handle_->next(deadline)) {
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) {
      rows = std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
    } else if (!error) {
      const SqlFailure failure = failure_of(result.get());
      error = error_from_sql("copy", failure);
      if (error->kind != "database_away") error->message = words_of(failure);
    }
  }
  if (!is_broken()) PQenterPipelineMode(handle_->connection);
  if (error) return std::move(*error);
  if (is_broken()) return database_away();
  return rows;
}

// Errors: unavailable; internal, with PostgreSQL's words, when the statement is refused or is no such COPY.
Result<void> Connection::begin_copy(const std::string& sql, Copy copy) {
  if (is_broken()) return database_away();
  PGconn* connection = handle_->connection;
  PQexitPipelineMode(connection);
  const Deadline deadline = deadline_after(answer_timeout_);
  if (PQsendQuery(connection, sql.c_str()) != 1 || !handle_->flush(deadline)) return lost();
  const ResultPointer result = handle_->next(deadline);
  if (!result) return lost();
  if (PQresultStatus(result.get()) == (copy == Copy::in ? PGRES_COPY_IN : PGRES_COPY_OUT)) return {};
  const SqlFailure failure = failure_of(result.get());
  static_cast<void>(leave_copy());
  return internal(words_of(failure));
}

Result<void> Connection::begin_copy_in(const std::string& sql) { return begin_copy(sql, Copy::in); }

Result<void> Connection::put_copy_data(std::string_view piece) {
  const Deadline deadline = deadline_after(answer_timeout_);
  if (is_broken() || PQputCopyData(handle_->connection, piece.data(), static_cast<int>(piece.size())) != 1 ||
      !handle_->flush(deadline)) {
    return lost();
  }
  return {};
}

Result<std::int64_t> Connection::end_copy_in() {
  const Deadline deadline = deadline_after(answer_timeout_);
  if (is_broken() || PQputCopyEnd(handle_->connection, nullptr) != 1 || !handle_->flush(deadline))
    return lost();
  return leave_copy();
}

Result<void> Connection::copy_out(const std::string& sql,
                                  const std::function<Result<void>(std::string_view row)>& take) {
  TRY(begin_copy(sql, Copy::out));
  PGconn* connection = handle_->connection;
  const Deadline deadline = deadline_after(answer_timeout_);
  while (true) {
    char* row = nullptr;
    const int size = PQgetCopyData(connection, &row, 1);
    if (size > 0) {
      const std::unique_ptr<char, void (*)(void*)> owned(row, PQfreemem);
      if (const Result<void> taken = take({row, static_cast<std::size_t>(size)}); !taken) {
        handle_->mark_broken();
        return taken;
      }
      continue;
    }
    if (size == -1) break;
    if (size < -1 || !wait_for(handle_->socket(), POLLIN, deadline) || PQconsumeInput(connection) != 1)
      return lost();
  }
  TRY(leave_copy());
  return {};
}

}  // namespace dits
