#include "server/db/connection_handle.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

#include "server/db/server_watch.hpp"

namespace {

constexpr std::size_t read_at_once = std::size_t{1} << 20;
thread_local std::size_t* left_to_read = nullptr;  // of what libpq may take now; null: as much as there is

}  // namespace

// libpq reads on in one call for as long as the server keeps up, hundreds of megabytes of one row, and
// nothing of it can be counted meanwhile. So the linker leads its recv() through here (CMakeLists.txt,
// --wrap): when what it may take is taken, there is nothing more to read for the moment.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
extern "C" ssize_t __real_recv(int socket, void* buffer, std::size_t size, int flags);
extern "C" ssize_t __wrap_recv(int socket, void* buffer, std::size_t size, int flags) {
  if (left_to_read == nullptr) return __real_recv(socket, buffer, size, flags);
  if (*left_to_read == 0) {
    errno = EWOULDBLOCK;
    return -1;
  }
  const ssize_t taken = __real_recv(socket, buffer, std::min(size, *left_to_read), flags);
  if (taken > 0) *left_to_read -= static_cast<std::size_t>(taken);
  return taken;
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace dits {

Deadline deadline_after(std::chrono::milliseconds time) {
  if (time.count() == 0) return std::nullopt;
  return SteadyClock::now() + time;
}

bool wait_for(int socket, short events, const Deadline& deadline, short* happened) {
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

// A value that PostgreSQL quotes in its sentence may have hundreds of megabytes; nobody reads that far.
constexpr std::size_t most_words = 4096;

static std::string diagnostic(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  if (text == nullptr) return {};
  std::size_t size = ::strnlen(text, most_words + 1);
  if (size <= most_words) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return std::string(text, size) + "…";
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

std::string words_of(const SqlFailure& failure) { return failure.message + " (" + failure.sqlstate + ")"; }

bool Connection::Handle::flush(const Deadline& deadline) const {
  while (true) {
    const int pending = PQflush(connection);
    if (pending == 0) return true;
    short happened = 0;
    if (pending < 0 || !wait_for(socket(), POLLIN | POLLOUT, deadline, &happened)) return false;
    if ((happened & POLLIN) != 0 && PQconsumeInput(connection) != 1) return false;
  }
}

bool Connection::Handle::wait_for_input(const Deadline& deadline) const {
  const auto start = SteadyClock::now();
  while (true) {
    const Deadline doubt = watch == nullptr ? Deadline() : Deadline(watch->doubt_due(start));
    const bool is_last = !doubt || (deadline && *deadline <= *doubt);
    if (wait_for(socket(), POLLIN, is_last ? deadline : doubt)) return true;
    if (is_last) return false;
    if (SteadyClock::now() >= watch->doubt_due(start) && !watch->is_there()) return false;
  }
}

ResultPointer Connection::Handle::next(const Deadline& deadline) {
  std::size_t unread = 0;
  while (PQisBusy(connection) == 1) {
    if (!wait_for_input(deadline)) {
      is_late = deadline && SteadyClock::now() >= *deadline;
      mark_broken();
      return nullptr;
    }
    std::size_t left = read_at_once;
    if (most_unread > 0) left_to_read = &left;
    const bool is_read = PQconsumeInput(connection) == 1;
    left_to_read = nullptr;
    unread += read_at_once - left;
    is_flooded = most_unread > 0 && unread > most_unread;
    if (is_flooded || !is_read) {
      mark_broken();
      return nullptr;
    }
    if (watch != nullptr) watch->hear();
  }
  ResultPointer result(PQgetResult(connection));
  if (PQstatus(connection) == CONNECTION_BAD) mark_broken();
  return result;
}

}  // namespace dits
