// Sockets, buffers and deadlines of one connection.
#include "server/http/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/http/errors.hpp"

namespace dits::http {
namespace {

constexpr std::size_t max_blank_bytes = 64;
constexpr std::size_t buffer_bytes = std::size_t{16} * 1024;
// Buffers that grew beyond this are given back after the request.
constexpr std::size_t kept_bytes = std::size_t{64} * 1024;
// What the system keeps for a client beyond what is on its way: more would be said to be taken long before it
// is, and would be its memory for each client that does not read.
constexpr int unsent_in_system = 32 * 1024;

IoResult read_plain(int socket, char* buffer, std::size_t size) {
  for (;;) {
    const ssize_t count = ::recv(socket, buffer, size, MSG_DONTWAIT);
    if (count > 0) return {IoState::done, static_cast<std::size_t>(count)};
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {IoState::wants_read, 0};
    return {IoState::closed, 0};
  }
}

IoResult write_plain(int socket, const char* bytes, std::size_t size) {
  for (;;) {
    const ssize_t count = ::send(socket, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) return {IoState::done, static_cast<std::size_t>(count)};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoState::wants_write, 0};
    return {IoState::closed, 0};
  }
}

Error with_kind(Error error, std::string_view kind) {
  error.kind = kind;
  return error;
}

bool wait_for(int socket, IoState state, std::chrono::milliseconds at_most) {
  pollfd entry{socket, static_cast<short>(state == IoState::wants_read ? POLLIN : POLLOUT), 0};
  return ::poll(&entry, 1, static_cast<int>(at_most.count())) > 0;
}

}  // namespace

Connection::Connection(int socket,
                       std::string peer_address,
                       const TlsContext* tls,
                       const ConnectionLimits& limits)
    : socket_(socket),
      peer_address_(std::move(peer_address)),
      limits_(limits),
      upload_pace_(limits.upload_pace),
      download_pace_(limits.download_pace) {
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_in_system, sizeof unsent_in_system);
  if (tls != nullptr) tls_ = std::make_unique<TlsSession>(*tls, socket_);
  deadline_ = std::chrono::steady_clock::now() + limits_.request_deadline;
}

Connection::~Connection() {
  if (tls_) tls_->shut_down();
  ::close(socket_);
}

bool Connection::fill() {
  std::array<char, buffer_bytes> buffer;
  // What one turn may take: a fast sender must not keep the lobby from the others, nor fill memory past what
  // is refused anyway.
  for (int turn = 0; turn < 16; ++turn) {
    const IoResult result =
        tls_ ? tls_->read(buffer.data(), buffer.size()) : read_plain(socket_, buffer.data(), buffer.size());
    waits_for_writing_ = result.state == IoState::wants_write;
    if (result.state == IoState::plain_http) tell_of_tls();
    if (result.state == IoState::closed || result.state == IoState::plain_http) return false;
    if (result.state != IoState::done) return true;
    input_.append(buffer.data(), result.count);
    if (result.count < buffer.size() && !tls_) return true;
  }
  return true;
}

// A browser takes an address without a scheme for plain HTTP.
void Connection::tell_of_tls() {
  constexpr std::string_view words = "This port speaks HTTPS: use an address that begins with https://\n";
  tls_.reset();
  send_and_hang_up(
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: "
      "close\r\nContent-Length: " +
      std::to_string(words.size()) + "\r\n\r\n" + std::string(words));
}

Connection::Progress Connection::receive() {
  const bool is_open = fill();
  const Progress progress = advance();
  if (progress == Progress::waiting && !is_open) return Progress::closed;
  return progress;
}

Connection::Progress Connection::advance() {
  if (!is_mid_request_ && !input_.empty()) {
    is_mid_request_ = true;
    deadline_ = std::chrono::steady_clock::now() + limits_.request_deadline;
  }
  if (!has_head_) {
    if (const Progress progress = advance_head(); progress != Progress::complete) return progress;
  }
  return advance_body();
}

