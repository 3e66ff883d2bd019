#include "server/cache/redis_pool.hpp"

#include <algorithm>

#include "server/base/log.hpp"

namespace dits {
namespace {

constexpr std::size_t max_owed = 10'000;

// LOADING, READONLY, OOM, …: Redis is there and of no use. Other errors are a matter of the one command.
bool is_out_of_service(const std::string& error) {
  for (const std::string_view word :
       {"LOADING", "READONLY", "OOM", "MASTERDOWN", "BUSY", "NOAUTH", "MISCONF", "CLUSTERDOWN"}) {
    if (error.starts_with(word)) return true;
  }
  return false;
}

}  // namespace

RedisPool::RedisPool(RedisUrl url, RedisPoolOptions options)
    : url_(std::move(url)),
      options_(std::move(options)),
      back_off_(options_.first_back_off, options_.longest_back_off),
      keeper_([this](const std::stop_token& stop) { keep_reconnecting(stop); }) {}

RedisPool::~RedisPool() {
  keeper_.request_stop();
  keeper_.join();
}

Result<std::unique_ptr<RedisLink>> RedisPool::open_link() const {
  std::unique_ptr<RedisLink> link = TRY(RedisLink::open(url_, options_.timeout));
  std::vector<std::string> words{"DEL"};
  words.insert(words.end(), options_.doubtful_keys.begin(), options_.doubtful_keys.end());
  if (words.size() > 1) TRY(link->run(words));
  return link;
}

RedisPool::Lent RedisPool::take() {
  std::unique_lock lock(mutex_);
  const auto is_over = [this] { return figures_.is_away || !idle_.empty() || open_ < options_.max; };
  if (!changed_.wait_for(lock, options_.timeout, is_over)) {
    ++figures_.failures;
    return {};
  }
  if (figures_.is_away) {
    ++figures_.refused;
    return {};
  }
  if (!idle_.empty()) {
    Lent lent{std::move(idle_.back()), true};
    idle_.pop_back();
    return lent;
  }
  ++open_;
  lock.unlock();
  Result<std::unique_ptr<RedisLink>> link = open_link();
  lock.lock();
  if (link) {
    if (figures_.connects++ == 0) log::info("redis connected", {{"place", url_.place()}});
    return {std::move(link).value(), false};
  }
  --open_;
  ++figures_.failures;
  lock.unlock();
  open_circuit(link.error().message);
  return {};
}

void RedisPool::give_back(std::unique_ptr<RedisLink> link) {
  {
    const std::lock_guard lock(mutex_);
    if (figures_.is_away) {
      --open_;  // from before the outage: whoever comes after it begins anew
    } else {
      idle_.push_back(std::move(link));
    }
  }
  changed_.notify_all();  // the keeper waits on it too
}

void RedisPool::drop(std::unique_ptr<RedisLink> link) {
  link.reset();
  {
    const std::lock_guard lock(mutex_);
    --open_;
    ++figures_.failures;
  }
  changed_.notify_all();  // the keeper waits on it too
}

std::optional<RedisValue> RedisPool::run(const std::vector<std::string>& words) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    Lent lent = take();
    if (!lent.link) return std::nullopt;
    const auto start = SteadyClock::now();
    Result<RedisValue> answer = lent.link->run(words);
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start);
    if (answer) {
      {
        const std::lock_guard lock(mutex_);
        ++figures_.commands;
        figures_.command_us += static_cast<std::uint64_t>(time.count());
      }
      give_back(std::move(lent.link));
      if (answer->kind != RedisValue::Kind::error) return std::move(answer).value();
      if (is_out_of_service(answer->text)) {
        open_circuit(answer->text);
      } else {
        log::warn("redis refused a command", {{"command", words.front()}, {"reason", answer->text}});
      }
      return std::nullopt;
    }
    drop(std::move(lent.link));
    if (lent.was_kept && answer.error().kind == "closed" && attempt == 0) {
      // Redis has closed it, and with it perhaps all the others: a new one tells whether Redis is there.
      std::vector<std::unique_ptr<RedisLink>> stale;
      const std::lock_guard lock(mutex_);
      open_ -= idle_.size();
      stale.swap(idle_);
      continue;
    }
    open_circuit(answer.error().message);
    return std::nullopt;
  }
  return std::nullopt;
}

