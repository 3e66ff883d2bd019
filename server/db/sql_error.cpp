#include "server/db/sql_error.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "server/base/disk_space.hpp"
#include "server/base/log.hpp"

namespace dits {

namespace {

Error with_kind(Error error, std::string kind) {
  error.kind = std::move(kind);
  return error;
}

Error constraint_error(ErrorCode code,
                       std::string_view kind,
                       std::string message,
                       const SqlFailure& failure) {
  return {code,
          std::move(message),
          failure.constraint.empty() ? failure.column : failure.constraint,
          std::string(kind)};
}

// PostgreSQL has found no room, of which there are three kinds: for what is saved; for what a question sorts
// and joins, which has nothing to do with saving; and in the memory that its processes share. The names that
// tell them apart stand in its message in every language.
Error no_room(const std::string& message) {
  const auto speaks_of = [&](std::string_view name) { return message.find(name) != std::string::npos; };
  if (speaks_of("/PostgreSQL.") || speaks_of("/dev/shm"))
    return unavailable(
        "PostgreSQL's processes have too little memory to share (/dev/shm on its machine): ask for less at a "
        "time, or make that larger.");
  Error error = disk_full();
  if (speaks_of("pgsql_tmp"))
    error.message =
        "The disk of the server is full, and to answer this the database needs room on it for a moment: ask "
        "for less at a time, or free some space.";
  return error;
}

}  // namespace

Error database_away() {
  return with_kind(unavailable("The database can't be reached at the moment. Please try again shortly."),
                   "database_away");
}

Error took_too_long() {
  return with_kind(
      unavailable("This took longer than a statement here may take, and was stopped. Ask for less "
                  "(WHERE, LIMIT), or use dits db shell."),
      "timeout");
}

Error error_from_sql(std::string_view name, const SqlFailure& failure) {
  const std::string& state = failure.sqlstate;
  const std::string_view group = std::string_view(state).substr(0, 2);
  // 08P01 is a message of ours that the server did not understand: our own bug.
  if (state.empty() || (group == "08" && state != "08P01") || state == "57P01" || state == "57P02" ||
      state == "57P03")
    return database_away();
  if (state == "DT001") return invalid(failure.column, failure.message);
  if (state == "23505") {
    return constraint_error(ErrorCode::conflict,
                            "unique_violation",
                            "Something with this name or number exists already.",
                            failure);
  }
  if (state == "23503") {
    return constraint_error(ErrorCode::not_found,
                            "foreign_key_violation",
                            "Something that this refers to does not exist.",
                            failure);
  }
  if (group == "23" || group == "22" || state == "54000") {
    log::debug("statement refused", {{"statement", name}, {"sqlstate", state}, {"message", failure.message}});
    return constraint_error(ErrorCode::invalid, "check_violation", "A value is not allowed here.", failure);
  }
  if (state == "40001" || state == "40P01") {
    return with_kind(conflict("Somebody changed the same things at the same moment. Please try again."),
                     "serialization_failure");
  }
  log::warn("statement failed", {{"statement", name}, {"sqlstate", state}, {"message", failure.message}});
  if (state == "57014" || state == "55P03" || state == "25P03") {
    return with_kind(unavailable("The database took too long to answer. Please try again."), "timeout");
  }
  if (state == "53100") return no_room(failure.message);
  if (state == "58030") return disk_failed();
  if (group == "53") return unavailable("The database is out of resources. Please try again shortly.");
  // A migration changed a table under a connection that had planned for the old one; the caller's connection
  // is closed.
  if (state == "0A000" && failure.message.find("cached plan") != std::string::npos) return database_away();
  return internal("statement " + std::string(name) + ": " + state + " " + failure.message);
}

static constexpr std::size_t own_line_bytes = 120;

// Of the connection, the moment or the disk; all else is the statement's own.
static bool is_about_server(const std::string& state) {
  constexpr std::array<std::string_view, 11> states = {
      "57P01", "57P02", "57P03", "40001", "40P01", "55P03", "25P03", "53000", "53100", "53300", "58030"};
  return state.empty() || (state.starts_with("08") && state != "08P01") ||
         std::ranges::find(states, state) != states.end();
}

static Error statement_error(std::string message) {
  return {ErrorCode::invalid, std::move(message), {}, "sql_error"};
}

static std::string sentence(std::string text) {
  if (!text.ends_with('.')) text += '.';
  return text;
}

// Why PostgreSQL permits it to nobody who asks by Studio.
static std::string reason_of(const std::string& message) {
  const auto is_of = [&](std::string_view thing) {
    return message.starts_with("permission denied for " + std::string(thing));
  };
  if (is_of("table") || is_of("view") || is_of("column")) {
    return "Studio shows no passwords, no hashes of secrets and no columns of PostgreSQL's own such as ctid "
           "(name the columns that you want), keeps the log as it is, and deletes no accounts.";
  }
  if (is_of("function"))
    return "Studio runs no functions that reach beyond the data. For these there is dits db shell.";
  return "It is for the owner of the database: dits db shell.";
}

Error told_error_from_sql(std::string_view name, const SqlFailure& failure, std::string_view sql) {
  const std::string_view group = std::string_view(failure.sqlstate).substr(0, 2);
  if (failure.sqlstate == "57014") return took_too_long();
  if (is_about_server(failure.sqlstate)) return error_from_sql(name, failure);
  // What PostgreSQL says of these is about the way in which we ask it.
  if (failure.sqlstate == "08P01")
    return statement_error("Nobody gives a value for $1 here: write the value itself into the statement.");
  if (failure.sqlstate == "54001") return statement_error("The statement is nested too deeply or too long.");
  std::string message = failure.message;
  if (!failure.detail.empty()) message = sentence(std::move(message)) + " " + failure.detail;
  if (!failure.hint.empty()) message += " " + failure.hint;
  if (failure.sqlstate == "42501") message = sentence(std::move(message)) + " " + reason_of(failure.message);
  if (const long position = std::atol(failure.position.c_str()); position > 0) {
    // A first line that ends in "--" is ours, not the person's.
    const std::size_t own = sql.find("--\n");
    const long skipped = own < own_line_bytes ? static_cast<long>(own + 3) : 0;
    long line = 1;
    long column = 1;
    long character = skipped + 1;
    for (const char c : sql.substr(static_cast<std::size_t>(skipped))) {
      if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
      if (character++ == position) break;
      ++column;
      if (c == '\n') {
        ++line;
        column = 1;
      }
    }
    message += " (line " + std::to_string(line) + ", column " + std::to_string(column) + ")";
  }
  const ErrorCode code = group == "23" && failure.sqlstate == "23505" ? ErrorCode::conflict
                         : failure.sqlstate == "42501"                ? ErrorCode::forbidden
                                                                      : ErrorCode::invalid;
  return {
      code, std::move(message), failure.column.empty() ? failure.constraint : failure.column, "sql_error"};
}

}  // namespace dits
