// How a Connection comes to be: settings of the session, roles that log in, waiting for the server.
#include <cstdlib>

#include <libpq-fe.h>
#include <poll.h>

#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "server/db/connection_handle.hpp"

namespace dits {

namespace {

constexpr int oldest_server = 150000;

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

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options) {
  auto handle = std::make_unique<Handle>(start_connecting(options));
  PGconn* connection = handle->connection;
  if (!finish_connecting(connection, deadline_after(options.connect_timeout))) return database_away();
  if (PQstatus(connection) != CONNECTION_OK) {
    std::string reason = PQerrorMessage(connection);
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    for (std::size_t at = 0; (at = reason.find("\n\t", at)) != std::string::npos;)
      reason.replace(at, 2, ". ");
    if (reason.empty()) reason = "no socket could be opened: too many files are open (ulimit -n)";
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