Connection::Progress Connection::advance_head() {
  // RFC 9112 2.2: empty lines before a request are skipped; a sender of nothing else is none of HTTP.
  if (scanned_ == 0) {
    std::size_t blank = 0;
    while (input_.compare(blank, 2, "\r\n") == 0) blank += 2;
    if (blank > max_blank_bytes) return refuse(invalid({}, "a request begins with its method"));
    input_.erase(0, blank);
  }
  const std::size_t end = input_.find("\r\n\r\n", scanned_ > 3 ? scanned_ - 3 : 0);
  scanned_ = input_.size();
  if (std::min(end, scanned_) > max_head_bytes) {
    Error error = invalid({}, "the head of the request is too large");
    error.kind = "head_too_large";
    return refuse(std::move(error));
  }
  if (end == std::string::npos) return Progress::waiting;
  Result<RequestHead> head = parse_request_head(std::string_view(input_).substr(0, end + 4));
  if (!head) return refuse(std::move(head).error());
  head_ = std::move(head).value();
  has_head_ = true;
  input_.erase(0, end + 4);
  const bool has_body = head_.is_chunked || head_.content_length > 0;
  is_body_streamed_ = has_body && limits_.has_streamed_body && limits_.has_streamed_body(head_);
  if (is_body_streamed_) return Progress::complete;
  if (head_.content_length > limits_.max_body_bytes) return refuse(too_large(limits_.max_body_bytes));
  if (head_.expects_continue && input_.empty()) send("HTTP/1.1 100 Continue\r\n\r\n");
  return Progress::complete;
}

Connection::Progress Connection::advance_body() {
  if (is_body_streamed_) return Progress::complete;
  if (head_.is_chunked) {
    Result<std::size_t> taken = chunks_.take(input_, body_, limits_.max_body_bytes);
    if (!taken) {
      const bool is_too_large = taken.error().kind == "payload_too_large";
      return refuse(is_too_large ? too_large(limits_.max_body_bytes) : std::move(taken).error());
    }
    input_.erase(0, *taken);
    return chunks_.is_complete() ? Progress::complete : Progress::waiting;
  }
  const std::size_t count = std::min(head_.content_length - body_.size(), input_.size());
  body_.append(input_, 0, count);
  input_.erase(0, count);
  return body_.size() == head_.content_length ? Progress::complete : Progress::waiting;
}

// Moves what has arrived of a streamed body to body_; true when that was the last of it.
Result<bool> Connection::take_streamed(std::size_t max_bytes) {
  body_taken_ += body_.size();
  body_.clear();
  if (head_.is_chunked) {
    const std::size_t left = max_bytes > body_taken_ ? max_bytes - body_taken_ : 0;
    input_.erase(0, TRY(chunks_.take(input_, body_, left)));
    return chunks_.is_complete();
  }
  const std::size_t count = std::min(head_.content_length - body_taken_, input_.size());
  body_.append(input_, 0, count);
  input_.erase(0, count);
  return body_taken_ + body_.size() == head_.content_length;
}

Result<std::string_view> Connection::read_body(std::size_t max_bytes) {
  if (!is_body_streamed_) return std::string_view();
  if (!upload_pace_.has_begun()) {
    upload_pace_.begin(std::chrono::steady_clock::now());
    if (head_.expects_continue && input_.empty()) send("HTTP/1.1 100 Continue\r\n\r\n");
  }
  while (true) {
    if (TRY(take_streamed(max_bytes))) is_body_streamed_ = false;
    if (!body_.empty() || !is_body_streamed_) return std::string_view(body_);
    const std::size_t before = input_.size();
    const bool is_open = fill();
    const SteadyTime now = std::chrono::steady_clock::now();
    upload_pace_.add(input_.size() - before, now);
    if (input_.size() > before) continue;
    if (!is_open) return with_kind(unavailable("The client is gone."), "client_gone");
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(upload_pace_.deadline() - now);
    const IoState wanted = waits_for_writing_ ? IoState::wants_write : IoState::wants_read;
    if (left.count() <= 0 || !wait_for(socket_, wanted, left))
      return with_kind(invalid({}, "The body came too slowly."), "request_timeout");
  }
}

bool Connection::skip_body() {
  constexpr std::size_t most = std::size_t{64} * 1024 * 1024;
  // What a client was refused before it sent anything, it need not send.
  if (head_.expects_continue && !upload_pace_.has_begun() && input_.empty()) return false;
  if (head_.content_length > most) return false;
  while (is_body_streamed_) {
    if (!read_body(most)) return false;
  }
  return true;
}

