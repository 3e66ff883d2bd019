#include "server/cache/redis_link.hpp"

#include <cerrno>
#include <charconv>

#include <hiredis/hiredis.h>
#include <poll.h>

namespace dits {
namespace {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

Result<int> read_number(std::string_view text) {
  int value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || value < 0)
    return invalid("redis-url", "has a part that should be a number");
  return value;
}

// "%40" is "@": a password may hold what means something in a URL.
std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_code =
        text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0;
    if (is_code) {
      out += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

timeval to_timeval(std::chrono::milliseconds time) {
  return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

RedisValue value_of(const redisReply& reply) {
  RedisValue value;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      value.kind = RedisValue::Kind::number;
      value.number = reply.integer;
      break;
    case REDIS_REPLY_ARRAY:
      value.kind = RedisValue::Kind::list;
      for (std::size_t i = 0; i < reply.elements; ++i) value.list.push_back(value_of(*reply.element[i]));
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      value.kind = RedisValue::Kind::text;
      value.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ERROR:
      value.kind = RedisValue::Kind::error;
      value.text.assign(reply.str, reply.len);
      break;
    default:
      break;
  }
  return value;
}

// The words as hiredis wants them.
struct Arguments {
  explicit Arguments(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      texts.push_back(word.data());
      lengths.push_back(word.size());
    }
  }
  int count() const { return static_cast<int>(texts.size()); }
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
};

Result<void> greet(RedisLink& link, const RedisUrl& url) {
  std::vector<std::vector<std::string>> commands;
  if (!url.password.is_empty()) {
    std::vector<std::string>& words = commands.emplace_back(std::vector<std::string>{"AUTH"});
    if (!url.user.empty()) words.push_back(url.user);
    words.push_back(url.password.reveal());
  }
  if (url.database != 0) commands.push_back({"SELECT", std::to_string(url.database)});
  commands.push_back({"PING"});
  for (const std::vector<std::string>& words : commands) {
    const RedisValue answer = TRY(link.run(words));
    // A server that loads its data, or that wants another password, is as good as away.
    if (answer.kind == RedisValue::Kind::error) return unavailable(answer.text);
  }
  return {};
}

}  // namespace

std::string RedisUrl::place() const {
  return socket_path.empty() ? host + ":" + std::to_string(port) : socket_path;
}

Result<RedisUrl> parse_redis_url(std::string_view text) {
  RedisUrl url;
  if (text.starts_with("unix://")) {
    url.socket_path = text.substr(7);
    return url;
  }
  if (!text.starts_with("redis://")) return invalid("redis-url", "must begin with redis:// or unix://");
  text.remove_prefix(8);
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view account = text.substr(0, at);
    const std::size_t colon = account.find(':');
    if (colon != std::string_view::npos) url.password = Secret(percent_decoded(account.substr(colon + 1)));
    url.user = percent_decoded(account.substr(0, colon));
    text.remove_prefix(at + 1);
  }
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    if (slash + 1 < text.size()) url.database = TRY(read_number(text.substr(slash + 1)));
    text = text.substr(0, slash);
  }
  const bool is_bare_ipv6 = text.ends_with(']');
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos && !is_bare_ipv6) {
    url.port = TRY(read_number(text.substr(colon + 1)));
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (!text.empty()) url.host = text;
  return url;
}

void RedisLink::Free::operator()(redisContext* context) const { redisFree(context); }

RedisLink::RedisLink(std::unique_ptr<redisContext, Free> context) : context_(std::move(context)) {}
RedisLink::~RedisLink() = default;

Result<std::unique_ptr<RedisLink>> RedisLink::open(const RedisUrl& url, std::chrono::milliseconds timeout) {
  const timeval limit = to_timeval(timeout);
  std::unique_ptr<redisContext, Free> context(
      url.socket_path.empty() ? redisConnectWithTimeout(url.host.c_str(), url.port, limit)
                              : redisConnectUnixWithTimeout(url.socket_path.c_str(), limit));
  if (!context || context->err != 0) return unavailable(context ? context->errstr : "out of memory");
  redisSetTimeout(context.get(), limit);
  if (url.socket_path.empty()) redisEnableKeepAlive(context.get());
  auto link = std::unique_ptr<RedisLink>(new RedisLink(std::move(context)));
  TRY(greet(*link, url));
  return link;
}

Error RedisLink::lost() const {
  const bool is_late = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
  Error error = unavailable(is_late ? "no answer in time" : context_->errstr);
  const bool is_closed = context_->err == REDIS_ERR_EOF ||
                         (context_->err == REDIS_ERR_IO && (errno == EPIPE || errno == ECONNRESET));
  if (is_closed) error.kind = "closed";
  return error;
}

Result<RedisValue> RedisLink::run(const std::vector<std::string>& words) {
  Arguments arguments(words);
  const Reply reply(static_cast<redisReply*>(
      redisCommandArgv(context_.get(), arguments.count(), arguments.texts.data(), arguments.lengths.data())));
  if (!reply) return lost();
  return value_of(*reply);
}

Result<void> RedisLink::send(const std::vector<std::string>& words) {
  Arguments arguments(words);
  redisAppendCommandArgv(context_.get(), arguments.count(), arguments.texts.data(), arguments.lengths.data());
  int is_done = 0;
  while (is_done == 0) {
    if (redisBufferWrite(context_.get(), &is_done) != REDIS_OK) return lost();
  }
  return {};
}

Result<std::optional<RedisValue>> RedisLink::next_message(std::chrono::milliseconds at_most) {
  void* found = nullptr;
  if (redisGetReplyFromReader(context_.get(), &found) != REDIS_OK) return lost();
  if (found == nullptr) {
    pollfd entry{context_->fd, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(at_most.count())) <= 0) return std::optional<RedisValue>{};
    if (redisBufferRead(context_.get()) != REDIS_OK) return lost();
    if (redisGetReplyFromReader(context_.get(), &found) != REDIS_OK) return lost();
  }
  const Reply reply(static_cast<redisReply*>(found));
  if (!reply) return std::optional<RedisValue>{};
  return std::optional<RedisValue>{value_of(*reply)};
}

}  // namespace dits
