#include "server/db/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "server/db/server_watch.hpp"
#include "server/db/sql_error.hpp"

namespace dits {

namespace {

using SteadyClock = std::chrono::steady_clock;
using Deadline = std::optional<SteadyClock::time_point>;

constexpr int oldest_server = 150000;
constexpr std::size_t most_computed = 100;  // prepared statements with computed text that a connection keeps

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

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

Deadline deadline_after(std::chrono::milliseconds time) {
  if (time.count() == 0) return std::nullopt;
  return SteadyClock::now() + time;
}

// Waits until the socket has one of `events`. False when the deadline passed.
bool wait_for(int socket, short events, const Deadline& deadline, short* happened = nullptr) {
  while (true) {
    int timeout = -1;
    if (deadline) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - SteadyClock::now()).count();
      if (left < 0) return false;
      timeout = static_cast<int>(std::min<std::int64_t>(left + 1, 3'600'000));
    }
    pollfd entry{socket, events, 0};
    const int count = ::poll(&entry, 1, timeout);
    if (count > 0) {
      if (happened != nullptr) *happened = entry.revents;
      return true;
    }
    if (count < 0 && errno != EINTR) return false;
  }
}

std::string diagnostic(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string{} : text;
}

SqlFailure failure_of(const PGresult* result) {
  return {diagnostic(result, PG_DIAG_SQLSTATE),
          diagnostic(result, PG_DIAG_MESSAGE_PRIMARY),
          diagnostic(result, PG_DIAG_CONSTRAINT_NAME),
          diagnostic(result, PG_DIAG_COLUMN_NAME),
          diagnostic(result, PG_DIAG_MESSAGE_DETAIL),
          diagnostic(result, PG_DIAG_MESSAGE_HINT),
          diagnostic(result, PG_DIAG_STATEMENT_POSITION)};
}

// Arrays as libpq wants them.
struct ParamArrays {
  explicit ParamArrays(std::span<const Param> params) {
    for (const Param& param : params) values.push_back(param.is_null() ? nullptr : param.text().c_str());
  }
  int count() const { return static_cast<int>(values.size()); }
  std::vector<const char*> values;
};

std::string session_settings(const ConnectionOptions& options) {
  const auto setting = [](std::string_view name, const std::string& value) {
    return " -c " + std::string(name) + "=" + value;
  };
  const auto milliseconds = [](std::chrono::milliseconds time) { return std::to_string(time.count()); };
  std::string text =
      setting("TimeZone", "UTC") + setting("DateStyle", "ISO") + setting("IntervalStyle", "iso_8601") +
      setting("search_path", "public") + setting("client_min_messages", "warning") +
      setting("statement_timeout", milliseconds(options.statement_timeout)) +
      setting("lock_timeout", milliseconds(options.lock_timeout)) +
      setting("idle_in_transaction_session_timeout", milliseconds(options.idle_in_transaction_timeout));
  if (!options.role.empty()) text += setting("role", options.role);
  return text;
}

// The password of another role on the same server; empty when there is none to make it from.
std::string login_password(std::string_view password, const std::string& role) {
  return password.empty() ? std::string{} : hex(hmac_sha256(password, "dits login " + role));
}

// The password in the URL, else the environment's, as libpq finds it.
std::string password_of(const Secret& url) {
  const auto free_options = [](PQconninfoOption* list) { PQconninfoFree(list); };
  const std::unique_ptr<PQconninfoOption, decltype(free_options)> options(
      PQconninfoParse(url.reveal().c_str(), nullptr), free_options);
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    if (std::string_view(option->keyword) == "password" && option->val != nullptr) return option->val;
  }
  const char* variable = std::getenv("PGPASSWORD");  // NOLINT(concurrency-mt-unsafe): nobody changes it
  return variable == nullptr ? std::string{} : variable;
}

}  // namespace