void RedisPool::owe_removal(std::string pattern) {
  {
    const std::lock_guard lock(mutex_);
    if (owed_.size() >= max_owed) {
      owed_.clear();
      pattern = pattern.substr(0, pattern.find(':') + 1) + "*";
    }
    owed_.insert(std::move(pattern));
  }
  open_circuit("a removal was missed");
}

void RedisPool::open_circuit(const std::string& why) {
  std::vector<std::unique_ptr<RedisLink>> stale;
  {
    const std::lock_guard lock(mutex_);
    if (figures_.is_away) return;
    figures_.is_away = true;
    figures_.reason = why;
    ++figures_.outages;
    away_since_ = SteadyClock::now();
    back_off_.reset();
    open_ -= idle_.size();
    stale.swap(idle_);
  }
  changed_.notify_all();
  log::warn("redis away", {{"place", url_.place()}, {"reason", why}});
}

void RedisPool::keep_reconnecting(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return figures_.is_away; })) {
    const std::chrono::milliseconds pause = back_off_.next();
    changed_.wait_for(lock, stop, pause, [] { return false; });
    if (stop.stop_requested()) return;
    lock.unlock();
    Result<std::unique_ptr<RedisLink>> link = open_link();
    const bool is_good = link && pay_debts(**link);
    if (!is_good) {
      log::debug("redis still away",
                 {{"place", url_.place()}, {"reason", link ? "lost again" : link.error().message}});
    }
    lock.lock();
    if (!is_good || !owed_.empty()) continue;
    figures_.is_away = false;
    figures_.reason.clear();
    ++figures_.connects;
    ++open_;
    idle_.push_back(std::move(link).value());
    const auto away = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - away_since_);
    log::info("redis connected again", {{"place", url_.place()}, {"away_ms", away.count()}});
    changed_.notify_all();
  }
}

bool RedisPool::pay_debts(RedisLink& link) {
  const RedisRun run = [&link](const std::vector<std::string>& words) -> std::optional<RedisValue> {
    Result<RedisValue> answer = link.run(words);
    if (!answer || answer->kind == RedisValue::Kind::error) return std::nullopt;
    return std::move(answer).value();
  };
  while (true) {
    std::string pattern;
    {
      const std::lock_guard lock(mutex_);
      if (owed_.empty()) return true;
      pattern = *owed_.begin();
    }
    const bool is_done = pattern.find('*') == std::string::npos ? run({"DEL", pattern}).has_value()
                                                                : scan_and_remove(run, pattern);
    if (!is_done) return false;
    const std::lock_guard lock(mutex_);
    owed_.erase(pattern);
  }
}

RedisFigures RedisPool::figures() const {
  const std::lock_guard lock(mutex_);
  RedisFigures figures = figures_;
  figures.connections = open_;
  figures.idle = idle_.size();
  figures.max = options_.max;
  if (figures.is_away) {
    figures.away_for =
        std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - away_since_);
  }
  return figures;
}

bool scan_and_remove(const RedisRun& run, const std::string& pattern) {
  std::string cursor = "0";
  do {
    std::optional<RedisValue> page = run({"SCAN", cursor, "MATCH", pattern, "COUNT", "500"});
    if (!page || page->kind != RedisValue::Kind::list || page->list.size() != 2) return false;
    cursor = page->list[0].text;
    std::vector<std::string> words{"UNLINK"};
    for (RedisValue& key : page->list[1].list) words.push_back(std::move(key.text));
    if (words.size() > 1 && !run(words)) return false;
  } while (cursor != "0");
  return true;
}

Result<std::unique_ptr<RedisPool>> open_redis(const Secret& url, RedisPoolOptions options) {
  return std::make_unique<RedisPool>(TRY(parse_redis_url(url.reveal())), std::move(options));
}

}  // namespace dits
