// libpq's side of a Connection, for the files connection*.cpp: the handle, waiting for it, what went wrong.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <libpq-fe.h>

#include "server/db/connection.hpp"
#include "server/db/sql_error.hpp"

namespace dits {

using SteadyClock = std::chrono::steady_clock;
using Deadline = std::optional<SteadyClock::time_point>;

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

// No deadline for 0.
Deadline deadline_after(std::chrono::milliseconds time);
// Waits until the socket has one of `events`. False when the deadline passed.
bool wait_for(int socket, short events, const Deadline& deadline, short* happened = nullptr);

SqlFailure failure_of(const PGresult* result);
// PostgreSQL's own words, for the operator's eyes.
std::string words_of(const SqlFailure& failure);

struct Connection::Handle {
  explicit Handle(PGconn* opened) : connection(opened) {}
  ~Handle() { PQfinish(connection); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  int socket() const { return PQsocket(connection); }
  void mark_broken() { is_broken = true; }
  // Sends what is buffered, reading meanwhile so that neither side waits for the other. False: lost.
  bool flush(const Deadline& deadline) const;
  // Waits for input, doubting the server now and then. False: there will be none.
  bool wait_for_input(const Deadline& deadline) const;
  // The next result; null at the end of one command's results, or when the connection is lost or given up
  // because a single result is larger than most_unread (then is_broken).
  ResultPointer next(const Deadline& deadline);

  PGconn* connection;
  bool is_broken = false;
  std::size_t most_unread = 0;  // bytes of one result; 0: any number
  bool is_flooded = false;      // there were more
  bool is_late = false;         // given up because nothing came until the deadline
  ServerWatch* watch = nullptr;
};

}  // namespace dits