Connection::Progress Connection::refuse(Error error) {
  refusal_ = std::move(error);
  return Progress::refused;
}

void Connection::finish_request() {
  head_ = {};
  has_head_ = false;
  chunks_ = {};
  body_.clear();
  is_body_streamed_ = false;
  body_taken_ = 0;
  upload_pace_.end();
  lent_ = {};
  lent_owner_.reset();
  if (body_.capacity() > kept_bytes) body_.shrink_to_fit();
  if (input_.empty() && input_.capacity() > kept_bytes) input_.shrink_to_fit();
  scanned_ = 0;
  is_mid_request_ = false;
  deadline_ = std::chrono::steady_clock::now() + limits_.idle_deadline;
}

IoResult Connection::write_some(std::string_view bytes) {
  return tls_ ? tls_->write(bytes.data(), bytes.size()) : write_plain(socket_, bytes.data(), bytes.size());
}

void Connection::lend(std::string_view bytes, std::shared_ptr<const std::string> owner) {
  lent_ = bytes;
  lent_owner_ = std::move(owner);
}

void Connection::keep(std::string_view bytes) {
  const std::less_equal<const char*> is_before;
  const bool is_lent = is_before(lent_.data(), bytes.data()) &&
                       is_before(bytes.data() + bytes.size(), lent_.data() + lent_.size());
  if (is_lent && !lent_.empty()) {
    output_.push_back({{}, bytes, lent_owner_});
    output_bytes_ += output_.back().held_bytes();
    return;
  }
  if (output_.empty() || output_.back().copy.empty()) output_.emplace_back();
  output_.back().copy += bytes;
  output_bytes_ += bytes.size();
}

bool Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (has_unsent()) {
      keep(bytes);
      return true;
    }
    const IoResult result = write_some(bytes);
    if (result.state == IoState::closed) return false;
    if (result.state == IoState::done) {
      bytes.remove_prefix(result.count);
    } else if (!is_stream_) {
      keep(bytes);
      return true;
    } else if (!wait_for(socket_, result.state, limits_.write_stall)) {
      return false;
    }
  }
  return true;
}

Connection::Progress Connection::flush() {
  IoResult result;
  // What one turn may send: other connections wait for the same thread.
  for (int turn = 0; turn < 16 && !output_.empty() && result.state == IoState::done; ++turn) {
    const std::string_view left = output_.front().bytes().substr(sent_);
    result = write_some(left);
    if (result.state == IoState::closed) return Progress::closed;
    sent_ += result.count;
    download_pace_.add(result.count, std::chrono::steady_clock::now());
    if (result.count < left.size()) continue;
    output_bytes_ -= output_.front().held_bytes();
    output_.pop_front();
    sent_ = 0;
  }
  if (has_unsent()) {
    deadline_ = download_pace_.deadline();
    return Progress::waiting;
  }
  deadline_ = std::chrono::steady_clock::now() + limits_.idle_deadline;
  return Progress::complete;
}

void Connection::expect_flush() {
  download_pace_.begin(std::chrono::steady_clock::now());
  deadline_ = download_pace_.deadline();
}

void Connection::send_and_hang_up(std::string_view bytes) {
  if (tls_) {
    tls_->write(bytes.data(), bytes.size());
    tls_->shut_down();
  } else {
    write_plain(socket_, bytes.data(), bytes.size());
  }
  // Unread bytes at close would reset the connection and take the answer with it.
  ::shutdown(socket_, SHUT_WR);
  std::array<char, buffer_bytes> buffer;
  for (int turn = 0; turn < 64; ++turn) {
    if (::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT) <= 0) break;
  }
}

bool Connection::wait_readable(int at_most_ms) const {
  return wait_for(socket_, IoState::wants_read, std::chrono::milliseconds(at_most_ms));
}

bool Connection::wait_writable(int at_most_ms) const {
  return wait_for(socket_, IoState::wants_write, std::chrono::milliseconds(at_most_ms));
}

bool Connection::is_peer_gone() const {
  pollfd entry{socket_, POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace dits::http
