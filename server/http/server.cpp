// The only file that sees cpp-httplib. Its own queue and pools are not used: a connection goes from its
// accept loop to the lobby, comes back with a whole request, and httplib writes the answer.
#include "server/http/server.hpp"

#include <atomic>
#include <exception>

#include <arpa/inet.h>
#include <httplib.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "server/base/ip_address.hpp"
#include "server/base/log.hpp"
#include "server/http/connection.hpp"
#include "server/http/errors.hpp"
#include "server/http/health.hpp"
#include "server/http/lobby.hpp"
#include "server/http/whole_answer.hpp"
#include "server/http/worker_pool.hpp"

namespace dits::http {
namespace {

// httplib's accept loop hands each socket over at once: registering it with the lobby takes microseconds.
class ImmediateQueue final : public httplib::TaskQueue {
 public:
  bool enqueue(std::function<void()> job) override {
    job();
    return true;
  }
  void shutdown() override {}
};

// Shows httplib the head of one request and then the end of the file; what it writes goes to the connection.
class RequestStream final : public httplib::Stream {
 public:
  RequestStream(Connection& connection, std::string head) : connection_(connection), head_(std::move(head)) {}

  bool is_readable() const override { return at_ < head_.size(); }
  bool wait_readable() const override { return is_readable(); }
  bool wait_writable() const override { return true; }
  bool is_peer_alive() const override { return !connection_.is_peer_gone(); }
  ssize_t read(char* buffer, std::size_t size) override {
    const std::size_t count = std::min(size, head_.size() - at_);
    head_.copy(buffer, count, at_);
    at_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* bytes, std::size_t size) override {
    return connection_.send({bytes, size}) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = connection_.peer_address();
    port = 0;
  }
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return connection_.socket(); }
  time_t duration() const override { return 0; }

 private:
  Connection& connection_;
  std::string head_;
  std::size_t at_ = 0;
};

// What a route that takes a file reads from.
class ConnectionBody final : public BodySource {
 public:
  explicit ConnectionBody(Connection& connection) : connection_(connection) {}
  Result<std::string_view> next(std::size_t max_bytes) override { return connection_.read_body(max_bytes); }

 private:
  Connection& connection_;
};

std::string address_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = &reinterpret_cast<sockaddr_in*>(&storage)->sin_addr;
  if (storage.ss_family == AF_INET6) {
    const in6_addr& v6 = reinterpret_cast<sockaddr_in6*>(&storage)->sin6_addr;
    if (!IN6_IS_ADDR_V4MAPPED(&v6)) {
      ::inet_ntop(AF_INET6, &v6, text.data(), text.size());
      return text.data();
    }
    address = v6.s6_addr + 12;
  }
  ::inet_ntop(AF_INET, address, text.data(), text.size());
  return text.data();
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

void raise_descriptor_limit(std::size_t& max_connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  constexpr std::size_t reserve = 200;  // files, database, log
  const std::size_t allowed = limit.rlim_cur > 2 * reserve ? limit.rlim_cur - reserve : reserve;
  max_connections = std::min(max_connections, allowed);
}

}  // namespace

