// One client's connection: bytes in, whole requests out. Reading never blocks (the lobby waits for many
// connections at once); writing blocks the worker that answers, for a bounded time.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "server/http/pace.hpp"
#include "server/http/request_head.hpp"
#include "server/http/tls.hpp"

namespace dits::http {

struct ConnectionLimits {
  std::size_t max_body_bytes =
      16 * 1024 * 1024;  // what is kept in memory; the router applies the route's own limit
  // Heads of requests whose body is not waited for but read by whoever answers: files.
  std::function<bool(const RequestHead&)> has_streamed_body = nullptr;
  std::chrono::milliseconds request_deadline{10'000};  // from the first byte of a request to its last
  std::chrono::milliseconds idle_deadline{75'000};     // between requests
  std::chrono::milliseconds write_stall{10'000};  // a stream's client that takes nothing for so long is gone
  PaceRule upload_pace = {};                      // of a body that is not waited for
  // Of an answer: the system takes it from us in large steps, hence the longer stretch.
  PaceRule download_pace = {60'000, std::chrono::milliseconds(30'000)};
};

class Connection {
 public:
  // Owns the socket from now on. `tls` is null for plain HTTP.
  Connection(int socket, std::string peer_address, const TlsContext* tls, const ConnectionLimits& limits);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  enum class Progress { waiting, complete, closed, refused };
  // Takes what has arrived. `waiting`: more is needed; `complete`: head() and body() are a whole request;
  // `refused`: see refusal().
  Progress receive();
  // For a request that came with the one before it: looks at what is already here.
  Progress advance();
  // What to wait for: TLS may have to write before it can read.
  bool waits_for_writing() const { return waits_for_writing_ || has_unsent(); }

  // After `complete`.
  const RequestHead& head() const { return head_; }
  const std::string& body() const { return body_; }
  const Error& refusal() const { return refusal_; }  // after `refused`

  // True while the body of the request is still to be read by read_body().
  bool has_streamed_body() const { return is_body_streamed_; }
  // The next piece of it, empty at its end; the view holds until the next call. Blocks while the client sends
  // slowly, as long as it keeps ConnectionLimits::upload_pace. Errors: invalid, kind "payload_too_large"
  // beyond `max_bytes`, "request_timeout" or "bad_framing"; unavailable, kind "client_gone".
  Result<std::string_view> read_body(std::size_t max_bytes);
  // Reads and forgets what is left of it, so that the client hears the answer; false when it is too much.
  bool skip_body();

  // Forgets the request that was answered.
  void finish_request();

  // Takes all of it, or false when the client is gone. What the client does not take at once is kept for
  // flush(), so that slow readers hold no worker; in a stream the call waits instead, at most `write_stall`.
  bool send(std::string_view bytes);
  // What is sent out of `bytes` until the end of the request is kept without being copied. They live as long
  // as `owner`; without one, as long as the program.
  void lend(std::string_view bytes, std::shared_ptr<const std::string> owner);
  void begin_stream() { is_stream_ = true; }
  // Sends what was kept. `waiting`: there is more; `complete`: all is sent.
  Progress flush();
  // Sets the deadline by which all must be sent.
  void expect_flush();
  bool has_unsent() const { return !output_.empty(); }
  // To be closed as soon as all is sent.
  void close_after_sending() { closes_after_sending_ = true; }
  bool closes_after_sending() const { return closes_after_sending_; }
  // As much as goes without waiting: for a last word before closing.
  void send_and_hang_up(std::string_view bytes);
  bool is_peer_gone() const;
  // Waits at most so long for more bytes.
  bool wait_readable(int at_most_ms) const;
  bool wait_writable(int at_most_ms) const;

  int socket() const { return socket_; }
  const std::string& peer_address() const { return peer_address_; }
  bool is_tls() const { return tls_ != nullptr; }
  // When the connection is to be closed if nothing more arrives.
  SteadyTime deadline() const { return deadline_; }
  // The memory that it holds for itself.
  std::size_t buffered_bytes() const { return input_.size() + body_.size() + output_bytes_; }
  bool has_partial_request() const { return has_head_ || !input_.empty(); }

 private:
  Progress refuse(Error error);
  Progress advance_head();
  Progress advance_body();
  Result<bool> take_streamed(std::size_t max_bytes);
  IoResult write_some(std::string_view bytes);
  void keep(std::string_view bytes);
  void tell_of_tls();
  bool fill();  // reads until nothing is left; false when the peer closed or failed

  int socket_;
  std::string peer_address_;
  std::unique_ptr<TlsSession> tls_;
  const ConnectionLimits limits_;  // a copy: it outlives whoever made it
  std::string input_;              // raw bytes that are not consumed yet
  std::size_t scanned_ = 0;        // how much of input_ is known to hold no end of a head
  RequestHead head_;
  bool has_head_ = false;
  ChunkDecoder chunks_;
  std::string body_;
  bool is_body_streamed_ = false;
  std::size_t body_taken_ = 0;  // of a streamed body, pieces before this one
  Pace upload_pace_;
  // What was to be sent when the client stopped taking: copies, and parts of what is lent.
  struct Unsent {
    std::string copy;
    std::string_view lent;
    std::shared_ptr<const std::string> owner;

    std::string_view bytes() const { return copy.empty() ? lent : std::string_view(copy); }
    std::size_t held_bytes() const { return copy.size() + (owner ? owner->size() : 0); }
  };
  std::deque<Unsent> output_;
  std::size_t output_bytes_ = 0;  // that are held for it
  std::size_t sent_ = 0;          // how much of the first one went out since
  Pace download_pace_;
  std::string_view lent_;
  std::shared_ptr<const std::string> lent_owner_;
  Error refusal_;
  SteadyTime deadline_;
  bool is_mid_request_ = false;
  bool waits_for_writing_ = false;
  bool is_stream_ = false;
  bool closes_after_sending_ = false;
};

}  // namespace dits::http
