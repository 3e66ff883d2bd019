// The cache in Redis, over hiredis. One connection: commands take microseconds on a local socket, and
// everything asked here can be done without an answer. While Redis is away nothing waits: the next attempt to
// connect is made after the back-off, by whoever comes then.
#include <algorithm>
#include <charconv>
#include <mutex>
#include <set>
#include <vector>

#include <hiredis/hiredis.h>

#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "server/cache/key_value.hpp"

namespace dits {
namespace {

constexpr std::chrono::milliseconds command_timeout{200};
constexpr std::chrono::milliseconds first_back_off{100};
constexpr std::chrono::milliseconds longest_back_off{30'000};
constexpr std::size_t max_owed = 10'000;

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct RedisUrl {
  std::string socket_path;
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string user;
  Secret password;
  int database = 0;
};

Result<int> read_number(std::string_view text) {
  int value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || value < 0)
    return invalid("redis-url", "has a part that should be a number");
  return value;
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
    if (colon != std::string_view::npos) url.password = Secret(std::string(account.substr(colon + 1)));
    url.user = account.substr(0, colon);
    text.remove_prefix(at + 1);
  }
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    if (slash + 1 < text.size()) url.database = TRY(read_number(text.substr(slash + 1)));
    text = text.substr(0, slash);
  }
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    url.port = TRY(read_number(text.substr(colon + 1)));
    text = text.substr(0, colon);
  }
  if (!text.empty()) url.host = text;
  return url;
}

timeval to_timeval(std::chrono::milliseconds time) {
  return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

class RedisKeyValue final : public KeyValue {
 public:
  explicit RedisKeyValue(RedisUrl url) : url_(std::move(url)) {}

  std::optional<std::string> get(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    const Reply reply = run({"GET", prefixed(key)});
    if (!reply || reply->type != REDIS_REPLY_STRING) return std::nullopt;
    return std::string(reply->str, reply->len);
  }

  void set(const std::string& key, const std::string& value, std::chrono::milliseconds life) override {
    const std::lock_guard lock(mutex_);
    run({"SET", prefixed(key), value, "PX", std::to_string(life.count())});
  }

  void remove(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    if (!run({"DEL", prefixed(key)})) owe(prefixed(key));
  }

  void remove_matching(const std::string& pattern) override {
    const std::lock_guard lock(mutex_);
    if (!scan_and_remove(prefixed(pattern))) owe(prefixed(pattern));
  }

  void refresh(const std::string& key, std::chrono::milliseconds life) override {
    const std::lock_guard lock(mutex_);
    run({"PEXPIRE", prefixed(key), std::to_string(life.count())});
  }

  bool is_available() override {
    const std::lock_guard lock(mutex_);
    return run({"PING"}) != nullptr;
  }

 private:
  static std::string prefixed(const std::string& key) { return "dits:" + key; }

  // A removal that could not be made: before anything else is read from a Redis that came back, it is made up
  // for.
  void owe(std::string pattern) {
    if (owed_.size() >= max_owed) {
      owed_.clear();
      pattern = prefixed("*");
    }
    owed_.insert(std::move(pattern));
  }

  Reply run(const std::vector<std::string>& words) {
    if (!context_ && !connect()) return nullptr;
    return send(words);
  }

  Reply send(const std::vector<std::string>& words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> lengths;
    for (const std::string& word : words) {
      texts.push_back(word.data());
      lengths.push_back(word.size());
    }
    Reply reply(static_cast<redisReply*>(
        redisCommandArgv(context_.get(), static_cast<int>(texts.size()), texts.data(), lengths.data())));
    if (!reply) {
      lose(context_->errstr);
      return nullptr;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
      // LOADING, READONLY, OOM, …: as good as away.
      lose(reply->str);
      return nullptr;
    }
    return reply;
  }

  bool scan_and_remove(const std::string& pattern) {
    std::string cursor = "0";
    do {
      const Reply page = run({"SCAN", cursor, "MATCH", pattern, "COUNT", "500"});
      if (!page || page->type != REDIS_REPLY_ARRAY || page->elements != 2) return false;
      cursor.assign(page->element[0]->str, page->element[0]->len);
      std::vector<std::string> words{"DEL"};
      for (std::size_t i = 0; i < page->element[1]->elements; ++i) {
        const redisReply* key = page->element[1]->element[i];
        words.emplace_back(key->str, key->len);
      }
      if (words.size() > 1 && !run(words)) return false;
    } while (cursor != "0");
    return true;
  }

  bool connect() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_attempt_) return false;
    const timeval timeout = to_timeval(command_timeout);
    context_.reset(url_.socket_path.empty() ? redisConnectWithTimeout(url_.host.c_str(), url_.port, timeout)
                                            : redisConnectUnixWithTimeout(url_.socket_path.c_str(), timeout));
    if (!context_ || context_->err != 0) {
      lose(context_ ? context_->errstr : "out of memory");
      return false;
    }
    redisSetTimeout(context_.get(), timeout);
    if (!greet() || !pay_owed()) return false;
    log::info("redis connected", {{"host", url_.socket_path.empty() ? url_.host : url_.socket_path}});
    back_off_ = first_back_off;
    return true;
  }

  bool greet() {
    if (!url_.password.is_empty()) {
      std::vector<std::string> words{"AUTH"};
      if (!url_.user.empty()) words.push_back(url_.user);
      words.push_back(url_.password.reveal());
      if (!send(words)) return false;
    }
    return url_.database == 0 || send({"SELECT", std::to_string(url_.database)}) != nullptr;
  }

  bool pay_owed() {
    while (!owed_.empty()) {
      const std::string pattern = *owed_.begin();
      const bool is_done = pattern.find('*') == std::string::npos ? send({"DEL", pattern}) != nullptr
                                                                  : scan_and_remove(pattern);
      if (!is_done) return false;
      owed_.erase(pattern);
    }
    return true;
  }

  void lose(const char* why) {
    // Between half of the back-off and all of it, so that many instances do not come back at the same moment.
    const auto jitter = static_cast<unsigned char>(random_bytes(1).front());
    const auto pause = back_off_ / 2 + back_off_ * jitter / 512;
    log::warn("redis away", {{"why", why}, {"next_attempt_ms", pause.count()}});
    context_.reset();
    next_attempt_ = std::chrono::steady_clock::now() + pause;
    back_off_ = std::min(back_off_ * 2, longest_back_off);
  }

  const RedisUrl url_;
  std::mutex mutex_;
  Context context_;
  std::set<std::string> owed_;
  std::chrono::steady_clock::time_point next_attempt_;
  std::chrono::milliseconds back_off_ = first_back_off;
};

}  // namespace

Result<std::unique_ptr<KeyValue>> make_redis_key_value(const Secret& url) {
  return std::unique_ptr<KeyValue>(std::make_unique<RedisKeyValue>(TRY(parse_redis_url(url.reveal()))));
}

}  // namespace dits