class HttpServer::Engine final : public httplib::Server {
 public:
  Engine(ServerOptions options, const Router& router, Metrics& metrics)
      : options_(std::move(options)),
        router_(router),
        metrics_(metrics),
        limits_{router.max_body_bytes(),
                [&router](const RequestHead& head) { return router.takes_file(head); },
                options_.request_deadline,
                options_.idle_deadline},
        pool_({options_.max_workers, options_.busy_workers, 4 * options_.max_workers, options_.max_streams}) {
    raise_descriptor_limit(options_.max_connections);
    new_task_queue = [] {
      return std::make_unique<ImmediateQueue>().release();
    };  // httplib takes the raw pointer into a unique_ptr
    set_tcp_nodelay(true);
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
      current_turn->engine->stream(*current_turn, response);
      return HandlerResponse::Handled;
    });
    set_error_handler([](const httplib::Request&, httplib::Response&) { return HandlerResponse::Unhandled; });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      finish_headers(*current_turn, response);
    });
    metrics_.add_source([this](MetricPage& page) {
      page.add(Metric::http_connections, lobby_ ? static_cast<double>(lobby_->connection_count()) : 0);
      page.add(Metric::http_workers, static_cast<double>(pool_.worker_count()));
      page.add(Metric::http_streams, static_cast<double>(pool_.stream_count()));
      if (tls_)
        page.add(Metric::certificate_expires, static_cast<double>(tls_->dates().ends_at.unix_ms) / 1000);
    });
  }

  Result<int> bind() {
    if (!options_.tls_certificate.empty())
      tls_ = TRY(TlsContext::load(options_.tls_certificate, options_.tls_key));
    port_ = options_.port;
    if (options_.port == 0) {
      port_ = bind_to_any_port(options_.host);
    } else if (!bind_to_port(options_.host, options_.port)) {
      port_ = -1;
    }
    if (port_ <= 0) {
      TRY(check_listening(options_.host, options_.port));
      return conflict("The address " + options_.host + ":" + std::to_string(options_.port) +
                          " can not be taken: another program has it, or it is not one of this machine's; "
                          "--port takes another.",
                      "port_taken");
    }
    LobbyLimits lobby_limits;
    lobby_limits.max_connections = options_.max_connections;
    lobby_limits.max_per_address = options_.max_per_address;
    lobby_limits.is_uncounted = [this](const std::string& address) {
      return is_loopback(address) || router_.is_trusted_proxy(address);
    };
    lobby_ = std::make_unique<Lobby>(
        lobby_limits, [this](std::unique_ptr<Connection>& connection) { return dispatch(connection); });
    return port_;
  }

  void run() {
    listen_after_bind();
    is_stopping_ = true;
    lobby_->shut_down();
    pool_.shut_down();
  }

  void stop_listening() {
    is_stopping_ = true;
    wait_until_ready();
    stop();
  }

  bool is_stopping() const { return is_stopping_; }
  TlsContext* tls() { return tls_.get(); }
  std::size_t open_streams() const { return pool_.stream_count(); }

  std::string url() const {
    const bool is_v6 = options_.host.find(':') != std::string::npos;
    return (tls_ ? "https://" : "http://") + (is_v6 ? "[" + options_.host + "]" : options_.host) + ":" +
           std::to_string(port_);
  }

 private:
  // One request on its way through httplib, which calls back on the same thread.
  struct Turn {
    Engine* engine = nullptr;
    Connection* connection = nullptr;
    Exchange exchange;
    int status = 0;
    std::size_t bytes = 0;
    bool keeps_alive = false;
    Response response;
    std::shared_ptr<void> stream_place;
  };
  static thread_local Turn* current_turn;

  bool process_and_close_socket(socket_t socket) override {
    auto connection = std::make_unique<Connection>(socket, address_of(socket), tls_.get(), limits_);
    lobby_->admit(std::move(connection));
    return true;
  }

  bool dispatch(std::unique_ptr<Connection>& connection) {
    const std::string_view target = connection->head().target;
    // A std::function must be copyable, hence the shared box.
    const auto box = std::make_shared<std::unique_ptr<Connection>>(std::move(connection));
    if (pool_.submit([this, box] { serve(std::move(*box)); }, is_for_watchers(target))) return true;
    connection = std::move(*box);
    return false;
  }

  // Answers requests on this connection as long as the next one comes at once and nobody else needs the
  // thread; then the lobby waits for more.
  void serve(std::unique_ptr<Connection> connection) {
    constexpr int short_wait_ms = 5;
    for (;;) {
      const bool keeps_alive = answer_one(*connection) && !is_stopping_;
      if (connection->has_unsent()) {
        if (keeps_alive) {
          connection->finish_request();
        } else {
          connection->close_after_sending();
        }
        connection->expect_flush();
        lobby_->park(std::move(connection));
        return;
      }
      if (!keeps_alive) break;
      connection->finish_request();
      Connection::Progress progress = connection->advance();
      if (progress == Connection::Progress::waiting && pool_.has_room() &&
          connection->wait_readable(short_wait_ms)) {
        progress = connection->receive();
      }
      if (progress == Connection::Progress::complete) continue;
      if (progress == Connection::Progress::waiting) {
        lobby_->park(std::move(connection));
        return;
      }
      if (progress == Connection::Progress::refused)
        connection->send_and_hang_up(last_words(*connection, connection->refusal()));
      break;
    }
    lobby_->left(connection->peer_address());
  }

  bool answer_one(Connection& connection) {
    const auto started = std::chrono::steady_clock::now();
    Turn turn;
    turn.engine = this;
    turn.connection = &connection;
    turn.keeps_alive = connection.head().keeps_alive && !is_stopping_;
    ++metrics_.requests_in_flight;
    bool is_written = false;
    try {
      turn.response = receive_and_call(turn);
      if (turn.response.stream) take_stream_place(turn);
      turn.status = turn.response.status;
      is_written = turn.response.stream ? write_stream(turn) : write_whole(turn);
    } catch (const std::exception& problem) {
      log::error("a request failed", {{"request_id", turn.exchange.request_id}, {"message", problem.what()}});
    }
    --metrics_.requests_in_flight;
    if (turn.stream_place) turn.stream_place.reset();
    record(turn,
           connection.head(),
           std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started));
    return is_written && turn.keeps_alive;
  }

  void take_stream_place(Turn& turn) {
    if (pool_.begin_stream()) {
      turn.stream_place = std::shared_ptr<void>(nullptr, [this](void*) { pool_.end_stream(); });
    } else {
      turn.response = refused(turn, unavailable("The server has too many event streams at the moment.", 5));
    }
  }

  static bool write_whole(Turn& turn) {
    Response& response = turn.response;
    turn.bytes = response.static_body.empty() ? response.body.size() : response.static_body.size();
    return send_whole(*turn.connection, std::move(response), turn.keeps_alive);
  }

  // Through the library, which calls back on this thread: stream() and finish_headers(). The head was read by
  // us already, so that only what it needs for writing is left of it.
  bool write_stream(Turn& turn) {
    turn.keeps_alive = false;
    turn.connection->begin_stream();
    current_turn = &turn;
    RequestStream stream(*turn.connection, "GET / HTTP/1.1\r\n\r\n");
    bool is_closed = false;
    const bool is_written =
        process_request(stream, turn.connection->peer_address(), 0, {}, 0, false, is_closed, nullptr);
    current_turn = nullptr;
    return is_written;
  }

  void stream(Turn& turn, httplib::Response& out) {
    Response& response = turn.response;
    out.status = response.status;
    for (const auto& [name, value] : response.headers) out.headers.emplace(name, value);
    if (response.stream_bytes) return send_counted(turn, std::move(response), out);
    Connection* const connection = turn.connection;
    const bool is_download = response.stream_is_whole != nullptr;
    httplib::ContentProviderWithoutLength provider = [this,
                                                      connection,
                                                      stream = std::move(response.stream),
                                                      is_whole = std::move(response.stream_is_whole)](
                                                         std::size_t, httplib::DataSink& sink) {
      const auto write = [&](std::string_view bytes) {
        if (is_stopping_ || connection->is_peer_gone()) return false;
        return bytes.empty() || sink.write(bytes.data(), bytes.size());
      };
      if (!is_stopping_ && stream(write)) return true;
      if (is_whole && !is_whole()) return false;
      sink.done();
      return true;
    };
    // In chunks the end of a download is told apart from the end of its connection.
    if (is_download && !connection->head().is_http_1_0) {
      out.set_chunked_content_provider(response.content_type, std::move(provider));
    } else {
      out.set_content_provider(response.content_type, std::move(provider));
    }
  }

  // A stream of known length. One that ends before it breaks the connection off, so that half a file is never
  // taken for a whole one.
  void send_counted(Turn& turn, Response response, httplib::Response& out) {
    Connection* const connection = turn.connection;
    turn.bytes = *response.stream_bytes;
    out.set_content_provider(*response.stream_bytes,
                             response.content_type,
                             [this, connection, stream = std::move(response.stream)](
                                 std::size_t, std::size_t, httplib::DataSink& sink) {
                               const auto write = [&](std::string_view bytes) {
                                 if (is_stopping_ || connection->is_peer_gone()) return false;
                                 return sink.write(bytes.data(), bytes.size());
                               };
                               return !is_stopping_ && stream(write);
                             });
  }

  // A file comes in as slowly as its sender is: meanwhile this thread counts as one of a stream.
  Response receive_and_call(Turn& turn) {
    if (!turn.connection->has_streamed_body()) return call_router(turn);
    if (!pool_.begin_stream()) {
      turn.keeps_alive = false;
      return refused(turn, unavailable("The server takes too many files at the moment.", 5));
    }
    Response response = call_router(turn);
    turn.keeps_alive = turn.connection->skip_body() && turn.keeps_alive;
    pool_.end_stream();
    return response;
  }

  // Exceptions of libraries end here.
  Response call_router(Turn& turn) {
    try {
      Connection& connection = *turn.connection;
      ConnectionBody file(connection);
      return router_.answer(connection.head(),
                            connection.body(),
                            connection.peer_address(),
                            connection.is_tls(),
                            turn.exchange,
                            connection.has_streamed_body() ? &file : nullptr);
    } catch (const std::exception& problem) {
      log::error("a handler threw",
                 {{"request_id", turn.exchange.request_id},
                  {"route", turn.exchange.route},
                  {"message", problem.what()}});
    }
    return refused(turn, internal("exception"));
  }

  static Response refused(Turn& turn, const Error& error) {
    const Connection& at = *turn.connection;
    return refusal(error, turn.exchange.request_id, at.is_tls(), at.head().header("host"));
  }

  static void finish_headers(const Turn& turn, httplib::Response& response) {
    for (const char* name : {"Connection", "Keep-Alive"}) response.headers.erase(name);
    response.set_header("Connection",
                        std::string(connection_header(turn.connection->head(), turn.keeps_alive)));
    response.set_header("Date", std::string(http_date()));
  }

  void record(const Turn& turn, const RequestHead& head, std::chrono::microseconds duration) {
    metrics_.count_request(head.method, turn.exchange.route, turn.status, duration);
    const log::Level level = is_for_watchers(turn.exchange.route) ? log::Level::debug : log::Level::info;
    if (!log::is_enabled(level)) return;
    log::write(
        level,
        "request",
        {{"id", turn.exchange.request_id},
         {"method", head.method},
         {"path", turn.exchange.path},
         {"status", turn.status},
         {"us", duration.count()},
         {"bytes", turn.bytes},
         {"from", turn.exchange.remote_address},
         {"user", turn.exchange.user_id.is_set() ? to_string(turn.exchange.user_id) : std::string("-")}});
  }

  ServerOptions options_;
  const Router& router_;
  Metrics& metrics_;
  const ConnectionLimits limits_;
  std::unique_ptr<TlsContext> tls_;
  std::atomic<bool> is_stopping_ = false;
  int port_ = 0;
  std::unique_ptr<Lobby> lobby_;
  WorkerPool pool_;
};

thread_local HttpServer::Engine::Turn* HttpServer::Engine::current_turn = nullptr;

HttpServer::HttpServer(ServerOptions options, const Router& router, Metrics& metrics)
    : engine_(std::make_unique<Engine>(std::move(options), router, metrics)) {}
HttpServer::~HttpServer() = default;
Result<int> HttpServer::bind() { return engine_->bind(); }
void HttpServer::run() { engine_->run(); }
void HttpServer::stop() { engine_->stop_listening(); }
bool HttpServer::is_stopping() const { return engine_->is_stopping(); }
void HttpServer::reload_certificate(bool must) {
  if (TlsContext* tls = engine_->tls()) tls->refresh(must);
}
std::optional<CertificateDates> HttpServer::certificate_dates() const {
  return engine_->tls() == nullptr ? std::nullopt : std::optional(engine_->tls()->dates());
}
std::string HttpServer::url() const { return engine_->url(); }
std::size_t HttpServer::open_streams() const { return engine_->open_streams(); }

}  // namespace dits::http