struct Connection::Handle {
  explicit Handle(PGconn* connection_) : connection(connection_) {}
  ~Handle() { PQfinish(connection); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  int socket() const { return PQsocket(connection); }
  void mark_broken() { is_broken = true; }

  // Sends what is buffered, reading meanwhile so that neither side waits for the other. False: lost.
  bool flush(const Deadline& deadline) {
    while (true) {
      const int pending = PQflush(connection);
      if (pending == 0) return true;
      short happened = 0;
      if (pending < 0 || !wait_for(socket(), POLLIN | POLLOUT, deadline, &happened)) return false;
      if ((happened & POLLIN) != 0 && PQconsumeInput(connection) != 1) return false;
    }
  }

  // Waits for input, doubting the server now and then. False: there will be none.
  bool wait_for_input(const Deadline& deadline) const {
    const auto start = SteadyClock::now();
    while (true) {
      const Deadline doubt = watch == nullptr ? Deadline() : Deadline(watch->doubt_due(start));
      const bool is_last = !doubt || (deadline && *deadline <= *doubt);
      if (wait_for(socket(), POLLIN, is_last ? deadline : doubt)) return true;
      if (is_last) return false;
      if (SteadyClock::now() >= watch->doubt_due(start) && !watch->is_there()) return false;
    }
  }

  // The next result; null at the end of one command's results, or when the connection is lost (then
  // is_broken).
  ResultPointer next(const Deadline& deadline) {
    while (PQisBusy(connection) == 1) {
      if (!wait_for_input(deadline) || PQconsumeInput(connection) != 1) {
        mark_broken();
        return nullptr;
      }
      if (watch != nullptr) watch->hear();
    }
    ResultPointer result(PQgetResult(connection));
    if (PQstatus(connection) == CONNECTION_BAD) mark_broken();
    return result;
  }

  PGconn* connection;
  bool is_broken = false;
  ServerWatch* watch = nullptr;
};

Connection::Connection(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Connection::~Connection() = default;

namespace {

PGconn* start_connecting(const ConnectionOptions& options) {
  const std::string settings = session_settings(options);
  std::vector<const char*> keywords = {"dbname",
                                       "application_name",
                                       "client_encoding",
                                       "options",
                                       "keepalives_idle",
                                       "keepalives_interval",
                                       "keepalives_count",
                                       "tcp_user_timeout"};
  std::vector<const char*> values = {options.url.reveal().c_str(),
                                     options.application_name.c_str(),
                                     "UTF8",
                                     settings.c_str(),
                                     "30",
                                     "5",
                                     "3",
                                     "15000"};
  if (!options.database.empty()) {
    keywords.push_back("dbname");  // only the first one is read as a URL, the last one names the database
    values.push_back(options.database.c_str());
  }
  const std::string password =
      options.login.empty() ? std::string{} : login_password(password_of(options.url), options.login);
  if (!options.login.empty()) {
    keywords.insert(keywords.end(), {"user", "password"});
    values.insert(values.end(), {options.login.c_str(), password.c_str()});
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);

  return PQconnectStartParams(keywords.data(), values.data(), 1);
}

// Goes on until the server has let us in or refused. False: it was silent until the deadline.
bool finish_connecting(PGconn* connection, const Deadline& deadline) {
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (PQstatus(connection) != CONNECTION_BAD && status != PGRES_POLLING_OK &&
         status != PGRES_POLLING_FAILED) {
    const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!wait_for(PQsocket(connection), events, deadline)) return false;
    status = PQconnectPoll(connection);
  }
  return true;
}

}  // namespace

bool Connection::server_answers(const ConnectionOptions& options, std::chrono::milliseconds at_most) {
  const Handle handle(start_connecting(options));
  return finish_connecting(handle.connection, deadline_after(at_most));
}

void Connection::doubt_silence(ServerWatch& watch) { handle_->watch = &watch; }

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options) {
  auto handle = std::make_unique<Handle>(start_connecting(options));
  PGconn* connection = handle->connection;
  if (!finish_connecting(connection, deadline_after(options.connect_timeout))) return database_away();
  if (PQstatus(connection) != CONNECTION_OK) {
    std::string reason = PQerrorMessage(connection);
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    for (std::size_t at = 0; (at = reason.find("\n\t", at)) != std::string::npos;) reason.replace(at, 2, " ");
    log::debug("database connection failed", {{"reason", reason}});
    Error error = database_away();
    error.message = "cannot connect to the database: " + reason;
    return error;
  }
  if (PQserverVersion(connection) < oldest_server) {
    return invalid("--database-url",
                   "PostgreSQL 15 or newer is needed; this server is " +
                       std::string(PQparameterStatus(connection, "server_version")) + ".");
  }
  PQsetnonblocking(connection, 1);
  PQsetNoticeProcessor(
      connection,
      [](void*, const char* message) {
        log::debug("database notice", {{"message", message}});
      },
      nullptr);
  PQenterPipelineMode(connection);
  auto opened = std::unique_ptr<Connection>(new Connection(std::move(handle)));
  opened->tells_errors_ = options.tells_errors;
  // A server that hangs without closing the connection ends its own statements late or never; this much later
  // we stop waiting.
  if (options.statement_timeout.count() > 0)
    opened->answer_timeout_ = options.statement_timeout + std::chrono::seconds(1);
  return opened;
}

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
    ResultPointer result = handle_->next(deadline);
    while (result && PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
      keeper.take(std::move(result));
      result = handle_->next(deadline);
    }
    const ExecStatusType status = result ? PQresultStatus(result.get()) : PGRES_FATAL_ERROR;
    if (result && status == PGRES_FATAL_ERROR && !error)
      error = tells_errors_ ? told_error_from_sql(name, failure_of(result.get()), sql)
                            : error_from_sql(name, failure_of(result.get()));
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

