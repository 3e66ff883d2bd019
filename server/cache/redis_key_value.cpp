// The cache in Redis. What has to happen at once there is a script.
#include <charconv>
#include <cmath>

#include "server/cache/key_value.hpp"
#include "server/cache/redis_pool.hpp"

namespace dits {
namespace {

using Words = std::vector<std::string>;

constexpr std::chrono::hours floor_life{25};

// KEYS: the number, its floor. ARGV: number, life, life of the floor, the last moment. The floor outlives the
// number. A command that a frozen Redis finds when it goes on is told by the moment.
constexpr const char* raise_script = R"lua(
local time = redis.call('TIME')
if tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) > tonumber(ARGV[4]) then return 0 end
local floor = tonumber(redis.call('GET', KEYS[2]) or '0')
if tonumber(ARGV[1]) < floor then return 1 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[3])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
)lua";

// KEYS: the number. ARGV: number, life. What is no number is lower than any.
constexpr const char* advance_script = R"lua(
local held = tonumber(redis.call('GET', KEYS[1]) or '') or -1
if held > tonumber(ARGV[1]) then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
)lua";

// KEYS: the account. ARGV: microseconds for which a full account pays, and that one call costs. The account
// holds the moment at which it is full again; Redis' clock is the one that all instances share.
constexpr const char* take_call_script = R"lua(
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + tonumber(ARGV[2])
local wait = full - now - tonumber(ARGV[1])
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0
)lua";

std::string text_of(std::chrono::milliseconds time) { return std::to_string(time.count()); }
std::string microseconds(double seconds) { return std::to_string(std::llround(seconds * 1e6)); }

class RedisKeyValue final : public KeyValue {
 public:
  explicit RedisKeyValue(RedisPool& redis) : redis_(redis) {}

  std::optional<std::string> get(const std::string& key) override {
    std::optional<RedisValue> answer = redis_.run({"GET", name_in_redis(key)});
    if (!answer || answer->kind != RedisValue::Kind::text) return std::nullopt;
    return std::move(answer->text);
  }

  std::vector<std::optional<std::string>> get_all(const Words& keys) override {
    Words words{"MGET"};
    for (const std::string& key : keys) words.push_back(name_in_redis(key));
    std::vector<std::optional<std::string>> values(keys.size());
    std::optional<RedisValue> answer = redis_.run(words);
    if (!answer || answer->list.size() != keys.size()) return values;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (answer->list[i].kind == RedisValue::Kind::text) values[i] = std::move(answer->list[i].text);
    }
    return values;
  }

  void set(const std::string& key, const std::string& value, std::chrono::milliseconds life) override {
    if (life.count() > 0) redis_.run({"SET", name_in_redis(key), value, "PX", text_of(life)});
  }

  void remove(const std::string& key) override {
    if (!redis_.run({"DEL", name_in_redis(key)})) redis_.owe_removal(name_in_redis(key));
  }

  void remove_matching(const std::string& pattern) override {
    const RedisRun run = [this](const Words& words) { return redis_.run(words); };
    if (!scan_and_remove(run, name_in_redis(pattern))) redis_.owe_removal(name_in_redis(pattern));
  }

  void refresh(const std::string& key, std::chrono::milliseconds life) override {
    redis_.run({"PEXPIRE", name_in_redis(key), text_of(life)});
  }

  std::optional<std::chrono::milliseconds> now() override {
    const std::optional<RedisValue> answer = redis_.run({"TIME"});
    if (!answer || answer->list.size() != 2) return std::nullopt;
    const auto number = [](const std::string& text) {
      std::int64_t value = 0;
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    };
    return std::chrono::milliseconds(number(answer->list[0].text) * 1000 +
                                     number(answer->list[1].text) / 1000);
  }

  bool raise(const std::string& key,
             std::int64_t number,
             std::chrono::milliseconds life,
             std::chrono::milliseconds until) override {
    const std::optional<RedisValue> answer = redis_.run({"EVAL",
                                                         raise_script,
                                                         "2",
                                                         name_in_redis(key),
                                                         name_in_redis(key) + ":floor",
                                                         std::to_string(number),
                                                         text_of(life),
                                                         text_of(floor_life),
                                                         text_of(until)});
    return answer && answer->number == 1;
  }

  void advance(const std::string& key, std::int64_t number, std::chrono::milliseconds life) override {
    redis_.run({"EVAL", advance_script, "1", name_in_redis(key), std::to_string(number), text_of(life)});
  }

  std::optional<std::chrono::milliseconds> take_call(const std::string& key, CallRate rate) override {
    const std::optional<RedisValue> answer = redis_.run({"EVAL",
                                                         take_call_script,
                                                         "1",
                                                         name_in_redis(key),
                                                         microseconds(rate.burst / rate.per_second),
                                                         microseconds(1 / rate.per_second)});
    if (!answer || answer->kind != RedisValue::Kind::number) return std::nullopt;
    return std::chrono::milliseconds((answer->number + 999) / 1000);
  }

 private:
  RedisPool& redis_;
};

}  // namespace

std::string name_in_redis(const std::string& key) { return "dits:" + key; }

std::unique_ptr<KeyValue> make_redis_key_value(RedisPool& redis) {
  return std::make_unique<RedisKeyValue>(redis);
}

}  // namespace dits