Result<void> Connection::set_login_password(const std::string& role) {
  const std::string password = login_password(PQpass(handle_->connection), role);
  if (password.empty()) return {};
  const std::unique_ptr<char, decltype(&PQfreemem)> verifier(
      PQencryptPasswordConn(handle_->connection, password.c_str(), role.c_str(), "scram-sha-256"), PQfreemem);
  const std::unique_ptr<char, decltype(&PQfreemem)> name(
      PQescapeIdentifier(handle_->connection, role.c_str(), role.size()), PQfreemem);
  if (!verifier || !name) return internal("cannot make a password for " + role);
  return run_script("ALTER ROLE " + std::string(name.get()) + " PASSWORD '" + verifier.get() + "'");
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
    if (error->kind != "database_away") error->message = failure.message + " (" + failure.sqlstate + ")";
  }
  if (!is_broken()) PQenterPipelineMode(connection);
  if (error) return std::move(*error);
  if (is_broken()) return database_away();
  return {};
}

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
      if (error->kind != "database_away") error->message = failure.message + " (" + failure.sqlstate + ")";
    }
  }
  if (!is_broken()) PQenterPipelineMode(handle_->connection);
  if (error) return std::move(*error);
  if (is_broken()) return database_away();
  return rows;
}

Result<void> Connection::begin_copy_in(const std::string& sql) {
  if (is_broken()) return database_away();
  PGconn* connection = handle_->connection;
  PQexitPipelineMode(connection);
  const Deadline deadline = deadline_after(answer_timeout_);
  if (PQsendQuery(connection, sql.c_str()) != 1 || !handle_->flush(deadline)) return lost();
  const ResultPointer result = handle_->next(deadline);
  if (!result) return lost();
  if (PQresultStatus(result.get()) == PGRES_COPY_IN) return {};
  const SqlFailure failure = failure_of(result.get());
  static_cast<void>(leave_copy());
  return internal(failure.message + " (" + failure.sqlstate + ")");
}

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
  if (is_broken()) return database_away();
  PGconn* connection = handle_->connection;
  PQexitPipelineMode(connection);
  const Deadline deadline = deadline_after(answer_timeout_);
  if (PQsendQuery(connection, sql.c_str()) != 1 || !handle_->flush(deadline)) return lost();
  const ResultPointer result = handle_->next(deadline);
  if (!result) return lost();
  if (PQresultStatus(result.get()) != PGRES_COPY_OUT) {
    const SqlFailure failure = failure_of(result.get());
    static_cast<void>(leave_copy());
    return internal(failure.message + " (" + failure.sqlstate + ")");
  }
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
      notices.push_back({notify->relname, notify->extra});
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

Result<std::vector<std::string>> connection_environment(const Secret& url) {
  const auto free_options = [](PQconninfoOption* list) { PQconninfoFree(list); };
  using Options = std::unique_ptr<PQconninfoOption, decltype(free_options)>;
  const Options options(PQconninfoParse(url.reveal().c_str(), nullptr), free_options);
  if (!options) return invalid("--database-url", "The database's URL can't be read.");
  std::vector<std::string> variables;
  const auto take = [&variables](const char* name, const char* value) {
    if (value != nullptr) variables.push_back(std::string(name) + "=" + value);
  };
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->envvar == nullptr) continue;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes it
    take(option->envvar, option->val != nullptr ? option->val : std::getenv(option->envvar));
  }
  // Where passwords, services and certificates are looked for.
  for (const char* name : {"HOME", "PGSERVICEFILE", "PGSYSCONFDIR"})
    take(name, std::getenv(name));  // NOLINT(concurrency-mt-unsafe): as above
  return variables;
}

}  // namespace dits
